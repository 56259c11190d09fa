"""Reads the rings of polygons whose sides may be circular arcs from WKB, the arcs stroked to a millimetre.

What stands between the arcs must be corners of the file. A reader below may have put points there that approximate
another curve (Bézier, ellipse) without a word: a point that is not on the grid of the file's coordinates shows it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from geo_review.boundary.model import Coordinates
from geo_review.boundary.strokes import SAGITTA_M, NotStrokable, Stroke, stroke_arc_through, stroke_circle
from geo_review.boundary.wkb_rings import DamagedWkb, NotPolygons, WkbReader

_LINE, _ARC, _COMPOUND, _CURVE_POLYGON, _MULTI_SURFACE = 2, 8, 9, 10, 12
_OFF_GRID = 0.02  # of a cell; half a cell is as far as a point can be
_NOISE = 0.005  # of a cell: what the bits of a double blur. A finer grid shows nothing


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """What the coordinates of a file are counted on: ``origin + n / scale``, both in its units."""

    x_origin: float
    y_origin: float
    scale: float

    def holds(self, points: Coordinates) -> bool:
        """Tell whether all points are on the grid; a grid too fine to tell holds none."""
        cells = (points - [self.x_origin, self.y_origin]) * self.scale
        blur = float(np.max(np.spacing(np.abs(points)), initial=0.0)) * self.scale
        return blur < _NOISE and bool((np.abs(cells - np.round(cells)) <= _OFF_GRID).all())


@dataclass(frozen=True, kw_only=True, slots=True)
class CurvedRings:
    """``rings`` as `rings_of_wkb` returns them; how many arcs were stroked, and how far they leave their edges."""

    rings: list[Coordinates]
    dropped: bool
    arcs: int
    sagitta_m: float


def curved_rings_of_wkb(content: bytes, grid: Grid | None) -> CurvedRings:
    """Return the rings of all polygons of a geometry in metres, arcs stroked.

    Raises NotPolygons for other curves and for corners that are not on the grid, DamagedWkb.
    """
    reader = _CurveReader(content, grid)
    rings = list(reader.geometry(0))
    return CurvedRings(rings=rings, dropped=reader.dropped, arcs=reader.arcs, sagitta_m=reader.sagitta_m)


class _CurveReader(WkbReader):
    def __init__(self, content: bytes, grid: Grid | None) -> None:
        super().__init__(content)
        self._grid = grid
        self.arcs = 0
        self.sagitta_m = 0.0

    def _other(self, kind: int, order: str, columns: int, depth: int) -> Iterator[Coordinates]:
        if kind == _MULTI_SURFACE:
            for _ in range(self._count(order, 9)):
                yield from self.geometry(depth + 1)
        elif kind == _CURVE_POLYGON:
            self.dropped |= columns > 2
            for _ in range(self._count(order, 9)):
                yield self._curve(depth + 1)
        else:
            yield from super()._other(kind, order, columns, depth)

    def _curve(self, depth: int) -> Coordinates:
        arcs_before = self.arcs
        ring = self._piece(depth)
        if self.arcs == arcs_before and not self._is_plain(ring):
            raise NotPolygons("CurvePolygon", curved=True)
        return ring

    def _piece(self, depth: int) -> Coordinates:
        if depth > 16:
            raise DamagedWkb
        order, kind, columns = self._header()
        if kind == _LINE:
            points = self._ring(order, columns)
            if not self._is_plain(points):
                raise NotPolygons("CompoundCurve", curved=True)
            return points
        if kind == _ARC:
            return self._arcs(self._ring(order, columns))
        if kind != _COMPOUND:
            raise DamagedWkb
        pieces = [self._piece(depth + 1) for _ in range(self._count(order, 9))]
        if not pieces or any(len(piece) == 0 for piece in pieces):
            raise DamagedWkb
        return np.vstack([pieces[0], *(piece[1:] for piece in pieces[1:])])

    def _is_plain(self, points: Coordinates) -> bool:
        return self._grid is not None and self._grid.holds(points)

    def _arcs(self, points: Coordinates) -> Coordinates:
        if len(points) < 3 or len(points) % 2 == 0:
            raise DamagedWkb
        stroked = [points[:1]]
        for start in range(0, len(points) - 2, 2):
            first, middle, last = points[start : start + 3]
            try:
                stroke = (
                    _circle(first, middle)
                    if (first == last).all()
                    else stroke_arc_through(points[start : start + 3], SAGITTA_M)
                )
            except NotStrokable as failure:
                raise NotPolygons("CircularString", curved=True) from failure
            self.arcs += 1
            self.sagitta_m = max(self.sagitta_m, stroke.sagitta_m)
            stroked.append(stroke.points[1:])
        return np.vstack(stroked)


def _circle(start: Coordinates, opposite: Coordinates) -> Stroke:
    """A whole circle is written as its start, the point opposite, and its start again."""
    centre = (start + opposite) / 2.0
    radius_m = math.dist(start, centre)
    angle = math.atan2(start[1] - centre[1], start[0] - centre[0])
    stroke = stroke_circle(centre, radius_m, angle, angle + math.tau)
    stroke.points[0] = stroke.points[-1] = start
    return stroke
