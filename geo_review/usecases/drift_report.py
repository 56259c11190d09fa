"""What changed between two stored red lines, on the ground and in the control layers. Applies no rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from sqlalchemy.orm import Session

import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geo_review.boundary.model import Boundary
from geo_review.control.succession import in_force_or_nearest
from geo_review.errors import UnknownBoundary
from geo_review.geometry.crs import reproject
from geo_review.report.document import Document
from geo_review.report.drift_document import drift_document, layer_drift_document
from geo_review.review.drift import Drift, drift
from geo_review.review.layer_drift import LayerDrift, layer_drift
from geo_review.review.lineage import ParentNamed, parse_parent
from geo_review.rules.rulebook import Rulebook
from geo_review.store.boundaries import StoredBoundary, get_boundary, list_boundaries
from geo_review.store.candidates import version_near
from geo_review.store.control_layers import versions_in_use
from geo_review.wording import say


@dataclass(frozen=True, kw_only=True, slots=True)
class DriftReport:
    """Two red lines and what changed from the first to the second.

    ``layers`` are those that either meets, ``missing_layers`` the codes of the rulebook that nothing is published of.
    """

    earlier: StoredBoundary
    later: StoredBoundary
    drift: Drift
    layers: tuple[LayerDrift, ...]
    missing_layers: tuple[str, ...]
    rulebook: Rulebook
    as_of: date


def drift_report(
    session: Session, earlier: ParentNamed, later: ParentNamed, *, rulebook: Rulebook, as_of: date
) -> DriftReport:
    """Return what changed between two red lines, of one project or of two; raise UnknownProject, UnknownBoundary.

    The rulebook gives the layers and the contact width; both red lines are held against the layers of one day, so that
    only the land differs. Measured in the zone of the one that was submitted last, whichever is named first.
    """
    return _report(
        session,
        get_boundary(session, earlier.code, earlier.version),
        get_boundary(session, later.code, later.version),
        rulebook,
        as_of,
    )


def report_document(report: DriftReport) -> Document:
    """Return a report as the API and `--json` say it."""
    return {
        "earlier": _named(report.earlier),
        "later": _named(report.later),
        "drift": drift_document(report.drift),
        "layers": [layer_drift_document(layer) for layer in report.layers],
        "missing_layers": list(report.missing_layers),
        "rulebook": {"id": report.rulebook.id, "edition": report.rulebook.edition},
        "as_of": report.as_of.isoformat(),
    }


def named_version(code: str, text: str) -> ParentNamed:
    """Return the red line that ``2`` (of project ``code``) or ``CODE@2`` names, or raise InvalidOption."""
    return parse_parent(f"{code}@{text}" if text.isascii() and text.isdigit() else text)


def before(session: Session, later: ParentNamed) -> ParentNamed:
    """Return the red line that one is compared with when nothing is said: the version before it, else its parent."""
    stored = get_boundary(session, later.code, later.version)
    if stored.version > 1:
        return ParentNamed(code=later.code, version=stored.version - 1)
    if stored.parents:
        return ParentNamed(code=stored.parents[0].code, version=stored.parents[0].version)
    raise UnknownBoundary(
        code="nothing_to_compare",
        message=say("drift.one_version", code=later.code),
        remedy=say("drift.one_version_remedy", code=later.code),
    )


def stage_drifts(session: Session, code: str, *, rulebook: Rulebook, as_of: date) -> tuple[DriftReport, ...]:
    """Return what changed from permit to permit: the latest red line of each stage against that of the one before."""
    latest: dict[int, int] = {}
    for line in list_boundaries(session, code):  # the latest first
        if line.stage is not None:
            latest.setdefault(line.stage, line.version)
    versions = [get_boundary(session, code, latest[stage]) for stage in sorted(latest)]
    if len(versions) < 2:
        get_boundary(session, code)
        raise UnknownBoundary(
            code="nothing_to_compare",
            message=say("drift.one_stage", code=code),
            remedy=say("drift.one_stage_remedy"),
        )
    return tuple(_report(session, earlier, later, rulebook, as_of) for earlier, later in pairwise(versions))


def _named(stored: StoredBoundary) -> Document:
    return {
        "code": stored.project_code,
        "version": stored.version,
        "stage": stored.stage,
        "submitted_at": stored.submitted_at.isoformat(),
    }


def _report(
    session: Session, earlier: StoredBoundary, later: StoredBoundary, rulebook: Rulebook, as_of: date
) -> DriftReport:
    newer = max(earlier, later, key=lambda stored: stored.id)
    epsg = newer.boundary.measuring_epsg
    before_land, after_land = (_in_plane(stored, epsg) for stored in (earlier, later))
    found = drift(before_land, after_land, epsg=epsg, contact_width_m=rulebook.tolerance.contact_width_m)
    layers, missing = _layers(session, found, before_land, after_land, newer.boundary, rulebook, as_of)
    return DriftReport(
        earlier=earlier,
        later=later,
        drift=found,
        layers=layers,
        missing_layers=missing,
        rulebook=rulebook,
        as_of=as_of,
    )


def _layers(
    session: Session,
    found: Drift,
    earlier: BaseGeometry,
    later: BaseGeometry,
    newer: Boundary,
    rulebook: Rulebook,
    as_of: date,
) -> tuple[tuple[LayerDrift, ...], tuple[str, ...]]:
    """Hold both against what the store has near either: one search a layer."""
    both = replace(newer, geometry=_multi(shapely.union(earlier, later)))
    in_use = versions_in_use(session, rulebook.layer_codes)
    drifts: list[LayerDrift] = []
    missing: list[str] = []
    for code in rulebook.layer_codes:
        version = in_force_or_nearest(in_use[code], as_of)
        if version is None:
            missing.append(code)
            continue
        near = version_near(session, version, both, reach_m=0.0)
        if (of_layer := layer_drift(found, earlier, later, near)) is not None:
            drifts.append(of_layer)
    return _gravest_first(drifts), tuple(missing)


def _gravest_first(drifts: Sequence[LayerDrift]) -> tuple[LayerDrift, ...]:
    order = list(type(drifts[0].change)) if drifts else []
    return tuple(sorted(drifts, key=lambda one: (order.index(one.change), one.layer.code)))


def _in_plane(stored: StoredBoundary, epsg: int) -> BaseGeometry:
    return reproject(stored.boundary.geometry, stored.boundary.measuring_epsg, epsg)


def _multi(land: BaseGeometry) -> MultiPolygon:
    return MultiPolygon([part for part in shapely.get_parts(land) if part.geom_type == "Polygon"])
