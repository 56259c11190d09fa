"""KML and KMZ: what is read of drawings as programs write them, and what is refused and why."""

from __future__ import annotations

import random
import time
from pathlib import Path

import numpy as np
import pytest

from shapely.geometry.base import BaseGeometry

from geo_review.boundary.asked import Asked
from geo_review.boundary.detect import detect
from geo_review.boundary.kml import read_kml
from geo_review.boundary.received import ReceivedFile, from_path
from geo_review.boundary.understanding import Understanding, understand
from geo_review.city import PUYANG
from geo_review.errors import ChoiceNeeded, UnreadableBoundary
from tests.unit.boundary.written_files import HOLED, HOLED_M2, SQUARE, frame, mutated, only_refuses, zipped

WITHIN = "115.02,35.76,0 115.03,35.76,0 115.03,35.77,0 115.02,35.77,0 115.02,35.76,0"
HOLE = "115.022,35.762,0 115.024,35.762,0 115.024,35.764,0 115.022,35.762,0"
OPEN = "115.02,35.76 115.03,35.76 115.03,35.77"
LINK = "<NetworkLink><Link><href>http://127.0.0.1:9/a.kml</href></Link></NetworkLink>"
POINT = "<Point><coordinates>115.02,35.76,0</coordinates></Point>"


def ring(coordinates: str = WITHIN, *, border: str = "outerBoundaryIs") -> str:
    return f"<{border}><LinearRing><coordinates>{coordinates}</coordinates></LinearRing></{border}>"


def polygon(*borders: str) -> str:
    return f"<Polygon>{''.join(borders or [ring()])}</Polygon>"


def line(coordinates: str, kind: str = "LineString") -> str:
    return f"<{kind}><coordinates>{coordinates}</coordinates></{kind}>"


def placemark(*content: str, name: str = "一号") -> str:
    return f"<Placemark><name>{name}</name>{''.join(content)}</Placemark>"


def folder(name: str, *content: str, kind: str = "Folder") -> str:
    return f"<{kind}><name>{name}</name>{''.join(content)}</{kind}>"


def kml(*content: str, space: str = "http://www.opengis.net/kml/2.2") -> ReceivedFile:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="{space}">\n{"".join(content)}\n</kml>\n'
    return ReceivedFile(name="红线.kml", content=text.encode())


GOOGLE_EARTH = kml(
    """<Document>
	<name>未命名的多边形.kml</name>
	<gx:CascadingStyle xmlns:gx="http://www.google.com/kml/ext/2.2" kml:id="x" xmlns:kml="http://www.opengis.net/kml/2.2">
		<Style><IconStyle><Icon><href>https://earth.google.com/earth/document/icon?color=1976d2</href></Icon></IconStyle></Style>
	</gx:CascadingStyle>
	<StyleMap id="m_ylw-pushpin"><Pair><key>normal</key><styleUrl>#s_ylw-pushpin</styleUrl></Pair></StyleMap>
	<Placemark id="04A1">
		<name>未命名的多边形</name>
		<LookAt><longitude>115.02</longitude><latitude>35.76</latitude><altitude>51.2</altitude></LookAt>
		<styleUrl>#m_ylw-pushpin</styleUrl>
		<Polygon>
			<tessellate>1</tessellate>
			<outerBoundaryIs>
				<LinearRing>
					<coordinates>
						115.0201,35.7601,0 115.0301,35.7602,0 115.0302,35.7703,0 115.0203,35.7702,0 115.0201,35.7601,0
					</coordinates>
				</LinearRing>
			</outerBoundaryIs>
		</Polygon>
	</Placemark>
</Document>"""
)
OVITAL = kml(
    """<Document><name>红线范围</name>
<Style id="OvStyle_1"><LineStyle><color>ff0000ff</color><width>2</width></LineStyle></Style>
<Folder><name>收藏夹</name><Folder><name>濮阳项目</name><open>1</open>
<Placemark><name>A地块</name><description><![CDATA[面积: 15.2亩<br>奥维互动地图]]></description>
<LineString><coordinates>
115.02010001,35.76010002,0
115.03010001,35.76010002,0
115.03010001,35.77010002,0
115.02010001,35.76010002,0
</coordinates></LineString></Placemark>
<Placemark><name>界桩1</name>"""
    + POINT
    + "</Placemark></Folder></Folder></Document>"
)


def codes(understanding: Understanding) -> list[str]:
    return [issue.code for issue in understanding.issues]


