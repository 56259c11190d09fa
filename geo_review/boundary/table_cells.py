"""The cells of a point table, whatever file they came from, and how a place in it is told. Understands no value."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from geo_review.wording import say

MOST_ROWS = 1_000_000
MOST_COLUMNS = 256


@dataclass(frozen=True, kw_only=True, slots=True)
class BadCell:
    """A cell that shows something and holds no value: an error (``#REF!``) or a formula that was never computed."""

    code: str  # cell_error | cell_without_value
    text: str = ""


Cell = str | int | float | bool | datetime.date | datetime.time | datetime.timedelta | BadCell


class Row(NamedTuple):
    """``line`` counts from 1 as the program that shows the file counts; an empty cell is ``""``."""

    line: int
    cells: tuple[Cell, ...]

    def cell(self, column: int | None) -> Cell:
        """The cell of a column, empty where the row is shorter."""
        return self.cells[column] if column is not None and column < len(self.cells) else ""

    @property
    def is_blank(self) -> bool:
        return all(is_empty(cell) for cell in self.cells)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """``name`` is None for a text file, whose columns are counted; those of a spreadsheet have letters."""

    rows: Sequence[Row]
    name: str | None = None
    hidden: bool = False

    def place(self, line: int, column: int) -> str:
        """Where a cell stands, in words; ``column`` counts from 0."""
        if self.name is None:
            return say("tables.cell_of_text", line=line, column=column + 1)
        return say("tables.cell_of_sheet", sheet=self.name, line=line, column=letters(column))

    def column(self, column: int) -> str:
        """What a column is called."""
        return say("tables.column", column=column + 1 if self.name is None else letters(column))


def letters(column: int) -> str:
    """Return the name of a column in a spreadsheet: A, …, Z, AA; ``column`` counts from 0."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def is_empty(cell: Cell) -> bool:
    """Tell whether nothing stands in a cell."""
    return isinstance(cell, str) and not cell.strip()


def text_of(cell: Cell) -> str:
    """Return a cell as a word, blanks cut off, a whole number without decimals."""
    if isinstance(cell, BadCell):
        return cell.text
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).strip()
