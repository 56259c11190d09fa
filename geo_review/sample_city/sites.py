"""Finds land for a wished-for project: a place that meets the wished layers and is clearly off all others.

Clearly: never within a few metres of a decision, so that the expected verdict holds by construction. The distances
are those of the default rulebook; a test reviews every project and holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geo_review.sample_city.drawing import pencil
from geo_review.sample_city.facts import in_plane
from geo_review.sample_city.plan import Geometries, Plan, SampleLayer
from geo_review.sample_city.shapes import shape_named, turned
from geo_review.sample_city.wishes import Wish

# How far a site must be from these lines to have nothing to do with them.
_REACH_M = {
    "GYZL": 20.0,
    "YQGX": 50.0,
    "TLBH": 20.0,
    "GLGS": 30.0,
    "GLGD": 20.0,
    "GLSD": 15.0,
    "GLXD": 10.0,
    "GLXAD": 5.0,
    "DZDL": 200.0,
    "QXTC": 1000.0,
    "XFAQ": 50.0,
}
_NEVER_DECIDE = frozenset({"GYYDKZX", "DZZH", "KGDK", "CZKFBJ"})  # notices, plans; the last is asked for by itself
_NOT_FOR_LINEAR = frozenset({"DLHX"})  # a notice for linear works and others
_CLEAR_M = 4.0
_DEEP_M = 4.0
_CANDIDATES = 150
_ROUNDS = 80
_ZONE_BORDER_DEG = 115.5


class NoSite(RuntimeError):
    """The city of this seed has no land for a project: the wish and the drawing contradict each other."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Terrain:
    """The plan and its layers, indexed for questions about sites."""

    plan: Plan
    layers: Mapping[str, SampleLayer]
    trees: Mapping[str, shapely.STRtree]
    development: BaseGeometry
    unsurveyed: BaseGeometry


def terrain_of(plan: Plan, layers: Mapping[str, SampleLayer]) -> Terrain:
    """Index the layers once for all sites."""
    unsurveyed = next(layer.unsurveyed for layer in layers.values() if layer.unsurveyed is not None)
    development = plan.development
    # Each is asked about thousands of sites.
    shapely.prepare([unsurveyed, development, *plan.land.counties.values()])
    return Terrain(
        plan=plan,
        layers=layers,
        trees={code: shapely.STRtree(layer.geometries) for code, layer in layers.items()},
        development=development,
        unsurveyed=unsurveyed,
    )


def find_site(wish: Wish, terrain: Terrain) -> MultiPolygon:
    """Return the first of many seeded places that fits the wish."""
    rng = pencil(terrain.plan.seed, wish.name)
    triangles = _triangles(_search_area(wish, terrain))
    for _ in range(_ROUNDS):
        sites = _candidates(wish, terrain, triangles, rng)
        for fits in (_in_county, _development_fits, _ground_fits, _zone_fits, _meets, _clear):
            sites = sites[fits(sites, wish, terrain)]
        if len(sites):
            site: MultiPolygon = sites[0]
            return site
    raise NoSite(f"no land for {wish.name}")


def clear_of_all_but(sites: Geometries, wish: Wish, terrain: Terrain, allowed: frozenset[str]) -> npt.NDArray[np.bool_]:
    """Tell of each site whether it is clearly off every deciding layer but the allowed ones."""
    clear = np.ones(len(sites), dtype=bool)
    for code in _deciding(wish, terrain) - allowed:
        near, _ = terrain.trees[code].query(sites, predicate="dwithin", distance=_REACH_M.get(code, 0.0) + _CLEAR_M)
        clear[near] = False
    return clear


def _deciding(wish: Wish, terrain: Terrain) -> frozenset[str]:
    silent = _NEVER_DECIDE | (_NOT_FOR_LINEAR if wish.flow in ("government-linear", "other") else frozenset())
    return frozenset(terrain.layers) - silent


def _search_area(wish: Wish, terrain: Terrain) -> BaseGeometry:
    """Return where the middle of the site may lie."""
    plan = terrain.plan
    town = plan.towns[wish.county]
    area: BaseGeometry
    match wish.where:
        case "town":
            area = shapely.union_all(town.cells[~town.exclave])
        case "park":
            area = shapely.union_all(town.cells[town.exclave])
        case "rural":
            area = plan.land.counties[wish.county].difference(town.development)
        case where:
            raise ValueError(f"nobody searches {where}")
    if wish.development == "across":
        area = town.development.boundary.buffer(min(wish.size_m) / 2)
    for code in wish.meets:
        reach_m = _REACH_M.get(code, 0.0) + max(wish.size_m) / 2
        near = terrain.layers[code].geometries
        near = near[shapely.dwithin(near, area, reach_m)]
        area = area.intersection(shapely.union_all(shapely.buffer(near, reach_m, quad_segs=2)))
    if wish.ground == "unsurveyed":
        area = area.intersection(terrain.unsurveyed)
    elif wish.ground == "across":
        area = area.intersection(terrain.unsurveyed.boundary.buffer(max(wish.size_m) / 4))
    return area


