"""Shapefiles, bare and zipped: what is read, and what is refused and why."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from pathlib import Path

import pytest

from shapely.geometry import LineString, MultiPolygon, Point

from geo_review.boundary.model import RawBoundary
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.shapefile import read_shapefile
from geo_review.errors import RefusedInput, TooLarge, UnreadableBoundary
from tests.unit.boundary.written_files import HOLED, SQUARE, frame, mutated, only_refuses, parts_of, shapefile, zipped


def codes(boundary: RawBoundary) -> list[str]:
    return [issue.code for issue in boundary.issues]


def test_shapefile_as_gdal_writes_it_is_read_with_rings_names_and_crs(tmp_path: Path) -> None:
    made = frame(SQUARE, HOLED, DKBH=["A1", "A2"], DKMC=["一号地块", "二号地块"], DKMJ=[1.0, 0.75])
    boundary = read_shapefile(shapefile(tmp_path, made, encoding="GBK"))
    assert boundary.format == "shp"
    assert [len(parcel.rings) for parcel in boundary.parcels] == [1, 2]
    assert [parcel.name for parcel in boundary.parcels] == ["一号地块", "二号地块"]
    assert [parcel.declared_area for parcel in boundary.parcels] == [1.0, 0.75]
    assert [len(ring.coordinates) for ring in boundary.parcels[1].rings] == [4, 4]  # open
    assert boundary.declared_crs.epsg == 4547
    assert boundary.issues == ()


@pytest.mark.parametrize(
    ("epsg", "declared"),
    [
        pytest.param(4526, 4526, id="zone 38, number in front (ESRI name …GK_Zone_38)"),
        pytest.param(4547, 4547, id="central meridian 114 (ESRI name …GK_CM_114E)"),
        pytest.param(4527, 4527, id="zone 39"),
        pytest.param(4548, 4548, id="central meridian 117"),
        pytest.param(4498, 4498, id="6-degree zone 20"),
        pytest.param(4490, 4490, id="degrees"),
        pytest.param(4326, 4326, id="degrees of WGS 84"),
        pytest.param(32650, 32650, id="UTM"),
    ],
)
def test_prj_of_esri_is_recognised(tmp_path: Path, epsg: int, declared: int) -> None:
    assert read_shapefile(shapefile(tmp_path, frame(SQUARE, crs=epsg))).declared_crs.epsg == declared


@pytest.mark.parametrize(
    ("prj", "epsg", "datum"),
    [
        pytest.param(
            'PROJCS["我的坐标系",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",'
            '6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],'
            'PARAMETER["False_Easting",38500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",114.0],'
            'PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]',
            4526,
            "China 2000",
            id="a writer's own name: the parameters decide",
        ),
        pytest.param(
            'PROJCS["Xian_1980_3_Degree_GK_Zone_38",GEOGCS["GCS_Xian_1980",DATUM["D_Xian_1980",SPHEROID["Xian_1980",6378140.0,'
            '298.257]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],'
            'PARAMETER["False_Easting",38500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",114.0],'
            'PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]',
            2362,
            "Xian 1980",
            id="another datum is kept, to be refused later",
        ),
        pytest.param(
            'PROJCS["local",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",'
            '6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],'
            'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",115.0],'
            'PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]',
            None,
            "China 2000",
            id="a meridian of no zone has no EPSG code",
        ),
    ],
)
def test_prj_by_its_parameters(tmp_path: Path, prj: str, epsg: int | None, datum: str) -> None:
    file = shapefile(tmp_path, frame(SQUARE))
    declared = read_shapefile(
        ReceivedFile(name=file.name, content=file.content, companions={**file.companions, ".prj": prj.encode()})
    ).declared_crs
    assert (declared.epsg, declared.datum) == (epsg, datum)
    assert (declared.wkt is None) == (epsg is not None)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        pytest.param({".shx": None}, "shx_missing", id="the records follow one another"),
        pytest.param({".shx": b"nonsense"}, "shx_damaged", id="an index that is none"),
        pytest.param({".dbf": None}, "dbf_missing", id="geometry without attributes"),
        pytest.param({".dbf": b"\x03"}, "dbf_damaged", id="a torn table"),
        pytest.param({".prj": b"GEOGCS[whatever"}, "prj_unreadable", id="no WKT"),
        pytest.param({".cpg": b"BIG5"}, "dbf_encoding_contradicts", id="a code page that is not the content's"),
    ],
)
def test_companion_that_is_missing_or_damaged_is_an_issue(
    tmp_path: Path, changed: dict[str, bytes | None], code: str
) -> None:
    file = shapefile(tmp_path, frame(SQUARE, DKMC=["一号地块"]), encoding="GBK")
    companions = {suffix: content for suffix, content in {**file.companions, **changed}.items() if content is not None}
    boundary = read_shapefile(ReceivedFile(name=file.name, content=file.content, companions=companions))
    assert code in codes(boundary)
    assert len(boundary.parcels) == 1


@pytest.mark.parametrize(
    ("written", "cpg"),
    [("GBK", b"GBK"), ("GBK", b"936"), ("GBK", None), ("UTF-8", None), ("UTF-8", b"65001"), ("GBK", b"UTF-8")],
)
def test_chinese_attributes_in_any_encoding(tmp_path: Path, written: str, cpg: bytes | None) -> None:
    file = shapefile(tmp_path, frame(SQUARE, 地块名称=["濮阳县一号"]), encoding=written)
    companions = {suffix: content for suffix, content in file.companions.items() if suffix != ".cpg"}
    if cpg is not None:
        companions[".cpg"] = cpg
    boundary = read_shapefile(ReceivedFile(name=file.name, content=file.content, companions=companions))
    assert boundary.parcels[0].name == "濮阳县一号"


def test_heights_are_left_out_and_said(tmp_path: Path) -> None:
    high = type(SQUARE)([(x, y, 51.5) for x, y in SQUARE.exterior.coords])
    boundary = read_shapefile(shapefile(tmp_path, frame(high)))
    assert codes(boundary) == ["heights_dropped"]
    assert boundary.parcels[0].rings[0].coordinates.shape == (4, 2)


def test_null_shape_is_an_error_at_its_parcel(tmp_path: Path) -> None:
    boundary = read_shapefile(shapefile(tmp_path, frame(SQUARE, None)))
    assert [(issue.code, issue.where.parcel) for issue in boundary.issues] == [("null_geometry", 2)]


def test_row_marked_deleted_is_not_a_parcel(tmp_path: Path) -> None:
    file = shapefile(tmp_path, frame(SQUARE, HOLED))
    table = bytearray(file.companions[".dbf"])
    table[struct.unpack_from("<H", table, 8)[0]] = ord("*")
    boundary = read_shapefile(
        ReceivedFile(name=file.name, content=file.content, companions={**file.companions, ".dbf": bytes(table)})
    )
    assert [parcel.code for parcel in boundary.parcels] == ["A2"]
    assert codes(boundary) == ["dbf_deleted_rows"]


@pytest.mark.parametrize(
    ("geometry", "word"),
    [(Point(592967, 3959522), "点"), (LineString(SQUARE.exterior.coords), "线")],
)
def test_shapefile_of_another_type_is_refused_with_its_type(tmp_path: Path, geometry: object, word: str) -> None:
    with pytest.raises(UnreadableBoundary, match=word) as refusal:
        read_shapefile(shapefile(tmp_path, frame(geometry)))  # type: ignore[arg-type]
    assert refusal.value.code == "not_polygons"


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        pytest.param(lambda shp: shp[:-20], "shp_truncated", id="cut off at the end"),
        pytest.param(lambda shp: shp[:60], "shp_header", id="cut off in the header"),
        pytest.param(
            lambda shp: shp[:104] + b"\x7f\xff\xff\xff" + shp[108:], "shp_record", id="a record as long as a film"
        ),
        pytest.param(
            lambda shp: shp[:148] + b"\xff\xff\xff\x7f" + shp[152:], "shp_record", id="more points than bytes"
        ),
        pytest.param(lambda shp: shp[:108] + b"\x63\0\0\0" + shp[112:], "shp_record", id="a record of another type"),
    ],
)
def test_damaged_shapefile_is_refused_with_what_is_wrong(tmp_path: Path, damage: object, code: str) -> None:
    file = shapefile(tmp_path, frame(SQUARE))
    with pytest.raises(UnreadableBoundary) as refusal:
        read_shapefile(ReceivedFile(name=file.name, content=damage(file.content)))  # type: ignore[operator]
    assert refusal.value.code == code


def test_multipolygon_record_is_one_parcel_of_all_its_rings(tmp_path: Path) -> None:
    boundary = read_shapefile(shapefile(tmp_path, frame(MultiPolygon([SQUARE, HOLED]))))
    assert [len(parcel.rings) for parcel in boundary.parcels] == [3]


# Zips


def test_zip_in_a_folder_beside_system_litter_is_read(tmp_path: Path) -> None:
    parts = parts_of(shapefile(tmp_path, frame(SQUARE)), "成果/红线/地块")
    litter = {
        "成果/Thumbs.db": b"x",
        "__MACOSX/成果/红线/._地块.shp": b"x",
        "成果/红线/地块.shp.xml": b"<a/>",
        "说明.txt": b"x",
    }
    boundary = read_shapefile(zipped({**litter, **parts}))
    assert boundary.parcels[0].code == "A1"
    assert boundary.declared_crs.epsg == 4547


@pytest.mark.parametrize("flagged", [False, True], ids=["without the UTF-8 flag", "with a UTF-8 flag that lies"])
def test_zip_with_gbk_names_is_read(tmp_path: Path, flagged: bool) -> None:
    parts = parts_of(shapefile(tmp_path, frame(SQUARE)), "X")
    boundary = read_shapefile(ReceivedFile(name="a.zip", content=_gbk_zip(parts, flagged=flagged)))
    assert boundary.parcels[0].code == "A1"


def test_zip_with_points_beside_the_polygons_reads_the_polygons(tmp_path: Path) -> None:
    polygons = parts_of(shapefile(tmp_path, frame(SQUARE)), "dk")
    points = parts_of(shapefile(tmp_path, frame(Point(592967, 3959522)), stem="p"), "jzd")
    assert len(read_shapefile(zipped({**points, **polygons})).parcels) == 1


def _zip_of_two(folder: Path) -> ReceivedFile:
    file = shapefile(folder, frame(SQUARE))
    return zipped({**parts_of(file, "甲"), **parts_of(file, "乙")})


def _encrypted(folder: Path) -> ReceivedFile:
    made = bytearray(zipped(parts_of(shapefile(folder, frame(SQUARE)), "a")).content)
    position = made.find(b"PK\x01\x02")
    while position >= 0:
        made[position + 8] |= 1
        position = made.find(b"PK\x01\x02", position + 4)
    return ReceivedFile(name="a.zip", content=bytes(made))


def _link(folder: Path) -> ReceivedFile:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("a.shp")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return ReceivedFile(name="a.zip", content=buffer.getvalue())


@pytest.mark.parametrize(
    ("make", "code", "word"),
    [
        pytest.param(_zip_of_two, "zip_several", "甲.shp", id="several red lines, named"),
        pytest.param(_encrypted, "zip_encrypted", "a.shp", id="encrypted"),
        pytest.param(_link, "zip_link", "a.shp", id="a link out of the zip"),
        pytest.param(lambda _: zipped({"../a.shp": b"x"}), "zip_unsafe_path", r"\.\./a\.shp", id="a path upwards"),
        pytest.param(lambda _: zipped({"/etc/a.shp": b"x"}), "zip_unsafe_path", "/etc", id="an absolute path"),
        pytest.param(lambda _: zipped({"C:\\a.shp": b"x"}), "zip_unsafe_path", "C:", id="a drive"),
        pytest.param(lambda _: zipped({"a.zip": b"PK"}), "zip_nested", "a.zip", id="a zip in a zip"),
        pytest.param(
            lambda _: zipped({"readme.pdf": b"x"}), "zip_without_boundary", "readme.pdf", id="nothing to read"
        ),
        pytest.param(
            lambda _: zipped({f"{n}.shp": b"" for n in range(1001)}), "zip_too_many", "1001", id="1001 entries"
        ),
        pytest.param(lambda _: zipped({"a.shp": bytes(40_000_000)}), "zip_too_large", "200", id="a bomb by its ratio"),
        pytest.param(
            lambda _: ReceivedFile(name="a.zip", content=b"PK\x03\x04rubbish"), "zip_damaged", "损坏", id="rubbish"
        ),
    ],
)
def test_zip_is_refused(tmp_path: Path, make: object, code: str, word: str) -> None:
    with pytest.raises((RefusedInput, TooLarge), match=word) as refusal:
        read_shapefile(make(tmp_path))  # type: ignore[operator]
    assert refusal.value.code == code


def test_mutated_bytes_never_raise_anything_but_a_refusal(tmp_path: Path) -> None:
    file = shapefile(tmp_path, frame(SQUARE, HOLED, DKMC=["一号", "二号"]))
    whole = zipped(parts_of(file, "红线"))
    chance = random.Random(2)
    for _ in range(300):
        parts = {".shp": file.content, **file.companions}
        suffix = chance.choice(sorted(parts))
        parts[suffix] = mutated(parts[suffix], chance)
        shp = parts.pop(".shp")
        only_refuses(lambda: read_shapefile(ReceivedFile(name="a.shp", content=shp, companions=parts)))  # noqa: B023
        content = mutated(whole.content, chance)
        if content.startswith(b"PK"):
            only_refuses(lambda: read_shapefile(ReceivedFile(name="a.zip", content=content)))  # noqa: B023


def _gbk_zip(parts: dict[str, bytes], *, flagged: bool) -> bytes:
    """A zip with names in GBK bytes, which Python's own writer cannot make: written in ASCII, then renamed."""
    placeholder, name = b"X", "地块".encode("gbk")
    content = zipped({path.replace("X", "XXXX", 1): data for path, data in parts.items()}).content
    assert len(name) == 4
    renamed = bytearray(content.replace(placeholder * 4 + b".", name + b"."))
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        position = renamed.find(mark)
        while position >= 0:
            flags = struct.unpack_from("<H", renamed, position + offset)[0]
            struct.pack_into("<H", renamed, position + offset, flags | 0x800 if flagged else flags & ~0x800)
            position = renamed.find(mark, position + 4)
    return bytes(renamed)
