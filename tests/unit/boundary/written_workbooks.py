"""Workbooks put together by hand, cell by cell, with what no spreadsheet program would let one save."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from geo_review.boundary.received import ReceivedFile

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


@dataclass(frozen=True)
class Error:
    """A cell that shows ``#REF!`` or its like."""

    text: str = "#REF!"


@dataclass(frozen=True)
class Formula:
    """A formula; ``value`` is the result it was saved with, if any."""

    value: float | None = None


@dataclass(frozen=True)
class Date:
    """A number that is shown as a date."""

    serial: float


Value = str | float | int | None | Error | Formula | Date
Sheets = Mapping[str, Sequence[Sequence[Value]]]


def xlsx(
    sheets: Sheets, *, hidden: Sequence[str] = (), name: str = "界址点.xlsx", parts: Mapping[str, bytes] | None = None
) -> ReceivedFile:
    """A workbook; ``parts`` replace or add members of its zip."""
    made = {"[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>'.encode()}
    made["_rels/.rels"] = _relations(["officeDocument"], ["xl/workbook.xml"])
    rows = "".join(
        f'<sheet name={quoteattr(title)} sheetId="{number}" r:id="rId{number}"'
        + (' state="hidden"/>' if title in hidden else "/>")
        for number, title in enumerate(sheets, start=1)
    )
    made["xl/workbook.xml"] = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{rows}</sheets></workbook>'.encode()
    )
    made["xl/_rels/workbook.xml.rels"] = _relations(
        ["worksheet"] * len(sheets), [f"worksheets/sheet{number}.xml" for number in range(1, len(sheets) + 1)]
    )
    made["xl/styles.xml"] = (
        f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    ).encode()
    for number, table in enumerate(sheets.values(), start=1):
        made[f"xl/worksheets/sheet{number}.xml"] = sheet_xml(table)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in {**made, **(parts or {})}.items():
            archive.writestr(path, content)
    return ReceivedFile(name=name, content=buffer.getvalue())


def sheet_xml(rows: Sequence[Sequence[Value]]) -> bytes:
    """The part of one sheet."""
    lines = []
    for line, row in enumerate(rows, start=1):
        cells = "".join(_cell(f"{chr(65 + column)}{line}", value) for column, value in enumerate(row))
        lines.append(f'<row r="{line}">{cells}</row>')
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'.encode()


def _cell(place: str, value: Value) -> str:
    match value:
        case None:
            return ""
        case str():
            return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        case Error(text):
            return f'<c r="{place}" t="e"><f>A1</f><v>{text}</v></c>'
        case Formula(result):
            return f'<c r="{place}"><f>1+1</f>' + ("" if result is None else f"<v>{result!r}</v>") + "</c>"
        case Date(serial):
            return f'<c r="{place}" s="1"><v>{serial!r}</v></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'


def _relations(kinds: Sequence[str], targets: Sequence[str]) -> bytes:
    rows = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(zip(kinds, targets, strict=True), start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'.encode()


def xls(sheets: Sheets, *, hidden: Sequence[str] = (), name: str = "界址点.xls") -> ReceivedFile:
    """An old workbook (BIFF8 in an OLE file)."""
    head = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + _record(0x42, struct.pack("<H", 1200))
    titles = [struct.pack("<BB", len(title), 1) + title.encode("utf-16-le") for title in sheets]
    position = len(head) + sum(10 + len(title) for title in titles) + 4
    listed, bodies = b"", b""
    for title, name_bytes, rows in zip(sheets, titles, sheets.values(), strict=True):
        state = 1 if title in hidden else 0
        listed += _record(0x85, struct.pack("<IBB", position + len(bodies), state, 0) + name_bytes)
        bodies += _substream(rows)
    return ReceivedFile(name=name, content=ole("Workbook", head + listed + _record(0x0A, b"") + bodies))


def _substream(rows: Sequence[Sequence[Value]]) -> bytes:
    made = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            place = struct.pack("<HHH", row, column, 0)
            match value:
                case None | Date():
                    continue
                case str():
                    text = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
                    made += _record(0x204, place + text)
                case Error():
                    made += _record(0x205, place + bytes([23, 1]))
                case Formula(result):
                    held = b"\3\0\0\0\0\0\xff\xff" if result is None else struct.pack("<d", result)
                    made += _record(0x06, place + held + struct.pack("<HIH", 0, 0, 3) + b"\x1e\1\0")
                case _:
                    made += _record(0x203, place + struct.pack("<d", value))
    return made + _record(0x0A, b"")


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def ole(stream: str, content: bytes) -> bytes:
    """An OLE file of one stream."""
    content = content.ljust(4096, b"\0")
    sectors = -(-len(content) // 512)
    content = content.ljust(sectors * 512, b"\0")
    links = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    assert len(links) <= 128
    table = struct.pack("<128I", *links, *[0xFFFFFFFF] * (128 - len(links)))
    directory = _entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + _entry(stream, 2, 0xFFFFFFFF, 2, len(content))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return header + table + directory.ljust(512, b"\0") + content


def _entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
    words = (name + "\0").encode("utf-16-le")
    entry = words.ljust(64, b"\0") + struct.pack("<HBBIII", len(words), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
    return entry + bytes(36) + struct.pack("<II", first, size) + bytes(4)
