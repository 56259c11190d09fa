"""What an old XLS (BIFF in an OLE file) hides from a reader of values: errors, formulas without a result, and how far
the cells of each sheet reach. Walks the records by their lengths; reads no value.

Layout: [MS-CFB] for the file of sectors, [MS-XLS] for the records.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from geo_review.boundary.table_cells import BadCell
from geo_review.boundary.xlsx_parts import check_extent, damaged

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END_OF_CHAIN = 0xFFFFFFFA  # and above: no sector
_SMALL = 4096
_ENTRY_BYTES = 128
_BOF, _EOF, _SHEET, _PASSWORD = 0x809, 0x0A, 0x85, 0x2F
_FORMULA, _ERROR, _MANY_NUMBERS = 0x06, 0x205, 0xBD
_CELLS = {0x203, 0x27E, 0xFD, 0x204, 0xD6, _FORMULA, _ERROR}  # number, rk, labels; blanks hold nothing
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def workbook_stream(content: bytes) -> bytes | None:
    """Return the stream of records of an XLS; None when the OLE file holds something else (a DOC, a PPT).

    Raises UnreadableBoundary when the sectors do not fit together.
    """
    try:
        return _Sectors(content).stream("Workbook", "Book")
    except (struct.error, IndexError) as failure:
        raise damaged() from failure


def is_encrypted(stream: bytes) -> bool:
    """Tell whether the workbook needs a password."""
    return any(kind == _PASSWORD for kind, _, _ in _records(stream, 0))


def bad_cells(stream: bytes) -> list[dict[tuple[int, int], BadCell]]:
    """Return for each sheet, in order, the cells without a value, by (row, column) from 0.

    Raises TooLarge when the cells of all sheets together reach too far: a reader of values holds them all at once.
    """
    try:
        positions = [
            struct.unpack_from("<I", stream, start)[0]
            for kind, start, length in _records(stream, 0)
            if kind == _SHEET and length > 4
        ]
        found, cells = [], 0
        for number, position in enumerate(positions, start=1):
            bad, extent = _looked_through(stream, position, number)
            cells += extent
            check_extent(1, 1, number, cells=cells)
            found.append(bad)
        return found
    except struct.error as failure:
        raise damaged() from failure


def _looked_through(stream: bytes, position: int, number: int) -> tuple[dict[tuple[int, int], BadCell], int]:
    found: dict[tuple[int, int], BadCell] = {}
    rows = columns = 0
    for kind, start, length in _records(stream, position):
        if kind == _MANY_NUMBERS:
            row, _ = struct.unpack_from("<HH", stream, start)
            (column,) = struct.unpack_from("<H", stream, start + length - 2)
        elif kind in _CELLS:
            row, column = struct.unpack_from("<HH", stream, start)
        else:
            continue
        rows, columns = max(rows, row + 1), max(columns, column + 1)
        check_extent(rows, columns, number)
        bad = _bad(kind, stream[start : start + length])
        if bad is not None:
            found[(row, column)] = bad
    return found, rows * columns


def _bad(kind: int, record: bytes) -> BadCell | None:
    if kind == _ERROR and record[7:8] == b"\1":
        return BadCell(code="cell_error", text=_ERRORS.get(record[6], "#?"))
    if kind == _FORMULA and record[12:14] == b"\xff\xff":
        if record[6] == 2:
            return BadCell(code="cell_error", text=_ERRORS.get(record[8], "#?"))
        if record[6] == 3:
            return BadCell(code="cell_without_value")
    return None


def _records(stream: bytes, position: int) -> Iterator[tuple[int, int, int]]:
    """Yield kind, start and length of each record of a substream, to the end of it; charts within are passed over."""
    depth = 0
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        start = position + 4
        if start + length > len(stream):
            raise damaged()
        position = start + length
        if kind & 0xFF == _BOF & 0xFF and kind in (0x809, 0x409, 0x209, 0x009):
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth <= 1:
            yield kind, start, length


class _Sectors:
    """The sectors of an OLE file, chained by its allocation table."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._size = 1 << min(struct.unpack_from("<H", content, 30)[0], 20)
        self._small_size = 1 << min(struct.unpack_from("<H", content, 32)[0], 20)
        self._most = len(content) // min(self._size, self._small_size) + 2
        self._table = self._allocation()
        (directory,) = struct.unpack_from("<I", content, 48)
        self._directory = self._chain(directory)

    def stream(self, *names: str) -> bytes | None:
        """The content of the first of these streams."""
        entries = [self._directory[at : at + _ENTRY_BYTES] for at in range(0, len(self._directory), _ENTRY_BYTES)]
        for name in names:
            wanted = name.encode("utf-16-le") + b"\0\0"
            for entry in entries:
                if entry.startswith(wanted) and entry[66:67] == b"\2":
                    first, size = struct.unpack_from("<II", entry, 116)
                    if size >= _SMALL:
                        return self._chain(first)[:size]
                    return self._small_chain(entries[0], first)[:size]
        return None

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._content[start : start + self._size]

    def _allocation(self) -> list[int]:
        content, size = self._content, self._size
        listed = list(struct.unpack_from("<109I", content, 76))
        (more,) = struct.unpack_from("<I", content, 68)
        for _ in range(self._most):
            if more >= _END_OF_CHAIN:
                break
            numbers = struct.unpack_from(f"<{size // 4}I", self._sector(more))
            listed += numbers[:-1]
            more = numbers[-1]
        table: list[int] = []
        for number in listed[: self._most]:
            if number < _END_OF_CHAIN:
                table += struct.unpack_from(f"<{size // 4}I", self._sector(number))
        return table

    def _chain(self, number: int) -> bytes:
        pieces = []
        while number < _END_OF_CHAIN:
            pieces.append(self._sector(number))
            number = self._table[number]
            if len(pieces) > self._most:
                raise damaged()
        return b"".join(pieces)

    def _small_chain(self, root: bytes, number: int) -> bytes:
        first_mini, first_data = struct.unpack_from("<I", self._content, 60)[0], struct.unpack_from("<I", root, 116)[0]
        links = self._chain(first_mini)
        table = struct.unpack(f"<{len(links) // 4}I", links[: len(links) // 4 * 4])
        held = self._chain(first_data)
        pieces = []
        while number < _END_OF_CHAIN:
            pieces.append(held[number * self._small_size : (number + 1) * self._small_size])
            number = table[number]
            if len(pieces) > self._most:
                raise damaged()
        return b"".join(pieces)
