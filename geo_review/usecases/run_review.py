"""A review made: layers gathered, the engine asked, the report kept. Decides nothing about the land itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from geo_review.boundary.model import Boundary
from geo_review.control.model import LayerNear
from geo_review.control.succession import in_force_or_nearest
from geo_review.report.document import to_document
from geo_review.report.map_context import MapContext
from geo_review.rules.rulebook import Rulebook, RuleKind
from geo_review.store.boundaries import get_boundary
from geo_review.store.candidates import version_near
from geo_review.store.control_layers import LayerVersion, versions_in_use
from geo_review.store.projects import StoredProject, get_project
from geo_review.store.reviews import StoredReview, save_review, save_rulebook
from geo_review.store.surroundings import context_near
from geo_review.usecases.judge_red_line import CONTEXT_FRAME_M, kinds_of_layers, review_file


def review_project(
    session: Session,
    *,
    code: str,
    version: int | None = None,
    rulebook: Rulebook,
    rulebook_content: bytes,
    as_of: date,
    set_values: Mapping[str, str] | None = None,
    known_at: datetime | None = None,
    now: datetime,
) -> StoredReview:
    """Review a stored red line, the latest without ``version``, and keep the report.

    ``set_values`` go before the values stored with the project, for this review only. ``known_at`` takes the layers
    as the city held them at that moment, not as it does now.
    """
    project = get_project(session, code)
    stored = get_boundary(session, code, version)
    layers = layers_as_of(session, rulebook, as_of, known_at=known_at)
    report = review_file(
        near(session, layers, stored.boundary, rulebook),
        stored.boundary,
        rulebook,
        as_of,
        _identity(project) | project.values | dict(set_values or {}) | _identity(project),
    )
    save_rulebook(session, rulebook, rulebook_content, stored_at=now)
    return save_review(
        session,
        project_code=code,
        boundary_id=stored.id,
        document=to_document(report),
        tenure_ids=[version.tenure_id for version in layers.values() if version.tenure_id is not None],
        created_at=now,
    )


def layers_as_of(
    session: Session, rulebook: Rulebook, as_of: date, *, known_at: datetime | None = None
) -> Mapping[str, LayerVersion]:
    """Return by code the version of each layer of a rulebook that is in force on a day, or nearest to it in time."""
    in_use = versions_in_use(session, rulebook.layer_codes, known_at=known_at)
    found = {code: in_force_or_nearest(versions, as_of) for code, versions in in_use.items()}
    return {code: version for code, version in found.items() if version is not None}


def near(
    session: Session, layers: Mapping[str, LayerVersion], boundary: Boundary, rulebook: Rulebook
) -> Callable[[str], LayerNear | None]:
    """Return the ``layers_of`` of some layer versions of the store, as far around as any rule looks."""
    compared = {rule.layer for rule in rulebook.rule if rule.kind is RuleKind.COMPARE}

    def layers_of(code: str) -> LayerNear | None:
        version = layers.get(code)
        if version is None:
            return None
        return version_near(session, version, boundary, reach_m=rulebook.reach_m, with_attributes=code in compared)

    return layers_of


def published_near(
    session: Session, boundary: Boundary, rulebook: Rulebook, as_of: date, *, known_at: datetime | None = None
) -> Callable[[str], LayerNear | None]:
    """Return the ``layers_of`` of the store's published layers, as far around as any rule looks."""
    return near(session, layers_as_of(session, rulebook, as_of, known_at=known_at), boundary, rulebook)


def map_context(
    session: Session, boundary: Boundary, rulebook: Rulebook, as_of: date, *, known_at: datetime | None = None
) -> MapContext:
    """Return the control lines a report's map shows around a red line, each by the first rule that asks for it."""
    return context_near(
        session, kinds_of_layers(rulebook), boundary, as_of=as_of, known_at=known_at, frame_m=CONTEXT_FRAME_M
    )


def _identity(project: StoredProject) -> dict[str, str]:
    """What a signed report must name: the project, and that it is made up where it is."""
    return {"XMDM": project.code, "XMMC": project.name} | ({"sample": "1"} if project.is_sample else {})
