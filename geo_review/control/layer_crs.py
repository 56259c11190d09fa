"""Deciding the coordinate system of a layer: asked, declared, or what its numbers leave as the only reading.

Never guesses a zone: metres without a zone number and without a declaration are refused, and so is a declaration that
the coordinates contradict, or a datum that is neither CGCS2000 nor WGS 84.
"""

from __future__ import annotations

import re
from typing import NoReturn

import numpy as np
import numpy.typing as npt

from pyproj import CRS
from pyproj.exceptions import CRSError

from geo_review.boundary.datum import Datum, datum_by_name, known_crs
from geo_review.boundary.declared_wkt import declared_by_wkt
from geo_review.boundary.model import DeclaredCrs
from geo_review.errors import InvalidLayer, InvalidOption, UnknownCrs
from geo_review.geometry.crs import LONLAT, WGS84, GaussKruger, gauss_kruger
from geo_review.wording import say

_EPSG_NAME = re.compile(r"(?:urn:ogc:def:crs:|https?://www\.opengis\.net/def/crs/)?EPSG(?:[:/][^:/]*)?[:/](\d+)", re.I)
_CRS84_NAME = re.compile(r"(?:urn:ogc:def:crs:|https?://www\.opengis\.net/def/crs/)?OGC(?:[:/][^:/]*)?[:/]CRS84", re.I)
_TAKEN = (Datum.CGCS2000, Datum.WGS84)

Bounds = npt.NDArray[np.float64]  # (n, 4): west, south, east, north of each feature


def layer_epsg(file: str, *, declared: str | None, asked_epsg: int | None, bounds: Bounds) -> int:
    """Return the EPSG code of the coordinates as written; WGS 84 in degrees is 4490, see `geometry.crs.reproject`.

    ``declared`` is WKT, PROJJSON or a name like ``EPSG:4547``, None when the file says nothing.
    """
    if asked_epsg is not None:
        epsg = _asked(asked_epsg)
    elif declared is not None:
        epsg = _declared(file, declared)
    else:
        epsg = _by_magnitude(file, bounds)
    epsg = LONLAT if epsg == WGS84 else epsg
    if len(bounds):
        _check_coordinates(file, epsg, bounds)
    return epsg


def _asked(epsg: int) -> int:
    known = known_crs(epsg)
    if known is None or known.datum not in _TAKEN or not (known.geographic or known.projected):
        raise InvalidOption(
            code="layer_crs_asked",
            message=say("control.crs_asked", epsg=epsg, name=known.name if known else say("control.crs_no_such")),
            remedy=say("control.crs_remedy"),
        )
    return epsg


def _declared(file: str, text: str) -> int:
    declared = _read_name(text)
    if declared is None:
        raise _unknown("crs_unreadable", file, name=text.strip()[:80])
    if declared.epsg is None:
        if declared.datum and datum_by_name(declared.datum) not in (*_TAKEN, Datum.UNKNOWN):
            raise _unknown("datum", file, name=declared.datum)
        raise _unknown("crs_without_code", file, name=text.strip()[:80])
    known = known_crs(declared.epsg)
    if known is None or not (known.geographic or known.projected):
        raise _unknown("crs_unreadable", file, name=f"EPSG:{declared.epsg}")
    if known.datum not in _TAKEN:
        raise _unknown("datum", file, name=f"{known.name}（EPSG:{known.epsg}）")
    return known.epsg


def _read_name(text: str) -> DeclaredCrs | None:
    text = text.strip().removeprefix("\ufeff")
    if name := _EPSG_NAME.fullmatch(text):
        return DeclaredCrs(epsg=int(name[1]))
    if _CRS84_NAME.fullmatch(text):
        return DeclaredCrs(epsg=WGS84)
    if text.startswith("{"):
        try:
            crs = CRS.from_json(text)
        except (CRSError, ValueError):
            return None
        if crs.name == "WGS 84 (CRS84)":  # the default of GeoParquet: WGS 84 with longitude first, as everything here
            return DeclaredCrs(epsg=WGS84)
        text = crs.to_wkt()
    return declared_by_wkt(text)


