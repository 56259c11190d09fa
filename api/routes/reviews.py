"""Reviews: made of stored red lines and kept, told in four forms, or made of a file and kept nowhere."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response, UploadFile
from pydantic import BaseModel, ConfigDict, Field

from api import schemas
from api.deployment import Deployment, deployment
from api.downloads import download
from api.given import checked_values, given_day, given_rulebook, given_values
from api.reading import given_asked, read_upload
from api.routes import stored
from api.security_headers import alone_policy
from api.uploads import MOST_JSON_BYTES, MOST_RULEBOOK_BYTES, content_of, received, safe_name
from geo_review.errors import InvalidOption
from geo_review.identifiers import checked_code
from geo_review.report.document import to_bytes, to_document, to_geojson
from geo_review.report.html import render_html
from geo_review.report.pdf import render_pdf
from geo_review.rules.load import parse_rulebook
from geo_review.rules.rulebook import Rulebook
from geo_review.settings import moment_now
from geo_review.store.reviews import get_review, list_reviews
from geo_review.usecases.judge_red_line import review_file
from geo_review.usecases.recall_review import RecalledReview, recall_review
from geo_review.usecases.repeat_review import repeat_review, repeated_document
from geo_review.usecases.run_review import published_near, review_project
from geo_review.wording import say

router = APIRouter(tags=["reviews"])

_REPORT = {"$ref": "#/components/schemas/Report"}
ReviewId = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the review.")]


@router.post(
    "/projects/{code}/reviews",
    status_code=201,
    operation_id="review_project",
    summary="Review a stored red line and keep the report",
    max_body_size=MOST_JSON_BYTES,
)
def create(
    request: Request, response: Response, code: str, body: schemas.NewReview | None = None
) -> schemas.ReviewSummary:
    """Review against the published layers in force on the legal date. The report is at `Location`."""
    checked_code("code", code)
    body = body or schemas.NewReview()
    rulebook, content = given_rulebook(body.rulebook)
    as_of, values = given_day(body.as_of), checked_values(body.set, field="set")
    with deployment(request).sessions.begin() as session:
        made = review_project(
            session,
            code=code,
            version=body.version,
            rulebook=rulebook,
            rulebook_content=content,
            as_of=as_of,
            set_values=values,
            now=moment_now(),
        )
    response.headers["Location"] = f"/api/v1/reviews/{made.id}"
    return stored.review_summary(made)


@router.get("/projects/{code}/reviews", operation_id="list_reviews", summary="The reviews of a project")
def list_(request: Request, code: str) -> schemas.ReviewList:
    """Return every review, the latest first."""
    checked_code("code", code)
    with deployment(request).sessions.begin() as session:
        lines = list_reviews(session, code)
    return schemas.ReviewList(reviews=[stored.review_summary(line) for line in lines])


class ReviewForm(BaseModel):
    """A red line to be reviewed and kept nowhere."""

    model_config = ConfigDict(extra="forbid")

    file: UploadFile | None = Field(default=None, description="A red line of any supported format, at most 64 MiB.")
    crs: str | None = Field(default=None, max_length=32, description="EPSG code, when the file leaves it open.")
    layer: str | None = Field(
        default=None,
        max_length=300,
        description="Which layer, table, sheet or member of a zip, when there are several.",
    )
    parcel: list[int] = Field(
        default_factory=list, max_length=10_000, description="Which parcels, from 1 in file order; all without."
    )
    accept: list[str] = Field(
        default_factory=list, description="Geometry issues answered for: `repeated_point`, `spike`."
    )
    rulebook: str | None = Field(default=None, max_length=128, description="Name of a packaged rulebook.")
    rulebook_file: UploadFile | None = Field(default=None, description="A rulebook of your own (TOML).")
    as_of: str | None = Field(default=None, max_length=32, description="Legal date, YYYY-MM-DD; today without.")
    set: list[str] = Field(
        default_factory=list,
        description="KEY=VALUE, as often as wanted: the flow and the values of the project.",
        examples=[["flow=industrial", "RJL=1.8"]],
    )


@router.post(
    "/reviews",
    operation_id="review_file",
    summary="Review a red line that is stored nowhere",
    response_class=Response,
    responses={200: {"description": "The report.", "content": {"application/json": {"schema": _REPORT}}}},
)
def check(request: Request, form: Annotated[ReviewForm, Form(media_type="multipart/form-data")]) -> Response:
    """Review a file against the published layers. Nothing is stored; the answer is the report itself."""
    at = deployment(request)
    as_of, values = given_day(form.as_of), given_values(form.set)
    rulebook = _rulebook(form)
    asked = given_asked(crs=form.crs, layer=form.layer, parcels=form.parcel, accept=form.accept)
    boundary = read_upload(at, received(form.file), asked)
    with at.sessions.begin() as session:
        report = review_file(published_near(session, boundary, rulebook, as_of), boundary, rulebook, as_of, values)
    return Response(to_bytes(to_document(report)), media_type="application/json")


# The suffixes first: an id alone would take "12.pdf" for a number and refuse it.
@router.get(
    "/reviews/{review_id}.pdf",
    operation_id="get_review_pdf",
    summary="A review as PDF/A-2b",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}},
)
def get_pdf(request: Request, review_id: ReviewId) -> Response:
    """Return the report to be signed, with a map at a true scale and the control lines of its legal date."""
    recalled = _recalled(deployment(request), review_id)
    content = render_pdf(recalled.review.document, context=recalled.context)
    return download(content, name=_name(recalled, "pdf"), media_type="application/pdf", inline=True)


@router.get(
    "/reviews/{review_id}.html",
    operation_id="get_review_html",
    summary="A review as one page with a map",
    response_class=Response,
    responses={200: {"content": {"text/html": {}}}},
)
def get_html(request: Request, review_id: ReviewId) -> Response:
    """Return the report as one page that asks for nothing else, to be kept and opened anywhere."""
    recalled = _recalled(deployment(request), review_id)
    page = render_html(recalled.review.document, context=recalled.context)
    return download(
        page.encode(),
        name=_name(recalled, "html"),
        media_type="text/html; charset=utf-8",
        inline=True,
        headers={"Content-Security-Policy": alone_policy(page)},
    )


@router.get(
    "/reviews/{review_id}.geojson",
    operation_id="get_review_geojson",
    summary="The red line and every part found, for a GIS",
    response_class=Response,
    responses={200: {"content": {"application/geo+json": {}}}},
)
def get_geojson(request: Request, review_id: ReviewId) -> Response:
    """Return the red line and every part found as one FeatureCollection in EPSG:4490, longitude first."""
    with deployment(request).sessions.begin() as session:
        review = get_review(session, review_id)
    content = to_bytes(to_geojson(review.document))
    return download(content, name=f"{review.project_code}-{review.id}.geojson", media_type="application/geo+json")


@router.get(
    "/reviews/{review_id}/rerun",
    operation_id="rerun_review",
    summary="A review made again, as it was",
)
def rerun(request: Request, review_id: ReviewId) -> schemas.Rerun:
    """Judge the same red line by the same layer versions and rules again: the same bytes, or what differs and why."""
    with deployment(request).sessions.begin() as session:
        repeated = repeat_review(session, review_id)
    return schemas.Rerun.model_validate(repeated_document(repeated))


@router.get(
    "/reviews/{review_id}",
    operation_id="get_review",
    summary="A review's report, as it was made",
    response_class=Response,
    responses={200: {"description": "The report.", "content": {"application/json": {"schema": _REPORT}}}},
)
def get(request: Request, review_id: ReviewId) -> Response:
    """Return the report byte for byte as it was made; its SHA-256 is the ETag."""
    with deployment(request).sessions.begin() as session:
        review = get_review(session, review_id)
    return Response(
        review.document_bytes, media_type="application/json", headers={"ETag": f'"{review.document_sha256}"'}
    )


def _rulebook(form: ReviewForm) -> Rulebook:
    if form.rulebook_file is None or not form.rulebook_file.filename:
        return given_rulebook(form.rulebook)[0]
    if form.rulebook:
        raise InvalidOption(code="two_rulebooks", message=say("api.two_rulebooks"))
    content = content_of(form.rulebook_file, "rulebook_file", MOST_RULEBOOK_BYTES)
    return parse_rulebook(content, name=safe_name(form.rulebook_file.filename))


def _recalled(at: Deployment, review_id: int) -> RecalledReview:
    with at.sessions.begin() as session:
        return recall_review(session, review_id)


def _name(recalled: RecalledReview, suffix: str) -> str:
    return f"{recalled.review.project_code}-{recalled.review.id}.{suffix}"
