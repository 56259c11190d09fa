"""The succession of versions: at most one in force on any day, and the right one when none is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_review.control.succession import Published, in_force_or_nearest, tenures, with_one_more

FIRST = date(2020, 1, 1)
DAYS = st.none() | st.integers(0, 9).map(lambda day: FIRST + timedelta(days=day))
VALIDITY = st.tuples(DAYS, DAYS).filter(lambda pair: None in pair or pair[0] < pair[1])  # type: ignore[operator]


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    valid_from: date | None
    valid_to: date | None


@given(st.lists(VALIDITY, min_size=1, max_size=6))
def test_whatever_is_published_in_whatever_order_at_most_one_is_in_force(
    given_validities: list[tuple[date | None, date | None]],
) -> None:
    published: tuple[Published, ...] = ()
    for number, (valid_from, valid_to) in enumerate(given_validities):
        published = with_one_more(published, Published(id=number, valid_from=valid_from, given_end=valid_to))
    in_use = tenures(published)
    for day in (FIRST + timedelta(days=offset) for offset in range(-2, 12)):
        starts = [v.valid_from or date.min for v in in_use.values() if (v.valid_from or date.min) <= day]
        in_force = [
            v for v in in_use.values() if (v.valid_from or date.min) <= day and (v.valid_to is None or day < v.valid_to)
        ]
        assert len(in_force) <= 1
        assert all((v.valid_from or date.min) == max(starts) for v in in_force), "the one that began last governs"
    assert all(v.valid_to is None or (v.valid_from or date.min) < v.valid_to for v in in_use.values())


@given(st.lists(VALIDITY, min_size=1, max_size=6, unique_by=lambda pair: pair[0]), st.randoms())
def test_what_is_in_force_does_not_depend_on_the_order_of_publishing(
    validities: list[tuple[date | None, date | None]], random: Random
) -> None:
    published = [Published(id=n, valid_from=start, given_end=end) for n, (start, end) in enumerate(validities)]
    shuffled = random.sample(published, len(published))
    assert tenures(shuffled) == tenures(published)


OLD, NEW = Version(valid_from=FIRST, valid_to=date(2021, 1, 1)), Version(valid_from=date(2023, 1, 1), valid_to=None)


@pytest.mark.parametrize(
    ("as_of", "expected", "why"),
    [
        (FIRST, OLD, "the first day counts"),
        (date(2020, 12, 31), OLD, "the last day"),
        (date(2021, 1, 1), OLD, "ended today: nearer than what comes in two years"),
        (date(2022, 12, 31), NEW, "not yet, by a day"),
        (date(2023, 1, 1), NEW, "in force"),
        (date(2000, 1, 1), OLD, "before all"),
    ],
)
def test_the_version_in_force_or_the_nearest_in_time(as_of: date, expected: Version, why: str) -> None:
    assert in_force_or_nearest([NEW, OLD], as_of) is expected, why
    assert in_force_or_nearest([], as_of) is None
