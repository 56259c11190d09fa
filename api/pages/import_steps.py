"""The import page: a file is uploaded, looked at, settled where it is open, and confirmed once or dropped.

Between the steps the file is kept here under a token. What is confirmed is read again from the kept bytes: nothing
that a form says of the result is believed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from api.deployment import deployment
from api.downloads import download
from api.given import given_flow, given_rulebook
from api.pages.import_shown import MOST_ROWS, ReadAgain, read_again, show_import
from api.pages.refusal import Refusal, refusal_of
from api.pages.rendering import page, project_page_address
from api.reading import given_asked
from api.uploads import received
from geo_review.boundary.asked import Asked
from geo_review.errors import Conflict, GeoReviewError, InvalidOption, ProjectExists, UnknownImport
from geo_review.identifiers import checked_code
from geo_review.report.understanding_facts import understanding_facts
from geo_review.settings import legal_today, moment_now
from geo_review.store.pending_uploads import (
    KEPT,
    ImportTarget,
    PendingUpload,
    ask_of_upload,
    drop_upload,
    get_upload,
)
from geo_review.store.projects import StoredProject, get_project
from geo_review.usecases.confirm_import import confirm_import
from geo_review.usecases.published_samples import samples_published
from geo_review.usecases.receive_import import receive_import
from geo_review.wording import say

router = APIRouter()

_PRIVATE = {"Cache-Control": "no-store"}
Numbers = Annotated[list[int] | None, Form()]
Words = Annotated[list[str] | None, Form()]


@dataclass(frozen=True, kw_only=True, slots=True)
class Submitted:
    """What stands in the form; a file cannot be put back into one. ``project`` is the code of one that exists."""

    project: str = ""
    code: str = ""
    name: str = ""
    flow: str = ""


@router.get("/import")
def form(request: Request, project: str = "", dropped: str = "") -> Response:
    """Show the empty form, for a new project or for the next version of one that exists."""
    return _form(request, Submitted(project=project.strip()), dropped=dropped == "1")


@router.post("/import")
def upload(
    request: Request,
    project: Annotated[str, Form()] = "",
    code: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    flow: Annotated[str, Form()] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Keep the file and lead to what was understood of it."""
    given = Submitted(project=project.strip(), code=code.strip(), name=name.strip(), flow=flow)
    try:
        target = _target(given)
        red_line = received(file)
        with deployment(request).sessions.begin() as session:
            token = receive_import(session, red_line, target, now=moment_now())
    except GeoReviewError as error:
        return _form(request, given, refusal=_refused(error, given.code))
    return RedirectResponse(f"/import/{token}", status_code=303)


@router.get("/import/{token}")
def show(request: Request, token: str) -> Response:
    """Show what is understood of a file that waits; one that was confirmed is with its project."""
    pending = _pending(request, token)
    if pending.confirmed_version is not None:
        return RedirectResponse(project_page_address(pending.target.code), status_code=303)
    return _page(request, pending, read_again(deployment(request), pending))


@router.get("/import/{token}/file")
def get_file(request: Request, token: str) -> Response:
    """Return the kept bytes as they came."""
    pending = _pending(request, token)
    if pending.confirmed_version is not None:
        return RedirectResponse(project_page_address(pending.target.code), status_code=303)
    return download(
        pending.file.content, name=pending.file.name, media_type="application/octet-stream", headers=_PRIVATE
    )


@router.post("/import/{token}/asked")
def settle(
    request: Request,
    token: str,
    crs: Annotated[str, Form()] = "",
    layer: Annotated[str, Form()] = "",
    parcel: Numbers = None,
    accept: Words = None,
    parcels: Annotated[int, Form()] = 0,
) -> Response:
    """Keep what is said of the file and lead to what is understood of it now. ``parcels`` is how many were offered."""
    pending = _pending(request, token)
    if pending.confirmed_version is not None:
        return RedirectResponse(project_page_address(pending.target.code), status_code=303)
    try:
        # The numbers are of the layer that was shown: another one's parcels are others.
        of_this_layer = (layer or None) == pending.asked.layer
        chosen = _chosen_parcels(parcel or [], parcels) if of_this_layer else ()
        asked = given_asked(crs=crs, layer=layer, parcels=chosen, accept=accept)
    except GeoReviewError as error:
        return _page(request, pending, read_again(deployment(request), pending), refusal=refusal_of(error))
    with deployment(request).sessions.begin() as session:
        ask_of_upload(session, token, asked)
    return RedirectResponse(f"/import/{token}", status_code=303)


