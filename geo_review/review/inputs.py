"""What a review needs, all of it: the engine asks nothing of the clock, the store, the environment or a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from geo_review.boundary.model import Boundary
from geo_review.control.model import LayerNear


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewInputs:
    """``layers`` holds what lies near the red line, by layer code; a code that is absent was not to be had.

    ``as_of`` is the legal date of the review; ``project`` holds what was said of the project (flow, RJL …);
    ``engine`` names the versions that judge, for the report.
    """

    boundary: Boundary
    as_of: date
    layers: Mapping[str, LayerNear]
    project: Mapping[str, str] = field(default_factory=dict)
    engine: Mapping[str, str] = field(default_factory=dict)
