"""What an attacker who has taken a reading over would try, tried: whether the walls hold is seen, not believed.

Harmless where they do not hold: nothing is sent, an empty file that was made is removed, a process that was started
ends at once.
"""

from __future__ import annotations

import json
import mmap
import os
import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from geo_review.sandbox.limits import MOST_MEMORY_BYTES

_FOREIGN = Path("/etc/passwd")  # anybody may read it, and no reading has a use for it


def probe() -> bytes:
    """Try everything; return for each attempt whether it was prevented."""
    return json.dumps({name: _prevented(attempt) for name, attempt in _ATTEMPTS.items()}).encode()


def _prevented(attempt: Callable[[], None]) -> bool:
    try:
        attempt()
    except (OSError, MemoryError):
        return True
    return False


def _read_file() -> None:
    _FOREIGN.read_bytes()


def _write_file() -> None:
    path = Path("/tmp") / f"geo-review-probe-{os.getpid()}"  # noqa: S108 whether it can be made is the question
    with path.open("xb"):
        path.unlink()


def _use_network() -> None:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probing:
        probing.connect(("127.0.0.1", 9))  # sends nothing: a datagram socket only remembers it


def _start_process() -> None:
    if os.fork() == 0:
        os._exit(0)


def _signal_process() -> None:
    os.kill(os.getppid(), 0)  # asks whether it could


def _take_memory() -> None:
    mmap.mmap(-1, 2 * MOST_MEMORY_BYTES).close()


def _use_other_driver() -> None:
    from geo_review.gdal_drivers import unexpected  # a second to load: only for who asks

    if not unexpected():
        raise OSError("there is none")


_ATTEMPTS: dict[str, Callable[[], None]] = {
    "read_file": _read_file,
    "write_file": _write_file,
    "use_network": _use_network,
    "start_process": _start_process,
    "signal_process": _signal_process,
    "take_memory": _take_memory,
    "use_other_driver": _use_other_driver,
}
