"""Red lines of projects: each submission a version, kept with its original file and restored bit for bit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import RowMapping, Select, func, insert, select
from sqlalchemy.orm import Session

import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geo_review.boundary.model import Boundary, BoundaryIssue, CrsFinding, CrsHow, Parcel, Place, Severity, SourceFile
from geo_review.boundary.received import ReceivedFile
from geo_review.errors import InvalidBoundary, UnknownBoundary
from geo_review.geometry.crs import LONLAT, reproject
from geo_review.store.projects import get_project
from geo_review.store.tables import boundary_companion, boundary_version, parcel
from geo_review.store.working_crs import WORKING_EPSG
from geo_review.wording import say


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredBoundary:
    """A red line as stored. ``is_new`` is false when a submission found the same file in force already."""

    id: int
    project_code: str
    version: int
    submitted_at: datetime
    boundary: Boundary
    is_new: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class BoundaryLine:
    """A line of the list of versions, without geometry."""

    version: int
    submitted_at: datetime
    file_name: str
    sha256: str
    format: str
    crs_epsg: int
    planar_area_m2: float


def save_boundary(
    session: Session, project_code: str, boundary: Boundary, file: ReceivedFile, *, version: int, submitted_at: datetime
) -> StoredBoundary:
    """Store a red line with its original bytes. The caller holds the project and knows the next version."""
    _refuse_unstorable(boundary)
    boundary_id = session.execute(
        insert(boundary_version)
        .values(
            project_code=project_code,
            version=version,
            submitted_at=submitted_at,
            file_name=boundary.file.name,
            file_bytes=file.content,
            file_size_bytes=boundary.file.size_bytes,
            sha256=boundary.file.sha256,
            sm3=boundary.file.sm3,
            format=boundary.format,
            crs_epsg=boundary.crs.epsg,
            crs_how=str(boundary.crs.how),
            crs_reason=boundary.crs.reason,
            measuring_epsg=boundary.measuring_epsg,
            geometry=_geometry(reproject(boundary.geometry, boundary.measuring_epsg, WORKING_EPSG), WORKING_EPSG),
            measured_wkb=shapely.to_wkb(boundary.geometry),
            lonlat=_geometry(boundary.lonlat, LONLAT),
            planar_area_m2=boundary.planar_area_m2,
            ellipsoidal_area_m2=boundary.ellipsoidal_area_m2,
            declared_area_m2=boundary.declared_area_m2,
            declared_area_unit=boundary.declared_area_unit,
            issues=[_issue_to_json(issue) for issue in boundary.issues],
        )
        .returning(boundary_version.c.id)
    ).scalar_one()
    session.execute(insert(parcel), [_parcel_to_row(boundary_id, item) for item in boundary.parcels])
    if file.companions:
        session.execute(
            insert(boundary_companion),
            [
                {"boundary_id": boundary_id, "suffix": suffix, "content": content}
                for suffix, content in file.companions.items()
            ],
        )
    return StoredBoundary(
        id=boundary_id,
        project_code=project_code,
        version=version,
        submitted_at=submitted_at,
        boundary=boundary,
        is_new=True,
    )


def get_boundary(session: Session, project_code: str, version: int | None = None) -> StoredBoundary:
    """Return a red line, the latest without ``version``; raise UnknownProject or UnknownBoundary."""
    kept = [name for name in boundary_version.c.keys() if name not in ("file_bytes", "geometry", "lonlat")]  # noqa: SIM118
    row = _one(
        session,
        select(
            *(boundary_version.c[name] for name in kept), func.ST_AsBinary(boundary_version.c.lonlat).label("lonlat")
        ),
        project_code,
        version,
    )
    parcels = session.execute(select(parcel).where(parcel.c.boundary_id == row["id"]).order_by(parcel.c.number))
    return StoredBoundary(
        id=row["id"],
        project_code=project_code,
        version=row["version"],
        submitted_at=row["submitted_at"],
        boundary=_boundary_from_rows(row, tuple(_parcel_from_row(item) for item in parcels.mappings())),
    )


def get_file(session: Session, project_code: str, version: int | None = None) -> ReceivedFile:
    """Return the original file of a red line, byte for byte, with what stood beside it."""
    columns = boundary_version.c
    row = _one(session, select(columns.id, columns.file_name, columns.file_bytes), project_code, version)
    companions = session.execute(
        select(boundary_companion.c.suffix, boundary_companion.c.content)
        .where(boundary_companion.c.boundary_id == row["id"])
        .order_by(boundary_companion.c.suffix)
    )
    return ReceivedFile(
        name=row["file_name"],
        content=bytes(row["file_bytes"]),
        companions={suffix: bytes(content) for suffix, content in companions},
    )


def list_boundaries(session: Session, project_code: str) -> tuple[BoundaryLine, ...]:
    """Return every version of a project's red line, the latest first; empty when it has none."""
    columns = boundary_version.c
    rows = session.execute(
        select(
            columns.version,
            columns.submitted_at,
            columns.file_name,
            columns.sha256,
            columns.format,
            columns.crs_epsg,
            columns.planar_area_m2,
        )
        .where(columns.project_code == project_code)
        .order_by(columns.version.desc())
    )
    return tuple(BoundaryLine(**row) for row in rows.mappings())


