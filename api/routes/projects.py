"""Projects: stored, listed, told. A project may come with its red line in one call; then both are stored or neither."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response, UploadFile
from fastapi.routing import APIRoute
from pydantic import Field
from starlette.routing import Match
from starlette.types import Scope

from api import schemas
from api.deployment import deployment
from api.given import checked_values, given_values
from api.origin_fields import OriginFields
from api.reading import given_asked, read_upload
from api.routes import stored
from api.routes.understandings import DryRun, is_dry, understood
from api.understanding_schemas import Understanding
from api.uploads import MOST_JSON_BYTES, received
from geo_review.identifiers import checked_code, checked_text
from geo_review.review.findings import Verdict
from geo_review.settings import moment_now
from geo_review.store.boundaries import list_boundaries
from geo_review.store.neighbours import list_neighbours
from geo_review.store.projects import get_project, list_projects
from geo_review.store.reviews import list_reviews
from geo_review.usecases.submit_project import register_project, submit_project

MOST_LINES = 500
_LAST_LINE = 2**31 - 1

router = APIRouter(tags=["projects"])


class MultipartRoute(APIRoute):
    """A route for multipart/form-data only; whatever else is sent to the same address goes to the next route."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, child_scope = super().matches(scope)
        sent = dict(scope.get("headers") or ()).get(b"content-type", b"").lower()
        if match is Match.FULL and not sent.startswith(b"multipart/form-data"):
            return Match.NONE, {}
        return match, child_scope


class ProjectForm(OriginFields):
    """A project with its red line."""

    code: schemas.Code
    name: schemas.Name
    file: UploadFile | None = Field(default=None, description="The red line, of any supported format, at most 64 MiB.")
    flow: schemas.Flow = None
    attributes: list[str] = Field(default_factory=list, description="KEY=VALUE, as often as wanted.")
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


def create_with_red_line(
    request: Request,
    response: Response,
    form: Annotated[ProjectForm, Form(media_type="multipart/form-data")],
    dry_run: DryRun = "0",
) -> schemas.Project | Response:
    """Store a project and its red line, both or neither.

    Send `multipart/form-data` with a `file`, or JSON for a project whose red line comes later.
    """
    at = deployment(request)
    attributes = given_values(form.attributes, field="attributes")
    asked = given_asked(crs=form.crs, layer=form.layer, parcels=form.parcel, accept=form.accept)
    file = received(form.file)
    if is_dry(dry_run):
        checked_code("code", form.code)
        return understood(at, file, asked, code=form.code, origin=form.origin)
    boundary = read_upload(at, file, asked)
    with at.sessions.begin() as session:
        submit_project(
            session,
            code=form.code,
            name=form.name,
            flow=form.flow or None,
            attributes=attributes,
            file=file,
            boundary=boundary,
            origin=form.origin,
            now=moment_now(),
        )
        found = stored.project(
            get_project(session, form.code),
            list_boundaries(session, form.code),
            (),
            neighbours=list_neighbours(session, form.code),
        )
    response.headers["Location"] = stored.project_address(found.code)
    return found


def create(request: Request, response: Response, body: schemas.NewProject, dry_run: DryRun = "0") -> schemas.Project:
    """Store a project whose red line comes later."""
    at = deployment(request)
    if is_dry(dry_run):
        received(None)  # refuses: without a file there is nothing to understand
    attributes = checked_values(body.attributes, field="attributes")
    with at.sessions.begin() as session:
        made = register_project(
            session, code=body.code, name=body.name, flow=body.flow or None, attributes=attributes, now=moment_now()
        )
    response.headers["Location"] = stored.project_address(made.code)
    return stored.project(made, (), ())


# One address, two kinds of body: the one with files first, JSON for all the rest.
router.add_api_route(
    "/projects",
    create_with_red_line,
    methods=["POST"],
    status_code=201,
    response_model=schemas.Project,
    responses={200: {"model": Understanding, "description": "With `dry_run`: what was understood of the file."}},
    operation_id="create_project",
    summary="Store a project, with its red line or without",
    route_class_override=MultipartRoute,
    openapi_extra={
        "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewProject"}}}}
    },
)
router.add_api_route(
    "/projects", create, methods=["POST"], status_code=201, include_in_schema=False, max_body_size=MOST_JSON_BYTES
)


@router.get("/projects", operation_id="list_projects", summary="List projects with their latest verdict")
def list_(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MOST_LINES, description="How many at most.")] = 50,
    offset: Annotated[int, Query(ge=0, le=_LAST_LINE, description="How many to pass over.")] = 0,
    verdict: Annotated[Verdict | None, Query(description="Only those last found so.")] = None,
    unreviewed: Annotated[bool, Query(description="Only those whose latest red line has no review.")] = False,
    search: Annotated[str | None, Query(max_length=200, description="A part of the code or the name.")] = None,
) -> schemas.ProjectList:
    """List projects, newest first."""
    text = checked_text("search", search or "")
    with deployment(request).sessions.begin() as session:
        page = list_projects(
            session, limit=limit, offset=offset, verdict=verdict, unreviewed=unreviewed, search=text or None
        )
    lines = [stored.project_summary(line) for line in page.lines]
    return schemas.ProjectList(total=page.total, limit=limit, offset=offset, projects=lines)


@router.get("/projects/{code}", operation_id="get_project", summary="A project with its red lines and reviews")
def get(request: Request, code: str) -> schemas.Project:
    """Return a project with every version of its red line and every review."""
    checked_code("code", code)
    with deployment(request).sessions.begin() as session:
        return stored.project(
            get_project(session, code),
            list_boundaries(session, code),
            list_reviews(session, code),
            neighbours=list_neighbours(session, code),
        )
