"""Which red line was drawn from which, across projects and versions. Judges nothing: see `review.lineage`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from geo_review.review.lineage import Relation
from geo_review.review.neighbours import Standing
from geo_review.store.boundaries import BoundaryName, StoredBoundary, get_boundary
from geo_review.store.projects import get_project
from geo_review.store.statements import statement
from geo_review.store.tables import boundary_parent, boundary_version, project


@dataclass(frozen=True, kw_only=True, slots=True)
class FamilyMember:
    """A red line among its relatives, without geometry; ``stage`` 1 to 4, None when it was not said."""

    name: BoundaryName
    project_name: str
    standing: Standing
    relation: Relation
    stage: int | None
    submitted_at: datetime
    file_name: str
    planar_area_m2: float
    parents: tuple[BoundaryName, ...]
    children: tuple[BoundaryName, ...]


def family(session: Session, project_code: str) -> tuple[FamilyMember, ...]:
    """Return every red line tied to a project's, parents before children; raise UnknownProject.

    Empty for a project that has no red line yet.
    """
    rows = session.execute(statement("family_of"), {"project_code": project_code}).mappings().all()
    if not rows:
        get_project(session, project_code)
    names = {row["id"]: BoundaryName(code=row["project_code"], version=row["version"]) for row in rows}
    return tuple(
        FamilyMember(
            name=names[row["id"]],
            project_name=row["project_name"],
            standing=Standing(row["standing"]),
            relation=Relation(row["relation"]),
            stage=row["stage"],
            submitted_at=row["submitted_at"],
            file_name=row["file_name"],
            planar_area_m2=row["planar_area_m2"],
            parents=tuple(names[number] for number in row["parent_ids"]),
            children=tuple(names[number] for number in row["child_ids"]),
        )
        for row in rows
    )


def pieces_of(session: Session, parents: Sequence[BoundaryName], *, except_code: str) -> tuple[StoredBoundary, ...]:
    """Return the red lines in force of other projects that were split off any of these parents, or are phases of one.

    What a withdrawn project took is free again.
    """
    parent, child = boundary_version.alias("parent"), boundary_version.alias("child")
    codes = session.execute(
        select(child.c.project_code)
        .distinct()
        .join(boundary_parent, boundary_parent.c.child_id == child.c.id)
        .join(parent, parent.c.id == boundary_parent.c.parent_id)
        .join(project, project.c.code == child.c.project_code)
        .where(
            child.c.relation.in_([str(Relation.SPLIT), str(Relation.PHASE)]),
            child.c.project_code != except_code,
            project.c.standing != str(Standing.WITHDRAWN),
            tuple_(parent.c.project_code, parent.c.version).in_([(name.code, name.version) for name in parents]),
        )
        .order_by(child.c.project_code)
    ).scalars()
    return tuple(get_boundary(session, code) for code in codes)
