"""GeoJSON: what is read, and what is refused and why."""

from __future__ import annotations

import json
import random
from typing import Any

import numpy as np
import pytest

from geo_review.boundary.geojson import read_geojson
from geo_review.boundary.received import ReceivedFile
from geo_review.errors import UnreadableBoundary
from tests.unit.boundary.written_files import geojson, mutated, only_refuses, polygon_document

RING = [(115.02, 35.76), (115.03, 35.76), (115.03, 35.77), (115.02, 35.77), (115.02, 35.76)]
POLYGON = {"type": "Polygon", "coordinates": [[list(point) for point in RING]]}


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


@pytest.mark.parametrize(
    ("document", "rings"),
    [
        pytest.param(POLYGON, [1], id="a bare polygon"),
        pytest.param(
            {"type": "MultiPolygon", "coordinates": [POLYGON["coordinates"]] * 2}, [2], id="a bare multipolygon"
        ),
        pytest.param(feature(POLYGON), [1], id="a feature"),
        pytest.param(collection(feature(POLYGON), feature(POLYGON)), [1, 1], id="a feature is a parcel"),
        pytest.param(
            {"type": "GeometryCollection", "geometries": [POLYGON, POLYGON]}, [2], id="a collection of polygons"
        ),
    ],
)
def test_geojson_of_any_polygonal_shape_is_read(document: dict[str, Any], rings: list[int]) -> None:
    boundary = read_geojson(geojson(document))
    assert [len(parcel.rings) for parcel in boundary.parcels] == rings
    assert np.array_equal(boundary.parcels[0].rings[0].coordinates, np.array(RING[:-1]))
    assert boundary.issues == ()


def test_properties_give_code_name_use_and_area() -> None:
    facts = {"DKBH": "A1", "地块名称": "一号", "DKYT": "住宅", "dkmj": "1.25公顷"}
    parcel = read_geojson(geojson(collection(feature(POLYGON, **facts)))).parcels[0]
    assert (parcel.code, parcel.name, parcel.use) == ("A1", "一号", "住宅")
    assert (parcel.declared_area, parcel.declared_area_unit) == (1.25, "公顷")


@pytest.mark.parametrize(
    "encode",
    [
        pytest.param(lambda text: text.encode(), id="UTF-8"),
        pytest.param(lambda text: text.encode("utf-8-sig"), id="with a byte-order mark"),
        pytest.param(lambda text: text.encode("utf-16"), id="UTF-16"),
        pytest.param(lambda text: text.encode("gbk"), id="GBK"),
    ],
)
def test_encodings(encode: Any) -> None:
    text = json.dumps(collection(feature(POLYGON, DKMC="濮阳县一号")), ensure_ascii=False)
    assert read_geojson(geojson(encode(text))).parcels[0].name == "濮阳县一号"


@pytest.mark.parametrize(
    ("name", "epsg"),
    [
        ("urn:ogc:def:crs:EPSG::4547", 4547),
        ("urn:ogc:def:crs:EPSG:6.9:4526", 4526),
        ("EPSG:4490", 4490),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", 4326),
        ("http://www.opengis.net/def/crs/EPSG/0/4548", 4548),
        (4547, 4547),
    ],
)
def test_legacy_crs_member(name: object, epsg: int) -> None:
    member = {"type": "name", "properties": {"name": name}}
    assert read_geojson(geojson({**POLYGON, "crs": member})).declared_crs.epsg == epsg


def test_no_crs_member_declares_nothing() -> None:
    assert read_geojson(geojson(POLYGON)).declared_crs.epsg is None
    assert read_geojson(geojson({**POLYGON, "crs": None})).declared_crs.epsg is None


def test_ring_that_is_not_closed_is_read_and_said() -> None:
    boundary = read_geojson(geojson(polygon_document(RING[:-1])))
    assert [(issue.code, issue.where.ring) for issue in boundary.issues] == [("ring_not_closed", 1)]
    assert len(boundary.parcels[0].rings[0].coordinates) == 4


