"""After a layer changed: which live projects it means something for, and what. The same question, the same list.

Only projects whose land meets what changed (or lies within a rule's distance of it) are judged: by the old version and
by the new one, by the rules of that layer alone, each taken as in force, so that the layer is all that differs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

import numpy as np
from sqlalchemy.orm import Session

import shapely
from shapely.geometry.base import BaseGeometry

from geo_review.boundary.model import Boundary
from geo_review.control.model import Geometries, LayerNear
from geo_review.errors import InvalidOption
from geo_review.geometry.intersect import land_inside
from geo_review.review.engine import review
from geo_review.review.findings import Finding
from geo_review.review.inputs import ReviewInputs
from geo_review.review.layer_effect import Change, change_of
from geo_review.rules.rulebook import Rulebook, RuleKind
from geo_review.store.boundaries import get_boundary
from geo_review.store.candidates import version_near
from geo_review.store.control_layers import LayerState, LayerVersion
from geo_review.store.layer_change import LayerChange, layer_change
from geo_review.store.projects import StoredProject, get_project
from geo_review.store.rechecks import (
    NewNotice,
    StoredRecheck,
    count_live_projects,
    give_notices,
    live_red_lines,
    live_red_lines_near,
    save_recheck,
)
from geo_review.store.reviews import save_rulebook
from geo_review.usecases.judge_red_line import engine_versions
from geo_review.usecases.recheck_document import recheck_document, recheck_sentence
from geo_review.usecases.rechecked import ProjectEffect, Recheck
from geo_review.usecases.run_review import review_project
from geo_review.wording import say

Progress = Callable[[int, int], None]  # done, of


def recheck(
    session: Session,
    earlier: LayerVersion,
    later: LayerVersion,
    *,
    rulebook: Rulebook,
    as_of: date,
    progress: Progress = lambda _done, _of: None,
) -> Recheck:
    """Judge every live project that the change from one version to another meets. Stores nothing."""
    rules = _rules_of(rulebook, later.layer_code)
    change = layer_change(session, earlier, later)
    codes = _projects_met(session, change, rules.reach_m)
    effects = []
    for done, code in enumerate(codes):
        progress(done, len(codes))
        effects.append(_effect(session, code, earlier, later, rules, as_of))
    progress(len(codes), len(codes))
    order = list(Change)
    return Recheck(
        earlier=earlier,
        later=later,
        rulebook=rulebook,
        as_of=as_of,
        change=change,
        live_projects=count_live_projects(session),
        effects=tuple(sorted(effects, key=lambda one: (order.index(one.change), one.project.code))),
    )


def keep_recheck(
    session: Session, made: Recheck, *, rulebook_content: bytes, by: str = "", now: datetime
) -> StoredRecheck:
    """Keep a re-check with a notice for each project it means something for, and, when the new version is published,
    a new review of each. Asked again with the same answer, nothing is added."""
    save_rulebook(session, made.rulebook, rulebook_content, stored_at=now)
    kept = save_recheck(
        session,
        made.earlier,
        made.later,
        rulebook_sha256=made.rulebook.sha256,
        as_of=made.as_of,
        project_count=made.live_projects,
        document=recheck_document(made),
        made_at=now,
        made_by=by,
    )
    if not kept.is_new:
        return kept
    told = [effect for effect in made.effects if effect.change is not Change.UNAFFECTED]
    give_notices(session, kept.id, [_notice(effect, made.later) for effect in told], made_at=now)
    if made.later.state is LayerState.PUBLISHED:
        for effect in told:
            review_project(
                session,
                code=effect.project.code,
                rulebook=made.rulebook,
                rulebook_content=rulebook_content,
                as_of=made.as_of,
                now=now,
            )
    return kept


def _notice(effect: ProjectEffect, later: LayerVersion) -> NewNotice:
    return NewNotice(
        project_code=effect.project.code,
        boundary_id=effect.boundary.id,
        change=str(effect.change),
        sentence=recheck_sentence(effect, later),
    )


def _rules_of(rulebook: Rulebook, code: str) -> Rulebook:
    rules = tuple(rule for rule in rulebook.rule if rule.layer == code)
    if not rules:
        raise InvalidOption(
            code="layer_without_rules",
            message=say("recheck.layer_without_rules", code=code, rulebook=rulebook.id),
            remedy=say("recheck.layer_without_rules_remedy"),
        )
    return rulebook.model_copy(update={"rule": rules})


def _projects_met(session: Session, change: LayerChange, reach_m: float) -> Sequence[str]:
    """Return the codes of live projects whose land meets what changed: by area, or nearer than a rule looks."""
    if change.is_survey_unknown:
        return tuple(live_red_lines(session))
    if not change.pieces:
        return ()
    pieces = np.empty(len(change.pieces), dtype=object)
    pieces[:] = change.pieces
    near = live_red_lines_near(session, change.pieces, reach_m=reach_m)
    tree = shapely.STRtree(pieces)
    return tuple(code for code, land in near.items() if _meets(land, pieces, tree, reach_m))


def _meets(land: BaseGeometry, pieces: Geometries, tree: shapely.STRtree, reach_m: float) -> bool:
    if reach_m > 0.0:
        return True  # a little more than within reach was asked for: the judges measure exactly
    hit = pieces[tree.query(land, predicate="intersects")]
    polygons = shapely.get_dimensions(hit) == 2
    return bool((~polygons).any() or land_inside(land, hit[polygons]))


def _effect(
    session: Session, code: str, earlier: LayerVersion, later: LayerVersion, rules: Rulebook, as_of: date
) -> ProjectEffect:
    project, stored = get_project(session, code), get_boundary(session, code)
    before, after = (
        _findings(session, version, stored.boundary, project, rules, as_of) for version in (earlier, later)
    )
    return ProjectEffect(project=project, boundary=stored, change=change_of(before, after), before=before, after=after)


def _findings(
    session: Session,
    version: LayerVersion,
    boundary: Boundary,
    project: StoredProject,
    rules: Rulebook,
    as_of: date,
) -> tuple[Finding, ...]:
    near = version_near(
        session,
        version,
        boundary,
        reach_m=rules.reach_m,
        with_attributes=any(rule.kind is RuleKind.COMPARE for rule in rules.rule),
    )
    inputs = ReviewInputs(
        boundary=boundary,
        as_of=as_of,
        layers={version.layer_code: _in_force(near)},
        project=project.values,
        engine=engine_versions(),
    )
    return review(inputs, rules).findings


def _in_force(layer: LayerNear) -> LayerNear:
    """The versions are compared as if each were in force: that one of them is not (any longer) is no finding."""
    return replace(layer, facts=replace(layer.facts, valid_from=None, valid_to=None))
