"""A shapefile (.shp .shx .dbf) record by record into files, in bounded memory. Checks no value, moves no coordinate.

By hand and not by GDAL: GDAL chooses the widths of fields itself and puts the day of the machine into the head.
ESRI Shapefile Technical Description (1998), pages 2-14; shells are clockwise, holes the other way.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, field
from datetime import date
from typing import IO

import shapely
from shapely.geometry.base import BaseGeometry

POINT, LINE, POLYGON = 1, 3, 5
HEAD_BYTES = 100
_CODE_PAGES = {"GBK": 0x4D, "UTF-8": 0}


@dataclass(kw_only=True, slots=True)
class ShapefileSet:
    """Three open files and what their heads must say in the end."""

    shape: int
    shp: IO[bytes]
    shx: IO[bytes]
    dbf: IO[bytes]
    descriptors: bytes
    record_bytes: int
    shp_bytes: int = HEAD_BYTES
    records: int = 0
    bounds: list[float] = field(default_factory=lambda: [math.inf, math.inf, -math.inf, -math.inf])

    def __post_init__(self) -> None:
        self.shp.write(bytes(HEAD_BYTES))
        self.shx.write(bytes(HEAD_BYTES))
        self.dbf.write(bytes(33 + len(self.descriptors)))

    def add(self, content: bytes, extent: tuple[float, float, float, float], record: bytes) -> None:
        """Write one record: its shape (`shape_content`), the extent of that, and its fields."""
        self.records += 1
        words = len(content) // 2
        self.shp.write(struct.pack(">ii", self.records, words) + content)
        self.shx.write(struct.pack(">ii", self.shp_bytes // 2, words))
        self.dbf.write(b" " + record)
        self.shp_bytes += 8 + len(content)
        west, south, east, north = self.bounds
        self.bounds = [min(west, extent[0]), min(south, extent[1]), max(east, extent[2]), max(north, extent[3])]

    def finish(self, *, written_on: date, encoding: str) -> None:
        """Write the heads; the files stay open."""
        self.dbf.write(b"\x1a")
        bounds = self.bounds if self.records else [0.0] * 4
        for file, size in ((self.shp, self.shp_bytes), (self.shx, HEAD_BYTES + 8 * self.records)):
            file.seek(0)
            file.write(struct.pack(">7i", 9994, 0, 0, 0, 0, 0, size // 2))
            file.write(struct.pack("<ii8d", 1000, self.shape, *bounds, 0.0, 0.0, 0.0, 0.0))
        self.dbf.seek(0)
        day = bytes((written_on.year - 1900, written_on.month, written_on.day))
        sizes = struct.pack("<IHH", self.records, 33 + len(self.descriptors), 1 + self.record_bytes)
        head = b"\x03" + day + sizes + bytes(17) + bytes((_CODE_PAGES[encoding],)) + bytes(2)
        self.dbf.write(head + self.descriptors + b"\r")


def shape_content(shape: int, geometry: BaseGeometry) -> bytes:
    """Return the content of a record: a Point, a LineString or MultiLineString, a Polygon or MultiPolygon."""
    if shape == POINT:
        return struct.pack("<i2d", POINT, *shapely.get_coordinates(geometry)[0].tolist())
    if shape == POLYGON:
        # `get_rings` gives none of a MultiPolygon: its polygons first.
        rings = shapely.get_rings(shapely.get_parts(shapely.orient_polygons(geometry, exterior_cw=True)))
    else:
        rings = shapely.get_parts(geometry)
    counts = shapely.get_num_coordinates(rings)
    starts: bytes = (counts.cumsum() - counts).astype("<i4").tobytes()
    coordinates: bytes = shapely.get_coordinates(rings).astype("<f8").tobytes()
    head = struct.pack("<i4dii", shape, *geometry.bounds, len(rings), int(counts.sum()))
    return head + starts + coordinates
