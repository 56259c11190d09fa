"""The spellings of a reference system in GML, and what each says of the order of the axes. Believes no coordinate.

A URN or a URL under ``/def/crs/`` means the order of the authority: for CGCS2000 latitude or northing first. The short
``EPSG:4547`` and the old ``epsg.xml#4547`` mean easting first, as GML 2 and most programs have it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pyproj import CRS
from pyproj.exceptions import CRSError

from geo_review.boundary.model import Axes, DeclaredCrs

_CODE = r"EPSG:(?:[\w.]*:)?(\d{3,6})"  # older writers leave the version out with its colon
_BY_AUTHORITY = (
    re.compile(rf"urn:(?:x-)?ogc:def:crs:{_CODE}", re.IGNORECASE),
    re.compile(rf"urn:(?:x-)?ogc:def:crs,crs:{_CODE}(?:,.*)?", re.IGNORECASE),  # with a height system
    re.compile(r"https?://www\.opengis\.net/def/crs/EPSG/[\w.]+/(\d{3,6})", re.IGNORECASE),
)
_EASTING_FIRST = (
    re.compile(r"EPSG::?(\d{3,6})", re.IGNORECASE),
    re.compile(r"(?:https?://www\.opengis\.net/gml/srs/)?epsg\.xml#(\d{3,6})", re.IGNORECASE),
    re.compile(r"#?(\d{4,6})"),
)
_CRS84 = re.compile(
    r"urn:(?:x-)?ogc:def:crs:OGC:[\w.]*:CRS84|https?://www\.opengis\.net/def/crs/OGC/[\w.]+/CRS84|CRS:?84", re.I
)


@dataclass(frozen=True, kw_only=True, slots=True)
class SrsName:
    """What a name declares; a name of no known form is kept as the name of a datum, which decides nothing by itself."""

    declared: DeclaredCrs
    axes: Axes


def read_srs_name(name: str) -> SrsName:
    """Return the system and the order of axes that a ``srsName`` means."""
    name = name.strip()
    if _CRS84.fullmatch(name):
        return SrsName(declared=DeclaredCrs(epsg=4326), axes=Axes.EASTING_NORTHING)
    for pattern in _BY_AUTHORITY:
        if match := pattern.fullmatch(name):
            epsg = int(match[1])
            axes = Axes.NORTHING_EASTING if _northing_first(epsg) else Axes.EASTING_NORTHING
            return SrsName(declared=DeclaredCrs(epsg=epsg), axes=axes)
    for pattern in _EASTING_FIRST:
        if match := pattern.fullmatch(name):
            return SrsName(declared=DeclaredCrs(epsg=int(match[1])), axes=Axes.EASTING_NORTHING)
    return SrsName(declared=DeclaredCrs(datum=name[:80] or None), axes=Axes.EASTING_NORTHING)


@cache
def _northing_first(epsg: int) -> bool:
    try:
        axes = CRS.from_epsg(epsg).axis_info
    except CRSError:
        return False  # a code that does not exist is refused where the system is decided
    return bool(axes) and axes[0].direction.lower() == "north"
