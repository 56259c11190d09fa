"""One check a rule kind: the land, the layer near it and the rule in; an outcome and the land it is about out.

Every check is fail-closed: what the layer's coverage leaves open is `NOT_COVERED`, what cannot be compared or measured
is `NOT_EVALUATED`, and only a certain violation weighs more (worst first).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import shapely
from shapely.geometry.base import BaseGeometry

from geo_review.control.model import LayerNear
from geo_review.geometry.intersect import common_land, land_inside, land_outside, land_within_distance, nearest_m
from geo_review.geometry.measure import WIDTH_RESOLUTION_M
from geo_review.geometry.reach import ground_around
from geo_review.review.findings import Contact, Outcome
from geo_review.review.judgement import Ground, Judgement, uncovered_m2
from geo_review.review.plan_values import check_compare
from geo_review.review.slivers import WeighedPart, reaches_limit, weigh, worst_contact
from geo_review.rules.rulebook import Outside, Rule, RuleKind
from geo_review.wording import say
from geo_review.wording.figures import metres, square_metres


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
        uncovered=uncovered_m2(ground.land, layer, ground),
        distance_m=nearest_m(ground.land, layer.pieces) if not _meets(ground.land, layer) else None,
        touches=False,
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
        uncovered=uncovered_m2(ground.land, layer, ground),
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
        uncovered=uncovered_m2(ground_around(ground.land, rule.distance_m), layer, ground),
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


def _meets(land: BaseGeometry, layer: LayerNear) -> bool:
    return bool(len(layer.pieces)) and bool(shapely.intersects(land, layer.pieces).any())
