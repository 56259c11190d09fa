"""The officers' desk: the projects with their verdicts, and the form that stores and reviews a red line in one go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from api.deployment import deployment
from api.given import given_flow, given_rulebook
from api.pages.refusal import Refusal, refusal_of
from api.pages.rendering import page, project_page_address
from api.reading import given_asked, read_upload
from api.uploads import received
from geo_review.errors import Conflict, GeoReviewError
from geo_review.identifiers import checked_text
from geo_review.review.findings import Verdict
from geo_review.settings import legal_today, moment_now
from geo_review.store.projects import ProjectPage, list_projects
from geo_review.store.reviews import latest_verdicts
from geo_review.usecases.published_samples import samples_published
from geo_review.usecases.run_review import review_project
from geo_review.usecases.submit_project import submit_project

router = APIRouter()

_LINES = 20
_LAST_PAGE = 100_000
_UNREVIEWED = "unreviewed"
_WORST_FIRST = ("fail", "incomplete", "consult", "pass", _UNREVIEWED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Submitted:
    """What stands in the form; a file cannot be put back into one."""

    code: str = ""
    name: str = ""
    flow: str = ""
    crs: str = ""
    accept: tuple[str, ...] = ()


@router.get("/")
def desk(request: Request, q: str = "", verdict: str = "", page: str = "") -> Response:
    """Show the projects; a filter that does not exist is no filter, and is said to be none."""
    number = min(int(page), _LAST_PAGE) if page.isascii() and page.isdecimal() and len(page) < 9 else 1
    known = verdict in ("", *_WORST_FIRST)
    return _desk(
        request,
        search=q,
        verdict=verdict if known else "",
        number=max(number, 1),
        unknown_verdict="" if known else verdict,
    )


@router.get("/projects")
def projects() -> Response:
    """Lead who typed the address of the list to it."""
    return RedirectResponse("/", status_code=307)


@router.post("/projects")
def submit(
    request: Request,
    code: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    flow: Annotated[str, Form()] = "",
    crs: Annotated[str, Form()] = "",
    accept: Annotated[list[str] | None, Form()] = None,
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Store a project, its red line and its review: all of it, or nothing with the reason beside the form."""
    at = deployment(request)
    given = Submitted(code=code.strip(), name=name.strip(), flow=flow, crs=crs.strip(), accept=tuple(accept or ()))
    try:
        rulebook, content = given_rulebook(None)
        chosen, asked = given_flow(given.flow), given_asked(crs=given.crs, accept=given.accept)
        red_line = received(file)
        boundary = read_upload(at, red_line, asked)
        now = moment_now()
        with at.sessions.begin() as session:
            submit_project(
                session,
                code=given.code,
                name=given.name,
                flow=chosen,
                attributes={},
                file=red_line,
                boundary=boundary,
                now=now,
            )
            review_project(
                session,
                code=given.code,
                rulebook=rulebook,
                rulebook_content=content,
                as_of=legal_today(),
                now=now,
            )
    except GeoReviewError as error:
        link = project_page_address(given.code) if isinstance(error, Conflict) else ""
        return _desk(request, given=given, refusal=refusal_of(error, link=link))
    return RedirectResponse(project_page_address(given.code), status_code=303)


def _desk(
    request: Request,
    *,
    search: str = "",
    verdict: str = "",
    number: int = 1,
    unknown_verdict: str = "",
    given: Submitted | None = None,
    refusal: Refusal | None = None,
) -> Response:
    text = _searchable(search)
    with deployment(request).sessions.begin() as session:
        samples = samples_published(session)
        counts = _counts(session, text)
        listed = _listed(session, text, verdict, number)
        pages = max(1, -(-listed.total // _LINES))
        if number > pages:  # an old address: the list has become shorter
            number = pages
            listed = _listed(session, text, verdict, number)
    return page(
        "desk.html",
        status=refusal.status if refusal else 200,
        samples=samples,
        lines=listed.lines,
        total=listed.total,
        counts=[(code, counts[code]) for code in _WORST_FIRST if counts[code] or code != _UNREVIEWED],
        all_count=sum(counts.values()),
        search=text,
        verdict=verdict,
        unknown_verdict=unknown_verdict,
        number=number,
        pages=pages,
        before=_address(text, verdict, number - 1) if number > 1 else "",
        after=_address(text, verdict, number + 1) if number < pages else "",
        filters={code: _address(text, code, 1) for code in ("", *_WORST_FIRST)},
        given=given or Submitted(),
        refusal=refusal,
    )


def _counts(session: Session, search: str) -> Mapping[str, int]:
    """Return how many of the projects that are searched for have each verdict: the filters lead to just as many."""
    if not search:
        return Counter(str(found) if found else _UNREVIEWED for found in latest_verdicts(session).values())
    return {code: _listed(session, search, code, 1).total for code in _WORST_FIRST}


def _listed(session: Session, search: str, verdict: str, number: int) -> ProjectPage:
    return list_projects(
        session,
        limit=_LINES,
        offset=(number - 1) * _LINES,
        verdict=Verdict(verdict) if verdict in set(Verdict) else None,
        unreviewed=verdict == _UNREVIEWED,
        search=search or None,
    )


def _searchable(text: str) -> str:
    """Return a text that may be searched for; one that no project can contain finds nothing worth an error."""
    try:
        return checked_text("q", text.strip())
    except GeoReviewError:
        return ""


def _address(search: str, verdict: str, number: int) -> str:
    wanted = {"q": search, "verdict": verdict, "page": "" if number == 1 else str(number)}
    query = urlencode({name: value for name, value in wanted.items() if value})
    return f"/?{query}" if query else "/"
