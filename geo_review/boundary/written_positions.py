"""The texts in which KML and GML write coordinates: ``x,y,z x,y,z`` and ``x y x y``. Knows no element and no CRS.

Strict: ASCII digits only, nothing is skipped; what is not a position is told with its place in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from geo_review.boundary.model import BoundaryIssue, Coordinates, RawRing
from geo_review.boundary.rings import open_rings

# Of these, `float` takes numbers only; an underscore or a full-width digit would be taken as well.
_CHARACTERS = re.compile(r"[0-9eE.+\-]*|[+-]?(?:nan|inf)", re.IGNORECASE)


class NotPositions(ValueError):
    """A text that is no position: ``text`` as written, ``index`` of the position from 0, and its line."""

    def __init__(self, text: str, index: int, line: int | None) -> None:
        super().__init__(text)
        self.text = text[:40]
        self.index = index
        self.line = line


@dataclass(frozen=True, kw_only=True, slots=True)
class Positions:
    """``coordinates`` (n, 2) as written; ``lines`` parallel to it, or None; ``heights`` tells of third values that are
    not zero and are left out."""

    coordinates: Coordinates
    lines: tuple[int, ...] | None
    heights: bool = False

    def __len__(self) -> int:
        return len(self.coordinates)


def read_tuples(
    text: str, line: int | None, *, between_numbers: str = ",", between_tuples: str = " ", decimal: str = "."
) -> Positions:
    """Read positions of two or three numbers; an empty third one is none. ``line`` is where the text begins.

    Raises NotPositions.
    """
    values: list[tuple[float, ...]] = []
    lines: list[int] = []
    for offset, row in enumerate(text.split("\n")):
        for numbers in _tuples(row, between_numbers.strip(), between_tuples.strip()):
            written = ",".join(numbers)
            if len(numbers) == 3 and not numbers[2]:
                numbers.pop()
            if not 2 <= len(numbers) <= 3:
                raise NotPositions(written, len(values), None if line is None else line + offset)
            values.append(tuple(_numbers(numbers, written, len(values), line, offset, decimal)))
            lines.append(offset)
    heights = any(len(position) > 2 and position[2] != 0.0 for position in values)
    pairs = [position[:2] for position in values]
    return Positions(coordinates=_pairs(pairs), lines=_at(line, lines), heights=heights)


def read_numbers(text: str, line: int | None, *, dimension: int) -> Positions:
    """Read positions of ``dimension`` numbers each, one after another. Raises NotPositions."""
    values: list[float] = []
    lines: list[int] = []
    for offset, row in enumerate(text.split("\n")):
        words = row.split()
        values += _numbers(words, row, len(values) // dimension, line, offset, ".")
        lines += [offset] * len(words)
    if len(values) % dimension:
        raise NotPositions(text[-40:], len(values) // dimension, None if line is None else line + lines[-1])
    columns = np.array(values, dtype=np.float64).reshape(-1, dimension)
    heights = bool((columns[:, 2:] != 0.0).any())
    return Positions(coordinates=columns[:, :2], lines=_at(line, lines[::dimension]), heights=heights)


def read_each(texts: Sequence[str], lines: Sequence[int | None]) -> Positions:
    """Read one position of two or three numbers from each text. Raises NotPositions."""
    values: list[list[float]] = []
    for index, (text, line) in enumerate(zip(texts, lines, strict=True)):
        words = text.split()
        if not 2 <= len(words) <= 3:
            raise NotPositions(text.strip(), index, line)
        values.append(_numbers(words, text, index, line, 0, "."))
    sure = [line for line in lines if line is not None]
    return Positions(
        coordinates=_pairs([position[:2] for position in values]),
        lines=tuple(sure) if len(sure) == len(lines) else None,
        heights=any(len(position) > 2 and position[2] != 0.0 for position in values),
    )


def joined(pieces: Sequence[Positions]) -> Positions:
    """Return positions one after another."""
    sure = all(piece.lines is not None for piece in pieces)
    return Positions(
        coordinates=np.vstack([np.empty((0, 2)), *(piece.coordinates for piece in pieces)]),
        lines=tuple(line for piece in pieces for line in piece.lines or ()) if sure else None,
        heights=any(piece.heights for piece in pieces),
    )


def open_written_rings(rings: Iterable[Positions], *, parcel: int) -> tuple[tuple[RawRing, ...], list[BoundaryIssue]]:
    """Return rings without their closing point, as `open_rings` does, with the lines of their points."""
    written = list(rings)
    opened, issues = open_rings([ring.coordinates for ring in written], parcel=parcel)
    with_lines = tuple(
        replace(ring, lines=read.lines[: len(ring.coordinates)] if read.lines else None)
        for ring, read in zip(opened, written, strict=True)
    )
    placed = []
    for issue in issues:
        lines = written[(issue.where.ring or 1) - 1].lines
        placed.append(replace(issue, where=replace(issue.where, line=lines[-1] if lines else None)))
    return with_lines, placed


def _tuples(row: str, between_numbers: str, between_tuples: str) -> list[list[str]]:
    """The words of each tuple; an empty separator stands for blanks."""
    if between_tuples:
        tuples = [part for part in row.split(between_tuples) if part.strip()]
        return [[word.strip() for word in part.split(between_numbers or None)] for part in tuples]
    if not between_numbers:
        return [[word] for word in row.split()]  # nothing tells tuples apart: none is whole
    tight = re.sub(rf"[ \t]*{re.escape(between_numbers)}[ \t]*", lambda _: between_numbers, row)
    return [part.split(between_numbers) for part in tight.split()]


def _numbers(
    words: Sequence[str], written: str, index: int, line: int | None, offset: int, decimal: str
) -> list[float]:
    try:
        if decimal != ".":
            words = [word.replace(decimal, ".") for word in words]
        if not all(map(_CHARACTERS.fullmatch, words)):
            raise ValueError
        return [float(word) for word in words]
    except ValueError as failure:
        raise NotPositions(written.strip(), index, None if line is None else line + offset) from failure


def _pairs(pairs: Sequence[Sequence[float]]) -> Coordinates:
    return np.array(pairs, dtype=np.float64).reshape(-1, 2)


def _at(line: int | None, offsets: Sequence[int]) -> tuple[int, ...] | None:
    return None if line is None else tuple(line + offset for offset in offsets)
