"""Reviews that were made and the rulebooks they were made with: written once, superseded, never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, Select, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from geo_review.errors import UnknownReview, UnknownRulebook
from geo_review.report.document import Document, to_bytes
from geo_review.review.findings import Verdict
from geo_review.rules.rulebook import Rulebook
from geo_review.store.projects import get_project
from geo_review.store.tables import boundary_version, project, review, review_layer, rulebook
from geo_review.wording import say


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewLine:
    """A review without its report. ``boundary_version`` is the red line it judged."""

    id: int
    project_code: str
    project_name: str
    boundary_version: int
    as_of: date
    rulebook_id: str
    rulebook_edition: str
    rulebook_sha256: str
    verdict: Verdict
    document_sha256: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredReview(ReviewLine):
    """A review with its report, ``document_bytes`` byte for byte as it was made."""

    document_bytes: bytes

    @property
    def document(self) -> Document:
        """The report as the nested dict of the contract, read from its bytes."""
        return dict(json.loads(self.document_bytes))


def save_rulebook(session: Session, book: Rulebook, content: bytes, *, stored_at: datetime) -> None:
    """Keep the bytes of a rulebook; those that are kept already stay as they are."""
    if hashlib.sha256(content).hexdigest() != book.sha256:
        raise ValueError("the rulebook was not read from these bytes")
    session.execute(
        upsert(rulebook)
        .values(sha256=book.sha256, id=book.id, edition=book.edition, content=content, stored_at=stored_at)
        .on_conflict_do_nothing()
    )


def rulebook_content(session: Session, sha256: str) -> bytes:
    """Return the bytes of a rulebook that a stored review was made with."""
    content = session.execute(select(rulebook.c.content).where(rulebook.c.sha256 == sha256)).scalar_one_or_none()
    if content is None:
        raise UnknownRulebook(code="unknown_rulebook", message=say("store.unknown_rulebook", sha256=sha256))
    return bytes(content)


def save_review(
    session: Session,
    *,
    project_code: str,
    boundary_id: int,
    document: Document,
    tenure_ids: Collection[int],
    created_at: datetime,
) -> StoredReview:
    """Store the report of a red line of the project; its rulebook has been kept before (`save_rulebook`).

    ``tenure_ids`` are of the layer versions it was made with, as they were held then: it can be made again.
    """
    content = to_bytes(document)
    review_id = session.execute(
        insert(review)
        .values(
            project_code=project_code,
            boundary_id=boundary_id,
            as_of=date.fromisoformat(document["as_of"]),
            rulebook_sha256=document["rulebook"]["sha256"],
            verdict=document["verdict"],
            document=document,
            document_bytes=content,
            document_sha256=hashlib.sha256(content).hexdigest(),
            created_at=created_at,
        )
        .returning(review.c.id)
    ).scalar_one()
    if tenure_ids:
        session.execute(
            insert(review_layer), [{"review_id": review_id, "tenure_id": tenure_id} for tenure_id in tenure_ids]
        )
    return get_review(session, review_id)


def tenures_of(session: Session, review_id: int) -> tuple[int, ...]:
    """Return the tenures of the layer versions that a review was made with; none for one from before they were kept."""
    return tuple(
        session.execute(
            select(review_layer.c.tenure_id)
            .where(review_layer.c.review_id == review_id)
            .order_by(review_layer.c.tenure_id)
        ).scalars()
    )


def get_review(session: Session, review_id: int) -> StoredReview:
    """Return a review, or raise UnknownReview."""
    found = _first(session, _whole().where(review.c.id == review_id))
    if found is None:
        raise UnknownReview(code="unknown_review", message=say("store.unknown_review", id=review_id))
    return found


def latest_review(session: Session, project_code: str) -> StoredReview | None:
    """Return the latest review of the project's latest red line, or None; an older red line's review is stale."""
    newest = (
        select(boundary_version.c.id)
        .where(boundary_version.c.project_code == project_code)
        .order_by(boundary_version.c.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    return _first(session, _whole().where(review.c.boundary_id == newest))


def list_reviews(session: Session, project_code: str) -> tuple[ReviewLine, ...]:
    """Return every review of a project, the latest first; raise UnknownProject."""
    rows = session.execute(_lines().where(review.c.project_code == project_code).order_by(review.c.id.desc()))
    found = tuple(ReviewLine(**_fields(row)) for row in rows.mappings())
    if not found:
        get_project(session, project_code)
    return found


def last_reviews(session: Session, *, limit: int) -> tuple[StoredReview, ...]:
    """Return the last reviews of all projects, the latest first."""
    rows = session.execute(_lines().add_columns(review.c.document_bytes).order_by(review.c.id.desc()).limit(limit))
    return tuple(
        StoredReview(**_fields(row) | {"document_bytes": bytes(row["document_bytes"])}) for row in rows.mappings()
    )


def latest_verdicts(session: Session) -> Mapping[str, Verdict | None]:
    """Return of every project the verdict on its latest red line, None where that was not reviewed yet."""
    newest = (
        select(boundary_version.c.project_code, boundary_version.c.id)
        .distinct(boundary_version.c.project_code)
        .order_by(boundary_version.c.project_code, boundary_version.c.version.desc())
        .subquery()
    )
    rows = session.execute(
        select(project.c.code, review.c.verdict)
        .distinct(project.c.code)
        .outerjoin_from(project, newest, newest.c.project_code == project.c.code)
        .outerjoin(review, review.c.boundary_id == newest.c.id)
        .order_by(project.c.code, review.c.id.desc())
    )
    return {code: Verdict(verdict) if verdict else None for code, verdict in rows}


def _lines() -> Select[Any]:
    return (
        select(
            review.c.id,
            review.c.project_code,
            project.c.name.label("project_name"),
            boundary_version.c.version.label("boundary_version"),
            review.c.as_of,
            rulebook.c.id.label("rulebook_id"),
            rulebook.c.edition.label("rulebook_edition"),
            review.c.rulebook_sha256,
            review.c.verdict,
            review.c.document_sha256,
            review.c.created_at,
        )
        .join_from(review, boundary_version, boundary_version.c.id == review.c.boundary_id)
        .join(project, project.c.code == review.c.project_code)
        .join(rulebook, rulebook.c.sha256 == review.c.rulebook_sha256)
    )


def _whole() -> Select[Any]:
    return _lines().add_columns(review.c.document_bytes).order_by(review.c.id.desc()).limit(1)


def _first(session: Session, query: Select[Any]) -> StoredReview | None:
    row = session.execute(query).mappings().one_or_none()
    return None if row is None else StoredReview(**_fields(row) | {"document_bytes": bytes(row["document_bytes"])})


def _fields(row: RowMapping) -> dict[str, Any]:
    return dict(row) | {"verdict": Verdict(row["verdict"])}
