"""The same layer files judged from a folder and from the store: what is said of the layer is the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

import shapely
from shapely.affinity import translate
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geo_review.control.folder import near, open_folder
from geo_review.control.model import LayerNear
from geo_review.geometry.crs import reproject_points
from geo_review.store.candidates import layer_near
from geo_review.usecases.publish_layer import load_layer
from tests.builders import AS_OF, make_boundary, square
from tests.postgis.stored import NOW
from tests.unit.control.made import BOW_TIE, turn_rings, two_squares, write

FAR_BOW_TIE = translate(BOW_TIE, 20_000.0, 0.0)
_MADE = {"X": (square(290.0), BOW_TIE, FAR_BOW_TIE), "ONLY_FAR": (square(9_000.0), FAR_BOW_TIE)}


def _both(session: Session, folder: Path, code: str, file: str) -> tuple[LayerNear, LayerNear]:
    coverage = next(iter(folder.glob(f"{code}.coverage.*")), None)
    load_layer(session, folder / file, code=code, coverage_path=coverage, publish_it=True, now=NOW)
    boundary = make_boundary()
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


def _in(epsg: int, shapes: tuple[BaseGeometry, ...]) -> list[BaseGeometry]:
    """Point by point: GEOS would repair what it densifies."""
    return [shapely.transform(shape, lambda points: reproject_points(points, 4547, epsg)) for shape in shapes]
