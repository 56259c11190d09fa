"""Which version of a control layer is in force when: decides, changes nothing. Validity is half-open, [from, to).

The rule: a published version is in force from its first day until the end it was given or the first day of the next
published version, whichever comes first. So at most one is in force on any day, whatever the order of publishing; and
what is in force follows from what is published alone, so that a withdrawal lets the predecessor go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar


class Dated(Protocol):
    """Anything with a validity: a stored version, or the facts of a layer."""

    @property
    def valid_from(self) -> date | None: ...

    @property
    def valid_to(self) -> date | None: ...


Version = TypeVar("Version", bound=Dated)


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """A version that is published. ``given_end`` is the end it was given, not the one a successor makes."""

    id: int
    valid_from: date | None
    given_end: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Tenure:
    """The days that a published version is in force on."""

    valid_from: date | None
    valid_to: date | None
    given_end: date | None


def with_one_more(published: Iterable[Published], one: Published) -> tuple[Published, ...]:
    """Return what is published once ``one`` is, too: it replaces those of the same first day."""
    return (*(other for other in published if other.valid_from != one.valid_from), one)


def tenures(published: Iterable[Published]) -> Mapping[int, Tenure]:
    """Return by id on which days each published version is in force."""
    every = tuple(published)
    starts = [one.valid_from for one in every if one.valid_from is not None]
    return {one.id: _tenure(one, starts) for one in every}


def _tenure(one: Published, starts: Iterable[date]) -> Tenure:
    later = [start for start in starts if start > (one.valid_from or date.min)]
    ends = [end for end in (one.given_end, *later) if end is not None]
    return Tenure(valid_from=one.valid_from, valid_to=min(ends, default=None), given_end=one.given_end)


def in_force_or_nearest(versions: Iterable[Version], as_of: date) -> Version | None:
    """Return the version in force on a day; when none is, the one nearest in time; None of none.

    The nearest one is for saying why nothing can be judged ("expired", "not yet"): the engine tests the validity.
    Between two equally near, the one that has ended is told.
    """
    return min(versions, key=lambda version: _days_away(version, as_of), default=None)


def _days_away(version: Dated, as_of: date) -> tuple[int, bool]:
    if version.valid_from is not None and as_of < version.valid_from:
        return (version.valid_from - as_of).days, True
    if version.valid_to is not None and as_of >= version.valid_to:
        return (as_of - version.valid_to).days + 1, False
    return 0, False
