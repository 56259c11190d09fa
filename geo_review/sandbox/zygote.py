"""The process that has every reader loaded and does nothing but start a child for each file. Reads no file itself.

Started by `start`, with an environment of its own, as ``python -I -m geo_review.sandbox.zygote``. It speaks over the
socket that is its standard input: a word and two sockets in (the child's, and a lifeline), for each file. Over the
lifeline goes how the child ended; when the other end of it closes, the child is killed. When its own standard input
closes, it kills what is left and ends.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import asdict

from geo_review.sandbox.child import serve
from geo_review.sandbox.confinement import confine, confine_reading
from geo_review.sandbox.samples import SAMPLES
from geo_review.sandbox.words import ENDED, WORD_BYTES

# Loaded when there is nothing else to do: the formats that need them are rarer, and they take a second.
_IDLE_S = 0.3
_WHEN_IDLE = ("lxml.etree", "ezdxf", "python_calamine", "geo_review.gdal_drivers")


class _Children:
    """The readings that are under way, by the descriptor that tells of their end."""

    def __init__(self) -> None:
        self._by_end: dict[int, tuple[int, socket.socket]] = {}

    def add(self, pid: int, lifeline: socket.socket) -> None:
        self._by_end[os.pidfd_open(pid)] = (pid, lifeline)

    def watched(self) -> list[int]:
        return [*self._by_end, *(lifeline.fileno() for _, lifeline in self._by_end.values())]

    def look_after(self, ready: set[int]) -> None:
        """Reap who has ended, and kill whom nobody waits for any more."""
        for end, (pid, lifeline) in list(self._by_end.items()):
            if end in ready:
                self._reap(end)
            elif lifeline.fileno() in ready:
                os.kill(pid, signal.SIGKILL)
                self._reap(end)

    def end(self) -> None:
        for end, (pid, _) in list(self._by_end.items()):
            os.kill(pid, signal.SIGKILL)
            self._reap(end)

    def close(self) -> None:
        """Let go of everything: what a child does that has been forked beside others."""
        for end, (_, lifeline) in self._by_end.items():
            os.close(end)
            lifeline.close()

    def _reap(self, end: int) -> None:
        pid, lifeline = self._by_end.pop(end)
        _, status = os.waitpid(pid, 0)
        os.close(end)
        with suppress(OSError):  # nobody asks any more
            lifeline.send(ENDED.pack(status))
        lifeline.close()


def main() -> None:
    """Load the readers, shut the door, tell how well it is shut, then start a child for each file."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started us, and they will close the socket
    asking = socket.socket(fileno=0)
    # Opened before the door is shut: they stay of use.
    statm, nowhere = os.open("/proc/self/statm", os.O_RDONLY), os.open(os.devnull, os.O_RDWR)
    confinement = confine()
    for sample in SAMPLES:
        sample()
    asking.send(json.dumps(asdict(confinement)).encode())
    if not select.select([asking], [], [], _IDLE_S)[0]:
        _load_the_rest()
    gc.collect()
    gc.freeze()  # what is loaded stays, and a collection would copy every page of it in each child
    gc.disable()
    _serve(asking, statm, nowhere)


def _serve(asking: socket.socket, statm: int, nowhere: int) -> None:
    children = _Children()
    while True:
        ready = set(select.select([asking.fileno(), *children.watched()], [], [])[0])
        if asking.fileno() in ready:
            word, descriptors, _, _ = socket.recv_fds(asking, WORD_BYTES, 2)
            if not word:
                children.end()
                return
            talk, lifeline = (socket.socket(fileno=number) for number in descriptors)
            mapped_bytes = int(os.pread(statm, 100, 0).split()[0]) * os.sysconf("SC_PAGE_SIZE")
            pid = os.fork()
            if pid == 0:
                try:
                    children.close()
                    lifeline.close()
                    os.close(statm)
                    asking.detach()  # it is standard input
                    os.dup2(nowhere, 0)
                    confine_reading(mapped_bytes)
                    os.dup2(nowhere, 2)
                    os._exit(serve(talk.detach(), word))
                finally:
                    os._exit(1)
            talk.close()
            children.add(pid, lifeline)
        children.look_after(ready)


def _load_the_rest() -> None:
    for name in _WHEN_IDLE:
        try:
            importlib.import_module(name)
        except ImportError as failure:
            print(failure, file=sys.stderr)  # noqa: T201 kept for who looks after the machine


if __name__ == "__main__":
    main()
