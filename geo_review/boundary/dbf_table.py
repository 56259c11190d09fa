"""The attribute table of a shapefile (dBASE III/IV): fields and rows as text and numbers. Refuses nothing.

A red line is its geometry: a table that cannot be read is an issue, not a refusal.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from geo_review.boundary.model import BoundaryIssue, Severity

_FIELD_BYTES = 32
_END_OF_FIELDS = 0x0D
_DELETED = 0x2A
_NAMED = {"utf-8": "utf-8", "utf8": "utf-8", "65001": "utf-8", "gbk": "gb18030", "gb2312": "gb18030", "936": "gb18030"}
_NAMED |= {"cp936": "gb18030", "ansi 936": "gb18030", "gb18030": "gb18030", "54936": "gb18030"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """``rows`` in file order, with None for a deleted row; ``encoding`` is the one that was believed."""

    rows: tuple[dict[str, object] | None, ...] = ()
    encoding: str | None = None
    issues: tuple[BoundaryIssue, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Field:
    name: bytes
    kind: str
    start: int
    size: int


def read_table(content: bytes, code_page: bytes | None) -> Table:
    """Read a .dbf; ``code_page`` is the .cpg. Text is decoded by the .cpg, else as UTF-8 if all of it is, else GBK."""
    fields = _fields(content)
    if fields is None:
        return Table(issues=(_warning("dbf_damaged"),))
    count, header_bytes, row_bytes = struct.unpack_from("<IHH", content, 4)
    available = (len(content) - header_bytes) // row_bytes
    issues = [_warning("dbf_damaged")] if count > available else []
    records = [
        content[header_bytes + number * row_bytes : header_bytes + (number + 1) * row_bytes]
        for number in range(min(count, available))
    ]
    encoding, contradicted = _encoding(fields, records, code_page)
    if contradicted:
        issues.append(_warning("dbf_encoding_contradicts", said=contradicted, encoding=encoding))
    names = [_text(field.name, encoding) for field in fields]
    rows = tuple(
        None
        if record[:1] == bytes([_DELETED])
        else {name: _value(field, record, encoding) for name, field in zip(names, fields, strict=True)}
        for record in records
    )
    return Table(rows=rows, encoding=encoding, issues=tuple(issues))


def _fields(content: bytes) -> list[_Field] | None:
    if len(content) < 33:
        return None
    header_bytes, row_bytes = struct.unpack_from("<HH", content, 8)
    if row_bytes < 1 or header_bytes > len(content):
        return None
    fields, position, start = [], 32, 1
    while position < header_bytes and content[position] != _END_OF_FIELDS:
        if position + _FIELD_BYTES > header_bytes:
            return None
        name = content[position : position + 11].split(b"\0")[0]
        size = content[position + 16]
        fields.append(_Field(name=name, kind=chr(content[position + 11]), start=start, size=size))
        start += size
        position += _FIELD_BYTES
    return fields if start <= row_bytes else None


def _encoding(fields: list[_Field], records: list[bytes], code_page: bytes | None) -> tuple[str, str | None]:
    """The encoding to read with, and the name in the .cpg when it does not fit."""
    texts = [field.name for field in fields]
    texts += [_raw(field, record) for record in records for field in fields if field.kind == "C"]
    said = code_page.decode("ascii", errors="replace").strip().lower() if code_page else ""
    named = _NAMED.get(said)
    for encoding in dict.fromkeys([*([named] if named else []), "utf-8", "gb18030"]):
        if all(_decodes(text, encoding) for text in texts):
            return encoding, said if said and named != encoding else None
    return "gb18030", said or None


def _value(field: _Field, record: bytes, encoding: str) -> object:
    raw = _raw(field, record)
    if field.kind in "NF":
        try:
            return float(raw)
        except ValueError:
            return None
    return _text(raw, encoding) or None


def _raw(field: _Field, record: bytes) -> bytes:
    return record[field.start : field.start + field.size].rstrip(b" \0").lstrip(b" ")


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        _whole(raw, encoding).decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _text(raw: bytes, encoding: str) -> str:
    return _whole(raw, encoding).decode(encoding, errors="replace").strip()


def _whole(raw: bytes, encoding: str) -> bytes:
    """Writers cut text at the width of the field, in the middle of a UTF-8 character: leave the cut one out."""
    if encoding != "utf-8":
        return raw
    for cut in range(1, 4):
        if len(raw) >= cut and raw[-cut] >= 0xC0:  # the lead byte of a character of 2 to 4 bytes
            wanted = 2 if raw[-cut] < 0xE0 else 3 if raw[-cut] < 0xF0 else 4
            return raw if wanted <= cut else raw[:-cut]
    return raw


def _warning(code: str, **values: object) -> BoundaryIssue:
    return BoundaryIssue(code=code, severity=Severity.WARNING, values=values)
