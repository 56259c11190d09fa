"""The compare rule: the project's value against the plan's, plot by plot. A missing value never passes."""

from __future__ import annotations

from math import fsum

import shapely
from shapely.geometry import Polygon

from geo_review.control.model import Geometries, LayerNear
from geo_review.geometry.intersect import connected_parts, land_inside, land_outside, nearest_m
from geo_review.review.compare_values import compare_values
from geo_review.review.findings import Comparison, Outcome
from geo_review.review.judgement import Ground, Judgement, uncovered_m2
from geo_review.review.slivers import WeighedPart, reaches_limit, weigh, worst_contact
from geo_review.rules.rulebook import Rule
from geo_review.wording import say
from geo_review.wording.figures import square_metres


def check_compare(rule: Rule, layer: LayerNear, ground: Ground) -> Judgement:
    """The project's value must stand to every plan value on its land as the operator says.

    The parts are the land whose plan value is not kept. Land without a plan, a plan without the value and a project
    without the value are not evaluated: a missing value never passes.
    """
    assert rule.attribute is not None
    assert rule.operator is not None
    project_value = ground.project.get(rule.attribute)
    uncovered = uncovered_m2(ground.land, layer, ground)
    comparisons: list[Comparison] = []
    broken: list[Polygon] = []
    unknown: list[Polygon] = []
    for plan_value, pieces in _pieces_by_value(layer, rule.attribute):
        inside = land_inside(ground.land, pieces)
        kept = compare_values(project_value, rule.operator, plan_value)
        if kept is not True:
            (unknown if kept is None else broken).extend(inside)
        if inside:
            comparisons.append(
                Comparison(
                    plan_value=plan_value,
                    project_value=project_value,
                    planar_area_m2=fsum(polygon.area for polygon in inside),
                    kept=kept,
                )
            )
    unplanned = land_outside(ground.land, layer.pieces)
    # The limit holds for the sum over all plots, so the land of each kind is put together before it is weighed.
    parts = _weighed_together(broken, rule, ground)
    outcome, reason = _compared(
        rule,
        project_value,
        is_broken=reaches_limit(parts),
        unknown=_weighed_together(unknown, rule, ground),
        unplanned=_weighed_together(unplanned, rule, ground),
        is_open=reaches_limit(_weighed_together([*unknown, *unplanned], rule, ground)) or not comparisons,
        uncovered=uncovered,
    )
    return Judgement(
        outcome=outcome,
        reason=reason,
        contact=worst_contact(parts),
        parts=parts,
        distance_m=None if comparisons else nearest_m(ground.land, layer.pieces),
        uncovered_area_m2=uncovered,
        comparisons=tuple(comparisons),
    )


def _compared(
    rule: Rule,
    project_value: str | None,
    *,
    is_broken: bool,
    unknown: tuple[WeighedPart, ...],
    unplanned: tuple[WeighedPart, ...],
    is_open: bool,
    uncovered: float,
) -> tuple[Outcome, str]:
    """Worst first again: a value that is not kept, then whatever is missing, then a pass."""
    sides = f"{rule.attribute} {rule.operator}"
    if is_broken:
        return Outcome.FAIL, say("review.reason_compare_broken", project=project_value, sides=sides)
    if project_value is None:
        return Outcome.NOT_EVALUATED, say("review.reason_no_project_value", attribute=rule.attribute)
    if uncovered > 0.0:
        return Outcome.NOT_COVERED, say("review.reason_not_covered", area=square_metres(uncovered))
    if is_open and unknown:
        return Outcome.NOT_EVALUATED, say("review.reason_no_plan_value", attribute=rule.attribute)
    if is_open:
        area_m2 = fsum(part.polygon.area for part in unplanned)
        return Outcome.NOT_EVALUATED, say("review.reason_no_plan", area=square_metres(area_m2))
    return Outcome.PASS, say("review.reason_compare_kept", project=project_value, sides=sides)


def _weighed_together(polygons: list[Polygon], rule: Rule, ground: Ground) -> tuple[WeighedPart, ...]:
    return weigh(connected_parts(shapely.union_all(polygons)), rule, ground.contact_width_m)


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
