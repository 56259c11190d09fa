"""The lengths of sides that a point table tells, checked against its coordinates. They move no point."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from geo_review.boundary.model import BoundaryIssue, Place, Severity
from geo_review.boundary.rings import is_same_point
from geo_review.boundary.survey_rings import Points
from geo_review.boundary.table_cells import Cell
from geo_review.boundary.table_numbers import Coordinate, coordinate_of

SIDE_DIFFERS_M = 0.01
_MOST_ROWS_SAID = 10


def check_sides(rings: Sequence[Points], sides: Mapping[int, Cell], *, parcel: int) -> list[BoundaryIssue]:
    """Return a warning that names the rows whose side differs from the distance of its points, in metres.

    A length stands with the point where its side begins or where it ends; whichever fits more rows is meant.
    """
    written = {line: cell.value for line, text in sides.items() if isinstance(cell := coordinate_of(text), Coordinate)}
    found = {forward: _differing(rings, written, forward=forward) for forward in (True, False)}
    differing = min(found[True], found[False], key=len)
    if not differing:
        return []
    first = differing[0]
    values = {
        "count": len(differing),
        "rows": "、".join(str(line) for line, _, _ in differing[:_MOST_ROWS_SAID]),
        "line": first[0],
        "written": f"{first[1]:.3f}",
        "computed": f"{first[2]:.3f}",
    }
    where = Place(parcel=parcel, line=first[0])
    return [BoundaryIssue(code="side_differs", severity=Severity.WARNING, where=where, values=values)]


def _differing(
    rings: Sequence[Points], written: Mapping[int, float], *, forward: bool
) -> list[tuple[int, float, float]]:
    found = []
    for ring in rings:
        corners = [(point.x, point.y) for point in ring]
        closed = len(ring) > 1 and is_same_point(corners[0], corners[-1])
        for index, point in enumerate(ring):
            other = index + 1 if forward else index - 1
            if closed and other in (-1, len(ring)):
                continue  # the closing point and the first are one: each side is told once
            length_m = math.dist(corners[index], corners[other % len(ring)])
            if point.line in written and abs(written[point.line] - length_m) > SIDE_DIFFERS_M:
                found.append((point.line, written[point.line], length_m))
    return found
