"""Guesses which attribute of a GIS file is the code, name, use and area of a parcel. Keeps all attributes."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from geo_review.boundary.model import RawParcel, RawRing

# Seen in real files; the first that is filled in wins. 项目 names come last: they are the same for every parcel.
_CODE = ("DKBH", "地块编号", "DKDM", "地块代码", "地块号", "宗地代码", "ZDDM", "XH", "CODE")
_NAME = ("DKMC", "地块名称", "名称", "NAME", "MC", "XMMC", "项目名称")
_USE = ("DKYT", "地块用途", "用途", "TDYT", "土地用途", "YT", "用地性质", "YDXZ")
_AREA = ("DKMJ", "地块面积", "用地面积", "YDMJ", "MJ", "面积")
_DBF_NAME_BYTES = 10
_AREA_TEXT = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(公顷|平方米|亩|㎡|m2|m²|hm2|hm²|ha)?\s*", re.IGNORECASE)
_UNITS = {"公顷": "公顷", "hm2": "公顷", "hm²": "公顷", "ha": "公顷", "亩": "亩"}


def parcel_of(rings: tuple[RawRing, ...], attributes: Mapping[str, object]) -> RawParcel:
    """Return a parcel with the facts its attributes give."""
    by_name = {name.strip().upper(): value for name, value in attributes.items()}
    area, unit = _area(_first(by_name, _AREA))
    return RawParcel(
        rings=rings,
        code=_text(_first(by_name, _CODE)),
        name=_text(_first(by_name, _NAME)),
        use=_text(_first(by_name, _USE)),
        declared_area=area,
        declared_area_unit=unit,
        attributes=dict(attributes),
    )


def _first(by_name: Mapping[str, object], names: tuple[str, ...]) -> object:
    spellings = [spelling for name in names for spelling in (name, _cut(name))]
    return next((by_name[name] for name in spellings if by_name.get(name) not in (None, "")), None)


def _cut(name: str) -> str:
    """The name as a DBF in UTF-8 holds it: 10 bytes, so 地块名称 becomes 地块名."""
    return name.encode()[:_DBF_NAME_BYTES].decode(errors="ignore")


def _text(value: object) -> str | None:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() or None if isinstance(value, str | int | float) else None


def _area(value: object) -> tuple[float | None, str | None]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value)
        return (number, None) if math.isfinite(number) and number > 0.0 else (None, None)
    match = _AREA_TEXT.fullmatch(value) if isinstance(value, str) else None
    if match is None or not math.isfinite(float(match[1])):
        return None, None
    unit = match[2]
    return float(match[1]), _UNITS.get(unit.lower(), "平方米") if unit else None
