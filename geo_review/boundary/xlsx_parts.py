"""What an XLSX hides from a reader of values: sheets and their parts, errors, formulas without a result, how far cells
reach. Streams through the XML of each sheet within limits; reads no value. No DOCTYPE, so no entity can expand."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from xml.parsers import expat

from geo_review.boundary.table_cells import MOST_COLUMNS, MOST_ROWS, BadCell
from geo_review.errors import TooLarge, UnreadableBoundary
from geo_review.wording import say

MOST_CELLS = 5_000_000  # rows times columns: a reader of values holds every cell of the rectangle
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")
_ROW = re.compile(r"[1-9][0-9]{0,6}")
_MOST_SHOWN = 20
_SEPARATOR = " "


@dataclass(slots=True)
class SheetPart:
    """A sheet of the workbook; ``bad`` are the cells without a value by (row, column), both from 0."""

    name: str
    part: str
    hidden: bool
    bad: dict[tuple[int, int], BadCell] = field(default_factory=dict)


def sheet_parts(parts: Mapping[str, bytes]) -> list[SheetPart]:
    """Return the sheets of a workbook in its order, each looked through.

    Raises UnreadableBoundary for what is no workbook, TooLarge above the limits.
    """
    targets: dict[str, str] = {}
    found: list[SheetPart] = []

    def relationship(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            targets[attributes.get("Id", "")] = _target(attributes.get("Target", ""))

    def sheet(name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet" and (part := targets.get(attributes.get("id", ""))) in parts:
            hidden = attributes.get("state", "visible") != "visible"
            found.append(SheetPart(name=attributes.get("name", ""), part=str(part), hidden=hidden))

    _walk(parts.get("xl/_rels/workbook.xml.rels", b""), relationship)
    _walk(parts.get("xl/workbook.xml", b""), sheet)
    for each in found:
        _Cells(each).read(parts[each.part])
    return found


def _target(target: str) -> str:
    """The path of a part; targets are relative to ``xl/``, or absolute within the package."""
    if target.startswith("/"):
        return target.lstrip("/")
    kept: list[str] = []
    for step in PurePosixPath("xl", target).parts:
        if step == "..":
            del kept[-1:]
        else:
            kept.append(step)
    return "/".join(kept)


class _Cells:
    """Looks through one sheet: where each cell stands, whether it has a formula, what type it is, whether a value."""

    def __init__(self, sheet: SheetPart) -> None:
        self._sheet = sheet
        self._row = -1
        self._column = -1
        self._rows = 0
        self._columns = 0
        self._type = ""
        self._formula = self._valued = False
        self._text: list[str] | None = None

    def read(self, content: bytes) -> None:
        _walk(content, self._start, self._end, self._characters)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "row":
            self._begin_row(attributes)
        elif name == "c":
            self._begin_cell(attributes)
        elif name == "f":
            self._formula = True
        elif name in ("v", "t"):
            self._text = []

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        number = attributes.get("r")
        if number is None:
            self._row += 1
        elif _ROW.fullmatch(number):
            self._row = int(number) - 1
        else:
            raise damaged()
        self._column = -1

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        elif place := _REFERENCE.fullmatch(reference):
            self._row = int(place[2]) - 1
            self._column = 0
            for letter in place[1].upper():
                self._column = self._column * 26 + ord(letter) - ord("A") + 1
            self._column -= 1
        else:  # a reader of values makes a place of it nevertheless, and holds every cell up to there
            raise damaged()
        self._type = attributes.get("t", "")
        self._formula = self._valued = False
        self._text = None

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        if name in ("v", "t") and self._text is not None:
            said = "".join(self._text)
            self._valued |= bool(said)
            if name == "v" and self._type == "e":
                self._bad("cell_error", said[:_MOST_SHOWN])
            self._text = None
        elif name == "c":
            if self._formula and not self._valued and self._type != "str":
                self._bad("cell_without_value", "")
            if self._valued or self._formula:
                self._reach()

    def _bad(self, code: str, text: str) -> None:
        self._sheet.bad[(self._row, self._column)] = BadCell(code=code, text=text)

    def _reach(self) -> None:
        if self._row >= self._rows or self._column >= self._columns:
            self._rows, self._columns = max(self._rows, self._row + 1), max(self._columns, self._column + 1)
            check_extent(self._rows, self._columns, self._sheet.name)


def check_extent(rows: int, columns: int, sheet: int | str, *, cells: int = 0) -> None:
    """Raise TooLarge for a sheet whose cells reach too far; ``cells`` are those of several sheets together."""
    if rows > MOST_ROWS or columns > MOST_COLUMNS or max(rows * columns, cells) > MOST_CELLS:
        raise TooLarge(
            code="sheet_too_large",
            message=say("tables.sheet_too_large", sheet=sheet, rows=MOST_ROWS, columns=MOST_COLUMNS, most=MOST_CELLS),
            remedy=say("tables.sheet_too_large_remedy"),
        )


def _walk(
    content: bytes,
    start: Callable[[str, Mapping[str, str]], None],
    end: Callable[[str], None] | None = None,
    characters: Callable[[str], None] | None = None,
) -> None:
    """Stream through XML; names come without their namespaces."""
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise damaged()

    def started(name: str, attributes: dict[str, str]) -> None:
        if any(_SEPARATOR in key for key in attributes):
            attributes = {_local(key): value for key, value in attributes.items()}
        start(_local(name), attributes)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = started
    if end is not None:
        parser.EndElementHandler = lambda name: end(_local(name))
    if characters is not None:
        parser.CharacterDataHandler = characters
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as failure:
        raise damaged() from failure


def _local(name: str) -> str:
    return name.rpartition(_SEPARATOR)[2]


def damaged() -> UnreadableBoundary:
    """Return the refusal of a workbook that cannot be read."""
    return UnreadableBoundary(
        code="workbook_damaged",
        message=say("tables.workbook_damaged"),
        remedy=say("tables.workbook_damaged_remedy"),
    )