@pytest.mark.parametrize(
    ("content", "rings", "issues"),
    [
        pytest.param([placemark(polygon())], [1], [], id="a bare placemark"),
        pytest.param(["<Document>", placemark(polygon()), "</Document>"], [1], [], id="in a document"),
        pytest.param([folder("红线", placemark(polygon()), placemark(polygon()))], [1, 1], [], id="two parcels"),
        pytest.param([placemark(polygon(ring(), ring(HOLE, border="innerBoundaryIs")))], [2], [], id="with a hole"),
        pytest.param(
            [placemark(f"<MultiGeometry>{polygon()}<MultiGeometry>{polygon()}</MultiGeometry></MultiGeometry>")],
            [2],
            [],
            id="of several parts",
        ),
        pytest.param([placemark(line(WITHIN))], [1], ["outline_taken_as_area"], id="a path that comes back"),
        pytest.param([placemark(line(WITHIN, "LinearRing"))], [1], ["outline_taken_as_area"], id="a ring by itself"),
        pytest.param(
            [placemark(line(OPEN, "LinearRing"))],
            [1],
            ["outline_taken_as_area", "ring_not_closed"],
            id="a ring by itself, closed by its name only",
        ),
        pytest.param(
            [placemark(f"<MultiGeometry>{polygon()}{POINT}</MultiGeometry>")], [1], ["points_ignored"], id="a label"
        ),
        pytest.param(
            [folder("a", placemark(polygon()), placemark(POINT), placemark("<gx:Track/>"))],
            [1],
            ["xml_prefix_undeclared", "points_ignored"],
            id="a pin and a track beside it",
        ),
        pytest.param(
            [placemark(polygon(ring(WITHIN.replace(",0", ",53.2"))))], [1], ["heights_dropped"], id="with heights"
        ),
        pytest.param([placemark(polygon(ring(WITHIN.replace(",0", ""))))], [1], [], id="without heights"),
        pytest.param([placemark(polygon(ring(WITHIN.replace(",0 ", ",\n"))))], [1], [], id="a comma, no height"),
        pytest.param([placemark(polygon(ring(WITHIN.replace(",", ", "))))], [1], [], id="blanks after commas"),
        pytest.param([placemark(polygon(ring(WITHIN.replace(" ", "\r\n\t"))))], [1], [], id="a line a point"),
        pytest.param(
            [placemark(polygon(ring(WITHIN.rpartition(" ")[0])))], [1], ["ring_not_closed"], id="a ring left open"
        ),
        pytest.param(
            [placemark("<visibility>0</visibility>", polygon())], [1], ["hidden_taken"], id="switched off in the viewer"
        ),
        pytest.param(
            ["<Document>", LINK, placemark(polygon()), "</Document>"],
            [1],
            ["links_not_followed"],
            id="content and a link",
        ),
        pytest.param(
            [folder("a", placemark(polygon())), folder("b", placemark(line(OPEN)))],
            [1],
            ["tables_not_read"],
            id="roads in a folder of their own",
        ),
        pytest.param([placemark(polygon()), placemark()], [1, 0], ["null_geometry"], id="a placemark of nothing"),
        pytest.param([placemark(polygon(), line(OPEN))], [1], ["open_line"], id="an open line in the same placemark"),
        pytest.param(
            [folder("a", placemark(polygon()), placemark(line(OPEN)))], [1], ["open_line"], id="an open line beside"
        ),
    ],
)
def test_drawing_is_read(content: list[str], rings: list[int], issues: list[str]) -> None:
    boundary = read_kml(kml(*content))
    assert [len(parcel.rings) for parcel in boundary.parcels] == rings
    assert [issue.code for issue in boundary.issues] == [*issues, "kml_precision"]
    assert all(issue.message for issue in boundary.issues)
    assert boundary.declared_crs.epsg == 4326
    if "heights_dropped" not in issues and rings[0] == 1 and "ring_not_closed" not in issues:
        expected = [[115.02, 35.76], [115.03, 35.76], [115.03, 35.77], [115.02, 35.77]]
        assert np.array_equal(boundary.parcels[0].rings[0].coordinates, expected)


@pytest.mark.parametrize(
    "space",
    [
        "http://earth.google.com/kml/2.0",
        "http://earth.google.com/kml/2.1",
        "http://earth.google.com/kml/2.2",
        "http://www.opengis.net/kml/2.2",
        "http://www.opengis.net/kml/2.3",
        "",
    ],
)
def test_every_version_is_read(space: str) -> None:
    assert len(detect(kml(placemark(polygon()), space=space)).parcels) == 1


