"""What a hostile file would reach for: a canary that counts its openings, an address its callers."""

from __future__ import annotations

import ctypes
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_LIBC = ctypes.CDLL(None, use_errno=True)
_IN_OPEN, _IN_NONBLOCK = 0x20, os.O_NONBLOCK


@dataclass(kw_only=True)
class Watched:
    """``canary`` is a sound GeoJSON in the city; ``address`` is ``http://127.0.0.1:port``."""

    canary: Path
    address: str
    _events: int
    _callers: list[object]

    def openings(self) -> int:
        """Return how often the canary was opened since the last call, at least: twice at once is told once."""
        try:
            return len(os.read(self._events, 1 << 16)) // 16  # an event of a file by itself has no name behind it
        except BlockingIOError:
            return 0

    def connections(self) -> int:
        """Return how often the address was called until now."""
        host, _, port = self.address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as last:  # whoever called before it is counted before it
            name = last.getsockname()
            while name not in self._callers:
                time.sleep(0.001)
        self._callers.remove(name)
        return len(self._callers)


@contextmanager
def watched(folder: Path) -> Iterator[Watched]:
    """Lay the canary out and listen, while the block runs."""
    canary = folder / "canary.geojson"
    ring = [[115.02, 35.76], [115.03, 35.76], [115.03, 35.77], [115.02, 35.77], [115.02, 35.76]]
    canary.write_text(json.dumps({"type": "Polygon", "coordinates": [ring], "name": "TOP-SECRET"}))
    listening = socket.create_server(("127.0.0.1", 0))
    events = _LIBC.inotify_init1(_IN_NONBLOCK)
    _LIBC.inotify_add_watch(events, os.fsencode(canary), _IN_OPEN)
    callers: list[object] = []
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    here = Watched(canary=canary, address=address, _events=events, _callers=callers)

    def count() -> None:
        while True:
            try:
                caller, name = listening.accept()
            except OSError:
                return
            callers.append(name)
            caller.close()

    counting = threading.Thread(target=count, daemon=True)
    counting.start()
    try:
        yield here
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        counting.join()
        os.close(events)
