"""Reads `deliveries.toml`: title, CRS, format and accuracy of each sample layer. Writes nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """How a layer is handed over."""

    title: str
    epsg: int
    suffix: str
    accuracy_m: float


@cache
def read_deliveries() -> Mapping[str, Delivery]:
    """Return the delivery of each layer code."""
    text = resources.files(__package__).joinpath("deliveries.toml").read_text(encoding="utf-8")
    return {code: Delivery(**entry) for code, entry in tomllib.loads(text).items()}
