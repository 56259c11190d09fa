"""A project's page: its verdict, its map, what was found and where, its versions, and the forms for the next ones."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.deployment import deployment
from api.given import given_day, given_flow, given_plan_values, given_rulebook
from api.pages.refusal import Refusal, refusal_of
from api.pages.rendering import page, project_page_address
from api.pages.shown_review import show_red_line, show_review
from geo_review.boundary.written_formats import WRITTEN_FORMATS
from geo_review.errors import GeoReviewError, UnknownReview
from geo_review.identifiers import checked_code, unusual_xmdm
from geo_review.report.document import boundary_document
from geo_review.report.facts import boundary_facts
from geo_review.rules.load import DEFAULT_RULEBOOK, packaged_rulebook, packaged_rulebooks
from geo_review.settings import legal_today, moment_now
from geo_review.store.boundaries import get_boundary, list_boundaries
from geo_review.store.neighbours import list_neighbours
from geo_review.store.projects import get_project
from geo_review.store.reviews import get_review, latest_review, list_reviews
from geo_review.usecases.published_samples import samples_published
from geo_review.usecases.recall_review import with_surroundings
from geo_review.usecases.run_review import review_project
from geo_review.usecases.submit_project import change_flow
from geo_review.wording import say

router = APIRouter()

_FLOW_FORM, _REVIEW_FORM = "flow", "review"


@router.get("/projects/{code}")
def show(request: Request, code: str, review: str = "", same: str = "") -> Response:
    """Show a project by its latest review, or by an earlier one."""
    number = int(review) if review.isascii() and review.isdecimal() and len(review) < 19 else None
    return _project(request, code, review_id=number, same=same == "1")


@router.get("/projects/{code}/")
def show_without_slash(code: str) -> Response:
    """Lead to the one address of the page."""
    return RedirectResponse(project_page_address(checked_code("code", code)), status_code=307)


@router.post("/projects/{code}/reviews")
def make_review(
    request: Request,
    code: str,
    as_of: Annotated[str, Form()] = "",
    rulebook: Annotated[str, Form()] = "",
    values: Annotated[str, Form()] = "",
) -> Response:
    """Review the latest red line and keep the report."""
    try:
        checked_code("code", code)
        book, content = given_rulebook(rulebook)
        with deployment(request).sessions.begin() as session:
            review_project(
                session,
                code=code,
                rulebook=book,
                rulebook_content=content,
                as_of=given_day(as_of),
                set_values=given_plan_values(values),
                now=moment_now(),
            )
    except GeoReviewError as error:
        return _project(request, code, refusal=refusal_of(error), refused_form=_REVIEW_FORM)
    return RedirectResponse(project_page_address(code), status_code=303)


@router.post("/projects/{code}/flow")
def choose_flow(request: Request, code: str, flow: Annotated[str, Form()] = "") -> Response:
    """Store the project's flow and review its red line with it: both, or nothing with the reason beside the form."""
    try:
        checked_code("code", code)
        chosen = given_flow(flow)
        book, content = given_rulebook(None)
        with deployment(request).sessions.begin() as session:
            change_flow(session, code, chosen)
            if list_boundaries(session, code):
                review_project(
                    session,
                    code=code,
                    rulebook=book,
                    rulebook_content=content,
                    as_of=legal_today(),
                    now=moment_now(),
                )
    except GeoReviewError as error:
        return _project(request, code, refusal=refusal_of(error), refused_form=_FLOW_FORM)
    return RedirectResponse(project_page_address(code), status_code=303)


def _project(
    request: Request,
    code: str,
    *,
    review_id: int | None = None,
    same: bool = False,
    refusal: Refusal | None = None,
    refused_form: str = "",
) -> Response:
    """Return the page. The session ends before anything is drawn: a map takes longer than its questions."""
    checked_code("code", code)
    with deployment(request).sessions.begin() as session:
        project, samples = get_project(session, code), samples_published(session)
        boundaries, reviews = list_boundaries(session, code), list_reviews(session, code)
        review = latest_review(session, code) if review_id is None else get_review(session, review_id)
        if review is not None and review.project_code != code:
            raise UnknownReview(code="unknown_review", message=say("store.unknown_review", id=review_id))
        recalled = with_surroundings(session, review) if review else None
        stored = get_boundary(session, code, review.boundary_version if review else None) if boundaries else None
        neighbours = list_neighbours(session, code)
    shown = show_review(recalled.review.document, recalled.context) if recalled else None
    return page(
        "project.html",
        status=refusal.status if refusal else 200,
        map_fragment=shown.map_fragment if shown else show_red_line(stored.boundary) if stored else None,
        samples=samples,
        project=project,
        warning=unusual_xmdm(code),
        same=same,
        boundaries=boundaries,
        written_formats=tuple(WRITTEN_FORMATS),
        neighbours=neighbours,
        reviews=reviews,
        review=review,
        shown=shown,
        is_latest=bool(review and reviews and review.id == reviews[0].id),
        shown_version=stored.version if stored else None,
        facts=boundary_facts({"boundary": boundary_document(stored.boundary)}) if stored else (),
        today=legal_today(),
        rulebooks=[(name, packaged_rulebook(name)) for name in packaged_rulebooks()],
        default_rulebook=DEFAULT_RULEBOOK,
        refusal=refusal,
        refused_form=refused_form,
    )
