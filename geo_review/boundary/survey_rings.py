"""From the point lines of a parcel to its rings, and from one-header-a-ring files to whole parcels. Repairs nothing.

Which ring is a hole and which a part is not decided here: 圈号 is written both ways, only containment tells (later).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

import shapely

from geo_review.boundary.model import BoundaryIssue, Place, RawRing, Severity
from geo_review.boundary.rings import is_same_point
from geo_review.boundary.survey_lines import PointLine

Points = list[PointLine]


def group_rings(points: Sequence[PointLine]) -> list[Points]:
    """Split the points of a parcel where 圈号 changes and where a ring has come back to its first point.

    Both are needed: numbers may be missing or the same throughout, closing points may be missing.
    """
    rings: list[Points] = []
    number: int | None = None
    closed = True
    for point in points:
        changed = point.ring is not None and number is not None and point.ring != number
        if closed or changed:
            rings.append([])
            number, closed = None, False
        ring = rings[-1]
        ring.append(point)
        number = point.ring if point.ring is not None else number
        closed = len(ring) >= 4 and _same(ring[0], point) and _distinct(ring, at_least=3)
    return rings


def read_ring(points: Points, *, parcel: int, ring: int) -> tuple[RawRing, list[BoundaryIssue]]:
    """Return the ring, open (its closing point taken off), and what is wrong or worth knowing about it."""
    issues = []
    kept = points
    last = Place(parcel=parcel, ring=ring, point=points[-1].name or str(len(points)), line=points[-1].line)
    if len(points) > 1 and _same(points[0], points[-1]):
        kept = points[:-1]
    elif _meant_to_close(points):
        values = {"first_line": points[0].line, "apart": math.dist(_xy(points[0]), _xy(points[-1]))}
        issues.append(BoundaryIssue(code="closing_point_differs", severity=Severity.ERROR, where=last, values=values))
    elif _distinct(points, at_least=3):
        issues.append(BoundaryIssue(code="ring_not_closed", severity=Severity.INFO, where=last))
    if not _distinct(kept, at_least=3):
        where = Place(parcel=parcel, ring=ring, point=points[0].name or "1", line=points[0].line)
        issues.append(BoundaryIssue(code="too_few_points", severity=Severity.ERROR, where=where))
    raw = RawRing(
        coordinates=np.array([_xy(point) for point in kept], dtype=np.float64),
        point_names=tuple(point.name or str(index) for index, point in enumerate(kept, start=1)),
        lines=tuple(point.line for point in kept),
        number=next((point.ring for point in kept if point.ring is not None), None),
    )
    return raw, issues


def nested(left: Points, right: Points) -> bool:
    """Tell whether one ring lies wholly within the other, its edge included. The same ring twice is not nested."""
    return _within(left, right) != _within(right, left)


def _within(inner: Points, outer: Points) -> bool:
    if len(outer) < 3 or not inner:
        return False
    # Points in a polygon, not polygon in polygon: that answers for rings that cross themselves, too. The middles of
    # edges tell a ring that fills a notch of the other, all its corners on the other's edge, from one inside.
    polygon = shapely.Polygon([_xy(point) for point in outer])
    corners = np.array([_xy(point) for point in inner])
    places = np.vstack([corners, (corners + np.roll(corners, -1, axis=0)) / 2.0])
    return bool(shapely.intersects_xy(polygon, places[:, 0], places[:, 1]).all())


def _meant_to_close(points: Points) -> bool:
    """Tell whether the last line repeats the first point's name with other coordinates.

    One exporter writes the first coordinate twice in closing points; closed silently, that would cut a sliver.
    """
    name = points[0].name
    return bool(name) and len(points) >= 4 and points[-1].name == name and all(p.name != name for p in points[1:-1])


def _same(left: PointLine, right: PointLine) -> bool:
    return is_same_point(_xy(left), _xy(right))


def _distinct(points: Sequence[PointLine], *, at_least: int) -> bool:
    seen: set[tuple[float, float]] = set()
    for point in points:
        seen.add(_xy(point))
        if len(seen) >= at_least:
            return True
    return False


def _xy(point: PointLine) -> tuple[float, float]:
    return point.x, point.y
