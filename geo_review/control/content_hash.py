"""The SHA-256 that names the content of a layer file. Says nothing of its meaning.

Of one file it is that of the bytes, as `sha256sum` prints it. A Shapefile is several files: its digest is taken over
the .shp, .dbf, .shx, .prj and .cpg that are there, in this order, each as its suffix in lower case, a zero byte, its
length in bytes as 8 bytes big-endian, and its bytes.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

SHAPEFILE_SUFFIXES = (".shp", ".dbf", ".shx", ".prj", ".cpg")
_BYTES_AT_ONCE = 1 << 20


def content_sha256(path: Path) -> str:
    """Return the digest of a layer file in hex."""
    digest = hashlib.sha256()
    for file in files_of(path):
        if path.suffix.lower() == ".shp":
            digest.update(file.suffix.lower().encode() + b"\0" + file.stat().st_size.to_bytes(8, "big"))
        _add(digest, file)
    return digest.hexdigest()


def files_of(path: Path) -> list[Path]:
    """Return the files that a layer's content is in, in the order of its digest."""
    if path.suffix.lower() != ".shp":
        return [path]
    beside = {file.suffix.lower(): file for file in sorted(path.parent.iterdir()) if file.stem == path.stem}
    return [beside[suffix] for suffix in SHAPEFILE_SUFFIXES if suffix in beside]


def _add(digest: hashlib._Hash, path: Path) -> None:
    with path.open("rb") as file:
        while chunk := file.read(_BYTES_AT_ONCE):
            digest.update(chunk)
