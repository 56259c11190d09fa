"""Which version of a control layer is in force when: decides, changes nothing. Validity is half-open, [from, to).

The rule: a published version is in force from its first day until the end it was given or the first day of the next
published version, whichever comes first. So at most one is in force on any day, whatever the order of publishing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
class Publication:
    """What publishing a version means. ``valid_to`` is the end it gets; ``closed`` are the versions that end on its
    first day; ``withdrawn`` are those of the same first day, which it replaces."""

    valid_to: date | None
    closed: tuple[int, ...] = ()
    withdrawn: tuple[int, ...] = ()


def plan_publication(
    valid_from: date | None, valid_to: date | None, published: Sequence[tuple[int, date | None, date | None]]
) -> Publication:
    """Decide what publishing [valid_from, valid_to) does to the ``published`` ones, given as (id, from, to)."""
    start = valid_from or date.min
    later = [other_from for _, other_from, _ in published if other_from is not None and other_from > start]
    return Publication(
        valid_to=min([end for end in (valid_to, *later) if end is not None], default=None),
        closed=tuple(
            other
            for other, other_from, other_to in published
            if (other_from or date.min) < start and (other_to is None or other_to > start)
        ),
        withdrawn=tuple(other for other, other_from, _ in published if other_from == valid_from),
    )


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
