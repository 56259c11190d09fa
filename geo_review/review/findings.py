"""The values a review ends in: contact of a part, outcome of a rule, verdict of the whole. Computes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

from geo_review.boundary.model import Boundary
from geo_review.control.model import LayerFacts, Repair
from geo_review.rules.rulebook import Rule


class Contact(StrEnum):
    """The published sliver policy, from nothing to the worst."""

    NONE = "none"
    TOUCH = "touch"  # a shared point or edge: no area
    TECHNICAL = "technical"  # narrower than the contact width: listed, never decisive
    MINOR = "minor"  # wide enough, but the sum stays below the rule's limit
    ENCROACHMENT = "encroachment"  # the sum reaches the limit


class Outcome(StrEnum):
    """What one rule says of the red line."""

    PASS = "pass"
    NOTIFY = "notify"
    CONSULT = "consult"
    FAIL = "fail"
    NOT_COVERED = "not_covered"  # the layer was not surveyed here
    NOT_EVALUATED = "not_evaluated"  # the layer is missing, not in force, or a value is missing


class Verdict(StrEnum):
    """What the review says as a whole; the worst outcome decides: fail, incomplete, consult, pass."""

    PASS = "pass"
    CONSULT = "consult"
    FAIL = "fail"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, kw_only=True, slots=True)
class LandPart:
    """One connected piece of the land a rule is about. ``geometry`` is a polygon in the measuring CRS (metres),
    ``lonlat`` the same in EPSG:4490; ``max_width_m`` is the diameter of the largest circle inside."""

    contact: Contact
    geometry: BaseGeometry
    lonlat: BaseGeometry
    planar_area_m2: float
    ellipsoidal_area_m2: float
    max_width_m: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """One plan value a compare rule met: how much land has it, and whether the project's value keeps it."""

    plan_value: str | None
    project_value: str | None
    planar_area_m2: float
    kept: bool | None  # None: the two cannot be compared


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What one rule found. ``layer`` is None when no version of the layer was at hand."""

    rule: Rule
    layer: LayerFacts | None
    coverage: str | None  # "declared" | "assumed" | None without a layer
    outcome: Outcome
    reason: str
    contact: Contact = Contact.NONE
    planar_area_m2: float = 0.0
    ellipsoidal_area_m2: float = 0.0
    share: float = 0.0
    distance_m: float | None = None
    parts: tuple[LandPart, ...] = ()
    uncovered_area_m2: float = 0.0
    comparisons: tuple[Comparison, ...] = ()
    repairs: tuple[Repair, ...] = ()
    department_name: str | None = None  # of the rule's department code, for people
    message: str = ""

    def told(self, message: str) -> Finding:
        """Return the same finding with its sentence."""
        return replace(self, message=message)


@dataclass(frozen=True, kw_only=True, slots=True)
class NotApplicable:
    """A rule whose ``when`` leaves this project out: listed, so that nothing is skipped without a trace."""

    rule: Rule
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewReport:
    """Everything a report is written from."""

    verdict: Verdict
    as_of: date
    engine: Mapping[str, str]
    rulebook_id: str
    rulebook_edition: str
    rulebook_sha256: str
    contact_width_m: float
    boundary: Boundary
    project: Mapping[str, str]  # the values given for the project (flow, RJL, …)
    findings: tuple[Finding, ...]
    not_applicable: tuple[NotApplicable, ...] = ()
    notes: tuple[str, ...] = field(default=())
