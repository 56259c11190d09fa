"""What every request passes first: its size, where it comes from, and the headers of its answer. Reads no body."""

from __future__ import annotations

from collections.abc import Awaitable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.failures import answer
from api.problems import Problem
from api.security_headers import add_security_headers
from api.uploads import MOST_BODY_BYTES, MOST_JSON_BYTES, MOST_UPLOAD_BYTES
from geo_review.wording import say

_CHANGES_NOTHING = ("GET", "HEAD", "OPTIONS")
_OF_OURS = ("same-origin", "none")


class Gate:
    """ASGI middleware of plain functions: it hands on the awaitable of whoever answers.

    A form on somebody else's page can post to us with the user's browser; browsers say so, and it is refused.
    HEAD is answered as GET without the body, which the server leaves out.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] != "http":
            return self._app(scope, receive, send)

        def send_with_headers(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                add_security_headers(MutableHeaders(scope=message))
            return send(message)

        problem = _problem(scope["method"], Headers(scope=scope))
        if problem is not None:
            return answer(scope, problem)(scope, receive, send_with_headers)
        if scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        return self._app(scope, receive, send_with_headers)


def _problem(method: str, headers: Headers) -> Problem | None:
    if method not in _CHANGES_NOTHING and not _comes_from_us(headers):
        return Problem(status=403, code="foreign_origin", detail=say("api.foreign_origin"))
    is_form = headers.get("content-type", "").lower().startswith("multipart/")
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length) > (MOST_BODY_BYTES if is_form else MOST_JSON_BYTES):
        return Problem(
            status=413,
            code="request_too_large",
            detail=say("api.request_too_large"),
            remedy=say("api.request_too_large_remedy", most=MOST_UPLOAD_BYTES // 2**20),
        )
    return None


def _comes_from_us(headers: Headers) -> bool:
    """Tell whether a page of ours, or no page at all, sent the request; programs send neither header."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in _OF_OURS
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
