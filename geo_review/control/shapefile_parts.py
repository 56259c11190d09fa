"""The files of a Shapefile: whether they belong together, and the encoding of the .dbf. Reads no geometry.

GDAL reads as many features as the shortest file has, without a word: the counts are compared here.
"""

from __future__ import annotations

import codecs
from pathlib import Path

import numpy as np

from geo_review.control.written import unreadable

_SHX_HEADER_BYTES, _SHX_RECORD_BYTES = 100, 8
MULTIPATCH = 31  # surfaces of buildings in space: GDAL would flatten them into land
_GBK_LANGUAGE_ID = 0x4D
_CODE_PAGES = {"65001": "utf-8", "936": "gb18030", "54936": "gb18030", "gb2312": "gb18030", "gbk": "gb18030"}


def companion(shp: Path, suffix: str) -> Path | None:
    """Return the file beside a .shp with this suffix, in any case."""
    for sibling in shp.parent.iterdir():
        if sibling.stem == shp.stem and sibling.suffix.lower() == suffix and sibling.is_file():
            return sibling
    return None


def check_parts(shp: Path) -> int:
    """Return how many features the files hold together; files that do not fit each other are refused."""
    shx, dbf = companion(shp, ".shx"), companion(shp, ".dbf")
    if shx is None:
        raise unreadable(shp, "shapefile_without", missing=f"{shp.stem}.shx")
    shapes = (shx.stat().st_size - _SHX_HEADER_BYTES) // _SHX_RECORD_BYTES
    if dbf is None:
        return shapes
    content = dbf.read_bytes()
    if len(content) < 32:
        raise unreadable(shp, "shapefile_rows", rows=0, shapes=shapes)
    rows = int.from_bytes(content[4:8], "little")
    header_bytes, row_bytes = int.from_bytes(content[8:10], "little"), int.from_bytes(content[10:12], "little")
    present = (len(content) - header_bytes) // row_bytes if row_bytes else 0
    if rows != shapes or present < rows:
        raise unreadable(shp, "shapefile_rows", rows=min(rows, present), shapes=shapes)
    marks = np.frombuffer(content, dtype=np.uint8)[header_bytes : header_bytes + rows * row_bytes : row_bytes or 1]
    return shapes - int(np.count_nonzero(marks == ord("*")))  # deleted in the editor, kept by the format


def shape_type(shp: Path) -> int:
    """Return the type of all shapes of a .shp, by its header."""
    with shp.open("rb") as file:
        return int.from_bytes(file.read(36)[32:36], "little")


def text_encoding(shp: Path) -> str | None:
    """Return the encoding of the attributes: of the .cpg, of the .dbf's language mark, else by what decodes.

    Without a .cpg GDAL takes Latin-1, and every Chinese value would be noise.
    """
    dbf = companion(shp, ".dbf")
    if dbf is None:
        return None
    content = dbf.read_bytes()
    text = content[32:].replace(b"\0", b" ")
    for candidate in (
        _named_encoding(shp),
        "gb18030" if content[29:30] == bytes([_GBK_LANGUAGE_ID]) else None,
        "utf-8",
    ):
        if candidate and _decodes(text, candidate):
            return candidate.upper()
    return "GB18030"


def _named_encoding(shp: Path) -> str | None:
    cpg = companion(shp, ".cpg")
    if cpg is None:
        return None
    name = cpg.read_text("ascii", errors="replace").strip().lower().removeprefix("cp").removeprefix("ansi").strip()
    try:
        return codecs.lookup(_CODE_PAGES.get(name, name)).name
    except LookupError:
        return None


def _decodes(text: bytes, encoding: str) -> bool:
    try:
        text.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
