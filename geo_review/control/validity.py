"""Validity of control geometry: what GEOS finds wrong, in words, and making it valid with a word. Drops nothing."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

import shapely
from shapely.geometry.base import BaseGeometry

from geo_review.control.model import Geometries, Repair
from geo_review.errors import InvalidLayer
from geo_review.geometry.crs import LONLAT, gauss_kruger, own_zone_epsg, reproject, reproject_points
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
    before, after = _areas_m2(np.array([geometry, repaired], dtype=object), epsg)
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


def _areas_m2(geometries: Geometries, epsg: int) -> tuple[float, float]:
    """Return planar areas in the Gauss-Kruger zone they are in, else in the 3-degree zone of the place."""
    if gauss_kruger(epsg) is None:
        west_south = shapely.bounds(geometries[:1])[:, :2]
        lon_deg = float(reproject_points(west_south, epsg, LONLAT)[0, 0])
        geometries = reproject(geometries, epsg, own_zone_epsg(lon_deg))
    before, after = shapely.area(geometries)
    return abs(float(before)), float(after)  # rings that were taken for each other make the first negative
