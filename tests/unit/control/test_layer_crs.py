"""The coordinate system of a layer: believed, told by its numbers, or refused with what settles it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import shapely
from pyproj import CRS
from shapely.geometry import Polygon, box

from geo_review.control.read import read_features
from geo_review.errors import GeoReviewError, InvalidLayer, InvalidOption, UnknownCrs
from geo_review.geometry.crs import reproject
from tests.builders import square
from tests.unit.control.made import ESRI_ZONE_38, XIAN_80_ZONE_38, geojson, write, write_json

LONLAT_SQUARE = reproject(square(), 4547, 4490)
PREFIXED_SQUARE = reproject(square(), 4547, 4526)
NORTH_FIRST = shapely.transform(square(), lambda points: points[:, ::-1])
LAT_FIRST = shapely.transform(LONLAT_SQUARE, lambda points: points[:, ::-1])


def _wkt(epsg: int, version: str = "WKT1_ESRI") -> str:
    return str(CRS.from_epsg(epsg).to_wkt(version))


@pytest.mark.parametrize(
    ("prj", "land", "epsg"),
    [
        pytest.param(ESRI_ZONE_38, PREFIXED_SQUARE, 4526, id="Esri's name of the zone with prefix"),
        pytest.param(_wkt(4547), square(), 4547, id="Esri's WKT of the central meridian"),
        pytest.param(_wkt(4526, "WKT1_GDAL"), PREFIXED_SQUARE, 4526, id="GDAL's WKT with an authority"),
        pytest.param(
            ESRI_ZONE_38.replace("CGCS2000_3_Degree_GK_Zone_38", "PuYang"),
            PREFIXED_SQUARE,
            4526,
            id="a writer's own name: the parameters decide",
        ),
        pytest.param(_wkt(4490), LONLAT_SQUARE, 4490, id="degrees"),
        pytest.param(_wkt(4326), LONLAT_SQUARE, 4490, id="WGS 84 is taken as CGCS2000"),
        pytest.param(None, PREFIXED_SQUARE, 4526, id="no .prj, the zone number before every easting"),
        pytest.param(None, LONLAT_SQUARE, 4490, id="no .prj, degrees by their size"),
    ],
)
def test_shapefile_when_crs_can_be_known_then_it_is(tmp_path: Path, prj: str | None, land: Polygon, epsg: int) -> None:
    path = write(tmp_path / "X.shp", land, epsg=None)
    path.with_suffix(".prj").unlink(missing_ok=True)
    if prj is not None:
        path.with_suffix(".prj").write_text(prj)
    assert read_features(path).epsg == epsg


@pytest.mark.parametrize(
    ("prj", "land", "error", "code"),
    [
        pytest.param(None, square(), UnknownCrs, "layer_crs_not_declared", id="no .prj and no zone number: any zone"),
        pytest.param(XIAN_80_ZONE_38, PREFIXED_SQUARE, UnknownCrs, "layer_datum", id="1980西安 is metres off"),
        pytest.param(_wkt(2412), square(), UnknownCrs, "layer_datum", id="1954北京 is a hundred metres off"),
        pytest.param(
            ESRI_ZONE_38.replace("114.0", "115.05"),
            PREFIXED_SQUARE,
            UnknownCrs,
            "layer_crs_without_code",
            id="a city's own meridian has no code",
        ),
        pytest.param(_wkt(4547), PREFIXED_SQUARE, InvalidLayer, "layer_prefix_written", id="prefix against the .prj"),
        pytest.param(ESRI_ZONE_38, square(), InvalidLayer, "layer_prefix_missing", id="no prefix against the .prj"),
        pytest.param(
            ESRI_ZONE_38,
            reproject(square(), 4547, 4527),
            InvalidLayer,
            "layer_prefix_written",
            id="zone 39 under a .prj of 38",
        ),
        pytest.param(_wkt(4547), NORTH_FIRST, InvalidLayer, "layer_swapped_metres", id="northing first"),
        pytest.param(_wkt(4547), LONLAT_SQUARE, InvalidLayer, "layer_not_metres", id="degrees under a .prj of metres"),
        pytest.param(_wkt(4490), square(), InvalidLayer, "layer_not_degrees", id="metres under a .prj of degrees"),
        pytest.param(_wkt(4490), LAT_FIRST, InvalidLayer, "layer_swapped_degrees", id="latitude first"),
        pytest.param(None, LAT_FIRST, InvalidLayer, "layer_swapped_degrees", id="latitude first, without a word"),
    ],
)
def test_shapefile_when_crs_cannot_be_known_then_refused_with_what_settles_it(
    tmp_path: Path, prj: str | None, land: Polygon, error: type[GeoReviewError], code: str
) -> None:
    path = write(tmp_path / "X.shp", land, epsg=None)
    path.with_suffix(".prj").unlink(missing_ok=True)
    if prj is not None:
        path.with_suffix(".prj").write_text(prj)
    with pytest.raises(error) as refused:
        read_features(path)
    assert refused.value.code == code
    settles = "对调两列坐标" if "swapped" in code else "crs = 4547"
    assert settles in str(refused.value.remedy)


def test_shapefile_when_the_user_says_the_crs_then_it_is_believed(tmp_path: Path) -> None:
    path = write(tmp_path / "X.shp", square(), epsg=None)
    assert read_features(path, epsg=4547).epsg == 4547
    with pytest.raises(InvalidOption):
        read_features(path, epsg=2362)
    with pytest.raises(InvalidOption):
        read_features(path, epsg=999_999)
    with pytest.raises(InvalidLayer):
        read_features(path, epsg=4526)


@pytest.mark.parametrize(
    ("crs", "land", "epsg"),
    [
        pytest.param(None, LONLAT_SQUARE, 4490, id="RFC 7946: longitude, latitude"),
        pytest.param("urn:ogc:def:crs:EPSG::4547", square(), 4547, id="GeoJSON 2008 as GDAL and QGIS write it"),
        pytest.param("EPSG:4526", PREFIXED_SQUARE, 4526, id="the short name"),
        pytest.param("http://www.opengis.net/def/crs/EPSG/0/4547", square(), 4547, id="the address"),
        pytest.param("urn:ogc:def:crs:OGC:1.3:CRS84", LONLAT_SQUARE, 4490, id="CRS84"),
        pytest.param("urn:ogc:def:crs:EPSG::4326", LONLAT_SQUARE, 4490, id="4326, longitude first as all GeoJSON"),
    ],
)
def test_geojson_when_crs_member_is_there_or_not_then_honoured(
    tmp_path: Path, crs: str | None, land: Polygon, epsg: int
) -> None:
    document = geojson(land)
    if crs is not None:
        document["crs"] = {"type": "name", "properties": {"name": crs}}
    features = read_features(write_json(tmp_path / "X.geojson", document))
    assert features.epsg == epsg
    assert features.geometries[0].equals(land)


@pytest.mark.parametrize(
    ("land", "said"),
    [
        pytest.param(box(35.7, 115.0, 35.8, 115.1), "经纬度写反", id="(35, 115)"),
        pytest.param(square(), "没有声明坐标系", id="metres without a crs member"),
    ],
)
def test_geojson_when_coordinates_are_no_lonlat_then_refused_with_the_diagnosis(
    tmp_path: Path, land: Polygon, said: str
) -> None:
    with pytest.raises(GeoReviewError, match=said):
        read_features(write_json(tmp_path / "X.geojson", geojson(land)))


def test_geojson_when_one_feature_of_many_is_swapped_then_it_is_named(tmp_path: Path) -> None:
    path = write_json(tmp_path / "X.geojson", geojson(LONLAT_SQUARE, LONLAT_SQUARE, LAT_FIRST, epsg=4490))
    with pytest.raises(InvalidLayer, match="第3个要素"):
        read_features(path)


@pytest.mark.parametrize("crs", [{"type": "link", "properties": {"href": "http://example.org/a.prj"}}, "4547", {}])
def test_geojson_when_crs_member_is_not_understood_then_not_taken_for_lonlat(tmp_path: Path, crs: object) -> None:
    document = {**geojson(LONLAT_SQUARE), "crs": crs}
    with pytest.raises(UnknownCrs) as refused:
        read_features(write_json(tmp_path / "X.geojson", document))
    assert refused.value.code == "layer_crs_unreadable"


@pytest.mark.parametrize(
    ("epsg", "land", "expected"),
    [
        pytest.param(4547, square(), 4547, id="PROJJSON"),
        pytest.param(4326, LONLAT_SQUARE, 4490, id="WGS 84"),
        pytest.param(None, LONLAT_SQUARE, 4490, id="crs: null, degrees by their size"),
    ],
)
def test_geoparquet_when_crs_is_declared_or_null_then_known(
    tmp_path: Path, epsg: int | None, land: Polygon, expected: int
) -> None:
    assert read_features(write(tmp_path / "X.parquet", land, epsg=epsg)).epsg == expected


def test_geoparquet_when_crs_is_left_out_then_longitude_latitude(tmp_path: Path) -> None:
    import pyarrow.parquet

    path = write(tmp_path / "X.parquet", LONLAT_SQUARE, epsg=4490)
    table = pyarrow.parquet.read_table(path)
    geo = json.loads(table.schema.metadata[b"geo"])
    del geo["columns"]["geometry"]["crs"]
    pyarrow.parquet.write_table(table.replace_schema_metadata({b"geo": json.dumps(geo)}), path)
    assert read_features(path).epsg == 4490


def test_geopackage_when_srs_is_undefined_then_not_guessed(tmp_path: Path) -> None:
    path = write(tmp_path / "X.gpkg", square(), epsg=None)
    with pytest.raises(UnknownCrs):
        read_features(path)
