"""The rings of GML surfaces, of GML 2.1.2 to 3.2.1, as written. Strokes circular arcs and counts them, refuses other
curves and everything that is written elsewhere (``xlink:href``). Knows no feature and no reference system.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from geo_review.boundary.gml_positions import ABOUT, listed_positions
from geo_review.boundary.model import Coordinates, Place
from geo_review.boundary.rings import is_same_point
from geo_review.boundary.strokes import (
    Stroke,
    stroke_arc_through,
    stroke_circle,
    stroke_circle_through,
)
from geo_review.boundary.written_positions import Positions, joined, read_numbers
from geo_review.boundary.xml_reading import Element, children, line_of, linked, local_name, text_of
from geo_review.errors import TooLarge, UnreadableBoundary
from geo_review.wording import say

SURFACES = frozenset(
    [
        "Polygon",
        "MultiPolygon",
        "Surface",
        "MultiSurface",
        "CompositeSurface",
        "OrientableSurface",
        "PolyhedralSurface",
        "TriangulatedSurface",
        "Tin",
        "MultiGeometry",
        "GeometryCollection",
    ]
)
OTHERS = frozenset(
    [
        "Point",
        "MultiPoint",
        "LineString",
        "LinearRing",
        "Ring",
        "MultiLineString",
        "Curve",
        "MultiCurve",
        "CompositeCurve",
        "OrientableCurve",
        "Solid",
        "MultiSolid",
        "CompositeSolid",
        "Grid",
        "RectifiedGrid",
        "GeometricComplex",
    ]
)
_PATCHES = frozenset(["Polygon", "PolygonPatch", "Rectangle", "Triangle"])
_BORDERS = frozenset(["exterior", "interior", "outerBoundaryIs", "innerBoundaryIs"])
_METRES = frozenset(["", "m", "#m", "metre", "meter", "urn:ogc:def:uom:EPSG::9001", "urn:x-ogc:def:uom:EPSG::9001"])
_DEGREES = 180.0  # what is no larger may be degrees, and an arc in degrees is no arc on the ground
_MOST_STROKED = 2_000_000  # points, of all curves of a file


@dataclass(kw_only=True, slots=True)
class Strokes:
    """How many curves of a file were stroked, into how many points, and how far they leave their edges at most."""

    curves: int = 0
    points: int = 0
    sagitta_m: float = 0.0


def rings_of(surface: Element, *, parcel: int, first: int, strokes: Strokes) -> Iterator[Positions]:
    """Yield the rings of a surface, closed as written; ``parcel`` and ``first`` count from 1 and go into places.

    Raises UnreadableBoundary with place and line, TooLarge when curves would become too many points.
    """
    for patch in _patches(surface, parcel):
        for border in children(patch):
            if local_name(border) in ABOUT:
                continue
            _check(border, parcel, known=local_name(border) in _BORDERS)
            for ring in children(border):
                reader = _Ring(parcel, first, strokes)
                yield reader.positions(ring)
                first += 1


def _patches(geometry: Element, parcel: int) -> Iterator[Element]:
    name = local_name(geometry)
    if name in _PATCHES:
        yield geometry
        return
    _check(geometry, parcel, known=name in SURFACES)
    for holder in children(geometry):
        held = local_name(holder)
        if held in ABOUT:
            continue
        _check(holder, parcel, known=held.lower().endswith(("member", "members", "patches")) or held == "baseSurface")
        for child in children(holder):
            yield from _patches(child, parcel)


def _check(element: Element, parcel: int, *, known: bool) -> None:
    place = Place(parcel=parcel, line=line_of(element))
    if linked(element):
        raise _refused("gml_link", place=place)
    if not known:
        raise _refused("gml_geometry", place=place, kind=local_name(element)[:40])


class _Ring:
    """One ring, straight or of pieces."""

    def __init__(self, parcel: int, ring: int, strokes: Strokes) -> None:
        self._parcel = parcel
        self._ring = ring
        self._strokes = strokes

    def positions(self, ring: Element) -> Positions:
        if local_name(ring) == "LinearRing":
            return self._straight(ring)
        self._known(ring, "Ring")
        return self._chain(piece for member in self._held(ring, "curveMember") for piece in children(member))

    def _chain(self, pieces: Iterator[Element]) -> Positions:
        """Pieces one after another; each begins where the one before it ends."""
        found: list[Positions] = []
        for element in pieces:
            piece = self._curve(element)
            if found and len(piece) and len(found[-1]):
                end, start = found[-1].coordinates[-1].tolist(), piece.coordinates[0].tolist()
                if not is_same_point(end, start):
                    raise _refused("gml_ring_gap", place=self._at(element))
                piece = Positions(
                    coordinates=piece.coordinates[1:],
                    lines=piece.lines[1:] if piece.lines else None,
                    heights=piece.heights,
                )
            found.append(piece)
        return joined([piece for piece in found if len(piece)])

    def _curve(self, curve: Element) -> Positions:
        match local_name(curve):
            case "LineString" | "LineStringSegment":
                return self._straight(curve)
            case "Curve":
                return self._chain(piece for held in self._held(curve, "segments") for piece in children(held))
            case "CompositeCurve":
                return self._chain(piece for held in self._held(curve, "curveMember") for piece in children(held))
            case "OrientableCurve":
                whole = self._chain(piece for held in self._held(curve, "baseCurve") for piece in children(held))
                return _reversed(whole) if curve.get("orientation") == "-" else whole
            case "Arc" | "ArcString":
                return self._arcs(curve)
            case "Circle":
                return self._stroked(curve, self._straight(curve).coordinates, stroke_circle_through)
            case "CircleByCenterPoint":
                return self._circle(curve)
            case other:
                raise _refused("curves", parcel=self._parcel, kind=other[:40])

    def _arcs(self, curve: Element) -> Positions:
        """An arc goes through three points, a string of arcs through two more for each further one."""
        points = self._straight(curve).coordinates
        if len(points) < 3 or len(points) % 2 == 0:
            raise _refused("gml_curve", place=self._at(curve), kind=local_name(curve))
        pieces = []
        for start in range(0, len(points) - 2, 2):
            stroked = self._stroked(curve, points[start : start + 3], stroke_arc_through)
            pieces.append(stroked if start == 0 else _without_first(stroked))
        return joined(pieces)

    def _circle(self, curve: Element) -> Positions:
        centre = self._straight(curve, about=("radius",)).coordinates
        written = next(children(curve, "radius"), None)
        if len(centre) != 1 or written is None or written.get("uom", "") not in _METRES:
            raise _refused("gml_curve", place=self._at(curve), kind="CircleByCenterPoint")

        def stroke(points: Coordinates) -> Stroke:
            radius = read_numbers(text_of(written), None, dimension=1)
            return stroke_circle(points[0], float(radius.coordinates[0, 0]))

        return self._stroked(curve, centre, stroke)

    def _stroked(self, curve: Element, points: Coordinates, stroke: Callable[[Coordinates], Stroke]) -> Positions:
        kind = local_name(curve)
        if len(points) and np.abs(points).max() <= _DEGREES:
            raise _refused("gml_curve_in_degrees", place=self._at(curve), kind=kind)
        try:
            made = stroke(points)
        except (ValueError, IndexError) as failure:  # no such curve, or too few numbers or points for one
            raise _refused("gml_curve", place=self._at(curve), kind=kind) from failure
        self._strokes.curves += 1
        self._strokes.points += len(made.points)
        self._strokes.sagitta_m = max(self._strokes.sagitta_m, made.sagitta_m)
        if self._strokes.points > _MOST_STROKED:
            raise TooLarge(
                code="too_many_vertices",
                message=say("files.too_many_vertices", count=self._strokes.points, most=_MOST_STROKED),
                remedy=say("files.too_large_remedy"),
            )
        line = line_of(curve)
        return Positions(coordinates=made.points, lines=None if line is None else (line,) * len(made.points))

    def _straight(self, element: Element, *, about: tuple[str, ...] = ()) -> Positions:
        return listed_positions(element, parcel=self._parcel, ring=self._ring, about=about)

    def _held(self, element: Element, name: str) -> Iterator[Element]:
        for child in children(element):
            if local_name(child) in ABOUT:
                continue
            if linked(child):
                raise _refused("gml_link", place=self._at(child))
            self._known(child, name)
            yield child

    def _known(self, element: Element, name: str) -> None:
        if local_name(element) != name:
            raise _refused("gml_geometry", place=self._at(element), kind=local_name(element)[:40])

    def _at(self, element: Element) -> Place:
        return Place(parcel=self._parcel, ring=self._ring, line=line_of(element))


def _without_first(positions: Positions) -> Positions:
    lines = positions.lines
    return Positions(coordinates=positions.coordinates[1:], lines=lines[1:] if lines else None)


def _reversed(positions: Positions) -> Positions:
    lines = positions.lines
    return Positions(
        coordinates=positions.coordinates[::-1], lines=lines[::-1] if lines else None, heights=positions.heights
    )


def _refused(key: str, **values: object) -> UnreadableBoundary:
    return UnreadableBoundary(code=key, message=say(f"files.{key}", **values), remedy=say("files.gml_remedy"))
