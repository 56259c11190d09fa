"""A layer file as its format room hands it over: every feature, nothing decided. Opens no file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

import shapely

from geo_review.control.model import Geometries
from geo_review.errors import InvalidLayer, UnreadableLayer
from geo_review.wording import say

_WKB_KINDS = range(1, 7)  # Point … MultiPolygon
_WKB_CURVES = range(8, 15)  # CircularString, CompoundCurve, CurvePolygon, MultiCurve, MultiSurface, Curve, Surface


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenLayer:
    """``crs`` is the name the file gives its coordinate system (WKT, PROJJSON, EPSG:n), None when it gives none.

    A feature without a geometry is None in ``geometries``; ``columns`` are parallel to it, in file order.
    """

    geometries: Geometries
    crs: str | None
    columns: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()  # what the reader had to put right, in words


def column(values: Sequence[object]) -> npt.NDArray[Any]:
    """Return a column of plain values, nested ones as they are."""
    return np.fromiter(values, dtype=object, count=len(values))


def from_wkb(path: Path, records: Sequence[bytes | None]) -> Geometries:
    """Return the geometries of WKB records. A curve or a broken record is refused with its feature number.

    GEOS reads no curves, and a library that does would draw them as chords without a word.
    """
    for number, record in enumerate(records, start=1):
        kind = _wkb_kind(record) if record else None
        if kind in _WKB_CURVES:
            raise InvalidLayer(
                code="layer_has_curves",
                message=say("control.curve", file=path.name, feature=number),
                remedy=say("control.curve_remedy"),
            )
        if kind is not None and kind not in _WKB_KINDS:
            refuse_kind(path, number, say("control.kind_number", number=kind))
    geometries: Geometries = shapely.from_wkb(column(records), on_invalid="ignore")
    for index in np.flatnonzero(shapely.is_missing(geometries)).tolist():
        if records[index]:
            _refuse_broken(path, index + 1, records[index])
    return geometries


def unreadable(path: Path, code: str, **values: object) -> UnreadableLayer:
    """Return the refusal of a file; its sentence is ``control.<code>``."""
    return UnreadableLayer(
        code=f"layer_{code}",
        message=say(f"control.{code}", file=path.name, **values),
        remedy=say("control.formats_remedy"),
    )


def refuse_kind(path: Path, number: int, kind: str) -> NoReturn:
    """Refuse a geometry that is neither polygon, line nor point."""
    raise InvalidLayer(
        code="layer_geometry_kind",
        message=say("control.geometry_kind", file=path.name, feature=number, kind=kind),
        remedy=say("control.geometry_kind_remedy"),
    )


def not_finite(path: Path, features: str) -> InvalidLayer:
    """Return the refusal of features with a coordinate that is no number."""
    return InvalidLayer(
        code="layer_coordinate_not_finite",
        message=say("control.not_finite", file=path.name, features=features),
        remedy=say("control.geometry_broken_remedy"),
    )


def _wkb_kind(record: bytes) -> int:
    """Return the geometry type of a record without its Z and M marks (ISO thousands, EWKB high bits)."""
    return (int.from_bytes(record[1:5], "little" if record[0] else "big") & 0x0FFF_FFFF) % 1000


def _refuse_broken(path: Path, number: int, record: bytes | None) -> NoReturn:
    try:
        shapely.from_wkb(record)
        detail = ""
    except shapely.errors.GEOSException as error:
        detail = str(error).split(": ", 1)[-1]
    raise InvalidLayer(
        code="layer_geometry_broken",
        message=say("control.geometry_broken", file=path.name, feature=number, detail=detail),
        remedy=say("control.geometry_broken_remedy"),
    )
