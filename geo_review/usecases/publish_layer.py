"""What a published layer is judged by, changed: published, ended, withdrawn. One transaction each; nothing is deleted.

Whoever changes it holds the layer first, so that two at once follow each other. What was held before stays in the
store with its time (`store.layer_tenures`), and so does who did what and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from geo_review.control.succession import Published, Tenure, tenures, with_one_more
from geo_review.errors import ConfirmationNeeded, Conflict, InvalidOption, NotAllowed
from geo_review.store.control_layers import (
    LayerState,
    LayerVersion,
    get_version,
    history,
    hold_layer,
    version_of,
    versions_in_use,
)
from geo_review.store.layer_tenures import (
    LayerAction,
    hold_from_now,
    last_event_of,
    next_moment,
    published_before,
    published_now,
    record_event,
)
from geo_review.usecases.tell_province import tell_province
from geo_review.wording import say


class Effect(StrEnum):
    """What the change of one version did to another of its layer."""

    CLOSED = "closed"  # it ends earlier than it did
    REOPENED = "reopened"  # it goes on longer than it did
    REPLACED = "replaced"  # by a version of the same first day
    RESTORED = "restored"  # what had replaced it was withdrawn


@dataclass(frozen=True, kw_only=True, slots=True)
class Publisher:
    """Who publishes, and why. ``typed`` is what that person typed to confirm it; with ``needs_second_person`` it must
    not be who loaded the version."""

    name: str = ""
    reason: str | None = None
    typed: str | None = None
    needs_second_person: bool = False


NOBODY = Publisher()


@dataclass(frozen=True, kw_only=True, slots=True)
class Affected:
    """Another version of the layer, as it is after the change."""

    version: LayerVersion
    effect: Effect


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """A change of what is published: the version it is about, as it is now, and what that did to others.

    ``package_problem`` says why the province cannot be sent the version; the change holds all the same.
    """

    version: LayerVersion
    affected: tuple[Affected, ...] = ()
    package_problem: str | None = None


def publish(session: Session, code: str, version: str, *, by: Publisher = NOBODY, now: datetime) -> Publication:
    """Publish a version: from its first day on it is judged with, and its predecessor no longer.

    A version that is published already stays as it is; one that was withdrawn comes back. Raises NotAllowed when a
    second person is needed, ConfirmationNeeded when an empty version would take the place of a full one.
    """
    found = _held(session, code, version)
    if found.state is LayerState.PUBLISHED:
        return Publication(version=found)
    _refuse_the_loader(found, by)
    before = published_now(session, code)
    one = Published(id=found.id, valid_from=found.valid_from, given_end=found.declared_valid_to)
    after = with_one_more(before, one)
    _refuse_emptying(session, found, before, after, by)
    return _change(session, found, before, after, LayerAction.PUBLISHED, by=by, now=now)


def end(session: Session, code: str, version: str, day: date, *, by: Publisher = NOBODY, now: datetime) -> Publication:
    """End a published version: from ``day`` on it is not judged with. Nothing takes its place: a gap is a gap."""
    found = _held(session, code, version)
    _refuse_unless_published(found)
    if found.valid_from is not None and day <= found.valid_from:
        raise InvalidOption(
            code="layer_end_before_start",
            message=say("store.layer_end_before_start", day=day, version=version, valid_from=found.valid_from),
            remedy=say("store.layer_end_before_start_remedy", code=code, version=version),
        )
    if found.valid_to is not None and day > found.valid_to:
        raise InvalidOption(
            code="layer_end_after_end",
            message=say("store.layer_end_after_end", day=day, version=version, valid_to=found.valid_to),
        )
    before = published_now(session, code)
    after = tuple(replace(one, given_end=day) if one.id == found.id else one for one in before)
    return _change(session, found, before, after, LayerAction.ENDED, by=by, now=now)


def withdraw(session: Session, code: str, version: str, *, by: Publisher = NOBODY, now: datetime) -> Publication:
    """Take a version back, as if it had never been published: its predecessor goes on, what it replaced is restored.

    What was reviewed with it stays, and can be reviewed again as it was then.
    """
    found = _held(session, code, version)
    _refuse_unless_published(found)
    before = published_now(session, code)
    after = tuple(one for one in before if one.id != found.id)
    since = last_event_of(session, found.id, LayerAction.PUBLISHED, LayerAction.RESTORED)
    if since is not None:
        replaced = (one for one in published_before(session, code, since.at) if one.valid_from == found.valid_from)
        for one in replaced:
            after = with_one_more(after, one)
    return _change(session, found, before, after, LayerAction.WITHDRAWN, by=by, now=now)


def roll_back(session: Session, code: str, *, by: Publisher = NOBODY, now: datetime) -> Publication:
    """Withdraw the version of a layer that was published last, so that what held before it holds again."""
    history(session, code)
    hold_layer(session, code, code)
    latest = max(
        versions_in_use(session, [code])[code],
        key=lambda version: (version.published_at or datetime.min.replace(tzinfo=UTC), version.tenure_id or 0),
        default=None,
    )
    if latest is None:
        raise Conflict(code="layer_nothing_to_roll_back", message=say("store.layer_nothing_to_roll_back", code=code))
    return withdraw(session, code, latest.version, by=by, now=now)


def _held(session: Session, code: str, version: str) -> LayerVersion:
    get_version(session, code, version)  # what is not there is told without a trace in the store
    hold_layer(session, code, code)
    return get_version(session, code, version)


def _change(
    session: Session,
    subject: LayerVersion,
    before: Iterable[Published],
    after: Iterable[Published],
    action: LayerAction,
    *,
    by: Publisher,
    now: datetime,
) -> Publication:
    code, had, has = subject.layer_code, tenures(before), tenures(after)
    at = next_moment(session, code, now)
    hold_from_now(session, code, has, at=at)
    record_event(session, [subject.id], action, at=at, by=by.name, reason=by.reason)
    effects = dict(_effects(had, has, subject.id))
    for effect, told in ((Effect.REPLACED, LayerAction.REPLACED), (Effect.RESTORED, LayerAction.RESTORED)):
        record_event(
            session,
            [number for number, one in effects.items() if one is effect],
            told,
            at=at,
            by=by.name,
            reason=by.reason,
        )
    changed = version_of(session, subject.id)
    affected = tuple(
        Affected(version=version_of(session, number), effect=effect) for number, effect in sorted(effects.items())
    )
    problem = tell_province(session, changed, action, at=at)
    for one in affected:
        if one.effect is Effect.RESTORED:
            tell_province(session, one.version, LayerAction.RESTORED, at=at)
    return Publication(version=changed, affected=affected, package_problem=problem)


def _effects(had: Mapping[int, Tenure], has: Mapping[int, Tenure], subject: int) -> Iterator[tuple[int, Effect]]:
    for number in had.keys() | has.keys():
        if number == subject:
            continue
        if number not in has:
            yield number, Effect.REPLACED
        elif number not in had:
            yield number, Effect.RESTORED
        elif had[number].valid_to != has[number].valid_to:
            yield number, Effect.CLOSED if _is_earlier(has[number].valid_to, had[number].valid_to) else Effect.REOPENED


def _is_earlier(one: date | None, other: date | None) -> bool:
    return (one or date.max) < (other or date.max)


def _refuse_unless_published(version: LayerVersion) -> None:
    if version.state is not LayerState.PUBLISHED:
        raise Conflict(
            code="layer_not_published",
            message=say(
                "store.layer_is_not_published",
                code=version.layer_code,
                version=version.version,
                state=say(f"store.state_{version.state}"),
            ),
        )


def _refuse_the_loader(version: LayerVersion, by: Publisher) -> None:
    if by.needs_second_person and (not by.name or by.name == version.loaded_by):
        raise NotAllowed(
            code="second_person_needed",
            message=say(
                "store.second_person_needed",
                code=version.layer_code,
                version=version.version,
                loaded_by=version.loaded_by or "—",
            ),
            remedy=say("store.second_person_needed_remedy"),
        )


def _refuse_emptying(
    session: Session, version: LayerVersion, before: Iterable[Published], after: Iterable[Published], by: Publisher
) -> None:
    """An empty layer is what a broken export gives: it takes the place of a full one only for who types the code."""
    if version.feature_count or by.typed == version.layer_code:
        return
    had, has = tenures(before), tenures(after)
    displaced = [version_of(session, number) for number in had if had[number] != has.get(number)]
    full = [one for one in displaced if one.feature_count]
    if full:
        raise ConfirmationNeeded(
            code="layer_would_be_emptied",
            message=say(
                "store.layer_would_be_emptied",
                code=version.layer_code,
                version=version.version,
                other=full[0].version,
                features=f"{full[0].feature_count:,}",
            ),
            remedy=say("store.layer_would_be_emptied_remedy", code=version.layer_code),
        )
