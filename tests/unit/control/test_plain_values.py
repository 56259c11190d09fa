"""Attributes as JSON, column by column: the same as feature by feature, whatever a reader hands over."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_review.control.model import ControlFeatures
from geo_review.control.plain_values import attributes_as_json, attributes_of
from geo_review.control.written import column

SIMPLE = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[]))


def _features(**columns: npt.NDArray[np.generic]) -> ControlFeatures:
    count = max((len(values) for values in columns.values()), default=2)
    return ControlFeatures(epsg=4547, geometries=np.empty(count, dtype=object), attributes=columns)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (column(["旱地", "a\nb", '"', "\\", "\\n", "\u2028", "\t\r\0"]), "what would cut a line or end a text"),
        (
            column([1, 2.5, None, True, "x", float("nan"), float("inf")]),
            "a column of many types, some of them no value",
        ),
        (column([{"a": [1, "b\nc"]}, [float("nan")], Decimal("1.50"), Decimal("2"), b"\1", np.float64(3)]), "nested"),
        (column([date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC)]), "days and moments"),
        (np.array(["2026-01-02T03:04:05", "NaT"], dtype="datetime64[ns]"), "would be nanoseconds in a list"),
        (np.array([1, -(2**62)]), "whole numbers"),
        (np.array([0.1, np.nan, -0.0]), "a missing number"),
        (np.array(["a", "中"]), "texts of numpy"),
        (np.empty(0, dtype=object), "no feature at all"),
    ],
)
def test_a_column_is_written_as_its_values_are(values: npt.NDArray[np.generic], why: str) -> None:
    features = _features(**{"名称%s\n": values, "second": values[::-1]})
    found = [json.loads(row) for row in attributes_as_json(features)]
    assert repr(found) == repr([attributes_of(features, index) for index in range(len(values))]), why


def test_a_layer_without_attributes_has_an_empty_object_each() -> None:
    assert attributes_as_json(_features()) == ["{}", "{}"]


@settings(max_examples=40)
@given(st.lists(SIMPLE | st.lists(SIMPLE, max_size=2) | st.dictionaries(st.text(), SIMPLE, max_size=2), max_size=6))
def test_any_column_is_written_as_its_values_are(values: list[object]) -> None:
    features = _features(a=column(values))
    found = [json.loads(row) for row in attributes_as_json(features)]
    assert repr(found) == repr([attributes_of(features, index) for index in range(len(values))])
