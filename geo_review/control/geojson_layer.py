"""Reading a GeoJSON layer with the json module alone: GDAL would open whatever stands in a file of that name.

Refuses TopoJSON, Esri JSON and rings that are not closed; fills nothing in.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import shapely
from shapely.geometry.base import BaseGeometry

from geo_review.control.written import WrittenLayer, column, not_finite, refuse_kind, unreadable
from geo_review.errors import InvalidLayer
from geo_review.wording import say

Json = Mapping[str, Any]


class _NotFinite(Exception):
    """JSON has no NaN and no infinity, but many writers do, and Python reads them."""


def read_geojson(path: Path) -> WrittenLayer:
    """Return every feature of a FeatureCollection, a Feature or a bare geometry."""
    document = _document(path)
    if document.get("type") == "FeatureCollection" and isinstance(document.get("features"), list):
        features = document["features"]
    elif document.get("type") == "Feature":
        features = [document]
    elif "coordinates" in document:
        features = [{"type": "Feature", "geometry": document, "properties": None}]
    else:
        raise unreadable(path, "not_geojson")
    geometries, properties = [], []
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict) or not isinstance(feature.get("geometry"), dict | None):
            raise unreadable(path, "not_a_feature", feature=number)
        geometry = feature.get("geometry")
        geometries.append(None if geometry is None else _geometry(path, number, geometry))
        properties.append(feature.get("properties") or {})
    names = dict.fromkeys(name for record in properties for name in record)
    return WrittenLayer(
        geometries=column(geometries),
        crs=_crs_name(document),
        columns={name: column([record.get(name) for record in properties]) for name in names},
    )


def _document(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")  # attributes of older Chinese desktop programs
    collecting = gc.isenabled()
    gc.disable()  # millions of new lists and no garbage: the collector would take half of the time
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise unreadable(path, "not_json", detail=error) from None
    finally:
        if collecting:
            gc.enable()
    if not isinstance(document, dict):
        raise unreadable(path, "not_geojson")
    return document


def _crs_name(document: Json) -> str | None:
    """Return the name in a ``crs`` member (GeoJSON 2008, still written by GDAL and QGIS), else None: lon/lat."""
    crs = document.get("crs")
    if crs is None:
        return None
    properties = crs.get("properties") if isinstance(crs, dict) else None
    if isinstance(properties, dict):
        if isinstance(properties.get("name"), str):
            return str(properties["name"])
        if isinstance(properties.get("code"), int):
            return f"EPSG:{properties['code']}"
    return json.dumps(crs, ensure_ascii=False)


def _geometry(path: Path, number: int, geometry: Json) -> BaseGeometry:
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    try:
        match kind:
            case "Polygon":
                return _polygon(path, number, coordinates)
            case "MultiPolygon":
                return shapely.multipolygons([_polygon(path, number, polygon) for polygon in _list(coordinates)])
            case "LineString":
                return _line(path, number, coordinates)
            case "MultiLineString":
                return shapely.multilinestrings([_line(path, number, line) for line in _list(coordinates)])
            case "Point":
                return shapely.points(_positions([coordinates])[0]) if coordinates else shapely.from_wkt("POINT EMPTY")
            case "MultiPoint":
                return shapely.multipoints(_positions(coordinates))
    except _NotFinite:
        raise not_finite(path, str(number)) from None
    except (TypeError, ValueError, IndexError):
        raise _broken(path, number, say("control.bad_coordinates")) from None
    refuse_kind(path, number, str(kind))


def _polygon(path: Path, number: int, rings: Any) -> BaseGeometry:
    if not _list(rings):
        return shapely.from_wkt("POLYGON EMPTY")
    return shapely.polygons(
        *_shell_and_holes([_ring(path, number, index, ring) for index, ring in enumerate(rings, 1)])
    )


def _shell_and_holes(rings: list[BaseGeometry]) -> tuple[BaseGeometry, list[BaseGeometry] | None]:
    return rings[0], rings[1:] or None


def _ring(path: Path, number: int, index: int, ring: Any) -> BaseGeometry:
    positions = _positions(ring)
    if len(positions) < 4:
        raise _broken(path, number, say("control.ring_too_short", ring=index))
    if (positions[0] != positions[-1]).any():
        raise _broken(path, number, say("control.ring_not_closed", ring=index))
    return shapely.linearrings(positions)


def _line(path: Path, number: int, line: Any) -> BaseGeometry:
    positions = _positions(line)
    if len(positions) == 1:
        raise _broken(path, number, say("control.line_too_short"))
    return shapely.linestrings(positions) if len(positions) else shapely.from_wkt("LINESTRING EMPTY")


def _positions(positions: Any) -> npt.NDArray[np.float64]:
    """Return an (n, 2) array of the first two numbers of each position; anything but numbers raises."""
    _list(positions)
    try:
        array = np.array(positions)
    except ValueError:  # some positions carry a height and some do not
        array = np.array([position[:2] for position in positions])
    if not len(positions):
        return np.empty((0, 2))
    if array.ndim != 2 or array.shape[1] < 2 or array.dtype.kind not in "iuf":
        raise ValueError
    if not np.isfinite(array[:, :2]).all():
        raise _NotFinite
    return array[:, :2].astype(np.float64)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _broken(path: Path, number: int, detail: str) -> InvalidLayer:
    return InvalidLayer(
        code="layer_geometry_broken",
        message=say("control.geometry_broken", file=path.name, feature=number, detail=detail),
        remedy=say("control.geometry_broken_remedy"),
    )
