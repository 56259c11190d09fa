"""Re-checks that were made, and the notices they gave: kept once, never changed but for the tick on a notice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

import shapely
from shapely.geometry.base import BaseGeometry

from geo_review.control.model import Geometries
from geo_review.errors import UnknownRecheck
from geo_review.geometry.subdivide import subdivide
from geo_review.store.control_layers import LayerVersion
from geo_review.store.statements import statement
from geo_review.store.tables import layer_recheck, notice, project
from geo_review.store.working_crs import WORKING_EPSG
from geo_review.wording import say

_SCALE_MARGIN = 1.002  # of the working CRS against any zone of the city
_MARGIN_M = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredRecheck:
    """A re-check. The same question with the same answer is kept once: ``is_new`` tells which it was."""

    id: int
    layer_code: str
    document: Mapping[str, Any]
    document_sha256: str
    made_at: datetime
    made_by: str
    is_new: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """What the officer of a project must know of a control line that changed on its land."""

    id: int
    project_code: str
    project_name: str
    recheck_id: int
    layer_code: str
    change: str
    sentence: str
    made_at: datetime
    read_at: datetime | None
    read_by: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class NewNotice:
    """A notice to be given."""

    project_code: str
    boundary_id: int
    change: str
    sentence: str


def live_red_lines_near(
    session: Session, pieces: Sequence[BaseGeometry], *, reach_m: float
) -> Mapping[str, BaseGeometry]:
    """Return by project code the red lines in force of live projects about a reach from land, in the working CRS."""
    parts, _ = subdivide(_array(pieces))
    rows = session.execute(
        statement("live_red_lines_near"),
        {
            "pieces": [bytes(wkb) for wkb in shapely.to_wkb(parts)],
            "epsg": WORKING_EPSG,
            "reach_m": reach_m * _SCALE_MARGIN + _MARGIN_M,
        },
    )
    return {code: shapely.from_wkb(bytes(wkb)) for code, wkb in rows}


def live_red_lines(session: Session) -> Mapping[str, BaseGeometry]:
    """Return by project code every red line in force of a live project, in the working CRS."""
    return {code: shapely.from_wkb(bytes(wkb)) for code, wkb in session.execute(statement("live_red_lines"))}


def count_live_projects(session: Session) -> int:
    """Return how many projects are live."""
    return int(
        session.execute(select(func.count()).select_from(project).where(project.c.standing == "live")).scalar_one()
    )


def save_recheck(
    session: Session,
    earlier: LayerVersion,
    later: LayerVersion,
    *,
    rulebook_sha256: str,
    as_of: date,
    project_count: int,
    document: Mapping[str, Any],
    made_at: datetime,
    made_by: str,
) -> StoredRecheck:
    """Keep a re-check, or find the one that asked the same and was answered the same."""
    digest = hashlib.sha256(json.dumps(document, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    same = {
        "from_version_id": earlier.id,
        "to_version_id": later.id,
        "rulebook_sha256": rulebook_sha256,
        "as_of": as_of,
        "document_sha256": digest,
    }
    made = session.execute(
        upsert(layer_recheck)
        .values(
            layer_code=later.layer_code,
            project_count=project_count,
            document=document,
            made_at=made_at,
            made_by=made_by,
            **same,
        )
        .on_conflict_do_nothing(constraint="uq_layer_recheck_same")
        .returning(layer_recheck.c.id)
    ).scalar_one_or_none()
    row = (
        session.execute(select(layer_recheck).where(*(layer_recheck.c[name] == value for name, value in same.items())))
        .mappings()
        .one()
    )
    return _recheck(row, is_new=made is not None)


def get_recheck(session: Session, recheck_id: int) -> StoredRecheck:
    """Return a re-check, or raise UnknownRecheck."""
    row = session.execute(select(layer_recheck).where(layer_recheck.c.id == recheck_id)).mappings().one_or_none()
    if row is None:
        raise UnknownRecheck(code="unknown_recheck", message=say("recheck.unknown", id=recheck_id))
    return _recheck(row)


def list_rechecks(session: Session, code: str | None = None, *, limit: int = 20) -> tuple[StoredRecheck, ...]:
    """Return the latest re-checks, of one layer or of all."""
    query = select(layer_recheck).order_by(layer_recheck.c.id.desc()).limit(limit)
    rows = session.execute(query if code is None else query.where(layer_recheck.c.layer_code == code))
    return tuple(_recheck(row) for row in rows.mappings())


def give_notices(session: Session, recheck_id: int, notices: Sequence[NewNotice], *, made_at: datetime) -> None:
    """Give each project its notice of a re-check."""
    if notices:
        session.execute(
            insert(notice),
            [
                {
                    "project_code": one.project_code,
                    "recheck_id": recheck_id,
                    "boundary_id": one.boundary_id,
                    "change": one.change,
                    "sentence": one.sentence,
                    "made_at": made_at,
                }
                for one in notices
            ],
        )


def unread_notices(session: Session, project_code: str | None = None, *, limit: int = 100) -> tuple[Notice, ...]:
    """Return the notices that nobody ticked off yet, the latest first."""
    query = (
        select(notice, project.c.name.label("project_name"), layer_recheck.c.layer_code)
        .join_from(notice, project, project.c.code == notice.c.project_code)
        .join(layer_recheck, layer_recheck.c.id == notice.c.recheck_id)
        .where(notice.c.read_at.is_(None))
        .order_by(notice.c.id.desc())
        .limit(limit)
    )
    rows = session.execute(query if project_code is None else query.where(notice.c.project_code == project_code))
    return tuple(Notice(**{name: row[name] for name in Notice.__dataclass_fields__}) for row in rows.mappings())


def tick_notice(session: Session, notice_id: int, *, read_at: datetime, read_by: str) -> None:
    """Tick a notice off; one that is ticked off already stays as it is."""
    session.execute(
        update(notice)
        .where(notice.c.id == notice_id, notice.c.read_at.is_(None))
        .values(read_at=read_at, read_by=read_by)
    )


def _array(pieces: Sequence[BaseGeometry]) -> Geometries:
    array = np.empty(len(pieces), dtype=object)
    array[:] = pieces
    return array


def _recheck(row: RowMapping, *, is_new: bool = False) -> StoredRecheck:
    return StoredRecheck(
        id=row["id"],
        layer_code=row["layer_code"],
        document=row["document"],
        document_sha256=row["document_sha256"],
        made_at=row["made_at"],
        made_by=row["made_by"],
        is_new=is_new,
    )
