"""Reads a survey TXT (界址点成果) into a `RawBoundary`, columns in the file's order. Decides no CRS, repairs nothing.

Every fault that leaves the rest readable is an issue of severity error, so that one reading names all of them; a line
that was meant as a point is never skipped.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

from geo_review.boundary.model import Axes, BoundaryIssue, Place, RawBoundary, Severity
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.survey_attributes import attributes_of, declared_crs
from geo_review.boundary.survey_header import ParcelHeader, read_header
from geo_review.boundary.survey_lines import (
    Attribute,
    FaultyPoint,
    FieldNames,
    HeaderLine,
    Line,
    OtherText,
    PointLine,
    Section,
    ShortPoint,
    sort_lines,
)
from geo_review.boundary.survey_parcels import ParcelDraft, finish_parcels
from geo_review.boundary.text_decoding import decode_text
from geo_review.errors import UnreadableBoundary
from geo_review.wording import say

_MARK = re.compile(r"[\[［【]\s*(属性描述|地块坐标|项目信息)\s*[\]］】]")
_DATA = (PointLine, HeaderLine, ShortPoint, FaultyPoint)
_ATTRIBUTE_SECTIONS = ("属性描述", "项目信息")
_LINES_TO_KNOW_IT = 200
_SHOWN_CHARACTERS = 40


def read_survey_text(file: ReceivedFile) -> RawBoundary:
    """Read a survey TXT. Raises UnreadableBoundary when the bytes are no text, or no point is in it."""
    decoded = decode_text(file.content)
    return parse_survey_text(decoded.text, encoding=decoded.encoding)


def parse_survey_text(text: str, *, encoding: str | None = None) -> RawBoundary:
    """Read the decoded text of a survey TXT; see `read_survey_text`."""
    sheet = _gather(sort_lines(text))
    _place_short_points(sheet)
    crs, issues = declared_crs(sheet.attributes)
    parcels, found = finish_parcels(sheet.parcels)
    issues += [*sheet.issues, *found, *_lines_of_more_columns(sheet)]
    if not any(parcel.rings for parcel in parcels):
        raise UnreadableBoundary(
            code="no_points",
            message=say("survey.no_points"),
            remedy=say("survey.no_points_remedy"),
            lines=tuple(f"{issue.message} {issue.where}" for issue in issues if issue.severity is Severity.ERROR),
        )
    return RawBoundary(
        format="txt",
        parcels=parcels,
        axes=Axes.NORTHING_EASTING,
        declared_crs=crs,
        encoding=encoding,
        issues=tuple(sorted(issues, key=lambda issue: issue.where.line or 0)),
        attributes=attributes_of(sheet.attributes),
    )


def has_survey_mark(text: str) -> bool:
    """Tell whether a text has a section mark of the format."""
    return _MARK.search(text) is not None


def looks_like_survey_text(text: str) -> bool:
    """Tell whether a text has a mark of the format, or lines of points near its beginning."""
    if has_survey_mark(text):
        return True
    lines = list(islice(sort_lines(text), _LINES_TO_KNOW_IT))
    short = sum(isinstance(line, ShortPoint) for line in lines)
    return short >= 3 or any(isinstance(line, PointLine | HeaderLine) for line in lines)


@dataclass(slots=True)
class _Sheet:
    """What has been read so far."""

    attributes: list[Attribute] = field(default_factory=list)
    parcels: list[ParcelDraft] = field(default_factory=list)
    short_points: list[ShortPoint] = field(default_factory=list)
    strangers: list[OtherText] = field(default_factory=list)  # not understood, since the last line of data
    issues: list[BoundaryIssue] = field(default_factory=list)


def _gather(lines: Iterable[Line]) -> _Sheet:
    sheet = _Sheet()
    names: tuple[str, ...] = ()
    marked = in_parcels = elsewhere = False
    for line in lines:
        if elsewhere and not isinstance(line, Section):
            sheet.strangers.append(OtherText(line=line.line, text="", explanation=True))
            continue
        if isinstance(line, _DATA):
            in_parcels = True
            _data_follow(sheet)
        match line:
            case PointLine():
                _current(sheet, line.line).points.append(line)
            case HeaderLine():
                sheet.parcels.append(ParcelDraft(header=read_header(line, names)))
            case ShortPoint() if sheet.parcels:
                sheet.parcels[-1].faults.append(_short(line))
            case ShortPoint():
                sheet.short_points.append(line)
            case FaultyPoint():
                _current(sheet, line.line).faults.append(line)
            case Section():
                marked, in_parcels = True, "坐标" in line.name
                # A section of another name after parcels holds no parcels, whatever its lines look like.
                elsewhere = not in_parcels and bool(sheet.parcels) and line.name not in _ATTRIBUTE_SECTIONS
                if elsewhere:
                    sheet.strangers.append(OtherText(line=line.line, text=f"[{line.name}]", explanation=True))
            case FieldNames():
                names = line.names
            case Attribute() if not in_parcels:
                sheet.attributes.append(line)
            case Attribute():
                sheet.strangers.append(OtherText(line=line.line, text=line.text))
            case OtherText() if line.explanation and not sheet.parcels:
                _once(sheet, "explanation_skipped", Severity.INFO, line.line)
            case OtherText() if in_parcels or (not marked and "," in line.text):
                sheet.strangers.append(line)
            case OtherText():
                # Among the attributes: a title, a remark. Kept with the extras.
                sheet.attributes.append(
                    Attribute(line=line.line, key=f"第{line.line}行", value=line.text, text=line.text)
                )
    _end(sheet)
    return sheet


def _current(sheet: _Sheet, line: int) -> ParcelDraft:
    """Return the parcel that a point belongs to; points before any header make a parcel of their own."""
    if not sheet.parcels:
        sheet.parcels.append(ParcelDraft(header=ParcelHeader(line=line), with_header=False))
    return sheet.parcels[-1]


def _data_follow(sheet: _Sheet) -> None:
    """Data come after lines that were not understood: those stood in the middle, and are mistakes."""
    for stranger in sheet.strangers:
        if stranger.explanation:
            _once(sheet, "explanation_skipped", Severity.INFO, stranger.line)
        else:
            _not_understood(sheet, stranger)
    sheet.strangers.clear()


def _end(sheet: _Sheet) -> None:
    """Lines after the last point are an explanation, unless they look like what is left of a point."""
    damaged = [line for line in sheet.strangers if line.damaged]
    for line in damaged:
        _not_understood(sheet, line)
    rest = [line for line in sheet.strangers if not line.damaged]
    if rest:
        values = {"count": len(rest), "text": rest[0].text[:_SHOWN_CHARACTERS]}
        sheet.issues.append(_issue("text_after_parcels", Severity.WARNING, rest[0].line, values))
    if len(sheet.parcels) > 1 and not sheet.parcels[0].with_header:
        sheet.issues.append(_issue("points_before_header", Severity.ERROR, sheet.parcels[0].header.line))


def _place_short_points(sheet: _Sheet) -> None:
    """Lines of two or three columns: the points of a file that has no header and no other points, else mistakes.

    ``点号,X,Y`` is told from ``X,Y,Z`` by its first column, which must be a number without decimals or a name.
    """
    if not sheet.short_points:
        return
    first = sheet.short_points[0]
    draft = ParcelDraft(header=ParcelHeader(line=first.line), with_header=False)
    named = len(first.columns) == 3
    if sheet.parcels or any(len(point.columns) != len(first.columns) for point in sheet.short_points):
        draft.faults += map(_short, sheet.short_points)
    elif named and any("." in point.columns[0] for point in sheet.short_points):
        draft.faults.append(
            FaultyPoint(line=first.line, name="", code="columns_ambiguous", text=",".join(first.columns))
        )
    else:
        for point in sheet.short_points:
            x, y = (float(text) for text in point.columns[-2:])
            draft.points.append(PointLine(point.line, point.columns[0] if named else "", None, x, y))
    sheet.parcels.insert(0, draft)


def _lines_of_more_columns(sheet: _Sheet) -> list[BoundaryIssue]:
    """A decimal comma makes two columns of one number: the line stays a point, and is some tenths short."""
    lines = [point for parcel in sheet.parcels for point in parcel.points]
    columns = [point.rest.count(",") + 1 if point.rest else 0 for point in lines]
    if len(set(columns)) < 2:
        return []
    usual, _ = min(Counter(columns).items(), key=lambda counted: (-counted[1], counted[0]))
    more = [line for line, count in zip(lines, columns, strict=True) if count > usual]
    if not more:
        return []
    where = Place(point=more[0].name or None, line=more[0].line)
    values = {"count": len(more), "text": more[0].rest[:_SHOWN_CHARACTERS]}
    return [BoundaryIssue(code="columns_differ", severity=Severity.WARNING, where=where, values=values)]


def _short(point: ShortPoint) -> FaultyPoint:
    return FaultyPoint(line=point.line, name="", code="too_few_columns", text=",".join(point.columns))


def _not_understood(sheet: _Sheet, line: OtherText) -> None:
    values = {"text": line.text[:_SHOWN_CHARACTERS]}
    sheet.issues.append(_issue("line_not_understood", Severity.ERROR, line.line, values))


def _once(sheet: _Sheet, code: str, severity: Severity, line: int) -> None:
    if all(issue.code != code for issue in sheet.issues):
        sheet.issues.append(_issue(code, severity, line))


def _issue(code: str, severity: Severity, line: int, values: Mapping[str, object] | None = None) -> BoundaryIssue:
    return BoundaryIssue(code=code, severity=severity, where=Place(line=line), values=values or {})
