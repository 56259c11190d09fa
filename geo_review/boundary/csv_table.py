"""Reads a point table from a text (CSV and its relatives) into a `RawBoundary`. Decides no CRS."""

from __future__ import annotations

from geo_review.boundary.csv_rows import csv_sheet, has_heading
from geo_review.boundary.model import RawBoundary
from geo_review.boundary.point_table import is_point_table, read_point_table
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.text_decoding import decode_text
from geo_review.errors import TooLarge, UnreadableBoundary
from geo_review.wording import say


def looks_like_csv(text: str) -> bool:
    """Tell whether a text begins as a point table with a heading."""
    return has_heading(text)


def looks_like_points(text: str) -> bool:
    """Tell whether a text without a heading is a table of points by what stands in it."""
    try:
        sheet = csv_sheet(text)
    except (UnreadableBoundary, TooLarge):
        return False
    return sheet is not None and is_point_table(sheet)


def read_csv(file: ReceivedFile) -> RawBoundary:
    """Read a table of points. Raises UnreadableBoundary when its columns or no point can be made out, or TooLarge."""
    decoded = decode_text(file.content)
    sheet = csv_sheet(decoded.text)
    if sheet is None:
        raise UnreadableBoundary(
            code="table_without_heading",
            message=say("tables.table_without_heading"),
            remedy=say("tables.table_remedy"),
        )
    return read_point_table(sheet, format="csv", encoding=decoded.encoding)
