"""What a drawing unit is, from the coordinates first and the header second. Knows no city and moves nothing.

Coordinates of a Gauss-Kruger zone have so many digits that metres and millimetres cannot be taken for one another; a
header is often a template's. Centimetres and kilometres are believed only when the header says so.
"""

from __future__ import annotations

from geo_review.boundary.dxf_refusals import refused
from geo_review.boundary.magnitudes import Kind, kinds_of
from geo_review.boundary.model import BoundaryIssue, Coordinates, Severity
from geo_review.wording import say

METRES = 1.0
_MILLIMETRES = 1000.0
# $INSUNITS → how many units a metre has (DXF reference, HEADER); a template of inches or feet says nothing here.
_PER_METRE = {4: _MILLIMETRES, 5: 100.0, 6: METRES, 7: 0.001, 14: 10.0}
_WORDS = {_MILLIMETRES: "mm", 100.0: "cm", METRES: "m", 0.001: "km", 10.0: "dm"}
_UNITLESS = 0
_NO_METRES = 5e7  # beyond any easting or northing in metres


def units_per_metre(points: Coordinates, header: int) -> tuple[float, list[BoundaryIssue]]:
    """Return how many drawing units a metre has, and what should be known of it.

    ``header`` is $INSUNITS, 0 when there is none. Coordinates that fit no unit are left as they are: what they lack is
    told where the city is known. Raises UnreadableBoundary when they fit several.
    """
    said = _PER_METRE.get(header)
    readings = [unit for unit in dict.fromkeys((METRES, _MILLIMETRES, said)) if unit and _fits(points, unit)]
    if len(readings) > 1:
        words = say("crs.or").join(say(f"dxf.unit_{_WORDS[unit]}") for unit in readings)
        raise refused("dxf_units_unclear", units=words)
    if not readings:
        # Without the leading digits nothing tells metres from millimetres, but numbers no metres can be.
        large = said is not None and len(points) > 0 and float(abs(points).max()) > _NO_METRES
        return (said if large and said else METRES), []
    unit = readings[0]
    if unit == METRES and header in (_UNITLESS, 6):
        return unit, []
    values = {
        "unit": say(f"dxf.unit_{_WORDS[unit]}"),
        "header": _said(header, said),
    }
    agrees = said == unit or header == _UNITLESS
    code, severity = ("dxf_units", Severity.INFO) if agrees else ("dxf_units_contradict", Severity.WARNING)
    return unit, [BoundaryIssue(code=code, severity=severity, values=values)]


def are_degrees(points: Coordinates) -> bool:
    """Whether every point may be a longitude and a latitude, in one order or the other."""
    return any((kinds_of(order) == Kind.DEGREES).all() for order in (points, points[:, ::-1]))


def _fits(points: Coordinates, unit: float) -> bool:
    """Whether all points are eastings and northings of a zone, in one order or the other."""
    metres = points / unit
    for order in (metres, metres[:, ::-1]):
        kinds = kinds_of(order)
        if len(kinds) and kinds[0] in (Kind.PREFIXED_M, Kind.BARE_M) and (kinds == kinds[0]).all():
            return True
    return False


def _said(header: int, unit: float | None) -> str:
    word = _WORDS[unit] if unit else {1: "in", 2: "ft"}.get(header)
    return say(f"dxf.unit_{word}") if word else say("dxf.unit_none", header=header)
