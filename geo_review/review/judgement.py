"""What every check is given and what it says: the values between the engine and the checks, and the coverage test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from shapely.geometry.base import BaseGeometry

from geo_review.control.model import LayerNear
from geo_review.geometry.intersect import land_outside
from geo_review.review.findings import Comparison, Contact, Outcome
from geo_review.review.slivers import WeighedPart


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """What every check looks at: the land in the measuring CRS, the sliver policy, what is known of the project."""

    land: BaseGeometry
    contact_width_m: float
    project: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What a check says, before it is measured on the ellipsoid and put into words."""

    outcome: Outcome
    reason: str
    contact: Contact = Contact.NONE
    parts: tuple[WeighedPart, ...] = ()
    distance_m: float | None = None
    uncovered_area_m2: float = 0.0
    comparisons: tuple[Comparison, ...] = field(default=())


def uncovered_m2(ground_needed: BaseGeometry, layer: LayerNear, ground: Ground) -> float:
    """Return how much of the ground the layer was not surveyed on, in m²; gaps narrower than a contact are none."""
    if layer.coverage is None:
        return 0.0
    gaps = land_outside(ground_needed, np.array([layer.coverage], dtype=object))
    return sum((float(gap.area) for gap in gaps if not WeighedPart.is_contact(gap, ground.contact_width_m)), 0.0)