@router.post("/import/{token}/confirm")
def confirm(
    request: Request,
    token: str,
    understood: Annotated[str, Form()] = "",
    crs: Annotated[str, Form()] = "",
    layer: Annotated[str, Form()] = "",
    parcel: Numbers = None,
    accept: Words = None,
) -> Response:
    """Store project, red line and review, when what was shown is what the kept bytes are read as now."""
    at = deployment(request)
    pending = _pending(request, token)
    if pending.confirmed_version is not None:
        return RedirectResponse(project_page_address(pending.target.code), status_code=303)
    read = read_again(at, pending)
    if read.digest != understood:
        before = _as_shown(request, pending, understood, crs, layer, parcel, accept)
        return _page(request, pending, read, changes=_changes(before, read))
    try:
        rulebook, content = given_rulebook(None)
        with at.sessions.begin() as session:
            confirmed = confirm_import(
                session,
                token,
                read.seen.accepted(),
                read_as=pending.asked,
                rulebook=rulebook,
                rulebook_content=content,
                as_of=legal_today(),
                now=moment_now(),
            )
    except UnknownImport:  # dropped meanwhile: there is no page of it any more
        raise
    except GeoReviewError as error:
        if isinstance(error, Conflict) and error.code == "import_changed":
            pending = _pending(request, token)
            read = read_again(at, pending)
        return _page(request, pending, read, refusal=_refused(error, pending.target.code))
    where = project_page_address(confirmed.project_code)
    return RedirectResponse(where + ("?same=1" if confirmed.was_in_force else ""), status_code=303)


@router.post("/import/{token}/drop")
def drop(request: Request, token: str) -> Response:
    """Forget the file; one that was confirmed is with its project, and stays there."""
    with deployment(request).sessions.begin() as session:
        drop_upload(session, token)
    try:
        confirmed = _pending(request, token)
    except UnknownImport:
        return RedirectResponse("/import?dropped=1", status_code=303)
    return RedirectResponse(project_page_address(confirmed.target.code), status_code=303)


def _target(given: Submitted) -> ImportTarget:
    if given.project:
        return ImportTarget(code=given.project)
    return ImportTarget(code=checked_code("code", given.code), name=given.name, flow=given_flow(given.flow))


def _chosen_parcels(numbers: Sequence[int], offered: int) -> tuple[int, ...]:
    """Return the parcels that were ticked, nothing when it is all of them. None ticked of a table is refused."""
    ticked = sorted(set(numbers))
    if not ticked and 1 < offered <= MOST_ROWS:
        raise InvalidOption(
            code="no_parcel", message=say("importing.no_parcel"), remedy=say("importing.no_parcel_remedy")
        )
    return () if ticked == list(range(1, offered + 1)) else tuple(ticked)


def _refused(error: GeoReviewError, code: str) -> Refusal:
    link = f"/import?project={quote(code, safe='')}" if isinstance(error, ProjectExists) else ""
    return refusal_of(error, link=link)


def _pending(request: Request, token: str) -> PendingUpload:
    with deployment(request).sessions.begin() as session:
        return get_upload(session, token, now=moment_now())


def _as_shown(
    request: Request,
    pending: PendingUpload,
    understood: str,
    crs: str,
    layer: str,
    parcel: list[int] | None,
    accept: list[str] | None,
) -> ReadAgain | None:
    """What was shown, when the answers that the form was made with give it again; only to tell what has changed."""
    try:
        asked: Asked = given_asked(crs=crs, layer=layer, parcels=parcel or (), accept=accept)
    except GeoReviewError:
        return None
    before = read_again(deployment(request), pending, asked)
    return before if before.digest == understood else None


def _changes(before: ReadAgain | None, now: ReadAgain) -> tuple[str, ...]:
    if before is None:
        return (say("importing.changed_unknown"),)
    earlier = {fact.key: fact for fact in understanding_facts(before.document)}
    changed = []
    for fact in understanding_facts(now.document):
        was = earlier.get(fact.key)
        if was is not None and (was.value, was.status) != (fact.value, fact.status):
            changed.append(say("importing.changed_line", label=fact.label, before=was.value, after=fact.value))
    return tuple(changed) or (say("importing.changed_asked"),)


def _form(request: Request, given: Submitted, *, refusal: Refusal | None = None, dropped: bool = False) -> Response:
    project: StoredProject | None = None
    with deployment(request).sessions.begin() as session:
        samples = samples_published(session)
        if given.project:
            project = get_project(session, checked_code("code", given.project))
    return page(
        "import_form.html",
        status=refusal.status if refusal else 200,
        samples=samples,
        given=given,
        project=project,
        refusal=refusal,
        dropped=dropped,
    )


def _page(
    request: Request,
    pending: PendingUpload,
    read: ReadAgain,
    *,
    refusal: Refusal | None = None,
    changes: tuple[str, ...] = (),
) -> Response:
    at = deployment(request)
    shown = show_import(at, pending, read)
    with at.sessions.begin() as session:
        samples = samples_published(session)
        project = get_project(session, pending.target.code) if pending.target.name is None else None
    return page(
        "import_check.html",
        status=refusal.status if refusal else 409 if changes else 200,
        map_fragment=shown.map_fragment,
        headers=_PRIVATE,
        samples=samples,
        pending=pending,
        project=project,
        shown=shown,
        told_refusal=refusal_of(shown.refusal) if shown.refusal else None,
        refusal=refusal,
        changes=changes,
        kept_until=pending.created_at + KEPT,
    )
