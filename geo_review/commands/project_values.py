"""Reading ``--as-of`` and ``--set``: what a user says of the date and of the project."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from geo_review.errors import InvalidOption
from geo_review.identifiers import checked_text
from geo_review.settings import legal_today
from geo_review.wording import say


def parse_as_of(text: str | None) -> date:
    """Return the legal date of a review, today (civil time of China) when none is given."""
    if text is None:
        return legal_today()
    try:
        return date.fromisoformat(text)
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
        values[checked_text("--set", key)] = checked_text("--set", value)
    return values
