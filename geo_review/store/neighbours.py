"""Which red lines in force lie near another, and how: found by index, kept by pair, told. Compares no geometry."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from sqlalchemy import RowMapping, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

import shapely
from shapely.geometry.base import BaseGeometry

from geo_review.boundary.model import Boundary
from geo_review.geometry.crs import reproject
from geo_review.report.neighbour_document import pair_parts
from geo_review.review.findings import Contact
from geo_review.review.neighbours import (
    Neighbour,
    NeighbourKind,
    NeighbourPolicy,
    PairFigures,
    PairFinding,
    Standing,
    figures,
)
from geo_review.store.projects import get_project
from geo_review.store.statements import statement
from geo_review.store.tables import neighbour
from geo_review.store.working_crs import WORKING_EPSG

# Any fixed number will do, as long as nothing else in the database locks the same one.
_ADVISORY_LOCK = 4_109_004_548
# The store searches in the working CRS, a distance is meant in the measuring CRS: the scales differ by under 0.1 %.
_SCALE_MARGIN = 1.002
_MARGIN_M = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class RedLineNear:
    """A red line in force. ``geometry`` is in its own measuring CRS."""

    id: int
    project_code: str
    project_name: str
    standing: Standing
    version: int
    submitted_at: datetime
    measuring_epsg: int
    geometry: BaseGeometry


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """How a red line lies to one that was submitted before it, by their internal numbers."""

    earlier_id: int
    later_id: int
    finding: PairFinding


def lock_neighbourhood(session: Session) -> None:
    """Let one submission after the other look at its neighbours, until this transaction ends.

    Of two that overlap and come at once, neither would see what the other has not committed. With the lock the second
    waits, and its next statement (READ COMMITTED) sees the first. Taken before any row is locked, so that none waits
    for a row of a transaction that waits for this.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(CAST(:lock AS bigint))"), {"lock": _ADVISORY_LOCK})


def red_lines_near(
    session: Session, boundary: Boundary, *, reach_m: float, except_code: str | None = None
) -> tuple[RedLineNear, ...]:
    """Return the red lines in force within ``reach_m`` (and a little more) of one, but those of project
    ``except_code``; withdrawn projects claim no land. In the order they were submitted.
    """
    # Transform the literal, not the column: the index is on the column.
    land = reproject(boundary.geometry, boundary.measuring_epsg, WORKING_EPSG)
    rows = session.execute(
        statement("red_lines_near"),
        {
            "boundary": shapely.to_wkb(land),
            "epsg": WORKING_EPSG,
            "reach_m": reach_m * _SCALE_MARGIN + _MARGIN_M,
            "project_code": except_code,
        },
    )
    return tuple(_red_line(row) for row in rows.mappings())


def relatives_among(
    session: Session, candidates: Collection[int], *, code: str, drawn_from: Sequence[int]
) -> frozenset[int]:
    """Return which of some red lines are ancestors or descendants of a project's.

    ``drawn_from`` are the red lines to go up from: the one compared, or the parents of one that is not stored.
    """
    if not candidates:
        return frozenset()
    rows = session.execute(
        statement("relatives_among"),
        {"roots": list(drawn_from), "project_code": code, "candidates": list(candidates)},
    )
    return frozenset(rows.scalars())


def save_pairs(session: Session, pairs: Iterable[Pair], *, found_at: datetime) -> None:
    """Keep how pairs lie to each other. A pair that is known is measured anew; when it was found first stays."""
    rows = [_pair_to_row(pair, found_at) for pair in pairs]
    if not rows:
        return
    known = upsert(neighbour)
    keys = ("earlier_id", "later_id")
    anew = {name: known.excluded[name] for name in rows[0] if name not in (*keys, "found_at")}
    session.execute(known.on_conflict_do_update(index_elements=keys, set_=anew), rows)


def list_neighbours(session: Session, project_code: str) -> tuple[Neighbour, ...]:
    """Return how a project's red line in force lies to the others in force, the worst first; raise UnknownProject.

    A withdrawn project has none, and is nobody's.
    """
    rows = session.execute(statement("neighbours_of"), {"project_code": project_code}).mappings().all()
    if not rows:
        get_project(session, project_code)
    return tuple(_neighbour(row) for row in rows)


def _red_line(row: RowMapping) -> RedLineNear:
    kept = {key: value for key, value in row.items() if key not in ("measured_wkb", "standing")}
    return RedLineNear(
        **kept, standing=Standing(row["standing"]), geometry=shapely.from_wkb(bytes(row["measured_wkb"]))
    )


def _pair_to_row(pair: Pair, found_at: datetime) -> dict[str, object]:
    told = asdict(figures(pair.finding))
    return {
        **told,
        "kind": str(told["kind"]),
        "contact": str(told["contact"]),
        "earlier_id": pair.earlier_id,
        "later_id": pair.later_id,
        "parts": pair_parts(pair.finding),
        "contact_width_m": pair.finding.policy.contact_width_m,
        "gap_width_m": pair.finding.policy.gap_width_m,
        "found_at": found_at,
    }


def _neighbour(row: RowMapping) -> Neighbour:
    told = {field.name: row[field.name] for field in fields(PairFigures)}
    told |= {"kind": NeighbourKind(row["kind"]), "contact": Contact(row["contact"])}
    return Neighbour(
        other_code=row["other_code"],
        other_name=row["other_name"],
        other_version=row["other_version"],
        other_standing=Standing(row["other_standing"]),
        other_submitted_at=row["other_submitted_at"],
        other_is_earlier=row["other_is_earlier"],
        figures=PairFigures(**told),
        parts=tuple(row["parts"]),
        policy=NeighbourPolicy(contact_width_m=row["contact_width_m"], gap_width_m=row["gap_width_m"]),
    )
