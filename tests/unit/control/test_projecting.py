"""Control geometry of any size: exact where it matters, in bounded time and memory, or refused."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import shapely
from shapely.affinity import translate
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo_review.control.check import check_features
from geo_review.control.folder import near, open_folder
from geo_review.control.model import ControlFeatures
from geo_review.control.near import features_near
from geo_review.control.projecting import cut_far_off, into_plane
from geo_review.errors import InvalidLayer
from geo_review.geometry.crs import reproject, reproject_points
from tests.builders import EAST, NORTH, make_boundary, square
from tests.unit.control.made import BOW_TIE, geojson, write_json

WORLD = box(-180.0, -90.0, 180.0, 90.0)
_WITHIN_S = 5.0  # a hundredth of it is enough; without a bound it was minutes
_MEMORY_MB = 1_000


def _features(*geometries: BaseGeometry, epsg: int) -> ControlFeatures:
    array = np.empty(len(geometries), dtype=object)
    array[:] = geometries
    return ControlFeatures(epsg=epsg, geometries=array)


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    """Neither hours nor gigabytes: a test that needs them fails instead of taking the machine along."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    in_use = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (in_use + _MEMORY_MB * 1_000_000, hard))
    start = time.process_time()
    yield
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    assert time.process_time() - start < _WITHIN_S


@pytest.mark.parametrize(
    ("polygon", "epsg"),
    [
        pytest.param(WORLD, 4490, id="the globe"),
        pytest.param(box(-180, -89, 180, 89), 4490, id="all but the poles"),
        pytest.param(box(0, 0, 180, 80), 4490, id="a quarter of it"),
        pytest.param(box(73, 3, 136, 54), 4490, id="the country"),
        pytest.param(box(-2e7, -2e7, 2e7, 2e7), 3857, id="the globe in Web Mercator"),
        pytest.param(box(-1e12, 0, 1e6, 9e6), 4548, id="nonsense in metres"),
    ],
)
def test_a_red_line_inside_a_polygon_of_any_size_is_wholly_inside(polygon: Polygon, epsg: int) -> None:
    found = features_near(_features(polygon, epsg=epsg), make_boundary(), reach_m=1_000.0)
    assert (found.numbers.tolist(), found.repairs) == ([1], ())
    assert found.geometries[0].contains(square().buffer(10_000.0))


@pytest.mark.parametrize("east_m", [-0.5, 0.0, 40.0, 1_020.0])
def test_a_cut_changes_neither_area_nor_distance(east_m: float) -> None:
    """The edge beside the red line is 110 m long in both; only what lies hundreds of kilometres away differs."""
    west, south, _, north = reproject(translate(square(), east_m, 0.0), 4547, 4490).bounds
    steps = np.linspace(south - 0.5, north + 0.5, 1_001)
    shore = [(west, lat) for lat in steps]
    small = Polygon([*shore, (west + 1.0, steps[-1]), (west + 1.0, steps[0])])
    large = Polygon([*shore, (west, 89.0), (180.0, 89.0), (180.0, -89.0), (west, -89.0)])
    land = make_boundary().geometry
    (expected,), (found,) = (
        features_near(_features(polygon, epsg=4490), make_boundary(), reach_m=2_000.0).geometries
        for polygon in (small, large)
    )
    assert found.intersection(land).area == pytest.approx(expected.intersection(land).area, abs=1e-6)
    assert found.distance(land) == pytest.approx(expected.distance(land), abs=1e-6)


def test_the_nearest_is_told_beside_a_polygon_that_only_its_bounds_bring_near() -> None:
    ring = WORLD.difference(box(100.0, 20.0, 130.0, 50.0))
    small = reproject(square(90_000.0), 4547, 4490)
    found = features_near(_features(ring, small, epsg=4490), make_boundary(), reach_m=0.0)
    assert found.numbers.tolist() == [2]


def test_what_cannot_be_told_in_the_plane_is_refused_by_its_number() -> None:
    features = _features(reproject(square(), 4547, 4490), WORLD, epsg=4490)
    with pytest.raises(InvalidLayer) as refused:
        into_plane(features.geometries, np.array([1, 2]), epsg=4490, measuring_epsg=4547)
    assert refused.value.code == "layer_cannot_be_projected"
    assert "第2个要素" in refused.value.message


def test_an_invalid_polygon_round_the_globe_has_its_word() -> None:
    bow_tie = Polygon([(-180, -80), (180, 80), (180, -80), (-180, 80)])
    found = features_near(_features(bow_tie, epsg=4490), make_boundary(), reach_m=0.0)
    (word,) = found.repairs
    assert word.feature == 1
    assert 2.5e14 < word.area_after_m2 < 3.5e14, "more than half of the globe's 5.1e14 m²: most is at the equator"


def test_an_invalid_polygon_in_degrees_is_measured_as_it_was_drawn() -> None:
    """Densified as a polygon, half of a bow tie was gone: its two halves turn against each other and make 0."""
    drawn = shapely.transform(BOW_TIE, lambda points: reproject_points(points, 4547, 4490))
    (word,) = features_near(_features(drawn, epsg=4490), make_boundary(), reach_m=0.0).repairs
    assert (word.area_before_m2, word.area_after_m2) == (pytest.approx(0.0, abs=0.01), pytest.approx(5_000, abs=0.01))


def test_an_invalid_polygon_where_china_has_no_zone_has_its_word() -> None:
    bow_tie = Polygon([(-66, 40), (-65.99, 40.01), (-65.99, 40), (-66, 40.01)])
    found = features_near(_features(reproject(square(), 4547, 4490), bow_tie, epsg=4490), make_boundary(), reach_m=0.0)
    (word,) = found.repairs
    assert (word.feature, word.area_after_m2) == (2, pytest.approx(474_000, rel=0.01))


def test_a_coverage_of_the_whole_world_covers(tmp_path: Path) -> None:
    write_json(tmp_path / "X.geojson", geojson(reproject(square(), 4547, 4490)))
    write_json(tmp_path / "X.coverage.geojson", geojson(WORLD))
    found = near(open_folder(tmp_path), "X", make_boundary(), reach_m=500.0)
    assert found is not None
    assert found.coverage is not None
    assert found.coverage.contains(square().buffer(550.0))


def test_checking_a_layer_of_any_size_is_bounded() -> None:
    assert check_features(_features(WORLD, epsg=4490)).extent_lonlat == (-180.0, -90.0, 180.0, 90.0)
    with pytest.raises(InvalidLayer) as refused:
        check_features(_features(box(-1e12, 0, 1e6, 9e6), epsg=4548))
    assert refused.value.code == "layer_cannot_be_projected"


def test_a_cut_touches_only_what_reaches_out_and_leaves_no_scraps() -> None:
    near_by, line = square(), LineString([(EAST - 9e5, NORTH), (EAST + 9e5, NORTH)])
    far = square(900_000.0)
    given = reproject(np.array([near_by, line, far], dtype=object), 4547, 4490)
    kept, cut, gone = cut_far_off(given, make_boundary(), within_m=0.0, epsg=4490)
    assert kept is given[0]
    assert cut.geom_type == "LineString"
    assert 400_000 < reproject(cut, 4490, 4547).length < 420_000
    assert gone.is_empty
    assert shapely.is_valid(cut)
