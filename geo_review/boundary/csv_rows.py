"""The rows of a table in a text: comma, semicolon, tab, bar or their full-width forms between the cells, quotes round
some. Decides the separator; understands no cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from geo_review.boundary.table_cells import MOST_COLUMNS, MOST_ROWS, Row, Sheet
from geo_review.boundary.table_columns import MOST_HEADING_ROWS, heading_row
from geo_review.errors import TooLarge, UnreadableBoundary
from geo_review.wording import say

_SEPARATORS = (",", "\t", ";", "，", "；", "|")
_SAMPLE_CHARACTERS = 100_000
_FULL_WIDTH = str.maketrans("，；", ",;")


def csv_sheet(text: str) -> Sheet | None:
    """Return the table of a text, or None when no separator makes one of it.

    A heading decides the separator; without one, the separator that gives every line the same number of cells.
    Raises UnreadableBoundary for a quote that never ends, TooLarge above the limits.
    """
    sample = text[:_SAMPLE_CHARACTERS]
    for separator in _SEPARATORS:
        rows = _first_rows(sample, separator)
        if heading_row(rows) is not None:
            return Sheet(rows=_all_rows(text, separator))
        # 点号，X，Y above lines with ASCII commas, or the other way round.
        if separator in ",;" and heading_row(_first_rows(sample.translate(_FULL_WIDTH), separator)) is not None:
            return Sheet(rows=_all_rows(text.translate(_FULL_WIDTH), separator))
    for separator in _SEPARATORS:
        widths = {len(row.cells) for row in _first_rows(sample, separator) if not row.is_blank}
        if len(widths) == 1 and widths.pop() > 1:
            return Sheet(rows=_all_rows(text, separator))
    return None


def has_heading(text: str) -> bool:
    """Tell whether the beginning of a text is that of a point table with a heading."""
    sample = text[:_SAMPLE_CHARACTERS]
    return any(
        heading_row(_first_rows(form, separator)) is not None
        for form in (sample, sample.translate(_FULL_WIDTH))
        for separator in _SEPARATORS
    )


def _first_rows(sample: str, separator: str) -> list[Row]:
    rows = []
    try:
        for row in _rows(sample, separator):
            rows.append(row)
            if len(rows) >= MOST_HEADING_ROWS:
                break
    except csv.Error:  # a quote that ends beyond the sample
        pass
    return rows


def _all_rows(text: str, separator: str) -> list[Row]:
    rows: list[Row] = []
    try:
        for row in _rows(text, separator):
            if len(rows) >= MOST_ROWS or len(row.cells) > MOST_COLUMNS:
                raise TooLarge(
                    code="table_too_large",
                    message=say("tables.table_too_large", rows=MOST_ROWS, columns=MOST_COLUMNS),
                    remedy=say("files.too_large_remedy"),
                )
            rows.append(row)
    except csv.Error as failure:
        raise UnreadableBoundary(
            code="csv_quotes",
            message=say("tables.csv_quotes", line=rows[-1].line + 1 if rows else 1),
            remedy=say("tables.table_remedy"),
        ) from failure
    return rows


def _rows(text: str, separator: str) -> Iterator[Row]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    for cells in lines:
        yield Row(line, tuple(cells))
        line = lines.line_num + 1  # a quoted cell may hold line ends
