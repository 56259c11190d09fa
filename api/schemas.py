"""What goes in and out as JSON, for the OpenAPI document and for the checks of a call. Computes nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from api.relation_schemas import BoundaryRef, LineageFinding, Neighbour
from api.understanding_schemas import LayerChoice
from geo_review.review.findings import Verdict
from geo_review.review.lineage import Relation
from geo_review.review.neighbours import Standing
from geo_review.store.control_layers import LayerState

Code = Annotated[str, Field(max_length=256, examples=["2026-410902-47-01-012345"])]
Name = Annotated[str, Field(max_length=300, examples=["华龙区任丘路东侧住宅项目"])]
Flow = Annotated[str | None, Field(max_length=64, examples=["industrial"])]
# More digits than a version or a review ever has; PostgreSQL's integer ends here.
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewProject(_Given):
    """A project, without its red line."""

    code: Code
    name: Name
    flow: Flow = Field(default=None, description="The project's approval flow; rules apply by it.")
    attributes: dict[str, Any] = Field(
        default_factory=dict,
        description="Values of the project by plan attribute, texts or numbers, for rules of kind `compare`.",
        examples=[{"RJL": "1.8", "LDL": "35"}],
    )


class NewReview(_Given):
    """What a review is made with; everything may be left out."""

    rulebook: str | None = Field(default=None, max_length=128, description="Name of a packaged rulebook.")
    as_of: str | None = Field(
        default=None, max_length=32, description="Legal date, YYYY-MM-DD; today without.", examples=["2026-11-23"]
    )
    set: dict[str, Any] = Field(
        default_factory=dict, description="Values that go before the stored ones, for this review only."
    )
    version: Number | None = Field(default=None, description="Version of the red line; the latest without.")


class ProjectSummary(BaseModel):
    """A line of the list: the latest red line, and the latest review of that very red line."""

    code: str
    name: str
    flow: str | None
    is_sample: bool = Field(description="样例数据: made up, not a real project.")
    created_at: datetime
    standing: Standing
    boundary_version: int | None
    submitted_at: datetime | None
    area_planar_m2: float | None
    lon_deg: float | None
    lat_deg: float | None
    review_id: int | None
    verdict: Verdict | None = Field(description="null: the latest red line has not been reviewed.")
    as_of: date | None
    reviewed_at: datetime | None


class ProjectList(BaseModel):
    """Some projects, newest first, and how many there are in all under the same conditions."""

    total: int
    limit: int
    offset: int
    projects: list[ProjectSummary]


class BoundarySummary(BaseModel):
    """A version of a red line without its geometry."""

    version: int
    submitted_at: datetime
    file_name: str
    sha256: str
    format: str
    crs_epsg: int
    area_planar_m2: float
    relation: Relation = Field(description="What it is to the red lines it was drawn from.")
    stage: int | None = Field(description="The permit it was handed in for, 1 to 4; null: not said.")


class ReviewSummary(BaseModel):
    """A review without its report."""

    id: int
    project_code: str
    boundary_version: int
    as_of: date
    rulebook_id: str
    rulebook_edition: str
    rulebook_sha256: str
    verdict: Verdict
    document_sha256: str = Field(description="SHA-256 of the report's bytes.")
    created_at: datetime


class Project(BaseModel):
    """A project with its red lines and reviews, the latest first."""

    code: str
    name: str
    flow: str | None
    attributes: dict[str, str]
    is_sample: bool
    created_at: datetime
    standing: Standing = Field(description="A withdrawn project claims no land.")
    warning: str | None = Field(default=None, description="What is unusual about its code, in a sentence.")
    boundaries: list[BoundarySummary]
    reviews: list[ReviewSummary]
    neighbours: list[Neighbour] = Field(
        description="How its red line in force lies to the others in force, the worst first."
    )


class StoredBoundary(BaseModel):
    """A red line as stored."""

    project_code: str
    version: int
    submitted_at: datetime
    is_new: bool | None = Field(
        default=None, description="On a submission: false when the same file was in force already."
    )
    relation: Relation
    stage: int | None
    parents: list[BoundaryRef]
    lineage: list[LineageFinding] | None = Field(
        default=None, description="On a submission: what does not agree with the red lines it was drawn from."
    )
    neighbours: list[Neighbour] | None = Field(
        default=None, description="On a submission: how it lies to the other red lines in force, the worst first."
    )
    boundary: dict[str, Any] = Field(
        description="As in a report: format, file, crs, areas, parcels, issues, geometry (lon/lat)."
    )


class BoundaryList(BaseModel):
    """Every version of a red line, the latest first."""

    boundaries: list[BoundarySummary]


class ReviewList(BaseModel):
    """Every review of a project, the latest first."""

    reviews: list[ReviewSummary]


class Layer(BaseModel):
    """One version of a control layer."""

    code: str
    title: str
    version: str
    state: LayerState
    in_force: bool = Field(description="Published, and in force on the date asked for.")
    valid_from: date | None
    valid_to: date | None = Field(description="The first day it is no longer in force.")
    coverage: str = Field(description="`declared`: where it was surveyed is known; `assumed`: everywhere.")
    accuracy_m: float | None
    source: str | None
    feature_count: int
    sha256: str
    published_at: datetime | None


class LayerList(BaseModel):
    """The versions of control layers by code, the latest loaded first."""

    as_of: date
    layers: list[Layer]


class RulebookSummary(BaseModel):
    """A rulebook that comes with the package."""

    name: str
    id: str
    edition: str
    title: str | None
    sha256: str
    rules: int
    layers: list[str]


class RulebookList(BaseModel):
    """The rulebooks that come with the package."""

    rulebooks: list[RulebookSummary]


class ProblemDetails(BaseModel):
    """What is wrong (RFC 9457). `code` is stable; the sentences are for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    remedy: str | None = None
    errors: list[FieldMistake] | None = None
    choices: list[LayerChoice] | None = Field(
        default=None, description="Of a file with several layers: what may be sent as `layer`."
    )


class FieldMistake(BaseModel):
    """One mistake: in a field of the call, or at a place in the file (parcel, ring, point, line)."""

    message: str
    field: str | None = None


class Report(BaseModel):
    """A report, schema `geo-review/report/1`, byte for byte as it was made. Numbers are unrounded."""

    model_config = ConfigDict(extra="allow")

    schema_: str = Field(alias="schema", examples=["geo-review/report/1"])
    verdict: Verdict
    as_of: date
    engine: dict[str, str]
    rulebook: dict[str, Any]
    project: dict[str, str]
    boundary: dict[str, Any]
    results: list[dict[str, Any]]
    not_applicable: list[dict[str, Any]]
    notes: list[str]


class RerunDifference(BaseModel):
    """A field of the report that is not the same."""

    path: str = Field(examples=["results[2].area_planar_m2"])
    then: Any
    now: Any
    cause: str = Field(description="`engine`, `layers` (from before versions were kept) or `unexplained`.")


class Rerun(BaseModel):
    """What came of making a review again from what it was made with. Nothing is stored."""

    review: int
    same: bool = Field(description="The same bytes.")
    sha256_then: str
    sha256_now: str
    differences: list[RerunDifference]


class Health(BaseModel):
    """It is there."""

    status: str = Field(examples=["ok"])
