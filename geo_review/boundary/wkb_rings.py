"""Reads the rings of polygons from WKB (ISO and EWKB), in order and as written. Refuses curves: nothing is stroked."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import numpy as np

from geo_review.boundary.model import Coordinates

_POLYGON, _MULTIPOLYGON, _COLLECTION = 3, 6, 7
_CURVED = {8: "CircularString", 9: "CompoundCurve", 10: "CurvePolygon", 11: "MultiCurve", 12: "MultiSurface"}
_NAMES = {1: "Point", 2: "LineString", 4: "MultiPoint", 5: "MultiLineString", 15: "PolyhedralSurface", 16: "TIN"}
_NAMES |= {17: "Triangle"}
_MOST_DEPTH = 16


class NotPolygons(Exception):
    """The geometry is of another type; ``curved`` when it may hold arcs."""

    def __init__(self, kind: str, *, curved: bool) -> None:
        super().__init__(kind)
        self.kind = kind
        self.curved = curved


class DamagedWkb(Exception):
    """The bytes are no WKB."""


def rings_of_wkb(content: bytes) -> tuple[list[Coordinates], bool]:
    """Return the rings of all polygons of a geometry, closed as written, and whether heights or measures were left out.

    Raises NotPolygons or DamagedWkb.
    """
    reader = WkbReader(content)
    rings = list(reader.geometry(0))
    return rings, reader.dropped


class WkbReader:
    """Reads one geometry; another reader may read more kinds of it, see `_other`."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._position = 0
        self.dropped = False

    def geometry(self, depth: int) -> Iterator[Coordinates]:
        if depth > _MOST_DEPTH:
            raise DamagedWkb
        order, kind, columns = self._header()
        if kind in (_MULTIPOLYGON, _COLLECTION):
            for _ in range(self._count(order, 9)):
                yield from self.geometry(depth + 1)
        elif kind == _POLYGON:
            self.dropped |= columns > 2
            for _ in range(self._count(order, 4)):
                yield self._ring(order, columns)
        else:
            yield from self._other(kind, order, columns, depth)

    def _header(self) -> tuple[str, int, int]:
        """Return the byte order, the kind of the geometry, and how many numbers a point has."""
        order = "<" if self._take("B") == 1 else ">"
        code = self._take(order + "I")
        flags, code = code & 0xE0000000, code & 0x1FFFFFFF  # of EWKB: Z, M, SRID
        columns = 2 + bool(flags & 0x80000000) + bool(flags & 0x40000000)
        if flags & 0x20000000:
            self._take(order + "I")
        columns += {0: 0, 1: 1, 2: 1, 3: 2}.get(code // 1000, 0)
        return order, code % 1000, columns

    def _other(self, kind: int, order: str, columns: int, depth: int) -> Iterator[Coordinates]:
        name = _CURVED.get(kind) or _NAMES.get(kind) or str(kind)
        raise NotPolygons(name, curved=kind in _CURVED)

    def _ring(self, order: str, columns: int) -> Coordinates:
        count = self._count(order, 8 * columns)
        values = np.frombuffer(self._content, dtype=order + "f8", count=count * columns, offset=self._position)
        self._position += 8 * count * columns
        return values.reshape(count, columns)[:, :2].astype(np.float64)

    def _count(self, order: str, least_bytes: int) -> int:
        """A count, believed only if that many of the smallest thing it counts fit into what is left."""
        count = self._take(order + "I")
        if count * least_bytes > len(self._content) - self._position:
            raise DamagedWkb
        return count

    def _take(self, form: str) -> int:
        try:
            (value,) = struct.unpack_from(form, self._content, self._position)
        except struct.error as failure:
            raise DamagedWkb from failure
        self._position += struct.calcsize(form)
        return int(value)
