"""What a draft would change: rules or a layer version tried on the last reviews, before anything is published.

Each review is made again by what it was made with, but for the draft. Stores nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from geo_review.control.model import LayerNear
from geo_review.report.document import to_bytes, to_document
from geo_review.review.findings import Verdict
from geo_review.rules.load import parse_rulebook
from geo_review.rules.rulebook import Rulebook
from geo_review.store.boundaries import get_boundary
from geo_review.store.control_layers import LayerVersion, versions_by_tenure
from geo_review.store.reviews import StoredReview, last_reviews, rulebook_content, tenures_of
from geo_review.usecases.judge_red_line import review_file
from geo_review.usecases.run_review import layers_as_of, near

SCHEMA = "geo-review/simulation/1"
Progress = Callable[[int, int], None]  # done, of


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleTried:
    """A rule whose outcome is another one. None: the rule is not in that rulebook, or did not apply."""

    rule_id: str
    title: str
    before: str | None
    after: str | None
    area_before_m2: float
    area_after_m2: float


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewTried:
    """A review and what it would have said."""

    review: StoredReview
    verdict: Verdict
    rules: tuple[RuleTried, ...]  # those that would have said something else

    @property
    def is_changed(self) -> bool:
        return bool(self.rules) or self.verdict is not self.review.verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Simulation:
    """The last reviews, the latest first, by a draft."""

    tried: tuple[ReviewTried, ...]

    @property
    def changed(self) -> tuple[ReviewTried, ...]:
        return tuple(one for one in self.tried if one.is_changed)


def simulate(
    session: Session,
    *,
    last: int,
    rulebook: Rulebook | None = None,
    draft: LayerVersion | None = None,
    progress: Progress = lambda _done, _of: None,
) -> Simulation:
    """Make the last reviews again by a draft rulebook, a draft layer version, or both."""
    reviews = last_reviews(session, limit=last)
    tried = []
    for done, review in enumerate(reviews):
        progress(done, len(reviews))
        tried.append(_tried(session, review, rulebook, draft))
    progress(len(reviews), len(reviews))
    return Simulation(tried=tuple(tried))


def simulation_document(made: Simulation, rulebook: Rulebook | None, draft: LayerVersion | None) -> dict[str, Any]:
    """Return what would change as JSON has it: counts, and every review that would say something else."""
    return {
        "schema": SCHEMA,
        "rulebook": rulebook and {"id": rulebook.id, "edition": rulebook.edition, "sha256": rulebook.sha256},
        "layer": draft and {"code": draft.layer_code, "version": draft.version, "sha256": draft.sha256},
        "reviews": len(made.tried),
        "changed": len(made.changed),
        "verdicts_changed": sum(one.verdict is not one.review.verdict for one in made.changed),
        "changes": [
            {
                "review": one.review.id,
                "project": one.review.project_code,
                "name": one.review.project_name,
                "verdict_before": str(one.review.verdict),
                "verdict_after": str(one.verdict),
                "rules": [
                    {
                        "rule_id": rule.rule_id,
                        "title": rule.title,
                        "before": rule.before,
                        "after": rule.after,
                        "area_before_m2": rule.area_before_m2,
                        "area_after_m2": rule.area_after_m2,
                    }
                    for rule in one.rules
                ],
            }
            for one in made.changed
        ],
    }


def _tried(
    session: Session, review: StoredReview, rulebook: Rulebook | None, draft: LayerVersion | None
) -> ReviewTried:
    then = review.document
    book = rulebook or parse_rulebook(rulebook_content(session, review.rulebook_sha256), name=review.rulebook_id)
    boundary = get_boundary(session, review.project_code, review.boundary_version).boundary
    # What the draft's rules ask for and the review was made without is taken as it was held then.
    layers = dict(layers_as_of(session, book, review.as_of, known_at=review.created_at))
    layers |= versions_by_tenure(session, tenures_of(session, review.id))
    if draft is not None:
        layers[draft.layer_code] = draft
    stored = near(session, layers, boundary, book)

    def layers_of(code: str) -> LayerNear | None:
        layer = stored(code)
        if layer is None or draft is None or code != draft.layer_code:
            return layer
        return replace(layer, facts=replace(layer.facts, valid_from=None, valid_to=None))  # as if it were in force

    report = review_file(layers_of, boundary, book, review.as_of, dict(then["project"]))
    now = json.loads(to_bytes(to_document(report)))
    return ReviewTried(review=review, verdict=report.verdict, rules=_differing(then, now))


def _differing(then: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[RuleTried, ...]:
    before = {result["rule_id"]: result for result in then["results"]}
    after = {result["rule_id"]: result for result in now["results"]}
    found = []
    for rule_id in (*before, *(rule_id for rule_id in after if rule_id not in before)):
        one, other = before.get(rule_id), after.get(rule_id)
        if one is not None and other is not None and _decides(one) == _decides(other):
            continue
        told = other or one or {}
        found.append(
            RuleTried(
                rule_id=rule_id,
                title=told["title"],
                before=one and one["outcome"],
                after=other and other["outcome"],
                area_before_m2=one["area_planar_m2"] if one else 0.0,
                area_after_m2=other["area_planar_m2"] if other else 0.0,
            )
        )
    return tuple(found)


def _decides(result: Mapping[str, Any]) -> tuple[object, ...]:
    """What an officer acts on; the last digits of an area are not among it."""
    return result["outcome"], result["contact"], round(result["area_planar_m2"], 6)
