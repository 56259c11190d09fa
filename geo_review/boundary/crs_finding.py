"""Decides the reference system of a red line and keeps the reason; when it cannot be known, refuses. Never guesses.

Order of belief: what the user asks for, the zone number in front of the eastings, what the file declares, and for
degrees their range. The extent of the city never chooses a system, it only checks the one found.
"""

from __future__ import annotations

from typing import NamedTuple

from geo_review.boundary.crs_asked import asked_crs
from geo_review.boundary.datum import Datum, KnownCrs, datum_by_name, known_crs
from geo_review.boundary.local_origin import refuse_local_origin
from geo_review.boundary.location import check_location, middle_lonlat, zones_of_city
from geo_review.boundary.magnitudes import Kind, Magnitudes, magnitudes
from geo_review.boundary.model import (
    BoundaryIssue,
    Coordinates,
    CrsFinding,
    CrsHow,
    DeclaredCrs,
    RawBoundary,
    Severity,
)
from geo_review.city import City
from geo_review.errors import UnknownCrs
from geo_review.geometry.crs import LONLAT, WGS84, GaussKruger, gauss_kruger
from geo_review.wording import say


class CrsDecision(NamedTuple):
    """The system of the coordinates as written, whether their columns stand the other way round than the format
    defines, and what the user should know of it."""

    finding: CrsFinding
    swapped: bool
    issues: tuple[BoundaryIssue, ...]


def find_crs(raw: RawBoundary, *, city: City, asked_epsg: int | None) -> CrsDecision:
    """Decide the CRS of a file with finite coordinates.

    Raises `UnknownCrs` when nothing settles it or the datum is not CGCS2000, `InvalidOption` when the asked EPSG
    code is impossible, `InvalidBoundary` when points disagree or the land would lie far from the city.
    """
    decision, east_north = _decide(raw, city, asked_epsg)
    located = check_location(east_north, decision.finding.epsg, city)
    return decision._replace(issues=(*decision.issues, *located))


def crs_to_draw(raw: RawBoundary, *, city: City, asked_epsg: int | None) -> CrsDecision:
    """Decide as `find_crs` does, wherever the land would lie: who hands in a far one is shown where it is."""
    return _decide(raw, city, asked_epsg)[0]


def _decide(raw: RawBoundary, city: City, asked_epsg: int | None) -> tuple[CrsDecision, Coordinates]:
    """Return the decision, and all points in its system, easting or longitude first."""
    if raw.format == "dxf":
        refuse_local_origin(raw, city)
    seen = magnitudes(raw, city)
    if asked_epsg is not None:
        finding, issues = asked_crs(asked_epsg, seen, raw.declared_crs)
    else:
        system = _known(raw.declared_crs)
        datum_issues = _check_datum(raw.declared_crs, system)
        finding, issues = _unasked(raw, system, seen, city)
        issues = [*datum_issues, *issues]
    if seen.swapped:
        issues = [*issues, BoundaryIssue(code="axes_swapped", severity=Severity.WARNING)]
    return CrsDecision(finding, seen.swapped, tuple(issues)), seen.east_north


_Found = tuple[CrsFinding, list[BoundaryIssue]]


def _unasked(raw: RawBoundary, system: KnownCrs | None, seen: Magnitudes, city: City) -> _Found:
    declared = raw.declared_crs
    if system is not None and system.projected and gauss_kruger(system.epsg) is None:
        # UTM, Web Mercator …: their numbers look like anything, so the declaration stands and the location checks it.
        return _finding(system.epsg, CrsHow.DECLARED, "declared_epsg", name=system.name), []
    match seen.kind:
        case Kind.DEGREES:
            return _degrees(raw, system)
        case Kind.PREFIXED_M:
            return _prefixed(declared, system, seen)
        case Kind.BARE_M:
            return _bare(declared, system, seen, city)
        case Kind.NOTHING:
            raise UnknownCrs(
                code="unknown_crs",
                message=say("crs.fits_nothing", first=_number(seen, 0), second=_number(seen, 1)),
                remedy=say("crs.fits_nothing_remedy"),
            )


def _degrees(raw: RawBoundary, system: KnownCrs | None) -> _Found:
    if system is not None and system.geographic:
        epsg = WGS84 if system.datum is Datum.WGS84 else LONLAT
        return _finding(epsg, CrsHow.DECLARED, "declared_epsg", name=system.name), []
    said = _said(raw.declared_crs, system)
    if said is None and raw.format == "geojson":
        return _finding(LONLAT, CrsHow.DECLARED, "declared_geojson"), []
    issues = [_contradiction("crs_contradicts", said=said, found=f"EPSG:{LONLAT}")] if said is not None else []
    return _finding(LONLAT, CrsHow.RANGE, "range"), issues


def _prefixed(declared: DeclaredCrs, system: KnownCrs | None, seen: Magnitudes) -> _Found:
    assert seen.zone is not None  # what PREFIXED_M means
    zone = GaussKruger(width_deg=3 if seen.zone >= 25 else 6, zone=seen.zone, prefixed=True)
    how = CrsHow.PREFIX
    issues = []
    if system is not None:
        said = gauss_kruger(system.epsg)
        if said is None or said.central_meridian_deg != zone.central_meridian_deg:
            issues.append(
                _contradiction("zone_contradicts", said=f"EPSG:{system.epsg}", zone=zone.zone, epsg=zone.epsg)
            )
        elif said == zone:
            how = CrsHow.DECLARED
        else:
            issues.append(_note("prefix_present", said=system.epsg, epsg=zone.epsg, zone=zone.zone))
    if declared.zone is not None and declared.zone != zone.zone:
        said_zone = say("crs.said_zone", zone=declared.zone)
        issues.append(_contradiction("zone_contradicts", said=said_zone, zone=zone.zone, epsg=zone.epsg))
    if declared.zone_width_deg is not None and declared.zone_width_deg != zone.width_deg:
        said_width = say("crs.said_width", width=declared.zone_width_deg)
        issues.append(_contradiction("zone_contradicts", said=said_width, zone=zone.zone, epsg=zone.epsg))
    key = "declared_and_prefix" if how is CrsHow.DECLARED else "prefix"
    return _finding(zone.epsg, how, key, zone=zone.zone, width=zone.width_deg), issues


