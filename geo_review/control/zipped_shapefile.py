"""A zipped Shapefile, unpacked for the time of reading. Refuses a zip of several layers, of none, or above a size."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from geo_review.control.content_hash import SHAPEFILE_SUFFIXES
from geo_review.control.written import unreadable
from geo_review.errors import TooLarge
from geo_review.wording import say

MOST_UNPACKED_BYTES = 8 << 30


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """Give the .shp of a zip, with its companions beside it, named as the zip (names in it are of any coding)."""
    try:
        with zipfile.ZipFile(path) as archive, TemporaryDirectory(prefix="geo-review-layer-") as folder:
            for member in _members(path, archive):
                target = Path(folder, path.stem + PurePosixPath(member.filename).suffix.lower())
                with archive.open(member) as packed, target.open("wb") as plain:
                    shutil.copyfileobj(packed, plain)
            yield Path(folder, path.stem + ".shp")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise unreadable(path, "zip_damaged", detail=error) from None


def _members(path: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    found = [
        member
        for member in archive.infolist()
        if PurePosixPath(member.filename).suffix.lower() in SHAPEFILE_SUFFIXES
        and "__MACOSX" not in PurePosixPath(member.filename).parts
    ]
    shapes = [member for member in found if member.filename.lower().endswith(".shp")]
    if len(shapes) != 1:
        raise unreadable(path, "zip_layers", count=len(shapes))
    stem = PurePosixPath(shapes[0].filename).with_suffix("")
    found = [member for member in found if PurePosixPath(member.filename).with_suffix("") == stem]
    if sum(member.file_size for member in found) > MOST_UNPACKED_BYTES:
        raise TooLarge(
            code="layer_zip_too_large",
            message=say("control.zip_too_large", file=path.name, limit_gb=MOST_UNPACKED_BYTES >> 30),
            remedy=say("control.zip_too_large_remedy"),
        )
    return found
