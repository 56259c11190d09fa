"""Signs that a drawing was made on a map with shifted coordinates (GCJ-02, BD-09), and how large the shift is here.

Suspects, never shifts back: the shift is no datum, its inverse is only approximate, and land is not moved on a guess.
The formula is the one in public use since 2013 (eviltransform, github.com/googollee/eviltransform, and others after
it): the ellipsoid of Krassowsky and two sums of sines round 105°E 35°N.
"""

from __future__ import annotations

import math
import re

import numpy as np

from geo_review.boundary.model import BoundaryIssue, Coordinates, Severity
from geo_review.wording import say

_AXIS_M = 6_378_245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_FROM_LON_DEG, _FROM_LAT_DEG = 105.0, 35.0
_BAIDU = math.pi * 3000.0 / 180.0

# A map of a company draws shifted; a tool that downloads several maps only where it says so itself.
_SAYS_BAIDU = re.compile(r"bd[-_ ]?09|百度(?!网盘|云|百科)|(?:map|api)\.baidu|baidu ?maps?", re.IGNORECASE)
_SAYS_SHIFTED = re.compile(
    r"gcj[-_ ]?02|火星坐标|国测局坐标|高德|\bamap\b|autonavi|腾讯地图|map\.qq\.com"
    r"|谷歌中国|google ?(?:中国|china)|ditu\.google|maps?\.google\.cn",
    re.IGNORECASE,
)
_TOOLS = re.compile(r"奥维|ovital|omap|图新|locaspace|91卫图|bigemap", re.IGNORECASE)
_COORDINATES = re.compile(r"[\d.,+\-\s]{60,}")


def map_offset_issue(text: str, lonlat: Coordinates) -> BoundaryIssue:
    """Return a warning (``gcj02_suspected``) that names the sign and the shift it would mean, else what is true of
    every drawing (``kml_precision``, info). ``text`` is the whole file, ``lonlat`` its points as written."""
    words = _COORDINATES.sub(" ", text)
    baidu, shifted = _SAYS_BAIDU.search(words), _SAYS_SHIFTED.search(words)
    sign = baidu or shifted
    if sign is None:
        return BoundaryIssue(code="kml_precision", severity=Severity.INFO)
    tool = _TOOLS.search(words)
    values = {
        "sign": "、".join(found[0] for found in (tool, sign) if found is not None),
        "system": "BD-09" if baidu else "GCJ-02",
        "shift": _shift(lonlat, baidu=baidu is not None),
    }
    return BoundaryIssue(code="gcj02_suspected", severity=Severity.WARNING, values=values)


def shift_m(lon_deg: float, lat_deg: float, *, baidu: bool = False) -> tuple[float, float]:
    """Return how far east and north the shifted map draws a point, metres."""
    lon, lat = _gcj02(lon_deg, lat_deg)
    if baidu:
        lon, lat = _bd09(lon, lat)
    curvature = 1.0 - _ECCENTRICITY_SQUARED * math.sin(math.radians(lat_deg)) ** 2
    east_m = math.radians(lon - lon_deg) * _AXIS_M / math.sqrt(curvature) * math.cos(math.radians(lat_deg))
    north_m = math.radians(lat - lat_deg) * _AXIS_M * (1.0 - _ECCENTRICITY_SQUARED) / curvature**1.5
    return east_m, north_m


def _shift(lonlat: Coordinates, *, baidu: bool) -> str:
    if not len(lonlat) or not (np.abs(lonlat) <= [180.0, 90.0]).all():
        return say("crs.shift_unknown")
    lon_deg, lat_deg = (lonlat.min(axis=0) + lonlat.max(axis=0)) / 2.0
    east_m, north_m = shift_m(float(lon_deg), float(lat_deg), baidu=baidu)
    eighth = round(math.degrees(math.atan2(east_m, north_m)) / 45.0) % 8
    direction = say("crs.directions").split()[eighth]
    return say("crs.shift", metres=round(math.hypot(east_m, north_m), -1), direction=direction)


def _gcj02(lon_deg: float, lat_deg: float) -> tuple[float, float]:
    x, y = lon_deg - _FROM_LON_DEG, lat_deg - _FROM_LAT_DEG
    quick = 20.0 * math.sin(6.0 * math.pi * x) + 20.0 * math.sin(2.0 * math.pi * x)
    north = quick + 20.0 * math.sin(math.pi * y) + 40.0 * math.sin(math.pi * y / 3.0)
    north += 160.0 * math.sin(math.pi * y / 12.0) + 320.0 * math.sin(math.pi * y / 30.0)
    north = north * 2.0 / 3.0 - 100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    east = quick + 20.0 * math.sin(math.pi * x) + 40.0 * math.sin(math.pi * x / 3.0)
    east += 150.0 * math.sin(math.pi * x / 12.0) + 300.0 * math.sin(math.pi * x / 30.0)
    east = east * 2.0 / 3.0 + 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    curvature = 1.0 - _ECCENTRICITY_SQUARED * math.sin(math.radians(lat_deg)) ** 2
    radius_m = _AXIS_M / math.sqrt(curvature)
    lon = lon_deg + math.degrees(east / (radius_m * math.cos(math.radians(lat_deg))))
    lat = lat_deg + math.degrees(north / (radius_m * (1.0 - _ECCENTRICITY_SQUARED) / curvature))
    return lon, lat


def _bd09(lon_deg: float, lat_deg: float) -> tuple[float, float]:
    length = math.hypot(lon_deg, lat_deg) + 0.00002 * math.sin(lat_deg * _BAIDU)
    angle = math.atan2(lat_deg, lon_deg) + 0.000003 * math.cos(lon_deg * _BAIDU)
    return length * math.cos(angle) + 0.0065, length * math.sin(angle) + 0.006
