"""The files of a folder that may be red lines, and their bytes. Decides by names alone, parses nothing.

Folders are walked in the order of their names and links to folders are not followed. A folder ``*.gdb`` is one file.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from geo_review.boundary.archive import MOST_BYTES as MOST_UNPACKED_BYTES
from geo_review.boundary.received import ReceivedFile, companion_paths, from_path
from geo_review.boundary.understanding import MOST_BYTES
from geo_review.errors import TooLarge, UnreadableBoundary
from geo_review.wording import say

REFUSALS_NAME = "refusals.csv"
_GEODATABASE = ".gdb"
_LEFT_BEHIND = {"thumbs.db", "desktop.ini", "__macosx", REFUSALS_NAME}  # by systems, and by us
_OF_A_SHAPEFILE = {".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qpj", ".qmd", ".fix", ".cst"}
_LOCK = ".lock"  # of a geodatabase that another program has open
_PACKED_AT = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class FolderFile:
    """``name`` is the path within the folder as people read it, with ``/`` between."""

    path: Path
    name: str

    @property
    def stem(self) -> str:
        """The file's name without suffixes, ``a`` of ``x/a.gdb.zip``."""
        stem = Path(self.name).stem
        inner = Path(stem)
        return inner.stem if inner.suffix.lower() in (".shp", _GEODATABASE) else stem


def files_of(folder: Path, *, without: Collection[Path] = ()) -> list[FolderFile]:
    """Return what may be a red line, in the order of the names.

    Left out are hidden files, what systems leave behind, what belongs to a .shp, and the files ``without``.
    """
    left_out = {path.resolve() for path in without}
    return [
        FolderFile(path=path, name=legible(path.relative_to(folder)))
        for path in _walk(folder)
        if path.resolve() not in left_out
    ]


def receive(file: FolderFile) -> ReceivedFile:
    """Return a file's bytes, with what stands beside a .shp; a geodatabase as a zip, the same bytes each time.

    Raises TooLarge before anything is read, UnreadableBoundary for a file that cannot be.
    """
    try:
        if file.path.is_dir():
            return _packed(file.path)
        paths = [file.path, *companion_paths(file.path)]
        _check_size(sum(path.stat().st_size for path in paths), MOST_BYTES)
        return from_path(file.path)
    except OSError as failure:
        raise UnreadableBoundary(
            code="file_not_readable",
            message=say("import.file_not_readable"),
            remedy=say("import.file_not_readable_remedy"),
        ) from failure


def legible(path: Path) -> str:
    """Return a path as text; names in GBK, as old archives leave them on disk, are read as they were meant."""
    name = os.fsencode(path.as_posix())
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name.decode("utf-8", errors="replace")


def _walk(folder: Path) -> Iterator[Path]:
    entries = [path for path in sorted(folder.iterdir(), key=lambda path: os.fsencode(path.name)) if _counts(path)]
    shapefiles = {path.stem.lower() for path in entries if path.suffix.lower() == ".shp"}
    for path in entries:
        if path.is_dir():
            if path.suffix.lower() == _GEODATABASE:
                yield path
            elif not path.is_symlink():
                yield from _walk(path)
        elif path.is_file() and not _belongs_to(path, shapefiles):
            yield path


def _counts(path: Path) -> bool:
    return not path.name.startswith((".", "~$")) and path.name.lower() not in _LEFT_BEHIND


def _belongs_to(path: Path, shapefiles: Collection[str]) -> bool:
    stem = path.stem.lower()
    if path.suffix.lower() in _OF_A_SHAPEFILE:
        return stem in shapefiles
    return stem.endswith(".shp") and stem.removesuffix(".shp") in shapefiles  # a.shp.xml


def _packed(geodatabase: Path) -> ReceivedFile:
    parts = [path for path in sorted(geodatabase.iterdir()) if path.is_file() and path.suffix.lower() != _LOCK]
    _check_size(sum(path.stat().st_size for path in parts), MOST_UNPACKED_BYTES)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in parts:
            entry = zipfile.ZipInfo(f"{legible(Path(geodatabase.name, path.name))}", date_time=_PACKED_AT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return ReceivedFile(name=f"{legible(Path(geodatabase.name))}.zip", content=packed.getvalue())


def _check_size(size_bytes: int, most_bytes: int) -> None:
    if size_bytes > most_bytes:
        raise TooLarge(
            code="file_too_large",
            message=say("files.file_too_large", size=f"{size_bytes / 2**20:.1f}", most=most_bytes // 2**20),
            remedy=say("files.too_large_remedy"),
        )
