"""What was read and the digest that names it are of the same bytes, or the file is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from geo_review.control import as_read
from geo_review.control.as_read import read_with_digest
from geo_review.control.content_hash import content_sha256
from geo_review.control.folder import near, open_folder
from geo_review.control.model import ControlFeatures
from geo_review.control.read import read_features
from geo_review.errors import UnreadableLayer
from tests.builders import make_boundary, square
from tests.unit.control.made import write


def _written_to(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


def _replaced(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    other.replace(path)


@pytest.mark.parametrize(
    ("file", "touched", "change"),
    [
        pytest.param("X.geojson", "X.geojson", _written_to, id="written to"),
        pytest.param("X.geojson", "X.geojson", _replaced, id="replaced by another of the same size"),
        pytest.param("X.geojson", "X.geojson", Path.unlink, id="taken away"),
        pytest.param("X.shp", "X.dbf", _written_to, id="a companion"),
        pytest.param("X.shp", "X.prj", Path.unlink, id="a companion taken away"),
    ],
)
def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, touched: str, change: Callable[[Path], None]
) -> None:
    write(tmp_path / file, square())

    def read(path: Path, *, epsg: int | None = None) -> ControlFeatures:
        found = read_features(path, epsg=epsg)
        change(tmp_path / touched)
        return found

    monkeypatch.setattr(as_read, "read_features", read)
    with pytest.raises(UnreadableLayer) as refused:
        near(open_folder(tmp_path), "X", make_boundary(), reach_m=0.0)
    assert refused.value.code == "layer_changed_while_read"


@pytest.mark.parametrize("file", ["X.geojson", "X.gpkg", "X.shp", "X.parquet", "X.fgb"])
def test_reading_itself_changes_no_file(tmp_path: Path, file: str) -> None:
    path = write(tmp_path / file, square())
    features, sha256 = read_with_digest(path)
    assert (len(features.geometries), sha256) == (1, content_sha256(path))
