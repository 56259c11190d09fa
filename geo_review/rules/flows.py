"""The seven approval flows of the city, by the slug that rulebooks (`when.flow`) and projects use (`flows.toml`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, kw_only=True, slots=True)
class Flow:
    """One flow. ``splclx`` is the nearest 审批流程类型 of the national exchange standard, a local mapping."""

    slug: str
    title: str
    splclx: int


@cache
def flows() -> tuple[Flow, ...]:
    """Return the seven flows in the order of the standard's codes."""
    table = tomllib.loads(resources.files(__package__).joinpath("flows.toml").read_text(encoding="utf-8"))
    return tuple(Flow(slug=slug, **fields) for slug, fields in table.items())


def flow_slug(text: str) -> str:
    """Return the slug of a flow that is called by its title, any other text as it is."""
    return next((flow.slug for flow in flows() if text == flow.title), text)
