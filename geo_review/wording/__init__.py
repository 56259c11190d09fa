"""The one message catalogue: every sentence a user reads, by key. Another language is another folder of TOML files.

Keys are ``table.name`` (``boundary.ring_not_closed``); the tables are the ``*.toml`` files of a language folder, each
holding ``name = "sentence with {placeholders}"``. A missing key or placeholder is a programming error and raises.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

LANGUAGE = "zh_CN"


def say(key: str, /, **values: object) -> str:
    """Return the sentence of ``key`` with its placeholders filled."""
    return sentences(LANGUAGE)[key].format(**values)


@cache
def sentences(language: str) -> dict[str, str]:
    """Return every sentence of a language, by ``table.name``."""
    found: dict[str, str] = {}
    folder = resources.files(__package__).joinpath(language)
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".toml"):
            table = entry.name.removesuffix(".toml")
            for name, sentence in tomllib.loads(entry.read_text(encoding="utf-8")).items():
                found[f"{table}.{name}"] = sentence
    return found
