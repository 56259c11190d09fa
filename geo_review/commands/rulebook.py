"""`geo-review rulebook`: lists, shows and checks rulebooks. Judges nothing and changes no file."""

from __future__ import annotations

import json

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from geo_review.rules.flows import flows
from geo_review.rules.load import load_rulebook, packaged_rulebooks
from geo_review.rules.rulebook import Rule, Rulebook
from geo_review.wording import say

_SCHEMA = "geo-review/rulebook/1"
_WIDTH_IN_A_LOG = 150  # a pipe has no width; rich would fold everything into 80 columns


@click.group()
def rulebook() -> None:
    """规则：列出、查看、检查。"""


@rulebook.command("list")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def list_rulebooks(as_json: bool) -> None:
    """列出自带的规则。"""
    books = {name: load_rulebook(name) for name in packaged_rulebooks()}
    if as_json:
        _echo_json([{"name": name, **_summary(book)} for name, book in books.items()])
        return
    table = _table("name", "edition", "book", "rules", "layers")
    for name, book in books.items():
        table.add_row(name, book.edition, book.title or "", str(len(book.rule)), str(len(book.layer_codes)))
    _console().print(table)


@rulebook.command()
@click.argument("name_or_file")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def show(name_or_file: str, as_json: bool) -> None:
    """查看一部规则的每一条。NAME_OR_FILE 是自带规则的名称，或 .toml 文件。"""
    book = load_rulebook(name_or_file)
    if as_json:
        _echo_json({"schema": _SCHEMA, "sha256": book.sha256, **book.model_dump(mode="json")})
        return
    table = _table("layer", "title", "kind", "limits", "department", "days", "basis", "confirmed")
    for rule in book.rule:
        table.add_row(
            rule.layer,
            _title(rule),
            say(f"rules.kind_{rule.kind}"),
            _limits(rule),
            book.department_name(rule.department) if rule.department else "",
            str(rule.respond_within_workdays or ""),
            rule.basis or "",
            say("rules.confirmed_yes" if rule.basis_confirmed else "rules.confirmed_no"),
        )
    console = _console()
    console.print(Text(_headline(book), style="bold"))
    console.print(table)
    for line in _remarks(book):
        console.print(Text(line))


@rulebook.command()
@click.argument("name_or_file")
def check(name_or_file: str) -> None:
    """检查规则文件：没有错误退出码 0；有错误退出码 2，并一次列出全部错误和行号。"""
    book = load_rulebook(name_or_file)
    click.echo(say("rules.checked", name=name_or_file, headline=_headline(book)))
    for line in _remarks(book):
        click.echo(line)


def _headline(book: Rulebook) -> str:
    return say(
        "rules.headline",
        title=book.title or book.id,
        id=book.id,
        edition=book.edition,
        rules=len(book.rule),
        layers=len(book.layer_codes),
        contact_width_mm=f"{book.tolerance.contact_width_m * 1000:g}",
        sha256=book.sha256[:12],
    )


def _remarks(book: Rulebook) -> list[str]:
    """What is no mistake and yet worth a look: bases to be confirmed, flows that no project of the city has."""
    lines = []
    if unconfirmed := sum(not rule.basis_confirmed for rule in book.rule):
        lines.append(say("rules.unconfirmed", count=unconfirmed))
    known = {flow.slug for flow in flows()}
    for rule in book.rule:
        for flow in (rule.when or {}).get("flow", ()):
            if flow not in known:
                lines.append(say("rules.unknown_flow", rule=rule.id, flow=flow, known="、".join(sorted(known))))
    return lines


def _title(rule: Rule) -> str:
    titles = {flow.slug: flow.title for flow in flows()}
    conditions = [
        say("rules.condition", key=key, values="、".join(titles.get(value, value) for value in values))
        for key, values in (rule.when or {}).items()
    ]
    return "\n".join([rule.title, *conditions])


def _limits(rule: Rule) -> str:
    limits = []
    if rule.distance_m is not None:
        limits.append(say("rules.limit_distance", distance_m=f"{rule.distance_m:g}"))
    if rule.attribute is not None and rule.operator is not None:
        limits.append(say("rules.limit_compare", attribute=rule.attribute, operator=rule.operator))
    if rule.outside is not None:
        limits.append(say(f"rules.limit_outside_{rule.outside}"))
    if rule.ignore_below_m2 > 0.0:
        limits.append(say("rules.limit_area", area_m2=f"{rule.ignore_below_m2:g}"))
    return "\n".join(limits)


def _summary(book: Rulebook) -> dict[str, object]:
    return {
        "id": book.id,
        "edition": book.edition,
        "title": book.title,
        "sha256": book.sha256,
        "rules": len(book.rule),
        "layers": list(book.layer_codes),
    }


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_lines=False)
    for column in columns:
        number = column in ("days", "rules", "layers")
        table.add_column(
            say(f"rules.column_{column}"),
            justify="right" if number else "left",
            no_wrap=column in ("layer", "kind", "name", "confirmed"),
            overflow="fold",  # Chinese has no blanks to break at, and rich would cut a legal basis short
        )
    return table


def _console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_WIDTH_IN_A_LOG)


def _echo_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
