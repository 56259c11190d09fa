"""Reads off the coordinates themselves what they can be: degrees, metres with a zone number, metres without.

Looks at all points, never at the first only, and decides no CRS (see `crs_finding`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from geo_review.boundary.model import Axes, BoundaryIssue, Coordinates, Place, RawBoundary, Severity
from geo_review.boundary.refusal import invalid_boundary
from geo_review.city import City
from geo_review.errors import InvalidBoundary

FAR_DEG = 1.0  # land farther than this from the city is not the city's, whatever the file says
_MOST_PLACES = 5


class Kind(IntEnum):
    """What the numbers of a point can be."""

    NOTHING = 0
    DEGREES = 1
    PREFIXED_M = 2  # an easting of 8 digits: zone number, then metres
    BARE_M = 3  # an easting of up to 6 digits beside a northing of 7


@dataclass(frozen=True, kw_only=True, slots=True)
class Magnitudes:
    """``east_north`` are all points, easting or longitude first; ``swapped`` says the file had them the other way
    round than its format defines. ``zone`` is the number in front of the eastings."""

    kind: Kind
    swapped: bool
    zone: int | None
    east_north: Coordinates


def magnitudes(raw: RawBoundary, city: City) -> Magnitudes:
    """Return what all points of a file together can be.

    Points that disagree (one order here, another there; two zones; degrees among metres) refuse the file, naming
    the fewer ones. Expects finite coordinates.
    """
    columns = np.concatenate([ring.coordinates for parcel in raw.parcels for ring in parcel.rings])
    east_north = columns[:, ::-1] if raw.axes is Axes.NORTHING_EASTING else columns
    straight, turned = kinds_of(east_north), kinds_of(east_north[:, ::-1])
    swapped = _is_swapped(east_north, straight, turned, city)
    if swapped is None:
        raise _mixed(raw, np.where(straight > 0, straight, -turned), "mixed_coordinates")
    kinds = turned if swapped else straight
    east_north = east_north[:, ::-1] if swapped else east_north
    zone = None
    if kinds[0] == Kind.PREFIXED_M:
        zones = np.floor(east_north[:, 0] / 1e6).astype(int)
        if (zones != zones[0]).any():
            raise _mixed(raw, zones, "mixed_zones")
        zone = int(zones[0])
    return Magnitudes(kind=Kind(int(kinds[0])), swapped=bool(swapped), zone=zone, east_north=east_north)


def kinds_of(east_north: Coordinates) -> npt.NDArray[np.int_]:
    """The kind of each point if its first column is the easting or longitude."""
    east, north = east_north[:, 0], east_north[:, 1]
    zone = np.floor(east / 1e6)
    has_zone = ((zone >= 13) & (zone <= 23)) | ((zone >= 25) & (zone <= 45))
    kinds = np.zeros(len(east), dtype=int)
    kinds[(np.abs(east) <= 180.0) & (np.abs(north) <= 90.0)] = Kind.DEGREES
    kinds[has_zone & (north > 0.0) & (north < 1e7)] = Kind.PREFIXED_M
    # All of China lies north of 3°N, so every northing has 6 digits and more; the city's have 7.
    kinds[(east > 0.0) & (east < 1e6) & (north >= 1e6) & (north < 1e7)] = Kind.BARE_M
    return kinds


def _is_swapped(
    east_north: Coordinates, straight: npt.NDArray[np.int_], turned: npt.NDArray[np.int_], city: City
) -> bool | None:
    """Tell whether the columns are the other way round; None when the points disagree."""
    straight_agree = bool((straight == straight[0]).all())
    turned_agree = bool((turned == turned[0]).all())
    if straight_agree and turned_agree and straight[0] == turned[0] == Kind.NOTHING:
        return False
    can_be_straight = straight_agree and straight[0] != Kind.NOTHING
    can_be_turned = turned_agree and turned[0] != Kind.NOTHING
    if can_be_straight and can_be_turned:  # small degrees: both orders are possible numbers
        return not _near(east_north, city) and _near(east_north[:, ::-1], city)
    if not (can_be_straight or can_be_turned):
        return None
    return can_be_turned


def _near(lonlat: Coordinates, city: City) -> bool:
    west, south = city.west_deg - FAR_DEG, city.south_deg - FAR_DEG
    east, north = city.east_deg + FAR_DEG, city.north_deg + FAR_DEG
    return bool(((lonlat >= [west, south]) & (lonlat <= [east, north])).all())


def _mixed(raw: RawBoundary, groups: npt.NDArray[np.int_], code: str) -> InvalidBoundary:
    values, counts = np.unique(groups, return_counts=True)
    odd = np.flatnonzero(groups != values[np.argmax(counts)])
    errors = []
    for index in odd[:_MOST_PLACES]:
        place, pair = _point(raw, int(index))
        values_said = {"first": f"{pair[0]:.10g}", "second": f"{pair[1]:.10g}"}
        errors.append(BoundaryIssue(code=code, severity=Severity.ERROR, where=place, values=values_said))
    return invalid_boundary(errors)


def _point(raw: RawBoundary, index: int) -> tuple[Place, Coordinates]:
    for parcel_number, parcel in enumerate(raw.parcels, 1):
        for ring_number, ring in enumerate(parcel.rings, 1):
            if index < len(ring.coordinates):
                return ring.place(parcel_number, ring_number, index), ring.coordinates[index]
            index -= len(ring.coordinates)
    raise IndexError(index)
