"""Parcels of one red line may abut, never overlap: finds the pairs that do, by area and width, never by predicate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geo_review.boundary.model import BoundaryIssue, Place, Severity
from geo_review.geometry.measure import is_narrower_than, max_width_m

# Below this an overlap is how floating-point numbers meet along a shared edge.
NOISE_M = 1e-4
# Two honest neighbours whose corners are rounded to 1 mm overlap by up to this along a shared edge: said, not refused.
ROUNDING_M = 2e-3


def find_overlaps(parcels: Sequence[MultiPolygon]) -> list[BoundaryIssue]:
    """Return an issue for each pair of parcels (metres, one plane) that overlap or are the same land twice."""
    geometries = np.array(parcels, dtype=object)
    pairs = shapely.STRtree(geometries).query(geometries, predicate="intersects").T
    pairs = pairs[pairs[:, 0] < pairs[:, 1]]
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    common = shapely.intersection(geometries[pairs[:, 0]], geometries[pairs[:, 1]])
    issues = []
    for index in np.flatnonzero(shapely.area(common) > 0.0):
        first, second = (int(number) for number in pairs[index])
        issue = _judge(common[index], first, second, parcels)
        if issue is not None:
            issues.append(issue)
    return issues


def _judge(common: BaseGeometry, first: int, second: int, parcels: Sequence[MultiPolygon]) -> BoundaryIssue | None:
    parts = [part for part in shapely.get_parts(common) if part.geom_type == "Polygon"]
    wide = [part for part in parts if not is_narrower_than(part, NOISE_M)]
    if not wide:
        return None
    rounding = all(is_narrower_than(part, ROUNDING_M) for part in wide)
    smaller_m2 = min(parcels[first].area, parcels[second].area)
    larger_m2 = max(parcels[first].area, parcels[second].area)
    doubled = common.area >= larger_m2 * (1.0 - 1e-9) and larger_m2 - smaller_m2 <= larger_m2 * 1e-9
    code = "parcel_doubled" if doubled else "parcels_overlap_rounding" if rounding else "parcels_overlap"
    return BoundaryIssue(
        code=code,
        severity=Severity.WARNING if code == "parcels_overlap_rounding" else Severity.ERROR,
        where=Place(parcel=second + 1),
        values={
            "parcel": second + 1,
            "other": first + 1,
            "area": f"{common.area:.4f}",
            "width": f"{max(max_width_m(part) for part in wide):.4f}",
        },
    )
