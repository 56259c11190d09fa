"""A file that was shown and confirmed becomes the red line of its project, with its review: all of it or nothing.

Reads no file: who calls has read the kept bytes again, before the transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from geo_review.boundary.asked import Asked
from geo_review.boundary.model import Boundary
from geo_review.errors import Conflict
from geo_review.rules.rulebook import Rulebook
from geo_review.store.neighbours import lock_neighbourhood
from geo_review.store.pending_uploads import PendingUpload, get_upload, mark_confirmed
from geo_review.usecases.run_review import review_project
from geo_review.usecases.submit_project import submit_boundary, submit_project
from geo_review.wording import say


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirmed:
    """Where the file went. ``was_in_force``: it is what the project had already, and no version was made of it."""

    project_code: str
    version: int
    was_in_force: bool


def confirm_import(
    session: Session,
    token: str,
    boundary: Boundary,
    *,
    read_as: Asked,
    rulebook: Rulebook,
    rulebook_content: bytes,
    as_of: date,
    now: datetime,
) -> Confirmed:
    """Store project, red line and review. Confirmed a second time nothing happens: the first one is told.

    ``boundary`` is what the kept bytes were read as with ``read_as``; when something else is said of the file by now,
    Conflict is raised. UnknownImport, ProjectExists and UnknownProject go on to the caller.
    """
    lock_neighbourhood(session)  # before any row is locked
    pending = get_upload(session, token, now=now, lock=True)
    if pending.confirmed_version is not None:
        return Confirmed(project_code=pending.target.code, version=pending.confirmed_version, was_in_force=False)
    if pending.asked != read_as or pending.file.source.sha256 != boundary.file.sha256:
        raise Conflict(
            code="import_changed", message=say("store.import_changed"), remedy=say("store.import_changed_remedy")
        )
    confirmed = _submitted(session, pending, boundary, now)
    review_project(
        session,
        code=confirmed.project_code,
        rulebook=rulebook,
        rulebook_content=rulebook_content,
        as_of=as_of,
        now=now,
    )
    mark_confirmed(session, token, confirmed.version)
    return confirmed


def _submitted(session: Session, pending: PendingUpload, boundary: Boundary, now: datetime) -> Confirmed:
    target = pending.target
    if target.name is None:
        stored = submit_boundary(session, target.code, pending.file, boundary, now=now)
    else:
        stored = submit_project(
            session,
            code=target.code,
            name=target.name,
            flow=target.flow,
            attributes={},
            file=pending.file,
            boundary=boundary,
            now=now,
        )
    return Confirmed(project_code=target.code, version=stored.version, was_in_force=not stored.is_new)
