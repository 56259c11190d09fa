"""What a red-line file is understood as, told before anything is stored. Stores nothing and judges nothing."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request, Response, UploadFile
from pydantic import BaseModel, ConfigDict, Field

from api.deployment import Deployment, deployment
from api.problems import problem_of
from api.reading import given_asked, understand_upload
from api.understanding_schemas import Understanding
from api.uploads import received
from geo_review.boundary.asked import Asked
from geo_review.boundary.received import ReceivedFile
from geo_review.errors import GeoReviewError
from geo_review.report.document import to_bytes
from geo_review.report.neighbour_document import neighbour_document
from geo_review.report.understanding_document import understanding_document
from geo_review.review.lineage import NOTHING_SAID, Origin
from geo_review.usecases.keep_neighbours import preview_neighbours

router = APIRouter(tags=["red lines"])

DryRun = Annotated[
    Literal["0", "1", "true", "false"],
    Query(description="`1`: only tell what is understood of the file (200, `Understanding`); nothing is stored."),
]
_SWITCHED_ON = ("1", "true")


class UnderstandingForm(BaseModel):
    """A red line to be understood and kept nowhere."""

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


@router.post(
    "/understandings",
    operation_id="understand_file",
    summary="Tell what is understood of a red-line file, and why",
    response_class=Response,
    responses={
        200: {"model": Understanding, "description": "What was understood; `accepted` says whether it is taken."}
    },
)
def understand(
    request: Request, form: Annotated[UnderstandingForm, Form(media_type="multipart/form-data")]
) -> Response:
    """Tell format, encoding, reference system, parcels, areas and issues with their reasons. Nothing is stored.

    A file that is refused is answered in the same way, with `accepted` false and the refusal.
    """
    asked = given_asked(crs=form.crs, layer=form.layer, parcels=form.parcel, accept=form.accept)
    return understood(deployment(request), received(form.file), asked)


def is_dry(dry_run: str) -> bool:
    """Tell whether a call asks to be told only."""
    return dry_run in _SWITCHED_ON


def understood(
    at: Deployment, file: ReceivedFile, asked: Asked, *, code: str | None = None, origin: Origin = NOTHING_SAID
) -> Response:
    """Return the understanding of a file with its neighbours, a refusal told in the words of the API.

    ``code`` is the project that it would be of, ``origin`` what is said of where it comes from.
    """
    seen = understand_upload(at, file, asked)
    document = understanding_document(seen) | {"neighbours": None}
    if seen.refusal is not None:
        document["refusal"] |= _told(seen.refusal)
    else:
        with at.sessions.begin() as session:
            found = preview_neighbours(session, seen.accepted(), code=code, origin=origin)
        document["neighbours"] = [neighbour_document(one) for one in found]
    return Response(to_bytes(document), media_type="application/json")


def _told(refusal: GeoReviewError) -> dict[str, object]:
    problem = problem_of(refusal)
    return {
        "message": problem.detail,
        "remedy": problem.remedy,
        "lines": [mistake.message for mistake in problem.errors],
    }
