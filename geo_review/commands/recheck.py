"""`geo-review recheck`: which live projects a new version of a control layer means something for, and what."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.orm import Session

from geo_review.commands.file_outputs import write_all
from geo_review.commands.progress import progress_bar
from geo_review.commands.project_values import parse_as_of
from geo_review.commands.store_session import transaction
from geo_review.errors import InvalidOption
from geo_review.report.recheck_sheet import recheck_workbook
from geo_review.rules.load import DEFAULT_RULEBOOK, parse_rulebook, read_rulebook
from geo_review.settings import account_name, from_environment, legal_today, moment_now
from geo_review.store.control_layers import LayerVersion, get_version
from geo_review.store.rechecks import StoredRecheck
from geo_review.usecases.last_change import last_change
from geo_review.usecases.recheck import keep_recheck
from geo_review.usecases.recheck import recheck as recheck_layer
from geo_review.usecases.recheck_document import recheck_document
from geo_review.wording import say

_COLUMNS = ("change", "code", "name", "before", "after", "area_before", "area_after")
_WIDTH_IN_A_LOG = 150


@click.command()
@click.option("--layer", "code", required=True, metavar="CODE", help="哪个图层。")
@click.option("--from", "earlier", metavar="V1", help="变更前的版本；默认为最近一次发布所取代的版本。")
@click.option("--to", "later", metavar="V2", help="变更后的版本；默认为最近发布的版本。")
@click.option(
    "--rulebook", "rulebook_name", default=DEFAULT_RULEBOOK, show_default=True, help=say("cli.option_rulebook")
)
@click.option("--as-of", metavar="DATE", help=say("cli.option_as_of"))
@click.option("--trial", is_flag=True, help="只试算，不留存、不告知；用于发布之前。")
@click.option("--json", "json_path", metavar="PATH|-", help="清单写为 JSON，- 为标准输出。")
@click.option("--xlsx", "xlsx_path", metavar="PATH", help="清单写为 XLSX。")
def recheck(
    code: str,
    earlier: str | None,
    later: str | None,
    rulebook_name: str,
    as_of: str | None,
    trial: bool,
    json_path: str | None,
    xlsx_path: str | None,
) -> None:
    """图层变更后，复核土地涉及变化的在审项目：新占压、不再占压、占压有变、结论不变。重复运行得到相同的清单。"""
    content = read_rulebook(rulebook_name)
    rulebook = parse_rulebook(content, name=rulebook_name)
    with (
        transaction(from_environment()) as session,
        progress_bar(say("recheck.progress"), quiet=json_path == "-") as progress,
    ):
        versions = _versions(session, code, earlier, later)
        day = parse_as_of(as_of) if as_of else _day(versions[1])
        made = recheck_layer(session, *versions, rulebook=rulebook, as_of=day, progress=progress)
        document = recheck_document(made)
        files = {}
        if json_path and json_path != "-":
            files[json_path] = _json(document).encode()
        if xlsx_path:
            files[xlsx_path] = recheck_workbook(document)
        write_all(files)
        kept = (
            None
            if trial
            else keep_recheck(session, made, rulebook_content=content, by=account_name(), now=moment_now())
        )
    if json_path == "-":
        click.echo(_json(document), nl=False)
        return
    _tell(document, kept)


def _versions(session: Session, code: str, earlier: str | None, later: str | None) -> tuple[LayerVersion, LayerVersion]:
    if (earlier is None) != (later is None):
        raise InvalidOption(code="recheck_versions", message=say("recheck.one_of_two"))
    if earlier is not None and later is not None:
        return get_version(session, code, earlier), get_version(session, code, later)
    return last_change(session, code)


def _day(later: LayerVersion) -> date:
    """Today; for a version that is in force later only, its first day."""
    today = legal_today()
    return later.valid_from if later.valid_from is not None and later.valid_from > today else today


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _tell(document: Mapping[str, Any], kept: StoredRecheck | None) -> None:
    for line in _lines(document):
        click.echo(line)
    if document["projects"]:
        console = Console()
        (console if console.is_terminal else Console(width=_WIDTH_IN_A_LOG)).print(_table(document))
    if kept is None:
        click.echo(say("recheck.trial"))
    elif kept.is_new:
        told = document["rechecked"] - document["counts"]["unaffected"]
        click.echo(say("recheck.kept", id=kept.id, count=told))
    else:
        click.echo(say("recheck.kept_before", id=kept.id))


def _lines(document: Mapping[str, Any]) -> Iterator[str]:
    yield say(
        "recheck.title",
        code=document["layer"]["code"],
        title=document["layer"]["title"],
        earlier=document["from"]["version"],
        later=document["to"]["version"],
        as_of=document["as_of"],
        rulebook=document["rulebook"]["id"],
        edition=document["rulebook"]["edition"],
    )
    yield say("recheck.land", added=f"{document['area_added_m2']:,.2f}", removed=f"{document['area_removed_m2']:,.2f}")
    if not document["projects"]:
        yield say("recheck.none_met")
        return
    yield say("recheck.looked_at", live=document["live_projects"], rechecked=document["rechecked"])


def _table(document: Mapping[str, Any]) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for name in _COLUMNS:
        table.add_column(say(f"recheck.column_{name}"), justify="right" if name.startswith("area") else "left")
    for project in document["projects"]:
        for rule in project["rules"]:
            cells = (
                say(f"recheck.change_{project['change']}"),
                project["code"],
                project["name"],
                say(f"report.outcome_{rule['before']['outcome']}"),
                say(f"report.outcome_{rule['after']['outcome']}"),
                f"{rule['before']['area_planar_m2']:,.2f}",
                f"{rule['after']['area_planar_m2']:,.2f}",
            )
            table.add_row(*(Text(cell) for cell in cells))
    return table
