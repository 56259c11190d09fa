"""Takes the parcels a user asks for out of a file; all of them when none is asked for. Guesses none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from geo_review.boundary.model import BoundaryIssue, RawBoundary, Severity
from geo_review.errors import InvalidOption
from geo_review.wording import say


def choose_parcels(raw: RawBoundary, numbers: Sequence[int]) -> RawBoundary:
    """Return the boundary of the parcels of these numbers, from 1 in file order; the places of issues count anew.

    What was left out is said (info). Raises InvalidOption for a number the file does not have.
    """
    if not numbers:
        return raw
    kept = sorted(set(numbers))
    count = len(raw.parcels)
    if kept[0] < 1 or kept[-1] > count:
        wrong = next(number for number in kept if not 1 <= number <= count)
        raise InvalidOption(
            code="unknown_parcel",
            message=say("files.unknown_parcel", number=wrong, count=count),
            remedy=say("files.unknown_parcel_remedy", count=count),
        )
    if len(kept) == count:
        return raw
    anew = {old: new for new, old in enumerate(kept, start=1)}
    issues = [
        replace(issue, where=replace(issue.where, parcel=anew[issue.where.parcel])) if issue.where.parcel else issue
        for issue in raw.issues
        if issue.where.parcel is None or issue.where.parcel in anew
    ]
    values = {"chosen": "、".join(map(str, kept)), "count": count}
    issues.append(BoundaryIssue(code="parcels_chosen", severity=Severity.INFO, values=values))
    return replace(raw, parcels=tuple(raw.parcels[number - 1] for number in kept), issues=tuple(issues))
