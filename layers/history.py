"""`geo-review layers history [CODE]`: every version of a layer, or of all, with its validity and state."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from geo_review.commands.store_session import transaction
from geo_review.settings import from_environment
from geo_review.store import control_layers
from geo_review.store.layer_tenures import events_of
from geo_review.wording import say
from layers.version_words import validity, version_document

_COLUMNS = ("code", "title", "version", "state", "validity", "features", "loaded_at", "sha256")
_EVENT_COLUMNS = ("at", "version", "action", "by", "reason")
_WIDTH_IN_A_LOG = 150  # a pipe has no width; rich would fold everything into 80 columns


@click.command()
@click.argument("code", required=False)
@click.option("--events", "with_events", is_flag=True, help="列出对 CODE 各版本的操作：何时、何人、做了什么、理由。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序使用。")
def history(code: str | None, with_events: bool, as_json: bool) -> None:
    """列出一个图层的全部版本，最近入库的在前；不写 CODE 则列出所有图层。"""
    if with_events:
        _tell_events(code, as_json=as_json)
        return
    with transaction(from_environment()) as session:
        versions = control_layers.history(session, code) if code else control_layers.list_layers(session)
    if as_json:
        click.echo(json.dumps([version_document(version) for version in versions], ensure_ascii=False, indent=2))
        return
    if not versions:
        click.echo(say("store.history_none"))
        return
    table = Table(box=box.SIMPLE_HEAD)
    for name in _COLUMNS:
        table.add_column(say(f"store.column_{name}"), justify="right" if name == "features" else "left")
    for version in versions:
        cells = (
            version.layer_code,
            version.title,
            version.version,
            say(f"store.state_{version.state}"),
            validity(version.valid_from, version.valid_to),
            f"{version.feature_count:,}",
            version.loaded_at.strftime("%Y-%m-%d %H:%M"),
            version.sha256[:12],
        )
        table.add_row(*(Text(cell) for cell in cells))
    _print(table)


def _tell_events(code: str | None, *, as_json: bool) -> None:
    if code is None:
        raise click.UsageError(say("store.events_of_which"))
    with transaction(from_environment()) as session:
        control_layers.history(session, code)
        events = events_of(session, code)
    if as_json:
        rows = [asdict(event) | {"action": str(event.action), "at": event.at.isoformat()} for event in events]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table(box=box.SIMPLE_HEAD)
    for name in _EVENT_COLUMNS:
        table.add_column(say(f"store.column_{name}"))
    for event in events:
        cells = (
            event.at.strftime("%Y-%m-%d %H:%M:%S"),
            event.version,
            say(f"store.action_{event.action}"),
            event.by or "—",
            event.reason or "—",
        )
        table.add_row(*(Text(cell) for cell in cells))
    _print(table)


def _print(table: Table) -> None:
    console = Console()
    (console if console.is_terminal else Console(width=_WIDTH_IN_A_LOG)).print(table)