def test_feature_without_geometry_is_an_error_at_its_parcel() -> None:
    boundary = read_geojson(
        geojson(collection(feature(POLYGON), feature(None), feature({**POLYGON, "coordinates": []})))
    )
    assert [(issue.code, issue.where.parcel) for issue in boundary.issues] == [
        ("null_geometry", 2),
        ("null_geometry", 3),
    ]


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5000])
def test_impossible_numbers_are_left_for_the_check_that_names_their_place(literal: str) -> None:
    text = json.dumps(polygon_document(RING)).replace("115.03", literal, 1)
    ring = read_geojson(geojson(text)).parcels[0].rings[0]
    assert not np.isfinite(ring.coordinates[1, 0])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param("{", "json_syntax", id="cut off"),
        pytest.param('{"type": "Polygon", "type": "Polygon", "coordinates": []}', "json_doubled_key", id="a key twice"),
        pytest.param('{"type": "Polygon", "name": "\\ud83d"}', "json_half_character", id="half a surrogate pair"),
        pytest.param('{"type": "Polygon", "\\udc00": 1}', "json_half_character", id="half a pair as a key"),
        pytest.param('{"a":' * 100_000, "json_too_deep", id="a hundred thousand levels"),
        pytest.param("[" * 100_000, "json_too_deep", id="lists within lists"),
        pytest.param(
            '{"type":"GeometryCollection","geometries":[' * 40 + json.dumps(POLYGON) + "]}" * 40,
            "json_too_deep",
            id="collections within collections",
        ),
        pytest.param("[1, 2]", "geojson_no_type", id="no object"),
        pytest.param('{"rings": [[[1, 2]]]}', "geojson_no_type", id="the JSON of ESRI"),
        pytest.param(b"\xff\xff\xff", "json_encoding", id="no text"),
        pytest.param(json.dumps(collection()), "no_parcels", id="no feature"),
        pytest.param('{"type":"FeatureCollection"}', "geojson_member", id="no list of features"),
        pytest.param(
            '{"type":"FeatureCollection","features":[1]}', "geojson_not_a_feature", id="a feature that is none"
        ),
        pytest.param('{"type":"Feature","geometry":[1]}', "geojson_member", id="a geometry that is a list"),
        pytest.param('{"type":"Point","coordinates":[115,35]}', "geojson_geometry", id="a point"),
        pytest.param('{"type":"LineString","coordinates":[[115,35],[115,36]]}', "geojson_geometry", id="a line"),
        pytest.param('{"type":"Topology"}', "geojson_geometry", id="TopoJSON"),
        pytest.param('{"type":"Polygon"}', "geojson_member", id="no coordinates"),
        pytest.param('{"type":"Polygon","coordinates":[[["a","b"]]]}', "geojson_position", id="words for numbers"),
        pytest.param('{"type":"Polygon","coordinates":[[[115]]]}', "geojson_position", id="half a position"),
        pytest.param('{"type":"Polygon","coordinates":[[[true,false]]]}', "geojson_position", id="truth values"),
        pytest.param('{"type":"Polygon","coordinates":[[115,35]]}', "geojson_position", id="a level too few"),
        pytest.param(json.dumps({**POLYGON, "crs": {"type": "link"}}), "geojson_crs", id="a crs that is a link"),
        pytest.param(json.dumps({**POLYGON, "crs": "EPSG:4490"}), "geojson_crs", id="a crs that is a text"),
    ],
)
def test_bad_geojson_is_refused(content: str | bytes, code: str) -> None:
    with pytest.raises(UnreadableBoundary) as refusal:
        read_geojson(geojson(content))
    assert refusal.value.code == code


def test_mutated_bytes_never_raise_anything_but_a_refusal() -> None:
    member = {"type": "name", "properties": {"name": "EPSG:4490"}}
    content = geojson({**collection(feature(POLYGON, DKMC="一号"), feature(POLYGON, DKMJ=1)), "crs": member}).content
    chance = random.Random(3)
    for _ in range(2000):
        bad = mutated(content, chance)
        only_refuses(lambda: read_geojson(ReceivedFile(name="a.geojson", content=bad)))  # noqa: B023
