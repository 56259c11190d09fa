"""The points of one line, polyline or curve of a drawing, in the plane of the drawing. Joins nothing, scales nothing.

Curves become straight edges here, once (`strokes`). Heights are left out and said; a figure in a tilted plane is
refused where its shape would change.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from ezdxf.entities import Arc, Circle, DXFGraphic, Ellipse, Line, LWPolyline, Polyline, Spline
from ezdxf.math import OCS, Vec3

from geo_review.boundary.model import Coordinates
from geo_review.boundary.strokes import MOST_EDGES, NotStrokable, Stroke, stroke_bulge, stroke_ellipse

OUTLINES = ("LINE", "ARC", "CIRCLE", "ELLIPSE", "SPLINE", "LWPOLYLINE", "POLYLINE")
_UPRIGHT = 1.0 - 1e-9
_SPLINE_FRAME = 16  # flag of a vertex that pulls at a fitted polyline and is not on it
_HIGHEST_DEGREE = 3  # of splines whose second derivative is largest at a knot


class CannotDraw(ValueError):
    """The figure has no outline in the plane; ``key`` says why (``dxf.cannot_<key>``)."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """``points`` (n, 2) in drawing units; of a closed one the last is not the first again. ``names`` number its own
    vertices from 1; a point that straightens a curve bears the vertex before it and a ``+``."""

    points: Coordinates
    names: tuple[str, ...]
    closed: bool
    curves: int = 0
    sagitta: float = 0.0  # drawing units
    heights: bool = False
    fitted: bool = False  # a spline that is given by fit points alone


def draw(entity: DXFGraphic, sagitta: float) -> Drawn:
    """Return the points of an entity of `OUTLINES`, nowhere farther than ``sagitta`` (drawing units) from its curve.

    Raises CannotDraw.
    """
    try:
        match entity:
            case LWPolyline():
                vertices = [(x, y, bulge) for x, y, bulge in entity.get_points("xyb")]
                return _polyline(vertices, entity.ocs(), float(entity.dxf.elevation), entity.closed, sagitta)
            case Polyline():
                return _old_polyline(entity, sagitta)
            case Line():
                ends = Vec3(entity.dxf.start), Vec3(entity.dxf.end)
                return _straight(ends, closed=False)
            case Arc():  # before Circle, which it is one of
                start = math.radians(entity.dxf.start_angle)
                return _round(entity, start, _after(start, math.radians(entity.dxf.end_angle)), sagitta)
            case Circle():
                return _round(entity, 0.0, math.tau, sagitta)
            case Ellipse():
                return _ellipse(entity, sagitta)
            case Spline():
                return _spline(entity, sagitta)
    except NotStrokable as failure:
        raise CannotDraw("curve") from failure
    raise CannotDraw("kind")


def _polyline(
    vertices: Sequence[tuple[float, float, float]], ocs: OCS, elevation: float, closed: bool, sagitta: float
) -> Drawn:
    bulges = [bulge for _, _, bulge in vertices[: len(vertices) if closed else -1]]
    corners = [ocs.to_wcs(Vec3(x, y, elevation)) for x, y, _ in vertices]
    if not any(bulges):
        return _straight(corners, closed=closed)
    side = _side(ocs)
    ends = [(point.x, point.y) for point in corners]
    strokes = [
        stroke_bulge(ends[index], ends[(index + 1) % len(ends)], side * bulge, sagitta)
        for index, bulge in enumerate(bulges)
    ]
    pieces, names = [], []
    for number, stroke in enumerate(strokes, start=1):
        pieces.append(stroke.points[:-1])
        names += [str(number), *[f"{number}+"] * (len(stroke.points) - 2)]
    if not closed:
        pieces.append(strokes[-1].points[-1:])
        names.append(str(len(ends)))
    return Drawn(
        points=np.vstack(pieces),
        names=tuple(names),
        closed=closed,
        curves=sum(1 for bulge in bulges if bulge),
        sagitta=max(stroke.sagitta_m for stroke in strokes),
        heights=any(point.z for point in corners),
    )


def _old_polyline(entity: Polyline, sagitta: float) -> Drawn:
    if not (entity.is_2d_polyline or entity.is_3d_polyline):
        raise CannotDraw("mesh")
    vertices = [vertex for vertex in entity.vertices if not int(vertex.dxf.flags) & _SPLINE_FRAME]
    if entity.is_3d_polyline:
        return _straight([Vec3(vertex.dxf.location) for vertex in vertices], closed=entity.is_closed)
    flat = [(vertex.dxf.location.x, vertex.dxf.location.y, float(vertex.dxf.bulge)) for vertex in vertices]
    elevation = Vec3(entity.dxf.elevation).z if entity.dxf.hasattr("elevation") else 0.0
    return _polyline(flat, entity.ocs(), elevation, entity.is_closed, sagitta)


def _straight(points: Sequence[Vec3], *, closed: bool) -> Drawn:
    return Drawn(
        points=np.array([(point.x, point.y) for point in points], dtype=np.float64).reshape(-1, 2),
        names=tuple(str(number) for number in range(1, len(points) + 1)),
        closed=closed,
        heights=any(point.z for point in points),
    )


def _round(entity: Circle, start_rad: float, end_rad: float, sagitta: float) -> Drawn:
    ocs = entity.ocs()
    side = _side(ocs)
    centre, radius = ocs.to_wcs(Vec3(entity.dxf.center)), float(entity.dxf.radius)
    if not radius > 0.0:
        raise CannotDraw("curve")
    # Seen from below the first axis points west, and angles run clockwise.
    stroke = stroke_ellipse((centre.x, centre.y), (side * radius, 0.0), (0.0, radius), start_rad, end_rad, sagitta)
    return _curve(stroke, closed=end_rad - start_rad == math.tau, heights=bool(centre.z))


def _ellipse(entity: Ellipse, sagitta: float) -> Drawn:
    if abs(Vec3(entity.dxf.extrusion).normalize().z) < _UPRIGHT:
        raise CannotDraw("tilted")
    centre, major, minor = Vec3(entity.dxf.center), Vec3(entity.dxf.major_axis), entity.minor_axis
    start = float(entity.dxf.start_param)
    end = _after(start, float(entity.dxf.end_param))
    stroke = stroke_ellipse((centre.x, centre.y), (major.x, major.y), (minor.x, minor.y), start, end, sagitta)
    return _curve(stroke, closed=math.isclose(end - start, math.tau, rel_tol=1e-9), heights=bool(centre.z))


def _spline(entity: Spline, sagitta: float) -> Drawn:
    """Edges so short that the second derivative cannot take the curve farther than told: h² · max|c″| / 8."""
    fitted = len(entity.control_points) == 0
    curve = entity.construction_tool()
    if curve.is_rational or curve.degree > _HIGHEST_DEGREE:
        raise CannotDraw("spline")
    knots = np.unique(np.array(curve.knots())[curve.order - 1 : -curve.degree or None])
    if len(knots) < 2:
        raise CannotDraw("curve")
    bends = [math.hypot(found[2].x, found[2].y) for found in curve.derivatives(_beside(knots), n=2)]
    parameters = [float(knots[0])]
    reached = 0.0
    for number, (first, last) in enumerate(pairwise(knots.tolist())):
        # Linear between knots, so its largest value is at one of the two ends.
        bend = max(bends[2 * number], bends[2 * number + 1])
        count = max(math.ceil((last - first) * math.sqrt(bend / (8.0 * sagitta))), 4)
        if len(parameters) + count > MOST_EDGES:
            raise CannotDraw("curve")
        reached = max(reached, bend * ((last - first) / count) ** 2 / 8.0)
        parameters += np.linspace(first, last, count + 1)[1:].tolist()
    points = list(curve.points(parameters))
    stroke = Stroke(points=np.array([(point.x, point.y) for point in points]), sagitta_m=reached)
    closed = math.hypot(*(stroke.points[0] - stroke.points[-1])) <= sagitta * 1e-3
    return replace(_curve(stroke, closed=closed, heights=any(point.z for point in points)), fitted=fitted)


def _beside(knots: Coordinates) -> Iterator[float]:
    """Just within both ends of every span: at a knot itself the second derivative may jump."""
    for first, last in pairwise(knots.tolist()):
        within = (last - first) * 1e-9
        yield first + within
        yield last - within


def _curve(stroke: Stroke, *, closed: bool, heights: bool) -> Drawn:
    points = stroke.points[:-1] if closed else stroke.points
    names = ["1", *["1+"] * (len(points) - 2), "1+" if closed else "2"]
    return Drawn(points=points, names=tuple(names), closed=closed, curves=1, sagitta=stroke.sagitta_m, heights=heights)


def _side(ocs: OCS) -> float:
    """1 for a figure seen from above, -1 for a mirrored one; a tilted one is none."""
    if abs(ocs.uz.z) < _UPRIGHT:
        raise CannotDraw("tilted")
    return math.copysign(1.0, ocs.uz.z)


def _after(start_rad: float, end_rad: float) -> float:
    """The end angle, counter-clockwise after the start; the same angle is a whole turn."""
    sweep = (end_rad - start_rad) % math.tau
    if sweep < 1e-12 or math.isclose(sweep, math.tau, rel_tol=1e-12):
        return start_rad + math.tau
    return start_rad + sweep
