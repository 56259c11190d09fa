"""Templates into answers: one jinja2 environment, everything escaped, no page without its security policy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from urllib.parse import quote

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from api.given import UNDECIDED_FLOW
from api.pages.refusal import in_form_words
from api.problems import Problem
from api.security_headers import SITE_POLICY, map_policy
from geo_review import __version__
from geo_review.report.labels import label, words
from geo_review.report.legible import legible
from geo_review.rules.flows import flows
from geo_review.settings import CIVIL_TIME
from geo_review.wording import LANGUAGE, sentences
from geo_review.wording.figures import mu, square_metres

LEAFLET = "/static/leaflet"


def page(
    template: str,
    *,
    status: int = 200,
    map_fragment: str | None = None,
    headers: Mapping[str, str] | None = None,
    **values: object,
) -> HTMLResponse:
    """Return a page. ``map_fragment`` is HTML of our own making; its scripts become part of the page's policy."""
    text = _templates().get_template(template).render(map_fragment=map_fragment, **values)
    policy = map_policy(map_fragment) if map_fragment else SITE_POLICY
    return HTMLResponse(
        text.encode("utf-8", errors="replace"),
        status_code=status,
        headers={"Content-Security-Policy": policy, **(headers or {})},
    )


def failure_page(problem: Problem, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    """Return the page of a problem that belongs to no form."""
    return page("failure.html", status=problem.status, headers=headers, problem=problem)


def project_page_address(code: str) -> str:
    """Return the address of a project's page."""
    return f"/projects/{quote(code, safe='')}"


def flow_title(slug: str | None) -> str:
    """Return a flow in the city's words; one that the city does not have stays as it is."""
    return {flow.slug: flow.title for flow in flows()}.get(slug or "", slug or "")


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("api.pages", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        words=_table("site"),
        importing=_table("importing"),
        understanding=_table("understanding"),
        told=words(),
        flows=flows(),
        undecided_flow=UNDECIDED_FLOW,
        version=__version__,
    )
    environment.filters.update(
        square_metres=square_metres,
        mu=mu,
        day=_day,
        moment=_moment,
        legible=legible,
        flow=flow_title,
        address=project_page_address,
        label=_labelled,
        form_words=in_form_words,
        figure=lambda value: f"{value:,}",
    )
    return environment


def _table(name: str) -> dict[str, str]:
    """Return a table of the catalogue by the short names of its sentences."""
    return {key.partition(".")[2]: text for key, text in sentences(LANGUAGE).items() if key.startswith(f"{name}.")}


def _labelled(code: str, group: str) -> str:
    return label(group, code)


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _moment(value: datetime) -> str:
    return value.astimezone(CIVIL_TIME).strftime("%Y-%m-%d %H:%M")
