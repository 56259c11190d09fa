"""How a stored layer version, and a change of what is published, is written for people and for programs. No store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import click

from geo_review.store.control_layers import LayerVersion
from geo_review.usecases.publish_layer import Publication
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
    """Return a version as JSON has it, without its internal numbers."""
    fields = {key: _iso(value) for key, value in asdict(version).items() if key not in ("id", "tenure_id")}
    return fields | {"state": str(version.state)}


def publication_document(publication: Publication) -> dict[str, Any]:
    """Return a change of what is published as JSON has it: the version, and under ``affected`` the others."""
    return version_document(publication.version) | {
        "affected": [
            {
                "version": one.version.version,
                "effect": str(one.effect),
                "valid_from": _iso(one.version.valid_from),
                "valid_to": _iso(one.version.valid_to),
            }
            for one in publication.affected
        ],
        "package_problem": publication.package_problem,
    }


def affected_lines(publication: Publication) -> Iterator[str]:
    """Say what a change did to the other versions of the layer, and what keeps it from the province."""
    for one in publication.affected:
        yield say(
            f"store.effect_{one.effect}",
            version=one.version.version,
            valid_to=one.version.valid_to,
            validity=validity(one.version.valid_from, one.version.valid_to),
        )
    if publication.package_problem:
        yield say("store.package_problem")
        yield from (f"    {line}" for line in publication.package_problem.splitlines())


def validity(valid_from: date | None, valid_to: date | None) -> str:
    """Return a half-open validity in words."""
    name = {(True, True): "between", (True, False): "from", (False, True): "until", (False, False): "always"}
    return say(
        f"store.validity_{name[valid_from is not None, valid_to is not None]}", valid_from=valid_from, valid_to=valid_to
    )


def _iso(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value
