"""A file received for a project, to be looked at before it is stored. Reads no file and judges nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from geo_review.boundary.received import ReceivedFile
from geo_review.errors import InvalidOption, ProjectExists, UnknownProject
from geo_review.identifiers import checked_code, checked_text
from geo_review.store.pending_uploads import ImportTarget, keep_upload
from geo_review.store.projects import get_project
from geo_review.wording import say


def receive_import(session: Session, file: ReceivedFile, target: ImportTarget, *, now: datetime) -> str:
    """Keep a file and return its token; what would be refused at the confirmation is refused now.

    Raises UnknownProject for a next version of no project, ProjectExists for a new project whose code is taken,
    InvalidOption for a code or name that is none, TooLarge when too many files wait.
    """
    checked_code("code", target.code)
    if target.name is None:
        get_project(session, target.code)
    else:
        if not target.name.strip():
            raise InvalidOption(code="invalid_name", message=say("store.name_missing"))
        checked_text("name", target.name)
        _refuse_taken(session, target.code)
    return keep_upload(session, file, target, now=now)


def _refuse_taken(session: Session, code: str) -> None:
    try:
        get_project(session, code)
    except UnknownProject:
        return
    raise ProjectExists(
        code="project_exists",
        message=say("store.project_exists", code=code),
        remedy=say("store.project_exists_remedy", code=code),
    )
