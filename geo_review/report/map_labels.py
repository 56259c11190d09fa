"""Places for the numbers of parts on a printed map: inside the part where there is room, else beside, with a leader."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

RADIUS_MM = 2.1
_GAP_MM = 0.5
_STEPS_MM = (5.0, 7.5, 10.0, 13.0, 17.0, 22.0, 28.0)
_DIRECTIONS = 16

Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacedLabel:
    """A number at ``at``, pointing to ``anchor``; the two are the same when it stands inside its part. Paper mm."""

    number: int
    at: Point
    anchor: Point


def place_labels(
    parts: Iterable[tuple[int, BaseGeometry]], *, width_mm: float, height_mm: float, taken: Sequence[Point]
) -> Iterator[PlacedLabel]:
    """Yield a place for each part (number, polygon on paper, y down), greedily and without overlaps.

    ``taken`` are middles of places that are not free. A label that finds no free place stands on its part, on top of
    what is there: a number may cover another, but none is missing.
    """
    occupied = list(taken)
    for number, polygon in parts:
        circle = shapely.maximum_inscribed_circle(polygon, tolerance=0.05)
        anchor: Point = circle.coords[0]
        candidates = _beside(anchor)
        if circle.length >= RADIUS_MM + 0.2:
            candidates = [anchor, *candidates]
        free = (
            place
            for place in candidates
            if _within(place, width_mm, height_mm) and all(_apart(place, other) for other in occupied)
        )
        at = next(free, anchor)
        occupied.append(at)
        yield PlacedLabel(number=number, at=at, anchor=anchor)


def _beside(anchor: Point) -> list[Point]:
    turns = [index * math.tau / _DIRECTIONS - math.pi / 4 for index in range(_DIRECTIONS)]
    return [
        (anchor[0] + step * math.cos(turn), anchor[1] + step * math.sin(turn)) for step in _STEPS_MM for turn in turns
    ]


def _within(place: Point, width_mm: float, height_mm: float) -> bool:
    edge = RADIUS_MM + _GAP_MM
    return edge <= place[0] <= width_mm - edge and edge <= place[1] <= height_mm - edge


def _apart(place: Point, other: Point) -> bool:
    return math.dist(place, other) >= 2 * RADIUS_MM + _GAP_MM
