"""What lies inside one version of a layer and not inside another. Compares land, not features; judges nothing.

Planar geometry in one projected CRS, metres. A strip narrower than floating point can tell is no change
(`geometry.intersect.connected_parts`), and a feature that was cut in two where it always ended changes no land.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

import shapely
from shapely.geometry.base import BaseGeometry

from geo_review.control.model import Geometries
from geo_review.geometry.intersect import connected_parts
from geo_review.geometry.measure import WIDTH_RESOLUTION_M


@dataclass(frozen=True, kw_only=True, slots=True)
class LandChange:
    """``added`` and ``removed`` are single polygons, lines or points, disjoint, largest first."""

    added: tuple[BaseGeometry, ...]
    removed: tuple[BaseGeometry, ...]

    @property
    def added_m2(self) -> float:
        return float(sum(piece.area for piece in self.added))

    @property
    def removed_m2(self) -> float:
        return float(sum(piece.area for piece in self.removed))


def land_change(before: Geometries, after: Geometries, unchanged: Geometries) -> LandChange:
    """Compare the features that only one version has, valid, (n,) and (m,), in one plane.

    ``unchanged`` are features, or parts of features, that both have and that meet any of the others: land that such a
    one covers in both versions was neither added nor removed.
    """
    return LandChange(
        added=_only_in(after, before, unchanged),
        removed=_only_in(before, after, unchanged),
    )


def _only_in(one: Geometries, other: Geometries, unchanged: Geometries) -> tuple[BaseGeometry, ...]:
    pieces = _minus(_minus(one, other), unchanged)
    found: list[BaseGeometry] = []
    for dimension in (2, 1, 0):
        of_dimension = [part for piece in pieces for part in _parts(piece, dimension)]
        if not of_dimension:
            continue
        joined = shapely.union_all(of_dimension)
        found += connected_parts(joined) if dimension == 2 else sorted(_parts(joined, dimension), key=_position)
    return tuple(found)


def _minus(one: Geometries, other: Geometries) -> Geometries:
    """Cut out of each of ``one`` what of ``other`` meets it."""
    if not len(one) or not len(other):
        return one
    index, hit = shapely.STRtree(other).query(one, predicate="intersects")
    left = one.copy()
    for number in np.unique(index):
        left[number] = shapely.difference(one[number], shapely.union_all(other[hit[index == number]]))
    return left


def _parts(geometry: BaseGeometry, dimension: int) -> Iterable[BaseGeometry]:
    """Yield the single parts of one dimension; a line shorter than floating point can tell is none."""
    for part in shapely.get_parts(shapely.get_parts(geometry)):
        if part.is_empty or shapely.get_dimensions(part) != dimension:
            continue
        if dimension != 1 or part.length > WIDTH_RESOLUTION_M:
            yield part


def _position(geometry: BaseGeometry) -> tuple[float, ...]:
    return (-geometry.length, *geometry.bounds)
