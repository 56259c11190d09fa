"""The options of a command that stores a red line: where it comes from, and for which permit."""

from __future__ import annotations

import functools
from collections.abc import Callable

import click

from geo_review.review.lineage import FIRST_STAGE, LAST_STAGE, Origin, Relation, parse_parent
from geo_review.wording import say


def origin_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--relation --parent --stage``; the command takes them as one ``origin``."""

    @functools.wraps(command)
    def with_origin(
        *args: object, relation: str | None, parents: tuple[str, ...], stage: int | None, **others: object
    ) -> None:
        origin = Origin(
            relation=Relation(relation) if relation else None,
            parents=tuple(parse_parent(parent) for parent in parents),
            stage=stage,
        )
        command(*args, origin=origin, **others)

    for option in reversed(
        (
            click.option(
                "--relation",
                type=click.Choice([str(relation) for relation in Relation]),
                help=say("lineage.option_relation"),
            ),
            click.option("--parent", "parents", multiple=True, metavar="CODE[@V]", help=say("lineage.option_parent")),
            click.option(
                "--stage", type=click.IntRange(FIRST_STAGE, LAST_STAGE), metavar="N", help=say("lineage.option_stage")
            ),
        )
    ):
        with_origin = option(with_origin)
    return with_origin
