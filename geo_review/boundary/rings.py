"""All rings of a red line as flat arrays, so that a check is one vectorised pass. Checks nothing, repairs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from geo_review.boundary.model import Axes, BoundaryIssue, Coordinates, Place, RawBoundary, RawRing, Severity

# Nearer points are one point: surveyors write no finer than 0.1 mm, and a nanodegree is the same on the ground.
REPEATED_M = 1e-4
REPEATED_DEG = 1e-9

Ints = npt.NDArray[np.int_]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rings:
    """Open rings (no closing point), one after another.

    ``coordinates`` (n, 2) easting or longitude first; ``ring`` (n,) the ring each point is of; ``index`` (n,) where
    the point stood in its ring as written; ``parcel`` and ``number`` (rings,) count from 0 for places in ``raw``.
    """

    raw: RawBoundary
    coordinates: Coordinates
    ring: Ints
    index: Ints
    parcel: Ints
    number: Ints

    @property
    def count(self) -> int:
        return len(self.parcel)

    @property
    def sizes(self) -> Ints:
        """How many points each ring has."""
        return np.bincount(self.ring, minlength=self.count)

    @property
    def following(self) -> Ints:
        """For each point the one after it in its ring; the last is followed by the first."""
        after = np.arange(1, len(self.ring) + 1)
        sizes = self.sizes
        ends = np.cumsum(sizes)
        filled = sizes > 0
        after[ends[filled] - 1] = (ends - sizes)[filled]
        return after

    @property
    def preceding(self) -> Ints:
        """For each point the one before it in its ring."""
        before = np.empty(len(self.ring), dtype=int)
        before[self.following] = np.arange(len(self.ring))
        return before

    def without(self, points: Bools) -> Rings:
        """The same rings without some points."""
        keep = ~points
        return replace(self, coordinates=self.coordinates[keep], ring=self.ring[keep], index=self.index[keep])

    def moved(self, coordinates: Coordinates) -> Rings:
        """The same rings with other coordinates."""
        return replace(self, coordinates=coordinates)

    def points_of(self, ring: int) -> Ints:
        """The points of one ring, in order (``ring`` is sorted)."""
        first, end = np.searchsorted(self.ring, [ring, ring + 1])
        return np.arange(first, end)

    def place(self, point: int) -> Place:
        """Where a point stands in the file."""
        ring = int(self.ring[point])
        return self._raw_ring_place(ring, int(self.index[point]))

    def ring_place(self, ring: int) -> Place:
        """Where a ring stands in the file; for a text file the line of its first point."""
        place = self._raw_ring_place(ring, 0)
        return replace(place, point=None)

    def _raw_ring_place(self, ring: int, index: int) -> Place:
        parcel, number = int(self.parcel[ring]), int(self.number[ring])
        return self.raw.parcels[parcel].rings[number].place(parcel + 1, number + 1, index)


def flatten(raw: RawBoundary, *, swapped: bool = False) -> Rings:
    """Return the rings of a file, easting or longitude first. Readers hand rings in open."""
    placed = [(p, r, ring) for p, parcel in enumerate(raw.parcels) for r, ring in enumerate(parcel.rings)]
    sizes = np.array([len(ring.coordinates) for _, _, ring in placed], dtype=int)
    columns = np.concatenate([np.empty((0, 2)), *(ring.coordinates for _, _, ring in placed)])
    if (raw.axes is Axes.NORTHING_EASTING) != swapped:
        columns = columns[:, ::-1]
    starts = np.repeat(np.cumsum(sizes) - sizes, sizes)
    return Rings(
        raw=raw,
        coordinates=np.ascontiguousarray(columns),
        ring=np.repeat(np.arange(len(placed)), sizes),
        index=np.arange(len(columns)) - starts,
        parcel=np.array([parcel for parcel, _, _ in placed], dtype=int),
        number=np.array([number for _, number, _ in placed], dtype=int),
    )


def open_rings(rings: Iterable[Coordinates], *, parcel: int) -> tuple[tuple[RawRing, ...], list[BoundaryIssue]]:
    """Return rings of a GIS format, whose last point repeats the first, open; a warning where it does not.

    ``parcel`` counts from 1. A closing point within the tolerance of equal points closes the ring, too.
    """
    opened, issues = [], []
    for number, ring in enumerate(rings, start=1):
        coordinates = ring
        if len(ring) > 1 and is_same_point(ring[0].tolist(), ring[-1].tolist()):
            coordinates = ring[:-1]
        elif len(ring) > 2:
            where = Place(parcel=parcel, ring=number, point=str(len(ring)))
            issues.append(BoundaryIssue(code="ring_not_closed", severity=Severity.WARNING, where=where))
        opened.append(RawRing(coordinates=np.ascontiguousarray(coordinates, dtype=np.float64)))
    return tuple(opened), issues


def is_same_point(left: Sequence[float], right: Sequence[float]) -> bool:
    """Tell whether two points as written are one, within the tolerance of the unit that ``left`` shows."""
    tolerance = REPEATED_DEG if max(map(abs, left)) <= 180.0 else REPEATED_M
    return all(abs(first - second) <= tolerance for first, second in zip(left, right, strict=True))
