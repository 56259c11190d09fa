"""A red line held against all others in force: found by index, compared, kept by pair. Decides no verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from geo_review.boundary.model import Boundary
from geo_review.report.neighbour_document import pair_parts
from geo_review.review.lineage import NOTHING_SAID, Origin
from geo_review.review.neighbours import POLICY, Neighbour, NeighbourPolicy, Standing, compare, figures, worst_first
from geo_review.store.boundaries import StoredBoundary, get_boundary, list_boundaries
from geo_review.store.neighbours import (
    Pair,
    RedLineNear,
    lock_neighbourhood,
    red_lines_near,
    relatives_among,
    save_pairs,
)
from geo_review.store.projects import get_project, set_standing
from geo_review.usecases.lineage_of import resolve_origin


def keep_neighbours(
    session: Session, stored: StoredBoundary, *, now: datetime, policy: NeighbourPolicy = POLICY
) -> None:
    """Compare a red line that was just stored with every other in force, and keep what was found.

    The caller has taken `lock_neighbourhood` before it locked or stored anything: so of two that come at once the
    second names the first. `store.neighbours.list_neighbours` tells what is kept.
    """
    others = red_lines_near(session, stored.boundary, reach_m=policy.gap_width_m, except_code=stored.project_code)
    related = relatives_among(session, [other.id for other in others], code=stored.project_code, drawn_from=[stored.id])
    save_pairs(session, _pairs(stored, others, related, policy), found_at=now)


def preview_neighbours(
    session: Session,
    boundary: Boundary,
    *,
    code: str | None = None,
    origin: Origin = NOTHING_SAID,
    policy: NeighbourPolicy = POLICY,
) -> tuple[Neighbour, ...]:
    """Return what a red line would have for neighbours if it were submitted now; nothing is stored.

    ``code`` is the project it would be of: its own red line in force is none of them. Raises as a submission does
    when what is said of its ``origin`` does not fit.
    """
    others = red_lines_near(session, boundary, reach_m=policy.gap_width_m, except_code=code)
    latest = get_boundary(session, code) if code and list_boundaries(session, code) else None
    parents = resolve_origin(session, origin, latest=latest).parents
    related = relatives_among(
        session, [other.id for other in others], code=code or "", drawn_from=[parent.id for parent in parents]
    )
    return worst_first(_previewed(boundary, others, related, policy))


def change_standing(session: Session, code: str, standing: Standing, *, now: datetime) -> None:
    """Store how a project stands, and compare its red line anew when it claims its land; raise UnknownProject.

    A withdrawn project is nobody's neighbour. What was submitted meanwhile is found when it comes back.
    """
    lock_neighbourhood(session)
    get_project(session, code, lock=True)
    set_standing(session, code, standing)
    if standing is not Standing.WITHDRAWN and list_boundaries(session, code):
        keep_neighbours(session, get_boundary(session, code), now=now)


def _pairs(
    stored: StoredBoundary, others: Sequence[RedLineNear], related: frozenset[int], policy: NeighbourPolicy
) -> Iterator[Pair]:
    """Measure each pair in the zone of the later red line, whichever of the two asks: the figures are the same."""
    own = stored.boundary
    for other in others:
        is_later = stored.id > other.id
        found = compare(
            own.geometry if is_later else other.geometry,
            other.geometry if is_later else own.geometry,
            earlier_epsg=other.measuring_epsg if is_later else own.measuring_epsg,
            epsg=own.measuring_epsg if is_later else other.measuring_epsg,
            related=other.id in related,
            policy=policy,
        )
        if found is not None:
            earlier_id, later_id = sorted((stored.id, other.id))
            yield Pair(earlier_id=earlier_id, later_id=later_id, finding=found)


def _previewed(
    boundary: Boundary, others: Sequence[RedLineNear], related: frozenset[int], policy: NeighbourPolicy
) -> Iterator[Neighbour]:
    for other in others:
        found = compare(
            boundary.geometry,
            other.geometry,
            earlier_epsg=other.measuring_epsg,
            epsg=boundary.measuring_epsg,
            related=other.id in related,
            policy=policy,
        )
        if found is not None:
            yield Neighbour(
                other_code=other.project_code,
                other_name=other.project_name,
                other_version=other.version,
                other_standing=other.standing,
                other_submitted_at=other.submitted_at,
                other_is_earlier=True,
                figures=figures(found),
                parts=tuple(pair_parts(found)),
                policy=policy,
            )
