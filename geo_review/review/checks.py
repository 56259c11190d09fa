"""One check a rule kind: the land, the layer near it and the rule in; an outcome and the land it is about out.

Every check is fail-closed: what the layer's coverage leaves open is `NOT_COVERED`, what cannot be compared or measured
is `NOT_EVALUATED`, and only a certain violation weighs more (worst first).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geo_review.control.model import Geometries, LayerNear
from geo_review.geometry.intersect import (
    common_land,
    connected_parts,
    land_inside,
    land_outside,
    land_within_distance,
    nearest_m,
)
from geo_review.geometry.measure import WIDTH_RESOLUTION_M
from geo_review.review.compare import compare_values
from geo_review.review.findings import Comparison, Contact, Outcome
from geo_review.review.slivers import WeighedPart, reaches_limit, weigh, worst_contact
from geo_review.rules.rulebook import Outside, Rule, RuleKind
from geo_review.wording import say
from geo_review.wording.figures import metres, square_metres


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """What every check looks at: the land in the measuring CRS, the sliver policy, what is known of the project."""

    land: BaseGeometry
    contact_width_m: float
    project: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What a check says, before it is measured on the ellipsoid and put into words."""

    outcome: Outcome
    reason: str
    contact: Contact = Contact.NONE
    parts: tuple[WeighedPart, ...] = ()
    distance_m: float | None = None
    uncovered_area_m2: float = 0.0
    comparisons: tuple[Comparison, ...] = field(default=())


def check_forbid(rule: Rule, layer: LayerNear, ground: Ground) -> Judgement:
    """No land may lie inside the line."""
    return _inside(rule, layer, ground, on_hit=Outcome.FAIL)


def check_consult(rule: Rule, layer: LayerNear, ground: Ground) -> Judgement:
    """Land inside the line: the department is asked."""
    return _inside(rule, layer, ground, on_hit=Outcome.CONSULT)


def check_notify(rule: Rule, layer: LayerNear, ground: Ground) -> Judgement:
    """Land inside the line: the officer is told."""
    return _inside(rule, layer, ground, on_hit=Outcome.NOTIFY)


def check_buffer_forbid(rule: Rule, layer: LayerNear, ground: Ground) -> Judgement:
    """No land may lie nearer to the line than the distance."""
    return _within_distance(rule, layer, ground, on_hit=Outcome.FAIL)


def check_buffer_consult(rule: Rule, layer: LayerNear, ground: Ground) -> Judgement:
    """Land nearer to the line than the distance: the department is asked."""
    return _within_distance(rule, layer, ground, on_hit=Outcome.CONSULT)


def check_must_within(rule: Rule, layer: LayerNear, ground: Ground) -> Judgement:
    """No land may lie outside the line, or not without an opinion (``outside = "consult"``).

    Land that the layer does not cover is not known to be outside."""
    outside = land_outside(ground.land, layer.pieces)
    parts = weigh(outside, rule, ground.contact_width_m)
    certain = parts
    if layer.coverage is not None:
        certain = weigh(common_land(outside, layer.coverage), rule, ground.contact_width_m)
    return _conclude(
        rule,
        ground,
        parts=parts,
        decisive=reaches_limit(certain),
        on_hit=Outcome.CONSULT if rule.outside is Outside.CONSULT else Outcome.FAIL,
        uncovered=_uncovered(ground.land, layer, ground),
        distance_m=nearest_m(ground.land, layer.pieces) if not _meets(ground.land, layer) else None,
        touches=False,
    )


