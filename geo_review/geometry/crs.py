"""Coordinate systems: the only place that makes a pyproj Transformer. Decides no CRS (see `boundary.crs_finding`).

Every geometry here is easting (or longitude) first, whatever EPSG says: all CGCS2000 codes are latitude- or
northing-first, so every transformer is made with ``always_xy=True``.

CGCS2000 Gauss-Kruger codes (EPSG, read from PROJ 9.5):
3-degree zones 25-45 with the zone number before the easting 4513-4533, without it 4534-4554 (75E-135E);
6-degree zones 13-23 with it 4491-4501, without it 4502-4512 (75E-135E).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import numpy as np
import numpy.typing as npt

import shapely
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

LONLAT = 4490
WGS84 = 4326

# A straight edge in one system is curved in another. With these steps the chord stays within 0.05 mm of the curve:
# measured 0.5 mm for 200 m of parallel at 35.7N (the error grows with the square), and 0.8 mm per km between zones.
STEP_DEG = 0.0005
STEP_M = 200.0

# The plane of a zone folds over itself a quarter of the globe from its meridian, without an error from PROJ; up to here
# it is told apart. An extent of less than `_LARGE` is not looked at: what is small is never folded nor many vertices.
FARTHEST_DEG = 60.0
_LARGE_DEG = 10.0
_LARGE_M = 1_000_000.0
_HALF_THE_GLOBE_M = 2e7
_FRAME_STEPS = 64

Coordinates = npt.NDArray[np.float64]
Bounds = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Geometry = TypeVar("Geometry", BaseGeometry, npt.NDArray[np.object_])


@dataclass(frozen=True, kw_only=True, slots=True)
class GaussKruger:
    """A CGCS2000 Gauss-Kruger zone: width 3 or 6 degrees, its number, and whether eastings carry the number."""

    width_deg: int
    zone: int
    prefixed: bool

    @property
    def central_meridian_deg(self) -> int:
        return 3 * self.zone if self.width_deg == 3 else 6 * self.zone - 3

    @property
    def epsg(self) -> int:
        first = {(3, True): 4513, (3, False): 4534, (6, True): 4491, (6, False): 4502}[self.width_deg, self.prefixed]
        return first + self.zone - (25 if self.width_deg == 3 else 13)

    @property
    def easting_prefix_m(self) -> float:
        """What stands before every easting: zone × 1,000,000 m, or nothing."""
        return self.zone * 1_000_000.0 if self.prefixed else 0.0


def gauss_kruger(epsg: int) -> GaussKruger | None:
    """Return the zone that an EPSG code names, or None when it is not a CGCS2000 Gauss-Kruger code."""
    for first, count, width, low, prefixed in (
        (4513, 21, 3, 25, True),
        (4534, 21, 3, 25, False),
        (4491, 11, 6, 13, True),
        (4502, 11, 6, 13, False),
    ):
        if first <= epsg < first + count:
            return GaussKruger(width_deg=width, zone=low + epsg - first, prefixed=prefixed)
    return None


def own_zone_epsg(lon_deg: float) -> int:
    """Return the EPSG code of the 3-degree zone a longitude lies in, without prefix (4547 or 4548 in Puyang)."""
    return GaussKruger(width_deg=3, zone=math.floor((lon_deg + 1.5) / 3.0), prefixed=False).epsg


def reproject(geometry: Geometry, from_epsg: int, to_epsg: int) -> Geometry:
    """Return a geometry (or an array of them) in another CRS, with its long edges densified first.

    A zone and the same zone without prefix differ by a subtraction, which is done exactly. WGS 84 is taken as
    CGCS2000: they agree to centimetres and no public transformation is better. Empty stays empty.
    """
    if same_plane(from_epsg, to_epsg):
        shift_m = _prefix_m(to_epsg) - _prefix_m(from_epsg)
        if shift_m == 0.0:
            return geometry
        shifted: Geometry = shapely.transform(geometry, lambda coordinates: coordinates + np.array([shift_m, 0.0]))
        return shifted
    step = STEP_DEG if is_geographic(from_epsg) else STEP_M
    moved: Geometry = shapely.transform(
        shapely.segmentize(geometry, step),
        lambda coordinates: reproject_points(coordinates, from_epsg, to_epsg),
    )
    return moved


def reproject_points(coordinates: Coordinates, from_epsg: int, to_epsg: int) -> Coordinates:
    """Return an (n, 2) array of points in another CRS, easting or longitude first; impossible points become inf."""
    eastings, northings = _transformer(_as_cgcs2000(from_epsg), _as_cgcs2000(to_epsg)).transform(
        coordinates[:, 0], coordinates[:, 1]
    )
    return np.column_stack([eastings, northings])


def can_reproject(bounds: Bounds, from_epsg: int, to_epsg: int) -> Bools:
    """Tell of extents (n, 4) whether what fills them can be told in another CRS: neither folded nor without end.

    Asked before `reproject` wherever geometry may be of any size: a polygon round the globe would become millions of
    vertices, and rubbish in the plane of a zone.
    """
    possible = np.ones(len(bounds), dtype=bool)
    if same_plane(from_epsg, to_epsg):
        return possible
    extents = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    large = extents > (_LARGE_DEG if is_geographic(from_epsg) else _LARGE_M)
    possible[large] = [_can_reproject_large(each, from_epsg, to_epsg) for each in bounds[large]]
    return possible


def is_geographic(epsg: int) -> bool:
    """Tell whether the coordinates of a CRS are degrees."""
    return bool(_crs(epsg).is_geographic)


def same_plane(left: int, right: int) -> bool:
    """Tell whether two CRSs differ by nothing, or by the zone number before the easting alone."""
    if _as_cgcs2000(left) == _as_cgcs2000(right):
        return True
    zones = gauss_kruger(left), gauss_kruger(right)
    return (
        zones[0] is not None and zones[1] is not None and zones[0].central_meridian_deg == zones[1].central_meridian_deg
    )


def _can_reproject_large(bounds: Bounds, from_epsg: int, to_epsg: int) -> bool:
    west, south, east, north = bounds.tolist()
    longest = max(east - west, north - south)
    if not is_geographic(from_epsg) and longest > _HALF_THE_GLOBE_M:
        return False
    frame = shapely.segmentize(shapely.box(west, south, east, north), longest / _FRAME_STEPS)
    lonlat = reproject_points(shapely.get_coordinates(frame), from_epsg, LONLAT)
    zone = gauss_kruger(to_epsg)
    far = zone is not None and np.abs(lonlat[:, 0] - zone.central_meridian_deg).max() > FARTHEST_DEG
    return bool(np.isfinite(lonlat).all()) and not far


def _prefix_m(epsg: int) -> float:
    zone = gauss_kruger(epsg)
    return zone.easting_prefix_m if zone else 0.0


def _as_cgcs2000(epsg: int) -> int:
    return LONLAT if epsg == WGS84 else epsg


@cache
def _crs(epsg: int) -> CRS:
    return CRS.from_epsg(epsg)


@cache
def _transformer(from_epsg: int, to_epsg: int) -> Transformer:
    return Transformer.from_crs(_crs(from_epsg), _crs(to_epsg), always_xy=True)  # noqa: TID251
