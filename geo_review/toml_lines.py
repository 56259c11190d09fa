"""Where every key of a TOML text stands: path → line. Reads positions only; values, and whether the text is TOML at
all, are the business of `tomllib`, which keeps no positions."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

Path = tuple[str | int, ...]

_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'  # the closing quotes may follow up to two quotes of the text
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"[^,\]}#\n]*")
_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class RepeatedKey(Exception):
    """The same key twice in one table; raised to stop reading where tomllib stopped."""

    path: Path
    first_line: int
    second_line: int


def key_lines(text: str) -> Mapping[Path, int]:
    """Return the line (from 1) of every key, table and array element of a TOML text with ``\\n`` line ends.

    The third key of the second ``[[rule]]`` is ``("rule", 1, "title")``; a table stands on its header, an element of an
    array on its first character. The text must be TOML as far as its first repeated key, where `RepeatedKey` is raised.
    """
    return _Reader(text).document()


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """Return the line of a path, or of the nearest table above it that is written down; 1 for the whole document."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._lines: dict[Path, int] = {}
        self._elements: dict[Path, int] = {}  # how many [[headers]] an array of tables has had so far

    def document(self) -> Mapping[Path, int]:
        table: Path = ()
        while self._skip(_BLANK) < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
        return self._lines

    def _header(self) -> Path:
        line = self._line()
        brackets = 2 if self._text.startswith("[[", self._at) else 1
        self._at += brackets
        *parents, name = self._key()
        self._at += brackets
        path = (*self._tables((), parents, line), name)
        self._lines.setdefault(path, line)
        if brackets == 2:
            self._elements[path] = self._elements.get(path, 0) + 1
            path = (*path, self._elements[path] - 1)
            self._lines[path] = line
        return path

    def _pair(self, table: Path) -> None:
        line = self._line()
        *parents, name = self._key()
        path = (*self._tables(table, parents, line), name)
        if path in self._lines:
            raise RepeatedKey(path=path, first_line=self._lines[path], second_line=line)
        self._lines[path] = line
        self._at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(path)

    def _tables(self, table: Path, names: list[str], line: int) -> Path:
        """Walk down dotted names, noting the tables they open; an array of tables means its last element."""
        for name in names:
            table = (*table, name)
            self._lines.setdefault(table, line)
            if table in self._elements:
                table = (*table, self._elements[table] - 1)
        return table

    def _key(self) -> list[str]:
        """Read a key with its dots, and the blanks after it."""
        names: list[str] = []
        while True:
            self._skip(_SPACE)
            quoted = self._take(_STRING)
            names.append(tomllib.loads(f"key = {quoted}")["key"] if quoted else self._take(_BARE_KEY))
            self._skip(_SPACE)
            if not self._text.startswith(".", self._at):
                return names
            self._at += 1

    def _value(self, path: Path) -> None:
        opening = self._text[self._at]
        if opening == "[":
            self._array(path)
        elif opening == "{":
            self._inline_table(path)
        elif not self._take(_STRING):
            self._take(_BARE_VALUE)

    def _array(self, path: Path) -> None:
        self._at += 1
        count = 0
        while self._text[self._skip(_BLANK)] != "]":
            self._lines[(*path, count)] = self._line()
            self._value((*path, count))
            self._comma()
            count += 1
        self._at += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while self._text[self._skip(_BLANK)] != "}":
            self._pair(path)
            self._comma()
        self._at += 1

    def _comma(self) -> None:
        if self._text[self._skip(_BLANK)] == ",":
            self._at += 1

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            return ""
        self._at = match.end()
        return match.group()

    def _skip(self, pattern: re.Pattern[str]) -> int:
        self._take(pattern)
        return self._at

    def _line(self) -> int:
        return bisect_right(self._line_starts, self._at)
