"""The CJK fonts of the PDF: where they are, the word when they are missing, which characters they can print."""

from __future__ import annotations

import mmap
import struct
from functools import cache
from pathlib import Path
from typing import Any

import typst

from geo_review.errors import GeoReviewError
from geo_review.report.legible import UNSHOWABLE
from geo_review.wording import say

# Debian, Ubuntu and their kin; then Fedora; then Arch.
FONT_FOLDERS = (
    Path("/usr/share/fonts/opentype/noto"),
    Path("/usr/share/fonts/google-noto-sans-cjk-fonts"),
    Path("/usr/share/fonts/noto-cjk"),
)
_NEEDED = "NotoSansCJK-Regular.ttc"
_SIGNS = frozenset("✔✘")  # from DejaVu Sans Mono, which typst carries


def font_folder() -> Path:
    """Return the folder with the Noto CJK fonts; raises with the line that installs them when there is none."""
    for folder in FONT_FOLDERS:
        if (folder / _NEEDED).is_file():
            return folder
    raise GeoReviewError(
        code="missing_cjk_fonts", message=say("report.missing_fonts"), remedy=say("report.missing_fonts_remedy")
    )


@cache
def loaded_fonts(folder: Path) -> Any:
    """Return typst's fonts: those of the folder and typst's own, never others of the machine.

    The same document would otherwise be set in other type, and give other bytes, on another machine.
    """
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])


def printable(text: str, folder: Path) -> str:
    """Return a text with every character that the fonts lack replaced: PDF/A refuses a missing glyph."""
    known = _characters(folder / _NEEDED)
    return "".join(character if ord(character) in known else UNSHOWABLE for character in text)


@cache
def _characters(path: Path) -> frozenset[int]:
    """Return the code points of the first face of a collection; all faces of Noto Sans CJK have the same ones."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        (face,) = struct.unpack_from(">I", data, 12)
        return frozenset(_mapped(data, _table(data, face, b"cmap"))) | {ord(sign) for sign in _SIGNS}


def _table(data: mmap.mmap, face: int, wanted: bytes) -> int:
    (count,) = struct.unpack_from(">H", data, face + 4)
    for index in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, face + 12 + 16 * index)
        if tag == wanted:
            return int(offset)
    raise ValueError(f"no {wanted.decode()} table")


def _mapped(data: mmap.mmap, cmap: int) -> set[int]:
    """Read the subtables of format 12 (OpenType, cmap): groups of first, last, glyph."""
    found: set[int] = set()
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    for index in range(count):
        _, _, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * index)
        subtable = cmap + offset
        if struct.unpack_from(">H", data, subtable)[0] != 12:
            continue
        (groups,) = struct.unpack_from(">I", data, subtable + 12)
        for group in range(groups):
            first, last, _ = struct.unpack_from(">III", data, subtable + 16 + 12 * group)
            found.update(range(first, last + 1))
    return found
