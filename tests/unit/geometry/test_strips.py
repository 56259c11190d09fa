"""The narrow ground between two pieces of land, and the edge they share: figures that can be told by hand."""

from __future__ import annotations

import math

import pytest

from shapely import affinity
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geo_review.geometry.strips import shared_edge_m, strip_length_m, strip_width_m, strips_between
from tests.builders import EAST, NORTH, square

WIDTH_M = 2.0


def polygon(*corners: tuple[float, float], holes: tuple[tuple[tuple[float, float], ...], ...] = ()) -> Polygon:
    moved = [[(EAST + x, NORTH + y) for x, y in ring] for ring in (corners, *holes)]
    return Polygon(moved[0], moved[1:])


RING = polygon((-50, -50), (150, -50), (150, 150), (-50, 150), holes=(((-1, -1), (101, -1), (101, 101), (-1, 101)),))
# name, the other land, (area, greatest width, length) of each strip to the square of 100 m
STRIPS = [
    ("one metre off: that rectangle and no more", square(101, 0), [(100.0, 1.0, 100.0)]),
    ("half beside: the half that faces", square(101, 50), [(50.0, 1.0, 50.0)]),
    ("just under the width", square(101.99, 0), [(199.0, 1.99, 100.0)]),
    ("at the width: no strip", square(102, 0), []),
    ("a millimetre off: told, and a contact for who weighs it", square(100.001, 0), [(0.1, 0.001, 100.0)]),
    ("the same edge", square(100, 0), []),
    ("on the same land", square(90, 0), []),
    ("corner to corner", square(100, 100), []),
    ("corner near corner: no longer than wide", square(101, 101), []),
    (
        "one edge in common, then apart by one metre",
        polygon((100, 0), (200, 0), (200, 100), (101, 100)),
        [(50, 1, 100)],
    ),
    ("one edge in common, then apart at 30 degrees", polygon((100, 0), (200, 0), (200, 100), (157, 100)), []),
    ("all round, one metre off", RING, [(404.0, 1.0, 404.0)]),
    ("two strips to two parcels", MultiPolygon([square(101, 0), square(-101.5, 0)]), [(150, 1.5, 100), (100, 1, 100)]),
]


@pytest.mark.parametrize("angle_deg", [0.0, 33.0])
@pytest.mark.parametrize(("other", "wanted"), [row[1:] for row in STRIPS], ids=[row[0] for row in STRIPS])
def test_strips_are_where_two_outlines_face_each_other(
    other: BaseGeometry, wanted: list[tuple[float, float, float]], angle_deg: float
) -> None:
    left, right = (affinity.rotate(land, angle_deg, origin=(EAST, NORTH)) for land in (square(), other))
    found = strips_between(left, right, WIDTH_M)
    assert [strip.area for strip in found] == pytest.approx([area for area, _, _ in wanted], rel=1e-6)
    assert [strip_width_m(strip) for strip in found] == pytest.approx([width for _, width, _ in wanted], rel=0.01)
    assert [strip_length_m(strip) for strip in found] == pytest.approx([length for _, _, length in wanted], rel=0.01)
    assert all(strip.intersection(left).area + strip.intersection(right).area < 1e-3 for strip in found)
    mirrored = strips_between(right, left, WIDTH_M)
    assert [strip.area for strip in mirrored] == pytest.approx([strip.area for strip in found], rel=1e-6)


def test_a_narrow_notch_of_one_is_not_between_the_two() -> None:
    """A slot of 1 m, 30 m deep, opens on the edge that is shared: only its mouth is near both."""
    notched = square().difference(square(70, 50, 30, 1))
    (mouth,) = strips_between(notched, square(100, 0), WIDTH_M)
    assert mouth.area == pytest.approx(2.04, rel=0.01)


def test_far_away_outlines_change_nothing() -> None:
    """What is cut off for speed may not be seen as an outline."""
    comb = square().union(square(-5_000, 40, 5_000, 1.5)).union(square(-5_000, 43, 5_000, 1.5))
    assert [strip.area for strip in strips_between(comb, square(101, 0), WIDTH_M)] == pytest.approx([100.0])


# name, the other land, metres of the square's outline along it
SHARED = [
    ("a whole edge", square(100, 0), 100.0),
    ("half an edge", square(100, 50), 50.0),
    ("a longer edge", square(100, -50, 100, 200), 100.0),
    ("a centimetre off", square(100.01, 0), 100.0),
    ("three centimetres off", square(100.03, 0), 0.0),
    ("a corner", square(100, 100), 0.0),
    (
        "round it",
        polygon((-9, -9), (109, -9), (109, 109), (-9, 109), holes=(((0, 0), (100, 0), (100, 100), (0, 100)),)),
        400.0,
    ),
    ("nowhere", square(300, 0), 0.0),
]


@pytest.mark.parametrize(("other", "wanted_m"), [row[1:] for row in SHARED], ids=[row[0] for row in SHARED])
def test_shared_edge_is_as_long_as_it_is(other: BaseGeometry, wanted_m: float) -> None:
    assert shared_edge_m(square(), other, 0.02) == pytest.approx(wanted_m, abs=0.05)


def test_length_and_width_of_a_bent_strip_are_those_along_it() -> None:
    bent = square(0, 0, 100, 1).union(square(99, 0, 1, 100))
    assert strip_length_m(bent) == pytest.approx(199.0, rel=0.01)
    assert strip_width_m(bent) == pytest.approx(1.0, rel=1e-3)
    assert math.isclose(strip_length_m(square(0, 0, 10, 10)), 10.0)
