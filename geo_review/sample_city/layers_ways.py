"""Ways: highways by class, railways, high-voltage lines, oil and gas pipelines."""

from __future__ import annotations

from collections.abc import Iterator

from shapely.geometry import MultiLineString

from geo_review.sample_city.drawing import polygons, rounded
from geo_review.sample_city.plan import Line, Plan, SampleLayer, layer_of

# The layer of each class of highway. Highway land is drawn as strips: the control zone counts from its outer edge.
_HIGHWAYS = {"GLGS": "高速公路", "GLGD": "国道", "GLSD": "省道", "GLXD": "县道", "GLXAD": "乡道"}


def draw_ways(plan: Plan) -> Iterator[SampleLayer]:
    """Draw every layer that runs through the city as a line."""
    for code, grade in _HIGHWAYS.items():
        yield _strips(plan, code, [road for road in plan.roads if road.course.grade == grade])
    yield _strips(plan, "TLBH", list(plan.railways))
    yield layer_of(
        "GYZL",
        [_outer_wires(line).intersection(plan.land.city) for line in plan.power_lines],
        MC=[line.course.name for line in plan.power_lines],
        DYDJ=[line.course.kilovolt for line in plan.power_lines],
    )
    yield layer_of(
        "YQGX",
        [line.line.intersection(plan.land.city) for line in plan.pipelines],
        MC=[line.course.name for line in plan.pipelines],
    )


def _outer_wires(line: Line) -> MultiLineString:
    """The corridor is counted from the outer wires, half the span of the cross-arms away from the middle."""
    return MultiLineString(
        [line.line.offset_curve(side * line.course.width_m / 2, join_style="mitre") for side in (1, -1)]
    )


def _strips(plan: Plan, code: str, lines: list[Line]) -> SampleLayer:
    parts = [(line, part) for line in lines for part in polygons(line.land.intersection(plan.land.city))]
    return layer_of(code, [rounded(part) for _, part in parts], MC=[line.course.name for line, _ in parts])
