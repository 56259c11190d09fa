"""Chinese text on a terminal: broken between any two characters but before closing and after opening punctuation.

rich breaks at blanks only, so that a Chinese sentence with one number in it would break there and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

_OPENING, _CLOSING = "“‘（《〈【〔", "”’）》〉】〕，。；：、！？％%"
_PIECE = re.compile(rf"[{_OPENING}]*(?:[!-~]+|[^{_OPENING}])[{_CLOSING}]*|[{_OPENING}]+")
_NARROWEST = 8


@dataclass(frozen=True, slots=True)
class Folded:
    """One paragraph in one style, as a rich renderable."""

    text: str
    style: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in fold(self.text, options.max_width):
            yield Text(line, style=self.style, no_wrap=True, overflow="fold")

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        widest = min(cell_len(self.text), options.max_width)
        return Measurement(min(_NARROWEST, widest), widest)


def fold(text: str, width: int) -> Iterator[str]:
    """Yield the lines of a paragraph, none wider than ``width`` cells unless one piece alone is."""
    line = ""
    for piece in _PIECE.findall(text):
        if line and cell_len(line + piece.rstrip()) > width:
            yield line.rstrip()
            line = piece.lstrip()
        else:
            line += piece
    yield line.rstrip()
