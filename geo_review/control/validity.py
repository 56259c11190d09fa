"""Validity of control geometry: what GEOS finds wrong, in words, and making it valid with a word. Drops nothing."""

from __future__ import annotations

import math
import re

import numpy as np
import numpy.typing as npt

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geo_review.control.model import Geometries, Repair
from geo_review.errors import InvalidLayer
from geo_review.geometry.crs import (
    LONLAT,
    can_reproject,
    gauss_kruger,
    own_zone_epsg,
    reproject,
    reproject_points,
)
from geo_review.geometry.measure import ellipsoidal_area_m2
from geo_review.wording import say, sentences

Numbers = npt.NDArray[np.int64]
Repaired = tuple[Geometries, tuple[Repair, ...]]

_REASON = re.compile(r"(?P<words>[^\[]+)\[(?P<x>\S+) (?P<y>[^\]\s]+)[^\]]*\]")


def make_valid_with_word(geometry: BaseGeometry, *, feature: int, epsg: int) -> tuple[BaseGeometry, Repair]:
    """Return an invalid geometry made valid, and what was done; ``feature`` counts from 1, ``epsg`` is its CRS.

    Land is told by the even-odd rule over all rings, as ST_MakeValid does: a polygon within another of the same
    feature is a hole (what GDAL makes of a Shapefile whose holes turn the wrong way). Where polygons of one feature
    overlap only in part they are united instead, for even-odd would cut land out that two of them cover. Lines and
    points that remain of a polygon are left out, they have no area. What collapses to nothing is refused.
    """
    reason = why_invalid(geometry)
    parts = np.array([part for polygon in shapely.get_parts(geometry) for part in _polygonal(polygon)], dtype=object)
    repaired = shapely.union_all(parts if _some_overlap(parts) else _polygonal(geometry))
    if shapely.get_dimensions(geometry) != 2 or repaired.is_empty:
        raise InvalidLayer(
            code="layer_geometry_collapses",
            message=say("control.collapses", feature=feature, reason=reason),
            remedy=say("control.geometry_broken_remedy"),
        )
    before, after = _areas_m2(np.array([geometry, repaired], dtype=object), epsg, feature)
    return repaired, Repair(feature=feature, reason=reason, area_before_m2=before, area_after_m2=after)


def repair_all(geometries: Geometries, *, epsg: int, numbers: Numbers | None = None) -> Repaired:
    """Return the geometries with the invalid ones made valid, each with its word; ``numbers`` are their features."""
    invalid = np.flatnonzero(~shapely.is_valid(geometries))
    if not len(invalid):
        return geometries, ()
    geometries, words = geometries.copy(), []
    for index in invalid:
        feature = int(index) + 1 if numbers is None else int(numbers[index])
        geometries[index], word = make_valid_with_word(geometries[index], feature=feature, epsg=epsg)
        words.append(word)
    return geometries, tuple(words)


def why_invalid(geometry: BaseGeometry) -> str:
    """Return what GEOS finds wrong, in the language of the catalogue, with the coordinate."""
    reason = str(shapely.is_valid_reason(geometry))
    if not (found := _REASON.fullmatch(reason)):
        return _in_words(reason)
    return say("control.reason_at", reason=_in_words(found["words"]), x=found["x"], y=found["y"])


def cannot_be_projected(feature: int, epsg: int) -> InvalidLayer:
    """Return the refusal of a feature that the plane of ``epsg`` cannot show."""
    return InvalidLayer(
        code="layer_cannot_be_projected",
        message=say("control.cannot_be_projected", feature=feature, epsg=epsg),
        remedy=say("control.cannot_be_projected_remedy"),
    )


def _in_words(reason: str) -> str:
    slug = re.sub(r"[^a-z]+", "_", reason.lower()).strip("_")
    return sentences("zh_CN").get(f"control.invalid_{slug}", reason)


def _polygonal(geometry: BaseGeometry) -> list[BaseGeometry]:
    """Return the polygons that the linework of a geometry encloses, by the even-odd rule."""
    valid = shapely.get_parts(shapely.get_parts(shapely.make_valid(geometry)))
    return [part for part in valid if part.geom_type == "Polygon"]


def _some_overlap(polygons: Geometries) -> bool:
    """Tell whether two polygons overlap in part, or share an edge and the land beside it."""
    left, right = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    pair = left < right
    first, second = polygons[left[pair]], polygons[right[pair]]
    shared_edge = shapely.relate_pattern(first, second, "T***1****")
    return bool((shapely.overlaps(first, second) | shared_edge).any())


def _areas_m2(geometries: Geometries, epsg: int, feature: int) -> tuple[float, float]:
    """Return planar areas in the Gauss-Kruger zone they are in, else in the 3-degree zone of the place.

    What lies in no zone of China, or in too many for one plane, is measured on the ellipsoid.
    """
    if gauss_kruger(epsg) is None:
        bounds = shapely.bounds(geometries[:1])
        lon_deg = float(reproject_points(bounds[:, :2], epsg, LONLAT)[0, 0])
        zone_epsg = own_zone_epsg(lon_deg) if math.isfinite(lon_deg) else LONLAT
        in_a_zone = gauss_kruger(zone_epsg) is not None and can_reproject(bounds, epsg, zone_epsg).all()
        if not in_a_zone and not can_reproject(bounds, epsg, LONLAT).all():
            raise cannot_be_projected(feature, LONLAT)
        moved = [_moved_as_drawn(geometry, epsg, zone_epsg if in_a_zone else LONLAT) for geometry in geometries]
        if not in_a_zone:
            return ellipsoidal_area_m2(moved[0]), ellipsoidal_area_m2(moved[1])
        geometries = np.array(moved, dtype=object)
    before, after = shapely.area(geometries)
    return abs(float(before)), float(after)  # rings that were taken for each other make the first negative


def _moved_as_drawn(geometry: BaseGeometry, from_epsg: int, to_epsg: int) -> BaseGeometry:
    """Return polygons in another CRS, ring by ring: GEOS repairs a polygon that it densifies, and loses land of it."""
    polygons = []
    for polygon in shapely.get_parts(geometry):
        rings = np.array([polygon.exterior, *polygon.interiors], dtype=object)
        shell, *holes = reproject(rings, from_epsg, to_epsg)
        polygons.append(Polygon(shell, holes))
    return MultiPolygon(polygons)