def test_google_earth_and_ovital_as_they_write() -> None:
    earth = understand(GOOGLE_EARTH, city=PUYANG).accepted()
    assert [(parcel.name, round(parcel.planar_area_m2)) for parcel in earth.parcels] == [("未命名的多边形", 1008395)]
    assert earth.crs.epsg == 4326
    ovital = understand(OVITAL, city=PUYANG)
    assert codes(ovital) == ["outline_taken_as_area", "points_ignored", "kml_precision", "wgs84_taken_as_cgcs2000"]
    assert ovital.layer == "收藏夹/濮阳项目"
    assert ovital.accepted().parcels[0].name == "A地块"


def test_points_have_their_lines() -> None:
    (parcel,) = read_kml(OVITAL).parcels
    assert parcel.rings[0].lines == (8, 9, 10)
    open_ring = read_kml(kml(placemark(polygon(ring(OPEN.replace(" ", "\n"))))))
    assert [(issue.code, issue.where.line) for issue in open_ring.issues][:1] == [("ring_not_closed", 5)]


def test_attributes_of_every_spelling() -> None:
    extended = (
        '<ExtendedData><Data name="DKBH"><displayName>x</displayName><value>A1</value></Data>'
        '<SchemaData schemaUrl="#s"><SimpleData name="DKMC">东区</SimpleData><SimpleData name="DKMJ">1.5公顷'
        "</SimpleData></SchemaData></ExtendedData><description>说明</description>"
    )
    parcel = read_kml(kml(placemark(extended, polygon(), name="多边形"))).parcels[0]
    assert (parcel.code, parcel.name, parcel.declared_area, parcel.declared_area_unit) == ("A1", "东区", 1.5, "公顷")
    assert parcel.attributes["name"] == "多边形"
    assert parcel.attributes["description"] == "说明"


TWO = folder(
    "批次",
    folder("红线", placemark(polygon(), name="甲")),
    folder("红线", placemark(polygon(), name="乙")),
    placemark(polygon(), name="丙"),
)


def test_folders_are_a_choice_by_path_and_a_nested_one_counts_to_itself() -> None:
    with pytest.raises(ChoiceNeeded) as needed:
        read_kml(kml("<Document>", TWO, placemark(polygon(), name="丁"), "</Document>"))
    assert needed.value.code == "kml_several"
    values = [choice.value for choice in needed.value.choices]
    assert values == ["批次/红线", "批次/红线(2)", "批次", "/"]
    names = []
    for value in values:
        read = read_kml(kml("<Document>", TWO, placemark(polygon(), name="丁"), "</Document>"), value)
        names += [parcel.name for parcel in read.parcels]
        assert [issue.code for issue in read.issues] == ["tables_not_read", "kml_precision"]
    assert names == ["甲", "乙", "丙", "丁"]


def test_folders_of_one_name_are_told_apart_whatever_else_is_called_so() -> None:
    names = ("a", "a(2)", "a", "a")
    with pytest.raises(ChoiceNeeded) as needed:
        read_kml(kml("<Document>", *(folder(name, placemark(polygon())) for name in names), "</Document>"))
    assert [choice.value for choice in needed.value.choices] == ["a", "a(2)", "a(3)", "a(4)"]


def test_thousands_of_folders_and_deep_ones_are_read_in_bounded_time() -> None:
    many = folder("a", placemark(POINT)) * 3_000
    deep = "<Folder>" * 200 + placemark(polygon()) * 1_000 + "</Folder>" * 200
    before_s = time.process_time()
    assert len(read_kml(kml("<Document>", many, deep, "</Document>")).parcels) == 1_000
    assert time.process_time() - before_s < 3.0  # six when each folder asks for the name of what holds it


