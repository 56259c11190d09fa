"""A stored review made again, as it was: the same red line, layers, rules and date. Stores nothing.

The same bytes come out, or every field that differs is named with what stands in the way.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from geo_review.report.differences import FieldDifference, differences
from geo_review.report.document import to_bytes, to_document
from geo_review.rules.load import parse_rulebook
from geo_review.store.boundaries import get_boundary
from geo_review.store.control_layers import LayerVersion, versions_by_tenure
from geo_review.store.reviews import StoredReview, get_review, rulebook_content, tenures_of
from geo_review.usecases.judge_red_line import engine_versions, review_file
from geo_review.usecases.run_review import layers_as_of, near


class Cause(StrEnum):
    """What stands in the way of the same bytes."""

    ENGINE = "engine"  # another version of this program or of its geometry libraries judges today
    LAYERS = "layers"  # the review is from before the layer versions of a review were kept
    UNEXPLAINED = "unexplained"  # the same versions, the same inputs: a fault to report


@dataclass(frozen=True, kw_only=True, slots=True)
class ExplainedDifference:
    """A field that differs, and why."""

    field: FieldDifference
    cause: Cause


@dataclass(frozen=True, kw_only=True, slots=True)
class RepeatedReview:
    """A review and what came of making it again. No difference: the bytes are the same."""

    review: StoredReview
    document_bytes: bytes
    differences: tuple[ExplainedDifference, ...]

    @property
    def is_same(self) -> bool:
        return self.document_bytes == self.review.document_bytes


def repeat_review(session: Session, review_id: int) -> RepeatedReview:
    """Make a review again from what it was made with; raise UnknownReview."""
    review = get_review(session, review_id)
    then = review.document
    rulebook = parse_rulebook(rulebook_content(session, review.rulebook_sha256), name=review.rulebook_id)
    boundary = get_boundary(session, review.project_code, review.boundary_version).boundary
    layers, were_kept = _layers(session, review)
    if not were_kept:
        layers = layers_as_of(session, rulebook, review.as_of, known_at=review.created_at)
    report = review_file(
        near(session, layers, boundary, rulebook), boundary, rulebook, review.as_of, dict(then["project"])
    )
    content = to_bytes(to_document(report))
    cause = _cause(then["engine"], were_kept=were_kept)
    return RepeatedReview(
        review=review,
        document_bytes=content,
        differences=tuple(
            ExplainedDifference(field=field, cause=cause) for field in differences(then, json.loads(content))
        ),
    )


def repeated_document(repeated: RepeatedReview) -> dict[str, Any]:
    """Return as JSON has it: whether the bytes are the same, both digests, every field that differs with its cause."""
    return {
        "review": repeated.review.id,
        "same": repeated.is_same,
        "sha256_then": repeated.review.document_sha256,
        "sha256_now": hashlib.sha256(repeated.document_bytes).hexdigest(),
        "differences": [
            {"path": one.field.path, "then": one.field.then, "now": one.field.now, "cause": str(one.cause)}
            for one in repeated.differences
        ],
    }


def _layers(session: Session, review: StoredReview) -> tuple[Mapping[str, LayerVersion], bool]:
    """Return the layer versions of a review by code, and whether it was kept which they were."""
    tenure_ids = tenures_of(session, review.id)
    judged_with = any(result["layer"].get("version") for result in review.document["results"])
    return versions_by_tenure(session, tenure_ids), bool(tenure_ids) or not judged_with


def _cause(engine: Mapping[str, str], *, were_kept: bool) -> Cause:
    if dict(engine) != engine_versions():
        return Cause.ENGINE
    return Cause.UNEXPLAINED if were_kept else Cause.LAYERS
