"""Writes a red line as a GeoPackage with the one table 用地红线. Moves and rounds nothing.

By GDAL, in memory. It puts the moment of writing into the file, and its switch for another one is of the whole
process, so the day is put right afterwards: the same red line gives the same bytes.
"""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from datetime import date

import geopandas

from geo_review.boundary.model import Boundary
from geo_review.boundary.written_parcels import AREA, attributes_of, in_file_crs
from geo_review.gdal_drivers import pyogrio
from geo_review.wording import say

# Bytes 24 and 92 of a SQLite file count its changes: GDAL makes one more when its clock ticks in between.
_ONE_CHANGE = (1).to_bytes(4, "big")


def write_geopackage(boundary: Boundary, *, title: str, written_on: date, prefixed: bool = True) -> bytes:
    """Return the file's bytes. A parcel is a row, its coordinates exact; the reference system has its EPSG code.

    Raises ValueError when the boundary is not in a CGCS2000 Gauss-Kruger zone.
    """
    epsg, lands = in_file_crs(boundary, prefixed=prefixed)
    rows = [attributes_of(parcel) for parcel in boundary.parcels]
    frame = geopandas.GeoDataFrame(rows, geometry=lands, crs=f"EPSG:{epsg}").astype({AREA: float})
    written = io.BytesIO()
    pyogrio.write_dataframe(
        frame,
        written,
        driver="GPKG",
        layer=say("export.table"),
        geometry_type="MultiPolygon",
        layer_options={
            "IDENTIFIER": say("export.table"),
            "DESCRIPTION": title,
            "SPATIAL_INDEX": "NO",  # a handful of rows needs none
        },
    )
    return _written_on(written.getvalue(), written_on)


def _written_on(content: bytes, day: date) -> bytes:
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(content)
        with database:
            database.execute("UPDATE gpkg_contents SET last_change = ?", (f"{day.isoformat()}T00:00:00Z",))
        plain = bytes(database.serialize())
    return plain[:24] + _ONE_CHANGE + plain[28:92] + _ONE_CHANGE + plain[96:]
