"""Errors as problem details (RFC 9457): the one table of HTTP statuses. Logs nothing and shows no foreign text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Response

from geo_review.errors import (
    Choice,
    ChoiceNeeded,
    ClusterUnavailable,
    Conflict,
    GeoReviewError,
    InvalidOption,
    NotAllowed,
    NotFound,
    ParserUnavailable,
    RefusedInput,
    TooLarge,
)
from geo_review.wording import LANGUAGE, say, sentences

MEDIA_TYPE = "application/problem+json"

# The nearest ancestor counts. An error of ours that is not here is a fault of ours: 500.
STATUS: Mapping[type[GeoReviewError], int] = {
    RefusedInput: 422,  # read, and its content cannot be accepted
    InvalidOption: 400,  # a field of the call has an impossible value
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    TooLarge: 413,
    ClusterUnavailable: 503,
    ParserUnavailable: 503,
}
FAULT = 500

# The command line's options are fields here.
_OPTION = re.compile(r"--([a-z][a-z-]*)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mistake:
    """One thing that is wrong: in a field of the call (``limit``), or at a place in a file (no field)."""

    message: str
    field: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """What a caller is told. ``code`` is stable; the sentences are for people."""

    status: int
    code: str
    detail: str
    remedy: str | None = None
    errors: tuple[Mistake, ...] = ()
    choices: tuple[Choice, ...] = ()

    @property
    def title(self) -> str:
        """The status in words."""
        return sentences(LANGUAGE).get(f"api.status_{self.status}", str(self.status))


def problem_of(error: GeoReviewError) -> Problem:
    """Return the problem that one of our errors is."""
    status = next((STATUS[ancestor] for ancestor in type(error).__mro__ if ancestor in STATUS), FAULT)
    if status == FAULT:
        return Problem(status=FAULT, code=error.code, detail=error.message)
    return Problem(
        status=status,
        code=error.code,
        detail=in_field_names(error.message),
        remedy=_remedy(error),
        errors=tuple(Mistake(message=in_field_names(line)) for line in error.lines),
        choices=error.choices if isinstance(error, ChoiceNeeded) else (),
    )


def fault(incident: str) -> Problem:
    """Return the problem of a fault of ours: the number to find it by in the log, nothing else."""
    return Problem(
        status=FAULT,
        code="internal_error",
        detail=say("api.internal_error", incident=incident),
        remedy=say("api.internal_error_remedy"),
    )


def unavailable() -> Problem:
    """Return the problem of a database that does not answer."""
    return Problem(
        status=503,
        code="database_unavailable",
        detail=say("api.database_unavailable"),
        remedy=say("api.database_unavailable_remedy"),
    )


def as_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return problem+json; a text that is no text (half a surrogate pair) cannot break it."""
    body: dict[str, object] = {
        "type": f"urn:geo-review:problem:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
    }
    if problem.remedy:
        body["remedy"] = problem.remedy
    if problem.errors:
        body["errors"] = [
            {"field": mistake.field, "message": mistake.message} if mistake.field else {"message": mistake.message}
            for mistake in problem.errors
        ]
    if problem.choices:
        body["choices"] = [{"value": choice.value, "label": choice.label} for choice in problem.choices]
    content = json.dumps(body, ensure_ascii=False).encode("utf-8", errors="replace")
    return Response(content, status_code=problem.status, media_type=MEDIA_TYPE, headers=dict(headers or {}))


def _remedy(error: GeoReviewError) -> str | None:
    """Return what to do here, where a command to type is no help."""
    own = sentences(LANGUAGE).get(f"api.remedy_{error.code}")
    return own or (in_field_names(error.remedy) if error.remedy else None)


def in_field_names(text: str) -> str:
    """Return a sentence with the options of the command line (``--as-of``) called as the fields are (``as_of``)."""
    return _OPTION.sub(lambda found: found[1].replace("-", "_"), text)
