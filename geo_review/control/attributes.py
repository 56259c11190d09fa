"""Attributes of control features as JSON can keep them. Drops nothing; what cannot be kept is refused by its place."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal

import numpy as np

from geo_review.control.model import ControlFeatures
from geo_review.errors import InvalidLayer
from geo_review.wording import say

Row = dict[str, object]


def attribute_rows(features: ControlFeatures) -> Sequence[Mapping[str, object]]:
    """Return the attributes of each feature, in file order.

    Dates and times become ISO text, a decimal its own text (a limit of 0.30 stays 0.30), NaN and a missing value None.
    """
    rows: list[Row] = [{} for _ in range(len(features.geometries))]
    for name, values in features.attributes.items():
        for number, (row, value) in enumerate(zip(rows, values, strict=True), 1):
            row[name] = _kept(value, number, name)
        _kept(name, 1, name)
    return rows


def _kept(value: object, number: int, name: str) -> object:
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None if math.isnan(value) else str(value)
    if isinstance(value, str):
        # PostgreSQL keeps no NUL in a text, and half of a surrogate pair is no text.
        if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise InvalidLayer(
                code="layer_text_not_storable",
                message=say("store.layer_text_not_storable", feature=number, attribute=ascii(name), text=ascii(value)),
            )
        return value
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return {str(key): _kept(item, number, name) for key, item in value.items()}
    if isinstance(value, Sequence | np.ndarray):
        return [_kept(item, number, name) for item in value]
    return str(value) if isinstance(value, Decimal) else _kept(str(value), number, name)
