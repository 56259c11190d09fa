"""What can be wrong with a ring by itself: too few points, repeated points, spikes, no area, crossing itself.

Finds and names; removes only repeated points, and only when told that they are accepted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

import shapely

from geo_review.boundary.crossings import find_crossings
from geo_review.boundary.model import BoundaryIssue, Coordinates, Severity
from geo_review.boundary.rings import REPEATED_DEG, REPEATED_M, Bools, Rings

# An out-and-back of less than 10° is a slip of the pen or a stray point (the limit the field's checkers use).
SPIKE_DEG = 10.0

METRES_PER_DEG = 111_195.0  # of latitude; only for angles and widths of a few millimetres


@dataclass(frozen=True, kw_only=True, slots=True)
class Plane:
    """How the coordinates relate to metres on the ground, near enough for angles and for widths of millimetres."""

    repeated: float  # in the unit of the coordinates
    east_m: float  # metres per unit
    north_m: float

    def metres(self, coordinates: Coordinates) -> Coordinates:
        """Return coordinates in metres about their own origin."""
        scaled: Coordinates = coordinates * [self.east_m, self.north_m]
        return scaled


def plane_of(coordinates: Coordinates, *, degrees: bool) -> Plane:
    """Return the plane of metres, or the plane of degrees at the latitude of the points."""
    if not degrees:
        return Plane(repeated=REPEATED_M, east_m=1.0, north_m=1.0)
    cosine = float(np.cos(np.radians(np.median(coordinates[:, 1]))))
    return Plane(repeated=REPEATED_DEG, east_m=METRES_PER_DEG * cosine, north_m=METRES_PER_DEG)


def find_not_numbers(rings: Rings) -> list[BoundaryIssue]:
    """Return an error for every point that is NaN or infinite."""
    return [
        BoundaryIssue(
            code="not_a_number",
            severity=Severity.ERROR,
            where=rings.place(int(point)),
            values={"text": "{}, {}".format(*rings.coordinates[point])},
        )
        for point in np.flatnonzero(~np.isfinite(rings.coordinates).all(axis=1))
    ]


def find_ring_faults(rings: Rings, plane: Plane, accept: frozenset[str]) -> tuple[Rings, Bools, list[BoundaryIssue]]:
    """Return the rings without repeated points, which of them are sound (a valid polygon each), and the issues.

    Repeated points are left out so that the other checks see the shape; unless accepted they are errors all the
    same. A spike is kept as it is.
    """
    repeated = _repeated(rings, plane)
    issues = [
        _fault("repeated_point_removed" if "repeated_point" in accept else "repeated_point", rings, int(point), accept)
        for point in np.flatnonzero(repeated)
    ]
    rings = rings.without(repeated)
    sizes = rings.sizes
    sound = sizes >= 3
    issues += [
        _ring_error("too_few_points", rings, int(ring), count=int(sizes[ring])) for ring in np.flatnonzero(~sound)
    ]
    rings_of_points = sound[rings.ring]
    flat = _without_area(rings, plane, sound)
    issues += [_ring_error("zero_area", rings, int(ring)) for ring in np.flatnonzero(flat)]
    sound = sound & ~flat
    sharp = _spikes(rings, plane) & rings_of_points & sound[rings.ring]
    issues += [_fault("spike", rings, int(point), accept) for point in np.flatnonzero(sharp)]
    for ring in np.flatnonzero(sound & ~_simple(rings, sound)):
        issues += find_crossings(rings, int(ring))
        sound[ring] = False
    return rings, sound, issues


def ring_polygons(rings: Rings, chosen: Bools) -> npt.NDArray[np.object_]:
    """Return a polygon for each chosen ring, None for the others."""
    polygons = np.full(rings.count, None, dtype=object)
    if chosen.any():
        polygons[chosen] = shapely.polygons(_linear_rings(rings, chosen))
    return polygons


def _repeated(rings: Rings, plane: Plane) -> Bools:
    """Points that stand where the one before them stands; of a ring that is one point, all but the first."""
    step = rings.coordinates - rings.coordinates[rings.preceding]
    close: Bools = (np.hypot(step[:, 0], step[:, 1]) <= plane.repeated) & (rings.sizes[rings.ring] > 1)
    first = rings.index == 0
    # The first point follows the last: it stays, the last goes.
    turned = np.flatnonzero(close & first)
    close[turned] = False
    last = rings.preceding[turned]
    close[last[last != turned]] = True
    return close


def _without_area(rings: Rings, plane: Plane, sound: Bools) -> Bools:
    """Rings whose points all lie within the tolerance of one line, or that enclose nothing."""
    flat = np.zeros(rings.count, dtype=bool)
    chosen = np.flatnonzero(sound)
    if len(chosen) == 0:
        return flat
    first = np.searchsorted(rings.ring, np.arange(rings.count))
    local = rings.coordinates - rings.coordinates[np.minimum(first, len(rings.coordinates) - 1)][rings.ring]
    local = plane.metres(local)
    after = local[rings.following]
    cross = local[:, 0] * after[:, 1] - local[:, 1] * after[:, 0]
    area_m2 = np.abs(np.bincount(rings.ring, weights=cross, minlength=rings.count)) / 2.0
    length = np.hypot(*(after - local).T)
    perimeter_m = np.bincount(rings.ring, weights=length, minlength=rings.count)
    # A strip of length L and width w has area L·w and perimeter 2L.
    candidates = chosen[area_m2[chosen] <= REPEATED_M * perimeter_m[chosen] / 2.0]
    for ring in candidates:
        points = local[rings.points_of(int(ring))]
        # A figure of eight has no net area either, but it is no line: it is told as crossing itself.
        hull = shapely.convex_hull(shapely.multipoints(points))
        flat[ring] = hull.area <= REPEATED_M * max(hull.length / 2.0, REPEATED_M)
    return flat


def _spikes(rings: Rings, plane: Plane) -> Bools:
    back = plane.metres(rings.coordinates[rings.preceding] - rings.coordinates)
    ahead = plane.metres(rings.coordinates[rings.following] - rings.coordinates)
    cross = back[:, 0] * ahead[:, 1] - back[:, 1] * ahead[:, 0]
    dot = (back * ahead).sum(axis=1)
    sharp: Bools = np.abs(np.arctan2(cross, dot)) < np.radians(SPIKE_DEG)
    return sharp


def _simple(rings: Rings, chosen: Bools) -> Bools:
    simple = np.zeros(rings.count, dtype=bool)
    if chosen.any():
        simple[chosen] = shapely.is_simple(_linear_rings(rings, chosen))
    return simple


def _linear_rings(rings: Rings, chosen: Bools) -> npt.NDArray[np.object_]:
    points = chosen[rings.ring]
    numbering = np.cumsum(chosen) - 1
    made: npt.NDArray[np.object_] = shapely.linearrings(
        rings.coordinates[points], indices=numbering[rings.ring[points]]
    )
    return made


def _fault(code: str, rings: Rings, point: int, accept: frozenset[str]) -> BoundaryIssue:
    accepted = code == "repeated_point_removed" or code in accept
    return BoundaryIssue(code=code, severity=Severity.WARNING if accepted else Severity.ERROR, where=rings.place(point))


def _ring_error(code: str, rings: Rings, ring: int, **values: object) -> BoundaryIssue:
    return BoundaryIssue(code=code, severity=Severity.ERROR, where=rings.ring_place(ring), values=values)
