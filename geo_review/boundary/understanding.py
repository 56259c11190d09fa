"""What was understood of a red-line file and why, step by step, up to the `Boundary` or to what refused it.

A file that is refused has an understanding as well: the parcels and places as far as they could be read, so that
the one who handed it in sees where the fault is. Judges nothing, stores nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from geo_review.boundary.asked import NOTHING_ASKED, Asked
from geo_review.boundary.chosen_parcels import choose_parcels
from geo_review.boundary.crs_finding import CrsDecision, crs_to_draw
from geo_review.boundary.detect import recognise
from geo_review.boundary.model import (
    Axes,
    BoundaryIssue,
    RawBoundary,
    RawParcel,
)
from geo_review.boundary.normalise import MOST_VERTICES, decide_crs, normalise
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.refusal import FaultyBoundary
from geo_review.boundary.understood import MOST_BYTES, ParcelSeen, RingSeen, Understanding
from geo_review.city import City
from geo_review.errors import GeoReviewError, TooLarge
from geo_review.geometry.crs import LONLAT, reproject_points
from geo_review.wording import say

__all__ = ["MOST_BYTES", "ParcelSeen", "RingSeen", "Understanding", "understand"]


def understand(file: ReceivedFile, *, city: City, asked: Asked = NOTHING_ASKED) -> Understanding:
    """Read a red line of any supported format and tell what was understood. Never raises for the sake of the file."""
    name: str | None = None
    try:
        _check_bytes(file)
        recognised = recognise(file, asked.layer)
        name = recognised.format
        raw = recognised.read()
    except GeoReviewError as refusal:
        return Understanding(file=file.source, asked=asked, format=name, refusal=refusal, issues=_issues_of(refusal))
    decision: CrsDecision | None = None
    boundary, refused = None, None
    issues = raw.issues
    try:
        chosen = choose_parcels(raw, asked.parcels)
        issues = chosen.issues
        decision = decide_crs(chosen, city=city, asked=asked)
        issues = (*issues, *decision.issues)
        boundary = normalise(chosen, source=file.source, city=city, asked=asked)
        issues = boundary.issues
    except GeoReviewError as refusal:
        refused = refusal
        if decision is None and (decision := _decision_to_draw(raw, city, asked)) is not None:
            issues = (*issues, *decision.issues)
        issues = _issues_of(refusal) or issues
    return Understanding(
        file=file.source,
        asked=asked,
        format=raw.format,
        encoding=raw.encoding,
        layer=raw.layer,
        axes=raw.axes,
        axes_swapped=decision.swapped if decision else None,
        declared_crs=raw.declared_crs,
        crs=decision.finding if decision else None,
        parcels=tuple(_parcels_seen(raw, asked, decision)),
        issues=issues,
        boundary=boundary,
        refusal=refused,
    )


def _decision_to_draw(raw: RawBoundary, city: City, asked: Asked) -> CrsDecision | None:
    """A file that is refused for its points, or for where they lie, is drawn all the same where it can be."""
    rings = [ring.coordinates for parcel in raw.parcels for ring in parcel.rings]
    points = sum(len(ring) for ring in rings)
    if not 0 < points <= MOST_VERTICES or not all(np.isfinite(ring).all() for ring in rings):
        return None
    try:
        return crs_to_draw(raw, city=city, asked_epsg=asked.epsg)
    except GeoReviewError:
        return None


def _check_bytes(file: ReceivedFile) -> None:
    size_bytes = len(file.content) + sum(len(content) for content in file.companions.values())
    if size_bytes > MOST_BYTES:
        raise TooLarge(
            code="file_too_large",
            message=say("files.file_too_large", size=f"{size_bytes / 2**20:.1f}", most=MOST_BYTES // 2**20),
            remedy=say("files.too_large_remedy"),
        )


def _issues_of(refusal: GeoReviewError) -> tuple[BoundaryIssue, ...]:
    return refusal.issues if isinstance(refusal, FaultyBoundary) else ()


def _parcels_seen(raw: RawBoundary, asked: Asked, decision: CrsDecision | None) -> Iterator[ParcelSeen]:
    for number, parcel in enumerate(raw.parcels, start=1):
        yield ParcelSeen(
            number=number,
            chosen=not asked.parcels or number in asked.parcels,
            code=parcel.code,
            name=parcel.name,
            use=parcel.use,
            declared_area=parcel.declared_area,
            declared_area_unit=parcel.declared_area_unit,
            declared_points=parcel.declared_points,
            rings=tuple(_rings_seen(parcel, raw.axes, decision)),
        )


def _rings_seen(parcel: RawParcel, axes: Axes, decision: CrsDecision | None) -> Iterator[RingSeen]:
    for ring in parcel.rings:
        lonlat = None
        if decision is not None and np.isfinite(ring.coordinates).all():
            turned = (axes is Axes.NORTHING_EASTING) != decision.swapped
            east_north = ring.coordinates[:, ::-1] if turned else ring.coordinates
            lonlat = reproject_points(east_north, decision.finding.epsg, LONLAT)
            if not np.isfinite(lonlat).all():  # a parcel that was not chosen may lie outside of every zone
                lonlat = None
        yield RingSeen(points=len(ring.coordinates), lonlat=lonlat, point_names=ring.point_names)
