"""`geo-review sandbox`: how the processes that read files are shut in, shown and tried. Changes nothing."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table

from geo_review.sandbox.confinement import Confinement
from geo_review.sandbox.pool import ParserPool
from geo_review.wording import say

_POSSIBLE = 1


@click.group(help=say("sandbox.command_help"))
def sandbox() -> None:
    """The processes that read files."""


@sandbox.command(help=say("sandbox.check_help"))
@click.option("--json", "as_json", is_flag=True, help=say("sandbox.option_json"))
def check(as_json: bool) -> None:
    """Show each wall, and whether what an attacker would try is prevented; exit 1 when something is possible."""
    with ParserPool() as parser:
        confinement, prevented = parser.confinement(), parser.probe()
    if as_json:
        document = {
            "network_shut": confinement.without_network,
            "files_shut": confinement.without_files,
            "layers": [asdict(layer) for layer in confinement.layers],
            "prevented": prevented,
        }
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        _print(confinement, prevented)
    if not all(prevented.values()):
        sys.exit(_POSSIBLE)


def _print(confinement: Confinement, prevented: dict[str, bool]) -> None:
    table = Table(title=say("sandbox.title"), title_justify="left")
    for column in ("layer", "state", "meaning"):
        table.add_column(say(f"sandbox.column_{column}"))
    for layer in confinement.layers:
        state = say("sandbox.holds" if layer.holds else "sandbox.missing")
        reason = f"（{layer.reason}）" if layer.reason else ""
        table.add_row(layer.name, state, say(f"sandbox.layer_{layer.name}") + reason)
    table.add_section()
    for name, was_prevented in prevented.items():
        state = say("sandbox.prevented" if was_prevented else "sandbox.possible")
        table.add_row(name, state, say(f"sandbox.attempt_{name}"))
    Console().print(table)
