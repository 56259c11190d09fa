"""Measuring land: planar and ellipsoidal area, width. Results are in metres or square metres, unrounded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

import shapely
from pyproj import Geod
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geo_review.geometry.crs import STEP_DEG

_CGCS2000 = Geod(a=6378137.0, rf=298.257222101)

WIDTH_RESOLUTION_M = 1e-6  # widths closer than a micrometre are the same
_CIRCLE_RESOLUTION_M = 1e-6
_EROSION_ROUNDING_M = 1e-5


def planar_area_m2(geometry: BaseGeometry) -> float:
    """Return the area in the plane of a geometry in a projected CRS; lines, points and empties have 0."""
    return float(geometry.area)


def ellipsoidal_area_m2(lonlat: BaseGeometry) -> float:
    """Return the area on the CGCS2000 ellipsoid of a polygonal geometry in EPSG:4490, longitude first.

    Edges are straight in lon/lat, as in the official trapezoid formula (国土调查办发〔2008〕32号): they are
    densified before the geodesic sum, and then agree with it to 0.001 m² per km².
    """
    total_m2 = 0.0
    for polygon in _polygons(shapely.segmentize(lonlat, STEP_DEG)):
        total_m2 += abs(_CGCS2000.polygon_area_perimeter(*_columns(polygon.exterior))[0])
        for hole in polygon.interiors:
            total_m2 -= abs(_CGCS2000.polygon_area_perimeter(*_columns(hole))[0])
    return total_m2


def max_width_m(polygon: Polygon) -> float:
    """Return the diameter of the largest circle inside a polygon of a projected CRS; 0 for an empty one.

    GEOS finds the circle by a bounded search: on a long crooked strip the answer may fall short by some micrometres,
    never exceed. A decision at a limit is `is_narrower_than`.
    """
    if polygon.area <= 0.0:
        return 0.0
    return 2.0 * float(shapely.maximum_inscribed_circle(polygon, tolerance=_CIRCLE_RESOLUTION_M).length)


def is_narrower_than(polygon: Polygon, width_m: float) -> bool:
    """Tell whether no circle of this diameter fits into a polygon of a projected CRS.

    Two methods must both find it narrow: the largest circle, and the erosion by half the width, which sees all of a
    crooked strip but rounds (measured 1e-6 m at 0.02 m; 1e-5 m is allowed). Whatever is that near the limit has
    reached it.
    """
    if max_width_m(polygon) >= width_m - WIDTH_RESOLUTION_M:
        return False
    return bool(polygon.buffer(-(width_m - _EROSION_ROUNDING_M) / 2.0, join_style="mitre").is_empty)


def least_width_m(polygon: Polygon) -> float:
    """Return a bound that the width is not below, without searching for a circle; 0 for land with several holes.

    Every point of a polygon lies within the radius r of its largest circle from the outline, so A ≤ r·P where at most
    one hole lets the inner parallels grow no longer than the outline.
    """
    if polygon.length <= 0.0 or len(polygon.interiors) > 1:
        return 0.0
    return 2.0 * float(polygon.area) / float(polygon.length)


def _polygons(geometry: BaseGeometry) -> Iterator[Any]:
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Polygon" and not part.is_empty:
            yield part


def _columns(ring: Any) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    coordinates = shapely.get_coordinates(ring)
    return coordinates[:, 0], coordinates[:, 1]
