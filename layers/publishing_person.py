"""The options that say who changes what is published, why, and that it is meant. Changes nothing itself."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import click

from geo_review.errors import ConfirmationNeeded
from geo_review.settings import Settings, account_name
from geo_review.usecases.publish_layer import Publisher
from geo_review.wording import say

Command = TypeVar("Command", bound=Callable[..., None])
Done = TypeVar("Done")

by_option = click.option("--by", metavar="NAME", help="经办人；默认为操作系统的账户名。")
reason_option = click.option("--reason", metavar="TEXT", help="理由，随操作记录保存。")
confirm_option = click.option(
    "--confirm", "typed", metavar="CODE", help="以图层代码确认罕见的操作，如以空图层取代有要素的图层。"
)


def publisher(settings: Settings, by: str | None, reason: str | None, typed: str | None = None) -> Publisher:
    """Return who publishes, as the options and the deployment say."""
    return Publisher(
        name=account_name() if by is None else by.strip(),
        reason=reason,
        typed=typed,
        needs_second_person=settings.two_people,
    )


def confirmed(person: Publisher, code: str, do: Callable[[Publisher], Done]) -> Done:
    """Do something; when it must be confirmed, ask on a terminal for the code of the layer, and do it then."""
    try:
        return do(person)
    except ConfirmationNeeded as needed:
        if not sys.stdin.isatty():
            raise
        click.echo(str(needed), err=True)
        return do(replace(person, typed=click.prompt(say("store.type_the_code", code=code), err=True)))
