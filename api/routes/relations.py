"""Red lines beside others and after others: neighbours, lineage, drift. Reads only."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from api import relation_schemas as schemas
from api.deployment import deployment
from api.given import given_day, given_rulebook
from geo_review.identifiers import checked_code
from geo_review.report.neighbour_document import lineage_finding_document, neighbour_document
from geo_review.review.lineage import ParentNamed
from geo_review.store.lineage import family
from geo_review.store.neighbours import list_neighbours
from geo_review.usecases.drift_report import before, drift_report, named_version, report_document, stage_drifts
from geo_review.usecases.lineage_of import family_document, findings_in_force

router = APIRouter(tags=["relations"])

Version = Annotated[int, Path(ge=1, le=2**31 - 1, description="1, 2, … within the project.")]
RulebookName = Annotated[str | None, Query(max_length=128, description="Whose layers are looked at.")]
AsOf = Annotated[str | None, Query(max_length=32, description="Legal date of the layers, YYYY-MM-DD; today without.")]


@router.get(
    "/projects/{code}/neighbours", operation_id="list_neighbours", summary="The neighbours of the red line in force"
)
def neighbours(request: Request, code: str) -> schemas.NeighbourList:
    """Return double allocation, strips, relatives and shared edges, the worst first. A withdrawn project has none."""
    checked_code("code", code)
    with deployment(request).sessions.begin() as session:
        found = list_neighbours(session, code)
    return schemas.NeighbourList.model_validate(
        {"code": code, "neighbours": [neighbour_document(one) for one in found]}
    )


@router.get("/projects/{code}/lineage", operation_id="get_lineage", summary="Which red line was drawn from which")
def lineage(request: Request, code: str) -> schemas.Lineage:
    """Return every red line tied to the project's by parents and children, across projects."""
    checked_code("code", code)
    with deployment(request).sessions.begin() as session:
        members, findings = family(session, code), findings_in_force(session, code)
    return schemas.Lineage.model_validate(
        {
            "code": code,
            "versions": [family_document(member) for member in members],
            "findings": [lineage_finding_document(finding) for finding in findings],
        }
    )


@router.get(
    "/projects/{code}/boundaries/{version}/drift",
    operation_id="get_drift",
    summary="What changed from another red line to this one",
)
def drift(
    request: Request,
    code: str,
    version: Version,
    from_: Annotated[
        str | None,
        Query(
            alias="from",
            max_length=300,
            description="A version of this project, or `CODE@VERSION`; without, the version before, or the parent.",
            examples=["1"],
        ),
    ] = None,
    rulebook: RulebookName = None,
    as_of: AsOf = None,
) -> schemas.DriftReport:
    """Return land in, land out, land unchanged, and the layers newly met, no longer met, or met otherwise."""
    checked_code("code", code)
    book, day = given_rulebook(rulebook)[0], given_day(as_of)
    later = ParentNamed(code=code, version=version)
    with deployment(request).sessions.begin() as session:
        earlier = named_version(code, from_) if from_ else before(session, later)
        report = drift_report(session, earlier, later, rulebook=book, as_of=day)
    return schemas.DriftReport.model_validate(report_document(report))


@router.get("/projects/{code}/drift", operation_id="get_stage_drifts", summary="What changed from permit to permit")
def stages(request: Request, code: str, rulebook: RulebookName = None, as_of: AsOf = None) -> schemas.StageDrifts:
    """Return the drift between the latest red lines of each stage, in the order of the stages."""
    checked_code("code", code)
    book, day = given_rulebook(rulebook)[0], given_day(as_of)
    with deployment(request).sessions.begin() as session:
        reports = stage_drifts(session, code, rulebook=book, as_of=day)
    return schemas.StageDrifts.model_validate({"code": code, "drifts": [report_document(report) for report in reports]})
