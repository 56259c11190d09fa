"""FileGDB: found in a zip or as a folder, one class chosen, arcs stroked, other curves refused."""

from __future__ import annotations

import math
import random
from pathlib import Path

import numpy as np
import pytest

from shapely.geometry import LineString, MultiPolygon, Polygon

from geo_review.boundary.detect import detect
from geo_review.boundary.filegdb import read_filegdb
from geo_review.boundary.gdb_tables import packed
from geo_review.boundary.model import RawBoundary
from geo_review.boundary.normalise import normalise
from geo_review.boundary.received import ReceivedFile, from_path
from geo_review.city import PUYANG
from geo_review.errors import ChoiceNeeded, TooLarge, UnreadableBoundary
from tests.unit.boundary.written_files import HOLED, SQUARE, frame, mutated, only_refuses, zipped
from tests.unit.boundary.written_geodatabases import ARC, BEZIER, ELLIPSE, curved, geodatabase, zipped_folder

HALF_CIRCLE_M2 = math.pi * 50.0**2 / 2.0


@pytest.fixture(scope="module")
def square(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = frame(SQUARE, MultiPolygon([HOLED]), DKBH=["A1", "A2"], 地块名称=["一号", "二号"], DKMJ=[1.0, math.nan])
    return geodatabase(tmp_path_factory.mktemp("gdb") / "红线.gdb", made, layer_options={"LAYER_ALIAS": "用地红线"})


def codes(boundary: RawBoundary) -> list[str]:
    return [issue.code for issue in boundary.issues]


def test_geodatabase_when_read_then_parcels_names_system_and_area(square: Path) -> None:
    file = zipped_folder(square, name="红线.gdb.zip")
    boundary = detect(file)
    assert (boundary.format, boundary.encoding, boundary.layer) == ("filegdb", "utf-8", "红线")
    assert [len(parcel.rings) for parcel in boundary.parcels] == [1, 2]
    facts = [(parcel.code, parcel.name, parcel.declared_area) for parcel in boundary.parcels]
    assert facts == [("A1", "一号", 1.0), ("A2", "二号", None)]
    assert boundary.declared_crs.epsg == 4547
    assert codes(boundary) == []
    assert normalise(boundary, source=file.source, city=PUYANG).planar_area_m2 == pytest.approx(17_500.0)


@pytest.mark.parametrize("prefix", ["", "成果/", "2026\\数据\\"])
def test_geodatabase_when_it_lies_deeper_then_found(square: Path, prefix: str) -> None:
    assert detect(zipped_folder(square, prefix)).parcels[0].code == "A1"


def test_geodatabase_when_given_as_a_folder_then_the_same_bytes_each_time(square: Path) -> None:
    file = from_path(square)
    assert file.name == "红线.gdb"
    assert detect(file).parcels[0].code == "A1"
    assert from_path(square).source == file.source


def test_folder_when_its_tables_are_too_large_then_refused_unread(
    square: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo_review.boundary.received.MOST_FOLDER_BYTES", 10_000)
    with pytest.raises(TooLarge):
        from_path(square)


def test_indexes_are_not_read(square: Path) -> None:
    """An index that lost a row would hide land."""
    names = [path.name for path in square.iterdir()]
    assert any(name.endswith(".spx") for name in names)
    spoilt = zipped(
        {f"a.gdb/{p.name}": b"x" if p.suffix in (".spx", ".atx") else p.read_bytes() for p in square.iterdir()}
    )
    assert len(detect(spoilt).parcels) == 2


def test_several_geodatabases_are_a_choice_and_their_classes_another(square: Path, tmp_path: Path) -> None:
    geodatabase(tmp_path / "b.gdb", frame(SQUARE), layer="甲")
    geodatabase(tmp_path / "b.gdb", frame(HOLED), layer="乙", layer_options={"LAYER_ALIAS": "备选"})
    both = {f"b.gdb/{path.name}": path.read_bytes() for path in (tmp_path / "b.gdb").iterdir()}
    both |= {f"x/红线.gdb/{path.name}": path.read_bytes() for path in square.iterdir()}
    file = zipped(both)
    with pytest.raises(ChoiceNeeded) as several:
        detect(file)
    assert [choice.value for choice in several.value.choices] == ["b.gdb", "x/红线.gdb"]
    with pytest.raises(ChoiceNeeded) as classes:
        detect(file, "b.gdb")
    assert classes.value.code == "gdb_several"
    assert {choice.value for choice in classes.value.choices} == {"b.gdb::甲", "b.gdb::乙"}
    assert any("备选，1 个要素" in choice.label for choice in classes.value.choices)
    chosen = detect(file, "b.gdb::乙")
    assert (chosen.layer, codes(chosen)) == ("b.gdb::乙", ["tables_not_read"])
    with pytest.raises(ChoiceNeeded) as unknown:
        detect(file, "b.gdb::丙")
    assert unknown.value.code == "unknown_choice"


def test_classes_of_lines_and_without_rows_are_left_out_and_said(square: Path, tmp_path: Path) -> None:
    folder = geodatabase(tmp_path / "a.gdb", frame(SQUARE))
    geodatabase(folder, frame(LineString(SQUARE.exterior.coords)), layer="界址线")
    geodatabase(folder, frame(SQUARE).iloc[:0], layer="空", geometry_type="MultiPolygon")
    boundary = detect(zipped_folder(folder))
    assert (boundary.layer, codes(boundary)) == ("红线", ["tables_not_read"])
    assert "界址线" in boundary.issues[0].message
    assert "空" in boundary.issues[0].message


def test_heights_and_missing_geometries_are_said(tmp_path: Path) -> None:
    high = Polygon([(x, y, 51.5) for x, y in SQUARE.exterior.coords])
    boundary = detect(zipped_folder(geodatabase(tmp_path / "a.gdb", frame(high, None))))
    assert sorted(codes(boundary)) == ["heights_dropped", "null_geometry"]


def test_system_without_a_code_is_read_from_its_wkt_and_none_declares_nothing(tmp_path: Path) -> None:
    made = frame(SQUARE, crs="+proj=tmerc +lon_0=114 +x_0=38500000 +ellps=GRS80 +units=m")
    assert detect(zipped_folder(geodatabase(tmp_path / "a.gdb", made))).declared_crs.epsg is None
    declared = detect(zipped_folder(geodatabase(tmp_path / "b.gdb", frame(SQUARE, crs=None)))).declared_crs
    assert (declared.epsg, declared.wkt) == (None, None)


def test_arc_when_read_then_stroked_to_a_millimetre_and_said(tmp_path: Path) -> None:
    file = zipped_folder(curved(tmp_path / "a.gdb", ARC))
    boundary = detect(file)
    assert codes(boundary) == ["curves_stroked"]
    assert "1 处圆弧" in boundary.issues[0].message
    corners = boundary.parcels[0].rings[0].coordinates
    radii = np.hypot(*(corners[corners[:, 1] >= 3959622.0] - [593017.0, 3959622.0]).T)
    assert len(radii) > 200
    assert np.abs(radii - 50.0).max() < 1e-6
    # An edge leaves the arc by at most a millimetre, so the area by at most that along the arc.
    area_m2 = normalise(boundary, source=file.source, city=PUYANG).planar_area_m2
    assert 0.0 < 10_000.0 + HALF_CIRCLE_M2 - area_m2 < 0.001 * math.pi * 50.0


def test_two_arcs_of_one_ring_when_read_then_both_stroked(tmp_path: Path) -> None:
    back = (3, 1, (593017.0, 3959472.0), 0x80)
    boundary = detect(zipped_folder(curved(tmp_path / "a.gdb", ARC, back)))
    assert "2 处圆弧" in boundary.issues[0].message
    area_m2 = Polygon(boundary.parcels[0].rings[0].coordinates).area
    assert area_m2 == pytest.approx(10_000.0 + 2 * HALF_CIRCLE_M2, abs=0.3)


@pytest.mark.parametrize(
    "curves",
    [
        pytest.param([BEZIER], id="a Bézier curve, which GDAL straightens without a word"),
        pytest.param([ELLIPSE], id="a part of an ellipse, likewise"),
        pytest.param([ARC, BEZIER], id="an arc beside a Bézier curve"),
        pytest.param([ARC, (2, 4, (593087.0, 3959600.0, 593087.0, 3959560.0), None)], id="right behind the arc"),
    ],
)
def test_other_curves_are_refused(tmp_path: Path, curves: list[tuple[int, int, tuple[float, ...], int | None]]) -> None:
    with pytest.raises(UnreadableBoundary, match="第 1 个要素的曲线") as refusal:
        detect(zipped_folder(curved(tmp_path / "a.gdb", *curves)))
    assert refusal.value.code == "curves"


def test_arc_in_degrees_is_refused(tmp_path: Path) -> None:
    degrees = (-592967.0 + 30.0, -3959522.0 + 30.0)
    arc = (1, 1, (ARC[2][0] + degrees[0], ARC[2][1] + degrees[1]), 0x80)
    with pytest.raises(UnreadableBoundary) as refusal:
        detect(zipped_folder(curved(tmp_path / "a.gdb", arc, crs=4490, shift=degrees)))
    assert refusal.value.code == "curves"


def _lines_only(folder: Path) -> ReceivedFile:
    return zipped_folder(geodatabase(folder / "a.gdb", frame(LineString(SQUARE.exterior.coords))))


def _no_rows(folder: Path) -> ReceivedFile:
    return zipped_folder(geodatabase(folder / "a.gdb", frame(SQUARE).iloc[:0], geometry_type="MultiPolygon"))


def _without_a_table(folder: Path) -> ReceivedFile:
    made = geodatabase(folder / "a.gdb", frame(SQUARE))
    return zipped_folder(made, keep=lambda path: path.stem != "a00000009")


@pytest.mark.parametrize(
    ("make", "code"),
    [
        pytest.param(_lines_only, "gdb_no_polygons", id="lines only"),
        pytest.param(_no_rows, "no_parcels", id="no rows"),
        pytest.param(_without_a_table, "gdb_damaged", id="the table of the class is missing"),
        pytest.param(lambda _: zipped({"a.gdb/a00000001.gdbtable": b"x" * 200}), "gdb_damaged", id="one torn table"),
        pytest.param(lambda _: zipped({"a.gdb/gdb": b"x"}), "unsupported_format", id="a folder of the name, no tables"),
        pytest.param(
            lambda _: zipped({"a.gdb/a00000001.gdbtable": b"<OGRVRTDataSource/>", "a.gdb/a00000001.gdbtablx": b""}),
            "gdb_damaged",
            id="what another driver of GDAL would open",
        ),
    ],
)
def test_bad_geodatabase_is_refused(tmp_path: Path, make: object, code: str) -> None:
    assert callable(make)
    with pytest.raises(UnreadableBoundary) as refusal:
        detect(make(tmp_path))
    assert refusal.value.code == code


def test_geodatabase_of_too_many_rows_is_refused(square: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo_review.boundary.filegdb.MOST_FEATURES", 1)
    with pytest.raises(TooLarge):
        detect(zipped_folder(square))


def test_mutated_tables_never_raise_anything_but_a_refusal(square: Path) -> None:
    chance = random.Random(11)
    tables = {path.name: path.read_bytes() for path in square.iterdir() if path.suffix.startswith(".gdbtabl")}
    for _ in range(150):
        name = chance.choice(sorted(tables))
        bad = packed({**tables, name: mutated(tables[name], chance)})
        only_refuses(lambda: read_filegdb(ReceivedFile(name="a.gdb", content=bad)))  # noqa: B023
