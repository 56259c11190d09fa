"""The rows of a point table below its heading, each sorted by what it is. Knows no ring and no parcel.

A row that was meant as a point is never skipped: what cannot be read in it is said with its cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from geo_review.boundary.table_cells import BadCell, Cell, Row, Sheet, is_empty, text_of
from geo_review.boundary.table_columns import Columns, is_heading
from geo_review.boundary.table_numbers import Coordinate, NotACoordinate, coordinate_of

_POINT_NAME = re.compile(r"(?=.*\d)[\w\-'.#()（）]{1,16}")
_SUMMARY = re.compile(
    r"\s*(合\s*计|总\s*计|小\s*计|总面积|面\s*积|用地面积|宗地面积|地块面积|周\s*长|total|sum\b).*", re.I
)
_DIGITS_OF_A_COORDINATE = 5
# Chinese words but those of an angle, and dates: who made the table, and when.
_REMARK = re.compile(r"(?![度分秒米东西南北经纬])[\u4e00-\u9fff]|\d{4}([-/.])\d{1,2}\1\d{1,2}")
_UNIT = re.compile(r"[(（]?(m|米|度|°|单位[:：]?米)[)）]?", re.IGNORECASE)
_SHOWN_CHARACTERS = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class PointRow:
    """A point: ``first`` and ``second`` are its coordinates in the order of their columns."""

    line: int
    name: str
    ring: str
    parcel: str
    title: str
    first: float
    second: float
    angle: bool
    row: Row


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultyRow:
    """A row meant as a point that cannot be read; ``code`` and ``values`` are those of the issue."""

    line: int
    code: str
    name: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


class Gap(Enum):
    """What stands between points."""

    BLANK = "blank"
    HEADING = "heading"
    TEXT = "text"
    SUMMARY = "summary"


@dataclass(frozen=True, kw_only=True, slots=True)
class GapRow:
    """A row that is no point; ``text`` is what it says."""

    line: int
    gap: Gap
    text: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SideRow:
    """The length of a side that stands on a row of its own, between two points."""

    line: int
    value: Cell


TableRow = PointRow | FaultyRow | GapRow | SideRow


def sort_rows(sheet: Sheet, columns: Columns, rows: Sequence[Row]) -> Iterator[TableRow]:
    """Yield every row with what it is."""
    for index, row in enumerate(rows):
        if row.is_blank:
            yield GapRow(line=row.line, gap=Gap.BLANK)
        elif index or not _is_units(row, columns):
            yield _sorted(sheet, columns, row)


def row_text(row: Row) -> str:
    """Return what a row says, for people."""
    said = " ".join(text_of(cell) for cell in row.cells if not is_empty(cell))
    return said[:_SHOWN_CHARACTERS]


def _sorted(sheet: Sheet, columns: Columns, row: Row) -> TableRow:
    read = [coordinate_of(row.cell(column)) for column in columns.pair]
    if not any(isinstance(number, Coordinate) for number in read) and is_heading(row):
        return GapRow(line=row.line, gap=Gap.HEADING)
    word = next(cell for cell in row.cells if not is_empty(cell))
    if isinstance(word, str) and _SUMMARY.fullmatch(word):
        return GapRow(line=row.line, gap=Gap.SUMMARY, text=row_text(row))
    name = text_of(row.cell(columns.of("name")))
    if any(isinstance(cell, BadCell) for cell in row.cells):
        for role in ("name", "ring", "parcel", "title"):
            cell = row.cell(column := columns.of(role))
            if isinstance(cell, BadCell) and column is not None:
                values = {"cell": sheet.place(row.line, column), "text": cell.text}
                return FaultyRow(line=row.line, code=cell.code, values=values)
    first, second = read
    if isinstance(first, Coordinate) and isinstance(second, Coordinate):
        return _point(sheet, columns, row, name, first, second)
    if [column for column, cell in enumerate(row.cells) if not is_empty(cell)] == [columns.of("side")]:
        return SideRow(line=row.line, value=word)
    if not _meant_as_point(row, columns, name, read):
        return GapRow(line=row.line, gap=Gap.TEXT, text=row_text(row))
    column, fault = next(
        (column, number)
        for column, number in zip(columns.pair, read, strict=True)
        if isinstance(number, NotACoordinate)
    )
    values = {"cell": sheet.place(row.line, column), "text": fault.text}
    return FaultyRow(line=row.line, code=fault.code, name=name, values=values)


def _point(sheet: Sheet, columns: Columns, row: Row, name: str, first: Coordinate, second: Coordinate) -> TableRow:
    axes = ("north", "east") if columns.north < columns.east else ("east", "north")
    for column, number, axis in zip(columns.pair, (first, second), axes, strict=True):
        if number.axis not in (None, axis):
            values = {"cell": sheet.place(row.line, column), "text": text_of(row.cell(column))}
            return FaultyRow(line=row.line, code="cell_direction", name=name, values=values)
    if first.angle != second.angle:
        values = {"cell": sheet.place(row.line, columns.pair[first.angle]), "text": text_of(row.cell(columns.pair[0]))}
        return FaultyRow(line=row.line, code="angle_formats_mixed", name=name, values=values)
    return PointRow(
        line=row.line,
        name=name,
        ring=text_of(row.cell(columns.of("ring"))),
        parcel=text_of(row.cell(columns.of("parcel"))),
        title=text_of(row.cell(columns.of("title"))),
        first=first.value,
        second=second.value,
        angle=first.angle,
        row=row,
    )


def _meant_as_point(row: Row, columns: Columns, name: str, read: Sequence[Coordinate | NotACoordinate]) -> bool:
    """A number in a coordinate column, a cell that hides one, or the name of a point: the rest of a point."""
    for column, number in zip(columns.pair, read, strict=True):
        cell = row.cell(column)
        if isinstance(number, Coordinate) or not isinstance(cell, str):
            return True
        if sum(map(str.isdigit, cell)) >= _DIGITS_OF_A_COORDINATE and not _REMARK.search(cell):
            return True
    return bool(columns.of("name") is not None and _POINT_NAME.fullmatch(name))


def _is_units(row: Row, columns: Columns) -> bool:
    """Tell whether a row under the heading names the units."""
    return all(_UNIT.fullmatch(text_of(row.cell(column))) for column in columns.pair)