def _bare(declared: DeclaredCrs, system: KnownCrs | None, seen: Magnitudes, city: City) -> _Found:
    said = gauss_kruger(system.epsg) if system is not None else None
    if said is not None and system is not None:
        epsg = _without_prefix(said).epsg
        issues = [_note("prefix_absent", said=system.epsg, epsg=epsg)] if said.prefixed else []
        return _finding(epsg, CrsHow.DECLARED, "declared_epsg", name=system.name), issues
    if declared.zone is None:
        raise _zone_unknown(seen, city)
    width_deg = 3 if 25 <= declared.zone <= 45 else 6 if 13 <= declared.zone <= 23 else None
    if width_deg is None:
        raise UnknownCrs(
            code="unknown_crs", message=say("crs.zone_impossible", zone=declared.zone), remedy=say("crs.zone_remedy")
        )
    zone = GaussKruger(width_deg=width_deg, zone=declared.zone, prefixed=False)
    issues = []
    if declared.zone_width_deg is not None and declared.zone_width_deg != width_deg:
        said_width = say("crs.said_width", width=declared.zone_width_deg)
        issues.append(_contradiction("zone_contradicts", said=said_width, zone=zone.zone, epsg=zone.epsg))
    return _finding(zone.epsg, CrsHow.DECLARED, "declared_zone", zone=zone.zone, width=width_deg), issues


def _zone_unknown(seen: Magnitudes, city: City) -> UnknownCrs:
    readings = []
    for epsg in zones_of_city(city):
        zone = gauss_kruger(epsg)
        assert zone is not None  # what zones_of_city returns
        lon_deg, lat_deg = middle_lonlat(seen.east_north, epsg)
        readings.append(
            say(
                "crs.reading",
                epsg=epsg,
                zone=zone.zone,
                meridian=zone.central_meridian_deg,
                lon=f"{lon_deg:.4f}",
                lat=f"{lat_deg:.4f}",
            )
        )
    codes = [f"EPSG:{epsg}" for epsg in zones_of_city(city)]
    return UnknownCrs(
        code="unknown_crs",
        message=say("crs.zone_unknown", candidates=say("crs.or").join(codes)),
        remedy=say("crs.zone_unknown_remedy", epsg=zones_of_city(city)[0]),
        lines=tuple(readings),
    )


def _check_datum(declared: DeclaredCrs, system: KnownCrs | None) -> list[BoundaryIssue]:
    """Refuse another datum; note WGS 84 and what is not recognised."""
    datum, name = None, declared.datum
    if name:
        datum = datum_by_name(name)
    if system is not None and datum in (None, Datum.UNKNOWN):
        datum, name = system.datum, system.datum_name or system.name
    if datum is Datum.FOREIGN:
        raise UnknownCrs(
            code="foreign_datum", message=say("crs.foreign_datum", datum=name), remedy=say("crs.foreign_datum_remedy")
        )
    if datum is Datum.LOCAL:
        raise UnknownCrs(code="local_crs", message=say("crs.local_crs", datum=name), remedy=say("crs.local_crs_remedy"))
    if declared.wkt is not None and declared.epsg is None:
        raise UnknownCrs(code="custom_crs", message=say("crs.custom_crs"), remedy=say("crs.local_crs_remedy"))
    if datum is Datum.WGS84:
        return [_note("wgs84_taken_as_cgcs2000")]
    if datum is Datum.UNKNOWN:
        return [BoundaryIssue(code="datum_unknown", severity=Severity.WARNING, values={"datum": name})]
    return []


def _known(declared: DeclaredCrs) -> KnownCrs | None:
    if declared.epsg is None:
        return None
    system = known_crs(declared.epsg)
    if system is None or not (system.geographic or system.projected):
        raise UnknownCrs(
            code="unknown_crs",
            message=say("crs.declared_unusable", epsg=declared.epsg),
            remedy=say("crs.local_crs_remedy"),
        )
    return system


def _said(declared: DeclaredCrs, system: KnownCrs | None) -> str | None:
    """What the file declares of a projection, in words; None when it declares none."""
    if system is not None:
        return f"EPSG:{system.epsg}"
    return say("crs.said_zone", zone=declared.zone) if declared.zone is not None else None


def _without_prefix(zone: GaussKruger) -> GaussKruger:
    return GaussKruger(width_deg=zone.width_deg, zone=zone.zone, prefixed=False)


def _finding(epsg: int, how: CrsHow, reason: str, **values: object) -> CrsFinding:
    return CrsFinding(epsg=epsg, how=how, reason=say(f"crs.{reason}", epsg=epsg, **values))


def _contradiction(code: str, **values: object) -> BoundaryIssue:
    return BoundaryIssue(code=code, severity=Severity.WARNING, values=values)


def _note(code: str, **values: object) -> BoundaryIssue:
    return BoundaryIssue(code=code, severity=Severity.INFO, values=values)


def _number(seen: Magnitudes, column: int) -> str:
    return f"{seen.east_north[0, column]:.10g}"
