"""Groups the outlines of a drawing into parcels: an outline and the holes in it. Checks no ring, cuts nothing.

An outline inside another is a hole of it, inside a hole land again (as everywhere, see `parcel_shapes`). The same
outline drawn twice is left out and said where that leaves no doubt, that is not within another outline.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

import shapely

from geo_review.boundary.dxf_chains import Outline
from geo_review.boundary.dxf_entities import Label
from geo_review.boundary.model import BoundaryIssue, Place, RawParcel, RawRing, Severity
from geo_review.boundary.parcel_facts import parcel_of


def group(outlines: Sequence[Outline], labels: Sequence[Label]) -> tuple[list[RawParcel], list[BoundaryIssue]]:
    """Return a parcel for each outline that is no hole, in their order, and which outlines were left out.

    A text inside a parcel, if it is the only one, is its name. Outlines that we wrote ourselves bear their parcel.
    """
    if outlines and all(outline.mark is not None for outline in outlines):
        marked: dict[int | None, list[Outline]] = defaultdict(list)
        for outline in outlines:
            marked[outline.mark].append(outline)
        return [_parcel(members, ()) for members in marked.values()], []
    polygons = np.array([_polygon(outline) for outline in outlines], dtype=object)
    depth, parent = _containment(polygons)
    doubled = _doubled(polygons, depth)
    issues = [
        BoundaryIssue(code="dxf_outline_doubled", severity=Severity.WARNING, where=_place(outlines[index]))
        for index in doubled
    ]
    members: dict[int, list[int]] = {}
    for index in np.argsort(depth, kind="stable").tolist():
        if index in doubled:
            continue
        if depth[index] % 2 == 0 or parent[index] not in members:
            members[index] = [index]
        else:
            members[int(parent[index])].append(index)
    names = _names(polygons, members, labels)
    return [
        _parcel([outlines[index] for index in members[shell]], names.get(shell, ())) for shell in sorted(members)
    ], issues


def _containment(polygons: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.int_], npt.NDArray[np.int_]]:
    """For each outline how many others it lies in, and the smallest of them (-1 for none). Equal ones do not count,
    and those that cross themselves lie in nothing: they are told by the checks of rings."""
    depth = np.zeros(len(polygons), dtype=int)
    parent = np.full(len(polygons), -1, dtype=int)
    sound = np.flatnonzero(shapely.is_valid(polygons))
    areas = shapely.area(polygons)
    inner, outer = shapely.STRtree(polygons[sound]).query(polygons[sound], predicate="covered_by")
    for small, large in zip(sound[inner].tolist(), sound[outer].tolist(), strict=True):
        if small == large or shapely.equals(polygons[small], polygons[large]):
            continue
        depth[small] += 1
        if parent[small] < 0 or areas[large] < areas[parent[small]]:
            parent[small] = large
    return depth, parent


def _doubled(polygons: npt.NDArray[np.object_], depth: npt.NDArray[np.int_]) -> set[int]:
    """Outlines equal to an earlier one to the last bit, outside of all others."""
    first: dict[bytes, int] = {}
    doubled = set()
    for index, polygon in enumerate(shapely.normalize(polygons)):
        key = shapely.to_wkb(polygon)
        if key in first and depth[index] == 0 and not polygon.is_empty:
            doubled.add(index)
        first.setdefault(key, index)
    return doubled


def _names(
    polygons: npt.NDArray[np.object_], members: dict[int, list[int]], labels: Sequence[Label]
) -> dict[int, tuple[str, ...]]:
    """The texts within each parcel, not in its holes."""
    found: dict[int, list[str]] = defaultdict(list)
    if not labels:
        return {}
    points = shapely.points([(label.x, label.y) for label in labels])
    shells = np.array(list(members), dtype=int)
    within, which = shapely.STRtree(polygons[shells]).query(points, predicate="within")
    for label, shell in zip(within.tolist(), shells[which].tolist(), strict=True):
        holes = members[shell][1:]
        if labels[label].text and not any(shapely.contains(polygons[hole], points[label]) for hole in holes):
            found[shell].append(labels[label].text)
    return {shell: tuple(texts) for shell, texts in found.items()}


def _parcel(outlines: Sequence[Outline], names: Sequence[str]) -> RawParcel:
    rings = tuple(RawRing(coordinates=outline.points, point_names=outline.names) for outline in outlines)
    return parcel_of(rings, {"NAME": names[0]} if len(names) == 1 else {})


def _polygon(outline: Outline) -> shapely.Polygon:
    enough = len(outline.points) >= 3 and bool(np.isfinite(outline.points).all())
    return shapely.Polygon(outline.points) if enough else shapely.Polygon()


def _place(outline: Outline) -> Place:
    return Place(point=outline.names[0] if outline.names else None)
