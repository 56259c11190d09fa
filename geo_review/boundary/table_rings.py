"""From the rows of a point table to parcels of rings: where one ends and the next begins. Repairs nothing.

Columns of parcels and rings decide; without them a ring that came back to its first point, a title, a subtotal, point
numbers that begin anew, and a blank row. A blank row in the middle of numbers that run on may be a page break or the
end of a ring nobody closed: closed silently it would change the land, so it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from geo_review.boundary.model import BoundaryIssue, Place, Severity
from geo_review.boundary.rings import is_same_point
from geo_review.boundary.survey_lines import PointLine
from geo_review.boundary.survey_rings import Points, group_rings
from geo_review.boundary.table_cells import Cell
from geo_review.boundary.table_rows import FaultyRow, Gap, GapRow, PointRow, SideRow, TableRow

_TITLE = re.compile(r".*(地块|宗地|图斑|红线|界址|用地).*")
_CONTINUED = re.compile(r".*(续表|[(（]续).*")
_NUMBER = re.compile(r"(.*?)(\d+)\D*")


@dataclass(slots=True, eq=False)
class ParcelDraft:
    """A parcel in the making: runs of points that no ring crosses, and rows that cannot be read."""

    key: str = ""
    title: str = ""
    line: int | None = None
    runs: list[list[PointRow]] = field(default_factory=list)
    faults: list[FaultyRow] = field(default_factory=list)
    sides: dict[int, Cell] = field(default_factory=dict)
    open_ring: list[PointRow] = field(default_factory=list)  # since a ring last came back to its first point

    def begin_run(self) -> None:
        """No ring goes on from here."""
        self.runs.append([])
        self.open_ring = []

    def add(self, row: PointRow) -> None:
        """The next point of the run."""
        ring = self.open_ring
        if ring and ring[-1].ring != row.ring:
            ring = self.open_ring = []
        ring.append(row)
        if len(ring) >= 4 and is_same_point((ring[0].first, ring[0].second), (row.first, row.second)):
            self.open_ring = []
        self.runs[-1].append(row)

    def rings(self) -> Iterator[Points]:
        """Yield the points of each ring, the closing one included."""
        for run in self.runs:
            numbers = {ring: number for number, ring in enumerate(dict.fromkeys(row.ring for row in run), start=1)}
            lines = [PointLine(row.line, row.name, _ring(row.ring, numbers), row.first, row.second) for row in run]
            yield from group_rings(lines)


@dataclass(slots=True)
class Drafts:
    """Everything that was gathered of a table; ``current`` is the parcel that the next point belongs to."""

    parcels: list[ParcelDraft] = field(default_factory=list)
    current: ParcelDraft | None = None
    by_key: dict[str, ParcelDraft] = field(default_factory=dict)
    issues: list[BoundaryIssue] = field(default_factory=list)
    summaries: list[GapRow] = field(default_factory=list)
    after: list[GapRow] = field(default_factory=list)  # text behind the last point

    def begin(self, draft: ParcelDraft) -> ParcelDraft:
        """Go on with this parcel, which may be one that was left before."""
        if draft is not self.by_key.get(draft.key):
            self.parcels.append(draft)
            if draft.key:
                self.by_key[draft.key] = draft
        self.current = draft
        return draft


def gather(rows: Sequence[TableRow], *, page_title: str = "") -> Drafts:
    """Put the rows together. ``page_title`` stands above the heading: repeated with it, a new page begins."""
    drafts = Drafts()
    gaps: list[GapRow] = []
    ignore_blanks = _blank_between_all(rows)
    filled = _Filled()
    for index, row in enumerate(rows):
        match row:
            case GapRow(gap=Gap.BLANK) if ignore_blanks:
                continue
            case GapRow():
                gaps.append(row)
                if row.gap is Gap.SUMMARY:
                    drafts.summaries.append(row)
            case SideRow():
                if drafts.current is not None and drafts.current.runs:
                    drafts.current.sides[drafts.current.runs[-1][-1].line] = row.value
            case FaultyRow():
                draft = drafts.current or drafts.begin(ParcelDraft(key=filled.key, line=row.line))
                draft.faults.append(row)
                gaps.clear()
            case PointRow():
                _place(drafts, filled.down(row), gaps, _next_name(rows, index), page_title)
                gaps.clear()
    drafts.after = [gap for gap in gaps if gap.gap is Gap.TEXT]
    return drafts


class _Filled:
    """Merged cells hold their value in the first row only: the rows below mean the same."""

    def __init__(self) -> None:
        self.key = self.ring = self.title = ""

    def down(self, row: PointRow) -> PointRow:
        """Return the row with its parcel in ``parcel``, by number or by name."""
        key = row.parcel or row.title
        if key and key != self.key:
            self.key, self.ring, self.title = key, "", row.title
        self.ring = row.ring or self.ring
        return replace(row, parcel=self.key, ring=self.ring, title=self.title)


def _place(drafts: Drafts, row: PointRow, gaps: list[GapRow], next_name: str, page_title: str) -> None:
    key = row.parcel
    titles = [gap for gap in gaps if gap.gap is Gap.TEXT and not _is_page(gap, gaps, page_title)]
    draft = drafts.current
    if draft is not None and titles:
        strange = next((gap for gap in titles if not _TITLE.fullmatch(gap.text)), None)
        if strange is not None:
            drafts.issues.append(
                BoundaryIssue(
                    code="line_not_understood",
                    severity=Severity.ERROR,
                    where=Place(line=strange.line),
                    values={"text": strange.text},
                )
            )
        draft = draft if key else None
    if draft is None or draft.key != key:
        known = drafts.by_key.get(key)
        title = row.title or (titles[-1].text if titles and drafts.parcels else "")
        draft = known or ParcelDraft(key=key, title=title, line=row.line)
        drafts.begin(draft)
        draft.begin_run()
    elif draft.runs:
        _end_run(drafts, draft, row, gaps, next_name)
    else:
        draft.begin_run()
    draft.add(row)


def _end_run(drafts: Drafts, draft: ParcelDraft, row: PointRow, gaps: list[GapRow], next_name: str) -> None:
    """Begin a new run of points where a ring surely ends; say it where nothing tells whether it does."""
    ring = draft.open_ring
    if not ring or ring[-1].ring != row.ring:
        return  # it came back to its first point, or the column of rings tells
    kinds = {gap.gap for gap in gaps}
    if Gap.SUMMARY in kinds or _begins_anew(ring, row, next_name, after_gap=bool(kinds)):
        draft.begin_run()
    elif kinds and not row.ring:
        if Gap.HEADING in kinds or _runs_on(ring[-1].name, row.name):
            values = {"first": ring[0].name or str(ring[0].line), "last": ring[-1].name or str(ring[-1].line)}
            where = Place(point=row.name or None, line=row.line)
            drafts.issues.append(
                BoundaryIssue(code="ring_break_unclear", severity=Severity.ERROR, where=where, values=values)
            )
        draft.begin_run()


def _begins_anew(ring: Sequence[PointRow], row: PointRow, next_name: str, *, after_gap: bool) -> bool:
    """Tell whether point numbers begin again. A closing point repeats the first name, and nothing follows it."""
    if not row.name or row.name != ring[0].name or len(ring) < 3:
        return False
    here = is_same_point((ring[0].first, ring[0].second), (row.first, row.second))
    return not here and (after_gap or (next_name != "" and next_name == ring[1].name))


def _runs_on(before: str, after: str) -> bool:
    """Tell whether one point number follows the other."""
    first, second = _NUMBER.fullmatch(before), _NUMBER.fullmatch(after)
    return bool(first and second and first[1] == second[1] and int(second[2]) == int(first[2]) + 1)


def _is_page(gap: GapRow, gaps: list[GapRow], page_title: str) -> bool:
    """Tell whether a text above a repeated heading is the title of the next page."""
    return any(other.gap is Gap.HEADING for other in gaps) and (
        gap.text == page_title or _CONTINUED.fullmatch(gap.text) is not None
    )


def _blank_between_all(rows: Sequence[TableRow]) -> bool:
    """Tell whether a blank row stands between all points: then it is how the table looks, and separates nothing."""
    longest = current = count = 0
    for row in rows:
        if isinstance(row, PointRow):
            current += 1
            count += 1
            longest = max(longest, current)
        elif isinstance(row, GapRow):
            current = 0
    return count > 3 and longest == 1


def _next_name(rows: Sequence[TableRow], index: int) -> str:
    following = rows[index + 1] if index + 1 < len(rows) else None
    return following.name if isinstance(following, PointRow) else ""


def _ring(text: str, numbers: dict[str, int]) -> int | None:
    if not text:
        return None
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else -numbers[text]
