"""What every test stands on: a clean environment, a real PostGIS, a fresh migrated database for each test that asks.

The databases are clones of one migrated template. Without PostGIS the run fails; nothing is skipped.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
import sqlalchemy
from hypothesis import HealthCheck, settings
from sqlalchemy.orm import Session

import pyogrio  # noqa: F401, TID251 with every driver, before ours leaves most out: tests read back what we write

from geo_review.errors import ClusterUnavailable
from geo_review.store import cluster
from geo_review.store.connect import make_engine, make_sessions

RUNS = Path(__file__).parents[1] / "var" / "test"
_KEPT = {"GEO_REVIEW_TEST_DATABASE_URL", "GEO_REVIEW_TEST_RUN", "GEO_REVIEW_GOLDEN"}

environment = os.environ  # noqa: TID251 the tests' own entry point

settings.register_profile(
    "same-every-time",
    derandomize=True,
    deadline=None,  # two busy cores are not a slow function
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
)
settings.load_profile("same-every-time")


def pytest_configure() -> None:
    """Forget the settings of the person who runs the tests; give this run a folder of its own."""
    for name in [name for name in environment if name.startswith("GEO_REVIEW_") and name not in _KEPT]:
        del environment[name]
    if not _is_worker():
        RUNS.mkdir(parents=True, exist_ok=True)
        for folder in RUNS.iterdir():
            if not Path("/proc", folder.name.partition("-")[0]).exists():
                _remove_run(folder)
        run = RUNS / f"{os.getpid()}-{secrets.token_hex(4)}"
        run.mkdir()
        environment["GEO_REVIEW_TEST_RUN"] = str(run)
    environment["GEO_REVIEW_HOME"] = str(_run() / "home-of-no-test")


def pytest_unconfigure() -> None:
    """Leave nothing behind: no server, no folder, no database on a server that was given."""
    if not _is_worker():
        if (given := _given_server()) is not None and (_run() / "template.lock").exists():
            names = f"SELECT datname FROM pg_database WHERE datname LIKE '{_template_name()}%'"
            for (name,) in _statement(given, names):
                _statement(given, f'DROP DATABASE "{name}" WITH (FORCE)')
        _remove_run(_run())
        environment.pop("GEO_REVIEW_TEST_RUN")


@pytest.fixture(scope="session")
def postgis_server() -> sqlalchemy.URL:
    """The server that the databases of this run are made on: the one given, else an embedded one of this run's own."""
    return _given_server() or sqlalchemy.make_url(cluster.ensure_running(_run() / "home", durable=False))


@pytest.fixture(scope="session")
def template_database(postgis_server: sqlalchemy.URL) -> str:
    """Name the migrated database that the others are cloned from; made by the first worker that needs it."""
    name = _template_name()
    done = _run() / "template.done"
    with _lock("template"):
        if not done.exists():
            _statement(postgis_server, f'DROP DATABASE IF EXISTS "{name}"')
            _statement(postgis_server, f'CREATE DATABASE "{name}" TEMPLATE template0')
            _statement(postgis_server.set(database=name), "CREATE EXTENSION postgis")
            _migrate(postgis_server.set(database=name))
            # A template with a connection on it cannot be cloned.
            _statement(postgis_server, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            _statement(
                postgis_server, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
            )
            done.touch()
    return name


@pytest.fixture
def database_url(postgis_server: sqlalchemy.URL, template_database: str) -> Iterator[str]:
    """The SQLAlchemy URL of a migrated, empty database that only this test uses."""
    name = f"{template_database}_{secrets.token_hex(4)}"
    _statement(postgis_server, f'CREATE DATABASE "{name}" TEMPLATE "{template_database}"')
    yield postgis_server.set(database=name).render_as_string(hide_password=False)
    _statement(postgis_server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def cluster_home() -> Iterator[Path]:
    """A home (GEO_REVIEW_HOME) of this test's own; whatever cluster is started in it is stopped and deleted."""
    home = _run() / "homes" / secrets.token_hex(4)
    home.mkdir(parents=True)
    yield home
    for lock in list(home.rglob("cluster.lock")):
        cluster.discard(lock.parent)


@pytest.fixture
def engine(database_url: str) -> Iterator[sqlalchemy.Engine]:
    engine = make_engine(database_url, application_name="geo-review tests")
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: sqlalchemy.Engine) -> Iterator[Session]:
    """A session on the test's own database. Nothing is committed unless the test does it."""
    with make_sessions(engine)() as session:
        yield session


def _migrate(url: sqlalchemy.URL) -> None:
    from geo_review.store.migrate import migrate

    migrate(url.render_as_string(hide_password=False))


def _statement(url: sqlalchemy.URL, statement: str) -> list[tuple[str, ...]]:
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg2.connect(dsn, application_name="geo-review tests")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


@contextmanager
def _lock(name: str) -> Iterator[None]:
    """Hold the other workers of this run back."""
    with (_run() / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _given_server() -> sqlalchemy.URL | None:
    given = environment.get("GEO_REVIEW_TEST_DATABASE_URL")
    return sqlalchemy.make_url(given).set(drivername="postgresql+psycopg2") if given else None


def _template_name() -> str:
    return f"geo_review_test_{_run().name.partition('-')[2]}"


def _run() -> Path:
    return Path(environment["GEO_REVIEW_TEST_RUN"])


def _remove_run(folder: Path) -> None:
    """Stop and delete every cluster below a run's folder, then the folder; another user's is left to them."""
    try:
        for lock in list(folder.rglob("cluster.lock")):
            cluster.discard(lock.parent)
        shutil.rmtree(folder)
    except (OSError, ClusterUnavailable) as reason:
        print(f"left behind: {folder}: {reason}")  # noqa: T201 the run's result is not concerned


def _is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in environment
