"""Where a ring crosses or touches itself, and where two rings cross: the edges, by the surveyor's point numbers.

GEOS's explanation names one coordinate only; an officer needs the edges, all of them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

import shapely
from shapely.geometry.base import BaseGeometry

from geo_review.boundary.model import BoundaryIssue, Coordinates, Severity
from geo_review.boundary.rings import Ints, Rings

Lines = npt.NDArray[np.object_]

MOST_PER_RING = 20  # a scrambled ring crosses itself thousands of times; the first ones are enough to see it
_BATCH = 32


def find_crossings(rings: Rings, ring: int) -> list[BoundaryIssue]:
    """Return an error for each place where a ring that is not simple crosses (`self_intersection`) or touches itself
    (`ring_touches_itself`), at the start of the first of the two edges, naming both."""
    points = rings.points_of(ring)
    coordinates = rings.coordinates[points]
    edges = _edges(coordinates)
    issues: list[BoundaryIssue] = []
    told: set[tuple[float, float]] = set()
    for first, second in _meeting_edges(edges):
        where = _meeting(edges[first], edges[second])
        if where is None or where in told:
            continue
        told.add(where)
        crosses = _crosses(coordinates, first, second, where)
        issues.append(
            BoundaryIssue(
                code="self_intersection" if crosses else "ring_touches_itself",
                severity=Severity.ERROR,
                where=rings.place(int(points[first])),
                values={
                    "first": _edge(rings, points, first),
                    "second": _edge(rings, points, second),
                    "east": f"{where[0]:.10g}",
                    "north": f"{where[1]:.10g}",
                },
            )
        )
        if len(issues) == MOST_PER_RING:
            break
    return issues


def crossing_of_rings(rings: Rings, first: int, second: int) -> BoundaryIssue:
    """Return the error that two rings cross, at the first edge of the second ring that meets the other."""
    edges = [_edges(rings.coordinates[rings.points_of(ring)]) for ring in (first, second)]
    pairs = shapely.STRtree(edges[0]).query(edges[1], predicate="intersects").T
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    # Rings that share a vertex or an edge somewhere cross elsewhere: prefer a proper crossing.
    proper = shapely.crosses(edges[1][pairs[:, 0]], edges[0][pairs[:, 1]])
    index, other = pairs[np.argmax(proper)]
    met = shapely.get_coordinates(shapely.intersection(edges[1][index], edges[0][other]))[0]
    points, others = rings.points_of(second), rings.points_of(first)
    return BoundaryIssue(
        code="rings_cross",
        severity=Severity.ERROR,
        where=rings.place(int(points[index])),
        values={
            "other": int(rings.number[first]) + 1,
            "first": _edge(rings, points, int(index)),
            "second": _edge(rings, others, int(other)),
            "east": f"{met[0]:.10g}",
            "north": f"{met[1]:.10g}",
        },
    )


def _meeting_edges(edges: Lines) -> Iterator[tuple[int, int]]:
    """Pairs of edges of a ring that meet, first < second, in order; neighbours only when they run back.

    In small batches: a scrambled ring of 100,000 points has thousands of millions of pairs, and few are wanted.
    """
    tree = shapely.STRtree(edges)
    for start in range(0, len(edges), _BATCH):
        first, second = tree.query(edges[start : start + _BATCH], predicate="intersects")
        first = first + start
        once = first < second
        first, second = first[once], second[once]
        neighbours = (second - first == 1) | ((first == 0) & (second == len(edges) - 1))
        overlapping = np.zeros(len(first), dtype=bool)
        overlapping[neighbours] = (
            shapely.length(shapely.intersection(edges[first[neighbours]], edges[second[neighbours]])) > 0.0
        )
        keep = ~neighbours | overlapping
        pairs = np.column_stack([first[keep], second[keep]])
        for pair in pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]:
            yield int(pair[0]), int(pair[1])


def _edges(coordinates: Coordinates) -> Lines:
    made: Lines = shapely.linestrings(np.stack([coordinates, np.roll(coordinates, -1, axis=0)], axis=1))
    return made


def _meeting(first: BaseGeometry, second: BaseGeometry) -> tuple[float, float] | None:
    met = shapely.get_coordinates(shapely.intersection(first, second))
    return (float(met[0, 0]), float(met[0, 1])) if len(met) else None


def _crosses(coordinates: Coordinates, first: int, second: int, where: tuple[float, float]) -> bool:
    """Tell a crossing from a touch: the second path leaves on the other side of the first than it came from."""
    (back, ahead), (from_there, on) = (_path(coordinates, edge, where) for edge in (first, second))
    left, enters, leaves = (_turn(back, way) for way in (ahead, from_there, on))
    if np.isclose([enters, enters, leaves, leaves], [0.0, left, 0.0, left]).any():
        return True  # it runs along the other edge: the sides cannot be told, and it is no mere touch
    return (enters < left) != (leaves < left)


def _turn(start: Coordinates, way: Coordinates) -> float:
    """The angle from one direction to another, counter-clockwise, 0 to 2π."""
    return float((np.arctan2(way[1], way[0]) - np.arctan2(start[1], start[0])) % (2.0 * np.pi))


def _path(coordinates: Coordinates, edge: int, where: tuple[float, float]) -> tuple[Coordinates, Coordinates]:
    """The directions from a point on an edge back along the ring and on along it."""
    count = len(coordinates)
    here = np.array(where)
    back, ahead = edge, (edge + 1) % count
    if (coordinates[back] == here).all():
        back = (back - 1) % count
    elif (coordinates[ahead] == here).all():
        ahead = (ahead + 1) % count
    return coordinates[back] - here, coordinates[ahead] - here


def _edge(rings: Rings, points: Ints, edge: int) -> str:
    names = [rings.place(int(points[index % len(points)])).point for index in (edge, edge + 1)]
    return "–".join(str(name) for name in names)
