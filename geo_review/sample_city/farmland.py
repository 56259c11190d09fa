"""Permanent basic farmland: fields that share their edges, cut by roads and rivers, with villages left out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geo_review.sample_city.drawing import MILLIMETRES, pencil, polygons
from geo_review.sample_city.facts import County
from geo_review.sample_city.plan import Plan, SampleLayer, layer_of

FIELDS = 20_000
_SPARE = 1.16  # more fields are drawn than are kept: the rest is villages
_LONGER = 1.5  # a field is longer than it is wide
_SMALLEST_M2 = 9_000.0
_ROAD_VERGE_M = 6.0
_KEEP_OFF_TOWN_M = 90.0


def draw_farmland(plan: Plan, obstacles: BaseGeometry, *, scale: float) -> SampleLayer:
    """Draw ``FIELDS`` fields times the scale on what the obstacles leave free."""
    wanted = max(round(FIELDS * scale), 60)
    shapely.prepare(obstacles)
    free_m2 = plan.land.city.area - obstacles.area
    field_m2 = free_m2 / (wanted * _SPARE)
    drawn = [_fields_of(county, plan, obstacles, field_m2) for county in plan.facts.counties]
    fields = np.concatenate(drawn)
    codes = np.repeat([county.code for county in plan.facts.counties], [len(part) for part in drawn])
    names = np.repeat([county.name for county in plan.facts.counties], [len(part) for part in drawn])
    kept = _without_villages(fields, wanted, plan.seed)
    return layer_of(
        "YJJBNT",
        list(fields[kept]),
        BSM=[f"{code}000000{number:06d}" for number, code in enumerate(codes[kept], 1)],
        XZQDM=codes[kept].tolist(),
        XZQMC=names[kept].tolist(),
        DLBM=["0102"] * len(kept),
        DLMC=["水浇地"] * len(kept),
    )


def draw_obstacles(plan: Plan, protected: list[BaseGeometry]) -> BaseGeometry:
    """Everything that is not field: towns, water, highways, railways, and the land that other lines protect."""
    return shapely.union_all(
        [
            *(town.development.buffer(_KEEP_OFF_TOWN_M, join_style="mitre") for town in plan.towns.values()),
            *(line.land.buffer(20.0, quad_segs=2) for line in plan.rivers.values()),
            *(line.land.buffer(_ROAD_VERGE_M, quad_segs=2) for line in (*plan.roads, *plan.railways)),
            plan.land.yellow_river.buffer(450.0, quad_segs=3),
            *protected,
        ]
    )


def _fields_of(county: County, plan: Plan, obstacles: BaseGeometry, field_m2: float) -> npt.NDArray[np.object_]:
    """Lay a grid of fields over a county, turned as its fields lie, and cut it to the free land."""
    land = plan.land.counties[county.name]
    cells = _grid(county, land, field_m2, pencil(plan.seed, f"fields {county.name}"))
    free = land.difference(obstacles)
    shapely.prepare(free)
    cells = cells[shapely.intersects(free, cells)]
    whole = shapely.covers(free, cells)
    cut = _cut(cells[~whole], free)
    return np.concatenate([cells[whole], cut])


def _grid(county: County, land: Polygon, field_m2: float, rng: np.random.Generator) -> npt.NDArray[np.object_]:
    """Return quadrilaterals that share their corners, a little uneven, with wider rows here and there."""
    west, south, east, north = land.bounds
    reach_m = np.hypot(east - west, north - south) / 2
    wide_m = np.sqrt(field_m2 / _LONGER)
    across, along = (_positions(reach_m, step_m, rng) for step_m in (wide_m, wide_m * _LONGER))
    grid = np.stack(np.meshgrid(across, along), axis=-1)
    grid += rng.uniform(-0.07, 0.07, grid.shape) * wide_m
    angle = np.radians(county.field_angle_deg)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    corners = np.round(grid @ turn + np.array([(west + east) / 2, (south + north) / 2]), MILLIMETRES)
    rings = np.stack([corners[:-1, :-1], corners[:-1, 1:], corners[1:, 1:], corners[1:, :-1]], axis=2)
    return np.asarray(shapely.polygons(rings.reshape(-1, 4, 2)))


def _positions(reach_m: float, step_m: float, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    steps = step_m * rng.uniform(0.72, 1.28, int(2 * reach_m / step_m) + 2)
    return np.asarray(np.cumsum(steps) - reach_m)


def _cut(cells: npt.NDArray[np.object_], free: BaseGeometry) -> npt.NDArray[np.object_]:
    """Return what is left of the fields that meet an obstacle, tiny rests left out."""
    # A field is cut by the land near it only: the whole free land of a county has tens of thousands of corners.
    nearby = [shapely.clip_by_rect(free, *box) for box in shapely.bounds(shapely.buffer(cells, 1.0))]
    rests = [
        part
        for cell, land in zip(cells, nearby, strict=True)
        for part in polygons(cell.intersection(land))
        if part.area >= _SMALLEST_M2
    ]
    return np.array([shapely.set_precision(rest, 10.0**-MILLIMETRES) for rest in rests], dtype=object)


def _without_villages(fields: npt.NDArray[np.object_], wanted: int, seed: int) -> npt.NDArray[np.int64]:
    """Return the numbers of the fields that stay: villages take up the spare ones, in small clusters."""
    rng = pencil(seed, "villages")
    middles = shapely.get_coordinates(shapely.centroid(fields))
    spare = len(fields) - wanted
    assert spare >= 0, f"only {len(fields)} fields drawn, {wanted} wanted"
    hearts = shapely.points(middles[rng.choice(len(fields), max(spare // 3, 1), replace=False)])
    _, distance = shapely.STRtree(hearts).query_nearest(
        shapely.points(middles), return_distance=True, all_matches=False
    )
    order = np.argsort(distance, kind="stable")
    return np.asarray(np.sort(order[spare:]))
