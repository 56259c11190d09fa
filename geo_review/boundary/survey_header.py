"""The line that begins a parcel in a survey text: its fields by dialect. Reads no point, decides no geometry.

Standard, 8 fields: 点数, 面积, 地块编号, 地块名称, 图形类型, 图幅号, 用途, 地类编码. Five more make 13. The 补充耕地
layout has 12, with two fields before 图形类型 and five after it. The number of fields after 图形类型 tells which it
is, so that a name with commas is read whole, from both ends. A list line 【…,@】 in the file overrules all that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from geo_review.boundary.model import BoundaryIssue, Place, Severity
from geo_review.boundary.survey_lines import SHAPES, HeaderLine

_POINTS, _AREA, _CODE, _NAME, _SHAPE, _SHEET, _USE, _CLASS = (
    "点数",
    "面积",
    "地块编号",
    "地块名称",
    "图形类型",
    "图幅号",
    "用途",
    "地类编码",
)
_KNOWN = (_POINTS, _AREA, _CODE, _NAME, _SHAPE, _USE)
_STANDARD_TAIL = (_SHEET, _USE, _CLASS)
# Fields between name and 图形类型, and fields after it.
_DIALECTS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    ((), _STANDARD_TAIL),
    ((), (*_STANDARD_TAIL, "图斑类型", "地类", "改造前", "改造后", "备注")),
    (("补充耕地实施年份", "耕地坡度级别"), (_SHEET, _USE, "备注", _CLASS, "耕地质量等级")),
)
_NAMES_IN_LISTS = {
    "坐标点个数": _POINTS,
    "界址点数": _POINTS,
    "界址点个数": _POINTS,
    "JZDS": _POINTS,
    "图斑面积": _AREA,
    "地块面积": _AREA,
    "DKMJ": _AREA,
    "图斑编号": _CODE,
    "DKBH": _CODE,
    "图斑名称": _NAME,
    "DKMC": _NAME,
    "图形属性": _SHAPE,
    "记录图形属性": _SHAPE,
    "JLTXSX": _SHAPE,
    "TFH": _SHEET,
    "地块用途": _USE,
    "DKYT": _USE,
    "地类": _CLASS,
    "DLBM": _CLASS,
}
_AREA_TEXT = re.compile(r"(\d+\.?\d*|\.\d+)\s*([^\d.].*)?", re.ASCII)
_COUNT = re.compile(r"\d{1,9}", re.ASCII)
_AREA_UNITS = {
    **dict.fromkeys(("公顷", "hm2", "hm²", "ha"), "公顷"),
    **dict.fromkeys(("平方米", "平米", "m2", "m²", "㎡"), "平方米"),
    "亩": "亩",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ParcelHeader:
    """What the line says. A count or area of 0 is how writers leave it out, and is None here."""

    line: int
    points: int | None = None
    area: float | None = None
    area_unit: str | None = None
    code: str | None = None
    name: str | None = None
    shape: str | None = None  # 面, 线, 点, or as written
    use: str | None = None
    unread_area: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)

    def issues(self, parcel: int) -> list[BoundaryIssue]:
        """What is wrong with the line itself."""
        where = Place(parcel=parcel, line=self.line)
        found = []
        if self.shape in ("点", "线"):
            found.append(
                BoundaryIssue(code="not_a_polygon", severity=Severity.ERROR, where=where, values={"shape": self.shape})
            )
        if self.unread_area:
            found.append(
                BoundaryIssue(
                    code="declared_area_unreadable",
                    severity=Severity.WARNING,
                    where=where,
                    values={"text": self.unread_area},
                )
            )
        return found


def read_header(header: HeaderLine, names: tuple[str, ...] = ()) -> ParcelHeader:
    """Return the facts of a parcel line; ``names`` are those of the file's list line, if it has one."""
    values = _by_list(header.fields, names) if len(names) == len(header.fields) else _by_shape(header.fields)
    area, unit = _area(values.get(_AREA, ""))
    shape = values.get(_SHAPE, "")
    points = values.get(_POINTS, "")
    return ParcelHeader(
        line=header.line,
        points=(int(points) or None) if _COUNT.fullmatch(points) else None,
        area=area,
        area_unit=unit,
        code=values.get(_CODE) or None,
        name=values.get(_NAME) or None,
        shape=SHAPES.get(shape.lower(), shape) or None,
        use=values.get(_USE) or None,
        unread_area=values[_AREA] if values.get(_AREA) and area is None and not _is_zero(values[_AREA]) else None,
        attributes={key: value for key, value in values.items() if value and key not in _KNOWN},
    )


def _by_list(fields: tuple[str, ...], names: tuple[str, ...]) -> dict[str, str]:
    return {
        _NAMES_IN_LISTS.get(re.split("[(（]", name)[0].strip(), name): text
        for name, text in zip(names, fields, strict=True)
    }


def _by_shape(fields: tuple[str, ...]) -> dict[str, str]:
    before, after = _DIALECTS[0]
    at = [index for index, text in enumerate(fields) if index >= 3 and text.lower() in SHAPES]
    for dialect in _DIALECTS:
        # The field that leaves exactly the dialect's tail behind it is the shape; another one is part of the name.
        exact = [index for index in at if index == len(fields) - 1 - len(dialect[1]) and index >= 4 + len(dialect[0])]
        if exact:
            (before, after), shape = dialect, exact[0]
            break
    else:
        if at:
            shape = at[0]
        else:
            dialect = {13: _DIALECTS[1], 12: _DIALECTS[2]}.get(len(fields), _DIALECTS[0])
            before, after = dialect
            shape = len(fields) - 1 - len(after) if len(fields) >= 8 else 4
    ends = max(shape - len(before), 3)
    values = dict(zip((_POINTS, _AREA, _CODE), fields, strict=False))
    values[_NAME] = ",".join(fields[3:ends])
    values |= dict(zip(before, fields[ends:shape], strict=False))
    values[_SHAPE] = fields[shape] if shape < len(fields) else ""
    tail = fields[shape + 1 :]
    values |= dict(zip(after, tail, strict=False))
    values |= {f"第{shape + 2 + index}列": text for index, text in enumerate(tail) if index >= len(after)}
    return values


def _area(text: str) -> tuple[float | None, str | None]:
    found = _AREA_TEXT.fullmatch(text)
    if not found:
        return None, None
    unit = (found[2] or "").strip()
    if unit and unit.lower() not in _AREA_UNITS:
        return None, None
    value = float(found[1])
    return (value if 0.0 < value < float("inf") else None), (_AREA_UNITS[unit.lower()] if unit else None)


def _is_zero(text: str) -> bool:
    found = _AREA_TEXT.fullmatch(text)
    return bool(found) and float(found[1]) == 0.0 if found else False
