"""What every reviewing command can write: the options, and writing all of them or none."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console

from geo_review.commands.file_outputs import refuse_clashes, write_all
from geo_review.errors import InvalidOption
from geo_review.report.document import Document, to_bytes, to_geojson
from geo_review.report.map_context import MapContext
from geo_review.report.table import print_table
from geo_review.wording import say

EXIT_STATUS: Mapping[str, int] = {"pass": 0, "consult": 10, "fail": 20, "incomplete": 30}
STDOUT = "-"

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True, slots=True)
class Outputs:
    """Where the renderings go; None is not wanted, ``-`` (JSON only) is standard output."""

    json_path: str | None = None
    pdf_path: str | None = None
    html_path: str | None = None
    geojson_path: str | None = None

    def refuse_clashes(self, inputs: Iterable[Path]) -> None:
        """Refuse before anything is computed what could only end in a lost file."""
        wanted = (self.json_path, self.pdf_path, self.html_path, self.geojson_path)
        refuse_clashes([path for path in wanted if path is not None and path != STDOUT], inputs)


def output_options(command: Command) -> Command:
    """Add ``--json``, ``--pdf``, ``--html`` and ``--geojson`` to a command."""
    for option, sentence in (
        ("--geojson", "cli.option_geojson"),
        ("--html", "cli.option_html"),
        ("--pdf", "cli.option_pdf"),
        ("--json", "cli.option_json"),
    ):
        command = click.option(option, f"{option[2:]}_path", metavar="PATH", help=say(sentence))(command)
    return command


def deliver(document: Document, outputs: Outputs, context: MapContext | None) -> int:
    """Write everything that is wanted, or nothing; print the table unless stdout carries the JSON.

    Returns the exit status of the verdict.
    """
    content = to_bytes(document)
    files: dict[str, bytes] = {}
    if outputs.json_path is not None and outputs.json_path != STDOUT:
        files[outputs.json_path] = content
    if outputs.geojson_path is not None:
        files[outputs.geojson_path] = to_bytes(to_geojson(document))
    if outputs.html_path is not None:
        from geo_review.report.html import render_html  # folium takes a second to import: only for who wants it

        files[outputs.html_path] = render_html(document, context=context).encode()
    if outputs.pdf_path is not None:
        from geo_review.report.pdf import render_pdf

        files[outputs.pdf_path] = render_pdf(document, context=context)
    write_all(files)
    if outputs.json_path == STDOUT:
        if sys.stdout is None:
            raise InvalidOption(code="cannot_write", message=say("cli.stdout_closed"))
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        print_table(document, Console())
    return EXIT_STATUS[document["verdict"]]
