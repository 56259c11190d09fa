"""Reads the one polygon table of a GeoPackage into a `RawBoundary`, in memory, read-only. Decides no CRS.

Through SQLite itself and not GDAL: rings stay as written, curves are seen before anything straightens them, and no
driver is chosen by content. The file is a stranger's: no triggers, no functions of its schema, a limit on the work.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass

from geo_review.boundary.choosing import choice_needed
from geo_review.boundary.declared_wkt import declared_by_wkt
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
from geo_review.boundary.wkb_rings import DamagedWkb, NotPolygons, rings_of_wkb
from geo_review.errors import Choice, UnreadableBoundary
from geo_review.wording import say

MAGIC = b"SQLite format 3\x00"
_POLYGON_TABLES = {"POLYGON", "MULTIPOLYGON", "GEOMETRY", "GEOMETRYCOLLECTION", "GEOMCOLLECTION", "SURFACE"}
_POLYGON_TABLES |= {"CURVEPOLYGON", "MULTISURFACE"}
_ENVELOPE_BYTES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_EMPTY = 0x10
# A view can run for ever; reading the largest allowed file takes a hundredth of this.
_MOST_STEPS = 2_000_000_000
_STEPS_A_CALL = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class _Table:
    name: str
    column: str
    kind: str
    srs_id: int


def read_geopackage(file: ReceivedFile, layer: str | None = None) -> RawBoundary:
    """Read the table of polygons that is asked for, or the only one that has rows; a row is a parcel.

    Raises ChoiceNeeded when there are several, UnreadableBoundary when there is none, and for curves, which are not
    straightened silently.
    """
    if not file.content.startswith(MAGIC) or len(file.content) < 100:
        raise _refused("gpkg_damaged")
    try:
        with closing(_open(file.content)) as database:
            table, issues = _one_table(database, _feature_tables(database), layer)
            declared = _declared(database, table.srs_id)
            parcels, found = _parcels(database, table)
    except (sqlite3.Error, UnicodeError, OverflowError, MemoryError) as failure:
        raise _refused("gpkg_damaged") from failure
    return RawBoundary(
        format="gpkg",
        parcels=tuple(parcels),
        axes=Axes.EASTING_NORTHING,
        declared_crs=declared,
        encoding="utf-8",
        layer=table.name,
        issues=(*issues, *found),
    )


def _open(content: bytes) -> sqlite3.Connection:
    # A file left in write-ahead mode cannot be opened in memory; bytes 18 and 19 say "rollback journal" instead.
    plain = content[:18] + b"\x01\x01" + content[20:]
    database = sqlite3.connect(":memory:")
    database.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
    database.deserialize(plain)
    for setting in ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON"):
        database.execute(f"PRAGMA {setting}")
    calls = iter(range(_MOST_STEPS // _STEPS_A_CALL))
    database.set_progress_handler(lambda: next(calls, None) is None, _STEPS_A_CALL)
    return database


def _feature_tables(database: sqlite3.Connection) -> list[_Table]:
    rows = database.execute(
        """
        SELECT c.table_name, g.column_name, upper(g.geometry_type_name), g.srs_id
        FROM gpkg_contents AS c JOIN gpkg_geometry_columns AS g ON g.table_name = c.table_name
        WHERE c.data_type = 'features' ORDER BY c.table_name
        """
    ).fetchall()
    return [
        _Table(name=str(name), column=str(column), kind=str(kind), srs_id=srs if isinstance(srs, int) else 0)
        for name, column, kind, srs in rows
    ]


def _one_table(
    database: sqlite3.Connection, tables: list[_Table], asked: str | None
) -> tuple[_Table, list[BoundaryIssue]]:
    if not tables:
        raise _refused("gpkg_no_tables")
    polygons = [table for table in tables if table.kind in _POLYGON_TABLES]
    if not polygons:
        raise _refused("gpkg_no_polygons", tables=_names(tables))
    filled = [
        table
        for table in polygons
        if database.execute(f"SELECT 1 FROM {_quoted(table.name)} LIMIT 1").fetchone()  # noqa: S608 quoted
    ]
    if not filled:
        raise _refused("no_parcels")
    chosen = next((table for table in filled if table.name == asked), None)
    if chosen is None and (len(filled) > 1 or asked is not None):
        choices = [Choice(value=table.name, label=f"{table.name}（{table.kind}）") for table in filled]
        raise choice_needed("gpkg_several", choices, asked=asked, tables=_names(filled))
    chosen = chosen or filled[0]
    beside = [table for table in tables if table is not chosen]
    issues = []
    if beside:
        values = {"used": chosen.name, "tables": _names(beside)}
        issues.append(BoundaryIssue(code="tables_not_read", severity=Severity.INFO, values=values))
    return chosen, issues


def _declared(database: sqlite3.Connection, srs_id: int) -> DeclaredCrs:
    if srs_id in (0, -1):  # undefined, by the standard
        return DeclaredCrs()
    row = database.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?",
        (srs_id,),
    ).fetchone()
    if row is None:
        return DeclaredCrs()
    organization, code, definition = row
    if str(organization).upper() == "EPSG" and isinstance(code, int):
        return DeclaredCrs(epsg=code)
    if "undefined" in str(definition).lower():  # GDAL writes its own undefined system under another number
        return DeclaredCrs()
    declared = declared_by_wkt(str(definition))
    return declared if declared is not None else DeclaredCrs(wkt=str(definition))


def _parcels(database: sqlite3.Connection, table: _Table) -> tuple[list[RawParcel], list[BoundaryIssue]]:
    cursor = database.execute(f"SELECT * FROM {_quoted(table.name)}")  # noqa: S608 quoted
    names = [str(column[0]) for column in cursor.description]
    if table.column not in names:
        raise _refused("gpkg_damaged")
    geometry_index = names.index(table.column)
    parcels: list[RawParcel] = []
    issues: list[BoundaryIssue] = []
    heights = False
    for number, row in enumerate(cursor, start=1):
        rings, dropped = _rings(row[geometry_index], number)
        heights |= dropped
        if not rings:
            issues.append(BoundaryIssue(code="null_geometry", severity=Severity.ERROR, where=Place(parcel=number)))
        opened, found = open_rings(rings, parcel=number)
        issues += found
        facts = {name: value for name, value in zip(names, row, strict=True) if not isinstance(value, bytes)}
        parcels.append(parcel_of(opened, facts))
    if heights:
        issues.append(BoundaryIssue(code="heights_dropped", severity=Severity.INFO))
    return parcels, issues


def _rings(blob: object, number: int) -> tuple[list[Coordinates], bool]:
    """The rings of a GeoPackage geometry blob: a header of 8 bytes, an envelope, then WKB."""
    if blob is None:
        return [], False
    if not isinstance(blob, bytes) or len(blob) < 8 or blob[:2] != b"GP":
        raise _refused("gpkg_geometry", parcel=number)
    flags = blob[3]
    envelope = _ENVELOPE_BYTES.get(flags >> 1 & 7)
    if envelope is None:
        raise _refused("gpkg_geometry", parcel=number)
    if flags & _EMPTY:
        return [], False
    try:
        return rings_of_wkb(blob[8 + envelope :])
    except NotPolygons as other:
        key = "curves" if other.curved else "geojson_geometry"
        raise _refused(key, kind=other.kind, parcel=number) from other
    except DamagedWkb as failure:
        raise _refused("gpkg_geometry", parcel=number) from failure


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _names(tables: list[_Table]) -> str:
    return "、".join(f"{table.name}（{table.kind}）" for table in tables[:10])


def _refused(key: str, **values: object) -> UnreadableBoundary:
    return UnreadableBoundary(code=key, message=say(f"files.{key}", **values), remedy=say("files.gpkg_remedy"))
