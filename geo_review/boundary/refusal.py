"""Turns error issues into the one refusal that lists them all. Judges nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from geo_review.boundary.model import BoundaryIssue, Severity
from geo_review.errors import InvalidBoundary
from geo_review.wording import say

# What a user may answer for: neither makes the land ambiguous. Everything else does.
ACCEPTABLE = frozenset({"repeated_point", "spike"})
MOST_LINES = 100  # more places than this help nobody find the first one


@dataclass(kw_only=True)
class FaultyBoundary(InvalidBoundary):
    """The refusal of a red line whose faults are known one by one; ``issues`` are these and what else was noted."""

    issues: tuple[BoundaryIssue, ...]


def refuse_errors(issues: Iterable[BoundaryIssue]) -> None:
    """Raise `FaultyBoundary` when an issue is an error."""
    found = tuple(issues)
    errors = [issue for issue in found if issue.severity is Severity.ERROR]
    if errors:
        raise invalid_boundary(errors, noted=found)


def invalid_boundary(errors: Sequence[BoundaryIssue], *, noted: Sequence[BoundaryIssue] = ()) -> FaultyBoundary:
    """Return the refusal: one line an error, code first, then place; the remedy names `--accept` if it helps.

    ``noted`` is everything that was found, errors included; the errors alone without.
    """
    lines = [issue_line(issue) for issue in errors[:MOST_LINES]]
    if len(errors) > MOST_LINES:
        lines.append(say("validity.more_lines", count=len(errors) - MOST_LINES))
    codes = {issue.code for issue in errors}
    if codes <= ACCEPTABLE:
        options = " ".join(f"--accept {code}" for code in sorted(codes))
        remedy = say("validity.remedy_accept", options=options)
    else:
        remedy = say("validity.remedy")
    return FaultyBoundary(
        code="invalid_boundary",
        message=say("validity.invalid_boundary", count=len(errors)),
        remedy=remedy,
        lines=tuple(lines),
        issues=tuple(noted or errors),
    )


def issue_line(issue: BoundaryIssue) -> str:
    """Return an issue as one line: ``[code] place：sentence``."""
    place = str(issue.where)
    return f"[{issue.code}] {place}：{issue.message}" if place else f"[{issue.code}] {issue.message}"
