"""Rulebooks from files and from the package. A rulebook with a mistake is refused, every mistake with its line."""

from __future__ import annotations

import hashlib
import re
import tomllib
from bisect import bisect_left
from importlib import resources
from pathlib import Path
from typing import Any

from geo_review.errors import InvalidRulebook, UnknownRulebook
from geo_review.rules.mistakes import Mistake, mistakes_in
from geo_review.rules.rulebook import Rulebook
from geo_review.toml_lines import RepeatedKey, key_lines
from geo_review.wording import say

DEFAULT_RULEBOOK = "puyang-default"

_SUFFIX = ".toml"
_SYNTAX = {  # how tomllib's sentences begin → our sentence
    "Cannot overwrite a value": "overwrite",
    "Duplicate inline table key": "overwrite",
    "Cannot mutate immutable": "overwrite",
    "Cannot declare": "declared_twice",
    "Cannot redefine": "declared_twice",
    "Unclosed array": "array",
    "Unclosed inline table": "inline_table",
    "Unterminated string": "string",
    "Illegal character '\\n'": "string",
    "Unescaped": "escape",
    "Invalid hex value": "escape",
    "Invalid value": "value",
    "Invalid date": "value",
    "Expected '='": "equals",
    "Invalid statement": "statement",
    "Invalid initial character": "statement",
    "Expected newline": "rest_of_line",
    "Expected ']": "header",
}
_PACKAGED = resources.files(__package__).joinpath("rulebooks")


def load_rulebook(name_or_path: str) -> Rulebook:
    """Return a rulebook: a path when it ends in ``.toml`` or is a file, else the name of a packaged one.

    Not for names from the network: a path reads any file (use `packaged_rulebook`).
    """
    return parse_rulebook(read_rulebook(name_or_path), name=name_or_path)


def packaged_rulebook(name: str) -> Rulebook:
    """Return one of the rulebooks that come with the package, by name only."""
    return parse_rulebook(read_packaged_rulebook(name), name=name)


def read_rulebook(name_or_path: str) -> bytes:
    """Return the bytes of a rulebook, named as for `load_rulebook`, unread: for those who keep them."""
    try:
        path = Path(name_or_path)
        if name_or_path.endswith(_SUFFIX) or path.is_file():
            return path.read_bytes()
    except FileNotFoundError as error:
        raise _unknown(say("rules.missing_file", path=name_or_path)) from error
    except OSError as error:
        raise _unknown(say("rules.unreadable_file", path=name_or_path, reason=error.strerror)) from error
    return read_packaged_rulebook(name_or_path)


def packaged_rulebooks() -> tuple[str, ...]:
    """Return the names of the rulebooks that come with the package."""
    names = (entry.name for entry in _PACKAGED.iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)))


def parse_rulebook(content: bytes, *, name: str) -> Rulebook:
    """Return the rulebook written in the bytes of a TOML file; ``name`` is how error lines call the file.

    Raises InvalidRulebook with a line for every mistake: ``name:17: 第17行 规则 X：…``.
    """
    text = _decode(content, name)
    table = _read_toml(text, name)
    found = mistakes_in(table, key_lines(text))
    if found:
        raise _invalid(name, *found)
    return Rulebook.model_validate({**table, "sha256": hashlib.sha256(content).hexdigest()})


def read_packaged_rulebook(name: str) -> bytes:
    """Return the bytes of a rulebook of the package, by name only: the name opens no file."""
    if name not in packaged_rulebooks():
        raise _unknown(say("rules.unknown_rulebook", name=name))
    return _PACKAGED.joinpath(name + _SUFFIX).read_bytes()


def _unknown(message: str) -> UnknownRulebook:
    names = say("rules.packaged_names", names="、".join(packaged_rulebooks()))
    return UnknownRulebook(code="unknown_rulebook", message=message, remedy=names)


def _decode(content: bytes, name: str) -> str:
    try:
        text = content.decode("utf-8-sig")  # Notepad puts a byte order mark before UTF-8
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _invalid(name, Mistake(line=line, text=say("rules.not_utf8"))) from error
    return text.replace("\r\n", "\n")


def _read_toml(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _invalid(name, _syntax_mistake(text, str(error))) from error
    except (ValueError, RecursionError) as error:  # an endless integer, brackets without end: no position is given
        raise _invalid(name, Mistake(line=_first_line_of(text), text=say("rules.toml_too_much"))) from error


def _syntax_mistake(text: str, reason: str) -> Mistake:
    """Put tomllib's one sentence into ours. For a repeated key it stops behind the second; we name both lines."""
    if reason.startswith("Cannot overwrite a value"):
        try:
            key_lines(text)
        except RepeatedKey as twice:
            return Mistake(
                line=twice.second_line,
                text=say("rules.toml_repeated_key", key=twice.path[-1], line=twice.first_line),
            )
    position = re.search(r"at line (\d+)", reason)
    line = int(position.group(1)) if position else text.rstrip().count("\n") + 1
    name = next((ours for theirs, ours in _SYNTAX.items() if reason.startswith(theirs)), "other")
    return Mistake(line=line, text=say(f"rules.toml_{name}", reason=reason))


def _first_line_of(text: str) -> int:
    """Return the line on which tomllib first gives up without a position: once a beginning does, every longer does."""
    lines = text.split("\n")

    def gives_up(count: int) -> bool:
        try:
            tomllib.loads("\n".join(lines[:count]))
        except tomllib.TOMLDecodeError:
            return False
        except (ValueError, RecursionError):
            return True
        return False

    return bisect_left(range(1, len(lines) + 1), True, key=gives_up) + 1


def _invalid(name: str, *mistakes: Mistake) -> InvalidRulebook:
    return InvalidRulebook(
        code="invalid_rulebook",
        message=say("rules.invalid", name=name, count=len(mistakes)),
        lines=tuple(
            say("rules.line", name=name, line=mistake.line, rule=mistake.rule or "", text=mistake.text)
            for mistake in mistakes
        ),
        remedy=say("rules.invalid_remedy"),
    )
