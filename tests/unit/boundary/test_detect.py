"""Detection by content: the reader is chosen by the bytes, and what is no red line is refused by what it looks like."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

import geopandas
from shapely.geometry import box

from geo_review.boundary.detect import detect
from geo_review.boundary.received import ReceivedFile, from_path
from geo_review.boundary.understanding import understand
from geo_review.city import PUYANG
from geo_review.errors import UnreadableBoundary
from tests.unit.boundary.survey_pieces import HEAD, PLAIN, points

GEOJSON = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"名称": "[地块坐标]"},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[[115, 35.7], [115.01, 35.7], [115, 35.71], [115, 35.7]]],
                },
            }
        ],
    },
    ensure_ascii=False,
)
RING = "115,35.7 115.01,35.7 115,35.71 115,35.7"
KML = (
    "<kml><Placemark><Polygon><outerBoundaryIs><LinearRing><coordinates>"
    f"{RING}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></kml>"
)
GML = (
    "<gml:Polygon xmlns:gml='http://www.opengis.net/gml'><gml:outerBoundaryIs><gml:LinearRing><gml:coordinates>"
    f"{RING}</gml:coordinates></gml:LinearRing></gml:outerBoundaryIs></gml:Polygon>"
)


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One red line as a shapefile and as a GeoPackage."""
    folder = tmp_path_factory.mktemp("red_line")
    frame = geopandas.GeoDataFrame(geometry=[box(592900, 3959600, 593000, 3959700)], crs=4547)
    frame.to_file(folder / "a.shp")
    frame.to_file(folder / "a.gpkg", layer="a")
    return {"shp": folder / "a.shp", "gpkg": folder / "a.gpkg"}


@pytest.mark.parametrize(
    ("name", "text", "format_", "codes"),
    [
        pytest.param("a.txt", PLAIN, "txt", [], id="survey text"),
        pytest.param("a", PLAIN, "txt", [], id="without a suffix"),
        pytest.param("a.DAT", points(), "txt", [], id="bare points, a suffix that promises nothing"),
        pytest.param("a.geojson", GEOJSON, "geojson", [], id="GeoJSON"),
        pytest.param("a.json", "\n  " + GEOJSON, "geojson", [], id="GeoJSON behind blanks"),
        pytest.param("a.txt", GEOJSON, "geojson", ["suffix_differs"], id="a .txt that is GeoJSON"),
        pytest.param("a.geojson", PLAIN, "txt", ["suffix_differs"], id="a .geojson that is a survey text"),
        pytest.param("a.shp", PLAIN, "txt", ["suffix_differs"], id="a .shp that is a survey text"),
        pytest.param("a.kml", KML, "kml", [], id="KML"),
        pytest.param("a.txt", "<!-- x -->" + KML, "kml", ["suffix_differs"], id="a .txt that is KML"),
        pytest.param("a.xml", GML, "gml", [], id="GML"),
        pytest.param("a.kml", GML, "gml", ["suffix_differs"], id="a .kml that is GML"),
        pytest.param("a.txt", "{J1,1,1.0,2.0}\n" + points(), "txt", ["ring_not_closed"], id="braces are not JSON"),
    ],
)
def test_text_when_detected_then_by_content(name: str, text: str, format_: str, codes: list[str]) -> None:
    read = detect(ReceivedFile(name=name, content=text.encode()))
    assert read.format == format_
    assert [issue.code for issue in read.issues if issue.code in ("suffix_differs", "ring_not_closed")] == codes
    assert all(issue.message for issue in read.issues)


def test_shapefile_when_detected_then_bare_and_zipped_and_under_any_name(written: dict[str, Path]) -> None:
    bare = from_path(written["shp"])
    members = {
        path.name.replace(".", "__"): path.read_bytes()
        for path in written["shp"].parent.glob("a.*")
        if path.suffix != ".gpkg"
    }
    assert detect(bare).format == "shp"
    assert detect(ReceivedFile(name="红线.zip", content=zipped(**members))).format == "shp"
    renamed = detect(ReceivedFile(name="红线.txt", content=zipped(**members)))
    assert (renamed.format, renamed.issues[0].code) == ("shp", "suffix_differs")
    assert ".txt" in renamed.issues[0].message


