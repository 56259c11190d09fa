"""Every written format: our own readers and GDAL find the same land and parcels in it; it is the same bytes twice."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st
from lxml import etree

import pyogrio  # noqa: TID251 an independent reader
import shapely
from shapely.geometry import MultiPolygon, Polygon

from geo_review.boundary.asked import Asked
from geo_review.boundary.model import Boundary
from geo_review.boundary.read import read_boundary
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.written_formats import WRITTEN_FORMATS, FormatName, Heading, Wish, write_red_line
from geo_review.city import PUYANG
from geo_review.errors import InvalidBoundary, InvalidOption
from geo_review.geometry.crs import LONLAT, reproject
from geo_review.geometry.measure import ellipsoidal_area_m2
from tests.builders import make_boundary, square
from tests.unit.boundary.test_survey_text_write import boundaries

HEADING = Heading(stem="2026-1-v1", title="2026-1 样例厂房", written_on=date(2026, 11, 3))
NAMES = get_args(FormatName)
IN_METRES = [name for name in NAMES if WRITTEN_FORMATS[name].in_metres]
READ_BACK = ["shp", "gpkg", "geojson"]  # the others round, or have no attributes
WEST_IN_39_M = -230_000.0  # the city's east, from the builders' corner, in zone 39
WITHIN_M = {"shp": 0.0, "gpkg": 0.0, "geojson": 1e-4, "kml": 1e-4}


def write(boundary: Boundary, name: FormatName, **wish: object) -> bytes:
    return write_red_line(boundary, name, heading=HEADING, wish=Wish(**wish))  # type: ignore[arg-type]


def read(content: bytes, name: FormatName) -> Boundary:
    # A stored red line may have a sharp corner that its surveyor stood by; so may a generated one.
    file = ReceivedFile(name=f"a{WRITTEN_FORMATS[name].suffix}", content=content)
    return read_boundary(file, city=PUYANG, asked=Asked(accept=frozenset({"spike"})))


def two_parcels(epsg: int = 4547) -> Boundary:
    """A square with a hole and a part apart, with every fact; and one with none."""
    west_m = WEST_IN_39_M if epsg == 4548 else 0.0
    ring = square(west_m + 0.123, 0.456).difference(square(west_m + 20, 20, 10))
    land = MultiPolygon([ring, square(west_m + 300, 0, 50)]), square(west_m + 500.001, 0, 40)
    made = make_boundary(*land, measuring_epsg=epsg)
    facts = {"code": "001", "name": '一号，<地块> & "甲"', "use": "工业用地", "declared_area_m2": 12_345.678_9}
    return replace(made, parcels=(replace(made.parcels[0], **facts), made.parcels[1]))  # type: ignore[arg-type]


def apart_m(left: Boundary, right: Boundary) -> float:
    """How far the outlines of two red lines are apart, in the zone of the first; 0 only for the very same doubles."""
    moved = [reproject(parcel.geometry, right.measuring_epsg, left.measuring_epsg) for parcel in right.parcels]
    pairs = [
        (parcel.geometry.normalize(), other.normalize()) for parcel, other in zip(left.parcels, moved, strict=True)
    ]
    return max(
        0.0 if own.equals_exact(other) else float(own.boundary.hausdorff_distance(other.boundary))
        for own, other in pairs
    )


@pytest.mark.parametrize("name", READ_BACK)
@pytest.mark.parametrize("epsg", [4547, 4548])
def test_red_line_when_written_and_read_then_the_same_land_and_parcels(name: FormatName, epsg: int) -> None:
    boundary = two_parcels(epsg)
    found = read(write(boundary, name, **({"prefixed": False} if name in IN_METRES else {})), name)
    assert apart_m(boundary, found) <= WITHIN_M[name]
    told = [(parcel.code, parcel.name, parcel.use, parcel.declared_area_m2) for parcel in found.parcels]
    assert told == [(parcel.code, parcel.name, parcel.use, parcel.declared_area_m2) for parcel in boundary.parcels]
    assert not [issue.code for issue in found.issues if issue.severity == "error"]


@given(boundary=boundaries().filter(lambda land: land.measuring_epsg == 4547), name=st.sampled_from(READ_BACK))
@runs(max_examples=25)
def test_any_red_line_when_written_and_read_then_the_same_land(boundary: Boundary, name: FormatName) -> None:
    found = read(write(boundary, name), name)
    # The zone number before an easting takes bits off its fraction: 4 nm.
    assert apart_m(boundary, found) <= max(WITHIN_M[name], 4e-9)
    assert len(found.parcels) == len(boundary.parcels)


@pytest.mark.parametrize("name", NAMES)
def test_red_line_when_read_by_gdal_then_the_same_area(name: FormatName, tmp_path: Path) -> None:
    boundary = two_parcels()
    path = tmp_path / f"a{WRITTEN_FORMATS[name].suffix}"
    path.write_bytes(write(boundary, name))
    if name == "txt":  # no driver of GDAL's
        assert read(path.read_bytes(), name).planar_area_m2 == pytest.approx(boundary.planar_area_m2, abs=0.01)
        return
    frame = pyogrio.read_dataframe(path)
    land = frame.geometry.array
    if name == "dxf":
        outlines = [line for line in land if line is not None and line.geom_type == "LineString"]
        land = shapely.get_parts(shapely.polygonize(outlines))
        filled = boundary.planar_area_m2 + square(20, 20, 10).area  # a hole's outline is a line like any other
        assert float(shapely.area(land).sum()) == pytest.approx(filled, rel=1e-9)
        return
    if WRITTEN_FORMATS[name].in_metres:
        assert frame.crs.to_epsg() == 4526
        assert float(shapely.area(land).sum()) == pytest.approx(boundary.planar_area_m2, rel=1e-9)
    else:
        areas = [ellipsoidal_area_m2(each, LONLAT) for each in land]
        assert sum(areas) == pytest.approx(boundary.ellipsoidal_area_m2, rel=1e-6)
    assert frame["DKBH"].fillna("").tolist() == ["001", ""]


@pytest.mark.parametrize("name", NAMES)
def test_red_line_when_written_twice_then_the_same_bytes(name: FormatName, monkeypatch: pytest.MonkeyPatch) -> None:
    first = write(two_parcels(), name)
    monkeypatch.setenv("TZ", "America/New_York")
    assert {write(two_parcels(), name) for _ in range(10)} == {first}
    assert b"2026-11-2" not in first  # the day of the red line, not of the writing


@pytest.mark.parametrize(
    ("epsg", "prefixed", "projection"),
    [
        pytest.param(4547, True, "CGCS2000_3_Degree_GK_Zone_38", id="zone number before eastings"),
        pytest.param(4547, False, "CGCS2000_3_Degree_GK_CM_114E", id="without it ESRI names the meridian"),
        pytest.param(4548, True, "CGCS2000_3_Degree_GK_Zone_39", id="zone 39"),
        pytest.param(4548, False, "CGCS2000_3_Degree_GK_CM_117E", id="zone 39 without"),
    ],
)
def test_shapefile_when_written_then_whole_and_in_esri_words(epsg: int, prefixed: bool, projection: str) -> None:
    with zipfile.ZipFile(io.BytesIO(write(two_parcels(epsg), "shp", prefixed=prefixed))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
        assert {entry.date_time[:3] for entry in archive.infolist()} == {(2026, 11, 3)}
    assert list(parts) == [f"2026-1-v1.{suffix}" for suffix in ("shp", "shx", "dbf", "prj", "cpg")]
    assert parts["2026-1-v1.prj"].startswith(f'PROJCS["{projection}",'.encode())
    assert parts["2026-1-v1.cpg"] == b"UTF-8"
    assert [parts["2026-1-v1.dbf"][32 * n : 32 * n + 4] for n in range(1, 5)] == [b"DKBH", b"DKMC", b"DKYT", b"DKMJ"]
    assert "工业用地".encode() in parts["2026-1-v1.dbf"]


def test_text_when_too_long_for_a_dbf_then_refused_and_never_cut() -> None:
    boundary = two_parcels()
    for name, refused in (("名" * 84, False), ("名" * 85, True)):
        long = replace(boundary, parcels=(replace(boundary.parcels[0], name=name),))
        if refused:
            with pytest.raises(InvalidBoundary, match="地块1 的 DKMC"):
                write(long, "shp")
        else:
            assert read(write(long, "shp"), "shp").parcels[0].name == name
        assert read(write(long, "gpkg"), "gpkg").parcels[0].name == name


@pytest.mark.parametrize(("prefixed", "epsg"), [(True, 4526), (False, 4547)])
def test_geopackage_when_written_then_one_table_in_its_reference_system(prefixed: bool, epsg: int) -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(write(two_parcels(), "gpkg", prefixed=prefixed))
        contents = database.execute("SELECT table_name, data_type, description, last_change, srs_id FROM gpkg_contents")
        assert contents.fetchall() == [("用地红线", "features", HEADING.title, "2026-11-03T00:00:00Z", epsg)]
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_geojson_when_written_then_as_rfc_7946_wants() -> None:
    document = json.loads(write(two_parcels(), "geojson"))
    assert set(document) == {"type", "features"}
    assert [feature["geometry"]["type"] for feature in document["features"]] == ["MultiPolygon", "Polygon"]
    shell, hole = (shapely.LinearRing(ring) for ring in document["features"][0]["geometry"]["coordinates"][0])
    assert shell.is_ccw
    assert not hole.is_ccw
    assert shell.coords[0] == pytest.approx((115.03, 35.76), abs=0.05)
    assert document["features"][1]["properties"] == {"DKBH": None, "DKMC": None, "DKYT": None, "DKMJ": None}


def test_kml_when_written_then_red_with_its_facts_and_no_survey() -> None:
    kml = etree.fromstring(write(two_parcels(), "kml"))
    space = {"k": "http://www.opengis.net/kml/2.2"}
    assert kml.xpath("string(k:Document/k:name)", namespaces=space) == HEADING.title
    assert "不是测量成果" in kml.xpath("string(k:Document/k:description)", namespaces=space)
    assert kml.xpath("string(//k:LineStyle/k:color)", namespaces=space) == "ff0000ff"  # aabbggrr
    assert kml.xpath("//k:Data/@name", namespaces=space) == ["DKBH", "DKMC", "DKYT", "DKMJ"]
    assert len(kml.xpath("//k:innerBoundaryIs", namespaces=space)) == 1


def test_text_that_xml_cannot_hold_when_written_as_kml_then_blanks() -> None:
    boundary = two_parcels()
    odd = replace(boundary, parcels=(replace(boundary.parcels[0], name="甲\x01乙\x0b丙"),))
    assert "<name>甲 乙 丙</name>" in write(odd, "kml").decode()


@pytest.mark.parametrize("name", IN_METRES)
def test_red_line_when_wished_in_the_other_zone_then_the_same_land(name: FormatName) -> None:
    boundary = make_boundary(Polygon([(0, 0), (4000, 100), (3900, 3000), (100, 2900)]))
    shift = np.array([690_000.0, 3_960_000.0])
    land = shapely.transform(boundary.geometry, lambda corners: corners + shift)
    boundary = make_boundary(*land.geoms)
    content = write(boundary, name, zone=39)
    if name == "dxf":
        assert b"39" in content
        return
    found = read(content, name)
    assert (found.crs.epsg, found.measuring_epsg) == (4527, 4548)
    assert apart_m(boundary, found) < (0.0011 if name == "txt" else 1e-4)
    assert write(boundary, name, zone=38) == write(boundary, name)


@pytest.mark.parametrize(
    ("name", "wish"),
    [
        pytest.param("geojson", {"zone": 39}, id="degrees have no zone"),
        pytest.param("kml", {"prefixed": False}, id="nor its number"),
        pytest.param("shp", {"encoding": "gb18030"}, id="only a TXT has an encoding to choose"),
    ],
)
def test_wish_when_the_format_cannot_fulfil_it_then_refused(name: FormatName, wish: dict[str, object]) -> None:
    with pytest.raises(InvalidOption, match=name):
        write(two_parcels(), name, **wish)


def test_hole_that_touches_when_moved_then_refused_and_not_mended() -> None:
    shell = Polygon([(0, 0), (150, 0), (150, 100), (0, 100)])
    hole = Polygon([(75.0, 0.0), (90, 40), (60, 40)])
    touching = make_boundary(
        *shapely.transform(MultiPolygon([shell.difference(hole)]), lambda c: c + np.array([650_000.0, 3.96e6])).geoms
    )
    shaped = Polygon(shell.exterior.coords, [hole.exterior.coords])
    moved = shapely.transform(MultiPolygon([shaped]), lambda c: c + np.array([650_000.0, 3.96e6]))
    boundary = replace(touching, geometry=moved, parcels=(replace(touching.parcels[0], geometry=moved),))
    assert moved.is_valid
    assert write(boundary, "shp")
    refusals = 0
    for name, wish in (("geojson", {}), ("shp", {"zone": 39})):
        try:
            read(write(boundary, name, **wish), name)  # type: ignore[arg-type]
        except InvalidBoundary as refusal:
            refusals += refusal.code == "not_valid_when_moved"
    assert refusals, "one of both shows the rounding"
