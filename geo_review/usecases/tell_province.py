"""What the province is to be told when a layer changes: its 规划控制线 package, or that a version is no longer so.

Left in the outbox in the transaction of the change; a relay sends it. 样例数据 is told to nobody.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from geo_review.errors import RefusedInput
from geo_review.exchange.package_profile import DEFAULT_PROFILE, load_profile
from geo_review.store.control_layers import LayerVersion
from geo_review.store.layer_tenures import LayerAction
from geo_review.store.outbox import leave
from geo_review.usecases.control_line_package import package_of_version
from geo_review.usecases.judge_red_line import uses_samples

TOPIC = "control_line_package"
# A city's farmland takes minutes to write as the province wants it: nobody who publishes or reads may wait for that.
# The package of a version is the same bytes whenever it is made, so the relay makes it.
MOST_PARTS_AT_ONCE = 2_000


def tell_province(session: Session, version: LayerVersion, action: LayerAction, *, at: datetime) -> str | None:
    """Leave the message of a change. Returns why there is no package, when the version does not fit into one.

    That does not undo the change: what the city decides by law holds, whatever the province can take in.
    """
    if uses_samples([version.facts]):
        return None
    payload: dict[str, Any] = {
        "action": str(action),
        "layer": version.layer_code,
        "title": version.title,
        "version": version.version,
        "sha256": version.sha256,
        "valid_from": version.valid_from.isoformat() if version.valid_from else None,
        "valid_to": version.valid_to.isoformat() if version.valid_to else None,
        "profile": DEFAULT_PROFILE,
    }
    content, problem = None, None
    if action in (LayerAction.PUBLISHED, LayerAction.RESTORED) and version.part_count <= MOST_PARTS_AT_ONCE:
        packed = io.BytesIO()
        try:
            built = package_of_version(
                session, version.layer_code, version.version, load_profile(DEFAULT_PROFILE), into=packed
            )
        except RefusedInput as refusal:
            problem = str(refusal)
        else:
            content = packed.getvalue()
            payload |= {"file": built.name}
    leave(
        session,
        topic=TOPIC,
        key=version.layer_code,
        payload=payload | ({"problem": problem} if problem else {}),
        content=content,
        made_at=at,
    )
    return problem
