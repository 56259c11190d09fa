"""`geo-review layers`: the commands of this door, one module each. Gathers them, does nothing itself."""

from __future__ import annotations

import click

from layers.check import check
from layers.diff import diff
from layers.history import history
from layers.load import load
from layers.outbox import outbox
from layers.package import package
from layers.publish import publish
from layers.withdraw import rollback, withdraw


@click.group()
def layers() -> None:
    """控制线图层：检查、导入、发布、撤回、比较、历史、打包。"""


for command in (check, load, publish, withdraw, rollback, diff, history, package, outbox):
    layers.add_command(command)
