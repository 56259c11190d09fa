"""Whether a running site answers as it should, asked over HTTP like any client. Changes nothing on it."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import click

from geo_review.errors import ClusterUnavailable
from geo_review.wording import say

_PATIENCE_S = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class _Question:
    path: str
    expected: str  # a text that the answer contains


def check_site(address: str, project_code: str, review_id: int) -> None:
    """Ask for one answer of every kind and print each; raise on the first that is not as it should be."""
    code = quote(project_code, safe="")
    for question in (
        _Question(path="/healthz", expected="ok"),
        _Question(path="/readyz", expected="ok"),
        _Question(path="/", expected=project_code[:4]),
        _Question(path=f"/projects/{code}", expected=project_code),
        _Question(path="/layers", expected="STBHHX"),
        _Question(path=f"/api/v1/projects/{code}", expected='"reviews"'),
        _Question(path=f"/api/v1/reviews/{review_id}", expected="geo-review/report/1"),
        _Question(path=f"/api/v1/reviews/{review_id}.pdf", expected="%PDF-"),
        _Question(path="/static/leaflet/leaflet.js", expected="Leaflet"),
    ):
        _ask(address, question)
    click.echo(say("serving.all_checked"))


def _ask(address: str, question: _Question) -> None:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=_PATIENCE_S)
    try:
        connection.request("GET", question.path)
        response = connection.getresponse()
        status, text = response.status, response.read().decode("utf-8", errors="replace")
    except OSError as error:
        raise _failed(question, str(error)) from error
    finally:
        connection.close()
    if status != 200:
        raise _failed(question, f"HTTP {status}")
    if question.expected not in text:
        raise _failed(question, say("serving.expected", text=question.expected))
    click.echo(say("serving.checked", what=question.path, status=status))


def _failed(question: _Question, reason: str) -> ClusterUnavailable:
    return ClusterUnavailable(
        code="site_check_failed", message=say("serving.check_failed", what=question.path, reason=reason)
    )
