"""Finds the SQL files of the store by name. Builds no SQL."""

from __future__ import annotations

from functools import cache
from importlib import resources

from sqlalchemy import TextClause, text


@cache
def statement(name: str) -> TextClause:
    """Return ``sql/<name>.sql``; binds are ``:name``, cast with CAST(:name AS type), never ``:name::type``."""
    return text(resources.files(__package__).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8"))