def test_geopackage_when_detected_then_under_any_name(written: dict[str, Path]) -> None:
    content = written["gpkg"].read_bytes()
    assert detect(ReceivedFile(name="a.gpkg", content=content)).format == "gpkg"
    assert detect(ReceivedFile(name="a.zip", content=content)).issues[0].code == "suffix_differs"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("a.txt", b"", "空", id="empty"),
        pytest.param("a.txt", b"\xef\xbb\xbf\r\n  \r\n", "地块坐标", id="a mark and blank lines"),
        pytest.param("a.shp", b"\0" * 4096, "空", id="zeros: an upload that never came"),
        pytest.param("a.txt", b"%PDF-1.7\n", "PDF", id="PDF"),
        pytest.param("a.dwg", b"AC1032\0\0", "DWG", id="DWG"),
        pytest.param("a.gml", b"<?xml version='1.0'?><OGRVRTDataSource/>", "XML", id="another XML"),
        pytest.param("a.txt", "<!DOCTYPE html><title>[地块坐标]</title>".encode(), "网页", id="a login page, saved"),
        pytest.param("a.xlsx", zipped(**{"[Content_Types]__xml": b"x"}), "Office", id="xlsx"),
        pytest.param("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office", id="xls"),
        pytest.param("a.mdb", b"\0\1\0\0Standard Jet DB\0", "Access", id="Access"),
        pytest.param("a.zip", zipped(**{"a.gdb/a0001__gdbtable": b"x"}), "FileGDB", id="FileGDB"),
        pytest.param("a.zip", zipped(readme__md=b"x"), "没有 .shp", id="a zip of something else"),
        pytest.param("a.zip", b"PK\3\4" + b"x" * 50, "损坏", id="a torn zip"),
        pytest.param("a.rar", b"Rar!\x1a\x07\x00", "RAR", id="RAR"),
        pytest.param("a.7z", b"7z\xbc\xaf\x27\x1c", "7z", id="7z"),
        pytest.param("a.png", b"\x89PNG\r\n\x1a\n", "图片", id="PNG"),
        pytest.param("a.jpg", b"\xff\xd8\xff\xe0", "图片", id="JPEG"),
        pytest.param("a.json", b'{"rings": [[[1, 2]]]}', "GeoJSON", id="Esri JSON"),
        pytest.param("a.json", b'{"type": "Topology", "arcs": []}', "GeoJSON", id="TopoJSON"),
        pytest.param("a.json", b"[]", "JSON", id="a JSON array"),
        pytest.param("a.prj", b'PROJCS["CGCS2000",GEOGCS["x"]]', ".prj", id="a .prj alone"),
        pytest.param("a.shx", b"\0\0\x27\x0a" + b"\0" * 96, "附属", id="a .shx alone has the signature of a .shp"),
        pytest.param("a.dbf", b"\x03\x7a\x01\x01", "附属", id="a .dbf alone"),
        pytest.param("a.txt", b"POLYGON ((0 0, 1 0, 1 1, 0 0))", "WKT", id="WKT"),
        pytest.param("a.csv", "点号,东,东\nJ1,1,2\n".encode(), "坐标表", id="a table without north"),
        pytest.param("a.tab", b"!table\n!version 300\n", "MapInfo", id="MapInfo"),
        pytest.param("a.txt", "今天天气好\n".encode("gbk"), "既没有 [地块坐标]", id="another text"),
        pytest.param("a.bin", bytes(range(256)), "二进制", id="unknown bytes"),
    ],
)
def test_file_when_no_supported_format_then_refused_with_what_it_is_and_what_to_do(
    name: str, content: bytes, said: str
) -> None:
    with pytest.raises(UnreadableBoundary) as refusal:
        detect(ReceivedFile(name=name, content=content))
    assert said in refusal.value.message
    assert refusal.value.remedy is not None
    assert "支持的格式" in refusal.value.remedy


def test_survey_text_when_a_byte_is_torn_then_the_place_is_told_and_not_that_it_is_foreign() -> None:
    content = PLAIN.encode("gbk").replace(b"J3", b"\xff\xffJ3")
    with pytest.raises(UnreadableBoundary, match="第 13 行"):
        detect(ReceivedFile(name="a.txt", content=content))


def test_survey_text_when_a_title_row_stands_first_then_its_line_is_named() -> None:
    read = detect(ReceivedFile(name="a.txt", content=("序号,点号,X,Y\n" + HEAD + points()).encode()))
    assert [(issue.code, issue.where.line) for issue in read.issues] == [("line_not_understood", 1)]


@pytest.mark.parametrize(
    ("name", "content", "known"),
    [
        pytest.param("a.dxf", b"  0\nSECTION\n  2\nENTITIES\n", "dxf", id="a torn drawing is a drawing"),
        pytest.param("a.txt", b'{"type": "Polygon"}', "geojson", id="what cannot be read is told for what it is"),
        pytest.param("a.pdf", b"%PDF-1.7\n", None, id="another format is none of ours"),
    ],
)
def test_file_when_it_cannot_be_read_then_its_format_is_told(name: str, content: bytes, known: str | None) -> None:
    seen = understand(ReceivedFile(name=name, content=content), city=PUYANG)
    assert seen.refusal is not None
    assert seen.format == known
