"""The lines of a survey text (界址点成果), each sorted by its own shape. Knows no parcel, understands no value.

Normalises what writers vary: blank lines, leading blanks and dashes, blanks after commas, ``{}`` round a line,
full-width punctuation where it is structure. Names keep theirs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

SHAPES = {"面": "面", "线": "线", "点": "点", "polygon": "面", "polyline": "线", "line": "线", "point": "点"}

_LINE_END = re.compile(r"\r\n|\r|\n")
# Possessive: digits that could be shared out in many ways take for ever where a row of numbers ends in something else.
_NUMBER = r"[+-]?(?:\d++\.?\d*+|\.\d++)(?:[eE][+-]?\d{1,4})?"
# ASCII digits only: Python's float would also take full-width digits, "nan" and "1_000".
_NUMBER_ONLY = re.compile(_NUMBER, re.ASCII)
_POINT = re.compile(rf"([^,]*),\s*(-?\d{{1,9}}|)\s*,\s*({_NUMBER})\s*,\s*({_NUMBER})\s*(?:,(.*))?", re.ASCII)
_POINT_NAME = re.compile(r"(?:(?=.*\d)[\w\-'.]{1,16})?")
_RING_NUMBER = re.compile(r"-?\d{1,9}|", re.ASCII)
_BLANK_SEPARATED = re.compile(rf"\S+(?:[ \t]+{_NUMBER})+", re.ASCII)
_SECTION = re.compile(r"[\[［]\s*([^\[\]［］,，@]+?)\s*[\]］]|【\s*(属性描述|项目信息|地块坐标)\s*】")
_FIELD_NAMES = re.compile(r"[【\[].*[@＠]\s*[】\]]")
_ATTRIBUTE = re.compile(r"([^,，=＝:：]{1,40}?)\s*[=＝:：]\s*(.*)")
_DAMAGED = re.compile(r"[A-Za-z]{0,4}\d+|[\w.+\- ]*,[\w.,+\- ]*", re.ASCII)
_FULL_WIDTH = str.maketrans("，；［］＝＠\xa0\u3000", ",;[]=@  ")
_HAS_FULL_WIDTH = re.compile("[，；＠\xa0\u3000]")
# The shortest whole header, 8 fields without its @, has 7 commas: with fewer, the full-width ones are structure too.
_COMMAS_OF_A_HEADER = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """``[属性描述]``, ``[地块坐标]`` or another mark in brackets."""

    line: int
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Attribute:
    """``key=value``; ``text`` is the line."""

    line: int
    key: str
    value: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldNames:
    """``【坐标点个数,图斑面积,…,@】``: what the fields of the parcel lines are called."""

    line: int
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class HeaderLine:
    """The line that begins a parcel, as its fields without the closing ``@``."""

    line: int
    fields: tuple[str, ...]


class PointLine(NamedTuple):
    """``点号,圈号,X,Y``; ``rest`` is whatever stands in further columns. A tuple, for speed: there are thousands."""

    line: int
    name: str
    ring: int | None
    x: float
    y: float
    rest: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShortPoint:
    """Two or three columns that end in numbers: a point when the whole file is written so, else a mistake."""

    line: int
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultyPoint:
    """A point line whose ``text`` is not what its column must hold; ``code`` is that of the issue."""

    line: int
    name: str
    code: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherText:
    """Anything else. ``explanation``: it stands in 【…】; ``damaged``: it looks like the rest of a point line."""

    line: int
    text: str
    explanation: bool = False
    damaged: bool = False


Line = Section | Attribute | FieldNames | HeaderLine | PointLine | ShortPoint | FaultyPoint | OtherText


def sort_lines(text: str) -> Iterator[Line]:
    """Yield every line that is not blank, numbered from 1, CR LF, LF and CR all ending a line."""
    in_explanation = False
    for number, raw in enumerate(_LINE_END.split(text), start=1):
        point = _POINT.fullmatch(raw)
        if point and point[5] is None:  # with further columns it may be a header that has a number for a name
            in_explanation = False
            yield _point_line(number, point)
            continue
        tidy = _tidy(raw)
        if not tidy:
            continue
        line = _sort(number, tidy)
        # An explanation ends at its bracket, and at the latest where data begin: a forgotten bracket hides no parcel.
        if in_explanation and isinstance(line, Attribute | ShortPoint | FaultyPoint | OtherText):
            line = OtherText(line=number, text=tidy, explanation=True)
            in_explanation = "】" not in tidy
        else:
            in_explanation = isinstance(line, OtherText) and line.explanation and "】" not in tidy
        yield line


def _sort(number: int, tidy: str) -> Line:
    if section := _SECTION.fullmatch(tidy):
        return Section(line=number, name=section[1] or section[2])
    if _FIELD_NAMES.fullmatch(tidy):
        names = tidy.strip("【】[] ,，@＠").replace("，", ",").split(",")
        return FieldNames(line=number, names=tuple(name.strip() for name in names))
    if tidy.startswith("【"):
        return OtherText(line=number, text=tidy, explanation=True)
    structural = _structural(tidy)
    if header := _header(number, structural):
        return header
    if (attribute := _ATTRIBUTE.fullmatch(tidy)) and attribute[1].strip():
        return Attribute(line=number, key=attribute[1].strip(), value=attribute[2].strip(), text=tidy)
    if point := _POINT.fullmatch(structural):
        return _point_line(number, point)
    if "," not in structural and _BLANK_SEPARATED.fullmatch(structural):
        structural = ",".join(structural.split())
        if point := _POINT.fullmatch(structural):
            return _point_line(number, point)
    columns = tuple(column.strip() for column in structural.split(","))
    return _faulty_point(number, columns) or _short_point(number, columns) or _other(number, structural)


def _tidy(raw: str) -> str:
    line = raw.strip().strip("{}").strip()
    if line.startswith("-"):
        # A list dash before a point or a rule of dashes, but never the sign of a number.
        line = re.sub(r"^-+(?=[\sA-Za-z]|$)", "", line).strip()
    return line.rstrip(";；").rstrip()


def _structural(tidy: str) -> str:
    """Return the line with full-width punctuation made ASCII, unless it belongs to a name of a complete header."""
    if not _HAS_FULL_WIDTH.search(tidy):
        return tidy
    if tidy.count(",") >= _COMMAS_OF_A_HEADER:
        return tidy[:-1] + "@" if tidy.endswith("＠") else tidy
    return tidy.translate(_FULL_WIDTH)


def _header(number: int, line: str) -> HeaderLine | None:
    marked = line.endswith("@")
    fields = tuple(field.strip() for field in (line[:-1] if marked else line).split(","))
    if marked:
        return HeaderLine(line=number, fields=fields[:-1] if fields[-1] == "" else fields)
    named = any(field.lower() in SHAPES for field in fields[3:])
    counted = fields[0].isdigit() or not fields[0]
    if counted and (named or (len(fields) > _COMMAS_OF_A_HEADER + 1 and not _POINT.fullmatch(line))):
        # Written without its @, the comma before it may remain.
        return HeaderLine(line=number, fields=fields[:-1] if len(fields) == 9 and not fields[-1] else fields)
    return None


def _point_line(number: int, found: re.Match[str]) -> PointLine | FaultyPoint:
    name = found[1].strip().lstrip("{-").strip()
    x, y = float(found[3]), float(found[4])
    if not (math.isfinite(x) and math.isfinite(y)):
        text = found[4] if math.isfinite(x) else found[3]
        return FaultyPoint(line=number, name=name, code="not_a_number", text=text)
    return PointLine(number, name, int(found[2]) if found[2] else None, x, y, (found[5] or "").strip(" ,"))


def _faulty_point(number: int, columns: tuple[str, ...]) -> FaultyPoint | None:
    if len(columns) < 4:
        return None
    name, ring, *coordinates = columns[:4]
    numeric = [bool(_NUMBER_ONLY.fullmatch(text)) for text in coordinates]
    meant = _POINT_NAME.fullmatch(name) and (_RING_NUMBER.fullmatch(ring) or any(numeric))
    if not (meant or all(numeric)):
        return None
    for text, good in zip(coordinates, numeric, strict=True):
        if not good:
            return FaultyPoint(line=number, name=name, code="not_a_number", text=text)
    return FaultyPoint(line=number, name=name, code="ring_number_unreadable", text=ring)


def _short_point(number: int, columns: tuple[str, ...]) -> ShortPoint | None:
    numeric = all(_NUMBER_ONLY.fullmatch(text) and math.isfinite(float(text)) for text in columns[1:])
    named = _POINT_NAME.fullmatch(columns[0]) or _NUMBER_ONLY.fullmatch(columns[0])
    if len(columns) in (2, 3) and numeric and named:
        return ShortPoint(line=number, columns=columns)
    return None


def _other(number: int, line: str) -> OtherText:
    return OtherText(line=number, text=line, damaged=bool(_DAMAGED.fullmatch(line)))
