"""One server of the embedded PostGIS: initdb, settings, pg_ctl, its database. Its callers hold the home's lock."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import time
from contextlib import closing

import psycopg2
from sqlalchemy import URL

from geo_review.errors import ClusterUnavailable
from geo_review.store import postmaster
from geo_review.store.cluster_place import Place, make_socket_folder
from geo_review.store.programs import Programs, find_programs
from geo_review.wording import say

DRIVER = "postgresql+psycopg2"
HAS_POSTGIS = "SELECT 1 FROM pg_extension WHERE extname = 'postgis'"
_DATABASE = "geo_review"
_OWNER = "geo_review"
_START_LIMIT_S = 120
_LOG_LIMIT_BYTES = 10_000_000
_OTHER_CLIENTS = "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"


def initialise(place: Place, *, durable: bool) -> None:
    """Run initdb into a folder of another name: killed half-way, it leaves nothing that looks like a cluster."""
    fresh = place.folder / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    # Every sign that has a meaning in a URL is in it, so that a missing quote fails on the first day.
    place.write(place.password, f"{secrets.token_urlsafe(24)}@:/?#[]%25&=+\n")
    done = place.run(
        find_programs().path("initdb"),
        "--pgdata=data.new",
        f"--username={_OWNER}",
        "--pwfile=password",
        "--auth-local=trust",  # its socket folder is private to the account
        "--auth-host=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        *([] if durable else ["--no-sync"]),
    )
    if done.returncode != 0:
        raise _unavailable("initdb_failed", done.stdout + done.stderr)
    fresh.rename(place.data)


def serve(place: Place, *, durable: bool) -> None:
    """Start the server unless it runs, and wait until it answers.

    A running one may not: killed a moment ago and not yet gone, or still replaying its log after a crash.
    """
    patience_ends = time.monotonic() + _START_LIMIT_S
    while True:
        if postmaster.running_pid(place) is None:
            _start(place, durable=durable)
        try:
            return _make_database(place)
        except psycopg2.Error as error:
            no_answer = isinstance(error, psycopg2.OperationalError) and error.pgcode is None
            if not no_answer or "authentication failed" in str(error) or time.monotonic() > patience_ends:
                raise _unavailable("cluster_not_answering", str(error)) from error
            time.sleep(0.1)


def halt(place: Place) -> None:
    """Stop the server; its clients are sent away, its data are on disk when this returns."""
    _control(place, _programs_of(place), "stop", "-m", "fast")


def is_idle(place: Place) -> bool:
    """Return whether nobody but us is connected to the running server."""
    return not ask(url_of(place, "postgres"), _OTHER_CLIENTS)


def url_of(place: Place, database: str = _DATABASE) -> URL:
    """Return the SQLAlchemy URL of a database of the server."""
    return URL.create(
        DRIVER,
        username=_OWNER,
        password=place.password.read_text(encoding="utf-8").rstrip("\n"),
        host="127.0.0.1",
        port=int(place.port.read_text()),
        database=database,
    )


def ask(url: URL, statement: str) -> list[tuple[object, ...]]:
    """Run one statement of ours outside any transaction; return its rows, none when it has none."""
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg2.connect(dsn, application_name="geo-review db", connect_timeout=10)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


def _start(place: Place, *, durable: bool) -> None:
    programs = _programs_of(place)
    postmaster.clear_after_kill(place)
    make_socket_folder(place)
    if place.log.is_file() and place.log.stat().st_size > _LOG_LIMIT_BYTES:
        place.log.replace(place.log.with_suffix(".log.1"))
    for attempt in range(5):
        port = _free_port(place, keep=attempt == 0)
        _configure(place, port=port, durable=durable)
        written = place.log.stat().st_size if place.log.is_file() else 0
        try:
            return _control(place, programs, "start", "-l", "server.log")
        except ClusterUnavailable:
            # Somebody may have taken the port between our look and PostgreSQL's.
            if "could not bind" not in _log_since(place, written):
                raise _unavailable("cluster_did_not_start", _log_since(place, written)) from None
    raise _unavailable("no_free_port", _log_since(place, written))


def _configure(place: Place, *, port: int, durable: bool) -> None:
    main = place.data / "postgresql.conf"
    text = main.read_text(encoding="utf-8")
    if "include = 'geo-review.conf'" not in text:
        place.write(main, f"{text}\ninclude = 'geo-review.conf'\n")
    given = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": place.socket_folder,
        "unix_socket_permissions": "0700",
        "cluster_name": "geo-review",
        "shared_buffers": "256MB",
        "work_mem": "32MB",
        "maintenance_work_mem": "256MB",
        "max_wal_size": "2GB",
        "random_page_cost": 1.1,  # solid state disks: the planner should trust the GiST index
        "jit": "off",  # our statements are short; compiling them costs more than running them
        "timezone": "Asia/Shanghai",
        "log_timezone": "Asia/Shanghai",
        "log_line_prefix": "%m [%p] %a ",
        **({} if durable else {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}),
    }
    lines = [f"{name} = '{value}'" for name, value in given.items()]
    place.write(place.data / "geo-review.conf", "\n".join(["# Written at every start.", *lines, ""]))
    place.write(place.port, f"{port}\n")


def _free_port(place: Place, *, keep: bool) -> int:
    """Return the port of last time when ``keep`` and nobody else has it, else a free one."""
    if keep and place.port.is_file():
        last = int(place.port.read_text())
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", last))
                return last
            except OSError:
                pass
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _control(place: Place, programs: Programs, *words: str) -> None:
    # Relative paths: pg_ctl hands the data folder to a shell, where a `$` in the clone's path would be expanded.
    done = place.run(programs.path("pg_ctl"), "-D", "data", "-w", "-t", str(_START_LIMIT_S), *words)
    if done.returncode != 0:
        raise _unavailable("pg_ctl_failed", done.stdout + done.stderr)


def _programs_of(place: Place) -> Programs:
    return find_programs(wanted=int((place.data / "PG_VERSION").read_text()))


def _make_database(place: Place) -> None:
    """Make the database and its PostGIS when they are not there: a first start may have been killed before this."""
    if not ask(url_of(place, "postgres"), f"SELECT 1 FROM pg_database WHERE datname = '{_DATABASE}'"):  # noqa: S608 ours
        ask(url_of(place, "postgres"), f"CREATE DATABASE {_DATABASE}")
    if not ask(url_of(place), HAS_POSTGIS):
        ask(url_of(place), "CREATE EXTENSION postgis")


def _log_since(place: Place, start: int) -> str:
    if not place.log.is_file():
        return ""
    with place.log.open("rb") as log:
        log.seek(start, os.SEEK_SET)
        return log.read().decode("utf-8", "replace")


def _unavailable(code: str, said: str) -> ClusterUnavailable:
    return ClusterUnavailable(
        code=code,
        message=say("setup.cluster_failed"),
        lines=tuple(said.strip().splitlines()[-8:]),
        remedy=say("setup.cluster_failed_remedy"),
    )
