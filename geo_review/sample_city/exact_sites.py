"""Sites that stand exactly somewhere: in a street, on the edge of a park, a centimetre over the edge of a wetland."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon

from geo_review.sample_city.drawing import MILLIMETRES
from geo_review.sample_city.sites import NoSite, Terrain, clear_of_all_but
from geo_review.sample_city.wishes import Wish

_OVER_THE_EDGE_M = 0.010
_LONGEST_STREET_M = 900.0


def beside_park(wish: Wish, terrain: Terrain) -> MultiPolygon:
    """Return a site that shares one whole edge of a green line, corner for corner, and lies beyond it."""
    return _first(wish, terrain, _park_neighbours(wish, terrain), frozenset({"ZXCQCSLVX"}))


def over_wetland(wish: Wish, terrain: Terrain) -> MultiPolygon:
    """Return a site whose edge runs a centimetre inside a wetland park of the ecological red line."""
    return _first(wish, terrain, _wetland_neighbours(wish, terrain), frozenset({"STBHHX"}))


def in_street(wish: Wish, terrain: Terrain) -> MultiPolygon:
    """Return a stretch of a street between its red lines, as long as the wish says."""
    return _first(wish, terrain, _stretches(wish, terrain), frozenset(wish.meets))


def _first(wish: Wish, terrain: Terrain, sites: Iterator[Polygon], allowed: frozenset[str]) -> MultiPolygon:
    for site in sites:
        candidate = MultiPolygon([site])
        if not clear_of_all_but(np.array([candidate]), wish, terrain, allowed)[0]:
            continue
        if all(len(terrain.trees[code].query(site, predicate="intersects")) for code in wish.meets):
            return candidate
    raise NoSite(f"no land for {wish.name}")


def _park_neighbours(wish: Wish, terrain: Terrain) -> Iterator[Polygon]:
    town = terrain.plan.towns[wish.county]
    depth_m = wish.size_m[1]
    for block in town.blocks:
        for number in terrain.trees["ZXCQCSLVX"].query(block, predicate="covers"):
            park = terrain.layers["ZXCQCSLVX"].geometries[number]
            for start, end in _edges(park):
                site = _built_on(start, end, -depth_m)
                if block.covers(site) and not site.intersects(park.buffer(-0.5)):
                    yield site


def _wetland_neighbours(wish: Wish, terrain: Terrain) -> Iterator[Polygon]:
    width_m, depth_m = wish.size_m
    wetland = terrain.plan.towns[wish.county].hollows[0]
    for start, end in _edges(wetland):
        along = (end - start) / np.hypot(*(end - start))
        middle = (start + end) / 2
        first, last = middle - along * width_m / 2, middle + along * width_m / 2
        inward = np.array([-along[1], along[0]]) * _OVER_THE_EDGE_M
        yield _built_on(first + inward, last + inward, -depth_m)


def _stretches(wish: Wish, terrain: Terrain) -> Iterator[Polygon]:
    """The middle of each street side: a strip between two blocks that face each other."""
    town = terrain.plan.towns[wish.county]
    length_m = min(wish.size_m[0], _LONGEST_STREET_M)
    half_width_m = wish.size_m[1] / 2
    inner = terrain.development.buffer(-60.0)
    for cell in town.cells[~town.exclave]:
        for start, end in _edges(cell):
            along = (end - start) / np.hypot(*(end - start))
            middle = (start + end) / 2
            line = LineString(np.round([middle - along * length_m / 2, middle + along * length_m / 2], MILLIMETRES))
            strip = shapely.set_precision(line.buffer(half_width_m, cap_style="flat"), 10.0**-MILLIMETRES)
            inside_wanted = {"surveyed": False, "unsurveyed": True}[wish.ground]
            if inner.covers(strip) and terrain.unsurveyed.intersects(strip.buffer(4.0)) is inside_wanted:
                yield strip


def _edges(polygon: Polygon) -> Iterator[tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]]:
    """Yield the edges of a polygon anticlockwise: its land lies on the left."""
    corners = shapely.get_coordinates(shapely.orient_polygons(polygon).exterior)
    yield from pairwise(corners)


def _built_on(start: npt.NDArray[np.float64], end: npt.NDArray[np.float64], to_the_left_m: float) -> Polygon:
    """Return the quadrilateral on an edge, so deep to its left (negative: to its right)."""
    along = (end - start) / np.hypot(*(end - start))
    left = np.array([-along[1], along[0]]) * to_the_left_m
    return Polygon(np.round([start, end, end + left, start + left], MILLIMETRES))
