"""Which version of a layer took the place of which, the last time one was published. Reads only."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from geo_review.errors import Conflict
from geo_review.store.control_layers import LayerVersion, history, version_of, versions_in_use
from geo_review.store.layer_tenures import published_before
from geo_review.wording import say

_EVER = datetime.min.replace(tzinfo=UTC)


def last_change(session: Session, code: str) -> tuple[LayerVersion, LayerVersion]:
    """Return the version published last and before it the one that it followed or replaced.

    That is the one which was held to be in force on its first day until then.
    """
    history(session, code)
    later = max(versions_in_use(session, [code])[code], key=lambda version: version.published_at or _EVER, default=None)
    if later is not None and later.published_at is not None:
        before = [one for one in published_before(session, code, later.published_at) if one.id != later.id]
        start = later.valid_from
        until_then = [
            one for one in before if one.valid_from is None or (start is not None and one.valid_from <= start)
        ]
        if until_then:
            latest = max(until_then, key=lambda one: (one.valid_from is not None, one.valid_from))
            return version_of(session, latest.id), later
    raise Conflict(
        code="nothing_replaced",
        message=say("recheck.nothing_replaced", code=code),
        remedy=say("recheck.nothing_replaced_remedy", code=code),
    )
