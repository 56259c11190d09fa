"""Projects: stored once under their code, listed with their latest verdict. Red lines are in `boundaries`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.orm import Session

from geo_review.errors import UnknownProject
from geo_review.review.findings import Verdict
from geo_review.review.neighbours import Standing
from geo_review.store.driver_errors import translated
from geo_review.store.statements import statement
from geo_review.store.tables import project
from geo_review.wording import say


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredProject:
    """A project. ``attributes`` are its values by plan attribute (``RJL``), ``flow`` its type."""

    code: str
    name: str
    flow: str | None
    attributes: Mapping[str, str]
    is_sample: bool
    created_at: datetime
    standing: Standing = Standing.LIVE

    @property
    def values(self) -> dict[str, str]:
        """What rules are asked with: the attributes, and the flow under ``flow``."""
        return dict(self.attributes) | ({"flow": self.flow} if self.flow else {})


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectLine:
    """A line of the list: the latest red line, and the latest review of that very red line (None: not reviewed)."""

    code: str
    name: str
    flow: str | None
    is_sample: bool
    created_at: datetime
    standing: Standing
    boundary_version: int | None
    submitted_at: datetime | None
    planar_area_m2: float | None
    lon_deg: float | None  # a point on the land
    lat_deg: float | None
    review_id: int | None
    verdict: Verdict | None
    as_of: date | None
    reviewed_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectPage:
    """Some lines, and how many there are in all under the same conditions."""

    lines: tuple[ProjectLine, ...]
    total: int


def create_project(
    session: Session,
    *,
    code: str,
    name: str,
    flow: str | None,
    attributes: Mapping[str, str],
    created_at: datetime,
    is_sample: bool = False,
) -> StoredProject:
    """Store a new project. A code that is there already, or is being stored right now, raises ProjectExists."""
    stored = StoredProject(
        code=code, name=name, flow=flow, attributes=dict(attributes), is_sample=is_sample, created_at=created_at
    )
    with translated(code=code):
        session.execute(
            insert(project).values(
                code=code,
                name=name,
                flow=flow,
                attributes=stored.attributes,
                is_sample=is_sample,
                created_at=created_at,
            )
        )
    return stored


def get_project(session: Session, code: str, *, lock: bool = False) -> StoredProject:
    """Return a project, or raise UnknownProject. ``lock`` makes others who lock it wait for this transaction."""
    query = select(project).where(project.c.code == code)
    row = session.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise UnknownProject(
            code="unknown_project",
            message=say("store.unknown_project", code=code),
            remedy=say("store.unknown_project_remedy"),
        )
    return StoredProject(**dict(row) | {"standing": Standing(row["standing"])})


def set_flow(session: Session, code: str, flow: str | None) -> None:
    """Store the flow of a project that exists, None for one that is not decided. Reviews keep what they were told."""
    session.execute(update(project).where(project.c.code == code).values(flow=flow))


def set_standing(session: Session, code: str, standing: Standing) -> None:
    """Store how a project stands. What follows for its neighbours is the caller's (`usecases.change_standing`)."""
    session.execute(update(project).where(project.c.code == code).values(standing=str(standing)))


def list_projects(
    session: Session,
    *,
    limit: int = 50,
    offset: int = 0,
    verdict: Verdict | None = None,
    unreviewed: bool = False,
    search: str | None = None,
) -> ProjectPage:
    """Return projects, newest first, in one query.

    ``verdict`` keeps those whose latest red line was last found so, ``unreviewed`` those whose latest red line has no
    review yet; ``search`` is a part of the code or the name, case aside.
    """
    rows = (
        session.execute(
            statement("list_projects"),
            {
                "limit": limit,
                "offset": offset,
                "verdict": str(verdict) if verdict else None,
                "unreviewed": unreviewed,
                "search": search or None,
            },
        )
        .mappings()
        .all()
    )
    return ProjectPage(lines=tuple(_line(row) for row in rows if row["code"] is not None), total=rows[0]["total"])


def _line(row: RowMapping) -> ProjectLine:
    fields = {key: value for key, value in row.items() if key != "total"}
    verdict = Verdict(row["verdict"]) if row["verdict"] else None
    return ProjectLine(**fields | {"verdict": verdict, "standing": Standing(row["standing"])})
