"""The engine: applies a rulebook to one red line and the layers near it. Pure; same inputs, same report.

A rule is evaluated, or it is said why not: it does not apply to this project, its layer is missing, not in force on
the legal date, empty without a coverage, or of a dimension the rule cannot judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import fsum

import shapely

from geo_review.boundary.model import Boundary
from geo_review.control.model import LayerNear
from geo_review.geometry.crs import LONLAT, reproject
from geo_review.geometry.intersect import nearest_m
from geo_review.geometry.measure import ellipsoidal_area_m2, max_width_m, planar_area_m2
from geo_review.review.applies import Application, Applies, applies
from geo_review.review.checks import CHECKS
from geo_review.review.findings import Finding, LandPart, NotApplicable, Outcome, ReviewReport
from geo_review.review.inputs import ReviewInputs
from geo_review.review.judgement import Ground, Judgement
from geo_review.review.sentences import officer_sentence
from geo_review.review.slivers import WeighedPart
from geo_review.review.verdict import decide
from geo_review.rules.flows import flows
from geo_review.rules.rulebook import Rule, Rulebook
from geo_review.wording import say

# The city is 130 km across. A layer whose nearest line lies farther away, and that nobody says was surveyed here, is
# of another place or in another zone than it claims: a zone's mistake moves it by 271 km, to 141 km off at the nearest.
FARTHEST_PLAUSIBLE_M = 135_000.0


def review(inputs: ReviewInputs, rulebook: Rulebook) -> ReviewReport:
    """Return the report of a review. Results stand in the order of the rulebook."""
    ground = Ground(
        land=inputs.boundary.geometry,
        contact_width_m=rulebook.tolerance.contact_width_m,
        project=inputs.project,
    )
    findings: list[Finding] = []
    not_applicable: list[NotApplicable] = []
    for rule in rulebook.rule:
        application = applies(rule, inputs.project, rulebook)
        if application.answer is Applies.NO:
            not_applicable.append(NotApplicable(rule=rule, reason=_why_not(rule, application.key, inputs.project)))
            continue
        layer = inputs.layers.get(rule.layer)
        if application.answer is Applies.YES:
            judgement = _judge(rule, layer, ground, inputs)
        else:
            judgement = _not_evaluated(_why_open(application, inputs.project, rulebook))
        findings.append(_finding(rule, layer, judgement, inputs.boundary, rulebook))
    return ReviewReport(
        verdict=decide(finding.outcome for finding in findings),
        as_of=inputs.as_of,
        engine=inputs.engine,
        rulebook_id=rulebook.id,
        rulebook_edition=rulebook.edition,
        rulebook_sha256=rulebook.sha256,
        contact_width_m=rulebook.tolerance.contact_width_m,
        boundary=inputs.boundary,
        project=dict(sorted(inputs.project.items())),
        findings=tuple(findings),
        not_applicable=tuple(not_applicable),
        notes=(*_notes(findings), *_words_of_readers(inputs, rulebook)),
    )


def _why_not(rule: Rule, key: str, project: Mapping[str, str]) -> str:
    wanted = "、".join(_called(key, value) for value in (rule.when or {})[key])
    return say("review.not_applicable", key=_key_called(key), given=_called(key, project[key]), wanted=wanted)


def _why_open(application: Application, project: Mapping[str, str], rulebook: Rulebook) -> str:
    key = application.key
    if application.answer is Applies.MISSING:
        return say("review.reason_when_unknown", key=key, name=_key_called(key))
    known = "、".join(_called(key, value) for value in rulebook.values[key])
    return say("review.reason_value_unknown", name=_key_called(key), given=project[key], known=known)


def _key_called(key: str) -> str:
    return say("review.key_flow") if key == "flow" else key


def _called(key: str, value: str) -> str:
    """A flow by its title with the slug behind it; any other value as it is."""
    titles = {flow.slug: flow.title for flow in flows()} if key == "flow" else {}
    return say("review.flow_called", title=titles[value], slug=value) if value in titles else value


def _judge(rule: Rule, layer: LayerNear | None, ground: Ground, inputs: ReviewInputs) -> Judgement:
    """Ask whether the layer can be judged by at all, and only then judge."""
    if layer is None:
        return _not_evaluated(say("review.reason_missing", code=rule.layer))
    facts = layer.facts
    if facts.valid_from is not None and inputs.as_of < facts.valid_from:
        return _not_evaluated(say("review.reason_future", valid_from=facts.valid_from, as_of=inputs.as_of))
    if facts.valid_to is not None and inputs.as_of >= facts.valid_to:
        return _not_evaluated(say("review.reason_expired", valid_to=facts.valid_to, as_of=inputs.as_of))
    if layer.feature_count == 0 and layer.coverage is None:
        return _not_evaluated(say("review.reason_empty"))
    if layer.feature_count > 0 and not len(layer.pieces):
        return _not_evaluated(say("review.reason_none_at_hand"))
    if layer.coverage is None and (far_m := _implausible_m(ground, layer)) is not None:
        return _not_evaluated(say("review.reason_far_away", distance=f"{far_m / 1000:,.0f}"))
    if rule.kind.is_buffer:
        return CHECKS[rule.kind](rule, layer, ground)
    if layer.feature_count > 0 and not layer.has_area:
        return _not_evaluated(say("review.reason_no_area", kind=say(f"rules.kind_{rule.kind}")))
    judgement = CHECKS[rule.kind](rule, layer, ground)
    without_area = layer.pieces[shapely.get_dimensions(layer.pieces) < 2]
    if judgement.outcome is not Outcome.FAIL and shapely.intersects(ground.land, without_area).any():
        reason = say("review.reason_line_on_land", kind=say(f"rules.kind_{rule.kind}"))
        return replace(judgement, outcome=Outcome.NOT_EVALUATED, reason=reason)
    return judgement


def _implausible_m(ground: Ground, layer: LayerNear) -> float | None:
    """Return the distance of the nearest piece when that is farther than the city is wide, else None.

    One piece that lies within it settles the question: the exact distance is dear, and this is asked of every rule.
    """
    if not len(layer.pieces) or shapely.dwithin(ground.land, layer.pieces[0], FARTHEST_PLAUSIBLE_M):
        return None
    nearest = nearest_m(ground.land, layer.pieces)
    return nearest if nearest is not None and nearest > FARTHEST_PLAUSIBLE_M else None


def _not_evaluated(reason: str) -> Judgement:
    return Judgement(outcome=Outcome.NOT_EVALUATED, reason=reason)


def _finding(
    rule: Rule, layer: LayerNear | None, judgement: Judgement, boundary: Boundary, rulebook: Rulebook
) -> Finding:
    parts = tuple(_measured(part, boundary.measuring_epsg) for part in judgement.parts)
    planar_m2 = fsum(part.planar_area_m2 for part in parts)
    finding = Finding(
        rule=rule,
        layer=layer.facts if layer else None,
        coverage=("assumed" if layer.coverage is None else "declared") if layer else None,
        outcome=judgement.outcome,
        reason=judgement.reason,
        contact=judgement.contact,
        planar_area_m2=planar_m2,
        ellipsoidal_area_m2=fsum(part.ellipsoidal_area_m2 for part in parts),
        share=planar_m2 / boundary.planar_area_m2,
        distance_m=judgement.distance_m,
        parts=parts,
        uncovered_area_m2=judgement.uncovered_area_m2,
        comparisons=judgement.comparisons,
        repairs=layer.repairs if layer else (),
        department_name=rulebook.department_name(rule.department) if rule.department else None,
    )
    return finding.told(officer_sentence(finding))


def _measured(part: WeighedPart, measuring_epsg: int) -> LandPart:
    lonlat = reproject(part.polygon, measuring_epsg, LONLAT)
    return LandPart(
        contact=part.contact,
        geometry=part.polygon,
        lonlat=lonlat,
        planar_area_m2=planar_area_m2(part.polygon),
        ellipsoidal_area_m2=ellipsoidal_area_m2(part.polygon, measuring_epsg),
        max_width_m=max_width_m(part.polygon),
    )


def _notes(findings: Iterable[Finding]) -> Iterable[str]:
    """What a reader must know before believing the verdict."""
    found = list(findings)
    assumed = dict.fromkeys(finding.rule.layer for finding in found if finding.coverage == "assumed")
    if assumed:
        yield say("review.note_coverage_assumed", codes="、".join(assumed))
    repaired = dict.fromkeys(finding.rule.layer for finding in found if finding.repairs)
    if repaired:
        yield say("review.note_repaired", codes="、".join(repaired))
    unconfirmed = [finding.rule.id for finding in found if not finding.rule.basis_confirmed]
    if unconfirmed:
        yield say("review.note_basis_unconfirmed", count=len(unconfirmed))


def _words_of_readers(inputs: ReviewInputs, rulebook: Rulebook) -> Iterable[str]:
    """What reading a layer's files had to put right, as a Shapefile's hole that turned the wrong way."""
    for code in rulebook.layer_codes:
        for note in inputs.layers[code].notes if code in inputs.layers else ():
            yield say("review.note_of_layer", code=code, note=note)
