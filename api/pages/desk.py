"""The officers' desk: the projects with their verdicts. The form beside them leads to `import_steps`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from api.deployment import deployment
from api.pages.rendering import page
from geo_review.errors import GeoReviewError
from geo_review.identifiers import checked_text
from geo_review.review.findings import Verdict
from geo_review.store.projects import ProjectPage, list_projects
from geo_review.store.reviews import latest_verdicts
from geo_review.usecases.published_samples import samples_published

router = APIRouter()

_LINES = 20
_LAST_PAGE = 100_000
_UNREVIEWED = "unreviewed"
_WORST_FIRST = ("fail", "incomplete", "consult", "pass", _UNREVIEWED)


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


def _desk(
    request: Request,
    *,
    search: str = "",
    verdict: str = "",
    number: int = 1,
    unknown_verdict: str = "",
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
