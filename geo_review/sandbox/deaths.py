"""What a reading that ended without an answer is to the user: a refusal that says what happened. Reads no file."""

from __future__ import annotations

import os
import signal

from geo_review.errors import UnreadableBoundary
from geo_review.sandbox.limits import MOST_MEMORY_BYTES, MOST_WALL_S
from geo_review.sandbox.start import Ended
from geo_review.sandbox.words import OUT_OF_MEMORY
from geo_review.wording import say


def refusal_of(ended: Ended) -> UnreadableBoundary:
    """Return the refusal of a file whose reading ended so."""
    status = ended.status or 0
    killed_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if ended.overdue or killed_by == signal.SIGXCPU:
        return _refused("parse_timeout")
    # Nobody but the kernel kills it otherwise: where the machine has no memory left.
    if killed_by == signal.SIGKILL or (os.WIFEXITED(status) and os.WEXITSTATUS(status) == OUT_OF_MEMORY):
        return _refused("parse_memory")
    return _refused("parse_crashed")


def unbelievable() -> UnreadableBoundary:
    """Return the refusal of a file whose reading gave an answer that cannot be true."""
    return _refused("parser_answer")


def in_words(ended: Ended) -> str:
    """Return for the operator's log how a reading ended."""
    if ended.fault is not None:
        return ended.fault
    if ended.overdue:
        return f"not done within {MOST_WALL_S:g} s"
    status = ended.status or 0
    if os.WIFSIGNALED(status):
        return f"killed by {signal.Signals(os.WTERMSIG(status)).name}"
    return f"exit status {os.WEXITSTATUS(status)}"


def _refused(code: str) -> UnreadableBoundary:
    return UnreadableBoundary(
        code=code,
        message=say(f"sandbox.{code}", seconds=f"{MOST_WALL_S:g}", memory=f"{MOST_MEMORY_BYTES / 2**30:g}"),
        remedy=say(f"sandbox.{code}_remedy"),
    )
