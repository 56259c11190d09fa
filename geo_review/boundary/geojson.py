"""Reads GeoJSON (RFC 7946, and the older `crs` member) into a `RawBoundary`. Decides no CRS, fetches nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from geo_review.boundary.model import (
    Axes,
    BoundaryIssue,
    Coordinates,
    DeclaredCrs,
    Place,
    RawBoundary,
    RawParcel,
    Severity,
)
from geo_review.boundary.parcel_facts import parcel_of
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.rings import open_rings
from geo_review.errors import UnreadableBoundary
from geo_review.wording import say

# Geometry collections within collections; nothing real is deeper, and Python's own recursion limit is no message.
MOST_DEPTH = 16
_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")
_LONG_INTEGER = 18  # digits; a longer one is no coordinate, and Python refuses to convert thousands of them
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_EPSG = re.compile(r"(?:urn:(?:x-)?ogc:def:crs:)?EPSG:(?:[\d.]*:)?(\d{3,6})", re.IGNORECASE)
_EPSG_URL = re.compile(r"https?://www\.opengis\.net/def/crs/EPSG/[\d.]+/(\d{3,6})", re.IGNORECASE)
_CRS84 = re.compile(
    r"(?:urn:ogc:def:crs:OGC:[\d.]*:CRS84|https?://www\.opengis\.net/def/crs/OGC/[\d.]+/CRS84|CRS:?84)", re.I
)


def read_geojson(file: ReceivedFile) -> RawBoundary:
    """Read polygons of a GeoJSON text; one Feature is one parcel.

    Raises UnreadableBoundary for what is no GeoJSON, for another geometry type, an unreadable `crs` member, or no
    polygon at all. Coordinates that are NaN or infinite are left for the validity check, which names their place.
    """
    document, encoding = _document(file.content)
    issues: list[BoundaryIssue] = []
    parcels = []
    for number, (geometry, properties) in enumerate(_features(document), start=1):
        parcels.append(_parcel(geometry, properties, number, issues))
    if not parcels:
        raise _refused("no_parcels")
    return RawBoundary(
        format="geojson",
        parcels=tuple(parcels),
        axes=Axes.EASTING_NORTHING,
        declared_crs=_declared(document.get("crs")),
        encoding=encoding,
        issues=tuple(issues),
    )


def _document(content: bytes) -> tuple[dict[str, Any], str]:
    text, encoding = _text(content)
    try:
        document = json.loads(text, object_pairs_hook=_object, parse_int=_integer, parse_constant=_constant)
    except json.JSONDecodeError as failure:
        raise _refused("json_syntax", line=failure.lineno, column=failure.colno) from failure
    except RecursionError as failure:
        raise _refused("json_too_deep") from failure
    if _HALF_CHARACTER.search(text) and (half := _half_character(document)):
        raise _refused("json_half_character", name=half)
    if not isinstance(document, dict) or not isinstance(document.get("type"), str):
        raise _refused("geojson_no_type")
    return document, encoding


def _half_character(document: object) -> str | None:
    r"""Return the first text with half of a surrogate pair (``"\ud800"``), in ASCII: it could be written nowhere."""
    if isinstance(document, str):
        whole = document.encode(errors="replace") == document.encode(errors="surrogatepass")
        return None if whole else ascii(document)[1:-1][:40]
    inside: Iterable[object] = ()
    if isinstance(document, dict):
        inside = (item for pair in document.items() for item in pair)
    elif isinstance(document, list):
        inside = document
    return next((half for item in inside if (half := _half_character(item))), None)


def _text(content: bytes) -> tuple[str, str]:
    encodings = [encoding for mark, encoding in _MARKS if content.startswith(mark)] or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise _refused("json_encoding")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        raise _refused("json_doubled_key", name=next(name for name in names if names.count(name) > 1)[:40])
    return made


def _integer(text: str) -> int | float:
    return int(text) if len(text) <= _LONG_INTEGER else float(text)


def _constant(text: str) -> float:
    return float(text.lower().replace("infinity", "inf"))


def _features(node: dict[str, Any]) -> Iterator[tuple[dict[str, Any] | None, Mapping[str, object]]]:
    kind = node["type"]
    if kind == "FeatureCollection":
        features = node.get("features")
        if not isinstance(features, list):
            raise _refused("geojson_member", member="features", parcel=0)
        for number, feature in enumerate(features, start=1):
            if not isinstance(feature, dict) or feature.get("type") != "Feature":
                raise _refused("geojson_not_a_feature", parcel=number)
            yield _feature(feature, number)
    elif kind == "Feature":
        yield _feature(node, 1)
    else:
        yield node, {}


def _feature(feature: dict[str, Any], number: int) -> tuple[dict[str, Any] | None, Mapping[str, object]]:
    geometry, properties = feature.get("geometry"), feature.get("properties")
    if geometry is not None and not isinstance(geometry, dict):
        raise _refused("geojson_member", member="geometry", parcel=number)
    facts = {str(name): value for name, value in properties.items()} if isinstance(properties, dict) else {}
    if isinstance(feature.get("id"), str | int) and not isinstance(feature.get("id"), bool):
        facts.setdefault("CODE", feature["id"])
    return geometry, facts


def _parcel(
    geometry: dict[str, Any] | None, properties: Mapping[str, object], number: int, issues: list[BoundaryIssue]
) -> RawParcel:
    if geometry is None:
        issues.append(BoundaryIssue(code="null_geometry", severity=Severity.ERROR, where=Place(parcel=number)))
        return parcel_of((), properties)
    rings: list[Coordinates] = []
    heights = False
    for ring, has_height in _rings(geometry, number, depth=0):
        rings.append(ring)
        heights |= has_height
    if not rings:
        issues.append(BoundaryIssue(code="null_geometry", severity=Severity.ERROR, where=Place(parcel=number)))
    if heights and not any(issue.code == "heights_dropped" for issue in issues):
        issues.append(BoundaryIssue(code="heights_dropped", severity=Severity.INFO))
    opened, found = open_rings(rings, parcel=number)
    issues += found
    return parcel_of(opened, properties)


def _rings(geometry: dict[str, Any], number: int, *, depth: int) -> Iterator[tuple[Coordinates, bool]]:
    kind = geometry.get("type")
    if depth > MOST_DEPTH:
        raise _refused("json_too_deep")
    if kind == "GeometryCollection":
        for member in _list(geometry.get("geometries"), "geometries", number):
            if not isinstance(member, dict):
                raise _refused("geojson_member", member="geometries", parcel=number)
            yield from _rings(member, number, depth=depth + 1)
        return
    if kind not in ("Polygon", "MultiPolygon"):
        raise _refused("geojson_geometry", kind=str(kind)[:40], parcel=number)
    coordinates = _list(geometry.get("coordinates"), "coordinates", number)
    polygons = coordinates if kind == "MultiPolygon" else [coordinates] if coordinates else []
    for polygon in polygons:
        for ring_number, ring in enumerate(_list(polygon, "coordinates", number), start=1):
            yield _ring(_list(ring, "coordinates", number), number, ring_number)


def _ring(positions: list[Any], parcel: int, ring: int) -> tuple[Coordinates, bool]:
    rows = np.empty((len(positions), 2))
    heights = False
    for index, position in enumerate(positions):
        numbers = position[:2] if isinstance(position, list) else ()
        if len(numbers) < 2 or any(isinstance(n, bool) or not isinstance(n, int | float) for n in numbers):
            place = Place(parcel=parcel, ring=ring, point=str(index + 1))
            raise _refused("geojson_position", place=place)
        rows[index] = numbers
        heights |= len(position) > 2
    return rows, heights


def _list(value: Any, member: str, number: int) -> list[Any]:
    if not isinstance(value, list):
        raise _refused("geojson_member", member=member, parcel=number)
    return value


def _declared(member: Any) -> DeclaredCrs:
    """The `crs` member of 2008: a name, or an EPSG code. Links are not followed. null means what its absence means."""
    if member is None:
        return DeclaredCrs()
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name", properties.get("code")) if isinstance(properties, dict) else None
    text = str(name).strip()
    if _CRS84.fullmatch(text):
        return DeclaredCrs(epsg=4326)
    if text.isdecimal() and len(text) <= 6:
        return DeclaredCrs(epsg=int(text))
    match = _EPSG.fullmatch(text) or _EPSG_URL.fullmatch(text)
    if match is None:
        raise UnreadableBoundary(
            code="geojson_crs", message=say("files.geojson_crs", name=text[:80]), remedy=say("files.geojson_crs_remedy")
        )
    return DeclaredCrs(epsg=int(match[1]))


def _refused(key: str, **values: object) -> UnreadableBoundary:
    return UnreadableBoundary(code=key, message=say(f"files.{key}", **values), remedy=say("files.geojson_remedy"))
