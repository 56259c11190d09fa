"""Tells by name or EPSG code whether a datum may be taken as CGCS2000. Shifts nothing (parameters are restricted)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache

from pyproj import CRS
from pyproj.exceptions import CRSError


class Datum(Enum):
    """What a declared datum means to us."""

    CGCS2000 = "cgcs2000"
    WGS84 = "wgs84"  # agrees with CGCS2000 to centimetres
    FOREIGN = "foreign"  # 1980西安, 1954北京 …: needs a shift whose parameters are restricted
    LOCAL = "local"  # a city's or a site's own grid
    UNKNOWN = "unknown"


# In this order: a local grid often names the datum it was derived from; 2000国家大地坐标系 contains no 80 or 54,
# but 80国家大地坐标系 contains 国家大地.
_NAMES = (
    (Datum.LOCAL, r"独立|地方坐标|城市坐标|自定义|假定|施工坐标|local|engineering|user[ -_]?defined"),
    (
        Datum.CGCS2000,
        r"cgcs|china[ _]2000|china[ _]geodetic[ _]coordinate|2000国家大地|2000大地|国家(大地)?2000|大地2000",
    ),
    (
        Datum.FOREIGN,
        r"1980|西安|xi.?an|80国家|国家80|80坐标|^80|80$|1954|北京|beijing|54坐标|^54|54$|bj54|gcj|火星|bd-?09|百度",
    ),
    (Datum.WGS84, r"wgs|world geodetic system 1984|world_geodetic_system_1984"),
    (Datum.CGCS2000, r"2000"),
)


def datum_by_name(name: str) -> Datum:
    """Judge a datum as surveyors, .prj files and PROJ spell it."""
    for datum, pattern in _NAMES:
        if re.search(pattern, name.strip(), re.IGNORECASE):
            return datum
    return Datum.UNKNOWN


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownCrs:
    """What PROJ knows of an EPSG code."""

    epsg: int
    name: str
    datum: Datum
    datum_name: str
    geographic: bool
    projected: bool


@cache
def known_crs(epsg: int) -> KnownCrs | None:
    """Return what PROJ knows of an EPSG code, or None when it knows no such coordinate reference system."""
    try:
        crs = CRS.from_epsg(epsg)
    except CRSError:
        return None
    name = datum_name(crs)
    return KnownCrs(
        epsg=epsg,
        name=crs.name,
        datum=_listed(datum_by_name(name)),
        datum_name=name,
        # A height or a geocentric system is neither.
        geographic=crs.is_geographic,
        projected=crs.is_projected,
    )


def datum_name(crs: CRS) -> str:
    """Return the name of the datum under a CRS, empty when it has none (heights, engineering systems)."""
    geodetic = crs.geodetic_crs
    return geodetic.datum.name if geodetic is not None and geodetic.datum is not None else ""


def _listed(datum: Datum) -> Datum:
    """EPSG names its datums exactly: one we do not recognise there is another one, not an odd spelling."""
    return datum if datum in (Datum.CGCS2000, Datum.WGS84) else Datum.FOREIGN
