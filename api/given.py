"""Fields of a call as values: dates, EPSG codes, flows, KEY=VALUE pairs. An impossible one is refused with its name."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date

from geo_review.errors import InvalidOption
from geo_review.identifiers import checked_text
from geo_review.rules.flows import flows
from geo_review.rules.load import DEFAULT_RULEBOOK, parse_rulebook, read_packaged_rulebook
from geo_review.rules.rulebook import Rulebook
from geo_review.settings import legal_today
from geo_review.wording import say

MOST_VALUES = 100
LONGEST_VALUE = 500
UNDECIDED_FLOW = "undecided"  # said on purpose: a form that says nothing is refused

_EPSG = re.compile(r"(?:EPSG:)?(\d{4,6})", re.ASCII | re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def given_day(text: str | None, *, field: str = "as_of") -> date:
    """Return a legal date, today (civil time of China) when none is given."""
    if not (text or "").strip():
        return legal_today()
    assert text is not None
    try:
        # Python also reads 20261123 and weeks; a legal date is written one way only.
        if not _DAY.fullmatch(text.strip()):
            raise ValueError(text)
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidOption(code=f"invalid_{field}", message=say("api.invalid_day", field=field, given=text)) from error


def given_epsg(text: str | None, *, field: str = "crs") -> int | None:
    """Return an EPSG code, written 4547 or EPSG:4547; whether it fits the file is found out in reading it."""
    if not (text or "").strip():
        return None
    assert text is not None
    written = _EPSG.fullmatch(text.strip())
    if written is None:
        raise InvalidOption(code="invalid_crs", message=say("api.invalid_crs", field=field, given=text))
    return int(written[1])


def given_values(pairs: Iterable[str], *, field: str = "set") -> dict[str, str]:
    """Return ``KEY=VALUE`` pairs; a pair without ``=``, an empty key or value, or a key twice is refused."""
    values: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = (part.strip() for part in pair.partition("="))
        if not (equals and key and value):
            raise InvalidOption(code="invalid_set", message=say("api.invalid_set", field=field, given=pair))
        if key in values:
            raise InvalidOption(code="invalid_set", message=say("api.set_twice", field=field, key=key))
        values[key] = value
    return checked_values(values, field=field)


def given_plan_values(text: str) -> dict[str, str]:
    """Return the values of a form, one a line; the flow has a field of its own, where it cannot be misspelt."""
    values = given_values([line for line in text.splitlines() if line.strip()])
    if any(unicodedata.normalize("NFKC", key).casefold() == "flow" for key in values):
        raise InvalidOption(code="flow_among_values", message=say("site.flow_among_values"))
    return values


def given_flow(slug: str) -> str | None:
    """Return a flow of the city, None for one that is undecided; nothing and anything else are refused."""
    if slug == UNDECIDED_FLOW:
        return None
    if slug not in {flow.slug for flow in flows()}:
        raise InvalidOption(
            code="flow_missing",
            message=say("site.flow_unknown", given=slug) if slug else say("site.flow_missing"),
            remedy=say("site.flow_missing_remedy"),
        )
    return slug


def checked_values(values: Mapping[str, object], *, field: str) -> dict[str, str]:
    """Return values of a project as texts: texts as they are, numbers as JSON writes them."""
    if len(values) > MOST_VALUES:
        raise InvalidOption(code="too_many_values", message=say("api.too_many_values", field=field, most=MOST_VALUES))
    return {
        checked_text(field, key.strip()): _value(f"{field}.{ascii(key)[1:-1]}", value) for key, value in values.items()
    }


def given_rulebook(name: str | None) -> tuple[Rulebook, bytes]:
    """Return a rulebook of the package and its bytes. The name comes from the network: it opens no file."""
    name = (name or "").strip() or DEFAULT_RULEBOOK
    content = read_packaged_rulebook(name)
    return parse_rulebook(content, name=name), content


def _value(field: str, value: object) -> str:
    text = value if isinstance(value, str) else _number(value)
    if text is None or not text.strip() or len(text) > LONGEST_VALUE:
        raise InvalidOption(code="invalid_value", message=say("api.invalid_value", field=field, most=LONGEST_VALUE))
    return checked_text(field, text.strip())


def _number(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return repr(value)