def test_folder_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(ChoiceNeeded) as needed:
        read_kml(kml(folder("红线", placemark(polygon()))), "蓝线")
    assert (needed.value.code, [choice.value for choice in needed.value.choices]) == ("unknown_choice", ["红线"])
    assert read_kml(kml(folder("红线", placemark(polygon())))).layer == "红线"


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        pytest.param([], "no_parcels", "没有地块", id="nothing"),
        pytest.param([placemark(), placemark()], "no_parcels", "没有地块", id="placemarks of nothing"),
        pytest.param([placemark(POINT), placemark("<Track/>")], "kml_only_points", "2 个点", id="points only"),
        pytest.param([placemark(line(OPEN))], "kml_only_lines", "第3行", id="an open line"),
        pytest.param([placemark(line("115,35"))], "kml_only_lines", "第3行", id="a line of a point"),
        pytest.param([LINK], "kml_network_link", "网络链接", id="a link only"),
        pytest.param([placemark("<Polygon/>")], "kml_polygon", "地块1", id="a polygon without borders"),
        pytest.param(
            [placemark(polygon("<outerBoundaryIs/>", ring()))], "kml_polygon", "地块1", id="a border without a ring"
        ),
        pytest.param([placemark(polygon(ring("115.02 35.76")))], "xml_position", "115.02", id="no commas"),
        pytest.param([placemark(polygon(ring("115,35,0,1")))], "xml_position", "点1", id="four numbers"),
        pytest.param([placemark(polygon(ring(WITHIN + " 1_0,2")))], "xml_position", "点6", id="what only Python reads"),
        pytest.param([placemark(polygon(ring("１１５,35")))], "xml_position", "点1", id="full-width digits"),
        pytest.param([placemark(polygon(ring("115，35")))], "xml_position", "点1", id="a full-width comma"),
        pytest.param([placemark(polygon(ring("115.02\n,35.7")))], "xml_position", "第3行", id="a tuple over two lines"),
        pytest.param([placemark(polygon(ring("\n115,35\n115,x")))], "xml_position", "第5行", id="with its line"),
    ],
)
def test_bad_drawing_is_refused_with_its_place(content: list[str], code: str, said: str) -> None:
    with pytest.raises(UnreadableBoundary) as refusal:
        read_kml(kml(*content))
    assert refusal.value.code == code
    assert said in refusal.value.message


def test_root_of_another_kind_is_refused() -> None:
    with pytest.raises(UnreadableBoundary) as refusal:
        read_kml(ReceivedFile(name="a.kml", content=b"<OGRVRTDataSource/>"))
    assert refusal.value.code == "kml_root"


@pytest.mark.parametrize(
    ("coordinates", "code", "issue"),
    [
        pytest.param(
            "38592967,3959522 38593067,3959522 38593067,3959622 38592967,3959522",
            None,
            "zone_contradicts",
            id="metres that carry their zone: believed, and said",
        ),
        pytest.param(
            "592967,3959522 593067,3959522 593067,3959622 592967,3959522", "unknown_crs", None, id="metres without"
        ),
        pytest.param("35.76,115.02 35.76,115.03 35.77,115.03 35.76,115.02", None, "axes_swapped", id="latitude first"),
        pytest.param("115.02,35.76 NaN,35.76 115.03,35.77 115.02,35.76", "invalid_boundary", "not_a_number", id="NaN"),
        pytest.param("116.4,39.9 116.5,39.9 116.5,40 116.4,39.9", "location_implausible", None, id="in Beijing"),
    ],
)
def test_numbers_that_are_no_longitude_first(coordinates: str, code: str | None, issue: str | None) -> None:
    understood = understand(kml(placemark(polygon(ring(coordinates)))), city=PUYANG)
    assert (understood.refusal.code if understood.refusal else None) == code
    assert issue is None or issue in codes(understood)


@pytest.mark.parametrize("driver", ["KML", "LIBKML"])
@pytest.mark.parametrize(("geometry", "area_m2"), [(SQUARE, 10_000.0), (HOLED, HOLED_M2)])
def test_drawing_of_gdal_gives_the_known_area(
    tmp_path: Path, driver: str, geometry: BaseGeometry, area_m2: float
) -> None:
    made = frame(geometry, crs=4326, DKBH=["A1"], 地块名称=["一号"])
    made.to_file(tmp_path / "红线.kml", driver=driver, layer="红线")
    boundary = understand(from_path(tmp_path / "红线.kml"), city=PUYANG).accepted()
    assert (boundary.parcels[0].code, boundary.parcels[0].name) == ("A1", "一号")
    assert boundary.measuring_epsg == 4547
    assert boundary.planar_area_m2 == pytest.approx(area_m2, rel=1e-6)


DOC = kml(placemark(polygon(), name="主")).content
OTHER = kml(placemark(polygon(), name="副")).content
COVER = kml("<NetworkLink><Link><href>layers/a.kml</href></Link></NetworkLink>").content