def check_compare(rule: Rule, layer: LayerNear, ground: Ground) -> Judgement:
    """The project's value must stand to every plan value on its land as the operator says.

    The parts are the land whose plan value is not kept. Land without a plan, a plan without the value and a project
    without the value are not evaluated: a missing value never passes.
    """
    assert rule.attribute is not None
    assert rule.operator is not None
    project_value = ground.project.get(rule.attribute)
    uncovered = _uncovered(ground.land, layer, ground)
    comparisons: list[Comparison] = []
    broken: list[Polygon] = []
    for plan_value, pieces in _pieces_by_value(layer, rule.attribute):
        parts = weigh(land_inside(ground.land, pieces), rule, ground.contact_width_m)
        if not reaches_limit(parts):
            continue
        kept = compare_values(project_value, rule.operator, plan_value)
        comparisons.append(
            Comparison(
                plan_value=plan_value,
                project_value=project_value,
                planar_area_m2=sum(part.polygon.area for part in parts),
                kept=kept,
            )
        )
        if kept is False:
            broken += [part.polygon for part in parts]
    parts = weigh(connected_parts(shapely.union_all(broken)), rule, ground.contact_width_m)
    unplanned = weigh(land_outside(ground.land, layer.pieces), rule, ground.contact_width_m)
    outcome, reason = _compared(rule, project_value, comparisons, unplanned, uncovered)
    return Judgement(
        outcome=outcome,
        reason=reason,
        contact=worst_contact(parts),
        parts=parts,
        distance_m=None if comparisons else nearest_m(ground.land, layer.pieces),
        uncovered_area_m2=uncovered,
        comparisons=tuple(comparisons),
    )


CHECKS: Mapping[RuleKind, Callable[[Rule, LayerNear, Ground], Judgement]] = {
    RuleKind.FORBID: check_forbid,
    RuleKind.MUST_WITHIN: check_must_within,
    RuleKind.CONSULT: check_consult,
    RuleKind.NOTIFY: check_notify,
    RuleKind.BUFFER_FORBID: check_buffer_forbid,
    RuleKind.BUFFER_CONSULT: check_buffer_consult,
    RuleKind.COMPARE: check_compare,
}


def _inside(rule: Rule, layer: LayerNear, ground: Ground, *, on_hit: Outcome) -> Judgement:
    parts = weigh(land_inside(ground.land, layer.pieces), rule, ground.contact_width_m)
    distance_m = None if parts else nearest_m(ground.land, layer.pieces)
    return _conclude(
        rule,
        ground,
        parts=parts,
        decisive=reaches_limit(parts),
        on_hit=on_hit,
        uncovered=_uncovered(ground.land, layer, ground),
        distance_m=distance_m,
        touches=distance_m is not None and distance_m <= WIDTH_RESOLUTION_M,
    )


def _within_distance(rule: Rule, layer: LayerNear, ground: Ground, *, on_hit: Outcome) -> Judgement:
    assert rule.distance_m is not None
    parts = weigh(land_within_distance(ground.land, layer.pieces, rule.distance_m), rule, ground.contact_width_m)
    distance_m = nearest_m(ground.land, layer.pieces)
    return _conclude(
        rule,
        ground,
        parts=parts,
        decisive=reaches_limit(parts),
        on_hit=on_hit,
        # A line outside the coverage could still be nearer than the distance, so the whole ring must be surveyed.
        uncovered=_uncovered(ground.land.buffer(rule.distance_m), layer, ground),
        distance_m=distance_m,
        touches=distance_m is not None and abs(distance_m - rule.distance_m) <= WIDTH_RESOLUTION_M,
    )


def _conclude(
    rule: Rule,
    ground: Ground,
    *,
    parts: tuple[WeighedPart, ...],
    decisive: bool,
    on_hit: Outcome,
    uncovered: float,
    distance_m: float | None,
    touches: bool,
) -> Judgement:
    """Worst first: a certain violation, then land that was not surveyed, then a consultation, then a pass."""
    outcome: Outcome
    contact = worst_contact(parts) if parts else Contact.TOUCH if touches else Contact.NONE
    if decisive and on_hit is Outcome.FAIL:
        outcome, reason = on_hit, _hit_reason(rule, parts)
    elif uncovered > 0.0:
        outcome, reason = Outcome.NOT_COVERED, say("review.reason_not_covered", area=square_metres(uncovered))
    elif decisive:
        outcome, reason = on_hit, _hit_reason(rule, parts)
    else:
        outcome, reason = Outcome.PASS, _pass_reason(rule, ground, parts, contact, distance_m)
    return Judgement(
        outcome=outcome,
        reason=reason,
        contact=contact,
        parts=parts,
        distance_m=distance_m,
        uncovered_area_m2=uncovered,
    )


