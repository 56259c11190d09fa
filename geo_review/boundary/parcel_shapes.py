"""Builds each parcel from its rings: roles by containment depth (even is land, odd is a hole), never by 圈号.

Moves nothing. Rings that cross are errors; rings that share an edge leave no doubt about the land, which is said.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geo_review.boundary.crossings import crossing_of_rings
from geo_review.boundary.model import BoundaryIssue, Place, Severity
from geo_review.boundary.ring_faults import Plane, ring_polygons
from geo_review.boundary.rings import REPEATED_M, Bools, Rings
from geo_review.geometry.measure import is_narrower_than

Polygons = npt.NDArray[np.object_]


def build_parcels(rings: Rings, sound: Bools, plane: Plane) -> tuple[list[MultiPolygon | None], list[BoundaryIssue]]:
    """Return the land of each parcel (None when a ring of it is not sound or rings cross) and the issues."""
    polygons = ring_polygons(rings, sound)
    order = np.argsort(rings.parcel, kind="stable")
    starts = np.searchsorted(rings.parcel[order], np.arange(len(rings.raw.parcels) + 1))
    parcels: list[MultiPolygon | None] = []
    issues: list[BoundaryIssue] = []
    for parcel in range(len(rings.raw.parcels)):
        members = order[starts[parcel] : starts[parcel + 1]]
        if len(members) == 0 or not sound[members].all():
            parcels.append(None)
        elif len(members) == 1:
            parcels.append(MultiPolygon([polygons[members[0]]]))
        else:
            land, found = _from_rings(rings, members, polygons[members], plane)
            parcels.append(land)
            issues += found
    return [_oriented(land) for land in parcels], issues


def as_multipolygon(land: BaseGeometry) -> MultiPolygon:
    """Return the polygons of a polygonal geometry, right-hand rule (shells counter-clockwise)."""
    parts = [part for part in shapely.get_parts(land) if part.geom_type == "Polygon" and not part.is_empty]
    return shapely.orient_polygons(MultiPolygon(parts))


def _oriented(land: MultiPolygon | None) -> MultiPolygon | None:
    return None if land is None else shapely.orient_polygons(land)


def _from_rings(
    rings: Rings, members: npt.NDArray[np.int_], polygons: Polygons, plane: Plane
) -> tuple[MultiPolygon | None, list[BoundaryIssue]]:
    inside, issues = _containment(rings, members, polygons, plane)
    if issues:
        return None, issues
    depth = inside.sum(axis=1)
    shells = {int(shell): [] for shell in np.flatnonzero(depth % 2 == 0)}  # type: dict[int, list[int]]
    areas = shapely.area(polygons)
    for hole in np.flatnonzero(depth % 2 == 1):
        around = [shell for shell in np.flatnonzero(inside[hole]) if depth[shell] == depth[hole] - 1]
        shells[min((int(shell) for shell in around), key=lambda shell: areas[shell])].append(int(hole))
    land = MultiPolygon(
        [
            Polygon(polygons[shell].exterior, [polygons[hole].exterior for hole in holes])
            for shell, holes in shells.items()
        ]
    )
    if land.is_valid:
        return land, []
    # Rings along one edge, or meeting at two points: the even-odd land is plain, only its spelling is not valid.
    levels = [shapely.union_all(polygons[depth == level]) for level in range(int(depth.max()) + 1)]
    merged: BaseGeometry = Polygon()
    for level, ground in enumerate(levels):
        merged = merged.union(ground) if level % 2 == 0 else merged.difference(ground)
    parcel = int(rings.parcel[members[0]]) + 1
    return as_multipolygon(merged), [
        BoundaryIssue(code="rings_share_edge", severity=Severity.WARNING, where=Place(parcel=parcel))
    ]


def _containment(
    rings: Rings, members: npt.NDArray[np.int_], polygons: Polygons, plane: Plane
) -> tuple[Bools, list[BoundaryIssue]]:
    """``inside[i, j]`` says that ring i lies inside ring j; crossing and doubled rings are errors."""
    inside = np.zeros((len(polygons), len(polygons)), dtype=bool)
    issues = []
    areas = shapely.area(polygons)
    pairs = shapely.STRtree(polygons).query(polygons, predicate="intersects").T
    for first, second in sorted((int(a), int(b)) for a, b in pairs if a < b):
        common = shapely.intersection(polygons[first], polygons[second])
        if common.area == 0.0 or _is_noise(common, plane):
            continue  # they touch
        small, large = (first, second) if areas[first] <= areas[second] else (second, first)
        left_over = shapely.difference(polygons[small], polygons[large])
        if left_over.area > 0.0 and not _is_noise(left_over, plane):
            issues.append(crossing_of_rings(rings, int(members[first]), int(members[second])))
        elif _is_noise(shapely.difference(polygons[large], polygons[small]), plane):
            values = {"other": int(rings.number[members[first]]) + 1}
            where = rings.ring_place(int(members[second]))
            issues.append(BoundaryIssue(code="ring_doubled", severity=Severity.ERROR, where=where, values=values))
        else:
            inside[small, large] = True
    return inside, issues


def _is_noise(geometry: BaseGeometry, plane: Plane) -> bool:
    """Narrower everywhere than points may differ and still be the same point."""
    ground = shapely.transform(geometry, plane.metres)
    parts = [part for part in shapely.get_parts(ground) if part.geom_type == "Polygon"]
    return all(is_narrower_than(part, REPEATED_M) for part in parts)
