"""Weighed parts of land, measured for a report: both areas, width, lon/lat. Decides no contact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import fsum

import numpy as np

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geo_review.geometry.crs import LONLAT, reproject
from geo_review.geometry.intersect import land_inside
from geo_review.geometry.measure import ellipsoidal_area_m2, max_width_m, planar_area_m2
from geo_review.review.findings import Contact, LandPart
from geo_review.review.slivers import WeighedPart


def measured(polygons: Iterable[Polygon], *, epsg: int, contact_width_m: float) -> tuple[LandPart, ...]:
    """Return parts of land in a projected CRS, each technical contact or, when it is wider, encroachment."""
    return tuple(
        measured_part(
            polygon,
            Contact.TECHNICAL if WeighedPart.is_contact(polygon, contact_width_m) else Contact.ENCROACHMENT,
            epsg,
        )
        for polygon in polygons
    )


def measured_part(polygon: Polygon, contact: Contact, epsg: int) -> LandPart:
    """Return one part with its figures; ``epsg`` is the projected CRS it is in."""
    return LandPart(
        contact=contact,
        geometry=polygon,
        lonlat=reproject(polygon, epsg, LONLAT),
        planar_area_m2=planar_area_m2(polygon),
        ellipsoidal_area_m2=ellipsoidal_area_m2(polygon, epsg),
        max_width_m=max_width_m(polygon),
    )


def land_of(left: BaseGeometry, right: BaseGeometry) -> list[Polygon]:
    """Return what two pieces of land have in common, in connected parts, largest first."""
    return land_inside(left, np.array([right], dtype=object))


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
