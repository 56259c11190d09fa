"""What a running site stands on: settings, engine, sessions. Built once by `create_app`, read by every route."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from geo_review.sandbox.pool import ParserPool
from geo_review.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployment:
    """A route opens a session of ``sessions`` in its own body and commits it there, before it answers."""

    settings: Settings
    engine: Engine
    sessions: sessionmaker[Session]
    parser: ParserPool


def deployment(request: Request) -> Deployment:
    """Return the deployment of the app that got this request."""
    found = request.app.state.deployment
    assert isinstance(found, Deployment)
    return found
