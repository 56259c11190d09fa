"""Uvicorn under our terms: the port is taken before anything else is done, and the end is clean. Builds no app."""

from __future__ import annotations

import errno
import logging
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from types import FrameType

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from geo_review.errors import ClusterUnavailable, InvalidOption
from geo_review.sandbox.confinement import Confinement
from geo_review.wording import say

_log = logging.getLogger(__name__)

_BACKLOG = 2048
_PATIENCE_S = 20  # for requests that are being answered when the end comes
_START_LIMIT_S = 30
_LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; a port that is taken, or an address that is not ours, is refused."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, OverflowError, UnicodeError) as error:
        raise _cannot_listen("host_unknown", host, port) from error
    listening = socket.socket(family, kind, protocol)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        reason = {errno.EADDRINUSE: "port_in_use", errno.EACCES: "port_not_permitted"}.get(error.errno or 0)
        raise _cannot_listen(reason or "host_not_ours", host, port) from error
    listening.set_inheritable(True)
    return listening


def address_of(listening: socket.socket) -> str:
    """Return the address that a browser on this machine opens."""
    host, port = listening.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"


def log_to_stderr(*, level: int = logging.INFO) -> None:
    """Send our log and the server's to standard error."""
    logging.basicConfig(level=level, format=_LOG_FORMAT)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it says hello at every question to /readyz


def log_confinement(confinement: Confinement) -> None:
    """Tell in the log how the processes that read files are shut in, and what is missing."""
    for layer in confinement.layers:
        if layer.holds:
            _log.info("parser: %s holds", layer.name)
        else:
            _log.warning("parser: %s does not hold: %s", layer.name, layer.reason)


def serve(app: FastAPI, listening: socket.socket, *, access_log: bool = True) -> None:
    """Serve until a signal, then end what was begun; the signal goes on to `signals_end_quietly`."""
    uvicorn.Server(_config(app, access_log=access_log)).run(sockets=[listening])


def serve_by_workers(factory: str, listening: socket.socket, *, workers: int) -> None:
    """Serve from several processes that each make their own app by ``factory``, until a signal."""
    Multiprocess(_config(factory, workers=workers), sockets=[listening]).run()


@contextmanager
def serving(app: FastAPI, listening: socket.socket) -> Iterator[str]:
    """Serve in the background while the block runs; yields the address. For checks and tests."""
    server = uvicorn.Server(_config(app, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    with closing(listening):
        thread.start()
        try:
            patience_ends = time.monotonic() + _START_LIMIT_S
            while not server.started:
                if not thread.is_alive() or time.monotonic() > patience_ends:
                    raise ClusterUnavailable(code="site_not_started", message=say("serving.not_started"))
                time.sleep(0.02)
            yield address_of(listening)
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def signals_end_quietly() -> Iterator[None]:
    """End the block on SIGINT or SIGTERM, so that what it started is stopped behind it.

    Uvicorn catches a signal, stops, and raises it again for us.
    """

    def end(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _config(app: FastAPI | str, *, access_log: bool = True, workers: int | None = None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=workers,
        log_config=None,
        access_log=access_log,
        server_header=False,
        timeout_graceful_shutdown=_PATIENCE_S,
    )


def _cannot_listen(reason: str, host: str, port: int) -> InvalidOption:
    return InvalidOption(
        code=reason,
        message=say(f"serving.{reason}", host=host, port=port),
        remedy=say("serving.choose_port"),
    )
