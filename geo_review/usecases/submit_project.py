"""A project and its red line into the store. Reads no file: who calls has the red line read before the transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from geo_review.boundary.model import Boundary
from geo_review.boundary.received import ReceivedFile
from geo_review.errors import InvalidOption, UnknownBoundary
from geo_review.identifiers import checked_code, checked_text
from geo_review.review.lineage import NOTHING_SAID, Origin
from geo_review.review.neighbours import Standing
from geo_review.store.boundaries import StoredBoundary, get_boundary, get_file, save_boundary
from geo_review.store.neighbours import lock_neighbourhood
from geo_review.store.projects import StoredProject, create_project, get_project, set_flow
from geo_review.usecases.keep_neighbours import keep_neighbours
from geo_review.usecases.lineage_of import KnownOrigin, resolve_origin, says_nothing_new
from geo_review.wording import say


def submit_project(
    session: Session,
    *,
    code: str,
    name: str,
    flow: str | None,
    attributes: Mapping[str, str],
    file: ReceivedFile,
    boundary: Boundary,
    origin: Origin = NOTHING_SAID,
    is_sample: bool = False,
    now: datetime,
) -> StoredBoundary:
    """Store a new project with the first version of its red line; a code that is taken raises ProjectExists.

    ``boundary`` is what ``file`` was read as, ``origin`` what is said of where it comes from. Its neighbours are found
    and kept in the same transaction (`store.neighbours.list_neighbours` tells them).
    """
    lock_neighbourhood(session)
    register_project(session, code=code, name=name, flow=flow, attributes=attributes, is_sample=is_sample, now=now)
    return _save(session, code, file, boundary, resolve_origin(session, origin, latest=None), version=1, now=now)


def register_project(
    session: Session,
    *,
    code: str,
    name: str,
    flow: str | None,
    attributes: Mapping[str, str],
    is_sample: bool = False,
    now: datetime,
) -> StoredProject:
    """Store a new project that has no red line yet; a code that is taken raises ProjectExists."""
    checked_code("code", code)
    if not name.strip():
        raise InvalidOption(code="invalid_name", message=say("store.name_missing"))
    for field, text in (("name", name), ("flow", flow or ""), *attributes.items()):
        checked_text(field, field + text)
    return create_project(
        session, code=code, name=name.strip(), flow=flow, attributes=attributes, is_sample=is_sample, created_at=now
    )


def change_flow(session: Session, code: str, flow: str | None) -> None:
    """Store another flow of a project, None for one that is not decided; raise UnknownProject."""
    checked_text("flow", flow or "")
    get_project(session, code, lock=True)
    set_flow(session, code, flow)


def submit_boundary(
    session: Session,
    code: str,
    file: ReceivedFile,
    boundary: Boundary,
    *,
    origin: Origin = NOTHING_SAID,
    now: datetime,
) -> StoredBoundary:
    """Store the next version of a project's red line, with its neighbours, in the transaction of the caller.

    The file that is in force already, read the same way and said to be the same, is not stored twice: its version is
    returned, ``is_new`` false. A file that was in force once and comes back is a new version: the latest one is always
    the one in force. So is the same file for another permit.
    """
    lock_neighbourhood(session)
    standing = get_project(session, code, lock=True).standing  # two at once become two versions, one after the other
    latest = _latest(session, code)
    known = resolve_origin(session, origin, latest=latest)
    if latest is None:
        return _save(session, code, file, boundary, known, version=1, standing=standing, now=now)
    if says_nothing_new(origin, known, latest) and is_in_force(session, latest, file, boundary):
        return latest
    return _save(session, code, file, boundary, known, version=latest.version + 1, standing=standing, now=now)


def is_in_force(session: Session, latest: StoredBoundary, file: ReceivedFile, boundary: Boundary) -> bool:
    """Tell whether a file, read as ``boundary``, is a project's red line in force: same bytes, same ground."""
    return _same(latest.boundary, boundary) and (
        get_file(session, latest.project_code, latest.version).companions == dict(file.companions)
    )


def _latest(session: Session, code: str) -> StoredBoundary | None:
    try:
        return get_boundary(session, code)
    except UnknownBoundary:
        return None


def _save(
    session: Session,
    code: str,
    file: ReceivedFile,
    boundary: Boundary,
    origin: KnownOrigin,
    *,
    version: int,
    standing: Standing = Standing.LIVE,
    now: datetime,
) -> StoredBoundary:
    stored = save_boundary(
        session,
        code,
        boundary,
        file,
        version=version,
        submitted_at=now,
        relation=origin.relation,
        parents=origin.parents,
        stage=origin.stage,
    )
    if standing is not Standing.WITHDRAWN:
        keep_neighbours(session, stored, now=now)
    return stored


def _same(stored: Boundary, received: Boundary) -> bool:
    """The same bytes, believed to be in the same reference system on the same ground."""
    return (stored.file.sha256, stored.crs, stored.geometry.wkb) == (
        received.file.sha256,
        received.crs,
        received.geometry.wkb,
    )