def _triangles(area: BaseGeometry) -> Geometries:
    parts = shapely.get_parts(shapely.get_parts(area))
    parts = parts[shapely.get_dimensions(parts) == 2]
    if not len(parts):
        raise NoSite("the area of search is empty")
    return np.asarray(shapely.get_parts(shapely.constrained_delaunay_triangles(shapely.multipolygons(parts))))


def _candidates(wish: Wish, terrain: Terrain, triangles: Geometries, rng: np.random.Generator) -> Geometries:
    """Return the shape at many random places, turned as the streets or the fields of the county lie."""
    weights = shapely.area(triangles)
    chosen = triangles[rng.choice(len(triangles), _CANDIDATES, p=weights / weights.sum())]
    corners = shapely.get_coordinates(chosen).reshape(-1, 4, 2)[:, :3]
    shares = np.sort(rng.random((_CANDIDATES, 2)), axis=1)
    shares = np.column_stack([shares[:, 0], shares[:, 1] - shares[:, 0], 1.0 - shares[:, 1]])
    middles = (corners * shares[:, :, None]).sum(axis=1)
    county = terrain.plan.towns[wish.county].county
    angle_deg = county.field_angle_deg if wish.where == "rural" else county.town_angle_deg
    shape = shape_named(wish.shape, *wish.size_m)
    return np.array([turned(shape, angle_deg, easting, northing) for easting, northing in middles], dtype=object)


def _in_county(sites: Geometries, wish: Wish, terrain: Terrain) -> npt.NDArray[np.bool_]:
    return np.asarray(shapely.covers(terrain.plan.land.counties[wish.county], sites))


def _meets(sites: Geometries, wish: Wish, terrain: Terrain) -> npt.NDArray[np.bool_]:
    """Tell of each site whether it meets all the wished layers, and deeply."""
    deep = shapely.buffer(sites, -_DEEP_M, join_style="mitre")
    meets = np.ones(len(sites), dtype=bool)
    for code in wish.meets:
        reach_m = max(_REACH_M.get(code, 0.0) - _DEEP_M, 0.0)
        hit = np.zeros(len(sites), dtype=bool)
        hit[terrain.trees[code].query(deep, predicate="dwithin", distance=reach_m)[0]] = True
        meets &= hit
    return meets


def _clear(sites: Geometries, wish: Wish, terrain: Terrain) -> npt.NDArray[np.bool_]:
    return clear_of_all_but(sites, wish, terrain, frozenset(wish.meets))


def _development_fits(sites: Geometries, wish: Wish, terrain: Terrain) -> npt.NDArray[np.bool_]:
    match wish.development:
        case "inside":
            return np.asarray(shapely.covered_by(shapely.buffer(sites, _CLEAR_M), terrain.development))
        case "outside":
            return np.asarray(~shapely.dwithin(sites, terrain.development, _CLEAR_M))
        case _:
            inside = shapely.area(shapely.intersection(sites, terrain.development)) / shapely.area(sites)
            return np.asarray((inside > 0.25) & (inside < 0.75))


def _ground_fits(sites: Geometries, wish: Wish, terrain: Terrain) -> npt.NDArray[np.bool_]:
    match wish.ground:
        case "surveyed":
            return np.asarray(~shapely.dwithin(sites, terrain.unsurveyed, _CLEAR_M))
        case "unsurveyed":
            return np.asarray(shapely.covered_by(sites, terrain.unsurveyed))
        case _:
            share = shapely.area(shapely.intersection(sites, terrain.unsurveyed)) / shapely.area(sites)
            return np.asarray((share > 0.2) & (share < 0.8))


def _zone_fits(sites: Geometries, wish: Wish, terrain: Terrain) -> npt.NDArray[np.bool_]:
    """Tell on which side of 115.5°E, the border of the zones 38 and 39, a site lies."""
    if not wish.side:
        return np.ones(len(sites), dtype=bool)
    border = shapely.linestrings(in_plane([[_ZONE_BORDER_DEG, lat / 100] for lat in range(3530, 3630, 5)]))
    bounds = shapely.bounds(sites)
    middle_northing = (bounds[:, 1] + bounds[:, 3]) / 2
    border_corners = shapely.get_coordinates(border)
    border_easting = np.interp(middle_northing, border_corners[:, 1], border_corners[:, 0])
    match wish.side:
        case "east":
            return np.asarray(bounds[:, 0] > border_easting + _CLEAR_M)
        case "west":
            return np.asarray(bounds[:, 2] < border_easting - _CLEAR_M)
        case _:
            return np.asarray((bounds[:, 0] < border_easting - 10.0) & (bounds[:, 2] > border_easting + 10.0))
