"""GeoPackage: what is read, and what is refused and why."""

from __future__ import annotations

import random
import sqlite3
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from shapely.geometry import LineString, MultiPolygon, Point

from geo_review.boundary.geopackage import read_geopackage
from geo_review.boundary.received import ReceivedFile, from_path
from geo_review.errors import UnreadableBoundary
from tests.unit.boundary.written_files import HOLED, SQUARE, frame, geopackage, mutated, only_refuses


def changed(file: ReceivedFile, folder: Path, *statements: str, blob: bytes | None = None) -> ReceivedFile:
    """The GeoPackage after some SQL; ``blob`` replaces the first geometry. GDAL's triggers want its own functions."""
    path = folder / "changed.gpkg"
    path.write_bytes(file.content)
    database = sqlite3.connect(path)
    for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f'DROP TRIGGER "{trigger}"')
    for statement in statements:
        database.execute(statement)
    if blob is not None:
        database.execute('UPDATE "红线" SET geom = ? WHERE rowid = 1', (blob,))
    database.commit()
    database.close()
    return from_path(path)


def test_geopackage_as_gdal_writes_it_is_read(tmp_path: Path) -> None:
    made = frame(SQUARE, MultiPolygon([HOLED]), DKBH=["A1", "A2"], DKMC=["一号", "二号"])
    boundary = read_geopackage(geopackage(tmp_path, made))
    assert boundary.format == "gpkg"
    assert [len(parcel.rings) for parcel in boundary.parcels] == [1, 2]
    assert [(parcel.code, parcel.name) for parcel in boundary.parcels] == [("A1", "一号"), ("A2", "二号")]
    assert np.array_equal(boundary.parcels[0].rings[0].coordinates, np.array(SQUARE.exterior.coords)[:-1])
    assert boundary.declared_crs.epsg == 4547
    assert boundary.issues == ()


@pytest.mark.parametrize("srs_id", [0, -1, 99999])
def test_undefined_system_declares_nothing(tmp_path: Path, srs_id: int) -> None:
    file = changed(geopackage(tmp_path, frame(SQUARE)), tmp_path, f"UPDATE gpkg_geometry_columns SET srs_id = {srs_id}")
    declared = read_geopackage(file).declared_crs
    assert (declared.epsg, declared.wkt) == (None, None)


def test_system_without_code_is_read_from_its_wkt(tmp_path: Path) -> None:
    file = changed(
        geopackage(tmp_path, frame(SQUARE)),
        tmp_path,
        "UPDATE gpkg_spatial_ref_sys SET organization = 'ours', organization_coordsys_id = 1 WHERE srs_id = 4547",
    )
    assert read_geopackage(file).declared_crs.epsg == 4547


def test_file_left_in_write_ahead_mode_is_read(tmp_path: Path) -> None:
    file = changed(geopackage(tmp_path, frame(SQUARE)), tmp_path, "PRAGMA journal_mode = WAL")
    assert file.content[18] == 2
    assert len(read_geopackage(file).parcels) == 1


def test_table_of_points_beside_the_polygons_is_left_out_and_said(tmp_path: Path) -> None:
    geopackage(tmp_path, frame(SQUARE), layer="dk")
    boundary = read_geopackage(geopackage(tmp_path, frame(Point(592967, 3959522)), layer="jzd"))
    assert len(boundary.parcels) == 1
    assert [issue.code for issue in boundary.issues] == ["tables_not_read"]
    assert "jzd" in boundary.issues[0].message


def test_null_geometry_is_an_error_at_its_parcel(tmp_path: Path) -> None:
    boundary = read_geopackage(geopackage(tmp_path, frame(SQUARE, None)))
    assert [(issue.code, issue.where.parcel) for issue in boundary.issues] == [("null_geometry", 2)]


def test_heights_are_left_out_and_said(tmp_path: Path) -> None:
    high = type(SQUARE)([(x, y, 51.5) for x, y in SQUARE.exterior.coords])
    boundary = read_geopackage(geopackage(tmp_path, frame(high)))
    assert [issue.code for issue in boundary.issues] == ["heights_dropped"]
    assert np.array_equal(boundary.parcels[0].rings[0].coordinates, np.array(SQUARE.exterior.coords)[:-1])


def _blob(wkb: bytes) -> bytes:
    return b"GP\0\x01" + struct.pack("<i", 4547) + wkb


