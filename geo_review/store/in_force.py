"""The red lines in force of many projects in one question: by digest and reading, without geometry. Stores nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from geo_review.boundary.asked import Asked
from geo_review.store.statements import statement


@dataclass(frozen=True, kw_only=True, slots=True)
class InForce:
    """A stored project. ``version`` and the rest are None as long as it has no red line; ``asked`` is what was said of
    its file, as the column keeps it, None for one from before that was kept.
    """

    code: str
    version: int | None
    sha256: str | None
    asked: Mapping[str, object] | None
    format: str | None
    planar_area_m2: float | None
    has_companions: bool

    def is_of(self, sha256: str, asked: Asked, *, has_companions: bool) -> bool:
        """Tell whether a file, read so, is surely what is in force; companions can only be compared in the store."""
        said = {
            "epsg": asked.epsg,
            "layer": asked.layer,
            "parcels": list(asked.parcels),
            "accept": sorted(asked.accept),
        }
        alone = not (has_companions or self.has_companions)
        return alone and self.sha256 == sha256 and self.asked == said


def in_force(session: Session, codes: Collection[str]) -> dict[str, InForce]:
    """Return the projects of these codes that are stored, by code."""
    rows = session.execute(statement("in_force"), {"codes": list(codes)})
    return {row["code"]: InForce(**row) for row in rows.mappings()}
