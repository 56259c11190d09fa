"""Every format gives the same features; what cannot be read is refused with the place."""

from __future__ import annotations

import json
import shutil
import struct
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import geopandas
import shapely
from shapely.geometry import GeometryCollection, LineString, MultiLineString, MultiPolygon, Point, Polygon

from geo_review.control.plain_values import attributes_of
from geo_review.control.read import read_features
from geo_review.control.validity import repair_all
from geo_review.errors import GeoReviewError, InvalidLayer, UnreadableLayer
from tests.builders import EAST, NORTH, square
from tests.unit.control.made import (
    FORMATS,
    curve_polygon_wkb,
    geojson,
    replace_geometry,
    turn_rings,
    two_squares,
    write,
    write_json,
)


@pytest.mark.parametrize("suffix", FORMATS)
def test_read_features_when_written_in_any_format_then_features_and_attributes_are_the_same(
    tmp_path: Path, suffix: str
) -> None:
    path = write(tmp_path / f"X.{suffix}", *two_squares(), attributes={"名称": ["甲", None], "FAR": [2, 3]})
    features = read_features(path)
    assert features.epsg == 4547
    # FlatGeobuf orders features by its spatial index, so they are told apart by what they hold.
    found = {
        json.dumps(attributes_of(features, index), ensure_ascii=False): geometry
        for index, geometry in enumerate(features.geometries)
    }
    assert set(found) == {'{"名称": "甲", "FAR": 2}', '{"名称": null, "FAR": 3}'}
    for wkb, said in zip(two_squares(), ('"甲", "FAR": 2}', 'null, "FAR": 3}'), strict=True):
        (geometry,) = (geometry for key, geometry in found.items() if key.endswith(said))
        assert geometry.equals(wkb)


@pytest.mark.parametrize(
    "geometry",
    [
        pytest.param(square(), id="polygon: most control lines"),
        pytest.param(MultiPolygon(two_squares()), id="multipolygon: one 红线 in several places"),
        pytest.param(LineString([(EAST, NORTH), (EAST + 9, NORTH)]), id="line: a power line for buffer_forbid"),
        pytest.param(
            MultiLineString([[(EAST, NORTH), (EAST + 9, NORTH)], [(EAST, NORTH + 5), (EAST + 9, NORTH + 5)]]),
            id="multiline: a road with two carriageways",
        ),
        pytest.param(Point(EAST, NORTH), id="point: a heritage site"),
    ],
)
@pytest.mark.parametrize("suffix", FORMATS)
def test_read_features_when_kind_is_usual_then_kept_in_the_plane(
    tmp_path: Path, suffix: str, geometry: shapely.Geometry
) -> None:
    with_height = shapely.force_3d(geometry, 77.0)
    features = read_features(write(tmp_path / f"X.{suffix}", with_height))
    assert not shapely.has_z(features.geometries).any()
    # A Shapefile cannot tell a line from a multiline of one.
    assert shapely.equals(shapely.union_all(features.geometries), geometry)


def test_read_features_when_attributes_are_of_many_types_then_plain_python(tmp_path: Path) -> None:
    path = tmp_path / "X.parquet"
    geopandas.GeoDataFrame(
        {
            "day": [date(2026, 1, 2)],
            "moment": np.array(["2026-01-02T03:04:05"], dtype="datetime64[ms]"),
            "nothing": [np.nan],
            "no_day": np.array(["NaT"], dtype="datetime64[ms]"),
            "whole": np.array([7], dtype="int32"),
            "nested": [{"a": [1, 2]}],
        },
        geometry=[square()],
        crs=4547,
    ).to_parquet(path)
    found = attributes_of(read_features(path), 0)
    assert found == {
        "day": "2026-01-02",
        "moment": "2026-01-02T03:04:05",
        "nothing": None,
        "no_day": None,
        "whole": 7,
        "nested": {"a": [1, 2]},
    }
    assert type(found["whole"]) is int


