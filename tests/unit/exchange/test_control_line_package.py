"""The 规划控制线 package: read back by GDAL and by our readers, the same to the byte, refused where it does not fit."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cryptography.hazmat.primitives import hashes

import shapely
from pyproj import CRS
from shapely.geometry import GeometryCollection, LineString, MultiPoint, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geo_review.boundary.read import read_boundary
from geo_review.boundary.received import ReceivedFile
from geo_review.city import PUYANG
from geo_review.control.model import LayerFacts
from geo_review.errors import InvalidLayer
from geo_review.exchange.control_line_package import MOST_LISTED, PackageFeature, build_package
from geo_review.exchange.package_profile import PackageProfile, load_profile
from geo_review.gdal_drivers import pyogrio
from geo_review.geometry.crs import reproject
from tests.builders import EAST, NORTH, square

GOLDEN = Path(__file__).parents[2] / "data" / "golden" / "control_line_package_manifest.json"
DAY = date(2026, 11, 23)
FACTS = LayerFacts(
    code="STBHHX", title="生态保护红线", version="2026-11", sha256="a" * 64, valid_from=date(2026, 12, 1)
)
PROFILE = load_profile("puyang-default")
HOLED = square(0, 0, 500).difference(square(100, 100, 50)).difference(square(300, 300, 80))
TWO = MultiPolygon([square(600, 0, 80), square(800, 0, 120).difference(square(820, 20, 10))])
NAMED = [{"BSM": "410900000000000001", "MC": "金堤河湿地"}, {"BSM": "2", "MC": "黄河滩区（濮阳县段）"}]


def features(*lands: BaseGeometry, rows: Sequence[Mapping[str, object]] = ()) -> list[PackageFeature]:
    return [
        PackageFeature(number=number, geometry=land, attributes=rows[number - 1] if rows else {})
        for number, land in enumerate(lands, 1)
    ]


def build(
    *lands: BaseGeometry,
    rows: Sequence[Mapping[str, object]] = (),
    profile: PackageProfile = PROFILE,
    facts: LayerFacts = FACTS,
) -> bytes:
    return build_package(facts, features(*lands, rows=rows), None, profile, epsg=4547, as_of=DAY)


def changed(**values: Any) -> PackageProfile:
    return PackageProfile.model_validate({**PROFILE.model_dump(), **values})


def field(**values: Any) -> list[dict[str, Any]]:
    return [{"name": "F", "type": "text", "length": 6, "attribute": "V", **values}]


def unpacked(content: bytes, folder: Path) -> list[Path]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    return sorted(folder.iterdir())


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
@pytest.mark.parametrize("epsg", [4526, 4547, 4548, 4490])
def test_shp_when_gdal_reads_it_then_same_land_values_and_crs(tmp_path: Path, encoding: str, epsg: int) -> None:
    profile = changed(encoding=encoding, epsg=epsg, text=None)
    unpacked(build(HOLED, TWO, rows=NAMED, profile=profile), tmp_path)
    read = pyogrio.read_dataframe(tmp_path / "410900_STBHHX_2026-11.shp")
    assert CRS(read.crs).equals(CRS.from_epsg(epsg), ignore_axis_order=True) or read.crs.to_epsg() == epsg
    moved = [reproject(land, 4547, epsg) for land in (HOLED, TWO)]
    tolerance = 1e-8 if epsg == 4490 else 0.001  # 0.001 m either way
    for written, land in zip(moved, read.geometry, strict=True):
        assert shapely.hausdorff_distance(written, land) < tolerance
        assert land.symmetric_difference(written).area <= 1e-9 * written.area
    assert list(read["MC"]) == [row["MC"] for row in NAMED]
    assert list(read["BSM"]) == [row["BSM"] for row in NAMED]
    assert list(read["TCMC"]) == ["生态保护红线"] * 2
    assert [float(area) for area in read["MJ"]] == [round(HOLED.area, 2), round(TWO.area, 2)]
    assert [str(day)[:10] for day in read["SYKSRQ"]] == ["2026-12-01"] * 2
    assert read["SYJSRQ"].isna().all()


def test_prj_when_eastings_bear_the_zone_then_the_false_easting_does_too(tmp_path: Path) -> None:
    unpacked(build(HOLED, rows=NAMED), tmp_path)
    west = pyogrio.read_info(tmp_path / "410900_STBHHX_2026-11.shp")["total_bounds"][0]
    assert west == pytest.approx(38_000_000 + EAST)  # easting first, not northing
    assert "38500000" in (tmp_path / "410900_STBHHX_2026-11.prj").read_text()


def test_txt_when_our_reader_reads_it_then_same_land_to_the_millimetre(tmp_path: Path) -> None:
    unpacked(build(HOLED, TWO, rows=NAMED), tmp_path)
    path = tmp_path / "410900_STBHHX_2026-11.txt"
    read = read_boundary(ReceivedFile(name=path.name, content=path.read_bytes()), city=PUYANG)
    assert [parcel.name for parcel in read.parcels] == [row["MC"] for row in NAMED]
    for parcel, land in zip(read.parcels, (HOLED, TWO), strict=True):
        assert shapely.hausdorff_distance(reproject(parcel.geometry, read.measuring_epsg, 4547), land) < 0.001


def test_shp_when_our_reader_reads_it_then_same_land(tmp_path: Path) -> None:
    content = build(HOLED, TWO, rows=NAMED, profile=changed(text=None))
    stripped = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as whole, zipfile.ZipFile(stripped, "w") as shp:
        for name in whole.namelist():
            if name != "manifest.json":
                shp.writestr(name, whole.read(name))
    read = read_boundary(ReceivedFile(name="x.zip", content=stripped.getvalue()), city=PUYANG)
    assert read.planar_area_m2 == pytest.approx(HOLED.area + TWO.area, abs=0.001)


@pytest.mark.parametrize("land", [Point(EAST, NORTH), LineString([(EAST, NORTH), (EAST + 9, NORTH)])])
def test_points_and_lines_when_the_profile_wants_no_txt_then_written(tmp_path: Path, land: BaseGeometry) -> None:
    unpacked(build(land, profile=changed(text=None, epsg=4547)), tmp_path)
    assert pyogrio.read_dataframe(tmp_path / "410900_STBHHX_2026-11.shp").geometry[0].equals(land)


def test_shp_when_larger_than_a_part_then_goes_on_in_another_set(tmp_path: Path) -> None:
    angles = np.linspace(0, 2 * np.pi, 30_000, endpoint=False)
    round_one = Polygon(np.column_stack([EAST + 500 * np.cos(angles), NORTH + 500 * np.sin(angles)]))
    lands = [shapely.transform(round_one, lambda xy, k=k: xy + np.array([1200.0 * k, 0.0])) for k in range(4)]
    unpacked(build(*lands, profile=changed(text=None, max_part_mb=1)), tmp_path)
    stems = ["410900_STBHHX_2026-11", "410900_STBHHX_2026-11_2"]
    assert [len(pyogrio.read_dataframe(tmp_path / f"{stem}.shp")) for stem in stems] == [2, 2]


def test_package_when_built_twice_then_same_bytes_and_the_day_is_the_one_given(tmp_path: Path) -> None:
    content = build(HOLED, TWO, rows=NAMED)
    assert content == build(HOLED, TWO, rows=NAMED)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {each.date_time for each in archive.infolist()} == {(2026, 11, 23, 0, 0, 0)}
        assert archive.read("410900_STBHHX_2026-11.dbf")[1:4] == bytes((126, 11, 23))


def test_manifest_when_read_then_the_golden_one_with_digests_of_the_files(tmp_path: Path) -> None:
    paths = unpacked(build(HOLED, TWO, rows=NAMED), tmp_path)
    text = (tmp_path / "manifest.json").read_text(encoding="utf-8")
    files = {each["name"]: each for each in json.loads(text)["files"]}
    assert set(files) == {path.name for path in paths} - {"manifest.json"}
    for name, said in files.items():
        content = (tmp_path / name).read_bytes()
        sm3 = hashes.Hash(hashes.SM3())
        sm3.update(content)
        assert (said["bytes"], said["sha256"], said["sm3"]) == (
            len(content),
            hashlib.sha256(content).hexdigest(),
            sm3.finalize().hex(),
        )
    assert text == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("values", "value", "word"),
    [
        ({}, "生态红线", "8 字节，最多 6 字节"),  # four letters are eight bytes of GBK
        ({"length": 8, "required": True}, None, "必填"),
        ({"required": True}, "  ", "必填"),
        ({}, "a\nb", "控制字符"),
        ({}, "😀", "GBK"),
        ({"type": "integer"}, 1_234_567, "超出 6 位"),
        ({"type": "integer"}, 1.5, "小数多于 0 位"),
        ({"type": "integer"}, "many", "不是数"),
        ({"type": "decimal", "decimals": 2}, "1e999999999", "不是数"),
        ({"type": "decimal", "decimals": 2}, True, "不是数"),
        ({"type": "date", "length": 8}, "去年", "不是日期"),
    ],
)
def test_value_when_it_does_not_fit_then_refused_with_feature_and_field(
    values: dict[str, Any], value: object, word: str
) -> None:
    rows = [{"V": "x" if values.get("required") else None}, {"V": value}]
    with pytest.raises(InvalidLayer) as refused:
        build(square(), square(200), rows=rows, profile=changed(field=field(**values)))
    assert refused.value.code == "does_not_fit_package"
    assert len(refused.value.lines) == 1
    assert refused.value.lines[0].startswith("第 2 个要素，F：")
    assert word in refused.value.lines[0]


@pytest.mark.parametrize(
    ("lands", "text", "word"),
    [
        ([Polygon()], False, "没有坐标"),
        ([square(), Point(EAST, NORTH)], False, "只能有一类图形"),
        ([MultiPoint([(EAST, NORTH), (EAST, NORTH + 1)])], False, "MultiPoint"),
        ([GeometryCollection([Point(EAST, NORTH)])], False, "GeometryCollection"),
        ([Point(EAST, NORTH)], True, "TXT 只能写面"),
        ([Polygon([(EAST, NORTH), (EAST + 9, NORTH + 9), (EAST + 9, NORTH), (EAST, NORTH + 9)])], False, "图形无效"),
    ],
)
def test_land_when_it_cannot_be_written_then_refused_with_a_word(
    lands: list[BaseGeometry], text: bool, word: str
) -> None:
    profile = PROFILE if text else changed(text=None)
    with pytest.raises(InvalidLayer, match=word):
        build(*lands, profile=profile)


def test_misfits_when_many_then_listed_up_to_a_bound_and_all_counted() -> None:
    rows = [{"V": "生态红线"}] * 50
    with pytest.raises(InvalidLayer, match="有 50 处") as refused:
        build(*(square(200 * k) for k in range(50)), rows=rows, profile=changed(field=field()))
    assert len(refused.value.lines) == MOST_LISTED + 1
    assert "30 处" in refused.value.lines[-1]


def test_layer_when_empty_then_refused() -> None:
    with pytest.raises(InvalidLayer) as refused:
        build()
    assert refused.value.code == "package_of_nothing"


def test_name_when_a_version_has_what_windows_refuses_then_no_path_is_made(tmp_path: Path) -> None:
    facts = LayerFacts(code="X", title="甲", version="../a:b", sha256="0" * 64)
    with zipfile.ZipFile(io.BytesIO(build(square(), facts=facts))) as archive:
        assert archive.namelist()[0] == "410900_X_.._a_b.cpg"
