"""Files as they come over HTTP: read whole up to a limit, under a name that is safe. Looks into none."""

from __future__ import annotations

import unicodedata

from fastapi import UploadFile

from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.understood import MOST_BYTES
from geo_review.errors import TooLarge, UnreadableBoundary
from geo_review.wording import say

MOST_UPLOAD_BYTES = MOST_BYTES
# A body is cut off only here. Up to it the sender is heard out, because a connection that is closed on a client
# that still sends shows an error of the network instead of our answer.
MOST_BODY_BYTES = 2 * MOST_UPLOAD_BYTES
MOST_JSON_BYTES = 2**20
MOST_RULEBOOK_BYTES = 2**20

_LONGEST_NAME = 120
_LONGEST_SUFFIX = 12


def received(upload: UploadFile | None, *, field: str = "file") -> ReceivedFile:
    """Return an uploaded red line; none, an empty one or one above the limit is refused."""
    return ReceivedFile(name=safe_name(upload.filename or "") if upload else "", content=content_of(upload, field))


def content_of(upload: UploadFile | None, field: str, most: int = MOST_UPLOAD_BYTES) -> bytes:
    """Return the bytes of an uploaded file; none, an empty one or one above the limit is refused."""
    if upload is None or (not upload.filename and not upload.size):
        raise UnreadableBoundary(
            code="file_missing", message=say("api.file_missing", field=field), remedy=say("api.file_missing_remedy")
        )
    content = upload.file.read(most + 1)
    if len(content) > most:
        raise TooLarge(
            code="file_too_large",
            message=say("api.file_too_large", field=field, most=f"{most / 2**20:g}"),
            remedy=say("files.too_large_remedy"),
        )
    if not content:
        raise UnreadableBoundary(
            code="file_empty", message=say("api.file_empty", field=field), remedy=say("api.file_empty_remedy")
        )
    return content


def safe_name(name: str) -> str:
    """Return a file name without a folder, without characters that are no text, and not too long."""
    name = _as_sent(name).replace("\\", "/").rpartition("/")[2]
    name = "".join(character for character in name if not unicodedata.category(character).startswith("C")).strip()
    stem, dot, suffix = name.rpartition(".")
    if stem and len(suffix) <= _LONGEST_SUFFIX:
        name = stem[: _LONGEST_NAME - len(suffix) - 1] + dot + suffix
    name = name[:_LONGEST_NAME]
    return name if name.strip(". ") else "upload"


def _as_sent(name: str) -> str:
    """Return a name that was sent in GBK as it was meant: what is no UTF-8 reaches us as Latin-1."""
    try:
        return name.encode("latin-1").decode("gb18030") if not name.isascii() else name
    except UnicodeError:
        return name
