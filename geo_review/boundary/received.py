"""A file as it was handed in: its name, its bytes, and (for a bare .shp) the files that stand beside it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from cryptography.hazmat.primitives import hashes

from geo_review.boundary.gdb_tables import geodatabases, is_table, packed
from geo_review.boundary.model import SourceFile
from geo_review.errors import TooLarge
from geo_review.wording import say

MOST_FOLDER_BYTES = 64 * 1024 * 1024
_MOST_TABLES = 1000
_SHAPEFILE_PARTS = (".dbf", ".prj", ".cpg", ".shx")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedFile:
    """``name`` has no folder; ``companions`` are the .dbf, .prj, .cpg … of a .shp, by lower-case suffix."""

    name: str
    content: bytes
    companions: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def source(self) -> SourceFile:
        """Name, size and digests of the original bytes."""
        sm3 = hashes.Hash(hashes.SM3())
        sm3.update(self.content)
        return SourceFile(
            name=self.name,
            size_bytes=len(self.content),
            sha256=hashlib.sha256(self.content).hexdigest(),
            sm3=sm3.finalize().hex(),
        )


def from_path(path: Path) -> ReceivedFile:
    """Read a file, and with a .shp the parts of a shapefile beside it; the folder of a FileGDB becomes a zip.

    Raises TooLarge for a folder whose tables are too many or too large.
    """
    if path.is_dir():
        return ReceivedFile(name=_legal_name(path), content=_packed_geodatabase(path))
    return ReceivedFile(
        name=_legal_name(path),
        content=path.read_bytes(),
        companions={part.suffix.lower(): part.read_bytes() for part in companion_paths(path)},
    )


def is_geodatabase(path: Path) -> bool:
    """Tell whether a path is the folder of a FileGDB."""
    return path.is_dir() and bool(geodatabases(PurePosixPath(beside.name) for beside in path.iterdir()))


def _packed_geodatabase(folder: Path) -> bytes:
    tables = [beside for beside in sorted(folder.iterdir()) if is_table(PurePosixPath(beside.name))]
    tables = [table for table in tables if table.is_file() and not table.is_symlink()]
    size_bytes = sum(table.stat().st_size for table in tables)
    if len(tables) > _MOST_TABLES or size_bytes > MOST_FOLDER_BYTES:
        raise TooLarge(
            code="file_too_large",
            message=say("files.file_too_large", size=f"{size_bytes / 2**20:.1f}", most=MOST_FOLDER_BYTES // 2**20),
            remedy=say("files.too_large_remedy"),
        )
    return packed({table.name: table.read_bytes() for table in tables})


def companion_paths(path: Path) -> list[Path]:
    """Return the files beside a .shp that belong to it (suffix in any case), nothing for another file."""
    if path.suffix.lower() != ".shp":
        return []
    return [
        beside
        for beside in sorted(path.parent.iterdir())
        if beside.stem == path.stem and beside.suffix.lower() in _SHAPEFILE_PARTS and beside.is_file()
    ]


def _legal_name(path: Path) -> str:
    """Return the name of a file as text; a name in GBK, as old archives leave it on disk, is read as it was meant."""
    name = os.fsencode(path.name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name.decode("utf-8", errors="replace")
