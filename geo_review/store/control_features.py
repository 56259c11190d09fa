"""Features of a layer version and their parts: written in bulk, whole or not at all. Repairs nothing.

COPY in its binary form (PostgreSQL's documentation of COPY, "Binary Format"): coordinates as text would be twice as
many bytes, and as much work again on both sides.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

import shapely

from geo_review.control.model import Geometries, Repair
from geo_review.geometry.subdivide import Indices
from geo_review.store.working_crs import WORKING_EPSG

_ROWS_AT_ONCE = 5_000
_BYTES_AT_ONCE = 1 << 20  # well above a row, so that few are sliced
_COPY_FEATURES = """
COPY control_feature (version_id, number, geometry, attributes, digest, repairs, rounding_repairs)
FROM STDIN (FORMAT binary)
"""
_COPY_PARTS = """
COPY control_feature_part (version_id, feature_number, part, geometry) FROM STDIN (FORMAT binary)
"""
_START, _END = b"PGCOPY\n\xff\r\n\0" + bytes(8), struct.pack(">h", -1)
# Every value stands behind its length, and a row behind the count of its values.
_FEATURE = struct.Struct(">hiqiii").pack  # 7 values: version_id, number, and the length of the geometry
_PART = struct.Struct(">hiqiiiii").pack  # 4 values: version_id, feature_number, part, and the length of the geometry
_LENGTH = struct.Struct(">i").pack
_NULL = _LENGTH(-1)
_DIGEST_BYTES = 16
_DIGEST_LENGTH = _LENGTH(_DIGEST_BYTES)
_JSONB_VERSION = b"\x01"


def save_features(
    session: Session,
    version_id: int,
    *,
    geometries: Geometries,
    attributes: Sequence[str],
    repairs: Iterable[Repair],
    rounding: Iterable[Repair],
    parts: Geometries,
    source: Indices,
) -> None:
    """Store the features of a version, numbered from 1 in the order given, in the working CRS.

    ``attributes`` are JSON objects; ``parts`` are of the features that ``source`` points at (from 0, ascending);
    ``rounding`` are repairs of what projecting broke.
    """
    # A city's farmland takes longer than any single request may.
    session.execute(text("SET LOCAL statement_timeout = 0"))
    _copy(
        session,
        _COPY_FEATURES,
        _feature_rows(version_id, geometries, attributes, _by_feature(repairs), _by_feature(rounding)),
    )
    _copy(session, _COPY_PARTS, _part_rows(version_id, parts, source))
    # The planner must know the new version before the first review asks for it.
    session.execute(text("ANALYZE control_feature, control_feature_part"))


def _feature_rows(
    version_id: int,
    geometries: Geometries,
    attributes: Sequence[str],
    drawn: Mapping[int, bytes],
    rounded: Mapping[int, bytes],
) -> Iterator[bytes]:
    for number, (wkb, json_object) in enumerate(zip(_in_chunks(geometries), attributes, strict=True), 1):
        values = json_object.encode()
        yield b"".join(
            (
                _FEATURE(7, 8, version_id, 4, number, len(wkb)),
                wkb,
                _LENGTH(len(_JSONB_VERSION) + len(values)),
                _JSONB_VERSION,
                values,
                _DIGEST_LENGTH,
                hashlib.sha256(wkb).digest()[:_DIGEST_BYTES],
                drawn.get(number, _NULL),
                rounded.get(number, _NULL),
            )
        )


def _part_rows(version_id: int, parts: Geometries, source: Indices) -> Iterator[bytes]:
    # Numbered within the feature: 1, 2, … from each first occurrence on (``source`` is ascending).
    position = np.arange(len(source)) - np.searchsorted(source, source) + 1
    for number, part, wkb in zip((source + 1).tolist(), position.tolist(), _in_chunks(parts), strict=True):
        yield _PART(4, 8, version_id, 4, number, 4, part, len(wkb)) + wkb


def _in_chunks(geometries: Geometries) -> Iterator[bytes]:
    """Yield the EWKB of geometries; all at once they would be in memory twice."""
    for start in range(0, len(geometries), _ROWS_AT_ONCE):
        chunk = shapely.set_srid(geometries[start : start + _ROWS_AT_ONCE], WORKING_EPSG)
        yield from shapely.to_wkb(chunk, include_srid=True)


def _by_feature(repairs: Iterable[Repair]) -> dict[int, bytes]:
    """Return the words of every repaired feature as a JSON value behind its length."""
    found: dict[int, list[dict[str, object]]] = {}
    for repair in repairs:
        found.setdefault(repair.feature, []).append(asdict(repair))
    words = {number: json.dumps(each, ensure_ascii=False, allow_nan=False).encode() for number, each in found.items()}
    return {number: _LENGTH(len(value)) + value for number, value in words.items()}


def _copy(session: Session, statement: str, rows: Iterator[bytes]) -> None:
    driver = session.connection().connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor:
        cursor.copy_expert(statement, _Rows(itertools.chain([_START], rows, [_END])), size=_BYTES_AT_ONCE)


class _Rows:
    """Rows as the file that COPY reads from: a chunk at a time, so that a layer is never in memory twice."""

    def __init__(self, rows: Iterator[bytes]) -> None:
        self._rows = rows
        self._left = b""

    def read(self, size: int) -> bytes:
        pieces, have = [self._left], len(self._left)
        while have < size and (row := next(self._rows, None)) is not None:
            pieces.append(row)
            have += len(row)
        whole = b"".join(pieces)
        self._left = whole[size:]
        return whole[:size]
