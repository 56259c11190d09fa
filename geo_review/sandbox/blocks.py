"""Numbers and geometry as blocks of raw bytes beside a header of JSON. Every count is checked before it is believed.

A geometry travels as its points and where its rings and polygons begin, not as WKB: GEOS follows nested collections
without end, and whoever wrote the bytes may be an attacker who has taken a child over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

import shapely
from shapely import GeometryType
from shapely.geometry import MultiPolygon

from geo_review.sandbox.limits import MOST_POINTS

Offsets = npt.NDArray[np.int64]
_FLOAT = np.dtype("<f8")
_INTEGER = np.dtype("<i8")


class Untrusted(Exception):
    """What came over the wire is not what it ought to be; the text is for the operator's log."""


class BlockWriter:
    """Collects blocks; each ``put_…`` appends what the ``take_…`` of the same name expects, in the same order."""

    def __init__(self) -> None:
        self.blocks: list[bytes] = []

    def put_bytes(self, content: bytes) -> None:
        self.blocks.append(content)

    def put_points(self, points: npt.NDArray[np.float64]) -> None:
        self.blocks.append(np.ascontiguousarray(points, dtype=_FLOAT).tobytes())

    def put_land(self, land: MultiPolygon) -> None:
        _, points, offsets = shapely.to_ragged_array([land], include_z=False)
        self.put_points(points)
        for starts in offsets[:2]:  # of rings among the points, of polygons among the rings
            self.blocks.append(np.ascontiguousarray(starts, dtype=_INTEGER).tobytes())


class BlockReader:
    """Gives blocks out in their order; `Untrusted` for one that is not there, or not whole, or too large."""

    def __init__(self, blocks: Sequence[memoryview], known: Mapping[type, object]) -> None:
        """``known`` are the values that the reader has of its own, by type: they are never taken from the wire."""
        self.known = known
        self._blocks: Iterator[memoryview] = iter(blocks)

    def take_bytes(self) -> bytes:
        return bytes(self._next())

    def take_points(self) -> npt.NDArray[np.float64]:
        """Return (n, 2) finite numbers, in an array of its own."""
        block = self._next()
        if len(block) % 16 or len(block) // 16 > MOST_POINTS:
            raise Untrusted(f"a block of {len(block)} bytes for points")
        points = np.frombuffer(block, dtype=_FLOAT).astype(np.float64).reshape(-1, 2)
        if not np.isfinite(points).all():
            raise Untrusted("a coordinate that is no number")
        return points

    def take_land(self) -> MultiPolygon:
        points = self.take_points()
        rings = self._starts(len(points))
        polygons = self._starts(len(rings) - 1)
        if (np.diff(rings) < 4).any():
            raise Untrusted("a ring of less than four points")
        if not np.array_equal(points[rings[:-1]], points[rings[1:] - 1]):
            raise Untrusted("a ring that is not closed")
        whole = np.array([0, len(polygons) - 1], dtype=np.int64)
        (land,) = shapely.from_ragged_array(GeometryType.MULTIPOLYGON, points, (rings, polygons, whole))
        return land

    def finish(self) -> None:
        """Refuse what nobody asked for."""
        if next(self._blocks, None) is not None:
            raise Untrusted("blocks are left over")

    def _starts(self, count: int) -> Offsets:
        block = self._next()
        if len(block) % 8 or not 8 <= len(block) <= 8 * (count + 1):
            raise Untrusted(f"a block of {len(block)} bytes for offsets")
        starts = np.frombuffer(block, dtype=_INTEGER).astype(np.int64)
        if starts[0] != 0 or starts[-1] != count or (np.diff(starts) < 1).any():
            raise Untrusted("offsets that do not rise from nothing to the whole")
        return starts

    def _next(self) -> memoryview:
        block = next(self._blocks, None)
        if block is None:
            raise Untrusted("a block is missing")
        return block
