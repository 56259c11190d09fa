"""Ways to tear a sound file: by its bytes, its numbers, and inside of its zip. The same chance tears the same way."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from geo_review.boundary.received import ReceivedFile

_EXTREMES = (
    *(
        b"nan",
        b"NaN",
        b"inf",
        b"-inf",
        b"1e308",
        b"1e999",
        b"-1",
        b"0",
        b"-0.0",
        b"1e-320",
        b"",
        b"99999999999999999999",
    ),
    *(b"2147483647", b"4294967295", b"9" * 400, "１２".encode(), "٣".encode(), b"0x10", b"1_000", b"1,5", b"+-3", b"."),
)
_WORDS = (b"\x00", b"\xff" * 8, b"\xff\xfe", b"<", b"&a;", b'"', b"]" * 40, b"[" * 40, b"{" * 40, b"\r", "，".encode())
_NUMBER = re.compile(rb"-?\d+(\.\d+)?")
_MOST_BYTES = 1 << 20


def mutated(file: ReceivedFile, chance: random.Random, others: Sequence[ReceivedFile]) -> ReceivedFile:
    """Return the file torn in some way; ``others`` are what a piece may be taken from."""
    content = file.content
    if content[:2] == b"PK" and chance.random() < 0.7:
        return replace(file, content=_in_zip(content, chance, others))
    if file.companions and chance.random() < 0.6:
        name = chance.choice(sorted(file.companions))
        return replace(file, companions=_torn_part(file.companions, name, chance, others))
    return replace(file, content=_torn(content, chance, others))


def _torn(content: bytes, chance: random.Random, others: Sequence[ReceivedFile]) -> bytes:
    made = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        if made:
            chance.choice(_TEARS)(made, chance, others)
    return bytes(made[:_MOST_BYTES])


def _torn_part(
    parts: Mapping[str, bytes], name: str, chance: random.Random, others: Sequence[ReceivedFile]
) -> dict[str, bytes]:
    if chance.random() < 0.2:
        return {other: content for other, content in parts.items() if other != name}
    return {**parts, name: _torn(parts[name], chance, others)}


def _in_zip(content: bytes, chance: random.Random, others: Sequence[ReceivedFile]) -> bytes:
    """Tear a member and pack it anew, so that its checksum is right and the reader behind it sees it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    parts = _torn_part(parts, chance.choice(sorted(parts)), chance, others)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()


def _flip(made: bytearray, chance: random.Random, others: Sequence[ReceivedFile]) -> None:
    made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)


def _set(made: bytearray, chance: random.Random, others: Sequence[ReceivedFile]) -> None:
    made[chance.randrange(len(made))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))


def _set_four(made: bytearray, chance: random.Random, others: Sequence[ReceivedFile]) -> None:
    """A count, a length or an offset that means something else now."""
    at = chance.randrange(max(len(made) - 4, 1))
    number = chance.choice((0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x00010000, len(made), chance.randrange(1 << 32)))
    made[at : at + 4] = number.to_bytes(4, chance.choice(("little", "big")))  # type: ignore[arg-type]


def _cut_off(made: bytearray, chance: random.Random, others: Sequence[ReceivedFile]) -> None:
    del made[chance.randrange(len(made)) :]


def _cut_out(made: bytearray, chance: random.Random, others: Sequence[ReceivedFile]) -> None:
    at = chance.randrange(len(made))
    del made[at : at + chance.choice((1, 2, 8, 100, 1000))]


def _double(made: bytearray, chance: random.Random, others: Sequence[ReceivedFile]) -> None:
    at = chance.randrange(len(made))
    made[at:at] = made[at : at + chance.choice((1, 8, 100, 1000))] * chance.choice((1, 2, 20))


def _swap(made: bytearray, chance: random.Random, others: Sequence[ReceivedFile]) -> None:
    size = chance.choice((4, 8, 64, 256))
    one, other = (chance.randrange(max(len(made) - size, 1)) for _ in range(2))
    made[one : one + size], made[other : other + size] = made[other : other + size], made[one : one + size]


def _put_in(made: bytearray, chance: random.Random, others: Sequence[ReceivedFile]) -> None:
    at = chance.randrange(len(made))
    made[at:at] = chance.choice((*_WORDS, chance.randbytes(chance.choice((1, 4, 64, 1000)))))


def _put_in_other(made: bytearray, chance: random.Random, others: Sequence[ReceivedFile]) -> None:
    """A piece of another format."""
    other = chance.choice(others).content
    start, at = chance.randrange(len(other)), chance.randrange(len(made))
    made[at:at] = other[start : start + chance.choice((8, 100, 2000))]


def _renumber(made: bytearray, chance: random.Random, others: Sequence[ReceivedFile]) -> None:
    found = list(_NUMBER.finditer(made[:100_000]))
    if found:
        number = chance.choice(found)
        made[number.start() : number.end()] = chance.choice(_EXTREMES)


Tear = Callable[[bytearray, random.Random, Sequence[ReceivedFile]], None]
_TEARS: tuple[Tear, ...] = (
    _flip,
    _flip,
    _set,
    _set_four,
    _cut_off,
    _cut_out,
    _double,
    _swap,
    _put_in,
    _put_in_other,
    _renumber,
    _renumber,
)
