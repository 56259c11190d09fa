"""What is to go to the province: left in the transaction of its cause, taken by a relay. Sends nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from geo_review.store.tables import outbox


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftMessage:
    """A message without its file, whose size is told; 0 for one without."""

    id: int
    topic: str
    key: str
    payload: Mapping[str, Any]
    content_bytes: int
    content_sha256: str | None
    made_at: datetime


def leave(
    session: Session,
    *,
    topic: str,
    key: str,
    payload: Mapping[str, Any],
    content: bytes | None = None,
    made_at: datetime,
) -> int:
    """Leave a message; return its number. It is there if and only if the transaction commits."""
    number: int = session.execute(
        insert(outbox)
        .values(
            topic=topic,
            key=key,
            payload=payload,
            content=content,
            content_sha256=None if content is None else hashlib.sha256(content).hexdigest(),
            made_at=made_at,
        )
        .returning(outbox.c.id)
    ).scalar_one()
    return number


def left_messages(session: Session, *, limit: int = 100) -> tuple[LeftMessage, ...]:
    """Return the latest messages that were left, the latest first."""
    column = outbox.c
    rows = session.execute(
        select(
            column.id,
            column.topic,
            column.key,
            column.payload,
            func.coalesce(func.octet_length(column.content), 0).label("content_bytes"),
            column.content_sha256,
            column.made_at,
        )
        .order_by(column.id.desc())
        .limit(limit)
    )
    return tuple(LeftMessage(**dict(row)) for row in rows.mappings())


def content_of(session: Session, number: int) -> bytes | None:
    """Return the file of a message, None for one without."""
    content = session.execute(select(outbox.c.content).where(outbox.c.id == number)).scalar_one_or_none()
    return None if content is None else bytes(content)
