"""A folder of layers: which files are layers, which folders are refused, and what one review gets of it."""

from __future__ import annotations

import hashlib
import zipfile
from datetime import date
from pathlib import Path

import pytest

from shapely.geometry import LineString, MultiPolygon

from geo_review.control.content_hash import content_sha256
from geo_review.control.folder import near, open_folder
from geo_review.errors import GeoReviewError, InvalidLayer, InvalidOption, UnreadableLayer
from geo_review.geometry.crs import reproject
from tests.builders import EAST, NORTH, make_boundary, square
from tests.unit.control.made import BOW_TIE, geojson, two_squares, write, write_json


def test_open_folder_when_many_files_then_only_layers_are_found(tmp_path: Path) -> None:
    write(tmp_path / "STBHHX.geojson", square())
    write(tmp_path / "STBHHX.coverage.gpkg", square())
    write(tmp_path / "CZKFBJ.shp", square())
    write(tmp_path / "GD.v2.parquet", square())
    with zipfile.ZipFile(tmp_path / "DLHX.shp.zip", "w") as archive:
        archive.write(tmp_path / "CZKFBJ.shp", "a.shp")
    for name in (".hidden.geojson", "README.md", "STBHHX.qml", "CZKFBJ.sbn", "CZKFBJ.shp.xml", "notes.txt", "x.pdf"):
        (tmp_path / name).write_text("x")
    (tmp_path / "sub.gpkg").mkdir()
    folder = open_folder(tmp_path)
    assert {code: found.path.name for code, found in folder.data_sets.items()} == {
        "CZKFBJ": "CZKFBJ.shp",
        "DLHX": "DLHX.shp.zip",
        "GD.v2": "GD.v2.parquet",
        "STBHHX": "STBHHX.geojson",
    }
    assert [code for code, found in folder.data_sets.items() if found.coverage] == ["STBHHX"]


def test_open_folder_when_a_layer_nobody_asks_for_is_broken_then_it_is_not_read(tmp_path: Path) -> None:
    write(tmp_path / "STBHHX.geojson", square())
    (tmp_path / "BROKEN.gpkg").write_text("no GeoPackage")
    folder = open_folder(tmp_path)
    assert near(folder, "STBHHX", make_boundary(), reach_m=0.0) is not None
    with pytest.raises(UnreadableLayer):
        near(folder, "BROKEN", make_boundary(), reach_m=0.0)


@pytest.mark.parametrize(
    ("names", "code", "said"),
    [
        pytest.param(("X.geojson", "X.gpkg"), "layer_name_clash", ("X.geojson", "X.gpkg"), id="two formats"),
        pytest.param(("x.geojson", "X.gpkg"), "layer_name_clash", ("x.geojson", "X.gpkg"), id="only the case differs"),
        pytest.param(("X.shp", "X.zip"), "layer_name_clash", ("X.shp", "X.zip"), id="a Shapefile and its zip"),
        pytest.param(
            ("X.gpkg", "X.coverage.gpkg", "X.coverage.geojson"),
            "layer_name_clash",
            ("X.coverage.gpkg", "X.coverage.geojson"),
            id="two coverages",
        ),
        pytest.param(("X.gpkg", "Y.coverage.gpkg"), "coverage_without_layer", ("Y.coverage.gpkg",), id="no layer Y"),
        pytest.param(("X.gpkg", "x.coverage.gpkg"), "coverage_without_layer", ("x.coverage.gpkg",), id="exact by case"),
    ],
)
def test_open_folder_when_names_are_unclear_then_refused_naming_the_files(
    tmp_path: Path, names: tuple[str, ...], code: str, said: tuple[str, ...]
) -> None:
    for name in names:
        (tmp_path / name).touch()
    with pytest.raises(UnreadableLayer) as refused:
        open_folder(tmp_path)
    assert refused.value.code == code
    assert all(name in refused.value.message for name in said)


def test_open_folder_when_it_is_no_folder_then_the_option_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "missing", tmp_path / "file"):
        with pytest.raises(InvalidOption, match="--layers"):
            open_folder(path)


def test_near_when_code_is_not_there_then_none_exactly_by_case(tmp_path: Path) -> None:
    write(tmp_path / "STBHHX.geojson", square())
    folder = open_folder(tmp_path)
    assert near(folder, "stbhhx", make_boundary(), reach_m=0.0) is None
    assert near(folder, "YJJBNT", make_boundary(), reach_m=0.0) is None


def test_near_when_the_format_is_not_read_then_refused_not_missing(tmp_path: Path) -> None:
    (tmp_path / "STBHHX.kml").write_text("<kml/>")
    with pytest.raises(UnreadableLayer) as refused:
        near(open_folder(tmp_path), "STBHHX", make_boundary(), reach_m=0.0)
    assert refused.value.code == "layer_format"


def test_near_when_nothing_is_said_then_facts_come_from_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "STBHHX.geojson", square())
    found = near(open_folder(tmp_path), "STBHHX", make_boundary(), reach_m=0.0)
    assert found is not None
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert (found.facts.title, found.facts.version, found.facts.sha256) == ("STBHHX", f"file-{sha256[:12]}", sha256)
    assert (found.facts.valid_from, found.facts.valid_to, found.coverage, found.coverage_sha256) == (None,) * 4


