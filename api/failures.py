"""What a caller is answered when something went wrong: problem+json under /api, a page elsewhere. Never a traceback."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError
from starlette.exceptions import HTTPException
from starlette.types import Scope

from api.field_mistakes import problem_of_fields
from api.pages.rendering import failure_page
from api.problems import FAULT, Problem, as_response, fault, problem_of, unavailable
from api.security_headers import add_security_headers
from geo_review.errors import GeoReviewError
from geo_review.wording import say

_log = logging.getLogger(__name__)

_PROGRAMS = ("/api", "/healthz", "/readyz")
_STATUS_CODES: Mapping[int, str] = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "request_too_large",
}


def install_failures(app: FastAPI) -> None:
    """Give every kind of exception its answer."""
    app.add_exception_handler(GeoReviewError, _on_our_error)
    app.add_exception_handler(RequestValidationError, _on_mistaken_fields)
    app.add_exception_handler(HTTPException, _on_http_error)
    for kind in (OperationalError, InterfaceError, TimeoutError):
        app.add_exception_handler(kind, _on_silent_database)
    app.add_exception_handler(Exception, _on_fault)


def answer(scope: Scope, problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return a problem in the form that who asks can read."""
    if str(scope["path"]).startswith(_PROGRAMS):
        return as_response(problem, headers)
    return failure_page(problem, headers)


def _on_our_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, GeoReviewError)
    problem = problem_of(error)
    return _on_fault(request, error) if problem.status == FAULT else answer(request.scope, problem)


def _on_mistaken_fields(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return answer(request.scope, problem_of_fields(error.errors()))


def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = error.status_code
    problem = Problem(
        status=status,
        code=_STATUS_CODES.get(status, "refused"),
        detail=say(f"api.{_STATUS_CODES.get(status, 'refused')}", method=request.method, path=request.url.path),
    )
    return answer(request.scope, problem, error.headers)


def _on_silent_database(request: Request, error: Exception) -> Response:
    _log.error("database: %s %s", request.method, request.url.path, exc_info=error)
    return answer(request.scope, unavailable(), {"Retry-After": "5"})


def _on_fault(request: Request, error: Exception) -> Response:
    incident = secrets.token_hex(4)
    _log.error("incident %s: %s %s", incident, request.method, request.url.path, exc_info=error)
    # The server closes the connection of a request that failed this way; a client must not send its next one on it.
    response = answer(request.scope, fault(incident), {"Connection": "close"})
    add_security_headers(response.headers)  # this handler stands outside of the gate
    return response
