"""What pydantic finds wrong with a call, in sentences that name the field and what would be right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.problems import Mistake, Problem
from geo_review.wording import say

_LONGEST_QUOTE = 60

# pydantic's type of error → our sentence; its own text is English and shows our insides.
_SENTENCES: Mapping[str, str] = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "json_invalid": "json_invalid",
    "value_error": "value",
    "int_parsing": "integer",
    "int_type": "integer",
    "int_from_float": "integer",
    "int_parsing_size": "integer",
    "float_parsing": "number",
    "float_type": "number",
    "finite_number": "number",
    "bool_parsing": "boolean",
    "bool_type": "boolean",
    "string_type": "text",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "too_long": "too_many",
    "dict_type": "object",
    "mapping_type": "object",
    "model_attributes_type": "object",
    "model_type": "object",
    "list_type": "list",
    "enum": "one_of",
    "literal_error": "one_of",
    "greater_than_equal": "at_least",
    "less_than_equal": "at_most",
}


def problem_of_fields(found: Sequence[Mapping[str, Any]]) -> Problem:
    """Return the problem of a call that does not fit: 400 for the query and for broken JSON, else 422."""
    mistakes = tuple(_mistake(error) for error in found)
    places = {str(error["loc"][0]) for error in found if error["loc"]}
    is_call = places <= {"query", "header"} or any(error["type"] == "json_invalid" for error in found)
    return Problem(
        status=400 if is_call else 404 if places == {"path"} else 422,
        code="invalid_call",
        detail=say("api.invalid_call", mistakes="；".join(mistake.message for mistake in mistakes)),
        errors=mistakes,
    )


def _mistake(error: Mapping[str, Any]) -> Mistake:
    field = ".".join(str(step) for step in error["loc"][1:]) or str(error["loc"][0] if error["loc"] else "body")
    sentence = _SENTENCES.get(error["type"], "value")
    limits = error.get("ctx") or {}
    if sentence == "missing":
        return Mistake(field=field, message=say("api.field_missing", field=field))
    return Mistake(
        field=field,
        message=say(
            f"api.field_{sentence}",
            field=field,
            given=_quoted(error.get("input")),
            expected=limits.get("expected", ""),
            least=limits.get("ge", limits.get("min_length", "")),
            most=limits.get("le", limits.get("max_length", "")),
        ),
    )


def _quoted(given: object) -> str:
    """Return what was given, short enough to be read and without its line feeds."""
    text = " ".join(str(given).split()) if isinstance(given, str | int | float | bool) else type(given).__name__
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"
