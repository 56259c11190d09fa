"""What a submission is answered with: the red line as stored, its neighbours, its relatives. Stores nothing."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from geo_review.report.document import Document
from geo_review.report.neighbour_document import lineage_finding_document, neighbour_document
from geo_review.review.lineage import LineageFinding
from geo_review.review.neighbours import Neighbour
from geo_review.store.boundaries import StoredBoundary
from geo_review.store.neighbours import list_neighbours
from geo_review.usecases.lineage_of import lineage_findings


@dataclass(frozen=True, kw_only=True, slots=True)
class ToldSubmission:
    """A red line in force, how it lies to the others, and what does not agree with those it was drawn from."""

    stored: StoredBoundary
    neighbours: tuple[Neighbour, ...]
    findings: tuple[LineageFinding, ...]


def told_submission(session: Session, stored: StoredBoundary) -> ToldSubmission:
    """Return what there is to say of the red line that a project just submitted, in the transaction that stored it."""
    return ToldSubmission(
        stored=stored,
        neighbours=list_neighbours(session, stored.project_code),
        findings=lineage_findings(session, stored),
    )


def origin_document(told: ToldSubmission) -> Document:
    """Return where a red line comes from and what lies beside it, as the API and `--json` say it."""
    stored = told.stored
    return {
        "relation": str(stored.relation),
        "stage": stored.stage,
        "parents": [{"code": parent.code, "version": parent.version} for parent in stored.parents],
        "lineage": [lineage_finding_document(finding) for finding in told.findings],
        "neighbours": [neighbour_document(one) for one in told.neighbours],
    }
