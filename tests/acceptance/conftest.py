"""Ports of the loopback for programs that are started as their user does."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Iterator

import pytest
import sqlalchemy


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


@pytest.fixture
def unmigrated_url(postgis_server: sqlalchemy.URL) -> Iterator[str]:
    """The URL of an empty database without our tables."""
    name = f"geo_review_empty_{secrets.token_hex(4)}"
    server = sqlalchemy.create_engine(postgis_server, isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool)
    with server.connect() as connection:
        connection.execute(sqlalchemy.text(f'CREATE DATABASE "{name}"'))
    yield postgis_server.set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(sqlalchemy.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
