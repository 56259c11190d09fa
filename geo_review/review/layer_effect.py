"""What a change of a layer means for one red line: the findings by the old version held against those by the new."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from geo_review.review.findings import Finding, Outcome

_HITS = (Outcome.NOTIFY, Outcome.CONSULT, Outcome.FAIL)
_UNKNOWN = (Outcome.NOT_COVERED, Outcome.NOT_EVALUATED)
# Two versions are read and measured alike; what is left is the last digits of a sum in another order.
_SAME_AREA_M2 = 1e-6
_SAME_AREA = 1e-9  # relative


class Change(StrEnum):
    """The worst first."""

    NEWLY_HIT = "newly_hit"
    COVERAGE_CHANGED = "coverage_changed"  # it can be judged no longer, or can be now
    AREA_CHANGED = "area_changed"  # it was hit and still is, by other land or with another outcome
    NO_LONGER_HIT = "no_longer_hit"
    UNAFFECTED = "unaffected"  # land of it changed, and nothing that a rule asks for


def change_of(before: Sequence[Finding], after: Sequence[Finding]) -> Change:
    """Return the worst that a change of a layer means; the findings are of the same rules, in the same order."""
    order = list(Change)
    return min(
        (_of_rule(one, other) for one, other in zip(before, after, strict=True)),
        key=order.index,
        default=Change.UNAFFECTED,
    )


def _of_rule(before: Finding, after: Finding) -> Change:
    if before.rule.id != after.rule.id:
        raise ValueError(f"{before.rule.id} held against {after.rule.id}")
    if after.outcome in _HITS and before.outcome not in _HITS:
        return Change.NEWLY_HIT
    if (before.outcome in _UNKNOWN) != (after.outcome in _UNKNOWN):
        return Change.COVERAGE_CHANGED
    if before.outcome in _HITS and after.outcome not in _HITS:
        return Change.NO_LONGER_HIT
    if _figures(before) != _figures(after) or not _same_area(before.planar_area_m2, after.planar_area_m2):
        return Change.AREA_CHANGED
    return Change.UNAFFECTED


def _figures(finding: Finding) -> tuple[object, ...]:
    """What is not an area. A distance that changed without a hit decides nothing."""
    return (
        finding.outcome,
        finding.contact,
        tuple((one.plan_value, one.kept) for one in finding.comparisons),
    )


def _same_area(one_m2: float, other_m2: float) -> bool:
    return abs(one_m2 - other_m2) <= max(_SAME_AREA_M2, _SAME_AREA * max(one_m2, other_m2))
