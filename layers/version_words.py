"""How a stored layer version is written for people and for programs. Reads no store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import click

from geo_review.store.control_layers import LayerVersion
from geo_review.wording import say


class _CalendarDay(click.ParamType[date]):
    """A day as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(say("store.not_a_day", value=value), param, ctx)


calendar_day = _CalendarDay()


def version_document(version: LayerVersion) -> dict[str, Any]:
    """Return a version as JSON has it, without its internal number."""
    fields = {key: _iso(value) for key, value in asdict(version).items() if key != "id"}
    return fields | {"state": str(version.state)}


def published_lines(version: LayerVersion, versions: Iterable[LayerVersion]) -> Iterator[str]:
    """Say that a version is published, and what that did to others (those that ended or stopped with it)."""
    yield say("store.layer_published", validity=validity(version.valid_from, version.valid_to))
    for other in versions:
        if other.id == version.id or other.published_at is None:
            continue
        if other.withdrawn_at is not None and other.withdrawn_at == version.published_at:
            yield say("store.layer_withdrawn", version=other.version)
        elif (
            other.withdrawn_at is None
            and other.valid_to == version.valid_from
            and other.valid_to != other.declared_valid_to
        ):
            yield say("store.layer_closed", version=other.version, valid_to=other.valid_to)


def validity(valid_from: date | None, valid_to: date | None) -> str:
    """Return a half-open validity in words."""
    name = {(True, True): "between", (True, False): "from", (False, True): "until", (False, False): "always"}
    return say(
        f"store.validity_{name[valid_from is not None, valid_to is not None]}", valid_from=valid_from, valid_to=valid_to
    )


def _iso(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value
