"""`geo-review simulate`: which of the last reviews a draft rulebook or a draft layer version would change."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import click

from geo_review.commands.progress import progress_bar
from geo_review.commands.store_session import transaction
from geo_review.errors import InvalidOption
from geo_review.rules.load import parse_rulebook, read_rulebook
from geo_review.settings import from_environment
from geo_review.store.control_layers import get_version
from geo_review.usecases.simulate import simulate as try_draft
from geo_review.usecases.simulate import simulation_document
from geo_review.wording import say

_MOST_SHOWN = 50


@click.command()
@click.option("--rulebook", "rulebook_name", metavar="NAME|FILE", help="拟用的规则集；默认各次审查自己的规则集。")
@click.option("--layer", "code", metavar="CODE", help="拟用的图层版本：图层代码。")
@click.option("--version", metavar="V", help="拟用的图层版本：版本号，可以尚未发布。")
@click.option("--last", type=click.IntRange(1, 100_000), default=100, show_default=True, help="最近多少次审查。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序使用。")
def simulate(rulebook_name: str | None, code: str | None, version: str | None, last: int, as_json: bool) -> None:
    """发布之前试算：按拟用的规则集或图层版本重做最近的审查，列出结论会变的。什么也不存。"""
    if (code is None) != (version is None) or (code is None and rulebook_name is None):
        raise InvalidOption(code="simulate_what", message=say("simulate.what"), remedy=say("simulate.what_remedy"))
    rulebook = None if rulebook_name is None else parse_rulebook(read_rulebook(rulebook_name), name=rulebook_name)
    with (
        transaction(from_environment()) as session,
        progress_bar(say("simulate.progress"), quiet=as_json) as progress,
    ):
        draft = None if code is None or version is None else get_version(session, code, version)
        made = try_draft(session, last=last, rulebook=rulebook, draft=draft, progress=progress)
    document = simulation_document(made, rulebook, draft)
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    for line in _lines(document):
        click.echo(line)


def _lines(document: Mapping[str, Any]) -> Iterator[str]:
    yield say(
        "simulate.summary",
        reviews=document["reviews"],
        changed=document["changed"],
        verdicts=document["verdicts_changed"],
    )
    for change in document["changes"][:_MOST_SHOWN]:
        yield say(
            "simulate.change",
            review=change["review"],
            project=change["project"],
            name=change["name"],
            before=say(f"report.verdict_{change['verdict_before']}"),
            after=say(f"report.verdict_{change['verdict_after']}"),
        )
        for rule in change["rules"]:
            yield say(
                "simulate.rule",
                title=rule["title"],
                before=_outcome(rule["before"]),
                after=_outcome(rule["after"]),
                area_before=f"{rule['area_before_m2']:,.2f}",
                area_after=f"{rule['area_after_m2']:,.2f}",
            )
    if len(document["changes"]) > _MOST_SHOWN:
        yield say("simulate.more", count=len(document["changes"]) - _MOST_SHOWN)


def _outcome(outcome: str | None) -> str:
    return say("simulate.no_rule") if outcome is None else say(f"report.outcome_{outcome}")
