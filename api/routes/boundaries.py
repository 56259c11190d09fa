"""Red lines of projects: submitted as versions, told with their geometry, given back byte for byte."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response, UploadFile
from pydantic import Field

from api import schemas
from api.deployment import deployment
from api.downloads import download
from api.origin_fields import OriginFields
from api.reading import given_asked, read_upload
from api.routes import stored
from api.routes.understandings import DryRun, is_dry, understood
from api.understanding_schemas import Understanding
from api.uploads import received
from geo_review.identifiers import checked_code
from geo_review.settings import moment_now
from geo_review.store.boundaries import get_boundary, get_file, list_boundaries
from geo_review.store.projects import get_project
from geo_review.usecases.submission_told import told_submission
from geo_review.usecases.submit_project import submit_boundary

router = APIRouter(tags=["red lines"])

Version = Annotated[int, Path(ge=1, le=2**31 - 1, description="1, 2, … within the project.")]


class BoundaryForm(OriginFields):
    """A red line as the surveyor handed it in."""

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


@router.post(
    "/projects/{code}/boundaries",
    status_code=201,
    operation_id="submit_boundary",
    summary="Submit the next version of a red line",
    response_model=schemas.StoredBoundary,
    responses={
        200: {
            "model": schemas.StoredBoundary | Understanding,
            "description": "The same file is in force already; with `dry_run`, what was understood of it.",
        }
    },
)
def submit(
    request: Request,
    response: Response,
    code: str,
    form: Annotated[BoundaryForm, Form(media_type="multipart/form-data")],
    dry_run: DryRun = "0",
) -> schemas.StoredBoundary | Response:
    """Store the next version; the versions before it stay. The file that is in force already is not stored twice."""
    at = deployment(request)
    checked_code("code", code)
    asked = given_asked(crs=form.crs, layer=form.layer, parcels=form.parcel, accept=form.accept)
    file = received(form.file)
    if is_dry(dry_run):
        with at.sessions.begin() as session:
            get_project(session, code)
        return understood(at, file, asked, code=code, origin=form.origin)
    boundary = read_upload(at, file, asked)
    with at.sessions.begin() as session:
        made = submit_boundary(
            session,
            code,
            file,
            boundary,
            origin=form.origin,
            now=moment_now(),
        )
        told = told_submission(session, made)
    response.status_code = 201 if made.is_new else 200
    response.headers["Location"] = f"{stored.project_address(code)}/boundaries/{made.version}"
    return stored.boundary(made, is_new=made.is_new, told=told)


@router.get("/projects/{code}/boundaries", operation_id="list_boundaries", summary="The versions of a red line")
def list_(request: Request, code: str) -> schemas.BoundaryList:
    """Return every version, the latest first."""
    checked_code("code", code)
    with deployment(request).sessions.begin() as session:
        get_project(session, code)
        lines = list_boundaries(session, code)
    return schemas.BoundaryList(boundaries=[stored.boundary_summary(line) for line in lines])


@router.get(
    "/projects/{code}/boundaries/{version}", operation_id="get_boundary", summary="A red line with its geometry"
)
def get(request: Request, code: str, version: Version) -> schemas.StoredBoundary:
    """Return one version: areas, issues and geometry as a report has them."""
    checked_code("code", code)
    with deployment(request).sessions.begin() as session:
        return stored.boundary(get_boundary(session, code, version))


@router.get(
    "/projects/{code}/boundaries/{version}/file",
    operation_id="get_boundary_file",
    summary="The original file",
    response_class=Response,
    responses={200: {"description": "Byte for byte as it was handed in.", "content": {"application/octet-stream": {}}}},
)
def get_original(request: Request, code: str, version: Version) -> Response:
    """Return the original file of a red line, byte for byte."""
    checked_code("code", code)
    with deployment(request).sessions.begin() as session:
        file = get_file(session, code, version)
    # Never a type that a browser would run: the bytes are a stranger's.
    return download(file.content, name=file.name, media_type="application/octet-stream")
