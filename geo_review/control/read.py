"""Reading one control-layer file of any vector format into features in one CRS. Judges no validity (see `check`).

The format is told by the suffix and must be confirmed by the first bytes. Every feature is kept or the file is
refused with its number: nothing is dropped, and heights are the only thing left out.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

import shapely

from geo_review.control.geojson_layer import read_geojson
from geo_review.control.layer_crs import layer_epsg
from geo_review.control.model import ControlFeatures, Geometries
from geo_review.control.written import WrittenLayer, not_finite, refuse_kind, unreadable
from geo_review.control.zipped_shapefile import unpacked
from geo_review.errors import InvalidLayer
from geo_review.wording import say

_READABLE_KINDS = (
    shapely.GeometryType.POINT,
    shapely.GeometryType.MULTIPOINT,
    shapely.GeometryType.LINESTRING,
    shapely.GeometryType.MULTILINESTRING,
    shapely.GeometryType.POLYGON,
    shapely.GeometryType.MULTIPOLYGON,
)


def read_features(path: Path, *, epsg: int | None = None) -> ControlFeatures:
    """Return every feature of a layer file; ``epsg`` is the user's word on its coordinates, above the file's own."""
    with np.errstate(invalid="ignore"):  # numpy would warn of a NaN, which is refused by its place below
        written = _written(path)
        geometries = _plane(path, written.geometries)
    return ControlFeatures(
        epsg=layer_epsg(path.name, declared=written.crs, asked_epsg=epsg, bounds=shapely.bounds(geometries)),
        geometries=geometries,
        attributes=written.columns,
        notes=written.notes,
    )


def refuse_unless_readable(path: Path) -> None:
    """Refuse a file that is not there, cannot be opened, or does not begin as its suffix says."""
    suffix = path.suffix.lower()
    if suffix not in _FORMATS:
        raise unreadable(path, "format")
    signature, _ = _FORMATS[suffix]
    try:
        with path.open("rb") as file:
            start = file.read(512)
    except FileNotFoundError:
        raise unreadable(path, "not_found") from None
    except OSError as error:
        raise unreadable(path, "not_opened", detail=error.strerror) from None
    if not start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(signature):
        raise unreadable(path, "signature", suffix=suffix)


def _written(path: Path) -> WrittenLayer:
    refuse_unless_readable(path)
    _, read = _FORMATS[path.suffix.lower()]
    return read(path)


# GDAL's and Arrow's libraries take a second to import: each only for who has a file for it.


def _read_shapefile(path: Path) -> WrittenLayer:
    from geo_review.control.gdal_layer import read_shapefile

    return read_shapefile(path)


def _read_zip(path: Path) -> WrittenLayer:
    with unpacked(path) as shp:
        return _read_shapefile(shp)


def _read_geopackage(path: Path) -> WrittenLayer:
    from geo_review.control.gdal_layer import read_geopackage

    return read_geopackage(path)


def _read_flatgeobuf(path: Path) -> WrittenLayer:
    from geo_review.control.gdal_layer import read_flatgeobuf

    return read_flatgeobuf(path)


def _read_geoparquet(path: Path) -> WrittenLayer:
    from geo_review.control.parquet_layer import read_geoparquet

    return read_geoparquet(path)


# The first bytes a format must have. A zip with nothing in it starts otherwise and is refused by that.
_FORMATS: dict[str, tuple[bytes, Callable[[Path], WrittenLayer]]] = {
    ".geojson": (b"{", read_geojson),
    ".json": (b"{", read_geojson),
    ".gpkg": (b"SQLite format 3\0", _read_geopackage),
    ".shp": (b"\x00\x00\x27\x0a", _read_shapefile),
    ".zip": (b"PK\x03\x04", _read_zip),
    ".parquet": (b"PAR1", _read_geoparquet),
    ".geoparquet": (b"PAR1", _read_geoparquet),
    ".fgb": (b"fgb\x03fgb", _read_flatgeobuf),
}

LAYER_SUFFIXES = tuple(_FORMATS)


def _plane(path: Path, geometries: Geometries) -> Geometries:
    """Return the geometries without heights; a missing, empty, endless or unknown one is refused with its number."""
    empty = shapely.is_missing(geometries) | shapely.is_empty(geometries)
    if empty.any():
        raise InvalidLayer(
            code="layer_geometry_empty",
            message=say("control.geometry_empty", file=path.name, features=_numbers(empty)),
            remedy=say("control.geometry_empty_remedy"),
        )
    other = ~np.isin(shapely.get_type_id(geometries), _READABLE_KINDS)
    if other.any():
        index = int(np.flatnonzero(other)[0])
        refuse_kind(path, index + 1, geometries[index].geom_type)
    coordinates, of = shapely.get_coordinates(geometries, return_index=True)
    endless = ~np.isfinite(coordinates).all(axis=1)
    if endless.any():
        marks = np.zeros(len(geometries), dtype=bool)
        marks[of[endless]] = True
        raise not_finite(path, _numbers(marks))
    if not shapely.has_z(geometries).any() and not shapely.has_m(geometries).any():
        return geometries
    flat: Geometries = shapely.force_2d(geometries)
    return flat


def _numbers(marks: np.ndarray[tuple[int], np.dtype[np.bool_]], most: int = 10) -> str:
    found = np.flatnonzero(marks) + 1
    listed = "、".join(str(number) for number in found[:most])
    return listed if len(found) <= most else say("control.and_more", listed=listed, count=len(found))
