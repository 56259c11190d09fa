"""A running site on a database of its own, and a client that speaks to it over HTTP."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

import httpx
import pytest
import sqlalchemy
from fastapi import FastAPI

from api.app import create_app
from api.serving import listen, serving
from geo_review.city import PUYANG
from geo_review.sandbox.pool import ParserPool
from geo_review.settings import Settings
from geo_review.store.connect import make_engine


@pytest.fixture
def api(engine: sqlalchemy.Engine) -> Iterator[httpx.Client]:
    """A client of a site on this test's own empty database."""
    with running(site_on(engine)) as client:
        yield client


@pytest.fixture(scope="module")
def shared_engine(postgis_server: sqlalchemy.URL, template_database: str) -> Iterator[sqlalchemy.Engine]:
    """A database that the tests of a module share because none of them stores anything."""
    name = f"{template_database}_{secrets.token_hex(4)}"
    server = sqlalchemy.create_engine(postgis_server, isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool)
    with server.connect() as connection:
        connection.execute(sqlalchemy.text(f'CREATE DATABASE "{name}" TEMPLATE "{template_database}"'))
    engine = make_engine(postgis_server.set(database=name).render_as_string(hide_password=False))
    yield engine
    engine.dispose()
    with server.connect() as connection:
        connection.execute(sqlalchemy.text(f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture(scope="module")
def shared_api(shared_engine: sqlalchemy.Engine) -> Iterator[httpx.Client]:
    """A client of a site that the tests of a module share because none of them stores anything."""
    with running(site_on(shared_engine)) as client:
        yield client


def site_on(engine: sqlalchemy.Engine) -> FastAPI:
    """The app on a database, without an environment."""
    settings = Settings(home=Path("/nonexistent"), database_url=None, open_maps=False, city=PUYANG)
    return create_app(settings, engine, shared_parser())


@cache
def shared_parser() -> ParserPool:
    """One parser for all sites of this process: it takes a second to load. It ends with the process."""
    return ParserPool()


@contextmanager
def running(app: FastAPI) -> Iterator[httpx.Client]:
    """Serve an app on a free loopback port."""
    with serving(app, listen("127.0.0.1", 0)) as address, closing(httpx.Client(base_url=address, timeout=60)) as client:
        yield client
