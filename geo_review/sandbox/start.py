"""One zygote as its starter sees it: a process, a socket to ask it over, and how it is shut in. Reads no file.

Whatever goes wrong with it is `ZygoteLost`; what goes wrong with one child is told in its `Ended`.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from geo_review.sandbox.stream import ANSWER, FAULT, QUESTION, receive, send
from geo_review.sandbox.words import ENDED

_MODULE = "geo_review.sandbox.zygote"
_START_LIMIT_S = 60.0
_PATIENCE_S = 10.0  # for a child that is killed to be gone
_TOLD_BYTES = 1 << 16
_ERRORS_BYTES = 4000
# Nothing of our own environment: it may hold passwords.
_ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    "HOME": "/dev/null",  # libraries look for settings of their own there: none
    "PROJ_NETWORK": "OFF",
    "OPENBLAS_NUM_THREADS": "1",  # threads do not survive a fork
    "OMP_NUM_THREADS": "1",
}


class ZygoteLost(Exception):
    """The zygote did not start, or is gone; the text is for the operator's log."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """What became of one question: the ``answer``, or a ``fault`` of ours, or how the child died without one."""

    answer: bytearray | None = None
    fault: str | None = None
    overdue: bool = False
    status: int | None = None  # as waitpid(2) says it


class Talk:
    """One child, asked one question after another; it ends with the ``with`` block at the latest."""

    def __init__(self, talk: socket.socket, lifeline: socket.socket, lost: Callable[[str], ZygoteLost]) -> None:
        self._talk, self._lifeline, self._lost = talk, lifeline, lost
        self.over = False

    def __enter__(self) -> Talk:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the child: it is killed if it is still there."""
        self.over = True
        self._talk.close()
        self._lifeline.close()

    def ask(self, question: bytes, *, wall_s: float, most_bytes: int) -> Ended:
        """Send a question and wait for what becomes of it. Afterwards the talk may be ``over``."""
        until_s = time.monotonic() + wall_s

        def in_time() -> socket.socket:
            self._talk.settimeout(max(until_s - time.monotonic(), 0.001))
            return self._talk

        overdue = False
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # it has died: what it says of that comes below
                send(lambda part: in_time().send(part), QUESTION, question)
            kind, message = receive(lambda most: in_time().recv(most), most_bytes)
            self.over = kind != ANSWER
            return Ended(fault=message.decode(errors="replace")) if kind == FAULT else Ended(answer=message)
        except TimeoutError:
            overdue = True
        except (EOFError, ConnectionResetError):
            pass
        except ValueError as failure:
            self.over = True
            return Ended(fault=f"the answer: {failure}")
        self.over = True
        return Ended(overdue=overdue, status=self._status())

    def _status(self) -> int:
        try:
            self._lifeline.shutdown(socket.SHUT_WR)  # nobody waits any more: the child is killed if it is still there
            self._lifeline.settimeout(_PATIENCE_S)
            said = self._lifeline.recv(ENDED.size)
        except OSError as failure:
            raise self._lost(f"it does not end its child: {failure}") from failure
        if len(said) != ENDED.size:
            raise self._lost("it is gone")
        status: int = ENDED.unpack(said)[0]
        return status


class Zygote:
    """A started zygote. Threads may ask it at the same time."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._asking = ours
        self._errors = os.memfd_create("errors", os.MFD_CLOEXEC)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-m", _MODULE],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                env=_ENVIRONMENT,
                cwd="/",
                start_new_session=True,  # Ctrl-C is for us; we end it
            )
        self._told: dict[str, object] | None = None
        self._listening = threading.Lock()
        self._end = weakref.finalize(self, _end, self._process, ours, self._errors, os.getpid())

    def close(self) -> None:
        """End it, and every child of it."""
        self._end()

    def told(self) -> dict[str, object]:
        """Wait until it is ready; return what it says of its walls (see `confinement`)."""
        with self._listening:
            if self._told is None:
                self._asking.settimeout(_START_LIMIT_S)
                try:
                    said = self._asking.recv(_TOLD_BYTES)
                except OSError as failure:
                    raise self._lost(f"no word of it: {failure}") from failure
                if not said:
                    raise self._lost("it ended at its start")
                self._asking.settimeout(None)
                self._told = json.loads(said)
            return self._told

    def talk(self, word: bytes) -> Talk:
        """Have a child started for ``word``, and return what to ask it by."""
        self.told()
        talk, their_talk = socket.socketpair()
        lifeline, their_lifeline = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with their_talk, their_lifeline:
            try:
                socket.send_fds(self._asking, [word], [their_talk.fileno(), their_lifeline.fileno()])
            except OSError as failure:
                talk.close()
                lifeline.close()
                raise self._lost(f"it is gone: {failure}") from failure
        return Talk(talk, lifeline, self._lost)

    def _lost(self, reason: str) -> ZygoteLost:
        return ZygoteLost(f"{reason}; {self._last_words()}")

    def _last_words(self) -> str:
        with suppress(OSError):
            size = os.fstat(self._errors).st_size
            return os.pread(self._errors, _ERRORS_BYTES, max(size - _ERRORS_BYTES, 0)).decode(errors="replace")
        return ""


def _end(process: subprocess.Popen[bytes], asking: socket.socket, errors: int, owner: int) -> None:
    asking.close()
    os.close(errors)
    if os.getpid() != owner:
        process.returncode = 0  # a fork of ours: the process is not its own to end
        return
    process.kill()  # its children die with it
    process.wait()
