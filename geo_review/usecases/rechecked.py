"""What a re-check found: values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from geo_review.review.findings import Finding
from geo_review.review.layer_effect import Change
from geo_review.rules.rulebook import Rulebook
from geo_review.store.boundaries import StoredBoundary
from geo_review.store.control_layers import LayerVersion
from geo_review.store.layer_change import LayerChange
from geo_review.store.projects import StoredProject


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectEffect:
    """What the change of a layer means for the red line in force of a project; the findings are rule by rule."""

    project: StoredProject
    boundary: StoredBoundary
    change: Change
    before: tuple[Finding, ...]
    after: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Recheck:
    """Two versions of a layer, what lies between them, and what that means for every live project it meets."""

    earlier: LayerVersion
    later: LayerVersion
    rulebook: Rulebook
    as_of: date
    change: LayerChange
    live_projects: int
    effects: tuple[ProjectEffect, ...]  # the worst first, then by code
