"""Measuring land: planar and ellipsoidal area, width. Results are in metres or square metres, unrounded."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

import shapely
from shapely.geometry import LinearRing, Polygon
from shapely.geometry.base import BaseGeometry

from geo_review.geometry.crs import LONLAT, is_geographic, reproject

_A_M = 6378137.0  # the CGCS2000 ellipsoid
_FLATTENING = 1.0 / 298.257222101
_E2 = _FLATTENING * (2.0 - _FLATTENING)
_E = math.sqrt(_E2)
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(5)

# Floats of a northing of 4,000 km are half a nanometre apart: no area is told better than this along its outline.
COORDINATE_STEP_M = 1e-9
WIDTH_RESOLUTION_M = 1e-6  # widths closer than a micrometre are the same
_CIRCLE_RESOLUTION_M = 1e-6
_EROSION_ROUNDING_M = 1e-5
_MANY_VERTICES = 12
_LONG = 5.0  # outline over the root of the area: 3.5 for a circle, 4 for a square, 5 for a strip of 1 to 4
_EROSION_PRECISION = 1e-4
_AREA_STEP_M = 5.0  # a chord of 5 m bulges by 0.3 µm


def planar_area_m2(geometry: BaseGeometry) -> float:
    """Return the area in the plane of a geometry in a projected CRS; lines, points and empties have 0."""
    return float(geometry.area)


def ellipsoidal_area_m2(geometry: BaseGeometry, epsg: int = LONLAT) -> float:
    """Return the area on the CGCS2000 ellipsoid of a polygonal geometry in ``epsg``, easting or longitude first.

    Edges are straight in the CRS the geometry is in. In lon/lat that is what the official trapezoid formula means
    (国土调查办发〔2008〕32号); with edges cut short it gives the same to 1e-12. Projected edges are cut to a few metres
    on their way to lon/lat: as chords of 200 m they would be 0.5 mm off, or 0.07 m² each.
    """
    if not is_geographic(epsg):
        geometry = reproject(shapely.segmentize(geometry, _AREA_STEP_M), epsg, LONLAT)
    return sum(
        (
            _ring_area_m2(polygon.exterior) - sum(_ring_area_m2(hole) for hole in polygon.interiors)
            for polygon in _polygons(geometry)
        ),
        0.0,
    )


def max_width_m(polygon: Polygon) -> float:
    """Return the diameter of the largest circle inside a polygon of a projected CRS; 0 for an empty one.

    GEOS finds the circle by a bounded search: on a crooked strip the answer may fall short by some micrometres, never
    exceed. On a piece of a curved road the search takes a tenth of a second, so such land is measured by erosion, to a
    ten-thousandth. A decision at a limit is `is_narrower_than`.
    """
    if polygon.area <= 0.0:
        return 0.0
    if shapely.get_num_coordinates(polygon) > _MANY_VERTICES and polygon.length > _LONG * math.sqrt(polygon.area):
        return _width_by_erosion_m(polygon)
    return 2.0 * float(shapely.maximum_inscribed_circle(polygon, tolerance=_CIRCLE_RESOLUTION_M).length)


def is_narrower_than(polygon: Polygon, width_m: float) -> bool:
    """Tell whether no circle of this diameter fits into a polygon of a projected CRS.

    Two methods must both find it narrow: the largest circle, and the erosion by half the width, which sees all of a
    crooked strip but rounds (measured 1e-6 m at 0.02 m; 1e-5 m is allowed). Whatever is that near the limit has
    reached it. Land that is that wide by its area and outline alone needs neither search.
    """
    if least_width_m(polygon) >= width_m or max_width_m(polygon) >= width_m - WIDTH_RESOLUTION_M:
        return False
    return bool(polygon.buffer(-(width_m - _EROSION_ROUNDING_M) / 2.0, join_style="mitre").is_empty)


def _width_by_erosion_m(polygon: Polygon) -> float:
    """Halve between the bounds of the width on whether an erosion by half of it leaves anything."""
    low_m, high_m = least_width_m(polygon), 2.0 * math.sqrt(polygon.area / math.pi)
    guess_m = 1.5 * low_m  # a strip is hardly wider than 2A/P, and a guess that holds saves half of the work
    while high_m - low_m > max(WIDTH_RESOLUTION_M, _EROSION_PRECISION * high_m):
        middle_m = guess_m if low_m < guess_m < high_m else (low_m + high_m) / 2.0
        guess_m = 0.0
        if polygon.buffer(-middle_m / 2.0, quad_segs=2, join_style="mitre").is_empty:
            high_m = middle_m
        else:
            low_m = middle_m
    return (low_m + high_m) / 2.0


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


def _ring_area_m2(ring: LinearRing) -> float:
    """Integrate the strip between a parallel and the ring over longitude, by Gauss-Legendre along each edge.

    An edge is straight, so latitude is linear on it, and five nodes integrate the smooth strip to the last digit.
    """
    longitudes, latitudes = np.radians(shapely.get_coordinates(ring)).T
    middles, halves = (latitudes[1:] + latitudes[:-1]) / 2.0, np.diff(latitudes) / 2.0
    along = middles[:, np.newaxis] + halves[:, np.newaxis] * _NODES
    # The strip is measured from the mean parallel, not the equator: the digits stay with the plot.
    strips = (_strip_m2(along) - _strip_m2(latitudes.mean())) @ (_WEIGHTS / 2.0)
    return abs(float(np.sum(strips * np.diff(longitudes))))


def _strip_m2(latitude: Any) -> Any:
    """The area between the equator and a parallel per radian of longitude (Snyder 1987, eq. 3-12, times a²/2)."""
    sine = np.sin(latitude)
    second = sine / (1.0 - _E2 * sine**2) + np.arctanh(_E * sine) / _E
    return _A_M**2 * (1.0 - _E2) / 2.0 * second
