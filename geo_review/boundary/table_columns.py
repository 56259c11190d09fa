"""Which column of a point table is what: by its heading, else by what stands in it. Reads no point, guesses none.

Surveyors write X for north and Y for east; 北, 东, 经, 纬 and the POINT_X of GIS programs say themselves what they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from geo_review.boundary.table_cells import Cell, Row, Sheet, is_empty, text_of
from geo_review.boundary.table_numbers import Coordinate, coordinate_of
from geo_review.errors import UnreadableBoundary
from geo_review.wording import say

MOST_HEADING_ROWS = 60  # a heading stands in the first of them, or there is none
_LONGEST_HEADING = 24
DATUM = re.compile(
    r"(?:19)?80\s*西安|西安\s*(?:19)?80|(?:19)?54\s*北京|北京\s*(?:19)?54|(?:国家)?2000\s*(?:国家)?大地|国家\s*2000|"
    r"CGCS\s*2000|WGS\s*-?84|GCJ-?02|独立坐标|地方坐标|城市坐标",
    re.IGNORECASE,
)
_UNITS = r"(?:m2|m²|㎡|平方米|公顷|亩|hm2|ha|m|米|°|度|度分秒|小数度|十进制度|dms)"
_UNIT = re.compile(rf"[(\[](?:单位)?:?{_UNITS}[)\]]$|/{_UNITS}$|(?<=[xy标])米$")
_AREA_UNIT = re.compile(r"公顷|亩|平方米|平米|m2|hm2|㎡|ha")
_ROLES = {
    role: re.compile(pattern)
    for role, pattern in {
        "north": r"[xy]n|n[xy]|(坐标)?[xyn]?(北|纵|northing|north|pointy)(向|轴|方向)?(坐标值|坐标)?[xyn]?",
        "east": r"[xy]e|e[xy]|(坐标)?[xye]?(东|横|easting|east|pointx)(向|轴|方向)?(坐标值|坐标)?[xye]?",
        "lat": r"(大地|地理)?(纬度|北纬|latitude|lat)(坐标)?[byn]?",
        "lon": r"(大地|地理)?(经度|东经|longitude|long|lon|lng)(坐标)?[lxe]?",
        "x": r"(坐标)?x(坐标值|坐标|值|coord|coordinate)?|界址点x(坐标)?",
        "y": r"(坐标)?y(坐标值|坐标|值|coord|coordinate)?|界址点y(坐标)?",
        "name": r"(界址|拐|桩|控制|边界)?点(编)?(号|名|位号)|(界址|拐)点|桩号|j|jzdh|pointno|pointname|point|pt|name",
        "number": r"序号|编号|no\.?|id|fid|oid|objectid|顺序号|号",
        "ring": r"(圈|环)(号|序号)?|ring(no|id)?|界址线圈号",
        "parcel": r"(地块|宗地|图斑)(编)?(号|代码|编码)?|dkbh|dkh|zddm|parcel(no|id)?",
        "title": r"(地块|宗地|图斑)名(称)?|dkmc|parcelname",
        "height": r"z|h|(大地|正常)?高(程)?[zh]?|z坐标|elevation|height|elev",
        "side": r"(界址)?边长|(点)?间距|(平)?距(离)?|s|length|dist(ance)?",
        "area": r"(地块|宗地|用地|图斑)?面积|dkmj|zdmj|area",
        "use": r"(地块|土地)?用途|dkyt|use",
        "remark": r"备注|说明|remarks?|note",
    }.items()
}
# One letter, believed only beside its partner.
_LETTERS = {"n": ("e", "north", "east"), "b": ("l", "lat", "lon")}
_PAIRS = (("north", "east"), ("x", "y"), ("lat", "lon"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Columns:
    """``north`` and ``east`` (or latitude and longitude) and what else is known, all counted from 0. ``unread`` are
    further columns of coordinates; ``area_unit`` is what the heading of the area says."""

    north: int
    east: int
    roles: Mapping[str, int] = field(default_factory=dict)
    headings: Mapping[int, str] = field(default_factory=dict)
    unread: tuple[int, ...] = ()
    area_unit: str = ""

    def of(self, role: str) -> int | None:
        return self.roles.get(role)

    @property
    def pair(self) -> tuple[int, int]:
        """Both columns of coordinates as they stand in the file."""
        return min(self.north, self.east), max(self.north, self.east)


def heading_row(rows: Sequence[Row]) -> int | None:
    """Return where the heading of a point table stands among the first rows."""
    return next((index for index, row in enumerate(rows[:MOST_HEADING_ROWS]) if is_heading(row)), None)


def is_heading(row: Row) -> bool:
    """Tell whether a row names two columns of coordinates."""
    found = set(_roles(row))
    return any(set(pair) <= found for pair in _PAIRS) or {"x", "east"} <= found or {"y", "north"} <= found


def columns_of(sheet: Sheet, index: int) -> Columns:
    """Return the columns that a heading names; the row above it names those it leaves blank (merged cells).

    Raises UnreadableBoundary when two columns have one meaning: which pair is meant, nothing tells.
    """
    row = sheet.rows[index]
    above = sheet.rows[index - 1] if index else Row(0, ())
    width = max(len(row.cells), len(above.cells))
    names = [text_of(row.cell(column)) for column in range(width)]
    upper = [text_of(above.cell(column)) for column in range(width)]
    for column, (name, over) in enumerate(zip(names, upper, strict=True)):
        role = _role(over)
        if not name and role is not None and role not in ("north", "east", "lat", "lon", "x", "y"):
            names[column] = over
    whole = Row(row.line, tuple(names))
    roles = _roles(whole)
    pairs = [pair for pair in (*_PAIRS, ("x", "east"), ("north", "y")) if set(pair) <= set(roles)]
    first, second = pairs[0]
    for role in (first, second):
        if len(roles[role]) > 1:
            said = "、".join(sheet.column(column) for column in roles[role])
            raise _refused("table_columns_doubled", line=row.line, name=names[roles[role][0]], columns=said)
    north, east = roles[first][0], roles[second][0]
    used = {
        role: columns[0] for role, columns in roles.items() if role not in {word for pair in _PAIRS for word in pair}
    }
    if "name" not in used and "number" in used:
        used["name"] = used.pop("number")
    unread = [column for pair in pairs[1:] for role in pair for column in roles[role] if column not in (north, east)]
    unit = _AREA_UNIT.search(names[used["area"]].lower()) if "area" in used else None
    return Columns(
        north=north,
        east=east,
        roles=used,
        headings={column: name for column, name in enumerate(names) if name},
        unread=tuple(sorted(set(unread))),
        area_unit=unit[0] if unit else "",
    )


def _roles(row: Row) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    letters: dict[str, int] = {}
    for column, cell in enumerate(row.cells):
        text = text_of(cell) if isinstance(cell, str) else ""
        if role := _role(text):
            found.setdefault(role, []).append(column)
        if len(plain := _plain(text)) == 1:
            letters.setdefault(plain, column)
    for letter, (partner, north, east) in _LETTERS.items():
        if letter in letters and partner in letters:
            found.setdefault(north, []).append(letters[letter])
            found.setdefault(east, []).append(letters[partner])
    return found


def _role(text: str) -> str | None:
    name = _plain(text)
    return next((role for role, pattern in _ROLES.items() if pattern.fullmatch(name)), None) if name else None


def _plain(text: str) -> str:
    """A heading without its unit, datum, brackets, blanks and underscores, in small letters."""
    if not text or len(text) > _LONGEST_HEADING:
        return ""
    name = re.sub(r"\s|_", "", unicodedata.normalize("NFKC", text)).lower()
    name = DATUM.sub("", name, count=1)
    name = re.sub(r"^(坐标系|2000)", "", name)
    return re.sub(r"[()\[\]【】:/\-*]", "", _UNIT.sub("", name) or name)


def columns_by_content(sheet: Sheet, rows: Sequence[Row]) -> Columns:
    """Return the columns of a table without a heading: two of coordinates, and before them at most two of labels.

    ``rows`` are those with numbers in them. Raises UnreadableBoundary when anything is open.
    """
    width = max((len(row.cells) for row in rows), default=0)
    kinds = [_kind([row.cell(column) for row in rows]) for column in range(width)]
    places = [column for column, kind in enumerate(kinds) if kind == "coordinate"]
    labels = [column for column, kind in enumerate(kinds) if kind == "label"]
    if len(rows) < 3 or len(places) != 2 or "mixed" in kinds[: max(places, default=0)]:
        raise _refused("table_without_heading")
    before = [column for column in labels if column < places[0]]
    if len(before) > 2 or any(places[0] < column < places[1] for column in labels):
        raise _refused("table_without_heading")
    roles = {"name": before[0]} if len(before) == 1 else _two_labels(rows, before) if before else {}
    rest = tuple(column for column, kind in enumerate(kinds) if column > places[1] and kind != "blank")
    return Columns(north=places[0], east=places[1], roles=roles, unread=rest)


def _kind(cells: Sequence[Cell]) -> str:
    """What a column holds throughout: nothing, coordinates, labels (words or whole numbers), or this and that."""
    filled = [cell for cell in cells if not is_empty(cell)]
    if not filled:
        return "blank"
    read = [coordinate_of(cell) for cell in filled]
    numbers = [number for number in read if isinstance(number, Coordinate)]
    if len(numbers) == len(cells) and all(
        abs(number.value) >= 1e5 or number.angle or (3.0 <= abs(number.value) <= 140.0 and number.value % 1.0)
        for number in numbers
    ):
        return "coordinate"
    if all(not isinstance(number, Coordinate) or number.value.is_integer() for number in read):
        return "label"
    return "mixed"


def _two_labels(rows: Sequence[Row], columns: Sequence[int]) -> dict[str, int]:
    """点号,圈号 or 地块号,点号: the point's own label changes from row to row, the other stays for a while."""
    first, second = (
        sum(text_of(a.cell(column)) != text_of(b.cell(column)) for a, b in pairwise(rows)) for column in columns
    )
    most = len(rows) - 1
    if first >= 0.8 * most and second <= 0.4 * most:
        return {"name": columns[0], "ring": columns[1]}
    if second >= 0.8 * most and first <= 0.4 * most:
        return {"parcel": columns[0], "name": columns[1]}
    raise _refused("table_without_heading")


def _refused(key: str, **values: object) -> UnreadableBoundary:
    return UnreadableBoundary(code=key, message=say(f"tables.{key}", **values), remedy=say("tables.table_remedy"))