def _curve(kind: int) -> Callable[[Path], ReceivedFile]:
    return lambda folder: changed(
        geopackage(folder, frame(SQUARE)), folder, blob=_blob(b"\x01" + struct.pack("<II", kind, 1))
    )


def _two_tables(folder: Path) -> ReceivedFile:
    geopackage(folder, frame(SQUARE), layer="甲")
    return geopackage(folder, frame(HOLED), layer="乙")


def _plain_sqlite(folder: Path) -> ReceivedFile:
    path = folder / "plain.gpkg"
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE a (b)")
    database.commit()
    database.close()
    return from_path(path)


def _after(*statements: str) -> Callable[[Path], ReceivedFile]:
    return lambda folder: changed(geopackage(folder, frame(SQUARE)), folder, *statements)


@pytest.mark.parametrize(
    ("make", "code", "word"),
    [
        pytest.param(_two_tables, "gpkg_several", "甲.*乙|乙.*甲", id="two tables of polygons, named"),
        pytest.param(_curve(10), "curves", "CurvePolygon", id="a polygon with arcs is not straightened"),
        pytest.param(_curve(1012), "curves", "MultiSurface", id="a surface that may hold arcs, with heights"),
        pytest.param(_curve(2), "geojson_geometry", "LineString", id="a line in a table of polygons"),
        pytest.param(
            lambda folder: geopackage(folder, frame(LineString(SQUARE.exterior.coords))),
            "gpkg_no_polygons",
            "LINESTRING",
            id="lines only",
        ),
        pytest.param(_after('DELETE FROM "红线"'), "no_parcels", "没有地块", id="no rows"),
        pytest.param(_after("DELETE FROM gpkg_contents"), "gpkg_no_tables", "没有图形表", id="no table of features"),
        pytest.param(_after("DROP TABLE gpkg_geometry_columns"), "gpkg_damaged", "损坏", id="no geometry columns"),
        pytest.param(_plain_sqlite, "gpkg_damaged", "不是 GeoPackage", id="another SQLite file"),
        pytest.param(
            _after(
                'ALTER TABLE "红线" RENAME TO hidden',
                'CREATE VIEW "红线" AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) '
                "SELECT i AS geom FROM n WHERE i < 0",
            ),
            "gpkg_damaged",
            "损坏",
            id="a view that counts for ever",
        ),
        pytest.param(
            lambda folder: ReceivedFile(name="a.gpkg", content=geopackage(folder, frame(SQUARE)).content[:9000]),
            "gpkg_damaged",
            "损坏",
            id="cut off",
        ),
    ],
)
def test_bad_geopackage_is_refused(
    tmp_path: Path, make: Callable[[Path], ReceivedFile], code: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo_review.boundary.geopackage._MOST_STEPS", 20_000_000)
    with pytest.raises(UnreadableBoundary, match=word) as refusal:
        read_geopackage(make(tmp_path))
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "blob",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"XX\0\x01" + bytes(60), id="no GeoPackage geometry"),
        pytest.param(b"GP\0\x0f" + bytes(60), id="an envelope of an unknown kind"),
        pytest.param(_blob(b"\x01\x03\0\0\0\xff\xff\xff\xff"), id="four thousand million rings"),
        pytest.param(_blob(b"\x01\x03\0\0\0\x01\0\0\0\xff\xff\xff\x0f"), id="more points than bytes"),
        pytest.param(_blob(b"\x01\x07\0\0\0\x01\0\0\0" * 60), id="collections within collections"),
    ],
)
def test_damaged_geometry_is_refused_with_its_parcel(tmp_path: Path, blob: bytes) -> None:
    file = changed(geopackage(tmp_path, frame(SQUARE)), tmp_path, blob=blob)
    with pytest.raises(UnreadableBoundary, match="第 1 个要素") as refusal:
        read_geopackage(file)
    assert refusal.value.code == "gpkg_geometry"


def test_mutated_bytes_never_raise_anything_but_a_refusal(tmp_path: Path) -> None:
    content = geopackage(tmp_path, frame(SQUARE, HOLED, DKMC=["一号", "二号"])).content
    chance = random.Random(4)
    for _ in range(300):
        bad = content[:16] + mutated(content[16:], chance)
        only_refuses(lambda: read_geopackage(ReceivedFile(name="a.gpkg", content=bad)))  # noqa: B023
