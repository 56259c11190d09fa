"""The JSON document of what was understood of a red-line file (schema geo-review/understanding/1). Judges nothing.

Pure and deterministic: same understanding, same bytes. Numbers are unrounded; places and rings are EPSG:4490,
longitude first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np

import shapely

from geo_review.boundary.model import Axes, Boundary, CrsFinding, Parcel, SourceFile
from geo_review.boundary.refusal import ACCEPTABLE
from geo_review.boundary.understood import ParcelSeen, RingSeen, Understanding
from geo_review.errors import Choice, ChoiceNeeded, GeoReviewError
from geo_review.geometry.crs import gauss_kruger
from geo_review.report.document import issue_document, to_bytes
from geo_review.report.labels import crs_text
from geo_review.report.understanding_places import issue_lonlat, issue_parcel
from geo_review.wording import say

SCHEMA = "geo-review/understanding/1"

Document = dict[str, Any]

_UNCLOSED = frozenset({"ring_not_closed", "closing_point_differs"})


def understanding_document(seen: Understanding) -> Document:
    """Return what was understood as a nested dict; docs/api.md tells every key."""
    boundary = seen.boundary
    return {
        "schema": SCHEMA,
        "accepted": boundary is not None,
        "file": _file(seen.file),
        "asked": {
            "epsg": seen.asked.epsg,
            "layer": seen.asked.layer,
            "parcels": list(seen.asked.parcels),
            "accept": sorted(seen.asked.accept),
        },
        "format": seen.format,
        "encoding": seen.encoding,
        "layer": seen.layer,
        "choices": _choices(seen.refusal),
        "crs": _crs(seen.crs) if seen.crs else None,
        "axes": _axes(seen.axes, seen.axes_swapped) if seen.axes else None,
        "extent": _extent(seen),
        "parcels": list(_parcels(seen)),
        "measuring_epsg": boundary.measuring_epsg if boundary else None,
        "area_planar_m2": boundary.planar_area_m2 if boundary else None,
        "area_ellipsoidal_m2": boundary.ellipsoidal_area_m2 if boundary else None,
        "area_declared_m2": boundary.declared_area_m2 if boundary else None,
        "area_declared_unit": boundary.declared_area_unit if boundary else None,
        "issues": list(_issues(seen)),
        "refusal": _refusal(seen) if seen.refusal else None,
    }


def understanding_digest(document: Document) -> str:
    """Return the SHA-256 of the document's bytes: two readings that say the same have the same."""
    return hashlib.sha256(to_bytes(document)).hexdigest()


def _file(file: SourceFile) -> Document:
    return {"name": file.name, "size_bytes": file.size_bytes, "sha256": file.sha256, "sm3": file.sm3}


def _choices(refusal: GeoReviewError | None) -> list[Document]:
    choices: tuple[Choice, ...] = refusal.choices if isinstance(refusal, ChoiceNeeded) else ()
    return [{"value": choice.value, "label": choice.label} for choice in choices]


def _crs(finding: CrsFinding) -> Document:
    zone = gauss_kruger(finding.epsg)
    return {
        "epsg": finding.epsg,
        "how": str(finding.how),
        "reason": finding.reason,
        "name": crs_text(finding.epsg),
        "zone": zone.zone if zone else None,
        "zone_width_deg": zone.width_deg if zone else None,
        "central_meridian_deg": zone.central_meridian_deg if zone else None,
        "prefixed": zone.prefixed if zone else None,
    }


def _axes(by_format: Axes, swapped: bool | None) -> Document:
    turned = {
        Axes.NORTHING_EASTING: Axes.EASTING_NORTHING,
        Axes.EASTING_NORTHING: Axes.NORTHING_EASTING,
    }
    as_written = turned[by_format] if swapped else by_format
    key = "unknown" if swapped is None else "swapped" if swapped else "straight"
    order = say(f"understanding.axes_{as_written}")
    return {
        "by_format": str(by_format),
        "as_written": str(as_written),
        "swapped": swapped,
        "sentence": say(f"understanding.axes_sentence_{key}", order=order),
    }


