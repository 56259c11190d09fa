"""Reads a table of boundary points (界址点成果表) into a `RawBoundary`, from any file that has rows. Decides no CRS.

What is wrong with a row is an issue of severity error with its cell, so that one reading names all of them; what
stands above and below the table is kept, and said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from geo_review.boundary.model import Axes, BoundaryIssue, Place, RawBoundary, RawParcel, Severity
from geo_review.boundary.parcel_facts import parcel_of
from geo_review.boundary.survey_attributes import attributes_of, declared_crs
from geo_review.boundary.survey_lines import Attribute
from geo_review.boundary.survey_rings import Points, read_ring
from geo_review.boundary.table_cells import Cell, Row, Sheet, is_empty, text_of
from geo_review.boundary.table_columns import DATUM, Columns, columns_by_content, columns_of, heading_row
from geo_review.boundary.table_numbers import looks_numeric
from geo_review.boundary.table_rings import Drafts, ParcelDraft, gather
from geo_review.boundary.table_rows import GapRow, row_text, sort_rows
from geo_review.boundary.table_sides import check_sides
from geo_review.errors import UnreadableBoundary
from geo_review.wording import say

_FACTS = re.compile(
    r"(坐标系统?|坐标系名称|大地坐标系|投影带号|带号|中央子午线|中央经线|几度分带|分带|投影类型|投影方式)"
    r"\s*(?:[:：=]\s*|(?=\d))([^\s;；,，、:：]+)"
)
_UNIT = re.compile(r"(?:计量|坐标)?单位\s*[:：]\s*(米|m|度)(?!\w)")
_AREA = re.compile(r"(?<![\d.])(\d[\d,]*(?:\.\d+)?)\s*(公顷|平方米|亩|㎡|m2|m²|hm2|hm²|ha)?", re.IGNORECASE)
_SHOWN_CHARACTERS = 40


def is_point_table(sheet: Sheet) -> bool:
    """Tell whether a sheet has the columns of a point table."""
    if heading_row(sheet.rows) is not None:
        return True
    try:
        columns_by_content(sheet, _rows_of_numbers(sheet))
    except UnreadableBoundary:
        return False
    return True


def read_point_table(sheet: Sheet, *, format: str, encoding: str | None = None) -> RawBoundary:
    """Read the points of a sheet. Raises UnreadableBoundary when its columns or no point can be made out."""
    index = heading_row(sheet.rows)
    if index is None:
        rows = _rows_of_numbers(sheet)
        columns = columns_by_content(sheet, rows)
        index = sheet.rows.index(rows[0])
        above, below = sheet.rows[:index], sheet.rows[index:]
    else:
        columns = columns_of(sheet, index)
        above, below = sheet.rows[:index], sheet.rows[index + 1 :]
    above = [row for row in above if not row.is_blank]
    drafts = gather(list(sort_rows(sheet, columns, below)), page_title=row_text(above[-1]) if above else "")
    facts = list(_facts(sheet, above, drafts))
    crs, issues = declared_crs(facts)
    issues += [*drafts.issues, *_around(above, drafts), *_columns_unread(sheet, columns)]
    parcels = []
    for number, draft in enumerate(drafts.parcels, start=1):
        parcel, found = _parcel(sheet, columns, draft, number)
        parcels.append(_with_area(parcel, drafts) if len(drafts.parcels) == 1 else parcel)
        issues += found
    issues += _angles(sheet, columns, drafts)
    if not any(parcel.rings for parcel in parcels):
        lines = tuple(f"{issue.message} {issue.where}" for issue in issues if issue.severity is Severity.ERROR)
        raise UnreadableBoundary(
            code="no_points", message=say("survey.no_points"), remedy=say("tables.table_remedy"), lines=lines
        )
    return RawBoundary(
        format=format,
        parcels=tuple(parcels),
        axes=Axes.NORTHING_EASTING if columns.north < columns.east else Axes.EASTING_NORTHING,
        declared_crs=crs,
        encoding=encoding,
        layer=sheet.name,
        issues=tuple(sorted(issues, key=lambda issue: issue.where.line or 0)),
        attributes=attributes_of([*facts, *(_remark(row.line, row_text(row)) for row in above)]),
    )


def _rows_of_numbers(sheet: Sheet) -> list[Row]:
    """The rows that can be points of a table without a heading."""
    return [row for row in sheet.rows if sum(looks_numeric(cell) for cell in row.cells) >= 2]


def _parcel(sheet: Sheet, columns: Columns, draft: ParcelDraft, number: int) -> tuple[RawParcel, list[BoundaryIssue]]:
    issues = [
        BoundaryIssue(
            code=fault.code,
            severity=Severity.ERROR,
            where=Place(parcel=number, point=fault.name or None, line=fault.line),
            values=fault.values,
        )
        for fault in draft.faults
    ]
    written: list[Points] = list(draft.rings())
    rings = []
    for ring_number, corners in enumerate(written, start=1):
        ring, found = read_ring(corners, parcel=number, ring=ring_number)
        rings.append(ring)
        # A row that cannot be read makes its ring look short or open: one mistake, one sentence.
        issues += [] if draft.faults else found
    points = [row for run in draft.runs for row in run]
    sides: dict[int, Cell] = {row.line: row.row.cell(columns.of("side")) for row in points} | draft.sides
    sides = {line: cell for line, cell in sides.items() if not is_empty(cell)}
    if not draft.faults and not all(abs(row.first) <= 180.0 for row in points):
        issues += check_sides(written, sides, parcel=number)
    attributes: dict[str, object] = {}
    for column, heading in columns.headings.items():
        cells = [row.row.cell(column) for row in points if not is_empty(row.row.cell(column))]
        if cells and column not in (*columns.pair, *columns.unread, columns.of("name"), columns.of("ring")):
            attributes[heading] = text_of(cells[0])
    if sides:
        attributes["边长"] = tuple((line, text_of(cell)) for line, cell in sorted(sides.items()))
    known: dict[str, object] = {"地块名称": draft.title}
    if columns.of("parcel") is not None:
        known["地块编号"] = draft.key
    for role, name in (("area", "面积"), ("use", "用途")):
        told = columns.of(role)
        text = next((text_of(row.row.cell(told)) for row in points if not is_empty(row.row.cell(told))), "")
        known[name] = text.replace(",", "") + columns.area_unit * (role == "area" and looks_numeric(text))
    made = parcel_of(tuple(rings), {name: value for name, value in known.items() if value})
    return replace(made, line=draft.line, attributes=attributes | dict(made.attributes)), issues


def _with_area(parcel: RawParcel, drafts: Drafts) -> RawParcel:
    """A sum below the table is the declared area of its one parcel."""
    summary = next((gap.text for gap in drafts.summaries if "面" in gap.text or "计" in gap.text), "")
    found = _AREA.search(summary)
    if parcel.declared_area is not None or found is None or "面积" not in summary:
        return parcel
    area = parcel_of((), {"面积": found[1].replace(",", "") + (found[2] or "")})
    return replace(parcel, declared_area=area.declared_area, declared_area_unit=area.declared_area_unit)


def _facts(sheet: Sheet, above: Sequence[Row], drafts: Drafts) -> Iterator[Attribute]:
    """What the rows around the table, and its name, say of the reference system."""
    rows = [(row.line, " ".join(text_of(cell) for cell in row.cells if not is_empty(cell))) for row in above]
    rows += [(gap.line, gap.text) for gap in drafts.after]
    named = False
    for line, text in rows:
        for found in (*_FACTS.finditer(text), *_UNIT.finditer(text)):
            key, value = (found[1], found[2]) if found.re is _FACTS else ("计量单位", found[1])
            named |= key.startswith(("坐标系", "大地"))
            yield Attribute(line=line, key=key, value=value, text=text)
    if not named:
        for line, text in [*rows, (0, sheet.name or "")]:
            for found in DATUM.finditer(text):
                yield Attribute(line=line, key="坐标系", value=found[0], text=text)


def _around(above: Sequence[Row], drafts: Drafts) -> Iterator[BoundaryIssue]:
    if above:
        values = {"count": len(above), "text": row_text(above[0])}
        yield _issue("rows_above_heading", Severity.INFO, above[0].line, values)
    if drafts.summaries:
        first = drafts.summaries[0]
        yield _issue("summary_row", Severity.INFO, first.line, {"count": len(drafts.summaries), "text": first.text})
    if drafts.after:
        yield _after(drafts.after)


def _after(rows: Sequence[GapRow]) -> BoundaryIssue:
    values = {"count": len(rows), "text": rows[0].text[:_SHOWN_CHARACTERS]}
    return _issue("text_after_parcels", Severity.WARNING, rows[0].line, values)


def _columns_unread(sheet: Sheet, columns: Columns) -> Iterator[BoundaryIssue]:
    if columns.unread:
        said = "、".join(sheet.column(column) for column in columns.unread)
        yield BoundaryIssue(code="columns_not_read", severity=Severity.INFO, values={"columns": said})
    height = columns.of("height")
    if height is not None and any(looks_numeric(row.cell(height)) for row in sheet.rows):
        yield BoundaryIssue(code="heights_dropped", severity=Severity.INFO)


def _angles(sheet: Sheet, columns: Columns, drafts: Drafts) -> Iterator[BoundaryIssue]:
    """Degrees with minutes beside plain numbers: which rows are meant otherwise than they look, nothing tells."""
    rows = [row for draft in drafts.parcels for run in draft.runs for row in run]
    angles = [row for row in rows if row.angle]
    if not angles:
        return
    odd = min(angles, [row for row in rows if not row.angle], key=len)
    for row in odd:
        values: dict[str, object] = {
            "cell": sheet.place(row.line, columns.pair[0]),
            "text": text_of(row.row.cell(columns.pair[0])),
        }
        yield _issue("angle_formats_mixed", Severity.ERROR, row.line, values)
    if not odd:
        yield _issue("angles_converted", Severity.INFO, angles[0].line, {"count": len(angles)})


def _remark(line: int, text: str) -> Attribute:
    return Attribute(line=line, key=say("tables.row", line=line), value=text, text=text)


def _issue(code: str, severity: Severity, line: int, values: dict[str, object]) -> BoundaryIssue:
    return BoundaryIssue(code=code, severity=severity, where=Place(line=line or None), values=values)
