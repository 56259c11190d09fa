"""Parcels of a survey text while they are being put together: header, points, faults; then merged, numbered, checked.

Repeated headers. Some writers give every parcel the same header (no numbering), others write one header a ring. Both
occur, so the land decides: neighbours with the same 地块编号 and name, one ring each, become ONE parcel when one ring
lies within the other (then it can only be a hole or an island of it). Otherwise they stay separate parcels: no land is
lost or counted twice either way. A merge is reported.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from geo_review.boundary.model import BoundaryIssue, Place, RawParcel, Severity
from geo_review.boundary.survey_header import ParcelHeader
from geo_review.boundary.survey_lines import FaultyPoint, PointLine
from geo_review.boundary.survey_rings import Points, group_rings, nested, read_ring


@dataclass(slots=True)
class ParcelDraft:
    """A parcel in the making. ``faults`` are lines meant as points that cannot be read."""

    header: ParcelHeader
    with_header: bool = True
    points: list[PointLine] = field(default_factory=list)
    faults: list[FaultyPoint] = field(default_factory=list)


@dataclass(slots=True)
class _Group:
    """One parcel to be: its headers (several when merged), rings and faults."""

    headers: list[ParcelHeader]
    rings: list[Points]
    faults: list[FaultyPoint]


def finish_parcels(drafts: list[ParcelDraft]) -> tuple[tuple[RawParcel, ...], list[BoundaryIssue]]:
    """Return the parcels, numbered from 1 in file order, and every issue with its place."""
    parcels = []
    issues: list[BoundaryIssue] = []
    for number, group in enumerate(_merged(drafts), start=1):
        parcel, found = _finish(group, number)
        parcels.append(parcel)
        issues += found
    return tuple(parcels), issues


def _merged(drafts: list[ParcelDraft]) -> list[_Group]:
    groups: list[_Group] = []
    run: list[_Group] = []  # the groups of the neighbours that share code and name
    for draft in drafts:
        group = _Group(headers=[draft.header], rings=group_rings(draft.points), faults=draft.faults)
        key = (draft.header.code, draft.header.name)
        if not run or not draft.header.code or (run[0].headers[0].code, run[0].headers[0].name) != key:
            run = []
        host = next((other for other in run if _belongs(group, other)), None)
        if host:
            host.headers += group.headers
            host.rings += group.rings
            host.faults += group.faults
        else:
            groups.append(group)
            run.append(group)
    return groups


def _belongs(group: _Group, host: _Group) -> bool:
    one_ring_each = len(group.rings) == 1 and len(host.rings) == len(host.headers)
    return one_ring_each and any(nested(group.rings[0], ring) for ring in host.rings)


def _finish(group: _Group, number: int) -> tuple[RawParcel, list[BoundaryIssue]]:
    header = group.headers[0]
    issues = [issue for each in group.headers for issue in each.issues(number)]
    issues += [
        BoundaryIssue(
            code=fault.code,
            severity=Severity.ERROR,
            where=Place(parcel=number, point=fault.name or None, line=fault.line),
            values={"text": fault.text},
        )
        for fault in group.faults
    ]
    rings = []
    for ring_number, points in enumerate(group.rings, start=1):
        ring, found = read_ring(points, parcel=number, ring=ring_number)
        rings.append(ring)
        # A point that cannot be read makes its ring look short or open: one mistake, one sentence.
        issues += [] if group.faults else found
    where = Place(parcel=number, line=header.line)
    counts = [each.points for each in group.headers]
    declared = None if None in counts else sum(count or 0 for count in counts)
    if not group.faults:
        issues += _count_issues(declared, [len(ring.coordinates) for ring in rings], where)
    area, differ = _area(group.headers)
    if len(group.headers) > 1:
        values = {"headers": len(group.headers), "code": header.code}
        issues.append(BoundaryIssue(code="headers_merged", severity=Severity.INFO, where=where, values=values))
    if differ:
        issues.append(BoundaryIssue(code="declared_areas_differ", severity=Severity.WARNING, where=where))
    parcel = RawParcel(
        rings=tuple(rings),
        code=header.code,
        name=header.name,
        use=header.use,
        declared_area=area,
        declared_area_unit=header.area_unit if area is not None else None,
        declared_points=declared,
        line=header.line,
        attributes=dict(header.attributes) | _further_columns(group.rings),
    )
    return parcel, issues


def _count_issues(declared: int | None, counts: list[int], where: Place) -> list[BoundaryIssue]:
    """Closing points may be counted or not, ring by ring; anything else means a point is missing or too many."""
    actual = sum(counts)
    if not counts:
        return [BoundaryIssue(code="parcel_without_points", severity=Severity.ERROR, where=where)]
    if declared is None or actual <= declared <= actual + len(counts):
        return []
    values = {"declared": declared, "actual": actual}
    return [BoundaryIssue(code="point_count_differs", severity=Severity.WARNING, where=where, values=values)]


def _area(headers: list[ParcelHeader]) -> tuple[float | None, bool]:
    """The declared area, and whether merged headers declare different ones (then it is nobody's)."""
    areas = {(header.area, header.area_unit) for header in headers if header.area is not None}
    return (headers[0].area, False) if len(areas) <= 1 else (None, True)


def _further_columns(rings: list[Points]) -> dict[str, object]:
    rest = tuple((point.line, point.rest) for points in rings for point in points if point.rest)
    return {"further_columns": rest} if rest else {}
