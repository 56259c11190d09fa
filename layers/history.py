"""`geo-review layers history [CODE]`: every version of a layer, or of all, with its validity and state."""

from __future__ import annotations

import json

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from geo_review.commands.store_session import transaction
from geo_review.settings import from_environment
from geo_review.store import control_layers
from geo_review.wording import say
from layers.version_words import validity, version_document

_COLUMNS = ("code", "title", "version", "state", "validity", "features", "loaded_at", "sha256")
_WIDTH_IN_A_LOG = 150  # a pipe has no width; rich would fold everything into 80 columns


@click.command()
@click.argument("code", required=False)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序使用。")
def history(code: str | None, as_json: bool) -> None:
    """列出一个图层的全部版本，最近入库的在前；不写 CODE 则列出所有图层。"""
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
    console = Console()
    (console if console.is_terminal else Console(width=_WIDTH_IN_A_LOG)).print(table)
