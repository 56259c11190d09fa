"""Water: the Yellow River's flood land, rivers and their banks, flood risk, wetlands, drinking-water zones."""

from __future__ import annotations

from collections.abc import Iterator

import shapely
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from geo_review.sample_city.drawing import one_area, patch, pencil, polygons, ribbon, rounded
from geo_review.sample_city.facts import in_plane
from geo_review.sample_city.plan import Plan, SampleLayer, layer_of

_BANK_M = 50.0  # 河湖管理范围: the water and this much land on either side
_BLUE_BANK_M = 20.0

# Drinking-water sources: name, place (degrees), reach of level 1 and of level 2 (m).
_SOURCES = (
    ("西水坡调节池水源地", (115.005, 35.765), 420.0, 1500.0),
    ("李子园地下水井群", (114.955, 35.665), 300.0, 1150.0),
    ("中原油田彭楼引黄水源地", (115.455, 35.695), 480.0, 1900.0),
    ("南乐县城集中供水井群", (115.265, 36.085), 260.0, 900.0),
)


def draw_water(plan: Plan) -> Iterator[SampleLayer]:
    """Draw every layer that belongs to water."""
    flood_land = draw_flood_land(plan)
    yield layer_of("HHTQ", [flood_land], MC=["黄河滩区"])
    banks = {
        "黄河": plan.land.yellow_river.buffer(700.0, quad_segs=4).intersection(plan.land.city),
        **{
            line.course.name: line.line.buffer(line.course.width_m / 2 + _BANK_M, quad_segs=3).intersection(
                plan.land.city
            )
            for line in plan.rivers.values()
        },
    }
    yield layer_of("HHGLFW", [rounded(bank) for bank in banks.values()], MC=list(banks))
    yield _flood_risk(plan)
    yield _blue_lines(plan)
    yield _wetlands(plan)
    yield from _sources(plan)


def draw_flood_land(plan: Plan) -> BaseGeometry:
    """The land between the Yellow River and its dyke: two to five kilometres of it, and no town on it."""
    rng = pencil(plan.seed, "HHTQ")
    band = ribbon(plan.land.yellow_river, rng, narrow_m=1900.0, wide_m=4600.0, step_m=1500.0)
    return rounded(one_area(band.simplify(60.0).intersection(plan.land.city).difference(plan.development)))


def _flood_risk(plan: Plan) -> SampleLayer:
    """Low land along the 金堤河, and the flood-storage basin at its mouth."""
    rng = pencil(plan.seed, "HLFXKZX")
    course = plan.rivers["jindi"].line
    low = [
        ribbon(substring(course, start, end, normalized=True), rng, narrow_m=250.0, wide_m=950.0, step_m=700.0)
        for start, end in ((0.02, 0.22), (0.34, 0.5), (0.74, 0.93))
    ]
    risks = [rounded(one_area(area.simplify(25.0).intersection(plan.land.city))) for area in low]
    return layer_of("HLFXKZX", risks, MC=["金堤河上段", "金堤河中段", "金堤河下段"], FXDJ=["中", "中", "高"])


def _blue_lines(plan: Plan) -> SampleLayer:
    """Rivers inside the development boundaries, and a lake in every town."""
    water: list[BaseGeometry] = []
    names: list[object] = []
    for line in plan.rivers.values():
        inside = line.line.buffer(line.course.width_m / 2 + _BLUE_BANK_M, quad_segs=3).intersection(plan.development)
        for part in polygons(inside):
            water.append(rounded(part))
            names.append(line.course.name)
    for town in plan.towns.values():
        rng = pencil(plan.seed, f"lake {town.county.name}")
        lake = draw_lake(town.hollows[-1], rng.uniform(0.5, 0.62))
        water.append(lake)
        names.append(f"{town.county.name}人工湖")
    return layer_of("ZXCQCSLX", water, MC=names)


def draw_lake(hollow: Polygon, share: float) -> Polygon:
    """A lake in the middle of a cell that the town has left out."""
    reach_m = share * hollow.minimum_clearance / 2
    return rounded(shapely.simplify(hollow.buffer(-reach_m * 0.4).buffer(-60.0).buffer(60.0, quad_segs=5), 1.0))


def _wetlands(plan: Plan) -> SampleLayer:
    rng = pencil(plan.seed, "SDBH")
    river = plan.land.yellow_river
    areas, names = [], []
    for name, start, end in (
        ("濮阳县黄河湿地", 0.03, 0.3),
        ("范县黄河湿地", 0.42, 0.6),
        ("台前县黄河湿地", 0.72, 0.97),
    ):
        shore = ribbon(substring(river, start, end, normalized=True), rng, narrow_m=350.0, wide_m=1500.0, step_m=800.0)
        areas.append(rounded(one_area(shore.simplify(20.0).intersection(plan.land.city))))
        names.append(name)
    for name, place_deg, half_axes_m in (
        ("龙湖湿地", [115.118, 35.785], (620.0, 330.0)),
        ("濮水河湿地", [115.0, 35.705], (420.0, 260.0)),
    ):
        ((easting, northing),) = in_plane([place_deg])
        areas.append(patch((easting, northing), half_axes_m, rng.uniform(0, 180), rng))
        names.append(name)
    return layer_of("SDBH", areas, MC=names)


def _sources(plan: Plan) -> Iterator[SampleLayer]:
    """Level 1 lies inside level 2; by convention level 2 is drawn without level 1 cut out."""
    near, wide, names = [], [], []
    for name, place_deg, near_m, wide_m in _SOURCES:
        rng = pencil(plan.seed, name)
        ((easting, northing),) = in_plane([list(place_deg)])
        bearing_deg = rng.uniform(0.0, 180.0)
        outer = patch((easting, northing), (wide_m, wide_m * 0.8), bearing_deg, rng)
        inner = patch((easting, northing), (near_m, near_m * 0.7), bearing_deg, rng)
        assert outer.contains(inner)
        assert outer.contains(Point(easting, northing))
        near.append(inner)
        wide.append(outer.intersection(plan.land.city))
        names.append(name)
    yield layer_of("YYSYD1", near, MC=list(names), BHQJB=["一级"] * len(names))
    yield layer_of("YYSYD2", wide, MC=list(names), BHQJB=["二级"] * len(names))
