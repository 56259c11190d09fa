"""The forms of a page as a browser without scripts fills and sends them. Sends only what the page offers."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx
from lxml import html


def steps_of(page: httpx.Response) -> list[str]:
    """Return the last words of the addresses that the forms of a page are sent to."""
    return [form.get("action").rpartition("/")[2] for form in _tree(page).iter("form")]


def offered(page: httpx.Response, step: str, name: str) -> list[str]:
    """Return the values that can be chosen for a field of a form."""
    fields = [field for field in _fields(page, step) if field.get("name") == name]
    options = [option for field in fields for option in field.iter("option")]
    return [choice.get("value") for choice in (options or fields)]


def sent(page: httpx.Response, step: str) -> dict[str, list[str]]:
    """Return what a form sends when nothing is changed."""
    values: dict[str, list[str]] = {}
    for field in _fields(page, step):
        if field.get("type") in ("radio", "checkbox") and field.get("checked") is None:
            continue
        if field.tag == "select":
            options = list(field.iter("option"))
            chosen = [option for option in options if option.get("selected") is not None] or options[:1]
            values.setdefault(field.get("name"), []).extend(option.get("value") for option in chosen)
        else:
            values.setdefault(field.get("name"), []).append(field.get("value"))
    return values


def press(site: httpx.Client, page: httpx.Response, step: str, **chosen: list[str]) -> httpx.Response:
    """Send a form with other choices; one that the page does not offer fails the test."""
    for name, values in chosen.items():
        there = offered(page, step, name)
        assert set(values) <= set(there), f"{name}: {values} of {there}"
    (form,) = _forms(page, step)
    return site.post(form.get("action"), data={**sent(page, step), **chosen})


def follow(site: httpx.Client, answer: httpx.Response) -> httpx.Response:
    """Return the page that an answer leads to."""
    assert answer.status_code == 303, answer.text
    return site.get(answer.headers["location"])


def words_of(page: httpx.Response, path: str) -> list[str]:
    """Return the texts of some elements, white space folded."""
    return [" ".join(element.text_content().split()) for element in _tree(page).xpath(path)]


def links_of(page: httpx.Response, path: str) -> list[str]:
    """Return where some links lead."""
    return [element.get("href") for element in _tree(page).xpath(path)]


def token_of(page: httpx.Response) -> str:
    """Return the token in a page's own address."""
    return urlsplit(str(page.url)).path.split("/")[2]


def _fields(page: httpx.Response, step: str) -> list[Any]:
    (form,) = _forms(page, step)
    inside = form.xpath(".//input[@name] | .//select | .//textarea")
    return [*inside, *_tree(page).xpath("//input[@form=$id]", id=form.get("id") or "")]


def _forms(page: httpx.Response, step: str) -> list[Any]:
    return [form for form in _tree(page).iter("form") if form.get("action").endswith(f"/{step}")]


def _tree(page: httpx.Response) -> Any:
    return html.fromstring(page.text)
