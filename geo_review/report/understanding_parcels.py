"""The parcels of a red-line file as lines of a table: rings, points, closure, declared against measured area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo_review.report.legible import legible
from geo_review.report.understanding_facts import difference_text
from geo_review.wording import say
from geo_review.wording.figures import hectares, mu, square_metres

_DIFFERS_SHARE = 0.001  # from here on a difference is an issue (see `boundary.declared_area`)


@dataclass(frozen=True, kw_only=True, slots=True)
class ParcelLine:
    """One parcel. Texts are empty where nothing is known; ``status`` is ok, info, warning or open."""

    number: int
    chosen: bool
    code: str
    name: str
    use: str
    rings: str
    points: str
    closed: str
    area: str
    area_more: str
    declared: str
    declared_more: str
    difference: str
    status: str


def parcel_lines(document: Mapping[str, Any], most: int) -> tuple[ParcelLine, ...]:
    """Return the first ``most`` parcels in file order."""
    return tuple(_line(parcel) for parcel in document["parcels"][:most])


def _line(parcel: Mapping[str, Any]) -> ParcelLine:
    rings = parcel["rings"]
    planar_m2, declared_m2 = parcel["area_planar_m2"], parcel["area_declared_m2"]
    return ParcelLine(
        number=parcel["number"],
        chosen=parcel["chosen"],
        code=legible(parcel["code"] or ""),
        name=legible(parcel["name"] or ""),
        use=legible(parcel["use"] or ""),
        rings=_rings(rings),
        points=_points(parcel),
        closed=_closed(rings),
        area=square_metres(planar_m2) if planar_m2 is not None else "",
        area_more=_units(planar_m2),
        declared=square_metres(declared_m2) if declared_m2 is not None else _as_written(parcel),
        declared_more=_units(declared_m2),
        difference=_difference(parcel),
        status=_status(parcel),
    )


def _rings(rings: list[Mapping[str, Any]]) -> str:
    holes = sum(ring["role"] == "hole" for ring in rings)
    return say("understanding.rings_with_holes", count=len(rings), holes=holes) if holes else str(len(rings))


def _points(parcel: Mapping[str, Any]) -> str:
    points, declared = sum(ring["points"] for ring in parcel["rings"]), parcel["declared_points"]
    # Writers count the closing point of each ring or do not: both are the same number of points.
    if declared is None or declared in (points, points + len(parcel["rings"])):
        return str(points)
    return say("understanding.points_declared", points=points, declared=declared)


def _closed(rings: list[Mapping[str, Any]]) -> str:
    open_rings = sum(ring["closed"] is False for ring in rings)
    if any(ring["closed"] is None for ring in rings):
        return ""
    return say("understanding.open_rings", count=open_rings) if open_rings else say("understanding.all_closed")


def _units(area_m2: float | None) -> str:
    if area_m2 is None:
        return ""
    return say("understanding.other_units", hectares=hectares(area_m2), mu=mu(area_m2))


def _as_written(parcel: Mapping[str, Any]) -> str:
    """What was declared of a parcel that was not measured: its unit may not be known."""
    if not parcel["declared_area"]:
        return ""
    return f"{parcel['declared_area']:.10g} {parcel['declared_area_unit'] or ''}".strip()


def _difference(parcel: Mapping[str, Any]) -> str:
    if parcel["difference_m2"] is None:
        return ""
    return difference_text(parcel["area_declared_m2"], parcel["area_planar_m2"])


def _status(parcel: Mapping[str, Any]) -> str:
    if parcel["area_planar_m2"] is None:
        return "open"
    share = parcel["difference_share"]
    return "warning" if share is not None and abs(share) > _DIFFERS_SHARE else "ok"
