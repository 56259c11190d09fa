"""Nature: the ecological red line with its holes, nature reserves, public-benefit forest."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from geo_review.sample_city.drawing import largest, one_area, patch, pencil, ribbon, roughened, rounded
from geo_review.sample_city.facts import in_plane
from geo_review.sample_city.plan import Plan, SampleLayer, layer_of

_DEEP_M = 130.0
_HOLE_EVERY_M = 1700.0  # villages and dyke works left out of the red line along a river


def draw_nature(plan: Plan) -> Iterator[SampleLayer]:
    """Draw every layer that protects nature."""
    yield draw_ecological_red_line(plan)
    yield from _reserves(plan)
    yield _forest(plan)


def draw_ecological_red_line(plan: Plan) -> SampleLayer:
    """River shores with holes, forest parks, and in each town one wetland park that fills a hollow of its grid.

    The three lines never overlap: land inside a development boundary is not inside this one.

    The wetland park shares its edge with the development boundary to the millimetre: a neighbour there only touches.
    """
    rng = pencil(plan.seed, "STBHHX")
    free = plan.land.city.difference(plan.development)
    areas: list[BaseGeometry] = []
    names: list[object] = []
    for name, line, start, end, narrow_m, wide_m in (
        ("黄河湿地（濮阳县段）", plan.land.yellow_river, 0.01, 0.33, 500.0, 1500.0),
        ("黄河湿地（范县段）", plan.land.yellow_river, 0.40, 0.62, 450.0, 1200.0),
        ("黄河湿地（台前县段）", plan.land.yellow_river, 0.68, 0.99, 400.0, 1100.0),
        ("金堤河湿地", plan.rivers["jindi"].line, 0.52, 0.66, 180.0, 480.0),
        ("马颊河湿地", plan.rivers["majia"].line, 0.66, 0.86, 130.0, 330.0),
    ):
        shore = ribbon(
            substring(line, start, end, normalized=True), rng, narrow_m=narrow_m, wide_m=wide_m, step_m=600.0
        )
        outline = roughened(largest(shore.intersection(plan.land.city)), rng, shortest_m=160.0, roughness=0.16)
        areas.append(rounded(one_area(_with_holes(outline.intersection(free), line, rng))))
        names.append(name)
    for name, place_deg, half_axes_m in (
        ("清丰林场", [115.30, 35.855], (1500.0, 900.0)),
        ("南乐马颊河森林公园", [115.42, 36.09], (1300.0, 760.0)),
        ("濮阳县渠村水源涵养林", [115.02, 35.435], (1700.0, 1000.0)),
    ):
        ((easting, northing),) = in_plane([place_deg])
        wood = patch((easting, northing), half_axes_m, rng.uniform(0, 180), rng)
        areas.append(rounded(roughened(wood, rng, shortest_m=140.0, roughness=0.18).intersection(free)))
        names.append(name)
    for town in plan.towns.values():
        areas.append(town.hollows[0])
        names.append(f"{town.county.name}城市湿地公园")
    return layer_of(
        "STBHHX",
        areas,
        BSM=[f"410900000000{number:06d}" for number in range(1, len(areas) + 1)],
        MC=names,
        LHLX=["湿地" if "湿地" in str(name) else "水源涵养" for name in names],
    )


def _with_holes(area: BaseGeometry, line: LineString, rng: np.random.Generator) -> BaseGeometry:
    """Leave villages out of a shore: each a hole well inside it, with land of the red line all around."""
    deep_inside = area.buffer(-_DEEP_M).difference(line.buffer(_DEEP_M))
    holes = []
    for at in np.arange(_HOLE_EVERY_M / 2, line.length, _HOLE_EVERY_M):
        near = line.interpolate(at).buffer(1500.0).intersection(deep_inside)
        if near.is_empty:
            continue
        spot: Point = near.representative_point()
        holes.append(patch((spot.x, spot.y), (rng.uniform(90, 190), rng.uniform(60, 130)), rng.uniform(0, 180), rng))
    return area.difference(shapely.union_all(holes)) if holes else area


def _reserves(plan: Plan) -> Iterator[SampleLayer]:
    """The wetland reserve on the Yellow River and a wetland park; the reserve has a core."""
    rng = pencil(plan.seed, "ZRBHD")
    shore = substring(plan.land.yellow_river, 0.05, 0.24, normalized=True)
    reserve = ribbon(shore, rng, narrow_m=900.0, wide_m=2100.0, step_m=900.0).simplify(30.0)
    core = ribbon(substring(shore, 0.2, 0.75, normalized=True), rng, narrow_m=350.0, wide_m=800.0, step_m=700.0)
    ((easting, northing),) = in_plane([[115.62, 35.885]])
    park = patch((easting, northing), (1300.0, 700.0), 60.0, rng)
    reserve, core = (rounded(one_area(area.intersection(plan.land.city))) for area in (reserve, core.simplify(20.0)))
    yield layer_of(
        "ZRBHD", [reserve, park], MC=["濮阳黄河湿地省级自然保护区", "范县金堤河省级湿地公园"], JB=["省级", "省级"]
    )
    yield layer_of("ZRBHDHX", [core], MC=["濮阳黄河湿地省级自然保护区核心保护区"])


def _forest(plan: Plan) -> SampleLayer:
    """Shelter belts along the 黄河故道 sand land and beside the motorways."""
    rng = pencil(plan.seed, "SYGYL")
    woods: list[BaseGeometry] = []
    names: list[object] = []
    for name, place_deg in (
        ("华龙区黄河故道防护林", [114.945, 35.775]),
        ("清丰县固城防护林", [115.0, 35.955]),
        ("南乐县西邵防护林", [115.36, 36.13]),
        ("濮阳县五星防护林", [114.96, 35.60]),
        ("台前县打渔陈防护林", [115.93, 36.0]),
    ):
        ((easting, northing),) = in_plane([place_deg])
        for _ in range(4):
            aside = rng.normal(0.0, 900.0, 2)
            half_axes_m = (rng.uniform(260, 620), rng.uniform(110, 260))
            woods.append(patch((easting + aside[0], northing + aside[1]), half_axes_m, rng.uniform(0, 180), rng))
            names.append(name)
    return layer_of("SYGYL", woods, MC=names)
