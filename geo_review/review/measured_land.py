"""Pieces of land that two red lines do or do not share: taken apart, weighed, measured. Applies no rule.

Two outlines that nearly coincide differ by hundreds of needles, and a search for the largest circle in a needle takes
up to a tenth of a second: here narrow land is told by erosion, which takes some microseconds and errs by 1e-4.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from math import fsum

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geo_review.geometry.crs import LONLAT, reproject
from geo_review.geometry.measure import (
    WIDTH_RESOLUTION_M,
    ellipsoidal_area_m2,
    is_narrower_than,
    least_width_m,
    max_width_m,
    planar_area_m2,
)
from geo_review.geometry.strips import strip_width_m
from geo_review.review.findings import Contact, LandPart

_LONG = 5.0  # outline over the root of the area: 4 for a square, 5 for a strip of 1 to 4


def common_land(left: BaseGeometry, right: BaseGeometry) -> list[Polygon]:
    """Return what two pieces of land have in common, in connected parts, largest first."""
    if shapely.covered_by(left, right):
        return parts_of(left)  # no vertex moves
    return parts_of(shapely.intersection(left, right))


def land_without(land: BaseGeometry, other: BaseGeometry) -> list[Polygon]:
    """Return what of some land is not in another, in connected parts, largest first."""
    return parts_of(shapely.difference(land, other))


def parts_of(land: BaseGeometry) -> list[Polygon]:
    """Return the polygons of some land, largest first (ties by position), without the noise of floating point."""
    singles = shapely.get_parts(shapely.get_parts(land))
    polygons = [part for part in singles if part.geom_type == "Polygon" and not part.is_empty and not _is_noise(part)]
    return sorted(polygons, key=lambda part: (-part.area, part.bounds))


def measured(polygons: Iterable[Polygon], *, epsg: int, contact_width_m: float) -> tuple[LandPart, ...]:
    """Return parts of land in a projected CRS, each technical contact or, when it is wider, encroachment."""
    return tuple(
        LandPart(
            contact=Contact.TECHNICAL if is_contact(polygon, contact_width_m) else Contact.ENCROACHMENT,
            geometry=polygon,
            lonlat=reproject(polygon, epsg, LONLAT),
            planar_area_m2=planar_area_m2(polygon),
            ellipsoidal_area_m2=ellipsoidal_area_m2(polygon, epsg),
            max_width_m=_width_m(polygon),
        )
        for polygon in polygons
    )


def worst(parts: Iterable[LandPart]) -> Contact:
    """Return the worst contact of some parts, NONE for no part."""
    order = list(Contact)
    return max((part.contact for part in parts), key=order.index, default=Contact.NONE)


def decisive(parts: Sequence[LandPart]) -> tuple[LandPart, ...]:
    """Return the parts that are no mere contact."""
    return tuple(part for part in parts if part.contact not in (Contact.NONE, Contact.TOUCH, Contact.TECHNICAL))


def total_m2(parts: Iterable[LandPart]) -> float:
    """Return the planar area of some parts."""
    return fsum(part.planar_area_m2 for part in parts)


def is_contact(polygon: Polygon, contact_width_m: float) -> bool:
    """Tell whether a part is narrower than the contact width.

    What erosion by half of half the width leaves nothing of is narrow beyond doubt; nearer to the limit two methods
    must both find it so (ADR 8).
    """
    if contact_width_m <= 0.0:
        return False
    if _vanishes(polygon, contact_width_m / 2.0):
        return True
    return is_narrower_than(polygon, contact_width_m)


def _width_m(polygon: Polygon) -> float:
    if polygon.length > _LONG * math.sqrt(polygon.area):
        return strip_width_m(polygon)
    return max_width_m(polygon)


def _is_noise(polygon: Polygon) -> bool:
    return least_width_m(polygon) < WIDTH_RESOLUTION_M and _vanishes(polygon, WIDTH_RESOLUTION_M)


def _vanishes(polygon: Polygon, width_m: float) -> bool:
    return bool(polygon.buffer(-width_m / 2.0, quad_segs=2, join_style="mitre").is_empty)