def _hit_reason(rule: Rule, parts: tuple[WeighedPart, ...]) -> str:
    area_m2 = sum(part.polygon.area for part in parts if part.contact is not Contact.TECHNICAL)
    reason = say(f"review.reason_hit_{_side(rule)}", area=square_metres(area_m2), distance=_plain(rule.distance_m))
    if rule.ignore_below_m2 > 0.0:
        reason += say("review.reason_limit_reached", limit=square_metres(rule.ignore_below_m2))
    return reason


def _pass_reason(
    rule: Rule, ground: Ground, parts: tuple[WeighedPart, ...], contact: Contact, distance_m: float | None
) -> str:
    if contact is Contact.NONE:
        nearest = say("review.nearest", distance=metres(distance_m)) if distance_m is not None else ""
        return say(f"review.reason_none_{_side(rule)}", distance=_plain(rule.distance_m), nearest=nearest)
    return say(
        f"review.reason_{contact}",
        area=square_metres(sum(part.polygon.area for part in parts)),
        width=ground.contact_width_m,
        limit=square_metres(rule.ignore_below_m2),
    )


def _plain(limit_m: float | None) -> str:
    """A limit as the rulebook writes it: 30, not 30.0."""
    return "" if limit_m is None else f"{limit_m:g}"


def _side(rule: Rule) -> str:
    """Which side of the line the rule is about, as the sentences name it."""
    return "outside" if rule.kind is RuleKind.MUST_WITHIN else "near" if rule.kind.is_buffer else "inside"


def _uncovered(ground_needed: BaseGeometry, layer: LayerNear, ground: Ground) -> float:
    """Return how much of the ground the layer was not surveyed on, in m²; gaps narrower than a contact are none."""
    if layer.coverage is None:
        return 0.0
    gaps = land_outside(ground_needed, np.array([layer.coverage], dtype=object))
    return sum((float(gap.area) for gap in gaps if not WeighedPart.is_contact(gap, ground.contact_width_m)), 0.0)


def _meets(land: BaseGeometry, layer: LayerNear) -> bool:
    return bool(len(layer.pieces)) and bool(shapely.intersects(land, layer.pieces).any())


def _compared(
    rule: Rule,
    project_value: str | None,
    comparisons: list[Comparison],
    unplanned: tuple[WeighedPart, ...],
    uncovered: float,
) -> tuple[Outcome, str]:
    """Worst first again: a value that is not kept, then whatever is missing, then a pass."""
    sides = f"{rule.attribute} {rule.operator}"
    if any(comparison.kept is False for comparison in comparisons):
        return Outcome.FAIL, say("review.reason_compare_broken", project=project_value, sides=sides)
    if project_value is None:
        return Outcome.NOT_EVALUATED, say("review.reason_no_project_value", attribute=rule.attribute)
    if uncovered > 0.0:
        return Outcome.NOT_COVERED, say("review.reason_not_covered", area=square_metres(uncovered))
    if any(comparison.kept is None for comparison in comparisons):
        return Outcome.NOT_EVALUATED, say("review.reason_no_plan_value", attribute=rule.attribute)
    if not comparisons or reaches_limit(unplanned):
        area_m2 = sum(part.polygon.area for part in unplanned)
        return Outcome.NOT_EVALUATED, say("review.reason_no_plan", area=square_metres(area_m2))
    return Outcome.PASS, say("review.reason_compare_kept", project=project_value, sides=sides)


def _pieces_by_value(layer: LayerNear, attribute: str) -> list[tuple[str | None, Geometries]]:
    """Group the pieces by the plan's value, in a fixed order; None gathers the features without one."""
    values = [_plan_value(layer.attributes.get(int(number), {}).get(attribute)) for number in layer.feature]
    return [
        (value, layer.pieces[[index for index, other in enumerate(values) if other == value]])
        for value in sorted(set(values), key=lambda value: (value is None, value or ""))
    ]


def _plan_value(value: object) -> str | None:
    text = "" if value is None else str(value).strip()
    return text or None
