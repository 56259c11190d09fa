"""The records of a .shp (ESRI Shapefile Technical Description, 1998): rings in file order, nothing organised.

Read here and not by GDAL because GDAL regroups rings, chooses drivers by content, and cannot say where a file breaks.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from geo_review.boundary.model import Coordinates
from geo_review.errors import UnreadableBoundary
from geo_review.wording import say

MAGIC = b"\x00\x00\x27\x0a"  # 9994, big-endian
POLYGON_TYPES = frozenset({5, 15, 25})  # Polygon, PolygonZ, PolygonM
_Z_TYPES = frozenset({11, 13, 15, 18})
_NULL = 0
_HEADER_BYTES = 100
_KINDS = {1: "点", 3: "线", 8: "多点", 11: "点", 13: "线", 18: "多点", 21: "点", 23: "线", 28: "多点", 31: "多面体"}


def shape_type(content: bytes) -> int | None:
    """Return the shape type a .shp declares, or None when it is no .shp."""
    if len(content) < _HEADER_BYTES or content[:4] != MAGIC:
        return None
    return int(struct.unpack_from("<i", content, 32)[0])


def has_z(content: bytes) -> bool:
    """Tell whether a .shp declares heights."""
    return shape_type(content) in _Z_TYPES


def read_polygons(content: bytes, index: bytes | None) -> list[list[Coordinates]]:
    """Return the rings of each record, closed as written; an empty list for a null shape.

    ``index`` is the .shx: records that editing left behind are not in it. Without a usable one the records are read
    one after another. Raises UnreadableBoundary for another geometry type, a truncated or a damaged file.
    """
    declared = shape_type(content)
    if declared is None:
        raise _damaged("shp_header")
    if declared not in POLYGON_TYPES:
        kind = _KINDS.get(declared, say("files.shp_kind_unknown", type=declared))
        raise UnreadableBoundary(
            code="not_polygons",
            message=say("files.not_polygons", kind=kind),
            remedy=say("files.not_polygons_remedy"),
        )
    (words,) = struct.unpack_from(">i", content, 24)
    if words * 2 > len(content):
        raise _damaged("shp_truncated", declared=words * 2, actual=len(content))
    if words * 2 < _HEADER_BYTES:
        raise _damaged("shp_header")
    body = content[: words * 2]
    offsets = index_offsets(index, len(body)) if index is not None else None
    found = []
    for number, (position, size) in enumerate(_follow(body) if offsets is None else _at(body, offsets), start=1):
        found.append(_rings(body[position : position + size], declared, number))
    return found


def index_offsets(index: bytes, shp_bytes: int) -> list[int] | None:
    """Return the byte offset of each record from a .shx, or None when it cannot be trusted."""
    if len(index) < _HEADER_BYTES or index[:4] != MAGIC or (len(index) - _HEADER_BYTES) % 8:
        return None
    offsets = [int(offset) * 2 for offset in np.frombuffer(index, dtype=">i4", offset=_HEADER_BYTES)[::2]]
    trusted = all(_HEADER_BYTES <= offset <= shp_bytes - 12 for offset in offsets)
    return offsets if trusted and len(set(offsets)) == len(offsets) else None


def _follow(body: bytes) -> Iterator[tuple[int, int]]:
    position, number = _HEADER_BYTES, 1
    while position < len(body):
        yield _content(body, position, number)
        position += 8 + 2 * struct.unpack_from(">i", body, position + 4)[0]
        number += 1


def _at(body: bytes, offsets: list[int]) -> Iterator[tuple[int, int]]:
    for number, position in enumerate(offsets, start=1):
        yield _content(body, position, number)


def _content(body: bytes, position: int, number: int) -> tuple[int, int]:
    """Where the content of the record at a position begins, and its bytes."""
    if position + 12 > len(body):
        raise _damaged("shp_record", number=number)
    size = 2 * struct.unpack_from(">i", body, position + 4)[0]
    if size < 4 or position + 8 + size > len(body):
        raise _damaged("shp_record", number=number)
    return position + 8, size


def _rings(record: bytes, declared: int, number: int) -> list[Coordinates]:
    (kind,) = struct.unpack_from("<i", record, 0)
    if kind == _NULL:
        return []
    if kind != declared or len(record) < 44:
        raise _damaged("shp_record", number=number)
    parts, points = struct.unpack_from("<ii", record, 36)
    if parts < 0 or points < 0 or 44 + 4 * parts + 16 * points > len(record):
        raise _damaged("shp_record", number=number)
    if parts == 0 or points == 0:
        return []
    starts: npt.NDArray[np.int_] = np.frombuffer(record, dtype="<i4", count=parts, offset=44).astype(int)
    ends = np.append(starts[1:], points)
    if starts[0] != 0 or (ends <= starts).any():
        raise _damaged("shp_record", number=number)
    coordinates = np.frombuffer(record, dtype="<f8", count=2 * points, offset=44 + 4 * parts).reshape(-1, 2)
    return [coordinates[start:end] for start, end in zip(starts, ends, strict=True)]


def _damaged(key: str, **values: object) -> UnreadableBoundary:
    return UnreadableBoundary(code=key, message=say(f"files.{key}", **values), remedy=say("files.shp_remedy"))
