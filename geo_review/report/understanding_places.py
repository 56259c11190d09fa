"""Where on the map an issue of a red-line file is, found through parcel, ring and point. Finds what can be found."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import shapely

from geo_review.boundary.model import BoundaryIssue, Coordinates
from geo_review.boundary.understood import ParcelSeen, RingSeen, Understanding
from geo_review.geometry.crs import LONLAT, GaussKruger, gauss_kruger, reproject_points

_OF_TWO_PARCELS = frozenset({"parcels_overlap", "parcels_overlap_rounding", "parcel_doubled"})


def issue_lonlat(seen: Understanding, issue: BoundaryIssue) -> list[float] | None:
    """Return longitude and latitude (EPSG:4490): where edges meet, the named point, the first point of a ring, or the
    middle of what two parcels have in common. None where the issue is of the whole file, or nothing is drawn."""
    parcel = issue_parcel(seen, issue)
    if seen.crs is None or parcel is None:
        return None
    met = _meeting(issue, seen.crs.epsg)
    if met is not None:
        return met
    if issue.code in _OF_TWO_PARCELS:
        return _common(parcel, _chosen(seen, issue.values.get("other")))
    number = issue.where.ring
    if number is None or not 1 <= number <= len(parcel.rings):
        return None
    return _point(parcel.rings[number - 1], issue.where.point)


def issue_parcel(seen: Understanding, issue: BoundaryIssue) -> ParcelSeen | None:
    """Return the parcel an issue is of; its place counts the parcels that were chosen."""
    return _chosen(seen, issue.where.parcel)


def _chosen(seen: Understanding, number: object) -> ParcelSeen | None:
    chosen: Sequence[ParcelSeen] = [parcel for parcel in seen.parcels if parcel.chosen]
    if len(chosen) < len(set(seen.asked.parcels)):  # a number that the file does not have: nothing was chosen
        chosen = seen.parcels
    return chosen[number - 1] if isinstance(number, int) and 1 <= number <= len(chosen) else None


def _meeting(issue: BoundaryIssue, epsg: int) -> list[float] | None:
    """Where two edges cross or touch, which the issue says in the plane without the zone's number."""
    east, north = issue.values.get("east"), issue.values.get("north")
    if east is None or north is None:
        return None
    zone = gauss_kruger(epsg)
    if zone is not None:
        epsg = GaussKruger(width_deg=zone.width_deg, zone=zone.zone, prefixed=False).epsg
    there = np.array([[float(str(east)), float(str(north))]])
    return _finite(reproject_points(there, epsg, LONLAT)[0])


def _point(ring: RingSeen, name: str | None) -> list[float] | None:
    if ring.lonlat is None or ring.points == 0:
        return None
    index = 0
    if name is not None and ring.point_names is not None:
        index = ring.point_names.index(name) if name in ring.point_names else 0
    elif name is not None and name.isdecimal():
        index = (int(name) - 1) % ring.points
    return _finite(ring.lonlat[index])


def _finite(pair: Coordinates) -> list[float] | None:
    """Where a projection ends there is no place to show."""
    return [float(pair[0]), float(pair[1])] if np.isfinite(pair).all() else None


def _common(parcel: ParcelSeen, other: ParcelSeen | None) -> list[float] | None:
    if other is None:
        return None
    lands = [_land(one) for one in (parcel, other)]
    common = shapely.intersection(*lands)
    if common.is_empty:
        return None
    there = shapely.point_on_surface(common)
    return [float(there.x), float(there.y)]


def _land(parcel: ParcelSeen) -> shapely.Geometry:
    """What a parcel's rings enclose, made valid: for a marker, not for judging."""
    land: shapely.Geometry = shapely.Polygon()
    for ring in (ring.lonlat for ring in parcel.rings):
        if ring is None or len(ring) < 3 or not np.isfinite(ring).all():
            continue
        land = land.symmetric_difference(shapely.make_valid(shapely.Polygon(ring)))
    return land
