"""The values of one DBF record, in bytes of their exact widths. What does not fit is told, never cut or rounded off."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from geo_review.control.model import LayerFacts
from geo_review.exchange.package_profile import PackageField, PackageProfile
from geo_review.wording import say


@dataclass(frozen=True, kw_only=True, slots=True)
class Misfit:
    """A value that does not fit: of which feature (from 1), in which field, and what would be right."""

    feature: int
    field: str
    what: str


def record_of(
    profile: PackageProfile, facts: LayerFacts, *, number: int, attributes: Mapping[str, object], area_m2: float
) -> bytes | list[Misfit]:
    """Return a record without its deletion mark, or everything in it that does not fit."""
    cells: list[bytes] = []
    misfits: list[Misfit] = []
    for each in profile.field:
        value = _value(each, facts, number, attributes, area_m2)
        cell = _cell(each, value, profile.encoding)
        if isinstance(cell, str):
            misfits.append(Misfit(feature=number, field=each.name, what=cell))
        else:
            cells.append(cell)
    return misfits or b"".join(cells)


def descriptors(profile: PackageProfile) -> Iterator[bytes]:
    """Yield the 32 bytes that describe each field in the head of a DBF (dBASE III)."""
    for each in profile.field:
        kind = {"text": b"C", "integer": b"N", "decimal": b"N", "date": b"D"}[each.type]
        yield (
            each.name.encode("ascii").ljust(11, b"\0")
            + kind
            + bytes(4)
            + bytes((each.length, each.decimals))
            + (bytes(14))
        )


def _value(
    field: PackageField, facts: LayerFacts, number: int, attributes: Mapping[str, object], area_m2: float
) -> object:
    if field.attribute is not None:
        return attributes.get(field.attribute)
    if field.fact is not None:
        return getattr(facts, field.fact)
    if field.measure is not None:
        return {"number": number, "area_m2": round(area_m2, field.decimals)}[field.measure]
    return field.constant


def _cell(field: PackageField, value: object, encoding: str) -> bytes | str:
    """Return the bytes of a value, or the word that says why there are none."""
    if value is None or (isinstance(value, str) and not value.strip()) or value != value:
        return say("package.required_empty") if field.required else b" " * field.length
    if field.type == "text":
        return _text(field, value, encoding)
    return _date(value) if field.type == "date" else _number(field, value)


def _text(field: PackageField, value: object, encoding: str) -> bytes | str:
    text = str(value)
    if any(ord(letter) < 32 for letter in text):
        return say("package.control_character")
    try:
        written = text.encode(encoding)
    except UnicodeEncodeError as error:
        return say("package.not_in_encoding", letter=text[error.start], encoding=encoding)
    if len(written) > field.length:
        return say("package.text_too_long", value=_short(text), bytes=len(written), most=field.length)
    return written.ljust(field.length)


def _number(field: PackageField, value: object) -> bytes | str:
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return say("package.not_a_number", value=_short(str(value)))
    if isinstance(value, bool) or not math.isfinite(number):
        return say("package.not_a_number", value=_short(str(value)))
    written = f"{number:.{field.decimals}f}"
    if Decimal(written) != number:
        return say("package.too_many_decimals", value=_short(str(value)), decimals=field.decimals)
    if len(written) > field.length:
        return say("package.number_too_long", value=_short(str(value)), length=field.length)
    return written.encode("ascii").rjust(field.length)


def _date(value: object) -> bytes | str:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        return say("package.not_a_date", value=_short(str(value)))
    return f"{day.year:04d}{day.month:02d}{day.day:02d}".encode("ascii")


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:30] + "…"
