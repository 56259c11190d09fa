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
    if path.suffix.lower() != ".shp":
        _add(digest, path)
        return digest.hexdigest()
    beside = {file.suffix.lower(): file for file in sorted(path.parent.iterdir()) if file.stem == path.stem}
    for suffix in SHAPEFILE_SUFFIXES:
        if suffix in beside:
            digest.update(suffix.encode() + b"\0" + beside[suffix].stat().st_size.to_bytes(8, "big"))
            _add(digest, beside[suffix])
    return digest.hexdigest()


def _add(digest: hashlib._Hash, path: Path) -> None:
    with path.open("rb") as file:
        while chunk := file.read(_BYTES_AT_ONCE):
            digest.update(chunk)
