"""A stored review told again: its report as it was made, and the map around it as of its own date. Judges nothing."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from geo_review.report.map_context import MapContext
from geo_review.rules.load import parse_rulebook
from geo_review.store.boundaries import get_boundary
from geo_review.store.reviews import StoredReview, get_review, rulebook_content
from geo_review.usecases.run_review import map_context


@dataclass(frozen=True, kw_only=True, slots=True)
class RecalledReview:
    """A review and the control lines its map shows."""

    review: StoredReview
    context: MapContext


def recall_review(session: Session, review_id: int) -> RecalledReview:
    """Return a review with its surroundings, or raise UnknownReview."""
    return with_surroundings(session, get_review(session, review_id))


def with_surroundings(session: Session, review: StoredReview) -> RecalledReview:
    """Return a review with the control lines of the rulebook it was made with, in force on its date, as held then."""
    content = rulebook_content(session, review.rulebook_sha256)
    rulebook = parse_rulebook(content, name=review.rulebook_id)
    boundary = get_boundary(session, review.project_code, review.boundary_version).boundary
    context = map_context(session, boundary, rulebook, review.as_of, known_at=review.created_at)
    return RecalledReview(review=review, context=context)
