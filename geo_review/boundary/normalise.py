"""From what a reader understood to a `Boundary` that may be judged: CRS, validity, measuring plane, areas.

Repairs nothing: errors refuse the file with every place; what the user accepts is recorded as a warning.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geo_review.boundary.asked import NOTHING_ASKED, Asked
from geo_review.boundary.crs_finding import CrsDecision, find_crs
from geo_review.boundary.declared_area import believe_areas
from geo_review.boundary.model import Boundary, BoundaryIssue, Parcel, Place, RawBoundary, Severity, SourceFile
from geo_review.boundary.parcel_overlaps import find_overlaps
from geo_review.boundary.parcel_shapes import as_multipolygon, build_parcels
from geo_review.boundary.refusal import ACCEPTABLE, refuse_errors
from geo_review.boundary.ring_faults import find_not_numbers, find_ring_faults, plane_of
from geo_review.boundary.rings import flatten
from geo_review.city import City
from geo_review.errors import InvalidOption, TooLarge, UnreadableBoundary
from geo_review.geometry.crs import LONLAT, STEP_DEG, GaussKruger, gauss_kruger, is_geographic, own_zone_epsg, reproject
from geo_review.geometry.measure import ellipsoidal_area_m2, planar_area_m2
from geo_review.wording import say

MOST_VERTICES = 2_000_000


def normalise(
    raw: RawBoundary,
    *,
    source: SourceFile,
    city: City,
    asked: Asked = NOTHING_ASKED,
) -> Boundary:
    """Decide the CRS, check the rings, and measure.

    ``asked.accept`` holds the codes of issues the user answers for (``repeated_point``, ``spike``). Raises
    `InvalidBoundary` with a line for every error, `UnknownCrs`, `InvalidOption`, `TooLarge`.
    """
    decision = decide_crs(raw, city=city, asked=asked)
    epsg = decision.finding.epsg
    plane_epsg = _without_prefix(epsg)
    rings = flatten(raw, swapped=decision.swapped)
    zone = gauss_kruger(epsg)
    if zone is not None:
        # Exact: the millimetres of an 8-digit easting and of its 6-digit rest are the same binary fraction.
        rings = rings.moved(rings.coordinates - [zone.easting_prefix_m, 0.0])
    plane = plane_of(rings.coordinates, degrees=is_geographic(epsg))
    rings, sound, ring_issues = find_ring_faults(rings, plane, asked.accept)
    lands, shape_issues = build_parcels(rings, sound, plane)
    issues = [*raw.issues, *decision.issues, *ring_issues, *shape_issues]
    refuse_errors(issues)
    written = [land for land in lands if land is not None]
    measuring_epsg = _measuring_epsg(written, plane_epsg)
    planar = [as_multipolygon(reproject(land, plane_epsg, measuring_epsg)) for land in written]
    issues += [*find_overlaps(planar), *_broken(planar)]
    refuse_errors(issues)
    lonlat = [as_multipolygon(_in_degrees(land, plane_epsg)) for land in written]
    areas_m2 = [planar_area_m2(land) for land in planar]
    declared = believe_areas(raw.parcels, areas_m2)
    whole, whole_lonlat = _union(planar), _union(lonlat)
    # Where the edges are straight: in degrees for a file in degrees, else in the plane.
    lands_measured, area_epsg = (lonlat, LONLAT) if is_geographic(plane_epsg) else (planar, measuring_epsg)
    return Boundary(
        format=raw.format,
        file=source,
        crs=decision.finding,
        measuring_epsg=measuring_epsg,
        geometry=whole,
        lonlat=whole_lonlat,
        parcels=tuple(
            Parcel(
                number=number,
                geometry=planar[number - 1],
                code=parcel.code,
                name=parcel.name,
                use=parcel.use,
                declared_area_m2=declared.areas_m2[number - 1],
                planar_area_m2=areas_m2[number - 1],
                ellipsoidal_area_m2=ellipsoidal_area_m2(lands_measured[number - 1], area_epsg),
            )
            for number, parcel in enumerate(raw.parcels, start=1)
        ),
        planar_area_m2=planar_area_m2(whole),
        ellipsoidal_area_m2=ellipsoidal_area_m2(_union(lands_measured), area_epsg),
        declared_area_m2=declared.total_m2,
        declared_area_unit=declared.unit,
        issues=(*issues, *declared.issues),
        encoding=raw.encoding,
        layer=raw.layer,
        axes_swapped=decision.swapped,
        asked=asked,
    )


def decide_crs(raw: RawBoundary, *, city: City, asked: Asked = NOTHING_ASKED) -> CrsDecision:
    """Decide the CRS of a file whose points are few enough and all numbers; raise what `normalise` does."""
    _check_accept(asked.accept)
    rings = flatten(raw)
    _check_size(raw, len(rings.coordinates))
    refuse_errors([*raw.issues, *find_not_numbers(rings)])
    if len(rings.coordinates) == 0:
        raise UnreadableBoundary(
            code="no_parcels", message=say("files.no_parcels"), remedy=say("files.not_polygons_remedy")
        )
    return find_crs(raw, city=city, asked_epsg=asked.epsg)


def _in_degrees(land: MultiPolygon, plane_epsg: int) -> BaseGeometry:
    """Densified lon/lat; the coordinates of a file in degrees are kept."""
    return shapely.segmentize(land, STEP_DEG) if is_geographic(plane_epsg) else reproject(land, plane_epsg, LONLAT)


def _measuring_epsg(lands: Sequence[MultiPolygon], plane_epsg: int) -> int:
    """The file's own 3-degree zone when it is in one, else the zone its middle lies in."""
    zone = gauss_kruger(plane_epsg)
    if zone is not None and zone.width_deg == 3:
        return plane_epsg
    centroid = shapely.centroid(shapely.geometrycollections(lands))
    return own_zone_epsg(float(reproject(centroid, plane_epsg, LONLAT).x))


def _without_prefix(epsg: int) -> int:
    zone = gauss_kruger(epsg)
    if zone is None:
        return epsg
    return GaussKruger(width_deg=zone.width_deg, zone=zone.zone, prefixed=False).epsg


def _union(lands: Sequence[MultiPolygon]) -> MultiPolygon:
    """One parcel is itself, without the noise of an overlay."""
    return lands[0] if len(lands) == 1 else as_multipolygon(shapely.union_all(list(lands)))


def _broken(planar: Sequence[MultiPolygon]) -> list[BoundaryIssue]:
    """A hole that touches its shell in the middle of an edge may stand out by 0.05 mm after projection."""
    valid = shapely.is_valid(np.array(planar, dtype=object))
    return [
        BoundaryIssue(
            code="invalid_after_projection",
            severity=Severity.ERROR,
            where=Place(parcel=int(index) + 1),
            values={"reason": shapely.is_valid_reason(planar[int(index)])},
        )
        for index in np.flatnonzero(~valid)
    ]


def _check_accept(accept: frozenset[str]) -> None:
    for code in sorted(accept - ACCEPTABLE):
        raise InvalidOption(
            code="invalid_accept",
            message=say("validity.invalid_accept", code=code, codes="、".join(sorted(ACCEPTABLE))),
            remedy=say("validity.invalid_accept_remedy"),
        )


def _check_size(raw: RawBoundary, vertices: int) -> None:
    if vertices > MOST_VERTICES:
        raise TooLarge(
            code="too_many_vertices",
            message=say("files.too_many_vertices", count=vertices, most=MOST_VERTICES),
            remedy=say("files.too_large_remedy"),
        )
