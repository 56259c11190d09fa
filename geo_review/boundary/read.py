"""A surveyor's file in, a `Boundary` out: size, detection by content, one reader, normalisation."""

from __future__ import annotations

from geo_review.boundary.detect import detect
from geo_review.boundary.model import Boundary
from geo_review.boundary.normalise import normalise
from geo_review.boundary.received import ReceivedFile
from geo_review.city import City
from geo_review.errors import TooLarge
from geo_review.wording import say

MOST_BYTES = 64 * 1024 * 1024


def read_boundary(
    file: ReceivedFile, *, city: City, asked_epsg: int | None = None, accept: frozenset[str] = frozenset()
) -> Boundary:
    """Read a red line of any supported format.

    ``asked_epsg`` is the user's `--crs`; ``accept`` the issue codes the user answers for. Raises a `RefusedInput`
    that names the places, or `TooLarge`.
    """
    size_bytes = len(file.content) + sum(len(content) for content in file.companions.values())
    if size_bytes > MOST_BYTES:
        raise TooLarge(
            code="file_too_large",
            message=say("files.file_too_large", size=f"{size_bytes / 2**20:.1f}", most=MOST_BYTES // 2**20),
            remedy=say("files.too_large_remedy"),
        )
    return normalise(detect(file), source=file.source, city=city, asked_epsg=asked_epsg, accept=accept)
