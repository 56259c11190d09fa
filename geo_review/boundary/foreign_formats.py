"""What a file that is no red line of a supported format looks like, so that the refusal can say what to do instead.

Recognises by the first bytes or the first words; never opens, unpacks or parses anything.
"""

from __future__ import annotations

import re

# First bytes → key of the detect table. The longer prefix stands first where one begins like another.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"AC10", "dwg"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "sevenzip"),
    (b"\x1f\x8b", "gzip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office_old"),
    (b"\x00\x01\x00\x00Standard", "access"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"PAR1", "parquet"),
    (b"fgb\x03", "flatgeobuf"),
    (b"{\\rtf", "office_old"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
)

# The first words of a text → key. Order matters: a KML is XML, too.
_OPENINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\s*(<[?!].{0,2000}?)?<(\w+:)?kml\b", re.IGNORECASE | re.DOTALL), "kml"),
    (re.compile(r"\s*(<\?xml.{0,2000}?)?<(!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL), "html"),
    (re.compile(r"\s*<.{0,20000}?(<gml:|http://www\.opengis\.net/gml|http://www\.opengis\.net/wfs)", re.DOTALL), "gml"),
    (re.compile(r"\s*<"), "xml"),
    (re.compile(r"\s*(PROJCS|GEOGCS|PROJCRS|GEOGCRS)\["), "prj"),
    (re.compile(r"\s*(MULTI)?(POLYGON|LINESTRING|POINT)\s*Z?\s*\(", re.IGNORECASE), "wkt"),
    (re.compile(r"\s*(Version\s+\d+\s|!table)", re.IGNORECASE), "mapinfo"),
    (re.compile(r"\s*[{\[]\s*([\"{\]}]|$)"), "json"),
    (re.compile(r"[^\r\n]*(点号|经度|纬度|X坐标|Y坐标|序号)[^\r\n]*[,，\t]"), "table"),
)

_ZIP_MEMBERS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^(\[Content_Types\]\.xml|mimetype)$"), "office"),  # Word, an .xlsb; OpenDocument
    (re.compile(r"\.gdb/|\.gdbtable$", re.IGNORECASE), "gdb"),
    (re.compile(r"\.(dwg)$", re.IGNORECASE), "dwg"),
)

# Files beside a .shp whose first bytes are also those of other things: only with the suffix are they surely that.
_BESIDE_A_SHAPEFILE = {
    "shx": b"\x00\x00\x27\x0a",
    "sbn": b"\x00\x00\x27\x0a",
    "sbx": b"\x00\x00\x27\x0a",
    "dbf": b"\x03",
}


def foreign_bytes(name: str, content: bytes) -> str | None:
    """Return the key of a binary format, or of a file that belongs beside a .shp."""
    for signature, key in _SIGNATURES:
        if content.startswith(signature):
            return key
    beside = _BESIDE_A_SHAPEFILE.get(name.rpartition(".")[2].lower())
    return "shapefile_part" if beside and content.startswith(beside) else None


def foreign_text(text: str) -> str | None:
    """Return the key of a text format: `kml` and `gml` have readers, the others are refused by what they are."""
    return next((key for pattern, key in _OPENINGS if pattern.match(text)), None)


def foreign_zip(members: list[str]) -> str:
    """Return the key for a zip without a shapefile in it."""
    return next((key for pattern, key in _ZIP_MEMBERS if any(map(pattern.search, members))), "zip")
