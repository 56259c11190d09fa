"""What a check finds, with analytic areas; and what repairing makes of invalid polygons."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import shapely
from shapely import wkt
from shapely.geometry import LineString, MultiPolygon, Polygon

from geo_review.control.check import check_features
from geo_review.control.model import ControlFeatures
from geo_review.control.read import read_features
from geo_review.control.validity import make_valid_with_word, repair_all
from geo_review.errors import InvalidLayer
from geo_review.geometry.crs import reproject_points
from tests.builders import EAST, NORTH, square
from tests.unit.control.made import BOW_TIE, two_squares, write


def _features(*geometries: shapely.Geometry, epsg: int = 4547) -> ControlFeatures:
    return ControlFeatures(epsg=epsg, geometries=np.array([*geometries, None], dtype=object)[:-1])


def _at(text: str) -> Polygon:
    """A polygon written with small numbers, moved to the round corner."""
    moved: Polygon = shapely.transform(wkt.loads(text), lambda points: np.add(points, [EAST, NORTH]))
    return moved


@pytest.mark.parametrize(
    ("geometry", "before_m2", "after_m2", "reason"),
    [
        pytest.param(BOW_TIE, 0.0, 5_000.0, "自相交", id="bow-tie: both triangles are land"),
        pytest.param(
            _at("POLYGON ((0 0, 100 0, 100 100, 0 100, 0 0, 0 -50, 0 0))"),
            10_000.0,
            10_000.0,
            "自相",
            id="a spike has no area: it goes, the land stays",
        ),
        pytest.param(
            _at("POLYGON ((0 0, 100 0, 100 100, 0 100, 0 0), (200 0, 210 0, 210 10, 200 10, 200 0))"),
            9_900.0,
            10_100.0,
            "内圈在外圈之外",
            id="a hole outside the shell: its linework encloses land (even-odd)",
        ),
        pytest.param(
            MultiPolygon([square(), square(50.0)]),
            20_000.0,
            15_000.0,
            "自相交",
            id="overlapping polygons of one feature: the overlap is inside once, not a hole",
        ),
        pytest.param(
            MultiPolygon([square(), square(25.0, 25.0, 50.0)]),
            12_500.0,
            7_500.0,
            "部件互相包含",
            id="a polygon within another of the same feature is a hole that turns the wrong way",
        ),
        pytest.param(
            MultiPolygon([square(), square()]),
            20_000.0,
            10_000.0,
            "自相交",
            id="the same polygon twice: even-odd would leave nothing",
        ),
        pytest.param(
            MultiPolygon([square(), square(0.0, 0.0, 50.0)]),
            12_500.0,
            10_000.0,
            "自相交",
            id="a part of a polygon again, along its edge: no hole lies there",
        ),
    ],
)
def test_make_valid_with_word_when_invalid_then_land_and_areas_are_told(
    geometry: Polygon, before_m2: float, after_m2: float, reason: str
) -> None:
    assert not geometry.is_valid
    valid, repair = make_valid_with_word(geometry, feature=7, epsg=4547)
    assert valid.is_valid
    assert valid.geom_type in ("Polygon", "MultiPolygon")
    assert repair.feature == 7
    assert reason in repair.reason
    assert "（59" in repair.reason, "the reason names the coordinate"
    assert (repair.area_before_m2, repair.area_after_m2) == pytest.approx((before_m2, after_m2), abs=1e-6)
    assert valid.area == pytest.approx(after_m2, abs=1e-6)


def test_make_valid_with_word_when_in_degrees_then_areas_are_square_metres() -> None:
    bow_tie = shapely.transform(BOW_TIE, lambda points: reproject_points(points, 4547, 4490))
    _, repair = make_valid_with_word(bow_tie, feature=1, epsg=4490)
    assert repair.area_after_m2 == pytest.approx(5_000.0, abs=0.01)


@pytest.mark.parametrize(
    "geometry",
    [
        pytest.param(_at("POLYGON ((0 0, 100 0, 0 0, 0 0))"), id="a polygon that is a line"),
        pytest.param(LineString([(EAST, NORTH), (EAST, NORTH)]), id="a line that is a point"),
    ],
)
def test_make_valid_with_word_when_nothing_is_left_then_refused_with_the_feature(geometry: Polygon) -> None:
    with pytest.raises(InvalidLayer, match="第3个要素"):
        make_valid_with_word(geometry, feature=3, epsg=4547)


def test_repair_all_when_some_are_invalid_then_order_and_the_valid_ones_stay() -> None:
    geometries = _features(square(), BOW_TIE, square(300.0)).geometries
    repaired, words = repair_all(geometries, epsg=4547)
    assert [word.feature for word in words] == [2]
    assert repaired[0] is geometries[0]
    assert repaired[2] is geometries[2]
    assert geometries[1] is BOW_TIE, "the input is left as it was"


def test_check_features_when_layer_has_faults_then_all_are_listed() -> None:
    turned = Polygon(np.roll(np.array(square().exterior.coords)[:-1], 2, axis=0))
    line = LineString([(EAST, NORTH), (EAST + 9, NORTH)])
    found = check_features(_features(square(), BOW_TIE, turned, square(1_000.0), line, square(1_000.0)))
    assert (found.epsg, found.feature_count, found.vertex_count) == (4547, 6, 27)
    assert found.kinds == {"LineString": 1, "Polygon": 5}
    assert [repair.feature for repair in found.invalid] == [2]
    assert found.repeated == ((1, 3), (4, 6)), "a ring that begins elsewhere is the same land"
    assert found.extent_lonlat is not None
    west, south, east, north = found.extent_lonlat
    assert (west, south) == pytest.approx((115.027, 35.7618), abs=1e-3)
    assert west < east
    assert south < north


def test_check_features_when_layer_is_empty_then_says_so() -> None:
    found = check_features(_features())
    assert (found.feature_count, found.kinds, found.extent_lonlat, found.repeated) == (0, {}, None, ())


def test_check_features_when_read_from_a_file_then_notes_are_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "X.gpkg", *two_squares(), attributes={"MC": ["a", "b"]})
    found = check_features(read_features(path))
    assert found.attributes == ("MC",)
    assert found.notes == ()
