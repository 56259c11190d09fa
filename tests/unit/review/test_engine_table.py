"""The engine on squares whose areas anybody can compute: one row a reason. The red line is 100 m × 100 m."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pytest

from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from geo_review.control.model import LayerNear
from geo_review.review.engine import review
from geo_review.review.findings import Contact, Outcome, Verdict
from tests.builders import EAST, NORTH, make_boundary, make_inputs, make_layer, make_rule, make_rulebook, square

CITY_WIDE = square(-5000, -5000, 10_100)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A layer and a rule; what they must come to."""

    reason: str
    kind: str = "forbid"
    rule: dict[str, object] = field(default_factory=dict)
    layer: LayerNear | None = None
    project: dict[str, str] = field(default_factory=dict)
    outcome: str
    contact: str = "none"
    area_m2: float = 0.0
    parts: int | None = None
    distance_m: float | None = None


def layer(*geometries: BaseGeometry, **facts: object) -> LayerNear:
    return make_layer(*geometries, **facts)  # type: ignore[arg-type]


CASES = [
    Case(
        reason="far away: nothing, and the distance is told", layer=layer(square(400)), outcome="pass", distance_m=300
    ),
    Case(reason="half inside", layer=layer(square(50)), outcome="fail", contact="encroachment", area_m2=5000, parts=1),
    Case(
        reason="two control polygons over the same land count once",
        layer=layer(square(50), square(75)),
        outcome="fail",
        contact="encroachment",
        area_m2=5000,
        parts=1,
    ),
    Case(
        reason="two separate hits are two parts, and every one is listed",
        layer=layer(square(-90), square(90)),
        outcome="fail",
        contact="encroachment",
        area_m2=2000,
        parts=2,
    ),
    Case(
        reason="a hole in the control line is not the control line",
        layer=layer(square(-100, -100, 300).difference(square(10, 10, 80))),
        outcome="fail",
        contact="encroachment",
        area_m2=3600,
    ),
    Case(reason="a shared edge has no area", layer=layer(square(100)), outcome="pass", contact="touch", distance_m=0),
    Case(
        reason="a shared corner has no area",
        layer=layer(square(100, 100)),
        outcome="pass",
        contact="touch",
        distance_m=0,
    ),
    Case(
        reason="10 mm along the whole edge is technical contact: 1 m², listed, not decisive",
        layer=layer(square(99.99)),
        outcome="pass",
        contact="technical",
        area_m2=1.0,
        parts=1,
    ),
    Case(
        reason="exactly the contact width has reached it",
        layer=layer(square(99.98)),
        outcome="fail",
        contact="encroachment",
        area_m2=2.0,
    ),
    Case(
        reason="two strips of 15 mm side by side are one of 30 mm: union first",
        layer=layer(square(99.985), square(99.97, width_m=0.015, height_m=100)),
        outcome="fail",
        contact="encroachment",
        area_m2=3.0,
        parts=1,
    ),
    Case(
        reason="below the limit is minor and passes, listed",
        rule={"ignore_below_m2": 100.0},
        layer=layer(square(99.5)),
        outcome="pass",
        contact="minor",
        area_m2=50.0,
    ),
    Case(
        reason="reaching the limit counts",
        rule={"ignore_below_m2": 50.0},
        layer=layer(square(99.5)),
        outcome="fail",
        contact="encroachment",
        area_m2=50.0,
    ),
    Case(
        reason="the limit holds for the sum: 100 patches of 0.9 m² are 90 m²",
        rule={"ignore_below_m2": 1.0},
        layer=layer(*(square(10 * (i % 10) + 1, 10 * (i // 10) + 1, 0.9, 1.0) for i in range(100))),
        outcome="fail",
        contact="encroachment",
        area_m2=90.0,
        parts=100,
    ),
    Case(
        reason="technical contact does not add to the sum",
        rule={"ignore_below_m2": 10.5},
        layer=layer(square(99.9), square(-99.99)),
        outcome="pass",
        contact="minor",
        area_m2=11.0,
        parts=2,
    ),
    Case(
        reason="a long thin encroachment is one: 0.3 m × 100 m",
        layer=layer(square(99.7)),
        outcome="fail",
        contact="encroachment",
        area_m2=30.0,
    ),
    Case(
        reason="consult asks",
        kind="consult",
        layer=layer(square(50)),
        outcome="consult",
        contact="encroachment",
        area_m2=5000,
    ),
    Case(
        reason="notify tells",
        kind="notify",
        layer=layer(square(50)),
        outcome="notify",
        contact="encroachment",
        area_m2=5000,
    ),
    Case(reason="wholly within", kind="must_within", layer=layer(square(-50, -50, 200)), outcome="pass"),
    Case(
        reason="within two zones that meet inside the land",
        kind="must_within",
        layer=layer(square(-50, -50, 100, 200), square(50, -50, 100, 200)),
        outcome="pass",
    ),
    Case(
        reason="half outside: the area is the land outside",
        kind="must_within",
        layer=layer(square(50)),
        outcome="fail",
        contact="encroachment",
        area_m2=5000,
    ),
    Case(
        reason="10 mm outside is technical",
        kind="must_within",
        layer=layer(square(0.01, -50, 300)),
        outcome="pass",
        contact="technical",
        area_m2=1.0,
    ),
    Case(
        reason="an empty zone that was surveyed leaves everything outside",
        kind="must_within",
        layer=layer(coverage=CITY_WIDE),
        outcome="fail",
        contact="encroachment",
        area_m2=10_000,
    ),
    Case(
        reason="outside, but nobody surveyed there: unknown",
        kind="must_within",
        layer=layer(square(-50, -50, 100, 200), coverage=square(-50, -50, 100, 200)),
        outcome="not_covered",
        contact="encroachment",
        area_m2=5000,
    ),
    Case(
        reason="outside on surveyed land is certain, whatever else is not covered",
        kind="must_within",
        layer=layer(square(-50, -50, 100, 200), coverage=square(-50, -50, 120, 200)),
        outcome="fail",
        contact="encroachment",
        area_m2=5000,
    ),
    Case(
        reason="nearer than the distance to a line: a strip of 10 m",
        kind="buffer_forbid",
        rule={"distance_m": 30.0},
        layer=layer(LineString([(EAST - 20, NORTH - 500), (EAST - 20, NORTH + 500)])),
        outcome="fail",
        contact="encroachment",
        area_m2=1000,
        distance_m=20,
    ),
    Case(
        reason="just as far as the distance is far enough",
        kind="buffer_forbid",
        rule={"distance_m": 30.0},
        layer=layer(LineString([(EAST - 30, NORTH - 500), (EAST - 30, NORTH + 500)])),
        outcome="pass",
        contact="touch",
        distance_m=30,
    ),
    Case(
        reason="inside a control polygon is nearer than any distance",
        kind="buffer_consult",
        rule={"distance_m": 5.0},
        layer=layer(square(-50, -50, 300)),
        outcome="consult",
        contact="encroachment",
        area_m2=10_000,
        distance_m=0,
    ),
    Case(
        reason="a point has a distance too",
        kind="buffer_consult",
        rule={"distance_m": 10.0},
        layer=layer(Point(EAST - 50, NORTH)),
        outcome="pass",
        distance_m=50,
    ),
    Case(
        reason="the ring round the land must be surveyed, or a line might be hidden in it",
        kind="buffer_forbid",
        rule={"distance_m": 30.0},
        layer=layer(square(400), coverage=square(-10, -10, 2000)),
        outcome="not_covered",
        distance_m=300,
    ),
    Case(reason="no layer at all is never a pass", layer=None, outcome="not_evaluated"),
    Case(
        reason="in force from tomorrow",
        layer=layer(square(400), valid_from=date(2026, 11, 24)),
        outcome="not_evaluated",
    ),
    Case(
        reason="in force from today",
        layer=layer(square(400), valid_from=date(2026, 11, 23)),
        outcome="pass",
        distance_m=300,
    ),
    Case(
        reason="half-open: out of force on the very day",
        layer=layer(square(400), valid_to=date(2026, 11, 23)),
        outcome="not_evaluated",
    ),
    Case(
        reason="in force until tomorrow",
        layer=layer(square(400), valid_to=date(2026, 11, 24)),
        outcome="pass",
        distance_m=300,
    ),
    Case(reason="an empty layer that nobody vouches for", layer=layer(), outcome="not_evaluated"),
    Case(reason="an empty layer that was surveyed here", layer=layer(coverage=CITY_WIDE), outcome="pass"),
    Case(
        reason="half of the land was not surveyed, and nothing was found on the rest",
        layer=layer(square(400), coverage=square(-50, -50, 100, 200)),
        outcome="not_covered",
        distance_m=300,
    ),
    Case(
        reason="a certain hit is worse than land that was not surveyed",
        layer=layer(square(-50), coverage=square(-50, -50, 100, 200)),
        outcome="fail",
        contact="encroachment",
        area_m2=5000,
    ),
    Case(
        reason="a consultation is not worse than land that was not surveyed",
        kind="consult",
        layer=layer(square(-50), coverage=square(-50, -50, 100, 200)),
        outcome="not_covered",
        contact="encroachment",
        area_m2=5000,
    ),
    Case(
        reason="a gap of 10 mm in the coverage is no gap",
        layer=layer(square(400), coverage=square(0.01, -50, 300)),
        outcome="pass",
        distance_m=300,
    ),
    Case(
        reason="a line has no area to forbid",
        layer=layer(LineString([(EAST + 50, NORTH - 50), (EAST + 50, NORTH + 150)])),
        outcome="not_evaluated",
    ),
    Case(
        reason="a plan value that is kept",
        kind="compare",
        rule={"attribute": "RJL", "operator": "<="},
        layer=layer(square(-50, -50, 200), attributes=[{"RJL": 2.0}]),
        project={"RJL": "2.00"},
        outcome="pass",
    ),
    Case(
        reason="one of two plan parcels is not kept: its land only",
        kind="compare",
        rule={"attribute": "RJL", "operator": "<="},
        layer=layer(square(-50, -50, 100, 200), square(50, -50, 100, 200), attributes=[{"RJL": 2.0}, {"RJL": 1.5}]),
        project={"RJL": "1.8"},
        outcome="fail",
        contact="encroachment",
        area_m2=5000,
    ),
    Case(
        reason="no project value is never a pass",
        kind="compare",
        rule={"attribute": "RJL", "operator": "<="},
        layer=layer(square(-50, -50, 200), attributes=[{"RJL": 2.0}]),
        outcome="not_evaluated",
    ),
    Case(
        reason="no plan value is never a pass",
        kind="compare",
        rule={"attribute": "RJL", "operator": "<="},
        layer=layer(square(-50, -50, 200), attributes=[{"RJL": None}]),
        project={"RJL": "1.8"},
        outcome="not_evaluated",
    ),
    Case(
        reason="land without a plan is never a pass",
        kind="compare",
        rule={"attribute": "RJL", "operator": "<="},
        layer=layer(square(-50, -50, 100, 200), attributes=[{"RJL": 2.0}]),
        project={"RJL": "1.8"},
        outcome="not_evaluated",
    ),
    Case(
        reason="10 mm of a plot whose plan value is not kept: listed, not decisive",
        kind="compare",
        rule={"attribute": "RJL", "operator": "<="},
        layer=layer(square(-50, -50, 200), square(99.99, -50, 100, 200), attributes=[{"RJL": 2.0}, {"RJL": 1.5}]),
        project={"RJL": "1.8"},
        outcome="pass",
        contact="technical",
        area_m2=1.0,
        parts=1,
    ),
    Case(
        reason="1_000 is no number people write",
        kind="compare",
        rule={"attribute": "RJL", "operator": "<="},
        layer=layer(square(-50, -50, 200), attributes=[{"RJL": 2000}]),
        project={"RJL": "1_000"},
        outcome="not_evaluated",
    ),
    Case(
        reason="a line beside the land does not hide a hit",
        layer=layer(square(50), LineString([(EAST + 150, NORTH), (EAST + 150, NORTH + 100)])),
        outcome="fail",
        contact="encroachment",
        area_m2=5000,
    ),
    Case(
        reason="a line across the land does not hide a hit either",
        layer=layer(square(50), LineString([(EAST + 20, NORTH - 50), (EAST + 20, NORTH + 150)])),
        outcome="fail",
        contact="encroachment",
        area_m2=5000,
    ),
    Case(
        reason="a line across the land has no area: what it means is open",
        layer=layer(square(400), LineString([(EAST + 20, NORTH - 50), (EAST + 20, NORTH + 150)])),
        outcome="not_evaluated",
        distance_m=0,
        contact="touch",
    ),
    Case(
        reason="a line beside the land leaves a pass a pass",
        layer=layer(square(400), LineString([(EAST + 150, NORTH), (EAST + 150, NORTH + 100)])),
        outcome="pass",
        distance_m=50,
    ),
    Case(
        reason="a layer of another zone, 271 km off, and nobody says it covers us",
        layer=layer(square(271_000)),
        outcome="not_evaluated",
    ),
    Case(
        reason="far away, but surveyed here",
        layer=layer(square(271_000), coverage=CITY_WIDE),
        outcome="pass",
        distance_m=270_900,
    ),
    Case(
        reason="a rule for industry waits until the flow is known",
        rule={"when": {"flow": ["industrial"]}},
        layer=layer(square(400)),
        outcome="not_evaluated",
    ),
    Case(
        reason="a rule for industry applies to industry",
        rule={"when": {"flow": ["industrial"]}},
        layer=layer(square(50)),
        project={"flow": "industrial"},
        outcome="fail",
        contact="encroachment",
        area_m2=5000,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.reason)
def test_review_of_a_square(case: Case) -> None:
    inputs = make_inputs(make_boundary(), *([case.layer] if case.layer else []), project=case.project)
    report = review(inputs, make_rulebook(make_rule(case.kind, **case.rule)))
    (finding,) = report.findings
    assert finding.outcome == Outcome(case.outcome), finding.reason
    assert finding.contact == Contact(case.contact)
    assert finding.planar_area_m2 == pytest.approx(case.area_m2, rel=1e-6, abs=1e-9)
    assert finding.share == pytest.approx(case.area_m2 / 10_000, rel=1e-6, abs=1e-9)
    assert finding.distance_m == (None if case.distance_m is None else pytest.approx(case.distance_m, abs=1e-6))
    if case.parts is not None:
        assert len(finding.parts) == case.parts
    assert finding.reason
    assert finding.message.startswith("“控制线”")


@pytest.mark.parametrize(
    ("outcomes", "verdict"),
    [
        ((50, 400), Verdict.FAIL),
        ((400, 400), Verdict.PASS),
    ],
)
def test_verdict_is_the_worst(outcomes: tuple[float, float], verdict: Verdict) -> None:
    layers = [make_layer(square(east), code=code) for east, code in zip(outcomes, "AB", strict=True)]
    rulebook = make_rulebook(make_rule(layer="A"), make_rule(layer="B"))
    assert review(make_inputs(make_boundary(), *layers), rulebook).verdict is verdict


def test_verdict_when_fail_and_missing_layer_is_fail() -> None:
    rulebook = make_rulebook(make_rule(layer="A"), make_rule(layer="B"))
    report = review(make_inputs(make_boundary(), make_layer(square(50), code="A")), rulebook)
    assert report.verdict is Verdict.FAIL
    assert [finding.outcome for finding in report.findings] == [Outcome.FAIL, Outcome.NOT_EVALUATED]


def test_verdict_when_consult_and_missing_layer_is_incomplete() -> None:
    rulebook = make_rulebook(make_rule("consult", layer="A"), make_rule(layer="B"))
    report = review(make_inputs(make_boundary(), make_layer(square(50), code="A")), rulebook)
    assert report.verdict is Verdict.INCOMPLETE


def test_rule_of_another_flow_is_listed_not_evaluated_away() -> None:
    rulebook = make_rulebook(make_rule(layer="A"), make_rule(layer="B", when={"flow": ["industrial"]}))
    report = review(
        make_inputs(make_boundary(), make_layer(square(400), code="A"), project={"flow": "other"}), rulebook
    )
    assert report.verdict is Verdict.PASS
    assert [skipped.rule.layer for skipped in report.not_applicable] == ["B"]
    assert "industrial" in report.not_applicable[0].reason


def test_rulebook_of_which_no_rule_applies_is_incomplete() -> None:
    rulebook = make_rulebook(make_rule(layer="B", when={"flow": ["industrial"]}))
    assert review(make_inputs(make_boundary(), project={"flow": "other"}), rulebook).verdict is Verdict.INCOMPLETE


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        pytest.param("industrial", Verdict.FAIL, id="the rule applies"),
        pytest.param("other", Verdict.PASS, id="a known flow the rule leaves out"),
        pytest.param("industrail", Verdict.INCOMPLETE, id="a slip of the pen must not switch a rule off"),
        pytest.param("工业", Verdict.INCOMPLETE, id="nor may another language"),
    ],
)
def test_value_that_the_rulebook_does_not_know_is_never_out_of_scope(given: str, verdict: Verdict) -> None:
    rules = make_rule(layer="A"), make_rule(layer="B", when={"flow": ["industrial"]})
    rulebook = make_rulebook(*rules, values={"flow": ["industrial", "other"]})
    layers = make_layer(square(400), code="A"), make_layer(square(50), code="B")
    assert review(make_inputs(make_boundary(), *layers, project={"flow": given}), rulebook).verdict is verdict


@pytest.mark.parametrize(("east_m", "outcome"), [(120_000, Outcome.PASS), (150_000, Outcome.NOT_EVALUATED)])
def test_layer_farther_off_than_the_city_is_wide_is_not_evaluated(east_m: float, outcome: Outcome) -> None:
    report = review(make_inputs(make_boundary(), make_layer(square(east_m))), make_rulebook(make_rule()))
    assert report.findings[0].outcome is outcome


def test_small_plots_of_broken_plan_values_are_summed() -> None:
    strips = [square(0, 0, 1.2, 50), square(2, 0, 1.2, 50), square(3.2, 0, 100, 200).union(square(1.2, 0, 0.8, 200))]
    plan = make_layer(*strips, attributes=[{"RJL": 1.0}, {"RJL": 1.1}, {"RJL": 3.0}])
    rule = make_rule("compare", attribute="RJL", operator="<=", ignore_below_m2=100.0)
    report = review(make_inputs(make_boundary(), plan, project={"RJL": "2.0"}), make_rulebook(rule))
    assert report.findings[0].outcome is Outcome.FAIL
    assert report.findings[0].planar_area_m2 == pytest.approx(120.0, rel=1e-6)


def test_area_that_floats_leave_a_hair_below_the_limit_has_reached_it() -> None:
    rule = make_rule(ignore_below_m2=23.04)
    for step in range(40):
        land, control = (
            square(step * 0.111, step * 0.077, 100),
            square(step * 0.111 + 99.1, step * 0.077 + 10, 30, 25.6),
        )
        report = review(make_inputs(make_boundary(land), make_layer(control)), make_rulebook(rule))
        assert report.findings[0].outcome is Outcome.FAIL
