"""Writes a red line as a zipped shapefile (.shp .shx .dbf .prj .cpg), names in UTF-8. Moves and rounds nothing.

By GDAL, in a folder of its own: it writes the five parts to files only. The same red line gives the same bytes.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from datetime import date
from pathlib import Path

import geopandas

from geo_review.boundary.model import Boundary
from geo_review.boundary.written_parcels import AREA, attributes_of, in_file_crs
from geo_review.errors import InvalidBoundary
from geo_review.gdal_drivers import pyogrio
from geo_review.wording import say

_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_WIDEST_BYTES = 254  # of a text in a DBF; GDAL would cut the rest off


def write_shapefile(boundary: Boundary, *, stem: str, written_on: date, prefixed: bool = True) -> bytes:
    """Return the zip; ``stem`` is the name of its members. A parcel is a record, its coordinates exact.

    The .prj is ESRI's, and names the zone by number (``prefixed``) or by meridian. Raises InvalidBoundary for a text
    too long for a DBF, ValueError when the boundary is not in a CGCS2000 Gauss-Kruger zone.
    """
    epsg, lands = in_file_crs(boundary, prefixed=prefixed)
    rows = [attributes_of(parcel) for parcel in boundary.parcels]
    for parcel, row in zip(boundary.parcels, rows, strict=True):
        _refuse_too_long(parcel.number, row)
    frame = geopandas.GeoDataFrame(rows, geometry=lands, crs=f"EPSG:{epsg}").astype({AREA: float})
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "red_line.shp"
        pyogrio.write_dataframe(
            frame,
            path,
            driver="ESRI Shapefile",
            geometry_type="Polygon",
            encoding="UTF-8",
            DBF_DATE_LAST_UPDATE=written_on.isoformat(),
        )
        parts = {suffix: path.with_suffix(suffix).read_bytes() for suffix in _PARTS}
    return _zipped({f"{stem}{suffix}": content for suffix, content in parts.items()}, written_on)


def _refuse_too_long(number: int, row: dict[str, str | float | None]) -> None:
    for field, value in row.items():
        if isinstance(value, str) and len(value.encode()) > _WIDEST_BYTES:
            raise InvalidBoundary(
                code="text_too_long_for_dbf",
                message=say("export.text_too_long_for_dbf", parcel=number, field=field, most=_WIDEST_BYTES),
                remedy=say("export.text_too_long_for_dbf_remedy"),
            )


def _zipped(members: dict[str, bytes], written_on: date) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, date_time=(written_on.year, written_on.month, written_on.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return packed.getvalue()
