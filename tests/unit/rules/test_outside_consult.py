"""Land outside a line that allows it after an opinion: the development boundary and linear works."""

from __future__ import annotations

import pytest

from geo_review.review.engine import review
from geo_review.review.findings import Outcome
from tests.builders import EAST, NORTH, make_boundary, make_inputs, make_layer, make_rule, make_rulebook, square


@pytest.mark.parametrize(
    ("reason", "outside", "line_side_m", "outcome"),
    [
        ("inside the line", "consult", 400.0, Outcome.PASS),
        ("outside, after an opinion", "consult", 50.0, Outcome.CONSULT),
        ("outside, forbidden in words", "forbid", 50.0, Outcome.FAIL),
        ("outside, forbidden by default", None, 50.0, Outcome.FAIL),
    ],
)
def test_must_within_when_land_is_outside_then_what_the_rule_says_of_outside(
    reason: str, outside: str | None, line_side_m: float, outcome: Outcome
) -> None:
    rule = make_rule("must_within", **({} if outside is None else {"outside": outside}))
    inputs = make_inputs(make_boundary(square(EAST, NORTH, 100.0)), make_layer(square(EAST, NORTH, line_side_m)))
    (finding,) = review(inputs, make_rulebook(rule)).findings
    assert finding.outcome is outcome
