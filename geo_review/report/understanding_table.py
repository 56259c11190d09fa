"""What was understood of a red-line file on a terminal: the lines, the issues with their places, the refusal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from geo_review.boundary.model import Place
from geo_review.report.folded import Folded
from geo_review.report.labels import label
from geo_review.report.legible import legible_values
from geo_review.report.palette import BY_STATUS, MUTED
from geo_review.report.understanding_facts import understanding_facts
from geo_review.wording import say


def print_understanding(document: Mapping[str, Any], console: Console) -> None:
    """Print a document; the console decides the width and whether there is colour."""
    shown = legible_values(dict(document))
    console.print(Group(_title(shown), _facts(shown), *_issues(shown), *_refusal(shown)), highlight=False)


def _title(document: Mapping[str, Any]) -> Text:
    status = "ok" if document["accepted"] else "error"
    key = "understanding.title_accepted" if document["accepted"] else "understanding.title_refused"
    return Text(f"{document['file']['name']}：{say(key)}", style=f"bold {BY_STATUS[status].ink}")


def _facts(document: Mapping[str, Any]) -> Table:
    table = Table.grid(padding=(0, 2))
    for _ in range(2):
        table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for fact in understanding_facts(document):
        sign = Text(say(f"understanding.sign_{fact.status}"), style=f"bold {BY_STATUS[fact.status].ink}")
        table.add_row(sign, Text(fact.label, style=f"dim {MUTED}"), Folded(f"{fact.value} ← {fact.why}"))
    return table


def _issues(document: Mapping[str, Any]) -> Iterator[RenderableType]:
    if not document["issues"]:
        if document["accepted"]:
            yield Text(say("understanding.no_issues"))
        return
    yield Text(f"\n{say('understanding.issues_title')}", style="bold")
    table = Table.grid(padding=(0, 2))
    for _ in range(2):
        table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for issue in document["issues"]:
        severity = issue["severity"]
        word = Text(label("severity", severity), style=f"bold {BY_STATUS[severity].ink}")
        place = str(Place(**issue["where"]))
        table.add_row(word, Text(issue["code"]), Folded(f"{place}：{issue['message']}" if place else issue["message"]))
    yield table


def _refusal(document: Mapping[str, Any]) -> Iterator[RenderableType]:
    refusal = document["refusal"]
    if refusal is None:
        return
    yield Text(f"\n{refusal['message']}", style=f"bold {BY_STATUS['error'].ink}")
    if refusal["choices"]:
        for choice in refusal["choices"]:
            yield Text(f"  --layer {choice['value']}　{choice['label']}")
    elif refusal["code"] != "invalid_boundary":  # whose lines are the issues
        for line in refusal["lines"]:
            yield Text(f"  {line}")
    if refusal["remedy"]:
        yield Text(refusal["remedy"])
