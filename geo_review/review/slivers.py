"""The published sliver policy: which part of an overlap is technical contact, which is minor, which encroaches.

A part narrower than the contact width is technical contact: listed, never decisive. The limit of a rule holds for the
SUM of all other parts, and reaching the limit counts. Nothing is hidden and no geometry is moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from shapely.geometry import Polygon

from geo_review.geometry.measure import COORDINATE_STEP_M, is_narrower_than
from geo_review.review.findings import Contact
from geo_review.rules.rulebook import Rule


@dataclass(frozen=True, kw_only=True, slots=True)
class WeighedPart:
    """A connected part of the land a rule is about, and how much it weighs."""

    polygon: Polygon
    contact: Contact

    @staticmethod
    def is_contact(polygon: Polygon, contact_width_m: float) -> bool:
        """Tell whether a part is narrower than the contact width."""
        return contact_width_m > 0.0 and is_narrower_than(polygon, contact_width_m)


def weigh(polygons: Sequence[Polygon], rule: Rule, contact_width_m: float) -> tuple[WeighedPart, ...]:
    """Return every part with its contact, in the order given."""
    narrow = [WeighedPart.is_contact(polygon, contact_width_m) for polygon in polygons]
    wide = [polygon for polygon, is_narrow in zip(polygons, narrow, strict=True) if not is_narrow]
    # 25.6 m × 0.9 m is 23.04 m², and 2e-9 less at the coordinates of Puyang: an area that near has reached the limit.
    most_m2 = fsum(polygon.area + COORDINATE_STEP_M * polygon.length for polygon in wide)
    heavy = Contact.ENCROACHMENT if most_m2 >= rule.ignore_below_m2 else Contact.MINOR
    return tuple(
        WeighedPart(polygon=polygon, contact=Contact.TECHNICAL if is_narrow else heavy)
        for polygon, is_narrow in zip(polygons, narrow, strict=True)
    )


def reaches_limit(parts: Sequence[WeighedPart]) -> bool:
    """Tell whether the parts decide: some are no mere contact, and together they reach the rule's limit."""
    return any(part.contact is Contact.ENCROACHMENT for part in parts)


def worst_contact(parts: Sequence[WeighedPart]) -> Contact:
    """Return the worst contact of some parts, NONE for no part."""
    order = list(Contact)
    return max((part.contact for part in parts), key=order.index, default=Contact.NONE)
