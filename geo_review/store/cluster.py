"""The embedded PostGIS: a private PostgreSQL cluster of one home, made, started and stopped. Knows no tables.

It touches no system service, no port and no database that it did not start. Every change is made under a lock file
of the home, so that two starts at once are one start.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from geo_review.errors import ClusterUnavailable
from geo_review.settings import Settings
from geo_review.store import postmaster, server
from geo_review.store.cluster_place import make_place, remembered_place
from geo_review.store.given_database import checked_url
from geo_review.store.programs import find_programs
from geo_review.wording import say


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterStatus:
    """What there is of a home's cluster; ``folder`` is None when it was never made."""

    folder: Path | None
    moved: bool
    pid: int | None
    port: int | None

    @property
    def running(self) -> bool:
        return self.pid is not None


def database_url(settings: Settings) -> str:
    """Return the SQLAlchemy URL of the deployment's PostGIS; the embedded one is started for it."""
    if settings.database_url is None:
        return ensure_running(settings.home)
    return checked_url(settings.database_url)


def ensure_running(home: Path, *, durable: bool = True) -> str:
    """Make and start the cluster of ``home`` when needed, and return the SQLAlchemy URL of its database.

    ``durable=False`` is for throw-away clusters: faster, and lost when the machine stops. Raises MissingPrograms or
    another ClusterUnavailable.
    """
    with _only_one(home):
        place = remembered_place(home)
        if place is None:
            find_programs()
            place = make_place(home)
        if not (place.data / "PG_VERSION").is_file():
            server.initialise(place, durable=durable)
        server.serve(place, durable=durable)
        return server.url_of(place).render_as_string(hide_password=False)


def stop(home: Path, *, only_when_idle: bool = False) -> bool:
    """Stop the cluster of ``home``, its clients with it, unless ``only_when_idle`` and there are any.

    Return whether one was stopped.
    """
    if not home.is_dir():
        return False
    with _only_one(home):
        place = remembered_place(home)
        if place is None or postmaster.running_pid(place) is None:
            return False
        if only_when_idle and not server.is_idle(place):
            return False
        server.halt(place)
        return True


def discard(home: Path) -> None:
    """Stop the cluster of ``home`` and delete all that there is of it: for throw-away clusters."""
    stop(home)
    place = remembered_place(home)
    if place is not None:
        shutil.rmtree(place.socket_folder, ignore_errors=True)
        shutil.rmtree(place.folder)
        (home / "cluster.place").unlink(missing_ok=True)


def status(home: Path) -> ClusterStatus:
    """Return what there is of the cluster of ``home``; changes nothing."""
    place = remembered_place(home)
    if place is None:
        return ClusterStatus(folder=None, moved=False, pid=None, port=None)
    pid = postmaster.running_pid(place)
    port = int(place.port.read_text()) if pid is not None else None
    return ClusterStatus(folder=place.folder, moved=place.moved, pid=pid, port=port)


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = (home / "cluster.lock").open("a")  # closed below: opening has its own errors
    except OSError as error:
        raise ClusterUnavailable(
            code="home_not_writable",
            message=say("setup.home_not_writable", home=home, reason=error.strerror),
            remedy=say("setup.choose_home"),
        ) from error
    with closing(lock):
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