def _by_magnitude(file: str, bounds: Bounds) -> int:
    """Degrees, or a zone number before every easting: nothing else tells a system by itself."""
    if not len(bounds):
        return LONLAT  # no coordinates: any system is right
    west, south, east, north = _extent(bounds)
    if _swapped_degrees(bounds).any() or (max(abs(west), abs(east)) <= 180.0 and max(abs(south), abs(north)) <= 90.0):
        return LONLAT
    zone = _zone_number(west, east)
    if zone and 0.0 <= south <= north < 1e7:
        return GaussKruger(width_deg=3 if zone >= 25 else 6, zone=zone, prefixed=True).epsg
    raise _unknown("crs_not_declared", file, **_shown(bounds[0]))


def _check_coordinates(file: str, epsg: int, bounds: Bounds) -> None:
    """Refuse coordinates that cannot be of this system, when the mistake can be named."""
    west, south, east, north = _extent(bounds)
    if known_crs(epsg).geographic:  # type: ignore[union-attr]  # decided above
        if (swapped := _swapped_degrees(bounds)).any():
            _refuse("swapped_degrees", file, bounds, swapped)
        outside = (np.abs(bounds[:, [0, 2]]).max(axis=1) > 180.0) | (np.abs(bounds[:, [1, 3]]).max(axis=1) > 90.0)
        if outside.any():
            _refuse("not_degrees", file, bounds, outside, epsg=epsg)
        return
    zone = gauss_kruger(epsg)
    if zone is None:
        return
    # All of China lies between the northings 300 km and 6,000 km, and within 1,000 km of a meridian its zone may have.
    swapped = (bounds[:, 1] >= 1e7) | ((bounds[:, 0] >= 2e6) & (bounds[:, 0] < 1e7) & (bounds[:, 3] < 1e6))
    if swapped.any():
        _refuse("swapped_metres", file, bounds, swapped)
    if max(abs(west), abs(east)) <= 180.0 and max(abs(south), abs(north)) <= 90.0:
        _refuse("not_metres", file, bounds, np.ones(len(bounds), dtype=bool), epsg=epsg)
    written = _zone_number(west, east)
    if written != (zone.zone if zone.prefixed else 0) and (written or east < 1e6):
        everywhere = np.ones(len(bounds), dtype=bool)
        _refuse("prefix_written" if written else "prefix_missing", file, bounds, everywhere, epsg=epsg, zone=written)


def _swapped_degrees(bounds: Bounds) -> npt.NDArray[np.bool_]:
    """Tell which features can only be latitude first: 3-54 and 73-136 are China the wrong way round."""
    return (bounds[:, 0] >= 3.0) & (bounds[:, 2] <= 54.0) & (bounds[:, 1] >= 73.0) & (bounds[:, 3] <= 136.0)


def _zone_number(west: float, east: float) -> int:
    """Return the zone number that stands before every easting, 0 when there is none or more than one."""
    zone = int(west // 1e6)
    return zone if zone == int(east // 1e6) and (13 <= zone <= 23 or 25 <= zone <= 45) else 0


def _extent(bounds: Bounds) -> tuple[float, float, float, float]:
    west, south = bounds[:, :2].min(axis=0)
    east, north = bounds[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


def _shown(bounds: Bounds) -> dict[str, str]:
    return {"first": f"{bounds[0]:.10g}", "second": f"{bounds[1]:.10g}"}


def _unknown(code: str, file: str, **values: object) -> UnknownCrs:
    return UnknownCrs(
        code=f"layer_{code}", message=say(f"control.{code}", file=file, **values), remedy=say("control.crs_remedy")
    )


def _refuse(code: str, file: str, bounds: Bounds, which: npt.NDArray[np.bool_], **values: object) -> NoReturn:
    index = int(np.flatnonzero(which)[0])
    raise InvalidLayer(
        code=f"layer_{code}",
        message=say(f"control.{code}", file=file, feature=index + 1, **_shown(bounds[index]), **values),
        remedy=say("control.swapped_remedy" if code.startswith("swapped") else "control.crs_remedy"),
    )
