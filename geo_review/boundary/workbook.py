"""Reads a point table from a workbook, XLSX or old XLS, into a `RawBoundary`. Decides no CRS, computes no formula.

calamine reads the values; what it leaves blank (errors, formulas without a result) is put back as such, and how far
the cells reach is known before it holds them all.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath
from typing import TypeVar

import python_calamine

from geo_review.boundary.archive import members_of
from geo_review.boundary.choosing import choice_needed
from geo_review.boundary.model import BoundaryIssue, RawBoundary, Severity
from geo_review.boundary.point_table import is_point_table, read_point_table
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.table_cells import BadCell, Row, Sheet
from geo_review.boundary.xls_records import MAGIC, bad_cells, is_encrypted, workbook_stream
from geo_review.boundary.xlsx_parts import damaged, sheet_parts
from geo_review.errors import Choice, UnreadableBoundary
from geo_review.wording import say

_PARTS = ("[Content_Types].xml", "_rels/.rels", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml")
_MOST_SHEETS_SAID = 20
_Bad = Mapping[tuple[int, int], BadCell]
_T = TypeVar("_T")


def read_xlsx(file: ReceivedFile, layer: str | None = None) -> RawBoundary:
    """Read the sheet of points that is asked for, or the only one. Raises ChoiceNeeded when there are several,
    UnreadableBoundary when there is none, TooLarge above the limits."""
    parts = members_of(file.content, _is_needed)
    bad = {each.name: each.bad for each in sheet_parts(parts)}
    return _read(list(_sheets(_rebuilt(parts), bad)), layer, format="xlsx")


def read_xls(file: ReceivedFile, layer: str | None = None) -> RawBoundary:
    """Read an old workbook as `read_xlsx` reads a new one."""
    stream = workbook_stream(file.content)
    if stream is None or is_encrypted(stream):
        raise damaged()
    return _read(list(_sheets(file.content, bad_cells(stream))), layer, format="xls")


def is_xls(content: bytes) -> bool:
    """Tell an old workbook from another OLE file (DOC, PPT), by its streams."""
    try:
        return content.startswith(MAGIC) and workbook_stream(content) is not None
    except UnreadableBoundary:
        return False


def _is_needed(path: PurePosixPath) -> bool:
    name = str(path)
    return name in _PARTS or (name.startswith(("xl/worksheets/", "xl/_rels/")) and path.suffix in (".xml", ".rels"))


def _rebuilt(parts: Mapping[str, bytes]) -> bytes:
    """A zip of the counted parts alone: what another reader of zips might see in the stranger's is not there."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return made.getvalue()


def _sheets(content: bytes, bad: Mapping[str, _Bad] | Sequence[_Bad]) -> Iterator[Sheet]:
    """Yield every sheet of cells; ``bad`` are the cells without a value, by the name of the sheet or in its order."""
    workbook = _guarded(lambda: python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)))
    known = workbook.sheets_metadata
    if not isinstance(bad, Mapping):
        if len(bad) != len(known):
            raise damaged()
        bad = {each.name: cells for each, cells in zip(known, bad, strict=True)}
    for each in known:
        if each.typ is not python_calamine.SheetTypeEnum.WorkSheet:
            continue
        if each.name not in bad:  # a sheet that nobody looked through may reach anywhere
            raise damaged()
        rows = _guarded(partial(_rows, workbook, each.name, bad[each.name]))
        yield Sheet(rows=rows, name=each.name, hidden=each.visible is not python_calamine.SheetVisibleEnum.Visible)


def _rows(workbook: python_calamine.CalamineWorkbook, name: str, bad: _Bad) -> list[Row]:
    sheet = workbook.get_sheet_by_name(name)
    if sheet.start is None and not bad:
        return []
    first, left = sheet.start or (0, 0)
    by_row: dict[int, dict[int, BadCell]] = {}
    for (row, column), cell in bad.items():
        by_row.setdefault(row, {})[column] = cell
    rows = [Row(number + 1, ()) for number in range(first)]
    rows += [
        Row(number, ("",) * left + tuple(cells)) for number, cells in enumerate(sheet.iter_rows(), start=first + 1)
    ]
    last = max(by_row, default=-1)
    rows += [Row(number + 1, ()) for number in range(len(rows), last + 1)]
    for number, cells in by_row.items():
        held = list(rows[number].cells)
        held += [""] * (max(cells) + 1 - len(held))
        for column, cell in cells.items():
            held[column] = cell
        rows[number] = Row(number + 1, tuple(held))
    return rows


def _guarded(read: Callable[[], _T]) -> _T:
    """Run calamine; its own panics on damaged bytes are no Exception."""
    try:
        return read()
    except (python_calamine.CalamineError, ValueError, OverflowError, OSError, zipfile.BadZipFile) as failure:
        raise damaged() from failure
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":
            raise
        raise damaged() from panic


def _read(sheets: list[Sheet], layer: str | None, *, format: str) -> RawBoundary:
    filled = [sheet for sheet in sheets if any(not row.is_blank for row in sheet.rows)]
    if not filled:
        raise UnreadableBoundary(code="no_points", message=say("survey.no_points"), remedy=say("tables.table_remedy"))
    tables = [sheet for sheet in filled if is_point_table(sheet)]
    shown = [sheet for sheet in tables if not sheet.hidden]
    chosen = next((sheet for sheet in filled if sheet.name == layer), None)
    if chosen is None and (layer is not None or len(shown or tables) > 1):
        offered = (shown or tables) if layer is None else (tables or filled)
        choices = [Choice(value=str(sheet.name), label=_label(sheet)) for sheet in offered[:_MOST_SHEETS_SAID]]
        raise choice_needed("sheets_several", choices, asked=layer, sheets=_labels(offered))
    chosen = chosen or (shown or tables or filled)[0]
    boundary = read_point_table(chosen, format=format)
    issues = list(boundary.issues)
    others = [sheet for sheet in filled if sheet is not chosen]
    if others:
        values = {"used": chosen.name, "sheets": _labels(others)}
        issues.append(BoundaryIssue(code="sheets_not_read", severity=Severity.INFO, values=values))
    if chosen.hidden:
        values = {"sheet": chosen.name}
        issues.append(BoundaryIssue(code="hidden_sheet_read", severity=Severity.WARNING, values=values))
    return replace(boundary, issues=tuple(issues))


def _label(sheet: Sheet) -> str:
    return say("tables.sheet_hidden", sheet=sheet.name) if sheet.hidden else str(sheet.name)


def _labels(sheets: list[Sheet]) -> str:
    return "、".join(_label(sheet) for sheet in sheets[:_MOST_SHEETS_SAID])
