"""Features of a layer version and their parts: written in bulk, whole or not at all. Repairs nothing."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import text
from sqlalchemy.orm import Session

import shapely

from geo_review.control.model import Geometries, Repair
from geo_review.geometry.subdivide import Indices
from geo_review.store.working_crs import WORKING_EPSG

_ROWS_AT_ONCE = 5_000
_BYTES_AT_ONCE = 1 << 22  # well above a row, so that no row is sliced many times
_COPY_FEATURES = "COPY control_feature (version_id, number, geometry, attributes, repairs, rounding_repairs) FROM STDIN"
_COPY_PARTS = "COPY control_feature_part (version_id, feature_number, part, geometry) FROM STDIN"
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def save_features(
    session: Session,
    version_id: int,
    *,
    geometries: Geometries,
    attributes: Sequence[Mapping[str, object]],
    repairs: Iterable[Repair],
    rounding: Iterable[Repair],
    parts: Geometries,
    source: Indices,
) -> None:
    """Store the features of a version, numbered from 1 in the order given, in the working CRS.

    ``parts`` are of the features that ``source`` points at (from 0, ascending); ``rounding`` are repairs of what
    projecting broke.
    """
    # A city's farmland takes longer than any single request may.
    session.execute(text("SET LOCAL statement_timeout = 0"))
    numbers = np.arange(1, len(geometries) + 1)
    drawn, rounded = _by_feature(repairs), _by_feature(rounding)
    _copy(
        session,
        _COPY_FEATURES,
        (
            f"{version_id}\t{number}\t{wkb}\t{_json(attributes[number - 1])}"
            f"\t{_json_or_null(drawn.get(number))}\t{_json_or_null(rounded.get(number))}\n"
            for number, wkb in _in_chunks(numbers, geometries)
        ),
    )
    # Numbered within the feature: 1, 2, … from each first occurrence on (``source`` is ascending).
    position = np.arange(len(source)) - np.searchsorted(source, source) + 1
    labels = np.char.add(np.char.add((source + 1).astype(str), "\t"), position.astype(str))
    _copy(
        session,
        _COPY_PARTS,
        (f"{version_id}\t{label}\t{wkb}\n" for label, wkb in _in_chunks(labels, parts)),
    )
    # The planner must know the new version before the first review asks for it.
    session.execute(text("ANALYZE control_feature, control_feature_part"))


def _copy(session: Session, statement: str, rows: Iterator[str]) -> None:
    driver = session.connection().connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor:
        cursor.copy_expert(statement, _Rows(rows), size=_BYTES_AT_ONCE)


class _Rows(io.TextIOBase):
    """Rows as the file that COPY reads from: a chunk at a time, so that a layer is never in memory twice."""

    def __init__(self, rows: Iterator[str]) -> None:
        self._rows = rows
        self._left = ""

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> str:
        wanted = 8192 if size is None or size < 0 else size
        pieces, have = [self._left], len(self._left)
        while have < wanted and (row := next(self._rows, None)) is not None:
            pieces.append(row)
            have += len(row)
        whole = "".join(pieces)
        self._left = whole[wanted:]
        return whole[:wanted]


def _in_chunks(labels: npt.NDArray[Any], geometries: Geometries) -> Iterator[tuple[Any, str]]:
    for start in range(0, len(geometries), _ROWS_AT_ONCE):
        chunk = shapely.set_srid(geometries[start : start + _ROWS_AT_ONCE], WORKING_EPSG)
        hexes = shapely.to_wkb(chunk, hex=True, include_srid=True)
        yield from zip(labels[start : start + _ROWS_AT_ONCE].tolist(), hexes, strict=True)


def _by_feature(repairs: Iterable[Repair]) -> dict[int, list[dict[str, object]]]:
    found: dict[int, list[dict[str, object]]] = {}
    for repair in repairs:
        found.setdefault(repair.feature, []).append(asdict(repair))
    return found


def _json_or_null(value: object | None) -> str:
    return "\\N" if value is None else _json(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).translate(_ESCAPED)