@pytest.mark.parametrize(
    ("encoding", "keep_cpg"),
    [
        pytest.param("UTF-8", True, id="declared UTF-8"),
        pytest.param("GBK", True, id="declared GBK"),
        pytest.param("GBK", False, id="GBK without a word: what Chinese desktop programs leave"),
        pytest.param("UTF-8", False, id="UTF-8 without a word"),
    ],
)
def test_read_features_when_dbf_is_chinese_then_text_is_whole(tmp_path: Path, encoding: str, keep_cpg: bool) -> None:
    frame = geopandas.GeoDataFrame({"名称": ["黄河滩区"]}, geometry=[square()], crs=4547)
    frame.to_file(tmp_path / "X.shp", encoding=encoding)
    if not keep_cpg:
        (tmp_path / "X.cpg").unlink()
    assert attributes_of(read_features(tmp_path / "X.shp"), 0) == {"名称": "黄河滩区"}


def test_read_features_when_cpg_is_wrong_then_text_is_still_whole(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame({"名称": ["黄河滩区"]}, geometry=[square()], crs=4547)
    frame.to_file(tmp_path / "X.shp", encoding="GBK")
    (tmp_path / "X.cpg").write_text("UTF-8")
    assert attributes_of(read_features(tmp_path / "X.shp"), 0) == {"名称": "黄河滩区"}


HOLED = Polygon(square().exterior, [square(20.0, 20.0, 10.0).exterior])


@pytest.mark.parametrize(
    ("land", "turned"),
    [
        pytest.param(HOLED, (0, 1), id="both: GDAL takes the hole for the shell"),
        pytest.param(HOLED, (1,), id="the hole: GDAL takes it for land within land"),
        pytest.param(HOLED, (0,), id="the shell"),
        pytest.param(MultiPolygon([HOLED, square(300.0)]), (0, 1, 2), id="all of a multipolygon"),
        pytest.param(MultiPolygon([HOLED, square(300.0)]), (1,), id="the hole of a multipolygon"),
    ],
)
def test_shapefile_when_rings_turn_the_wrong_way_then_the_same_land_with_a_word(
    tmp_path: Path, land: Polygon, turned: tuple[int, ...]
) -> None:
    path = write(tmp_path / "X.shp", land)
    turn_rings(path, turned)
    geometries, words = repair_all(read_features(path).geometries, epsg=4547)
    assert geometries[0].equals(land)
    assert len(words) == 1


def test_shapefile_when_a_ring_turns_the_wrong_way_and_gdal_sees_it_then_a_note(tmp_path: Path) -> None:
    path = write(tmp_path / "X.shp", MultiPolygon(two_squares()))
    turn_rings(path, (1,))
    features = read_features(path)
    assert features.geometries[0].equals(MultiPolygon(two_squares()))
    assert features.notes == ("部分面的圈方向不合 Shapefile 规定，内外圈按包含关系判定。",)


def test_read_features_when_shapefile_is_zipped_with_gbk_names_then_read(tmp_path: Path) -> None:
    write(tmp_path / "红线.shp", square(), attributes={"MC": ["甲"]})
    with zipfile.ZipFile(tmp_path / "STBHHX.zip", "w") as archive:
        archive.writestr("__MACOSX/._x.shp", b"")
        for file in sorted(tmp_path.glob("红线.*")):
            archive.write(file, f"图层/{file.name}".encode("gbk").decode("cp437"))
    assert read_features(tmp_path / "STBHHX.zip").geometries[0].equals(square())


def test_read_features_when_geojson_is_a_feature_or_a_geometry_then_read(tmp_path: Path) -> None:
    collection = geojson(Polygon([(115, 35), (115.1, 35), (115.1, 35.1)]))
    feature = write_json(tmp_path / "F.geojson", collection["features"][0])
    geometry = write_json(tmp_path / "G.geojson", collection["features"][0]["geometry"])
    assert len(read_features(feature).geometries) == len(read_features(geometry).geometries) == 1


def test_read_features_when_layer_is_empty_then_no_features(tmp_path: Path) -> None:
    features = read_features(write_json(tmp_path / "X.geojson", geojson()))
    assert len(features.geometries) == 0
    assert len(read_features(write(tmp_path / "X.gpkg", square())).geometries[:0]) == 0


def test_read_features_when_geopackage_has_several_tables_then_the_one_named_as_the_file(tmp_path: Path) -> None:
    path = tmp_path / "STBHHX.gpkg"
    for name, geometry in (("other", square(500.0)), ("STBHHX", square())):
        geopandas.GeoDataFrame(geometry=[geometry], crs=4547).to_file(path, layer=name)
    assert read_features(path).geometries[0].equals(square())
    shutil.copy(path, tmp_path / "YJJBNT.gpkg")
    with pytest.raises(UnreadableLayer, match="other、STBHHX") as refused:
        read_features(tmp_path / "YJJBNT.gpkg")
    assert refused.value.code == "layer_several_tables"


VRT = '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>{path}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'


@pytest.mark.parametrize("suffix", ["gpkg", "shp", "parquet", "fgb", "geojson", "zip"])
def test_read_features_when_a_vrt_is_disguised_then_not_opened(tmp_path: Path, suffix: str) -> None:
    secret = write(tmp_path / "secret.gpkg", square())
    path = tmp_path / f"X.{suffix}"
    path.write_text(VRT.format(path=secret))
    with pytest.raises(UnreadableLayer) as refused:
        read_features(path)
    assert refused.value.code == "layer_signature"


def test_read_features_when_a_vrt_stands_inside_valid_json_then_only_the_json_is_read(tmp_path: Path) -> None:
    """GDAL takes this file for a VRT and opens the other one: measured with GDAL 3.12."""
    secret = write(tmp_path / "secret.gpkg", square())
    vrt = VRT.format(path=secret).replace('"', "'")
    path = write_json(tmp_path / "X.geojson", {"x": vrt, **geojson()})
    assert len(read_features(path).geometries) == 0


def _ring(*points: tuple[float, float]) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [[list(point) for point in points]]}


