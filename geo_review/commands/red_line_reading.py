"""The options of a command that reads a red line, and the one way commands read it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click

from geo_review.boundary.asked import Asked
from geo_review.boundary.model import Boundary
from geo_review.boundary.received import ReceivedFile, from_path, is_geodatabase
from geo_review.boundary.understood import Understanding
from geo_review.city import City
from geo_review.commands.project_values import EPSG_CODE
from geo_review.errors import UnreadableBoundary
from geo_review.sandbox.begin import begun
from geo_review.sandbox.pool import ParserPool
from geo_review.settings import from_environment
from geo_review.wording import say

_PARSER = f"{__name__}.parser"


def asked_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--crs --layer --parcel --accept``; the command takes them as one ``asked``."""

    @functools.wraps(command)
    def with_asked(
        *args: object,
        asked_epsg: int | None,
        asked_layer: str | None,
        asked_parcels: tuple[int, ...],
        accept: tuple[str, ...],
        **others: object,
    ) -> None:
        asked = Asked(epsg=asked_epsg, layer=asked_layer, parcels=asked_parcels, accept=frozenset(accept))
        with ParserPool(strict=from_environment().strict_parser, zygote=begun()) as parser:
            click.get_current_context().meta[_PARSER] = parser
            command(*args, asked=asked, **others)

    for option in reversed(
        (
            click.option("--crs", "asked_epsg", type=EPSG_CODE, metavar="EPSG", help=say("cli.option_crs")),
            click.option("--layer", "asked_layer", metavar="NAME", help=say("cli.option_layer")),
            click.option(
                "--parcel",
                "asked_parcels",
                type=click.IntRange(1),
                multiple=True,
                metavar="N",
                help=say("cli.option_parcel"),
            ),
            click.option("--accept", multiple=True, metavar="CODE", help=say("cli.option_accept")),
        )
    ):
        with_asked = option(with_asked)
    return with_asked


def received_path(path: Path) -> ReceivedFile:
    """Return the file of a path, with the parts of a shapefile beside it, or the folder of a FileGDB."""
    if not path.is_file() and not is_geodatabase(path):
        raise UnreadableBoundary(code="no_such_file", message=say("cli.no_such_file", path=path))
    return from_path(path)


def read_red_line(file: ReceivedFile, *, city: City, asked: Asked) -> Boundary:
    """Read a red line, or raise what refused it."""
    return understand_red_line(file, city=city, asked=asked).accepted()


def understand_red_line(file: ReceivedFile, *, city: City, asked: Asked) -> Understanding:
    """Tell what is understood of a red line, the refusal included. The file is read in a process of its own."""
    return _parser().understand(file, city=city, asked=asked)


def understand_red_lines(files: Iterable[tuple[ReceivedFile, Asked]], *, city: City) -> Iterator[Understanding]:
    """Tell what is understood of each of many red lines, in their order, several being read at a time."""
    return _parser().understand_many(files, city=city)


def _parser() -> ParserPool:
    parser = click.get_current_context().meta[_PARSER]
    assert isinstance(parser, ParserPool)
    return parser