def _one(session: Session, query: Select[tuple[object, ...]], project_code: str, version: int | None) -> RowMapping:
    query = query.where(boundary_version.c.project_code == project_code)
    if version is not None:
        query = query.where(boundary_version.c.version == version)
    row = session.execute(query.order_by(boundary_version.c.version.desc()).limit(1)).mappings().one_or_none()
    if row is None:
        get_project(session, project_code)
        raise UnknownBoundary(
            code="unknown_boundary",
            message=say("store.unknown_boundary", code=project_code, version=version or 1),
        )
    return row


def _refuse_unstorable(boundary: Boundary) -> None:
    """PostgreSQL keeps no NUL in a text, and half a surrogate pair is no text: say whose it is."""
    texts = [("file", boundary.file.name), ("crs_reason", boundary.crs.reason)]
    for item in boundary.parcels:
        texts += [(say("boundary.place_parcel", parcel=item.number), text) for text in _texts(item)]
    for where, text in texts:
        if "\0" in text or text.encode(errors="replace") != text.encode(errors="surrogatepass"):
            raise InvalidBoundary(
                code="text_not_storable", message=say("store.text_not_storable", where=where, text=ascii(text))
            )


def _texts(item: Parcel) -> tuple[str, ...]:
    return tuple(text for text in (item.code, item.name, item.use) if text is not None)


def _geometry(geometry: BaseGeometry, epsg: int) -> object:
    # GEOS densifies a MultiPolygon of one polygon into a Polygon, and the column takes none.
    geometry = MultiPolygon(shapely.get_parts(geometry).tolist())
    return func.ST_GeomFromWKB(shapely.to_wkb(geometry), epsg)


def _parcel_to_row(boundary_id: int, item: Parcel) -> dict[str, object]:
    return {
        "boundary_id": boundary_id,
        "number": item.number,
        "code": item.code,
        "name": item.name,
        "use": item.use,
        "declared_area_m2": item.declared_area_m2,
        "planar_area_m2": item.planar_area_m2,
        "ellipsoidal_area_m2": item.ellipsoidal_area_m2,
        "measured_wkb": shapely.to_wkb(item.geometry),
    }


def _parcel_from_row(row: RowMapping) -> Parcel:
    fields = {key: value for key, value in row.items() if key not in ("boundary_id", "measured_wkb")}
    return Parcel(**fields, geometry=shapely.from_wkb(bytes(row["measured_wkb"])))


def _boundary_from_rows(row: RowMapping, parcels: tuple[Parcel, ...]) -> Boundary:
    return Boundary(
        format=row["format"],
        file=SourceFile(name=row["file_name"], size_bytes=row["file_size_bytes"], sha256=row["sha256"], sm3=row["sm3"]),
        crs=CrsFinding(epsg=row["crs_epsg"], how=CrsHow(row["crs_how"]), reason=row["crs_reason"]),
        measuring_epsg=row["measuring_epsg"],
        geometry=shapely.from_wkb(bytes(row["measured_wkb"])),
        lonlat=shapely.from_wkb(bytes(row["lonlat"])),
        parcels=parcels,
        planar_area_m2=row["planar_area_m2"],
        ellipsoidal_area_m2=row["ellipsoidal_area_m2"],
        declared_area_m2=row["declared_area_m2"],
        declared_area_unit=row["declared_area_unit"],
        issues=tuple(_issue_from_json(item) for item in row["issues"]),
    )


def _issue_to_json(issue: BoundaryIssue) -> dict[str, object]:
    return {
        "code": issue.code,
        "severity": str(issue.severity),
        "where": {
            "parcel": issue.where.parcel,
            "ring": issue.where.ring,
            "point": issue.where.point,
            "line": issue.where.line,
        },
        "values": {key: _plain(value) for key, value in issue.values.items()},
    }


def _issue_from_json(item: Mapping[str, object]) -> BoundaryIssue:
    where, values = item["where"], item["values"]
    assert isinstance(where, dict)
    assert isinstance(values, dict)
    return BoundaryIssue(
        code=str(item["code"]),
        severity=Severity(str(item["severity"])),
        where=Place(**where),
        values={key: tuple(value) if isinstance(value, list) else value for key, value in values.items()},
    )


def _plain(value: object) -> object:
    return value.item() if isinstance(value, np.generic) else value
