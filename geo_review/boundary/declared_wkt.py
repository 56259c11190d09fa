"""Reads a .prj or a GeoPackage's WKT into a `DeclaredCrs`. Believes nothing and checks no coordinates."""

from __future__ import annotations

import math
import re
import warnings
from functools import lru_cache

from pyproj import CRS
from pyproj.exceptions import CRSError

from geo_review.boundary.datum import Datum, datum_by_name, datum_name
from geo_review.boundary.model import DeclaredCrs
from geo_review.geometry.crs import GaussKruger

_SAME_M = 1e-6


@lru_cache(maxsize=64)  # PROJ takes 20 ms to recognise a system, and there are few of them
def declared_by_wkt(wkt: str) -> DeclaredCrs | None:
    """Return what a WKT (of ESRI or of OGC) declares, or None when it is no WKT.

    A CGCS2000 Gauss-Kruger zone is recognised by its central meridian and false easting, whatever it is called
    (``CGCS2000_3_Degree_GK_Zone_38``, ``CGCS2000_3_Degree_GK_CM_114E``, a writer's own name). Another datum stays
    in ``datum``; a system without an EPSG code stays in ``wkt``.
    """
    try:
        crs = CRS.from_wkt(wkt)
    except CRSError:
        return None
    if crs.is_compound:
        crs = crs.sub_crs_list[0]
    name = datum_name(crs)
    datum = datum_by_name(name)
    if datum is Datum.UNKNOWN:
        # Some writers leave D_unknown under a projection called CGCS2000_….
        datum = datum_by_name(crs.name)
        name = crs.name if datum is not Datum.UNKNOWN else name
    if datum in (Datum.CGCS2000, Datum.WGS84):
        if crs.is_geographic:
            return DeclaredCrs(epsg=4490 if datum is Datum.CGCS2000 else 4326, datum=name)
        zone = _gauss_kruger(crs)
        if zone is not None:
            return DeclaredCrs(epsg=zone.epsg, datum=name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyproj warns that a PROJ string would lose something; none is made
        epsg = crs.to_epsg(min_confidence=70)
    return DeclaredCrs(epsg=epsg, wkt=wkt if epsg is None else None, datum=name or None)


def _gauss_kruger(crs: CRS) -> GaussKruger | None:
    operation = crs.coordinate_operation
    if operation is None or operation.method_name != "Transverse Mercator":
        return None
    values = {
        parameter.name: float(parameter.value) * parameter.unit_conversion_factor for parameter in operation.params
    }
    if not (
        math.isclose(values.get("Scale factor at natural origin", 0.0), 1.0)
        and values.get("Latitude of natural origin") == 0.0
        and values.get("False northing") == 0.0
    ):
        return None
    meridian_deg = math.degrees(values.get("Longitude of natural origin", math.nan))
    easting_m = values.get("False easting", math.nan)
    if not (math.isfinite(meridian_deg) and math.isfinite(easting_m)):
        return None
    prefix = round((easting_m - 500_000.0) / 1_000_000.0)
    if abs(easting_m - 500_000.0 - prefix * 1_000_000.0) > _SAME_M:
        return None
    for zone in _zones_of(meridian_deg, six_first=re.search(r"3.?deg", crs.name, re.IGNORECASE) is None):
        if prefix in (0, zone.zone):
            return GaussKruger(width_deg=zone.width_deg, zone=zone.zone, prefixed=prefix != 0)
    return None


def _zones_of(meridian_deg: float, *, six_first: bool) -> list[GaussKruger]:
    found = []
    three, six = meridian_deg / 3.0, (meridian_deg + 3.0) / 6.0
    if abs(three - round(three)) < 1e-9 and 25 <= round(three) <= 45:
        found.append(GaussKruger(width_deg=3, zone=round(three), prefixed=False))
    if abs(six - round(six)) < 1e-9 and 13 <= round(six) <= 23:
        found.append(GaussKruger(width_deg=6, zone=round(six), prefixed=False))
    return found[::-1] if six_first else found
