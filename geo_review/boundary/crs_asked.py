"""The system the user asks for with `--crs`: taken when the numbers can be in it, refused when they cannot."""

from __future__ import annotations

from geo_review.boundary.datum import Datum, KnownCrs, known_crs
from geo_review.boundary.magnitudes import Kind, Magnitudes
from geo_review.boundary.model import BoundaryIssue, CrsFinding, CrsHow, DeclaredCrs, Severity
from geo_review.errors import InvalidOption
from geo_review.geometry.crs import LONLAT, WGS84, GaussKruger, gauss_kruger
from geo_review.wording import say


def asked_crs(epsg: int, seen: Magnitudes, declared: DeclaredCrs) -> tuple[CrsFinding, list[BoundaryIssue]]:
    """Return the asked system, its zone number before the eastings added or left out as the coordinates have it.

    Raises `InvalidOption` naming ``--crs`` for a code PROJ does not know, another datum, or impossible numbers.
    """
    system = _system(epsg)
    issues = _contradicted(system, declared)
    zone = gauss_kruger(epsg)
    if zone is None:
        if system.geographic and seen.kind is not Kind.DEGREES:
            raise _impossible(epsg, "asked_degrees", seen)
        if system.geographic:
            epsg = WGS84 if system.datum is Datum.WGS84 else LONLAT
        return _finding(epsg), issues
    if seen.kind is Kind.PREFIXED_M:
        assert seen.zone is not None  # what PREFIXED_M means
        written = GaussKruger(width_deg=3 if seen.zone >= 25 else 6, zone=seen.zone, prefixed=True)
        if written.central_meridian_deg != zone.central_meridian_deg:
            raise _impossible(epsg, "asked_zone", seen, zone=written.zone, right=written.epsg)
        if written != zone:
            issues.append(_note("prefix_present", said=epsg, epsg=written.epsg, zone=written.zone))
        return _finding(written.epsg), issues
    if seen.kind is Kind.BARE_M:
        bare = GaussKruger(width_deg=zone.width_deg, zone=zone.zone, prefixed=False)
        if zone.prefixed:
            issues.append(_note("prefix_absent", said=epsg, epsg=bare.epsg))
        return _finding(bare.epsg), issues
    raise _impossible(epsg, "asked_metres", seen)


def _system(epsg: int) -> KnownCrs:
    system = known_crs(epsg)
    if system is None or not (system.geographic or system.projected):
        raise InvalidOption(
            code="unknown_epsg", message=say("crs.asked_unknown", epsg=epsg), remedy=say("crs.asked_remedy")
        )
    if system.datum is Datum.FOREIGN:
        raise InvalidOption(
            code="foreign_datum",
            message=say("crs.asked_foreign", epsg=epsg, name=system.name),
            remedy=say("crs.foreign_datum_remedy"),
        )
    return system


def _contradicted(system: KnownCrs, declared: DeclaredCrs) -> list[BoundaryIssue]:
    asked = gauss_kruger(system.epsg)
    said = None
    if declared.epsg is not None and declared.epsg != system.epsg:
        zone = gauss_kruger(declared.epsg)
        if zone is None or asked is None or zone.central_meridian_deg != asked.central_meridian_deg:
            said = f"EPSG:{declared.epsg}"
    elif declared.zone is not None and (asked is None or declared.zone != asked.zone):
        said = say("crs.said_zone", zone=declared.zone)
    if said is None:
        return []
    values = {"said": said, "epsg": system.epsg}
    return [BoundaryIssue(code="asked_contradicts", severity=Severity.WARNING, values=values)]


def _impossible(epsg: int, key: str, seen: Magnitudes, **values: object) -> InvalidOption:
    first, second = (f"{value:.10g}" for value in seen.east_north[0])
    return InvalidOption(
        code="crs_impossible",
        message=say(f"crs.{key}", epsg=epsg, first=first, second=second, **values),
        remedy=say("crs.asked_remedy"),
    )


def _finding(epsg: int) -> CrsFinding:
    return CrsFinding(epsg=epsg, how=CrsHow.ASKED, reason=say("crs.asked", epsg=epsg))


def _note(code: str, **values: object) -> BoundaryIssue:
    return BoundaryIssue(code=code, severity=Severity.INFO, values=values)
