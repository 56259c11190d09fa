"""The refusal of a drawing on an origin of its own: where it lies, how far from the city, which digits are missing.

Moves nothing: that digits were cut off is a reading, and only the one who drew knows what stood there.
"""

from __future__ import annotations

from itertools import product

import numpy as np

import shapely

from geo_review.boundary.location import zones_of_city
from geo_review.boundary.magnitudes import Kind, kinds_of
from geo_review.boundary.model import Coordinates, RawBoundary
from geo_review.city import City
from geo_review.errors import UnknownCrs
from geo_review.geometry.crs import LONLAT, gauss_kruger, reproject
from geo_review.wording import say

_METRES = (Kind.PREFIXED_M, Kind.BARE_M)


def refuse_local_origin(raw: RawBoundary, city: City) -> None:
    """Raise UnknownCrs when no point of a drawing is an easting and northing, and they are no degrees near the city.

    Expects finite coordinates, easting first. Points of which some are, are left to the check that names the others.
    """
    points = np.concatenate([np.empty((0, 2)), *(ring.coordinates for parcel in raw.parcels for ring in parcel.rings)])
    if len(points) == 0:
        return
    if any(np.isin(kinds_of(order), _METRES).any() for order in (points, points[:, ::-1])):
        return
    if any(_in_city(order, city) for order in (points, points[:, ::-1])):
        return
    low, high = points.min(axis=0), points.max(axis=0)
    values = {"west": low[0], "south": low[1], "east": high[0], "north": high[1]}
    raise UnknownCrs(
        code="dxf_local_origin",
        message=say("dxf.dxf_local_origin", **{name: f"{value:.3f}" for name, value in values.items()}),
        remedy=say("dxf.dxf_local_origin_remedy"),
        lines=tuple(_line(epsg, low, high, city) for epsg in zones_of_city(city)),
    )


def _line(epsg: int, low: Coordinates, high: Coordinates, city: City) -> str:
    zone = gauss_kruger(epsg)
    assert zone is not None  # what zones_of_city returns
    ground = reproject(shapely.box(city.west_deg, city.south_deg, city.east_deg, city.north_deg), LONLAT, epsg)
    apart_km = shapely.distance(shapely.box(*low, *high), ground) / 1000.0
    line = say("dxf.origin_distance", epsg=epsg, zone=zone.zone, distance=f"{apart_km:.0f}", city=city.name)
    missing = _missing(low, high, np.array(ground.bounds).reshape(2, 2))
    if missing is None:
        return line
    return line + say("dxf.origin_digits", east=f"{missing[0]:.0f}", north=f"{missing[1]:.0f}", city=city.name)


def _missing(low: Coordinates, high: Coordinates, bounds: Coordinates) -> tuple[float, float] | None:
    """The one pair of whole constants that would put the drawing into the city; None when none or several would."""
    found = []
    for column in range(2):
        if low[column] < 0.0:
            return None
        unit = 10.0 ** np.ceil(np.log10(max(high[column], 1.0)))  # what stood in front of as many digits as there are
        least = np.ceil((bounds[0, column] - low[column]) / unit)
        most = np.floor((bounds[1, column] - high[column]) / unit)
        found.append([float(times * unit) + 0.0 for times in np.arange(least, most + 1.0)][:2])
    pairs = list(product(found[0], found[1]))
    return pairs[0] if len(pairs) == 1 else None


def _in_city(lonlat: Coordinates, city: City) -> bool:
    low, high = [city.west_deg - 1.0, city.south_deg - 1.0], [city.east_deg + 1.0, city.north_deg + 1.0]
    return bool(((lonlat >= low) & (lonlat <= high)).all())
