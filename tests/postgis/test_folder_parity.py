"""The same layer files judged from a folder and from the store: what is said of the layer is the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sqlalchemy.orm import Session

import shapely
from shapely.affinity import translate
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geo_review.boundary.model import Boundary
from geo_review.control.folder import near, open_folder
from geo_review.control.model import LayerNear
from geo_review.geometry.crs import reproject, reproject_points
from geo_review.store.candidates import layer_near
from geo_review.usecases.load_layer import load_layer
from geo_review.usecases.publish_layer import NOBODY
from tests.builders import AS_OF, EAST, NORTH, make_boundary, square
from tests.postgis.stored import NOW
from tests.unit.control.made import BOW_TIE, turn_rings, two_squares, write

FAR_BOW_TIE = translate(BOW_TIE, 20_000.0, 0.0)
_MADE = {"X": (square(290.0), BOW_TIE, FAR_BOW_TIE), "ONLY_FAR": (square(9_000.0), FAR_BOW_TIE)}
_SAME_M2 = 0.01  # chords of two ways of densifying along 1,000 m of shore: 0.05 mm at most


def _both(
    session: Session, folder: Path, code: str, file: str, boundary: Boundary | None = None
) -> tuple[LayerNear, LayerNear]:
    coverage = next(iter(folder.glob(f"{code}.coverage.*")), None)
    load_layer(session, folder / file, code=code, coverage_path=coverage, publish_by=NOBODY, now=NOW)
    boundary = boundary or make_boundary()
    from_folder = near(open_folder(folder), code, boundary, reach_m=30.0)
    stored = layer_near(session, code, boundary, as_of=AS_OF, reach_m=30.0)
    assert from_folder is not None
    assert stored is not None
    return from_folder, stored


@pytest.mark.parametrize("epsg", [4490, 4547, 4548])
@pytest.mark.parametrize("code", list(_MADE))
def test_every_repair_is_told_and_the_same(session: Session, tmp_path: Path, code: str, epsg: int) -> None:
    write(tmp_path / f"{code}.gpkg", *_in(epsg, _MADE[code]), epsg=epsg)
    write(tmp_path / f"{code}.coverage.gpkg", *_in(epsg, (BOW_TIE,)), epsg=epsg)
    from_folder, stored = _both(session, tmp_path, code, f"{code}.gpkg")
    invalid = [number for number, shape in enumerate(_MADE[code], 1) if not shape.is_valid]
    assert [repair.feature for repair in from_folder.repairs] == [*invalid, 1]
    assert stored.repairs == from_folder.repairs
    assert stored.facts == from_folder.facts


def test_the_notes_of_the_reader_are_told_and_the_same(session: Session, tmp_path: Path) -> None:
    turn_rings(write(tmp_path / "X.shp", MultiPolygon(two_squares())), [1])
    from_folder, stored = _both(session, tmp_path, "X", "X.shp")
    assert from_folder.notes
    assert stored.notes == from_folder.notes


@pytest.mark.parametrize(
    ("shapes", "has_area"),
    [
        pytest.param((LineString([(EAST, NORTH), (EAST + 50, NORTH)]), square(50_000.0)), True, id="a polygon far off"),
        pytest.param((LineString([(EAST, NORTH), (EAST + 50, NORTH)]),), False, id="a line alone"),
        pytest.param((), False, id="nothing"),
    ],
)
def test_whether_a_layer_has_area_is_told_of_all_of_it(
    session: Session, tmp_path: Path, shapes: tuple[BaseGeometry, ...], has_area: bool
) -> None:
    write(tmp_path / "X.geojson", *shapes)
    from_folder, stored = _both(session, tmp_path, "X", "X.geojson")
    assert (from_folder.has_area, stored.has_area) == (has_area, has_area)


def _coast() -> Polygon:
    """Enough vertices for many parts, and waves whose seams are of many sizes."""
    angle = np.linspace(0.0, 2.0 * np.pi, 20_000, endpoint=False)
    radius_m = 2_000.0 + 40.0 * np.sin(61.0 * angle)
    return Polygon(np.column_stack([EAST + radius_m * np.cos(angle), NORTH + radius_m * np.sin(angle)]))


@pytest.mark.parametrize("epsg", [4490, 4547, 4548])
@pytest.mark.parametrize("measuring_epsg", [4547, 4548])
def test_the_land_is_the_same_in_either_zone(session: Session, tmp_path: Path, epsg: int, measuring_epsg: int) -> None:
    write(tmp_path / "X.gpkg", *_in(epsg, (_coast(), square(1_900.0), square(40_000.0))), epsg=epsg)
    write(tmp_path / "X.coverage.gpkg", *_in(epsg, (_coast(),)), epsg=epsg)
    land = square(1_800.0, width_m=300.0)
    boundary = make_boundary(reproject(land, 4547, measuring_epsg), measuring_epsg=measuring_epsg)
    from_folder, stored = _both(session, tmp_path, "X", "X.gpkg", boundary)
    around = boundary.geometry.buffer(30.0)
    differ = shapely.symmetric_difference(_union_in(around, from_folder), _union_in(around, stored))
    assert differ.area < _SAME_M2
    assert set(stored.feature.tolist()) == set(from_folder.feature.tolist()) == {1, 2}
    assert stored.coverage is not None
    assert from_folder.coverage is not None
    assert shapely.symmetric_difference(stored.coverage, from_folder.coverage).intersection(around).area < _SAME_M2


def _union_in(around: BaseGeometry, near: LayerNear) -> BaseGeometry:
    return shapely.intersection(shapely.union_all(near.pieces), around)


def _in(epsg: int, shapes: tuple[BaseGeometry, ...]) -> list[BaseGeometry]:
    """Point by point: GEOS would repair what it densifies."""
    return [shapely.transform(shape, lambda points: reproject_points(points, 4547, epsg)) for shape in shapes]
