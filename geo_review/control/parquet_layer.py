"""Reading a GeoParquet layer. A Parquet file without the ``geo`` metadata is no layer and is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from geo_review.control.written import WrittenLayer, column, from_wkb, unreadable

_LONLAT_BY_DEFAULT = "OGC:CRS84"  # GeoParquet 1.1: a column without a crs is longitude, latitude


def read_geoparquet(path: Path) -> WrittenLayer:
    """Return every feature of the primary geometry column, with the other columns as attributes."""
    try:
        table = pyarrow.parquet.read_table(path)
        geo = json.loads((table.schema.metadata or {})[b"geo"])
        shapes = geo["primary_column"]
        facts = geo["columns"][shapes]
        records = table.column(shapes)
    except (pyarrow.ArrowException, OSError, KeyError, TypeError, ValueError) as error:
        raise unreadable(path, "not_geoparquet", detail=f"{type(error).__name__} {error}") from None
    if facts.get("encoding") == "WKB":
        geometries = from_wkb(path, records.to_pylist())
    else:  # the native encodings of GeoParquet 1.1 hold no curves; pandas is imported for who has such a file
        import geopandas

        geometries = geopandas.read_parquet(path, columns=[shapes]).geometry.to_numpy()
    left_out = {shapes, *_bounding_boxes(facts), "__index_level_0__"}
    return WrittenLayer(
        geometries=geometries,
        crs=_crs(facts),
        columns={name: column(table.column(name).to_pylist()) for name in table.column_names if name not in left_out},
    )


def _crs(facts: dict[str, Any]) -> str | None:
    crs = facts.get("crs", _LONLAT_BY_DEFAULT)
    return crs if crs is None or isinstance(crs, str) else json.dumps(crs)


def _bounding_boxes(facts: dict[str, Any]) -> set[str]:
    """Return the columns that only help a reader to skip rows."""
    corners = facts.get("covering", {}).get("bbox", {}).values()
    return {corner[0] for corner in corners if isinstance(corner, list) and corner}
