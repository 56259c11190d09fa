"""One sentence a finding, as an officer would say it: a pure function of the finding's values."""

from __future__ import annotations

from math import fsum

from geo_review.review.findings import Contact, Finding, Outcome
from geo_review.rules.rulebook import RuleKind
from geo_review.wording import say
from geo_review.wording.figures import metres, mu, percent, square_metres
from geo_review.wording.spacing import close_up

_UNFINISHED = (Outcome.NOT_COVERED, Outcome.NOT_EVALUATED)


def officer_sentence(finding: Finding) -> str:
    """Return what was found, where it leads, on whose authority."""
    pieces = [_subject(finding), finding.reason, _land(finding), _doubt(finding), _conclusion(finding)]
    return "".join(piece for piece in pieces if piece)


def _subject(finding: Finding) -> str:
    version = finding.layer.version if finding.layer else say("review.no_version")
    return say("review.subject", title=finding.rule.title, code=finding.rule.layer, version=version)


def _land(finding: Finding) -> str:
    """The figures behind the reason: of the parts that weigh, or of the contacts where there is nothing else.

    The reason of an unfinished check is about the ground that is not known; what was found beside it is said so.
    """
    parts = [part for part in finding.parts if part.contact is not Contact.TECHNICAL] or finding.parts
    if not parts:
        return ""
    area_m2 = fsum(part.planar_area_m2 for part in parts)
    return say(
        "review.land_known" if finding.outcome in _UNFINISHED else "review.land",
        m2=square_metres(area_m2),
        mu=mu(area_m2),
        share=percent(finding.share * area_m2 / finding.planar_area_m2),
        count=len(parts),
        width=metres(max(part.max_width_m for part in parts)),
    )


def _doubt(finding: Finding) -> str:
    """Say so when the widest part is narrower than the layer is accurate: the verdict stands, the ground decides."""
    accuracy_m = finding.layer.accuracy_m if finding.layer else None
    decisive = [part.max_width_m for part in finding.parts if part.contact is Contact.ENCROACHMENT]
    if accuracy_m is None or not decisive or max(decisive) >= accuracy_m:
        return ""
    return say("review.within_accuracy", accuracy=metres(accuracy_m))


def _conclusion(finding: Finding) -> str:
    rule = finding.rule
    conclusion = say(f"review.outcome_{finding.outcome}")
    if finding.outcome is Outcome.CONSULT and finding.department_name:
        days = say("review.within_days", days=rule.respond_within_workdays) if rule.respond_within_workdays else ""
        conclusion += close_up(say("review.ask", department=finding.department_name, days=days))
    if finding.outcome in _UNFINISHED:
        return say("review.conclusion_unfinished", conclusion=conclusion)
    if rule.basis and finding.outcome is not Outcome.PASS:
        key = "review.basis" if rule.basis_confirmed else "review.basis_unconfirmed"
        return say("review.conclusion_with_basis", conclusion=conclusion, basis=say(key, basis=rule.basis))
    if rule.kind is RuleKind.NOTIFY and finding.outcome is Outcome.NOTIFY and rule.note:
        return say("review.conclusion_with_basis", conclusion=conclusion, basis=rule.note)
    return say("review.conclusion", conclusion=conclusion)
