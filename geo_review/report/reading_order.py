"""The order in which people read a review: worst first, then as the rulebook has it; parts are numbered in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Result = Mapping[str, Any]

WORST_FIRST = ("fail", "not_covered", "not_evaluated", "consult", "notify", "pass")


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberedPart:
    """A part of the document with the number that the table, the map and the text call it by, from 1."""

    number: int
    result: Result
    part: Mapping[str, Any]


def in_reading_order(document: Mapping[str, Any]) -> list[Result]:
    """Return the results worst first; equal outcomes stay in the order of the rulebook."""
    return sorted(document["results"], key=lambda result: _rank(result["outcome"]))


def numbered_parts(document: Mapping[str, Any]) -> Iterator[NumberedPart]:
    """Yield every part found, numbered in reading order through the whole report."""
    number = 0
    for result in in_reading_order(document):
        for part in result["parts"]:
            number += 1
            yield NumberedPart(number=number, result=result, part=part)


def _rank(outcome: str) -> int:
    """Both ways of not knowing weigh the same."""
    return WORST_FIRST.index("not_evaluated" if outcome == "not_covered" else outcome)
