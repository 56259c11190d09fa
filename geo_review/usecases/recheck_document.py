"""A re-check as JSON has it, and what it says of one project in a sentence. Deterministic: no moment is in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geo_review.review.findings import Finding
from geo_review.review.layer_effect import Change
from geo_review.store.control_layers import LayerVersion
from geo_review.usecases.rechecked import ProjectEffect, Recheck
from geo_review.wording import say
from geo_review.wording.figures import square_metres

SCHEMA = "geo-review/recheck/1"


def recheck_document(made: Recheck) -> dict[str, Any]:
    """Return the list: counts by change, and every project whose land meets what changed, the worst first."""
    return {
        "schema": SCHEMA,
        "layer": {"code": made.later.layer_code, "title": made.later.title},
        "from": _version(made.earlier),
        "to": _version(made.later),
        "rulebook": {"id": made.rulebook.id, "edition": made.rulebook.edition, "sha256": made.rulebook.sha256},
        "as_of": made.as_of.isoformat(),
        "area_added_m2": made.change.land.added_m2,
        "area_removed_m2": made.change.land.removed_m2,
        "coverage_changed": bool(made.change.resurveyed) or made.change.is_survey_unknown,
        "live_projects": made.live_projects,
        "rechecked": len(made.effects),
        "counts": {str(change): len(_of(made, change)) for change in Change},
        **{str(change): [effect.project.code for effect in _of(made, change)] for change in Change},
        "projects": [_project(effect, made.later) for effect in made.effects],
    }


def recheck_sentence(effect: ProjectEffect, later: LayerVersion) -> str:
    """Say in one sentence what a new version of a layer means for a project."""
    before, after = _decisive(effect.before), _decisive(effect.after)
    return say(
        f"recheck.sentence_{effect.change}",
        layer=later.title,
        version=later.version,
        before=square_metres(_area_m2(before)),
        after=square_metres(_area_m2(after)),
        outcome_before=_outcomes(effect.before),
        outcome_after=_outcomes(effect.after),
    )


def _of(made: Recheck, change: Change) -> list[ProjectEffect]:
    return [effect for effect in made.effects if effect.change is change]


def _version(version: LayerVersion) -> dict[str, Any]:
    return {
        "version": version.version,
        "sha256": version.sha256,
        "valid_from": version.valid_from.isoformat() if version.valid_from else None,
    }


def _project(effect: ProjectEffect, later: LayerVersion) -> dict[str, Any]:
    return {
        "code": effect.project.code,
        "name": effect.project.name,
        "boundary_version": effect.boundary.version,
        "change": str(effect.change),
        "sentence": recheck_sentence(effect, later),
        "rules": [
            {
                "rule_id": after.rule.id,
                "title": after.rule.title,
                "before": _finding(before),
                "after": _finding(after),
            }
            for before, after in zip(effect.before, effect.after, strict=True)
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "outcome": str(finding.outcome),
        "contact": str(finding.contact),
        "area_planar_m2": finding.planar_area_m2,
        "area_ellipsoidal_m2": finding.ellipsoidal_area_m2,
        "parts": len(finding.parts),
        "distance_m": finding.distance_m,
    }


def _decisive(findings: Sequence[Finding]) -> Finding | None:
    return max(findings, key=lambda finding: finding.planar_area_m2, default=None)


def _area_m2(finding: Finding | None) -> float:
    return 0.0 if finding is None else finding.planar_area_m2


def _outcomes(findings: Sequence[Finding]) -> str:
    return "、".join(dict.fromkeys(say(f"report.outcome_{finding.outcome}") for finding in findings))
