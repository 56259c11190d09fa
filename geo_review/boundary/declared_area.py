"""Which unit a declared area is in, and whether it agrees with the land. Changes no area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geo_review.boundary.model import BoundaryIssue, Place, RawParcel, Severity

# Square metres of each unit; hectares first: the standard's unit, which wins when several fit or none.
UNITS_M2 = {"公顷": 10_000.0, "平方米": 1.0, "亩": 10_000.0 / 15.0}
STANDARD_UNIT = "公顷"

# The units differ by 15 times and more, so a unit is believed when the area comes this near.
BELIEVED_SHARE = 0.05
# A declared area rounded to the standard's 4 decimals of a hectare is off by 0.5 m²; planar and ellipsoidal area
# differ by up to 0.05 % in a 3-degree zone. More than both is a difference an officer must see.
DIFFERS_SHARE = 0.001
DIFFERS_M2 = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class DeclaredAreas:
    """Declared areas in m², parallel to the parcels; the unit is one for the file, None when nothing is declared."""

    areas_m2: tuple[float | None, ...]
    unit: str | None
    issues: tuple[BoundaryIssue, ...]

    @property
    def total_m2(self) -> float | None:
        """The sum, when every parcel declares one."""
        stated = [area for area in self.areas_m2 if area is not None]
        return sum(stated) if stated and len(stated) == len(self.areas_m2) else None


def believe_areas(parcels: Sequence[RawParcel], planar_m2: Sequence[float]) -> DeclaredAreas:
    """Compare each declared area with the planar area of its parcel and believe one unit for the file.

    A unit the file names is taken; otherwise the one in which most parcels agree within 5 %. Zero is a blank that
    writers fill in, not an area.
    """
    declared = [parcel.declared_area or None for parcel in parcels]
    unnamed = [
        (area, planar)
        for area, planar, parcel in zip(declared, planar_m2, parcels, strict=True)
        if area is not None and parcel.declared_area_unit is None
    ]
    unit, agreeing = _most_agreeing(unnamed)
    issues: list[BoundaryIssue] = []
    if unnamed and agreeing:
        severity = Severity.INFO if unit == STANDARD_UNIT else Severity.WARNING
        issues.append(BoundaryIssue(code="area_unit_believed", severity=severity, values={"unit": unit}))
    areas_m2: list[float | None] = []
    for number, (parcel, area, planar) in enumerate(zip(parcels, declared, planar_m2, strict=True), start=1):
        if area is None:
            areas_m2.append(None)
            continue
        own_unit = parcel.declared_area_unit or unit
        area_m2 = area * UNITS_M2[own_unit]
        areas_m2.append(area_m2)
        issues += _compare(parcel, Place(parcel=number, line=parcel.line), area, own_unit, area_m2, planar)
    named = {parcel.declared_area_unit for parcel, area in zip(parcels, declared, strict=True) if area is not None}
    believed = next(iter(named)) if len(named) == 1 and None not in named else unit
    return DeclaredAreas(
        areas_m2=tuple(areas_m2),
        unit=believed if any(area is not None for area in declared) else None,
        issues=tuple(issues),
    )


def _most_agreeing(unnamed: Sequence[tuple[float, float]]) -> tuple[str, int]:
    counts = {
        unit: sum(abs(area * factor - planar) <= BELIEVED_SHARE * planar for area, planar in unnamed)
        for unit, factor in UNITS_M2.items()
    }
    best = max(counts, key=lambda unit: counts[unit])  # the first of equals: hectares
    return best, counts[best]


def _compare(
    parcel: RawParcel, where: Place, area: float, unit: str, area_m2: float, planar_m2: float
) -> list[BoundaryIssue]:
    difference_m2 = area_m2 - planar_m2
    values = {
        "declared": f"{area:.10g}",
        "unit": unit,
        "declared_m2": f"{area_m2:.2f}",
        "planar_m2": f"{planar_m2:.2f}",
        "difference_m2": f"{difference_m2:+.2f}",
        "share": f"{difference_m2 / planar_m2:+.2%}",
    }
    if abs(difference_m2) > BELIEVED_SHARE * planar_m2 and parcel.declared_area_unit is None:
        return [BoundaryIssue(code="area_unbelievable", severity=Severity.WARNING, where=where, values=values)]
    if abs(difference_m2) > max(DIFFERS_SHARE * planar_m2, DIFFERS_M2):
        return [BoundaryIssue(code="area_differs", severity=Severity.WARNING, where=where, values=values)]
    return []
