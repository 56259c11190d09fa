"""The straight edges that stand for a curve, nowhere farther from it than told. Knows no format; closes no ring.

Each function returns points of the curve in its own direction. Points that are given (ends, the middle one of three)
are kept to the last bit. Metres only: a millimetre is nothing in degrees. The published formulas of a circle: the
angle at the circumference is half of the one at the centre, a bulge is the tangent of a quarter of the angle.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo_review.boundary.model import Coordinates

SAGITTA_M = 0.001  # the finest a survey coordinate is written
MOST_EDGES = 20_000  # of one curve: a circle of 80 km. More is a mistake of units, or an attack
_FARTHEST_M = 1e12  # beyond, squares overflow; nothing on Earth is there
_LARGEST_STEP = math.pi / 4  # an arc smaller than the sagitta is still round

_Pair = Sequence[float] | Coordinates


class NotStrokable(ValueError):
    """The numbers give no curve (points that coincide, no radius, not finite), or one of too many edges."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stroke:
    """``points`` (n, 2), first and last point included; ``sagitta_m`` is how far the curve leaves its edges."""

    points: Coordinates
    sagitta_m: float


def stroke_arc_through(points: Coordinates, sagitta_m: float = SAGITTA_M) -> Stroke:
    """Stroke the arc from the first of three points through the second to the third; ``points`` (3, 2).

    Three points on a line are that line (ISO 19107). Raises NotStrokable when two of them coincide.
    """
    start, middle, end = _finite(points)
    into, out_of = middle - start, end - middle
    if not (into.any() and out_of.any() and (end - start).any()):
        raise NotStrokable
    turn = _angle(into, out_of)
    sides = (start, middle, _angle(end - start, end - middle)), (middle, end, _angle(start - middle, start - end))
    if turn == 0.0 or any(half == 0.0 for _, _, half in sides):
        return Stroke(points=np.array([start, middle, end]), sagitta_m=0.0)
    strokes = []
    for first, last, half in sides:
        half = math.copysign(half, turn)
        strokes.append(_arc(first, last, 2.0 * half, _length(last - first) / abs(math.sin(half)), sagitta_m))
    return _joined(strokes)


def stroke_circle_through(points: Coordinates, sagitta_m: float = SAGITTA_M) -> Stroke:
    """Stroke the whole circle through three points, beginning and ending in the first; ``points`` (3, 2)."""
    start, middle, end = _finite(points)
    turn = _angle(middle - start, end - middle)
    if turn in (0.0, math.pi, -math.pi):
        raise NotStrokable
    rest = math.copysign(math.tau, turn) - 2.0 * turn
    back = stroke_bulge(end, start, math.tan(rest / 4.0), sagitta_m)
    return _joined([stroke_arc_through(points, sagitta_m), back])


def stroke_bulge(start: _Pair, end: _Pair, bulge: float, sagitta_m: float = SAGITTA_M) -> Stroke:
    """Stroke the arc of a polyline vertex of DXF: positive is counter-clockwise, 0 a straight edge."""
    first, last = _finite((start, end))
    if bulge == 0.0 or not (last - first).any():
        return Stroke(points=np.array([first, last]), sagitta_m=0.0)
    diameter_m = _length(last - first) * (1.0 + bulge * bulge) / (2.0 * abs(bulge))
    return _arc(first, last, 4.0 * math.atan(bulge), diameter_m, sagitta_m)


def stroke_ellipse(
    centre: _Pair,
    major: _Pair,
    minor: _Pair,
    start_rad: float = 0.0,
    end_rad: float = math.tau,
    sagitta_m: float = SAGITTA_M,
) -> Stroke:
    """Stroke ``centre + major·cos t + minor·sin t`` from ``start_rad`` to ``end_rad``, forward or back.

    ``major`` and ``minor`` are vectors. A whole turn ends exactly where it begins.
    """
    middle, along, across = _finite((centre, major, minor))
    longest_m = max(_length(along), _length(across))
    sweep = end_rad - start_rad
    count, reached_m = _edges(sweep, 2.0 * longest_m, sagitta_m)
    angles = np.linspace(start_rad, end_rad, count + 1)[:, None]
    points = middle + along * np.cos(angles) + across * np.sin(angles)
    if math.isclose(abs(sweep), math.tau, rel_tol=1e-12):
        points[-1] = points[0]
    return Stroke(points=points, sagitta_m=reached_m)


def stroke_circle(
    centre: _Pair,
    radius_m: float,
    start_rad: float = 0.0,
    end_rad: float = math.tau,
    sagitta_m: float = SAGITTA_M,
) -> Stroke:
    """Stroke a circle, or the arc of it between two angles counted from the first axis towards the second."""
    if not radius_m > 0.0:
        raise NotStrokable
    return stroke_ellipse(centre, (radius_m, 0.0), (0.0, radius_m), start_rad, end_rad, sagitta_m)


def _arc(start: Coordinates, end: Coordinates, sweep: float, diameter_m: float, sagitta_m: float) -> Stroke:
    """Points by their distance and direction from the start: a radius of any size loses no digit."""
    count, reached_m = _edges(sweep, diameter_m, sagitta_m)
    halves = sweep / 2.0 * np.arange(1, count) / count
    towards_end = math.atan2(end[1] - start[1], end[0] - start[0])
    directions = towards_end - sweep / 2.0 + halves
    between = start + (diameter_m * np.sin(np.abs(halves)) * np.array([np.cos(directions), np.sin(directions)])).T
    return Stroke(points=np.vstack([start, between, end]), sagitta_m=reached_m)


def _edges(sweep: float, diameter_m: float, sagitta_m: float) -> tuple[int, float]:
    """Return how many edges keep within the sagitta, and the sagitta they reach."""
    if not (math.isfinite(sweep) and math.isfinite(diameter_m) and diameter_m > 0.0 and 0.0 < abs(sweep) <= 7.0):
        raise NotStrokable
    # sagitta = radius · (1 − cos(step / 2)) = diameter · sin²(step / 4)
    step = min(4.0 * math.asin(min(math.sqrt(sagitta_m / diameter_m), 1.0)), _LARGEST_STEP)
    count = math.ceil(abs(sweep) / step)
    if count > MOST_EDGES:
        raise NotStrokable
    return count, diameter_m * math.sin(abs(sweep) / count / 4.0) ** 2


def _finite(points: Sequence[_Pair] | Coordinates) -> Coordinates:
    found = np.asarray(points, dtype=np.float64)
    if not (np.abs(found) <= _FARTHEST_M).all():
        raise NotStrokable
    return found


def _joined(strokes: Sequence[Stroke]) -> Stroke:
    first, *others = strokes
    points = np.vstack([first.points, *(stroke.points[1:] for stroke in others)])
    return Stroke(points=points, sagitta_m=max(stroke.sagitta_m for stroke in strokes))


def _angle(first: Coordinates, second: Coordinates) -> float:
    """The angle from one vector to another, positive counter-clockwise."""
    cross = first[0] * second[1] - first[1] * second[0]
    return math.atan2(cross, float(first @ second))


def _length(vector: Coordinates) -> float:
    return math.hypot(*vector)
