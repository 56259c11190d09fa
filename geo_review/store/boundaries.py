"""Red lines of projects: each submission a version, kept with its original file and restored bit for bit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import RowMapping, Select, bindparam, func, insert, select
from sqlalchemy.orm import Session

import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geo_review.boundary.model import Boundary, BoundaryIssue, CrsFinding, CrsHow, Parcel, Place, Severity, SourceFile
from geo_review.boundary.received import ReceivedFile
from geo_review.errors import InvalidBoundary, UnknownBoundary
from geo_review.geometry.crs import LONLAT, reproject
from geo_review.review.lineage import Relation
from geo_review.store.asked_json import asked_from_json, asked_to_json
from geo_review.store.projects import get_project
from geo_review.store.tables import boundary_companion, boundary_parent, boundary_version, parcel
from geo_review.store.working_crs import WORKING_EPSG
from geo_review.wording import say

# Built once: with its 28 columns it takes as long to build as to execute, and a folder is a thousand of them.
_NEW_VERSION = (
    insert(boundary_version)
    .values(
        geometry=func.ST_GeomFromWKB(bindparam("geometry_wkb"), WORKING_EPSG),
        lonlat=func.ST_GeomFromWKB(bindparam("lonlat_wkb"), LONLAT),
    )
    .returning(boundary_version.c.id)
)


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class BoundaryName:
    """How a red line is called: ``CODE@2`` is the second version of a project's."""

    code: str
    version: int

    def __str__(self) -> str:
        return f"{self.code}@{self.version}"


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredBoundary:
    """A red line as stored. ``is_new`` is false when a submission found the same file in force already.

    ``parents`` are the red lines it was drawn from, ``stage`` the permit it was handed in for (1 to 4, None: not said).
    """

    id: int
    project_code: str
    version: int
    submitted_at: datetime
    boundary: Boundary
    relation: Relation = Relation.FIRST
    stage: int | None = None
    parents: tuple[BoundaryName, ...] = ()
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
    relation: Relation
    stage: int | None


def save_boundary(
    session: Session,
    project_code: str,
    boundary: Boundary,
    file: ReceivedFile,
    *,
    version: int,
    submitted_at: datetime,
    relation: Relation | None = None,
    parents: Sequence[StoredBoundary] = (),
    stage: int | None = None,
) -> StoredBoundary:
    """Store a red line with its original bytes and where it comes from.

    The caller holds the project and knows the next version. Without a ``relation`` the first version is the first,
    any other an adjustment.
    """
    _refuse_unstorable(boundary)
    relation = relation or (Relation.FIRST if version == 1 else Relation.ADJUST)
    boundary_id = session.execute(
        _NEW_VERSION,
        {
            "project_code": project_code,
            "version": version,
            "submitted_at": submitted_at,
            "file_name": boundary.file.name,
            "file_bytes": file.content,
            "file_size_bytes": boundary.file.size_bytes,
            "sha256": boundary.file.sha256,
            "sm3": boundary.file.sm3,
            "format": boundary.format,
            "crs_epsg": boundary.crs.epsg,
            "crs_how": str(boundary.crs.how),
            "crs_reason": boundary.crs.reason,
            "measuring_epsg": boundary.measuring_epsg,
            "geometry_wkb": _wkb(reproject(boundary.geometry, boundary.measuring_epsg, WORKING_EPSG)),
            "measured_wkb": shapely.to_wkb(boundary.geometry),
            "lonlat_wkb": _wkb(boundary.lonlat),
            "planar_area_m2": boundary.planar_area_m2,
            "ellipsoidal_area_m2": boundary.ellipsoidal_area_m2,
            "declared_area_m2": boundary.declared_area_m2,
            "declared_area_unit": boundary.declared_area_unit,
            "issues": [_issue_to_json(issue) for issue in boundary.issues],
            "relation": str(relation),
            "stage": stage,
            "asked": asked_to_json(boundary.asked),
            "encoding": boundary.encoding,
            "layer": boundary.layer,
            "axes_swapped": boundary.axes_swapped,
        },
    ).scalar_one()
    session.execute(insert(parcel), [_parcel_to_row(boundary_id, item) for item in boundary.parcels])
    if parents:
        session.execute(
            insert(boundary_parent), [{"child_id": boundary_id, "parent_id": parent.id} for parent in parents]
        )
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
        relation=relation,
        stage=stage,
        parents=tuple(sorted(BoundaryName(code=parent.project_code, version=parent.version) for parent in parents)),
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
        relation=Relation(row["relation"]),
        stage=row["stage"],
        parents=() if row["relation"] == Relation.FIRST else _parents(session, row["id"]),
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
            columns.relation,
            columns.stage,
        )
        .where(columns.project_code == project_code)
        .order_by(columns.version.desc())
    )
    return tuple(BoundaryLine(**dict(row) | {"relation": Relation(row["relation"])}) for row in rows.mappings())


def _parents(session: Session, boundary_id: int) -> tuple[BoundaryName, ...]:
    columns = boundary_version.c
    rows = session.execute(
        select(columns.project_code, columns.version)
        .join(boundary_parent, boundary_parent.c.parent_id == columns.id)
        .where(boundary_parent.c.child_id == boundary_id)
    )
    return tuple(sorted(BoundaryName(code=code, version=version) for code, version in rows))


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
    texts = [("file", boundary.file.name), ("crs_reason", boundary.crs.reason), ("layer", boundary.layer or "")]
    for item in boundary.parcels:
        texts += [(say("boundary.place_parcel", parcel=item.number), text) for text in _texts(item)]
    for where, text in texts:
        if "\0" in text or text.encode(errors="replace") != text.encode(errors="surrogatepass"):
            raise InvalidBoundary(
                code="text_not_storable", message=say("store.text_not_storable", where=where, text=ascii(text))
            )


def _texts(item: Parcel) -> tuple[str, ...]:
    return tuple(text for text in (item.code, item.name, item.use) if text is not None)


def _wkb(geometry: BaseGeometry) -> bytes:
    # GEOS densifies a MultiPolygon of one polygon into a Polygon, and the column takes none.
    wkb: bytes = shapely.to_wkb(MultiPolygon(shapely.get_parts(geometry).tolist()))
    return wkb


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
        encoding=row["encoding"],
        layer=row["layer"],
        axes_swapped=bool(row["axes_swapped"]),
        asked=asked_from_json(row["asked"]),
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
