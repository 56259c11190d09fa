"""Where a red line comes from: what a user says of it made certain, and held against the land of its relatives."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from geo_review.errors import InvalidOption
from geo_review.geometry.crs import reproject
from geo_review.report.document import Document
from geo_review.review.lineage import LineageFinding, Origin, Relation, Relative, check_lineage
from geo_review.store.boundaries import BoundaryName, StoredBoundary, get_boundary, list_boundaries
from geo_review.store.lineage import FamilyMember, pieces_of
from geo_review.wording import say

_OF_PARENTS = (Relation.SPLIT, Relation.MERGE, Relation.PHASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownOrigin:
    """A relation with the red lines it is to; as many as the relation has."""

    relation: Relation
    parents: tuple[StoredBoundary, ...]
    stage: int | None


def resolve_origin(session: Session, origin: Origin, *, latest: StoredBoundary | None) -> KnownOrigin:
    """Return what a user says of a red line's origin, with the red lines meant; ``latest`` is the project's own so far.

    A first version is the first, a later one an adjustment of the one before, unless something is said. Raises
    InvalidOption when relation and parents do not fit, UnknownProject and UnknownBoundary for a parent.
    """
    if origin.parents and origin.relation is None:
        raise InvalidOption(code="relation_missing", message=say("lineage.relation_missing"))
    relation = origin.relation or (Relation.FIRST if latest is None else Relation.ADJUST)
    parents = {
        parent.id: parent for parent in (get_boundary(session, named.code, named.version) for named in origin.parents)
    }
    if not parents and latest is not None and relation not in (Relation.FIRST, Relation.MERGE):
        parents = {latest.id: latest}
    _check(relation, len(parents), is_first=latest is None)
    return KnownOrigin(
        relation=relation, parents=tuple(parents[number] for number in sorted(parents)), stage=origin.stage
    )


def says_nothing_new(origin: Origin, known: KnownOrigin, latest: StoredBoundary) -> bool:
    """Tell whether what was said of a file is what is stored of the red line in force."""
    names = tuple(sorted(_name(parent) for parent in known.parents))
    return (
        origin.stage in (None, latest.stage)
        and origin.relation in (None, latest.relation)
        and (not origin.parents or names == latest.parents)
    )


def lineage_findings(session: Session, stored: StoredBoundary) -> tuple[LineageFinding, ...]:
    """Return what does not agree between a red line and its relatives as they are now."""
    if stored.relation not in _OF_PARENTS:
        return ()
    epsg = stored.boundary.measuring_epsg
    return check_lineage(
        stored.relation,
        stored.boundary.geometry,
        parents=[_relative(get_boundary(session, parent.code, parent.version), epsg) for parent in stored.parents],
        siblings=[
            _relative(piece, epsg) for piece in pieces_of(session, stored.parents, except_code=stored.project_code)
        ]
        if stored.relation is not Relation.MERGE
        else (),
        epsg=epsg,
    )


def findings_in_force(session: Session, code: str) -> tuple[LineageFinding, ...]:
    """Return what does not agree with the red line in force of a project; nothing for one that has none yet."""
    if not list_boundaries(session, code):
        return ()
    return lineage_findings(session, get_boundary(session, code))


def family_document(member: FamilyMember) -> Document:
    """Return a red line among its relatives as the API and `--json` say it."""
    return {
        "code": member.name.code,
        "version": member.name.version,
        "project_name": member.project_name,
        "standing": str(member.standing),
        "relation": str(member.relation),
        "stage": member.stage,
        "submitted_at": member.submitted_at.isoformat(),
        "file_name": member.file_name,
        "area_planar_m2": member.planar_area_m2,
        "parents": [{"code": name.code, "version": name.version} for name in member.parents],
        "children": [{"code": name.code, "version": name.version} for name in member.children],
    }


def _check(relation: Relation, count: int, *, is_first: bool) -> None:
    least, most = {Relation.FIRST: (0, 0), Relation.MERGE: (2, None)}.get(relation, (1, 1))
    if relation is Relation.FIRST and not is_first:
        raise InvalidOption(code="not_the_first", message=say("lineage.not_the_first"))
    if count < least or (most is not None and count > most):
        raise InvalidOption(
            code="parents_do_not_fit",
            message=say(
                "lineage.parents_do_not_fit",
                relation=say(f"lineage.relation_{relation}"),
                wanted=say(
                    "lineage.parents_two" if most is None else "lineage.parents_one" if most else "lineage.parents_none"
                ),
                count=count,
            ),
            remedy=say("lineage.parents_remedy"),
        )


def _relative(stored: StoredBoundary, epsg: int) -> Relative:
    land = reproject(stored.boundary.geometry, stored.boundary.measuring_epsg, epsg)
    return Relative(name=str(_name(stored)), land=land)


def _name(stored: StoredBoundary) -> BoundaryName:
    return BoundaryName(code=stored.project_code, version=stored.version)
