"""Chinese text on a terminal: broken between any two characters but before closing and after opening punctuation.

rich breaks at blanks only, so that a Chinese sentence with one number in it would break there and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

_OPENING, _CLOSING = "“‘（《〈【〔", "”’）》〉】〕，。；：、！？％%"
_PIECE = re.compile(rf"[{_OPENING}]*(?:[!-~]+|[^{_OPENING}])[{_CLOSING}]*|[{_OPENING}]+")
_NARROWEST = 8


@dataclass(frozen=True, slots=True)
class Folded:
    """One paragraph in one style, as a rich renderable; what does not fit into ``most_lines`` ends in an ellipsis."""

    text: str
    style: str = ""
    most_lines: int | None = None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = list(fold(self.text, options.max_width))
        if self.most_lines is not None and len(lines) > self.most_lines:
            shown = lines[: self.most_lines]
            lines = [*shown[:-1], set_cell_size(shown[-1], options.max_width - 1).rstrip() + "…"]
        for line in lines:
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