def test_near_when_layers_toml_speaks_then_facts_and_crs_come_from_it(tmp_path: Path) -> None:
    write(tmp_path / "STBHHX.shp", square(), epsg=None)
    (tmp_path / "layers.toml").write_text(
        '[STBHHX]\ntitle = "生态保护红线"\nversion = "2026"\nvalid_from = 2026-01-01\naccuracy_m = 0.5\ncrs = 4547\n'
    )
    found = near(open_folder(tmp_path), "STBHHX", make_boundary(), reach_m=0.0)
    assert found is not None
    assert (found.facts.title, found.facts.version, found.facts.valid_from, found.facts.accuracy_m) == (
        "生态保护红线",
        "2026",
        date(2026, 1, 1),
        0.5,
    )
    assert found.pieces[0].equals(square())


def test_near_when_a_coverage_stands_beside_then_its_union_in_the_measuring_crs(tmp_path: Path) -> None:
    write(tmp_path / "STBHHX.geojson", square())
    covered = MultiPolygon([square(-500.0, -500.0, 600.0), square(0.0, -500.0, 600.0)])
    path = write(tmp_path / "STBHHX.coverage.gpkg", *covered.geoms, epsg=4547)
    found = near(open_folder(tmp_path), "STBHHX", make_boundary(), reach_m=0.0)
    assert found is not None
    assert found.coverage is not None
    assert found.coverage.area == pytest.approx(1_100.0 * 600.0)
    assert found.coverage_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_near_when_the_coverage_is_invalid_then_repaired_with_a_word(tmp_path: Path) -> None:
    write(tmp_path / "X.geojson", square())
    write(tmp_path / "X.coverage.geojson", BOW_TIE)
    found = near(open_folder(tmp_path), "X", make_boundary(), reach_m=0.0)
    assert found is not None
    assert found.coverage is not None
    assert found.coverage.area == pytest.approx(5_000.0)
    (word,) = found.repairs
    assert word.reason.startswith("覆盖范围文件：自相交")


def test_near_when_the_coverage_is_a_line_then_refused(tmp_path: Path) -> None:
    write(tmp_path / "X.geojson", square())
    write(tmp_path / "X.coverage.geojson", LineString([(EAST, NORTH), (EAST + 9, NORTH)]))
    with pytest.raises(InvalidLayer) as refused:
        near(open_folder(tmp_path), "X", make_boundary(), reach_m=0.0)
    assert refused.value.code == "coverage_kind"


def test_near_when_the_layer_is_empty_then_no_pieces_and_a_count_of_nothing(tmp_path: Path) -> None:
    write_json(tmp_path / "X.geojson", geojson())
    found = near(open_folder(tmp_path), "X", make_boundary(), reach_m=30.0)
    assert found is not None
    assert (len(found.pieces), len(found.feature), found.feature_count, dict(found.attributes)) == (0, 0, 0, {})


def test_near_when_the_layer_is_in_degrees_then_pieces_are_in_the_measuring_crs(tmp_path: Path) -> None:
    write_json(tmp_path / "X.geojson", geojson(reproject(square(), 4547, 4490)))
    found = near(open_folder(tmp_path), "X", make_boundary(square(50.0)), reach_m=0.0)
    assert found is not None
    # An edge that is straight in degrees bends by 0.13 mm in 100 m: twice 100 m x 0.13 mm x 2/3.
    assert found.pieces[0].symmetric_difference(square()).area < 0.02


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "zip"])
def test_content_sha256_when_one_file_then_that_of_its_bytes(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"X.{suffix}"
    path.write_bytes(b"some bytes" * 300_000)
    assert content_sha256(path) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_content_sha256_when_shapefile_then_of_its_files_and_of_no_other(tmp_path: Path) -> None:
    path = write(tmp_path / "X.shp", *two_squares())
    before = content_sha256(path)
    expected = hashlib.sha256()
    for suffix in (".shp", ".dbf", ".shx", ".prj", ".cpg"):
        content = path.with_suffix(suffix).read_bytes()
        expected.update(suffix.encode() + b"\0" + len(content).to_bytes(8, "big") + content)
    assert before == expected.hexdigest()
    (tmp_path / "X.qix").write_text("an index is no content")
    assert content_sha256(path) == before
    path.with_suffix(".prj").write_text("another system")
    assert content_sha256(path) != before, "the same numbers in another system are another layer"


def test_near_when_run_twice_then_the_same(tmp_path: Path) -> None:
    write(tmp_path / "X.gpkg", *two_squares(), BOW_TIE, attributes={"MC": ["a", "b", "c"]})
    before = sorted((file.name, file.read_bytes()) for file in tmp_path.iterdir())
    first, second = (near(open_folder(tmp_path), "X", make_boundary(), reach_m=10.0) for _ in range(2))
    assert first is not None
    assert second is not None
    assert (first.facts, first.repairs, dict(first.attributes)) == (
        second.facts,
        second.repairs,
        dict(second.attributes),
    )
    assert sorted((file.name, file.read_bytes()) for file in tmp_path.iterdir()) == before, "reading leaves no trace"


def test_errors_when_shown_then_chinese_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "X.gpkg").touch()
    with pytest.raises(GeoReviewError) as refused:
        near(open_folder(tmp_path), "X", make_boundary(), reach_m=0.0)
    assert "X.gpkg" in str(refused.value)
    assert refused.value.remedy
