"""Reading Shapefile, GeoPackage and FlatGeobuf layers through GDAL, once their first bytes say that is what they are.

GDAL opens whatever it recognises in a file (an OGR VRT named .gpkg reads other files of the machine), and pyogrio
cannot name the driver: these three have binary signatures that no text format can share, checked before GDAL sees them.
Everything is read, never a window: a spatial index that lost a feature would turn 不通过 into 通过.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np

from geo_review.control.shapefile_parts import MULTIPATCH, check_parts, shape_type, text_encoding
from geo_review.control.written import WrittenLayer, column, from_wkb, refuse_kind, unreadable
from geo_review.gdal_drivers import pyogrio
from geo_review.wording import say

# IndexError: what pyogrio raises for a file cut off within its header.
_GDAL_ERRORS = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FieldError,
    RuntimeError,
    UnicodeDecodeError,
    IndexError,
)


def read_shapefile(path: Path) -> WrittenLayer:
    """Return every feature of a .shp with its companions beside it."""
    expected = check_parts(path)
    if shape_type(path) == MULTIPATCH:
        refuse_kind(path, 1, "MultiPatch")
    return _read(path, "ESRI Shapefile", expected, encoding=text_encoding(path))


def read_geopackage(path: Path) -> WrittenLayer:
    """Return the one feature table of a GeoPackage, or of several the one named as the file."""
    log = path.with_name(path.name + "-wal")
    if log.is_file() and log.stat().st_size > 0:
        raise unreadable(path, "unsaved_changes", log=log.name)
    try:
        tables = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    except _GDAL_ERRORS as error:
        raise unreadable(path, "damaged", detail=_first_line(error)) from None
    code = path.name.split(".", 1)[0]
    if len(tables) > 1 and code in tables:
        tables = [code]
    if len(tables) != 1:
        raise unreadable(path, "several_tables" if tables else "no_table", tables="、".join(tables))
    # A file in write-ahead mode must stay as it is: immutable opening writes no -wal and -shm beside it.
    return _read(path, "GPKG", layer=tables[0], IMMUTABLE="YES")


def read_flatgeobuf(path: Path) -> WrittenLayer:
    """Return every feature of a .fgb."""
    return _read(path, "FlatGeobuf")


def _read(path: Path, driver: str, expected: int | None = None, **options: str | None) -> WrittenLayer:
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            facts = pyogrio.read_info(path, **options)
            if facts["driver"] != driver:
                raise unreadable(path, "other_content", found=facts["driver"])
            if facts["geometry_type"] is None:
                raise unreadable(path, "no_table", tables="")
            meta, table = pyogrio.raw.read_arrow(path, **options)
    except _GDAL_ERRORS as error:
        raise unreadable(path, "damaged", detail=_first_line(error)) from None
    expected = facts["features"] if expected is None else expected
    if table.num_rows != expected:
        raise unreadable(path, "count", expected=expected, found=table.num_rows)
    shapes = meta["geometry_name"] or "wkb_geometry"
    return WrittenLayer(
        geometries=from_wkb(path, table.column(shapes).to_pylist()) if table.num_rows else np.empty(0, dtype=object),
        crs=meta["crs"],
        columns={name: column(table.column(name).to_pylist()) for name in table.column_names if name != shapes},
        notes=tuple(dict.fromkeys(_note(str(warning.message)) for warning in caught)),
    )


def _note(warning: str) -> str:
    if "winding order" in warning:
        return say("control.note_winding")
    return say("control.note_gdal", text=warning)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
