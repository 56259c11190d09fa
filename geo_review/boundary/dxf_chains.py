"""Joins open lines end to end into rings. Bridges no gap above a millimetre, guesses no edge, drops no line.

Lines that branch (parcels that share an edge drawn once) are divided into the faces they enclose, and that is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

import shapely

from geo_review.boundary.model import BoundaryIssue, Coordinates, Place, Severity
from geo_review.boundary.refusal import invalid_boundary
from geo_review.boundary.rings import REPEATED_DEG, REPEATED_M, Ints
from geo_review.wording import say

WIDEST_GAP_M = 0.001
WIDEST_GAP_DEG = 1e-8
_MOST_GAPS = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Outline:
    """A closed ring, open as arrays go: ``points`` (n, 2) in metres or degrees, a name for each."""

    points: Coordinates
    names: tuple[str, ...]
    mark: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenLine:
    """A line with two ends."""

    points: Coordinates
    names: tuple[str, ...]


def join(lines: Sequence[OpenLine], *, degrees: bool) -> tuple[list[Outline], list[BoundaryIssue]]:
    """Return the rings of the lines, in the order of their first lines, and what was joined.

    Raises InvalidBoundary that names both ends and the distance of every gap.
    """
    if not lines:
        return [], []
    ends = np.vstack([line.points[[0, -1]] for line in lines])
    node = _nodes(ends, WIDEST_GAP_DEG if degrees else WIDEST_GAP_M)
    issues = _joined(ends, node, REPEATED_DEG if degrees else REPEATED_M)
    _refuse_gaps(lines, ends, node, degrees=degrees)
    at = ends[node]  # where a joint stands: the first end of it
    snapped = [
        OpenLine(points=np.vstack([at[2 * index], line.points[1:-1], at[2 * index + 1]]), names=line.names)
        for index, line in enumerate(lines)
    ]
    outlines: list[Outline] = []
    for members in _networks(node):
        degree = np.unique(node[[end for line in members for end in (2 * line, 2 * line + 1)]], return_counts=True)[1]
        if (degree == 2).all():
            outlines.append(_ring(snapped, members, node))
        else:
            faces = _faces([snapped[line] for line in members])
            outlines += faces
            where = Place(point=snapped[members[0]].names[0])
            values = {"count": len(faces), "lines": len(members)}
            issues.append(BoundaryIssue(code="dxf_network", severity=Severity.WARNING, where=where, values=values))
    return outlines, issues


def _nodes(ends: Coordinates, tolerance: float) -> Ints:
    """For each end the first end that stands where it does, through others if need be."""
    first = np.arange(len(ends))

    def root(end: int) -> int:
        while first[end] != end:
            first[end] = first[first[end]]
            end = int(first[end])
        return end

    points = shapely.points(ends)
    for left, right in shapely.STRtree(points).query(points, predicate="dwithin", distance=tolerance).T.tolist():
        if left < right:
            low, high = sorted((root(left), root(right)))
            first[high] = low
    return np.array([root(end) for end in range(len(ends))], dtype=int)


def _joined(ends: Coordinates, node: Ints, same: float) -> list[BoundaryIssue]:
    gaps = np.hypot(*(ends - ends[node]).T)
    wide = gaps > same
    if not wide.any():
        return []
    scale = WIDEST_GAP_M / WIDEST_GAP_DEG if same == REPEATED_DEG else 1.0
    values = {"count": int(wide.sum()), "widest": f"{gaps.max() * scale * 1000.0:.2f}"}
    return [BoundaryIssue(code="dxf_gaps_joined", severity=Severity.WARNING, values=values)]


def _refuse_gaps(lines: Sequence[OpenLine], ends: Coordinates, node: Ints, *, degrees: bool) -> None:
    loose = np.flatnonzero(np.bincount(node, minlength=len(ends))[node] == 1)
    errors, told = [], set()
    for end in loose.tolist():
        if end in told:
            continue
        others = loose[loose != end] if len(loose) > 1 else np.flatnonzero(node != node[end])
        if len(others) == 0:
            others = np.array([end ^ 1])
        apart = np.hypot(*(ends[others] - ends[end]).T)
        other = int(others[apart.argmin()])
        told |= {end, other}
        values = {
            "first": _written(ends[end], degrees=degrees),
            "second": _written(ends[other], degrees=degrees),
            "other": _name(lines, other),
            "distance": f"{apart.min():.4g}",
            "unit": say("dxf.unit_deg" if degrees else "dxf.unit_m"),
        }
        where = Place(point=_name(lines, end))
        errors.append(BoundaryIssue(code="dxf_gap", severity=Severity.ERROR, where=where, values=values))
        if len(errors) >= _MOST_GAPS:
            break
    if errors:
        raise invalid_boundary(errors)


def _networks(node: Ints) -> list[list[int]]:
    """Lines that hang together, in the order of the file."""
    at_node: dict[int, list[int]] = defaultdict(list)
    for end, where in enumerate(node.tolist()):
        at_node[where].append(end // 2)
    seen = np.zeros(len(node) // 2, dtype=bool)
    found = []
    for first in range(len(seen)):
        if seen[first]:
            continue
        seen[first] = True
        waiting, members = [first], []
        while waiting:
            line = waiting.pop()
            members.append(line)
            for other in (*at_node[int(node[2 * line])], *at_node[int(node[2 * line + 1])]):
                if not seen[other]:
                    seen[other] = True
                    waiting.append(other)
        found.append(sorted(members))
    return found


def _ring(lines: Sequence[OpenLine], members: Sequence[int], node: Ints) -> Outline:
    """Follow lines of which exactly two meet at every joint."""
    at_node: dict[int, list[int]] = defaultdict(list)
    for line in members:
        for end in (2 * line, 2 * line + 1):
            at_node[int(node[end])].append(end)
    points: list[Coordinates] = []
    names: list[str] = []
    end = 2 * members[0]
    while True:
        side = lines[end // 2]
        step = 1 if end % 2 == 0 else -1
        points.append(side.points[::step][:-1])
        names += side.names[::step][:-1]
        far = end ^ 1
        first, second = at_node[int(node[far])]
        end = second if first == far else first
        if end == 2 * members[0]:
            return Outline(points=np.vstack(points), names=tuple(names))


def _faces(lines: Sequence[OpenLine]) -> list[Outline]:
    names = {tuple(point): name for line in lines for point, name in zip(line.points.tolist(), line.names, strict=True)}
    edges = [shapely.LineString(line.points) for line in lines]
    faces, *left_over = shapely.polygonize_full(edges)
    errors = []
    for edge in (edge for found in left_over for edge in shapely.get_parts(found)):
        where = Place(point=names.get(tuple(shapely.get_coordinates(edge)[0].tolist())))
        errors.append(BoundaryIssue(code="dxf_line_left", severity=Severity.ERROR, where=where))
    if errors:
        raise invalid_boundary(errors)
    outlines = []
    for face in shapely.get_parts(faces):
        ring = shapely.get_coordinates(face.exterior)[:-1]
        outlines.append(Outline(points=ring, names=tuple(names[tuple(point)] for point in ring.tolist())))
    return outlines


def _name(lines: Sequence[OpenLine], end: int) -> str:
    return lines[end // 2].names[-(end % 2)]


def _written(point: Coordinates, *, degrees: bool) -> str:
    return f"({point[0]:.8f}, {point[1]:.8f})" if degrees else f"({point[0]:.4f}, {point[1]:.4f})"
