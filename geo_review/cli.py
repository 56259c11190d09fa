"""The one command line, `geo-review`: gathers the commands of core and doors; an error exits 2."""

from __future__ import annotations

import sys
from importlib.metadata import entry_points

import click

from geo_review import __version__
from geo_review.errors import GeoReviewError

REFUSED = 2


class _Commands(click.Group):
    """A group whose commands come from the entry-point group ``geo_review.commands``, loaded when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(entry.name for entry in entry_points(group="geo_review.commands"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for entry in entry_points(group="geo_review.commands", name=cmd_name):
            command: click.Command = entry.load()
            return command
        return None


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="geo-review")
def commands() -> None:
    """一张蓝图 空间合规性审查：导入红线，给出结论。"""


def main() -> None:
    """Run the command line; an error a user can act on is printed on stderr, without a traceback, and exits 2."""
    try:
        commands.main(standalone_mode=True)
    except GeoReviewError as error:
        print(f"geo-review: [{error.code}] {error}", file=sys.stderr)
        sys.exit(REFUSED)