def _feature(geometry: object) -> dict[str, object]:
    good = geojson(Polygon([(115, 35), (115.1, 35), (115.1, 35.1)]))["features"][0]
    return {"type": "FeatureCollection", "features": [good, {**good, "geometry": geometry}]}


@pytest.mark.parametrize(
    ("document", "code", "said"),
    [
        pytest.param(_feature(None), "layer_geometry_empty", "要素 2", id="no geometry: the land it meant is unknown"),
        pytest.param(
            _feature({"type": "Polygon", "coordinates": []}), "layer_geometry_empty", "要素 2", id="empty polygon"
        ),
        pytest.param(
            _feature(_ring((115, 35), (float("nan"), 35), (115.1, 35.1), (115, 35))),
            "layer_coordinate_not_finite",
            "要素 2",
            id="NaN: written by programs that divide by zero",
        ),
        pytest.param(
            _feature(_ring((115, 35), (float("inf"), 35), (115.1, 35.1), (115, 35))),
            "layer_coordinate_not_finite",
            "要素 2",
            id="infinity",
        ),
        pytest.param(
            _feature(_ring((115, 35), (115.1, 35), (115.1, 35.1))),
            "layer_geometry_broken",
            "第2个要素",
            id="three points make no ring",
        ),
        pytest.param(
            _feature(_ring((115, 35), (115.1, 35), (115.1, 35.1), (115, 35.1))),
            "layer_geometry_broken",
            "第1圈未闭合",
            id="not closed: closing it would be a repair without a word",
        ),
        pytest.param(
            _feature({"type": "Polygon", "coordinates": [[["115", "35"]] * 4]}),
            "layer_geometry_broken",
            "第2个要素",
            id="numbers as text",
        ),
        pytest.param(
            _feature({"type": "Polygon", "coordinates": 7}), "layer_geometry_broken", "第2个要素", id="no list at all"
        ),
        pytest.param(
            _feature({"type": "CurvePolygon", "coordinates": []}), "layer_geometry_kind", "CurvePolygon", id="a curve"
        ),
        pytest.param(
            _feature({"type": "GeometryCollection", "geometries": []}),
            "layer_geometry_kind",
            "GeometryCollection",
            id="a collection mixes land and lines",
        ),
        pytest.param({"type": "Topology", "objects": {}}, "layer_not_geojson", "GeoJSON", id="TopoJSON"),
        pytest.param({"type": "FeatureCollection", "features": [3]}, "layer_not_a_feature", "第1项", id="no feature"),
    ],
)
def test_read_features_when_geojson_is_bad_then_refused_with_the_feature(
    tmp_path: Path, document: object, code: str, said: str
) -> None:
    with pytest.raises(GeoReviewError, match=said) as refused:
        read_features(write_json(tmp_path / "X.geojson", document))
    assert refused.value.code == code