def _extent(seen: Understanding) -> list[float] | None:
    """West, south, east, north of the chosen parcels in degrees."""
    rings = [ring.lonlat for parcel in seen.parcels if parcel.chosen for ring in parcel.rings]
    points = [ring for ring in rings if ring is not None and len(ring)]
    if not points or not all(np.isfinite(ring).all() for ring in points):
        return None
    low = np.min([ring.min(axis=0) for ring in points], axis=0)
    high = np.max([ring.max(axis=0) for ring in points], axis=0)
    return [float(value) for value in (*low, *high)]


def _parcels(seen: Understanding) -> Iterator[Document]:
    unclosed = {
        (parcel.number, issue.where.ring)
        for issue in seen.issues
        if issue.code in _UNCLOSED and (parcel := issue_parcel(seen, issue)) is not None
    }
    measured = iter(seen.boundary.parcels if seen.boundary else ())
    for parcel in seen.parcels:
        roles = _roles(parcel) if seen.boundary is not None and parcel.chosen else [None] * len(parcel.rings)
        yield {
            "number": parcel.number,
            "chosen": parcel.chosen,
            "code": parcel.code,
            "name": parcel.name,
            "use": parcel.use,
            "declared_points": parcel.declared_points,
            "declared_area": parcel.declared_area,
            "declared_area_unit": parcel.declared_area_unit,
            "rings": [
                {
                    "points": ring.points,
                    "role": role,
                    # What is left out is not looked at, so nothing is said of it.
                    "closed": (parcel.number, number) not in unclosed if parcel.chosen else None,
                    "lonlat": _lonlat(ring),
                }
                for number, (ring, role) in enumerate(zip(parcel.rings, roles, strict=True), start=1)
            ],
            **_areas(parcel, seen.boundary, next(measured, None) if parcel.chosen else None),
        }


def _lonlat(ring: RingSeen) -> list[list[float]] | None:
    """The points in degrees; None, too, where a projection ends: JSON has no infinity."""
    if ring.lonlat is None or not np.isfinite(ring.lonlat).all():
        return None
    points: list[list[float]] = ring.lonlat.tolist()
    return points


def _areas(parcel: ParcelSeen, boundary: Boundary | None, measured: Parcel | None) -> Document:
    """Compare what was declared with what was measured: nothing of it for a parcel that was not measured."""
    declared_m2 = measured.declared_area_m2 if measured else None
    planar_m2 = measured.planar_area_m2 if measured else None
    difference_m2 = declared_m2 - planar_m2 if declared_m2 is not None and planar_m2 is not None else None
    believed = parcel.declared_area_unit or (boundary.declared_area_unit if boundary else None)
    return {
        "believed_area_unit": believed if declared_m2 is not None else None,
        "area_declared_m2": declared_m2,
        "area_planar_m2": planar_m2,
        "area_ellipsoidal_m2": measured.ellipsoidal_area_m2 if measured else None,
        "difference_m2": difference_m2,
        "difference_share": difference_m2 / planar_m2 if difference_m2 is not None and planar_m2 else None,
    }


def _roles(parcel: ParcelSeen) -> list[str | None]:
    """The roles of sound rings by the depth of containment: even is land, odd is a hole."""
    rings = [ring.lonlat for ring in parcel.rings]
    if len(rings) == 1:
        return ["shell"]
    if any(ring is None or len(ring) < 3 for ring in rings):
        return [None] * len(rings)
    polygons = np.array([shapely.Polygon(ring) for ring in rings], dtype=object)
    inner = shapely.point_on_surface(polygons)
    areas = shapely.area(polygons)
    within, around = shapely.STRtree(polygons).query(inner, predicate="within")
    larger = areas[around] > areas[within]
    depth = np.bincount(within[larger], minlength=len(rings))
    return ["hole" if level % 2 else "shell" for level in depth]


def _issues(seen: Understanding) -> Iterator[Document]:
    for issue in seen.issues:
        parcel = issue_parcel(seen, issue)
        yield {
            **issue_document(issue),
            "parcel_in_file": parcel.number if parcel else None,
            "lonlat": issue_lonlat(seen, issue),
        }


def _refusal(seen: Understanding) -> Document:
    refusal = seen.refusal
    assert refusal is not None  # the caller looked
    errors = {issue.code for issue in seen.issues if str(issue.severity) == "error"}
    return {
        "code": refusal.code,
        "message": refusal.message,
        "remedy": refusal.remedy,
        "lines": list(refusal.lines),
        "choices": _choices(refusal),
        "acceptable": sorted(errors & ACCEPTABLE) if errors <= ACCEPTABLE else [],
    }
