"""`geo-review read FILE`: what is understood of a red-line file, and why. Judges nothing and stores nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console

from geo_review.boundary.asked import Asked
from geo_review.boundary.received import companion_paths
from geo_review.commands.file_outputs import refuse_clashes, write_all
from geo_review.commands.red_line_reading import asked_options, received_path, understand_red_line
from geo_review.commands.report_outputs import STDOUT
from geo_review.errors import InvalidOption
from geo_review.report.document import to_bytes
from geo_review.report.understanding_document import understanding_document
from geo_review.report.understanding_table import print_understanding
from geo_review.settings import from_environment
from geo_review.wording import say

_REFUSED = 2


@click.command(help=say("cli.read_help"))
@click.argument("file", type=click.Path(path_type=Path))
@asked_options
@click.option("--json", "json_path", metavar="PATH", help=say("cli.option_read_json"))
def read(file: Path, asked: Asked, json_path: str | None) -> None:
    """Tell what is understood of a red-line file, whether it would be taken or refused."""
    received = received_path(file)
    if json_path is not None and json_path != STDOUT:
        refuse_clashes([json_path], [file, *companion_paths(file)])
    document = understanding_document(understand_red_line(received, city=from_environment().city, asked=asked))
    if json_path == STDOUT:
        _write_out(to_bytes(document))
    else:
        if json_path is not None:
            write_all({json_path: to_bytes(document)})
        print_understanding(document, Console())
    sys.exit(0 if document["accepted"] else _REFUSED)


def _write_out(content: bytes) -> None:
    if sys.stdout is None:
        raise InvalidOption(code="cannot_write", message=say("cli.stdout_closed"))
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
