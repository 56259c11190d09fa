"""`geo-review projects export`: a stored red line as a file of another format. Writes one file, or none."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import get_args

import click

from geo_review.boundary.written_formats import WRITTEN_FORMATS, FormatName, TextEncoding, Wish
from geo_review.commands.file_outputs import write_all
from geo_review.commands.store_session import transaction
from geo_review.errors import InvalidOption
from geo_review.settings import from_environment
from geo_review.usecases.export_red_line import ExportedFile, export_red_line
from geo_review.wording import say
from geo_review.wording.figures import square_metres

STDOUT = "-"
OWN_ZONE = "own"


@click.command("export")
@click.argument("code")
@click.option("--version", type=click.IntRange(1), metavar="N", help=say("export.option_version"))
@click.option(
    "--format", "name", required=True, type=click.Choice(get_args(FormatName)), help=say("export.option_format")
)
@click.option("-o", "--output", metavar="PATH", help=say("export.option_output"))
@click.option(
    "--zone",
    type=click.Choice([OWN_ZONE, "38", "39"]),
    default=OWN_ZONE,
    show_default=True,
    help=say("export.option_zone"),
)
@click.option("--no-prefix", is_flag=True, help=say("export.option_no_prefix"))
@click.option("--encoding", type=click.Choice(get_args(TextEncoding)), help=say("export.option_encoding"))
def export(
    code: str,
    version: int | None,
    name: FormatName,
    output: str | None,
    zone: str,
    no_prefix: bool,
    encoding: TextEncoding | None,
) -> None:
    """把在库项目 CODE 的用地红线写成文件：txt、shp（zip）、geojson、dxf、gpkg、kml。"""
    if output == STDOUT and not WRITTEN_FORMATS[name].is_text:
        raise InvalidOption(
            code="not_for_stdout",
            message=say("export.not_for_stdout", format=name),
            remedy=say("export.not_for_stdout_remedy"),
        )
    wish = Wish(zone=None if zone == OWN_ZONE else int(zone), prefixed=False if no_prefix else None, encoding=encoding)
    with transaction(from_environment()) as session:
        exported = export_red_line(session, code=code, version=version, format_name=name, wish=wish)
    if output == STDOUT:
        _print(exported)
        return
    path = output or _free_name(exported)
    write_all({path: exported.content})
    click.echo(
        say(
            "export.written",
            path=path,
            version=exported.version,
            parcels=len(exported.boundary.parcels),
            area=square_metres(exported.boundary.planar_area_m2),
        )
    )


def _print(exported: ExportedFile) -> None:
    if sys.stdout is None:
        raise InvalidOption(code="cannot_write", message=say("cli.stdout_closed"))
    sys.stdout.buffer.write(exported.content)
    sys.stdout.buffer.flush()


def _free_name(exported: ExportedFile) -> str:
    """Return the file's own name in the current folder: what was not named is not written over."""
    if Path(exported.name).exists():
        raise InvalidOption(
            code="output_exists",
            message=say("export.output_exists", path=exported.name),
            remedy=say("export.output_exists_remedy", path=exported.name),
        )
    return exported.name
