"""From outcomes to a verdict. The worst decides: fail, then incomplete, then consult, then pass."""

from __future__ import annotations

from collections.abc import Iterable

from geo_review.review.findings import Outcome, Verdict

_WORST_FIRST = (
    (Outcome.FAIL, Verdict.FAIL),
    (Outcome.NOT_EVALUATED, Verdict.INCOMPLETE),
    (Outcome.NOT_COVERED, Verdict.INCOMPLETE),
    (Outcome.CONSULT, Verdict.CONSULT),
    (Outcome.NOTIFY, Verdict.PASS),
    (Outcome.PASS, Verdict.PASS),
)


def decide(outcomes: Iterable[Outcome]) -> Verdict:
    """Return the verdict of a review; a review that evaluated no rule at all is incomplete, never a pass."""
    found = set(outcomes)
    return next((verdict for outcome, verdict in _WORST_FIRST if outcome in found), Verdict.INCOMPLETE)
