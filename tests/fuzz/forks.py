"""Reads files in forks of this process: no wall stands around them, and one that dies costs the file it died of.

A fork tells of each file when it is done, so that the one that ended it is known; another goes on behind it.
"""

from __future__ import annotations

import faulthandler
import json
import os
import resource
import select
import signal
import time
import warnings
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from geo_review.sandbox.limits import MOST_MEMORY_BYTES, MOST_WALL_S
from tests.fuzz.reading import Making, Outcome, Read, Tally, in_process, memory_mb, outcome_of

_MEMORY_EVERY = 200


class Growth:
    """Of the forks' memory, from what they had after the first files to what they have; the largest, in MB."""

    def __init__(self) -> None:
        self._after_first: dict[int, float] = {}
        self.most_mb = 0.0

    def seen(self, fork: int, memory_mb: float) -> None:
        first = self._after_first.setdefault(fork, memory_mb)
        self.most_mb = max(self.most_mb, memory_mb - first)


class _Fork:
    def __init__(self, makings: Sequence[Making], read: Read) -> None:
        self.makings, self.done, self.said = makings, 0, b""
        self.ours, theirs = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of threads: ours is in accept(2), and holds nothing
            self.pid = os.fork()
        if self.pid == 0:
            try:
                os.close(self.ours)
                _read_in_here(makings, read, theirs)
                os._exit(0)
            finally:
                os._exit(1)
        os.close(theirs)
        self.heard_s = time.monotonic()

    def hear(self) -> list[bytes] | None:
        """Return the lines that came; None at the end."""
        part = os.read(self.ours, 1 << 16)
        if not part:
            return None
        *lines, self.said = (self.said + part).split(b"\n")
        self.heard_s = time.monotonic()
        return lines

    def end(self) -> int:
        """Wait for it; return how it ended, as waitpid(2) says it."""
        os.close(self.ours)
        return os.waitpid(self.pid, 0)[1]


def read_in_forks(
    rows: Sequence[Sequence[Making]], read: Read = in_process, *, most_s: float = MOST_WALL_S
) -> tuple[Tally, Growth]:
    """Read each row in a fork; return what became of the files, and how much the forks grew."""
    tally, growth = Tally(), Growth()
    forks = [_Fork(row, read) for row in rows if row]
    while forks:
        ready = select.select([fork.ours for fork in forks], [], [], 1.0)[0]
        for fork in list(forks):
            if time.monotonic() - fork.heard_s > most_s:
                os.kill(fork.pid, signal.SIGKILL)
            if fork.ours not in ready:
                continue
            lines = fork.hear()
            if lines is not None:
                _count(lines, fork, tally, growth)
                continue
            status = fork.end()
            forks.remove(fork)
            if fork.done < len(fork.makings):
                name = fork.makings[fork.done]().name
                tally.count(name, Outcome(code="died", took_s=0.0, fault=f"it ended the process: {status}"))
                if rest := fork.makings[fork.done + 1 :]:
                    forks.append(_Fork(rest, read))
    return tally, growth


def _count(lines: Sequence[bytes], fork: _Fork, tally: Tally, growth: Growth) -> None:
    for line in lines:
        name, outcome, memory = json.loads(line)
        tally.count(name, Outcome(**outcome))
        fork.done += 1
        if memory:
            growth.seen(fork.pid, memory)


def _read_in_here(makings: Sequence[Making], read: Read, out: int) -> None:
    mapped_bytes = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    most_bytes = mapped_bytes + MOST_MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    faulthandler.disable()  # a death is counted, not printed
    for number, making in enumerate(makings, start=1):
        case = making()
        outcome = outcome_of(case, read)
        memory = memory_mb() if number % _MEMORY_EVERY == 0 or number == len(makings) else 0.0
        os.write(out, json.dumps([case.name, asdict(outcome), memory]).encode() + b"\n")