def _truncate(path: Path, share: float) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])


def _as_multipatch(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[32] = 31
    path.write_bytes(content)


def _without(suffix: str) -> Callable[[Path], None]:
    return lambda path: path.with_suffix(suffix).unlink()


@pytest.mark.parametrize(
    ("suffix", "harm", "code"),
    [
        pytest.param("gpkg", lambda path: _truncate(path, 0.7), "layer_damaged", id="half a GeoPackage"),
        pytest.param("gpkg", lambda path: replace_geometry(path, None), "layer_geometry_empty", id="NULL geometry"),
        pytest.param(
            "gpkg",
            lambda path: replace_geometry(path, curve_polygon_wkb()),
            "layer_has_curves",
            id="a curve in a table that says Polygon: chords would be other land",
        ),
        pytest.param(
            "gpkg",
            lambda path: replace_geometry(path, struct.pack("<BIII6d", 1, 3, 1, 3, 0, 0, 1, 1, 2, 0)),
            "layer_geometry_broken",
            id="a ring of three points: GEOS gives None for it",
        ),
        pytest.param(
            "gpkg",
            lambda path: replace_geometry(
                path, shapely.to_wkb(square()).replace(struct.pack("<d", EAST), struct.pack("<d", np.nan))
            ),
            "layer_coordinate_not_finite",
            id="NaN in a GeoPackage",
        ),
        pytest.param(
            "gpkg",
            lambda path: path.with_name("X.gpkg-wal").write_bytes(b"changes"),
            "layer_unsaved_changes",
            id="open in an editor: what is read would not be what is hashed",
        ),
        pytest.param("shp", _as_multipatch, "layer_geometry_kind", id="surfaces of buildings are no land"),
        pytest.param("shp", _without(".shx"), "layer_shapefile_without", id="no .shx"),
        pytest.param(
            "shp",
            lambda path: _truncate(path.with_suffix(".dbf"), 0.8),
            "layer_shapefile_rows",
            id="half a .dbf: GDAL reads half the features without a word",
        ),
        pytest.param("shp", lambda path: _truncate(path, 0.6), "layer_geometry_empty", id="half a .shp: null shapes"),
        pytest.param("parquet", lambda path: _truncate(path, 0.5), "layer_not_geoparquet", id="half a Parquet file"),
        pytest.param("fgb", lambda path: _truncate(path, 0.5), "layer_damaged", id="half a FlatGeobuf"),
        pytest.param("geojson", lambda path: _truncate(path, 0.5), "layer_not_json", id="half a GeoJSON"),
    ],
)
def test_read_features_when_file_is_harmed_then_refused_and_nothing_dropped(
    tmp_path: Path, suffix: str, harm: Callable[[Path], None], code: str
) -> None:
    path = write(tmp_path / f"X.{suffix}", *two_squares(), attributes={"MC": ["甲", "乙"]})
    harm(path)
    with pytest.raises(GeoReviewError) as refused:
        read_features(path)
    assert refused.value.code == code


def test_read_features_when_rows_are_deleted_in_the_dbf_then_the_others_are_read(tmp_path: Path) -> None:
    path = write(tmp_path / "X.shp", *two_squares(), attributes={"MC": ["甲", "乙"]})
    dbf = bytearray(path.with_suffix(".dbf").read_bytes())
    dbf[int.from_bytes(dbf[8:10], "little")] = ord("*")
    path.with_suffix(".dbf").write_bytes(dbf)
    assert [geometry.equals(two_squares()[1]) for geometry in read_features(path).geometries] == [True]


def test_read_features_when_geometry_is_a_collection_in_a_geopackage_then_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "X.gpkg", GeometryCollection([Point(EAST, NORTH), square()]))
    with pytest.raises(InvalidLayer) as refused:
        read_features(path)
    assert refused.value.code == "layer_geometry_kind"


@pytest.mark.parametrize("name", ["X.kml", "X.dxf", "X.txt", "X"])
def test_read_features_when_format_is_not_read_then_says_which_are(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("<kml/>")
    with pytest.raises(UnreadableLayer) as refused:
        read_features(tmp_path / name)
    assert refused.value.code == "layer_format"
    assert "GeoPackage" in str(refused.value.remedy)
