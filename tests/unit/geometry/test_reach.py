"""The ground within a distance, against the distance itself: the second opinion that a buffer cannot give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import shapely
from shapely.geometry import LineString, Point, Polygon

from geo_review.geometry.intersect import land_within_distance
from geo_review.geometry.reach import ground_around
from tests.builders import EAST, NORTH, square
from tests.unit.review.test_engine_properties import controls, lands


@given(lands, controls, st.sampled_from([5.0, 30.0, 200.0]), st.integers(0, 10_000))
def test_points_of_the_land_are_in_it_just_when_they_are_near(
    land: Polygon, control: list[Polygon], distance_m: float, seed: int
) -> None:
    found = shapely.union_all(land_within_distance(land, np.array(control, dtype=object), distance_m))
    west, south, east, north = land.bounds
    rng = np.random.default_rng(seed)
    points = shapely.points(rng.uniform(west, east, 60), rng.uniform(south, north, 60))
    points = points[shapely.within(points, land)]
    away_m = shapely.distance(points, shapely.union_all(control))
    clear = np.abs(away_m - distance_m) > 0.001
    assume(clear.any())
    assert (shapely.intersects(points[clear], found) == (away_m[clear] < distance_m)).all()


@pytest.mark.parametrize("distance_m", [30.0, 50.0, 500.0])
def test_shallow_bend_is_not_filled(distance_m: float) -> None:
    """GEOS's buffer of the whole line drops a bend shallower than a hundredth of the distance."""
    bend_m = distance_m * 0.009
    line = LineString([(EAST - 500, NORTH), (EAST, NORTH - bend_m), (EAST + 500, NORTH)])
    land = square(-2.0, distance_m - bend_m / 2.0, 4.0)
    nearest_m = land.distance(line)
    found = land_within_distance(land, np.array([line], dtype=object), distance_m)
    assert bool(found) is (nearest_m < distance_m - 1e-6)


def test_far_arc_does_not_fall_short() -> None:
    point, land = Point(EAST, NORTH), square(4_999.915 * np.cos(0.3), 4_999.915 * np.sin(0.3), 50.0)
    found = land_within_distance(land, np.array([point], dtype=object), 5_000.0)
    assert found
    assert max(point.distance(Point(corner)) for part in found for corner in part.exterior.coords) == pytest.approx(
        5_000.0, abs=0.001
    )


@pytest.mark.parametrize("distance_m", [30.0, 200.0, 1_000.0])
def test_ground_around_holds_everything_within_the_distance(distance_m: float) -> None:
    land = square()
    around = ground_around(land, distance_m)
    directions = np.linspace(0.0, 2.0 * np.pi, 721)
    corners = shapely.get_coordinates(land)[:-1]
    for east, north in corners:
        reached = shapely.points(east + distance_m * np.cos(directions), north + distance_m * np.sin(directions))
        assert shapely.covers(around, reached).all()
