"""Whether the published control lines are 样例数据, so that whoever reads a verdict made with them is told."""

from __future__ import annotations

from sqlalchemy.orm import Session

from geo_review.store.control_layers import LayerState, list_layers
from geo_review.usecases.judge_red_line import uses_samples


def samples_published(session: Session) -> bool:
    """Return whether any published version of a layer is 样例数据, in force today or on another day."""
    return uses_samples(version.facts for version in list_layers(session) if version.state is LayerState.PUBLISHED)
