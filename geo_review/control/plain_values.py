"""Attribute values of any reader as plain Python: what JSON can hold, with dates as ISO text. Interprets nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal

import numpy as np

from geo_review.control.model import ControlFeatures


def attributes_of(features: ControlFeatures, index: int) -> dict[str, object]:
    """Return the attributes of one feature (index from 0), by column name."""
    return {str(name): plain(values[index]) for name, values in features.attributes.items()}


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
