"""Stored values as the API shows them. Reads no store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from urllib.parse import quote

from api import relation_schemas, schemas
from geo_review.identifiers import unusual_xmdm
from geo_review.report.document import boundary_document
from geo_review.report.neighbour_document import lineage_finding_document, neighbour_document
from geo_review.review.neighbours import Neighbour
from geo_review.rules.rulebook import Rulebook
from geo_review.store.boundaries import BoundaryLine, StoredBoundary
from geo_review.store.control_layers import LayerVersion
from geo_review.store.projects import ProjectLine, StoredProject
from geo_review.store.reviews import ReviewLine
from geo_review.usecases.submission_told import ToldSubmission


def project_address(code: str) -> str:
    """Return the address of a project in the API."""
    return f"/api/v1/projects/{quote(code, safe='')}"


def project_summary(line: ProjectLine) -> schemas.ProjectSummary:
    """Return a line of the list."""
    fields = asdict(line)
    return schemas.ProjectSummary(area_planar_m2=fields.pop("planar_area_m2"), **fields)


def project(
    stored: StoredProject,
    boundaries: Sequence[BoundaryLine],
    reviews: Sequence[ReviewLine],
    *,
    neighbours: Sequence[Neighbour] = (),
) -> schemas.Project:
    """Return a project with its red lines, their neighbours, and reviews."""
    return schemas.Project(
        **asdict(stored),
        warning=unusual_xmdm(stored.code),
        boundaries=[boundary_summary(line) for line in boundaries],
        reviews=[review_summary(line) for line in reviews],
        neighbours=[shown_neighbour(one) for one in neighbours],
    )


def boundary_summary(line: BoundaryLine) -> schemas.BoundarySummary:
    """Return a version of a red line without its geometry."""
    fields = asdict(line)
    return schemas.BoundarySummary(area_planar_m2=fields.pop("planar_area_m2"), **fields)


def shown_neighbour(neighbour: Neighbour) -> relation_schemas.Neighbour:
    """Return a neighbour with its sentence."""
    return relation_schemas.Neighbour.model_validate(neighbour_document(neighbour))


def boundary(
    stored: StoredBoundary, *, is_new: bool | None = None, told: ToldSubmission | None = None
) -> schemas.StoredBoundary:
    """Return a red line with its geometry, as a report has it; ``told`` when it was just submitted."""
    return schemas.StoredBoundary(
        project_code=stored.project_code,
        version=stored.version,
        submitted_at=stored.submitted_at,
        is_new=is_new,
        relation=stored.relation,
        stage=stored.stage,
        parents=[relation_schemas.BoundaryRef(code=parent.code, version=parent.version) for parent in stored.parents],
        lineage=None
        if told is None
        else [
            relation_schemas.LineageFinding.model_validate(lineage_finding_document(finding))
            for finding in told.findings
        ],
        neighbours=None if told is None else [shown_neighbour(one) for one in told.neighbours],
        boundary=boundary_document(stored.boundary),
    )


def review_summary(line: ReviewLine) -> schemas.ReviewSummary:
    """Return a review without its report."""
    wanted = schemas.ReviewSummary.model_fields
    return schemas.ReviewSummary(**{name: getattr(line, name) for name in wanted})


def layer(version: LayerVersion, *, in_force_on: Sequence[LayerVersion]) -> schemas.Layer:
    """Return a version of a layer; ``in_force_on`` are those in force on the day asked for."""
    return schemas.Layer(
        code=version.layer_code,
        title=version.title,
        version=version.version,
        state=version.state,
        in_force=any(version.id == other.id for other in in_force_on),
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        coverage="declared" if version.coverage_sha256 else "assumed",
        accuracy_m=version.accuracy_m,
        source=version.source,
        feature_count=version.feature_count,
        sha256=version.sha256,
        published_at=version.published_at,
    )


def rulebook_summary(name: str, book: Rulebook) -> schemas.RulebookSummary:
    """Return a rulebook without its rules."""
    return schemas.RulebookSummary(
        name=name,
        id=book.id,
        edition=book.edition,
        title=book.title,
        sha256=book.sha256,
        rules=len(book.rule),
        layers=list(book.layer_codes),
    )
