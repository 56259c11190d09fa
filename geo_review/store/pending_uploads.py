"""Files that were received and not yet confirmed: kept for a day under a token, up to a limit. Reads none of them."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from geo_review.boundary.asked import NOTHING_ASKED, Asked
from geo_review.boundary.received import ReceivedFile
from geo_review.errors import TooLarge, UnknownImport
from geo_review.store.asked_json import asked_from_json, asked_to_json
from geo_review.store.tables import pending_upload
from geo_review.wording import say

KEPT = timedelta(days=1)
MOST_FILES = 2_000
MOST_BYTES = 2 * 2**30

_TOKEN_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
# Any fixed number will do, as long as nothing else in the database locks the same one.
_ADVISORY_LOCK = 4_109_004_549


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportTarget:
    """What a file is meant for: a new project, or (``name`` None) the next version of one that exists."""

    code: str
    name: str | None = None
    flow: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PendingUpload:
    """A file that waits. ``confirmed_version`` is the version it became: then the file is with the project."""

    token: str
    file: ReceivedFile
    target: ImportTarget
    asked: Asked
    created_at: datetime
    confirmed_version: int | None


def keep_upload(session: Session, file: ReceivedFile, target: ImportTarget, *, now: datetime) -> str:
    """Keep a file and return its token. What is older than a day is deleted first; above the limits raises TooLarge."""
    session.execute(text("SELECT pg_advisory_xact_lock(CAST(:lock AS bigint))"), {"lock": _ADVISORY_LOCK})
    columns = pending_upload.c
    session.execute(delete(pending_upload).where(columns.created_at < now - KEPT))
    waiting = columns.content.is_not(None)
    files, size_bytes = session.execute(
        select(func.count(), func.coalesce(func.sum(columns.size_bytes), 0)).where(waiting)
    ).one()
    if files >= MOST_FILES or size_bytes + len(file.content) > MOST_BYTES:
        raise TooLarge(
            code="too_many_imports",
            message=say("store.too_many_imports", files=files, size=f"{size_bytes / 2**20:.0f}"),
            remedy=say("store.too_many_imports_remedy"),
        )
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.execute(
        insert(pending_upload).values(
            token=token,
            file_name=file.name,
            content=file.content,
            size_bytes=len(file.content),
            project_code=target.code,
            project_name=target.name,
            flow=target.flow,
            asked=asked_to_json(NOTHING_ASKED),
            created_at=now,
        )
    )
    return token


def get_upload(session: Session, token: str, *, now: datetime, lock: bool = False) -> PendingUpload:
    """Return a file that waits; raise UnknownImport for a token that is expired or was never given.

    ``lock`` makes others who lock it wait for this transaction.
    """
    query = select(pending_upload).where(pending_upload.c.token == token, pending_upload.c.created_at >= now - KEPT)
    row = None
    if _TOKEN.fullmatch(token):
        row = session.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise UnknownImport(
            code="unknown_import", message=say("store.unknown_import"), remedy=say("store.unknown_import_remedy")
        )
    return PendingUpload(
        token=token,
        file=ReceivedFile(name=row["file_name"], content=bytes(row["content"] or b"")),
        target=ImportTarget(code=row["project_code"], name=row["project_name"], flow=row["flow"]),
        asked=asked_from_json(row["asked"]),
        created_at=row["created_at"],
        confirmed_version=row["confirmed_version"],
    )


def ask_of_upload(session: Session, token: str, asked: Asked) -> None:
    """Keep what the user says of a file that waits; what was said before is replaced."""
    session.execute(
        update(pending_upload)
        .where(pending_upload.c.token == token, pending_upload.c.content.is_not(None))
        .values(asked=asked_to_json(asked))
    )


def mark_confirmed(session: Session, token: str, version: int) -> None:
    """Let go of the bytes, which are with the project now, and remember which version they became."""
    session.execute(
        update(pending_upload).where(pending_upload.c.token == token).values(content=None, confirmed_version=version)
    )


def drop_upload(session: Session, token: str) -> None:
    """Forget a file that waits; nothing happens when it is gone already, or was confirmed."""
    session.execute(
        delete(pending_upload).where(pending_upload.c.token == token, pending_upload.c.content.is_not(None))
    )
