"""Reads a shapefile (.shp with its companions) into a `RawBoundary`. Drops heights, and says so; decides no CRS."""

from __future__ import annotations

from geo_review.boundary.archive import is_zip, unpack
from geo_review.boundary.dbf_table import Table, read_table
from geo_review.boundary.declared_wkt import declared_by_wkt
from geo_review.boundary.model import Axes, BoundaryIssue, DeclaredCrs, Place, RawBoundary, RawParcel, Severity
from geo_review.boundary.parcel_facts import parcel_of
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.rings import open_rings
from geo_review.boundary.shp_records import has_z, index_offsets, read_polygons
from geo_review.errors import UnreadableBoundary
from geo_review.wording import say


def read_shapefile(file: ReceivedFile) -> RawBoundary:
    """Read a polygon shapefile, or the one in a zip; ``companions`` hold what there is of .shx, .dbf, .prj and .cpg.

    A record is a parcel. Raises UnreadableBoundary for another geometry type and for a damaged .shp; a missing or
    damaged companion is an issue.
    """
    if is_zip(file.content):
        file = unpack(file).file
    index = file.companions.get(".shx")
    records = read_polygons(file.content, index)
    issues = _index_issues(file)
    table, table_issues = _table(file, len(records))
    issues += table_issues
    declared, crs_issues = _declared(file.companions.get(".prj"))
    issues += crs_issues
    if has_z(file.content):
        issues.append(BoundaryIssue(code="heights_dropped", severity=Severity.INFO))
    parcels: list[RawParcel] = []
    for number, rings in enumerate(records):
        row = table.rows[number] if number < len(table.rows) else {}
        if row is None:
            continue
        parcel = len(parcels) + 1
        opened, found = open_rings(rings, parcel=parcel)
        issues += found
        if not rings:
            issues.append(BoundaryIssue(code="null_geometry", severity=Severity.ERROR, where=Place(parcel=parcel)))
        parcels.append(parcel_of(opened, row))
    if not parcels:
        raise UnreadableBoundary(
            code="no_parcels", message=say("files.no_parcels"), remedy=say("files.not_polygons_remedy")
        )
    return RawBoundary(
        format="shp",
        parcels=tuple(parcels),
        axes=Axes.EASTING_NORTHING,
        declared_crs=declared,
        encoding=table.encoding,
        issues=tuple(issues),
    )


def _index_issues(file: ReceivedFile) -> list[BoundaryIssue]:
    index = file.companions.get(".shx")
    if index is None:
        return [BoundaryIssue(code="shx_missing", severity=Severity.INFO)]
    if index_offsets(index, len(file.content)) is None:
        return [BoundaryIssue(code="shx_damaged", severity=Severity.WARNING)]
    return []


def _table(file: ReceivedFile, records: int) -> tuple[Table, list[BoundaryIssue]]:
    content = file.companions.get(".dbf")
    if content is None:
        return Table(), [BoundaryIssue(code="dbf_missing", severity=Severity.INFO)]
    table = read_table(content, file.companions.get(".cpg"))
    issues = list(table.issues)
    if len(table.rows) != records and not issues:
        values = {"rows": len(table.rows), "records": records}
        issues.append(BoundaryIssue(code="dbf_rows_differ", severity=Severity.WARNING, values=values))
        return Table(encoding=table.encoding), issues  # which row is whose cannot be known
    deleted = sum(row is None for row in table.rows)
    if deleted:
        issues.append(BoundaryIssue(code="dbf_deleted_rows", severity=Severity.INFO, values={"count": deleted}))
    return table, issues


def _declared(prj: bytes | None) -> tuple[DeclaredCrs, list[BoundaryIssue]]:
    if prj is None or not prj.strip(b" \t\r\n\0"):
        return DeclaredCrs(), []
    declared = declared_by_wkt(prj.decode("utf-8-sig", errors="replace").strip("\0 \r\n\t"))
    if declared is None:
        return DeclaredCrs(), [BoundaryIssue(code="prj_unreadable", severity=Severity.WARNING)]
    return declared, []
