"""Checks that a red line lies where the city is, and explains where it lies instead. Decides no CRS."""

from __future__ import annotations

import numpy as np

from geo_review.boundary.magnitudes import FAR_DEG
from geo_review.boundary.model import BoundaryIssue, Coordinates, Severity
from geo_review.city import City
from geo_review.errors import InvalidBoundary
from geo_review.geometry.crs import LONLAT, GaussKruger, gauss_kruger, own_zone_epsg, reproject_points
from geo_review.wording import say

NEAR_DEG = 0.1  # the extent is rounded from county extents: this much outside is the city's edge, not a mistake


def check_location(east_north: Coordinates, epsg: int, city: City) -> tuple[BoundaryIssue, ...]:
    """Return a warning for land that leaves the city, nothing for land inside.

    ``east_north`` are all points in ``epsg``, easting first. Raises `InvalidBoundary` for land farther than a degree
    from the city, saying where it would lie and which reading would lie inside.
    """
    lonlat = _lonlat(east_north, epsg)
    if _within(lonlat, city, NEAR_DEG):
        return ()
    middle = (lonlat.min(axis=0) + lonlat.max(axis=0)) / 2.0 if np.isfinite(lonlat).all() else None
    if middle is not None and _within(lonlat, city, FAR_DEG):
        return (
            BoundaryIssue(
                code="outside_city",
                severity=Severity.WARNING,
                values={"city": city.name, "lon": f"{middle[0]:.4f}", "lat": f"{middle[1]:.4f}"},
            ),
        )
    where = (
        say("crs.where_nowhere") if middle is None else say("crs.where", lon=f"{middle[0]:.4f}", lat=f"{middle[1]:.4f}")
    )
    raise InvalidBoundary(
        code="location_implausible",
        message=say("crs.location_implausible", epsg=epsg, where=where, city=city.name),
        remedy=say("crs.location_remedy"),
        lines=tuple(_diagnosis(east_north, epsg, city)),
    )


def zones_of_city(city: City) -> tuple[int, ...]:
    """Return the EPSG codes (without prefix) of the 3-degree zones the city lies in, from the west."""
    return tuple(range(own_zone_epsg(city.west_deg), own_zone_epsg(city.east_deg) + 1))


def middle_lonlat(east_north: Coordinates, epsg: int) -> tuple[float, float]:
    """Return the middle of the points' extent in lon/lat degrees; infinite where the projection ends."""
    lonlat = _lonlat(east_north, epsg)
    lon_deg, lat_deg = (lonlat.min(axis=0) + lonlat.max(axis=0)) / 2.0
    return float(lon_deg), float(lat_deg)


def _diagnosis(east_north: Coordinates, epsg: int, city: City) -> list[str]:
    zone = gauss_kruger(epsg)
    if zone is None:
        turned = east_north[:, ::-1]
        return [say("crs.diagnosis_swapped", city=city.name)] if _within(_lonlat(turned, epsg), city, NEAR_DEG) else []
    bare = east_north - [zone.easting_prefix_m, 0.0]
    lines = []
    for other in range(zone.zone - 3, zone.zone + 4):
        limits = (25, 45) if zone.width_deg == 3 else (13, 23)
        if other == zone.zone or not limits[0] <= other <= limits[1]:
            continue
        neighbour = GaussKruger(width_deg=zone.width_deg, zone=other, prefixed=False)
        if _within(_lonlat(bare, neighbour.epsg), city, NEAR_DEG):
            lines.append(say("crs.diagnosis_zone", zone=other, epsg=neighbour.epsg, city=city.name, said=zone.zone))
    return lines


def _lonlat(east_north: Coordinates, epsg: int) -> Coordinates:
    return east_north if epsg == LONLAT else reproject_points(east_north, epsg, LONLAT)


def _within(lonlat: Coordinates, city: City, margin_deg: float) -> bool:
    low = [city.west_deg - margin_deg, city.south_deg - margin_deg]
    high = [city.east_deg + margin_deg, city.north_deg + margin_deg]
    return bool(((lonlat >= low) & (lonlat <= high)).all())
