"""The quick check: a red line in, a verdict on the page, nothing stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, Response, UploadFile

from api.deployment import Deployment, deployment
from api.given import given_day, given_flow, given_plan_values, given_rulebook
from api.pages.refusal import Refusal, refusal_of
from api.pages.rendering import page
from api.pages.shown_review import ShownReview, show_review
from api.reading import given_asked, read_upload
from api.uploads import received
from geo_review.errors import GeoReviewError
from geo_review.report.document import to_document
from geo_review.rules.load import DEFAULT_RULEBOOK, packaged_rulebook, packaged_rulebooks
from geo_review.settings import legal_today
from geo_review.usecases.judge_red_line import review_file
from geo_review.usecases.published_samples import samples_published
from geo_review.usecases.run_review import map_context, published_near

router = APIRouter()


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What stands in the form."""

    flow: str = ""
    as_of: str = ""
    rulebook: str = DEFAULT_RULEBOOK
    crs: str = ""
    layer: str = ""
    values: str = ""
    accept: tuple[str, ...] = ()


@router.get("/check")
def form(request: Request) -> Response:
    """Show the empty form."""
    return _page(request, Asked())


@router.post("/check")
def check(
    request: Request,
    flow: Annotated[str, Form()] = "",
    as_of: Annotated[str, Form()] = "",
    rulebook: Annotated[str, Form()] = "",
    crs: Annotated[str, Form()] = "",
    layer: Annotated[str, Form()] = "",
    values: Annotated[str, Form()] = "",
    accept: Annotated[list[str] | None, Form()] = None,
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Review a file against the published layers and show the result."""
    asked = Asked(
        flow=flow, as_of=as_of, rulebook=rulebook, crs=crs, layer=layer, values=values, accept=tuple(accept or ())
    )
    try:
        return _page(request, asked, shown=_reviewed(deployment(request), asked, file))
    except GeoReviewError as error:
        return _page(request, asked, refusal=refusal_of(error))


def _reviewed(at: Deployment, asked: Asked, file: UploadFile | None) -> ShownReview:
    rulebook, _ = given_rulebook(asked.rulebook)
    as_of = given_day(asked.as_of)
    values = given_plan_values(asked.values)
    if asked.flow and (flow := given_flow(asked.flow)):
        values["flow"] = flow
    of_file = given_asked(crs=asked.crs, layer=asked.layer, accept=asked.accept)
    boundary = read_upload(at, received(file), of_file)
    with at.sessions.begin() as session:
        report = review_file(published_near(session, boundary, rulebook, as_of), boundary, rulebook, as_of, values)
        context = map_context(session, boundary, rulebook, as_of)
    return show_review(to_document(report), context)


def _page(
    request: Request, asked: Asked, *, shown: ShownReview | None = None, refusal: Refusal | None = None
) -> Response:
    with deployment(request).sessions.begin() as session:
        samples = samples_published(session)
    return page(
        "check.html",
        status=refusal.status if refusal else 200,
        map_fragment=shown.map_fragment if shown else None,
        samples=samples,
        asked=asked,
        shown=shown,
        refusal=refusal,
        today=legal_today(),
        rulebooks=[(name, packaged_rulebook(name)) for name in packaged_rulebooks()],
    )
