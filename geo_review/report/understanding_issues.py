"""The issues of a red-line file as numbered lines: the number is the sign on the map. Finds no issue itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo_review.boundary.model import Place
from geo_review.report.labels import label
from geo_review.report.legible import legible

_WORST_FIRST = ("error", "warning", "info")


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueLine:
    """One issue. ``number`` counts from 1, the worst first; ``lonlat`` is where the map shows it."""

    number: int
    code: str
    severity: str
    severity_word: str
    place: str
    message: str
    lonlat: tuple[float, float] | None


def issue_lines(document: Mapping[str, Any]) -> tuple[IssueLine, ...]:
    """Return the issues of a document, the worst first, else by parcel as in the file."""
    ordered = sorted(document["issues"], key=_rank)
    return tuple(_line(number, issue) for number, issue in enumerate(ordered, start=1))


def _rank(issue: Mapping[str, Any]) -> tuple[int, int]:
    return _WORST_FIRST.index(issue["severity"]), issue["parcel_in_file"] or 0


def _line(number: int, issue: Mapping[str, Any]) -> IssueLine:
    where = dict(issue["where"])
    if issue["parcel_in_file"] is not None:
        where["parcel"] = issue["parcel_in_file"]
    lonlat = issue["lonlat"]
    return IssueLine(
        number=number,
        code=issue["code"],
        severity=issue["severity"],
        severity_word=label("severity", issue["severity"]),
        place=legible(str(Place(**where))),
        message=legible(issue["message"]),
        lonlat=(lonlat[0], lonlat[1]) if lonlat else None,
    )