@pytest.mark.parametrize(
    ("name", "entries", "parcel", "beside"),
    [
        pytest.param("a.kmz", {"doc.kml": DOC, "files/a.png": b"x"}, "主", False, id="doc.kml and a picture"),
        pytest.param("a.kmz", {"files/b.kml": OTHER, "doc.kml": DOC}, "主", True, id="doc.kml before any other"),
        pytest.param("a.zip", {"b.kml": OTHER, "doc.kml": DOC}, "主", True, id="a KMZ under another name"),
        pytest.param("a.kmz", {"z.kml": DOC, "a.kml": OTHER}, "主", True, id="the first of the archive"),
        pytest.param("a.kmz", {"doc.kml": COVER, "layers/a.kml": DOC}, "主", False, id="a cover that links, by GDAL"),
        pytest.param("a.zip", {"红线.kml": DOC}, "主", False, id="a KML, zipped"),
    ],
)
def test_kmz_shows_its_main_drawing(name: str, entries: dict[str, bytes], parcel: str, beside: bool) -> None:
    read = detect(zipped(entries, name))
    assert (read.format, read.parcels[0].name) == ("kml", parcel)
    assert ("tables_not_read" in [issue.code for issue in read.issues]) == beside
    assert "suffix_differs" not in [issue.code for issue in read.issues]


def test_zip_of_several_drawings_is_a_choice_and_a_kmz_in_a_zip_is_refused() -> None:
    several = zipped({"a.kml": DOC, "b.kml": OTHER})
    with pytest.raises(ChoiceNeeded) as needed:
        detect(several)
    assert [choice.value for choice in needed.value.choices] == ["a.kml", "b.kml"]
    assert detect(several, "b.kml").parcels[0].name == "副"
    assert detect(zipped({"doc.kml": DOC, "b.kml": OTHER}), "b.kml").parcels[0].name == "副"
    with pytest.raises(UnreadableBoundary) as refusal:
        detect(zipped({"a.kmz": zipped({"doc.kml": DOC}).content}))
    assert refusal.value.code == "zip_nested"


def test_drawing_in_gbk_is_read_with_its_names() -> None:
    text = kml(placemark(polygon(), name="濮阳县")).content.decode().replace("UTF-8", "GB2312")
    assert detect(ReceivedFile(name="a.kml", content=text.encode("gbk"))).parcels[0].name == "濮阳县"


def test_other_file_in_the_clothes_of_a_drawing_is_refused_unread(tmp_path: Path) -> None:
    secret = tmp_path / "other.csv"
    secret.write_text('名称,WKT\nTOP,"POLYGON((115 35,116 35,116 36,115 35))"\n', encoding="utf-8")
    layer = f'<OGRVRTLayer name="a"><SrcDataSource>{secret}</SrcDataSource></OGRVRTLayer>'
    for text in (
        f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>",
        f"<kml><OGRVRTDataSource>{layer}</OGRVRTDataSource></kml>",
        f'<!DOCTYPE kml [<!ENTITY x SYSTEM "file://{secret}">]><kml><Placemark>&x;</Placemark></kml>',
    ):
        understood = understand(ReceivedFile(name="a.kml", content=text.encode()), city=PUYANG)
        assert understood.refusal is not None
        assert str(tmp_path) not in str(understood.refusal)
        assert "TOP" not in str(understood)


def test_drawing_of_many_points_is_read_in_bounded_time() -> None:
    points = " ".join(f"{115 + n * 1e-7:.7f},{35.5 + (n % 7) * 1e-7:.7f},0" for n in range(30_000))
    read = read_kml(kml(placemark(polygon(ring(points)))))
    assert len(read.parcels[0].rings[0].coordinates) == 30_000


def test_parcels_may_be_chosen() -> None:
    file = kml(folder("a", placemark(polygon()), placemark(polygon(ring(HOLE)), name="二号")))
    boundary = understand(file, city=PUYANG, asked=Asked(parcels=(2,))).accepted()
    assert [parcel.name for parcel in boundary.parcels] == ["二号"]


def test_mutated_bytes_never_raise_anything_but_a_refusal() -> None:
    chance = random.Random(5)
    for content in (GOOGLE_EARTH.content, OVITAL.content, kml(TWO, placemark(POINT)).content):
        for _ in range(700):
            bad = ReceivedFile(name="a.kml", content=mutated(content, chance))
            only_refuses(lambda: read_kml(bad))  # noqa: B023
            only_refuses(lambda: detect(bad))  # noqa: B023
