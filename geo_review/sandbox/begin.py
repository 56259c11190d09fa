"""Begins to load the readers before the rest of a command is loaded, so that both load at the same time.

Imports next to nothing: that is its use. A process begins at most one, and whoever takes it has it for good.
"""

from __future__ import annotations

from contextlib import suppress

from geo_review.sandbox.start import Zygote

_begun: list[Zygote] = []


def begin() -> None:
    """Start a zygote for the pool that will be built; a start that fails is the pool's to tell."""
    with suppress(OSError):
        _begun.append(Zygote())


def begun() -> Zygote | None:
    """Take the zygote that was begun, if one was."""
    return _begun.pop() if _begun else None
