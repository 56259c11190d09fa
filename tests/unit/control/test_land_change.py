"""What land two sets of features do not have in common, however they are cut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import shapely
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo_review.control.land_change import land_change
from geo_review.control.model import Geometries

E, N = 500_000.0, 3_950_000.0


def shapes(*given_: BaseGeometry) -> Geometries:
    array = np.empty(len(given_), dtype=object)
    array[:] = given_
    return array


def at(west: float, south: float, east: float, north: float) -> Polygon:
    return box(E + west, N + south, E + east, N + north)


NONE = shapes()


@pytest.mark.parametrize(
    ("before", "after", "unchanged", "added_m2", "removed_m2", "why"),
    [
        ([at(0, 0, 10, 10)], [at(0, 0, 10, 12)], [], 20.0, 0.0, "an edge moved out"),
        ([at(0, 0, 10, 10)], [at(2, 0, 12, 10)], [], 20.0, 20.0, "moved: land in and land out"),
        ([at(0, 0, 10, 10)], [at(0, 0, 5, 10), at(5, 0, 10, 10)], [], 0.0, 0.0, "cut in two, and no land changed"),
        ([at(0, 0, 10, 10)], [], [at(0, 0, 10, 6)], 0.0, 40.0, "another that stayed covers most of it"),
        ([], [at(0, 0, 10, 10), at(5, 0, 15, 10)], [], 150.0, 0.0, "two new ones that overlap count once"),
        ([at(0, 0, 10, 10)], [at(0, 0, 10, 10 + 1e-9)], [], 0.0, 0.0, "the noise of floating point"),
        ([], [], [], 0.0, 0.0, "nothing"),
    ],
)
def test_land_is_compared_not_features(
    before: list[Polygon], after: list[Polygon], unchanged: list[Polygon], added_m2: float, removed_m2: float, why: str
) -> None:
    found = land_change(shapes(*before), shapes(*after), shapes(*unchanged))
    assert (found.added_m2, found.removed_m2) == (pytest.approx(added_m2), pytest.approx(removed_m2)), why


def test_of_lines_and_points_what_is_new_is_told() -> None:
    found = land_change(
        shapes(LineString([(E, N), (E + 10, N)])), shapes(LineString([(E, N), (E + 15, N)]), Point(E, N + 5)), NONE
    )
    assert [piece.geom_type for piece in found.added] == ["LineString", "Point"]
    assert found.added[0].length == pytest.approx(5.0)
    assert found.removed == ()


BOXES = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(1, 5), st.integers(1, 5)), min_size=0, max_size=5
)


@given(BOXES, BOXES, BOXES)
def test_it_is_the_difference_of_the_whole_layers(
    one: list[tuple[int, ...]], other: list[tuple[int, ...]], both: list[tuple[int, ...]]
) -> None:
    before, after, unchanged = (shapes(*(at(w, s, w + x, s + y) for w, s, x, y in each)) for each in (one, other, both))
    found = land_change(before, after, unchanged)
    whole_before = shapely.union_all([*before, *unchanged])
    whole_after = shapely.union_all([*after, *unchanged])
    assert found.added_m2 == pytest.approx(shapely.difference(whole_after, whole_before).area)
    assert found.removed_m2 == pytest.approx(shapely.difference(whole_before, whole_after).area)
