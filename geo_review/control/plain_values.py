"""Attribute values of any reader as plain Python: what JSON can hold, with dates as ISO text. Interprets nothing."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from geo_review.control.model import ControlFeatures

_SIMPLE = {str, int, bool, float, type(None)}
_COUNTED = "biufU"  # numpy kinds whose values are plain Python's once they are in a list


def attributes_of(features: ControlFeatures, index: int) -> dict[str, object]:
    """Return the attributes of one feature (index from 0), by column name."""
    return {str(name): plain(values[index]) for name, values in features.attributes.items()}


def attributes_as_json(features: ControlFeatures) -> list[str]:
    """Return the attributes of every feature as a JSON object, in file order: each the JSON of its `attributes_of`.

    Column by column, since a layer has few of them and every step over all its values costs a tenth of a load.
    """
    columns = [_as_json(values) for values in features.attributes.values()]
    if not columns:
        return ["{}"] * len(features.geometries)
    names = (_dumps(str(name)).replace("%", "%%") for name in features.attributes)
    row = "{" + ", ".join(f"{name}: %s" for name in names) + "}"
    return [row % values for values in zip(*columns, strict=True)]


def plain(value: object) -> object:
    """Return a value as None, bool, int, float, str, list or dict; a number that is none (NaN, NaT, inf) is None."""
    if isinstance(value, np.datetime64 | np.timedelta64):
        return None if np.isnat(value) else str(value)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return (int(value) if value == value.to_integral_value() else float(value)) if value.is_finite() else None
    if isinstance(value, date | time):  # datetime is a date; pandas.NaT says it is one, and is not equal to itself
        return value.isoformat() if value == value else None
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence | np.ndarray):
        return [plain(item) for item in value]
    return str(value)


def _as_json(values: npt.NDArray[Any]) -> list[str]:
    """Return the JSON of every value of a column."""
    listed: list[object] = values.tolist() if values.dtype.kind in _COUNTED else list(values)
    kinds = set(map(type, listed))
    if not kinds <= _SIMPLE:
        return [_dumps(plain(value)) for value in listed]
    if float in kinds:
        listed = [None if isinstance(value, float) and not math.isfinite(value) else value for value in listed]
    # A line break within a text is escaped, so only those between the values are left to cut at.
    return _dumps(listed, separators=("\n", ": "))[1:-1].split("\n") if listed else []


def _dumps(value: object, separators: tuple[str, str] | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=separators)
