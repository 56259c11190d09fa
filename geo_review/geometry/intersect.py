"""How much land lies inside or outside a set of control polygons. Areas decide, predicates never do.

On 400 red lines that merely abut a control polygon, ``overlaps`` is true 400 times while the common area is below
2e-7 m²; so a part narrower than `measure.WIDTH_RESOLUTION_M` is the noise of floating point, and counts as a touch.
Planar geometry in one projected CRS, metres. Nothing here moves a vertex to implement a tolerance.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geo_review.geometry.measure import WIDTH_RESOLUTION_M, least_width_m, max_width_m
from geo_review.geometry.reach import shapes_within

Geometries = npt.NDArray[np.object_]


def land_inside(land: BaseGeometry, pieces: Geometries) -> list[Polygon]:
    """Return the parts of ``land`` inside the union of ``pieces``, largest first; overlapping pieces count once."""
    hit = _meeting(land, pieces)
    if shapely.covered_by(land, hit).any():
        return connected_parts(land)  # the commonest case of all: nothing needs cutting, and no vertex moves
    return connected_parts(shapely.union_all(_polygonal(shapely.intersection(hit, land))))


def land_outside(land: BaseGeometry, pieces: Geometries) -> list[Polygon]:
    """Return the parts of ``land`` outside the union of ``pieces``, largest first; no pieces: all of it."""
    return connected_parts(shapely.difference(land, shapely.union_all(_polygonal(_meeting(land, pieces)))))


def land_within_distance(land: BaseGeometry, pieces: Geometries, distance_m: float) -> list[Polygon]:
    """Return the parts of ``land`` nearer than ``distance_m`` to any piece (polygon, line or point), or inside it.

    Agrees with `nearest_m`: at the distance or beyond it there is no part.
    """
    nearest = nearest_m(land, pieces)
    if nearest is None or nearest > distance_m - WIDTH_RESOLUTION_M:
        return []
    return land_inside(land, shapes_within(land, pieces, distance_m))


def common_land(left: list[Polygon], right: BaseGeometry) -> list[Polygon]:
    """Return the parts that polygons of a list share with a geometry, largest first."""
    return land_inside(right, np.array(left, dtype=object))


def nearest_m(land: BaseGeometry, pieces: Geometries) -> float | None:
    """Return the distance to the nearest piece, 0.0 when they meet, None when there is none."""
    if not len(pieces):
        return None
    return float(np.min(shapely.distance(land, pieces)))


def connected_parts(geometry: BaseGeometry) -> list[Polygon]:
    """Return the polygons of a geometry, largest first (ties by position), without the noise of floating point."""
    polygons = [part for part in _flat(geometry) if part.geom_type == "Polygon" and not _is_noise(part)]
    return sorted(polygons, key=lambda part: (-part.area, part.bounds))


def _meeting(land: BaseGeometry, pieces: Geometries) -> Geometries:
    if not len(pieces):
        return pieces
    shapely.prepare(land)
    hit: Geometries = pieces[shapely.intersects(land, pieces)]
    return hit


def _polygonal(geometries: Geometries) -> Geometries:
    """Single polygons of any mixture; an overlay may give lines and points beside them."""
    parts = np.array([part for geometry in geometries for part in _flat(geometry)], dtype=object)
    return parts[shapely.get_dimensions(parts) == 2] if len(parts) else parts


def _flat(geometry: BaseGeometry) -> list[BaseGeometry]:
    if hasattr(geometry, "geoms"):
        return [part for member in geometry.geoms for part in _flat(member)]
    return [] if geometry.is_empty else [geometry]


def _is_noise(polygon: Polygon) -> bool:
    return least_width_m(polygon) < WIDTH_RESOLUTION_M and max_width_m(polygon) < WIDTH_RESOLUTION_M
