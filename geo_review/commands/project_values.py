"""Reading ``--as-of``, ``--set`` and ``--crs``: what a user says of the date, the project and the coordinates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

import click

from geo_review.errors import InvalidOption
from geo_review.identifiers import checked_text
from geo_review.rules.flows import flow_slug
from geo_review.settings import legal_today
from geo_review.wording import say

FLOW = "flow"


def parse_as_of(text: str | None) -> date:
    """Return the legal date of a review, today (civil time of China) when none is given."""
    if text is None:
        return legal_today()
    try:
        # Python would also take 20261123 and 2026-W48-1, which the API does not.
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 a day has no zone
    except ValueError as error:
        raise InvalidOption(code="invalid_as_of", message=say("cli.invalid_as_of", given=text)) from error


def parse_values(pairs: Iterable[str]) -> dict[str, str]:
    """Return ``KEY=VALUE`` pairs as a dict; a key twice, an empty key or no ``=`` is refused."""
    values: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        key, value = key.strip(), value.strip()
        if not (equals and key and value):
            raise InvalidOption(code="invalid_set", message=say("cli.invalid_set", given=pair))
        if key in values:
            raise InvalidOption(code="invalid_set", message=say("cli.set_twice", key=key))
        key, value = checked_text("--set", key), checked_text("--set", value)
        values[key] = flow_slug(value) if key == FLOW else value
    return values


class EpsgCode(click.ParamType[int]):
    """``4547`` or ``EPSG:4547``, as people write it."""

    name = "EPSG"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        found = re.fullmatch(r"(?:EPSG:{1,2})?([0-9]{1,9})", str(value).strip(), re.ASCII | re.IGNORECASE)
        if found is None:
            raise InvalidOption(code="invalid_crs", message=say("cli.invalid_crs", given=value))
        return int(found[1])


EPSG_CODE = EpsgCode()
