"""Nothing that matters is lost on the way to one red line: against brute force, and in each CRS."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon, box

from geo_review.control.model import ControlFeatures
from geo_review.control.near import BEYOND_REACH_M, features_near
from geo_review.geometry.crs import reproject
from tests.builders import EAST, NORTH, make_boundary, square
from tests.unit.control.made import BOW_TIE


def _features(geometries: Sequence[shapely.Geometry], epsg: int = 4547) -> ControlFeatures:
    array = np.empty(len(geometries), dtype=object)
    array[:] = geometries
    return ControlFeatures(
        epsg=epsg,
        geometries=reproject(array, 4547, epsg),
        attributes={"number": np.arange(1, len(geometries) + 1)},
    )


# From beside the red line to 150 km away, denser near it: every window is met.
_offset_m = st.tuples(st.floats(0.0, 5.2), st.sampled_from([-1.0, 1.0])).map(lambda drawn: drawn[1] * 10 ** drawn[0])


@settings(deadline=None, max_examples=120)
@given(
    offsets=st.lists(st.tuples(_offset_m, _offset_m, st.floats(1.0, 3_000.0)), min_size=1, max_size=12),
    reach_m=st.sampled_from([0.0, 30.0, 500.0, 30_000.0]),
    epsg=st.sampled_from([4547, 4548, 4526, 4490]),
)
def test_features_near_when_compared_with_brute_force_then_nothing_nearer_is_lost(
    offsets: list[tuple[float, float, float]], reach_m: float, epsg: int
) -> None:
    boundary = make_boundary(square())
    features = _features([square(east, north, width) for east, north, width in offsets], epsg)
    distances_m = shapely.distance(boundary.geometry, reproject(features.geometries, epsg, 4547))
    found = features_near(features, boundary, reach_m=reach_m)
    assert found.searched_m == reach_m + BEYOND_REACH_M
    within = np.flatnonzero(distances_m <= found.searched_m) + 1
    if len(within):
        assert found.numbers.tolist() == within.tolist()
    else:
        assert len(found.numbers) == 1
        assert distances_m[found.numbers[0] - 1] == distances_m.min()
    assert shapely.distance(boundary.geometry, found.geometries).min() == distances_m.min()
    assert {number: row["number"] for number, row in found.attributes.items()} == {
        int(n): int(n) for n in found.numbers
    }


@pytest.mark.parametrize(
    ("away_m", "why"),
    [
        pytest.param(40.0, "within reach + 50 m", id="within"),
        pytest.param(700.0, "the 1 km window", id="1 km"),
        pytest.param(4_000.0, "the 5 km window", id="5 km"),
        pytest.param(15_000.0, "the 20 km window", id="20 km"),
        pytest.param(90_000.0, "the 100 km window", id="100 km"),
        pytest.param(400_000.0, "the whole layer", id="beyond every window"),
    ],
)
def test_features_near_when_the_only_feature_is_far_then_its_distance_can_be_told(away_m: float, why: str) -> None:
    found = features_near(_features([square(100.0 + away_m)]), make_boundary(square()), reach_m=0.0)
    assert make_boundary(square()).geometry.distance(found.geometries[0]) == pytest.approx(away_m), why


def test_features_near_when_a_bounding_box_is_near_but_the_land_is_far_then_the_nearer_one_is_found() -> None:
    """The L surrounds the red line with its bounds only; a small square outside the window is nearer."""
    far_l = Polygon(
        np.add(
            [(-9e3, -9e3), (9e3, -9e3), (9e3, -8e3), (-8e3, -8e3), (-8e3, 9e3), (-9e3, 9e3)],
            [EAST, NORTH],
        )
    )
    found = features_near(_features([far_l, square(3_000.0)]), make_boundary(square()), reach_m=0.0)
    assert found.numbers.tolist() == [2]


def test_features_near_when_two_are_equally_far_then_the_first_of_the_file() -> None:
    found = features_near(_features([square(1_000.0), square(-1_000.0)]), make_boundary(square()), reach_m=0.0)
    assert found.numbers.tolist() == [1]


def test_features_near_when_a_polygon_is_larger_than_every_window_then_it_is_here() -> None:
    county = box(EAST - 60_000, NORTH - 60_000, EAST + 60_000, NORTH + 60_000)
    found = features_near(_features([county], 4490), make_boundary(square()), reach_m=0.0)
    assert found.geometries[0].contains(square())


def test_features_near_when_polygons_are_invalid_then_each_has_its_word_near_or_far() -> None:
    far = shapely.transform(BOW_TIE, lambda points: points + 50_000.0)
    found = features_near(_features([square(500.0), BOW_TIE, far]), make_boundary(square()), reach_m=0.0)
    assert found.numbers.tolist() == [2]
    assert [(word.feature, word.area_after_m2) for word in found.repairs] == [
        (2, pytest.approx(5_000.0)),
        (3, pytest.approx(5_000.0)),
    ]
    assert found.geometries[0].area == pytest.approx(5_000.0)


def test_features_near_when_a_hole_touches_the_shell_then_valid_after_projecting() -> None:
    """On the shell's edge in degrees, a vertex of the hole lies 1e-9 m beside it in metres."""
    west, south = 115.0, 35.7
    shell = [(west, south), (west + 0.03, south + 0.001), (west + 0.03, south + 0.03), (west, south + 0.03)]
    hole = [(west + 0.01, south + 0.001 / 3), (west + 0.02, south + 0.02), (west + 0.005, south + 0.02)]
    land = Polygon(shell, [hole])
    features = ControlFeatures(epsg=4490, geometries=np.array([land], dtype=object))
    found = features_near(features, make_boundary(square()), reach_m=50_000.0)
    assert found.geometries[0].is_valid
    for word in found.repairs:
        assert word.area_after_m2 == pytest.approx(word.area_before_m2, abs=1e-2)


def test_features_near_when_kinds_are_mixed_then_lines_and_points_come_too() -> None:
    line = LineString([(EAST - 10, NORTH - 10), (EAST - 10, NORTH + 500)])
    point = shapely.Point(EAST + 120, NORTH + 50)
    found = features_near(_features([line, point]), make_boundary(square()), reach_m=30.0)
    assert found.numbers.tolist() == [1, 2]


def test_features_near_when_the_red_line_has_many_parcels_then_none_is_forgotten() -> None:
    boundary = make_boundary(MultiPolygon([square(), square(5_000.0)]))
    found = features_near(_features([square(5_010.0, 10.0, 5.0), square(10.0, 10.0, 5.0)]), boundary, reach_m=0.0)
    assert found.numbers.tolist() == [1, 2]
