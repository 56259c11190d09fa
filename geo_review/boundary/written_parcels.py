"""The parcels of a red line as files of other programs have them: in the CRS of the file, with four attributes.

Moves a red line into another zone or to degrees; repairs nothing: what a move would break is refused.
"""

from __future__ import annotations

from dataclasses import replace

import shapely
from shapely.geometry import MultiPolygon

from geo_review.boundary.model import Boundary, Coordinates, Parcel
from geo_review.boundary.parcel_shapes import as_multipolygon
from geo_review.errors import InvalidBoundary
from geo_review.geometry.crs import LONLAT, GaussKruger, gauss_kruger, reproject
from geo_review.geometry.measure import planar_area_m2
from geo_review.wording import say

# The names that surveyors' programs know, short enough for a DBF; `parcel_facts` reads them back.
CODE, NAME, USE, AREA = "DKBH", "DKMC", "DKYT", "DKMJ"

# Straight in degrees is not straight on the ground: 0.5 mm for 200 m along a parallel, and with the square of it.
_STEP_M = 50.0


def attributes_of(parcel: Parcel) -> dict[str, str | float | None]:
    """Return 地块编号, 地块名称, 用途 and the area that was declared (m²), None where the red line has none."""
    return {CODE: parcel.code, NAME: parcel.name, USE: parcel.use, AREA: parcel.declared_area_m2}


def in_zone(boundary: Boundary, zone: int | None) -> Boundary:
    """Return a red line in a 3-degree zone, None for its own. In another, its long edges get points between.

    Raises InvalidBoundary when a parcel is not valid there.
    """
    if zone is None:
        return boundary
    epsg = GaussKruger(width_deg=3, zone=zone, prefixed=False).epsg
    if epsg == boundary.measuring_epsg:
        return boundary
    moved = [_moved(parcel, boundary.measuring_epsg, epsg) for parcel in boundary.parcels]
    whole = moved[0] if len(moved) == 1 else as_multipolygon(shapely.union_all(moved))
    return replace(
        boundary,
        measuring_epsg=epsg,
        geometry=whole,
        parcels=tuple(
            replace(parcel, geometry=geometry, planar_area_m2=planar_area_m2(geometry))
            for parcel, geometry in zip(boundary.parcels, moved, strict=True)
        ),
        planar_area_m2=planar_area_m2(whole),
    )


def in_file_crs(boundary: Boundary, *, prefixed: bool) -> tuple[int, list[MultiPolygon]]:
    """Return the EPSG code of the red line's zone, with or without its number before eastings, and the parcels in it.

    Raises ValueError when the boundary is not in a CGCS2000 Gauss-Kruger zone.
    """
    zone = gauss_kruger(boundary.measuring_epsg)
    if zone is None:
        raise ValueError(f"EPSG:{boundary.measuring_epsg} is no CGCS2000 Gauss-Kruger zone")
    epsg = replace(zone, prefixed=prefixed).epsg
    return epsg, [reproject(parcel.geometry, boundary.measuring_epsg, epsg) for parcel in boundary.parcels]


def in_degrees(boundary: Boundary) -> list[MultiPolygon]:
    """Return the parcels in EPSG:4490, longitude first, shells counter-clockwise and holes clockwise (RFC 7946).

    Long edges have points between, so that an edge is the same to 0.05 mm. Raises InvalidBoundary as `in_zone`.
    """
    fine = [replace(parcel, geometry=shapely.segmentize(parcel.geometry, _STEP_M)) for parcel in boundary.parcels]
    return [_moved(parcel, boundary.measuring_epsg, LONLAT) for parcel in fine]


def rings_of(land: MultiPolygon) -> list[list[Coordinates]]:
    """Return the closed rings of each polygon, its shell first."""
    return [
        [shapely.get_coordinates(ring) for ring in (polygon.exterior, *polygon.interiors)] for polygon in land.geoms
    ]


def _moved(parcel: Parcel, from_epsg: int, to_epsg: int) -> MultiPolygon:
    moved = as_multipolygon(reproject(parcel.geometry, from_epsg, to_epsg))
    # A hole that touches its shell in the middle of an edge may stand out by 0.05 mm.
    if not moved.is_valid:
        raise InvalidBoundary(
            code="not_valid_when_moved",
            message=say("export.not_valid_when_moved", parcel=parcel.number, epsg=to_epsg),
            remedy=say("export.not_valid_when_moved_remedy"),
        )
    return moved
