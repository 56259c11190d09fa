"""`layers package`: a stored version as the package for the province, whole, and nothing where it does not fit."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

import shapely

from geo_review.cli import main
from geo_review.exchange.package_profile import load_profile
from geo_review.gdal_drivers import pyogrio
from geo_review.usecases.control_line_package import package_of_version
from tests.builders import square
from tests.postgis.stored import seed_layer

HOLED = square(0, 0, 500).difference(square(100, 100, 50))


@pytest.fixture
def stored(session: Session, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setenv("GEO_REVIEW_DATABASE_URL", database_url)
    attributes = {"BSM": ["1", "2"], "MC": ["金堤河", "黄河"]}
    seed_layer(session, HOLED, square(900), attributes=attributes, coverage=square(-100, -100, 2000))
    seed_layer(session, square(), version="long", attributes={"MC": ["长" * 60]}, published=False)
    session.commit()
    return session


def status_of(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["geo-review", "layers", "package", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_package_when_of_a_stored_version_then_its_features_in_order_and_the_same_bytes_twice(
    stored: Session, tmp_path: Path
) -> None:
    packed = [io.BytesIO(), io.BytesIO()]
    built = [package_of_version(stored, "X", "v1", load_profile("puyang-default"), into=each) for each in packed]
    assert packed[0].getvalue() == packed[1].getvalue()
    assert built[0].name == "410900_X_v1.zip"
    assert built[0].manifest["feature_count"] == 2
    assert built[0].manifest["coverage"] == {"area_planar_m2": pytest.approx(4_000_000)}
    with zipfile.ZipFile(packed[0]) as archive:
        archive.extractall(tmp_path)
    read = pyogrio.read_dataframe(tmp_path / "410900_X_v1.shp").to_crs(4547)
    assert list(read["MC"]) == ["金堤河", "黄河"]
    assert list(read["XH"]) == [1, 2]
    for land, written in zip(read.geometry, (HOLED, square(900)), strict=True):
        assert shapely.hausdorff_distance(land, written) < 0.001


def test_command_when_it_fits_then_the_file_and_its_manifest(
    stored: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "包.zip"
    assert status_of(monkeypatch, "X", "v1", "--out", str(out), "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    with zipfile.ZipFile(out) as archive:
        assert json.loads(archive.read("manifest.json")) == printed
    assert status_of(monkeypatch, "X", "v1", "--out", str(out)) == 0
    assert "2 个要素，7 个文件" in (said := capsys.readouterr().out)
    assert "尚未经省里确认" in said


@pytest.mark.parametrize(
    ("version", "options", "word"),
    [
        ("long", [], "120 字节，最多 100 字节"),
        ("v9", [], "v9"),
        ("v1", ["--profile", "nobody"], "没有打包配置 nobody"),
    ],
)
def test_command_when_refused_then_status_2_and_no_file(
    stored: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    version: str,
    options: list[str],
    word: str,
) -> None:
    out = tmp_path / "x.zip"
    assert status_of(monkeypatch, "X", version, "--out", str(out), *options) == 2
    assert word in capsys.readouterr().err
    assert not out.exists()
