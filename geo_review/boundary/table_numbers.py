"""A coordinate out of the cell of a table: metres, degrees, or degrees with minutes and seconds. Guesses no digit.

``115.3015`` is a decimal number and never degrees with minutes: only signs make it so.
"""

from __future__ import annotations

import datetime
import math
import re
from typing import NamedTuple

from geo_review.boundary.table_cells import BadCell, Cell, is_empty

_NUMBER = r"[+-]?(?:\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?"
_PLAIN = re.compile(rf"({_NUMBER})\s*(?:m|M|米|公尺)?", re.ASCII)
_DIRECTION = r"(东经|西经|北纬|南纬|[EWNSewns])?"
_ANGLE = re.compile(
    rf"{_DIRECTION}\s*(-?\d{{1,3}}(?:\.\d+)?)\s*[°度]\s*"
    rf"(?:(\d{{1,2}}(?:\.\d+)?)\s*['分]\s*(?:(\d{{1,2}}(?:\.\d*)?)\s*(?:[\"秒]|'')\s*)?)?{_DIRECTION}",
    re.ASCII,
)
_WITH_LETTER = re.compile(rf"([EWNSewns]?)\s*({_NUMBER})\s*([EWNSewns]?)", re.ASCII)
_EASTWARD = {"东经": 1, "e": 1, "西经": -1, "w": -1}
_NORTHWARD = {"北纬": 1, "n": 1, "南纬": -1, "s": -1}
# Full-width forms and the many signs of an angle. Not NFKC: it would make a digit of a superscript.
_PLAIN_FORMS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_PLAIN_FORMS |= {ord(sign): ord(plain) for sign, plain in zip("\u3000\xa0º˚″”“′’‘", "  °°\"\"\"'''", strict=True)}


class Coordinate(NamedTuple):
    """``value`` in the unit of the file. ``angle``: it was written with minutes; ``axis`` is ``east`` or ``north``
    when a letter says so."""

    value: float
    angle: bool = False
    axis: str | None = None


class NotACoordinate(NamedTuple):
    """Why a cell holds none: the code of an issue, and what stands there."""

    code: str
    text: str


def coordinate_of(cell: Cell) -> Coordinate | NotACoordinate:
    """Return what a cell of a coordinate column holds."""
    if isinstance(cell, BadCell):
        return NotACoordinate(cell.code, cell.text)
    if is_empty(cell):
        return NotACoordinate("cell_missing", "")
    if isinstance(cell, bool):
        return NotACoordinate("cell_not_a_number", str(cell).upper())
    if isinstance(cell, int | float):
        return Coordinate(float(cell)) if math.isfinite(cell) else NotACoordinate("cell_not_a_number", str(cell))
    if isinstance(cell, datetime.date | datetime.time | datetime.timedelta):
        return NotACoordinate("cell_is_date", str(cell))
    return _of_text(cell)


def looks_numeric(cell: Cell) -> bool:
    """Tell whether a cell holds a coordinate."""
    return isinstance(coordinate_of(cell), Coordinate)


def _of_text(cell: str) -> Coordinate | NotACoordinate:
    text = cell.translate(_PLAIN_FORMS).strip()
    if found := _PLAIN.fullmatch(text):
        return _finite(Coordinate(float(found[1].replace(",", ""))), text)
    if found := _ANGLE.fullmatch(text):
        return _angle(found, text)
    if found := _WITH_LETTER.fullmatch(text):
        return _directed(float(found[2].replace(",", "")), (found[1], found[3]), text, angle=False)
    return NotACoordinate("cell_not_a_number", text[:40])


def _angle(found: re.Match[str], text: str) -> Coordinate | NotACoordinate:
    degrees, minutes, seconds = float(found[2]), float(found[3] or 0), float(found[4] or 0)
    whole = found[3] is None or ("." not in found[2] and (found[4] is None or "." not in found[3]))
    if not whole or minutes >= 60.0 or seconds >= 60.0:
        return NotACoordinate("cell_not_a_number", text[:40])
    size = abs(degrees) + minutes / 60.0 + seconds / 3600.0
    value = -size if found[2].startswith("-") else size
    return _directed(value, (found[1], found[5]), text, angle=found[3] is not None)


def _directed(
    value: float, letters: tuple[str | None, str | None], text: str, *, angle: bool
) -> Coordinate | NotACoordinate:
    given = [letter.lower() for letter in letters if letter]
    if len(given) > 1 or (given and value < 0.0):
        return NotACoordinate("cell_not_a_number", text[:40])
    if not given:
        return _finite(Coordinate(value, angle), text)
    letter = given[0]
    axis = "east" if letter in _EASTWARD else "north"
    return _finite(Coordinate(value * (_EASTWARD | _NORTHWARD)[letter], angle, axis), text)


def _finite(made: Coordinate, text: str) -> Coordinate | NotACoordinate:
    return made if math.isfinite(made.value) else NotACoordinate("cell_not_a_number", text[:40])
