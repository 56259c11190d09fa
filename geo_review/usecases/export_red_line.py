"""A stored red line as a file of another format. Writes no file and keeps nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy.orm import Session

from geo_review.boundary.model import Boundary
from geo_review.boundary.written_formats import WRITTEN_FORMATS, FormatName, Heading, Wish, write_red_line
from geo_review.settings import CIVIL_TIME
from geo_review.store.boundaries import get_boundary
from geo_review.store.projects import get_project

_NOT_IN_A_FILE_NAME = re.compile(r'[<>:"|*\s]')  # what a project's code may have and a file of Windows may not


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportedFile:
    """``name`` has no folder; ``boundary`` is the red line as it is stored."""

    name: str
    content: bytes
    media_type: str
    version: int
    boundary: Boundary


def export_red_line(
    session: Session, *, code: str, version: int | None = None, format_name: FormatName, wish: Wish
) -> ExportedFile:
    """Return a red line of a project, the latest without ``version``, in a format.

    The day the file bears is that of its submission, so the same version always gives the same bytes. Raises
    UnknownProject, UnknownBoundary, and what `write_red_line` raises.
    """
    project = get_project(session, code)
    stored = get_boundary(session, code, version)
    stem = _NOT_IN_A_FILE_NAME.sub("_", f"{code}-v{stored.version}")
    heading = Heading(
        stem=stem,
        title=f"{code} {project.name}",
        written_on=stored.submitted_at.astimezone(CIVIL_TIME).date(),
    )
    written = WRITTEN_FORMATS[format_name]
    return ExportedFile(
        name=f"{stem}{written.suffix}",
        content=write_red_line(stored.boundary, format_name, heading=heading, wish=wish),
        media_type=written.media_type,
        version=stored.version,
        boundary=stored.boundary,
    )
