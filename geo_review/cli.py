"""The one command line, `geo-review`: gathers the commands of core and doors; an error exits 2."""

from __future__ import annotations

import io
import os
import sys
import tempfile
import traceback
from importlib.metadata import entry_points

import click

from geo_review import __version__
from geo_review.commands.file_outputs import reason_of
from geo_review.commands.usage_errors import usage_sentence
from geo_review.errors import GeoReviewError
from geo_review.sandbox.begin import begin
from geo_review.wording import say

REFUSED = 2
INTERRUPTED = 130

_READING = ("review", "read")  # the commands that begin with a red-line file


class _Commands(click.Group):
    """A group whose commands come from the entry-point group ``geo_review.commands``, loaded when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(entry.name for entry in entry_points(group="geo_review.commands"))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        # The readers of files take as long to load as the command: both at the same time, each in its process.
        if args[:1] and args[0] in _READING and not set(args) & set(ctx.help_option_names):
            begin()
        return super().resolve_command(ctx, args)

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
    """Run the command line. What a user can act on is one sentence on stderr and exit status 2, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal in GBK has no ², and that is no reason to fail
    try:
        status = _run()
        if sys.stdout is not None:
            sys.stdout.flush()
    except GeoReviewError as error:
        status = _refuse(error.code, str(error))
    except OSError as error:
        # Nothing more can go to a stream that broke; at exit Python would flush it again and complain.
        if sys.stdout is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = _refuse("output_failed", say("cli.output_failed", reason=reason_of(error)))
    except Exception as error:  # noqa: BLE001 a fault of ours: told in a sentence, kept for who mends it
        status = _refuse("internal_error", say("cli.internal_error", kind=type(error).__name__, log=_kept(error)))
    sys.exit(status)


def _run() -> int:
    try:
        # None when a command simply ends, a number when click was asked to exit (--help).
        return commands.main(standalone_mode=False) or 0
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else REFUSED if stop.code else 0
    except click.UsageError as error:
        return _refuse("usage", usage_sentence(error))
    except click.Abort:
        return _refuse("interrupted", say("cli.interrupted"), status=INTERRUPTED)


def _refuse(code: str, sentence: str, *, status: int = REFUSED) -> int:
    if sys.stderr is not None:
        print(f"geo-review: [{code}] {sentence}", file=sys.stderr)
    return status


def _kept(error: Exception) -> str:
    """Write the traceback where the user can find it, and name the place."""
    with tempfile.NamedTemporaryFile("w", prefix="geo-review-", suffix=".log", delete=False, encoding="utf-8") as log:
        traceback.print_exception(error, file=log)
    return log.name
