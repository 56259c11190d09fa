"""When the versions of a layer were in force, and when that was held to be so: written once, closed, never changed.

Two times: legal time (``valid_from``, ``valid_to``: days) and what was known (``known_from``, ``known_to``: moments).
Decides nothing: `control.succession` says which tenures follow from what is published.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from geo_review.control.succession import Published, Tenure
from geo_review.store.driver_errors import translated
from geo_review.store.tables import control_layer_event, control_layer_tenure, control_layer_version

_tenure = control_layer_tenure.c
_event = control_layer_event.c
_LEAST = timedelta(microseconds=1)  # what PostgreSQL tells apart


class LayerAction(StrEnum):
    """What can happen to a version."""

    LOADED = "loaded"
    PUBLISHED = "published"
    REPLACED = "replaced"  # by another version of the same first day
    ENDED = "ended"  # from a day on, given later than when it was loaded
    WITHDRAWN = "withdrawn"  # as if it had never been published, from now on
    RESTORED = "restored"  # published again by the withdrawal of what had replaced it


@dataclass(frozen=True, kw_only=True, slots=True)
class LayerEvent:
    """What was done with a version, when, by whom and why. An empty ``by`` is not known."""

    version: str
    action: LayerAction
    at: datetime
    by: str
    reason: str | None


def published_now(session: Session, code: str) -> tuple[Published, ...]:
    """Return what is published of a layer."""
    return _published(session, _tenure.layer_code == code, _tenure.known_to.is_(None))


def published_before(session: Session, code: str, moment: datetime) -> tuple[Published, ...]:
    """Return what was published of a layer just before a moment."""
    return _published(
        session,
        _tenure.layer_code == code,
        _tenure.known_from < moment,
        (_tenure.known_to.is_(None) | (_tenure.known_to >= moment)),
    )


def next_moment(session: Session, code: str, now: datetime) -> datetime:
    """Return ``now``, or a moment after the latest that is kept: a clock set back must not make history."""
    latest = session.execute(
        select(func.max(func.greatest(_tenure.known_from, _tenure.known_to))).where(_tenure.layer_code == code)
    ).scalar_one()
    return now if latest is None or now > latest else latest + _LEAST


def hold_from_now(session: Session, code: str, tenures: Mapping[int, Tenure], *, at: datetime) -> None:
    """Make these, by version, what is held of a layer from a moment on. The caller holds the layer (`hold_layer`)."""
    rows = session.execute(
        select(_tenure.id, _tenure.version_id, _tenure.valid_from, _tenure.valid_to, _tenure.given_end).where(
            _tenure.layer_code == code, _tenure.known_to.is_(None)
        )
    ).all()
    held = {
        row.version_id: (
            row.id,
            Tenure(valid_from=row.valid_from, valid_to=row.valid_to, given_end=row.given_end),
        )
        for row in rows
    }
    over = [number for version_id, (number, tenure) in held.items() if tenures.get(version_id) != tenure]
    if over:
        session.execute(update(control_layer_tenure).where(_tenure.id.in_(over)).values(known_to=at))
    new = [
        {
            "version_id": version_id,
            "layer_code": code,
            "valid_from": tenure.valid_from,
            "valid_to": tenure.valid_to,
            "given_end": tenure.given_end,
            "known_from": at,
        }
        for version_id, tenure in tenures.items()
        if version_id not in held or held[version_id][1] != tenure
    ]
    if new:
        with translated(code=code):
            session.execute(insert(control_layer_tenure), new)


def record_event(
    session: Session, version_ids: Iterable[int], action: LayerAction, *, at: datetime, by: str, reason: str | None
) -> None:
    """Keep what was done with some versions."""
    rows = [{"version_id": number, "action": action, "at": at, "by": by, "reason": reason} for number in version_ids]
    if rows:
        session.execute(insert(control_layer_event), rows)


def events_of(session: Session, code: str) -> tuple[LayerEvent, ...]:
    """Return everything that was done with the versions of a layer, the latest first."""
    rows = session.execute(
        select(control_layer_version.c.version, _event.action, _event.at, _event.by, _event.reason)
        .join_from(control_layer_event, control_layer_version, control_layer_version.c.id == _event.version_id)
        .where(control_layer_version.c.layer_code == code)
        .order_by(_event.id.desc())
    )
    return tuple(LayerEvent(**dict(row) | {"action": LayerAction(row["action"])}) for row in rows.mappings())


def last_event_of(session: Session, version_id: int, *actions: LayerAction) -> LayerEvent | None:
    """Return the latest of some actions on a version, or None."""
    row = (
        session.execute(
            select(control_layer_version.c.version, _event.action, _event.at, _event.by, _event.reason)
            .join_from(control_layer_event, control_layer_version, control_layer_version.c.id == _event.version_id)
            .where(_event.version_id == version_id, _event.action.in_(actions))
            .order_by(_event.id.desc())
            .limit(1)
        )
        .mappings()
        .one_or_none()
    )
    return None if row is None else LayerEvent(**dict(row) | {"action": LayerAction(row["action"])})


def _published(session: Session, *conditions: object) -> tuple[Published, ...]:
    rows = session.execute(
        select(_tenure.version_id, _tenure.valid_from, _tenure.given_end)
        .where(*conditions)  # type: ignore[arg-type]
        .order_by(_tenure.id)
    )
    return tuple(Published(id=number, valid_from=start, given_end=end) for number, start, end in rows)
