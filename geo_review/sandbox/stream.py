"""Messages over a stream: what kind, how long, then the bytes. Knows no meaning, and refuses what is too long."""

from __future__ import annotations

import struct
from collections.abc import Callable

QUESTION, ANSWER, LAST_ANSWER, FAULT = b"Q", b"A", b"L", b"F"

_HEAD = struct.Struct("<cQ")
_PIECE_BYTES = 1 << 20

Write = Callable[[memoryview], int]
Read = Callable[[int], bytes]


def send(write: Write, kind: bytes, message: bytes) -> None:
    """Send one message by a function that writes some of what it is given and tells how much."""
    for part in (_HEAD.pack(kind, len(message)), message):
        rest = memoryview(part)
        while rest:
            rest = rest[write(rest[:_PIECE_BYTES]) :]


def receive(read: Read, most_bytes: int) -> tuple[bytes, bytearray]:
    """Return kind and bytes of one message, by a function that reads up to so many bytes, none at the end.

    EOFError when the other side ends, ValueError when the message is too long.
    """
    kind, size = _HEAD.unpack(_exactly(read, _HEAD.size))
    if size > most_bytes:
        raise ValueError(f"a message of {size} bytes")
    return kind, _exactly(read, size)


def _exactly(read: Read, size: int) -> bytearray:
    """Grow with what has come, not with what was announced."""
    got = bytearray()
    while len(got) < size:
        piece = read(min(size - len(got), _PIECE_BYTES))
        if not piece:
            raise EOFError
        got += piece
    return got
