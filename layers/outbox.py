"""`geo-review layers outbox`: what was left for the province when layers changed. Sends nothing."""

from __future__ import annotations

import json

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from geo_review.commands.store_session import transaction
from geo_review.settings import from_environment
from geo_review.store.outbox import left_messages
from geo_review.wording import say

_COLUMNS = ("id", "made_at", "layer", "version", "action", "file", "problem")
_WIDTH_IN_A_LOG = 150


@click.command()
@click.option("--last", type=click.IntRange(1, 10_000), default=100, show_default=True, help="最近多少条。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序使用。")
def outbox(last: int, as_json: bool) -> None:
    """列出图层变更时留待上报省里的消息，最近的在前。只看，不发送。"""
    with transaction(from_environment()) as session:
        messages = left_messages(session, limit=last)
    if as_json:
        rows = [
            {
                "id": one.id,
                "topic": one.topic,
                "key": one.key,
                **one.payload,
                "content_bytes": one.content_bytes,
                "content_sha256": one.content_sha256,
                "made_at": one.made_at.isoformat(),
            }
            for one in messages
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    if not messages:
        click.echo(say("store.outbox_none"))
        return
    table = Table(box=box.SIMPLE_HEAD)
    for name in _COLUMNS:
        table.add_column(say(f"store.outbox_{name}"))
    for one in messages:
        cells = (
            str(one.id),
            one.made_at.strftime("%Y-%m-%d %H:%M:%S"),
            one.key,
            str(one.payload.get("version", "—")),
            say(f"store.action_{one.payload['action']}"),
            str(one.payload.get("file") or say("store.outbox_later")),
            str(one.payload.get("problem") or "—").splitlines()[0],
        )
        table.add_row(*(Text(cell) for cell in cells))
    console = Console()
    (console if console.is_terminal else Console(width=_WIDTH_IN_A_LOG)).print(table)
