"""`geo-review layers withdraw` and `rollback`: a published version is taken back, or ends on a day. Deletes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import click

from geo_review.commands.store_session import transaction
from geo_review.control.succession import in_force_or_nearest
from geo_review.settings import from_environment, legal_today, moment_now
from geo_review.store.control_layers import LayerVersion, versions_in_use
from geo_review.usecases import publish_layer
from geo_review.usecases.publish_layer import Publication
from geo_review.wording import say
from layers.publishing_person import by_option, publisher, reason_option
from layers.version_words import affected_lines, calendar_day, publication_document


@click.command()
@click.argument("code")
@click.argument("version", metavar="V")
@click.option("--from", "day", type=calendar_day, metavar="DATE", help="不整个撤回，只自这一天起不再有效。")
@by_option
@reason_option
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序使用。")
def withdraw(code: str, version: str, day: date | None, by: str | None, reason: str | None, as_json: bool) -> None:
    """撤回一个已发布的版本 V：前一版本延续，被它取代的版本恢复。原有审查结果保留，仍可按当时的版本复现。"""
    settings = from_environment()
    person = publisher(settings, by, reason)
    with transaction(settings) as session:
        if day is None:
            done = publish_layer.withdraw(session, code, version, by=person, now=moment_now())
        else:
            done = publish_layer.end(session, code, version, day, by=person, now=moment_now())
        in_use = versions_in_use(session, [code])[code]
    _tell(done, in_use, day=day, as_json=as_json)


@click.command()
@click.argument("code")
@by_option
@reason_option
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序使用。")
def rollback(code: str, by: str | None, reason: str | None, as_json: bool) -> None:
    """撤回图层最近一次发布的版本，恢复到那次发布之前的状态。"""
    settings = from_environment()
    with transaction(settings) as session:
        done = publish_layer.roll_back(session, code, by=publisher(settings, by, reason), now=moment_now())
        in_use = versions_in_use(session, [code])[code]
    _tell(done, in_use, day=None, as_json=as_json)


def _tell(done: Publication, in_use: tuple[LayerVersion, ...], *, day: date | None, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(publication_document(done), ensure_ascii=False, indent=2))
        return
    for line in _lines(done, in_use, day):
        click.echo(line)


def _lines(done: Publication, in_use: tuple[LayerVersion, ...], day: date | None) -> Iterator[str]:
    subject = done.version
    yield say(
        "store.layer_withdrawn" if day is None else "store.layer_ended",
        code=subject.layer_code,
        title=subject.title,
        version=subject.version,
        day=day,
    )
    yield from affected_lines(done)
    today = legal_today()
    current = in_force_or_nearest(in_use, today)
    if current is None or not _holds(current, today):
        yield say("store.layer_in_force_none")
    else:
        yield say("store.layer_in_force_now", version=current.version)


def _holds(version: LayerVersion, day: date) -> bool:
    return (version.valid_from is None or version.valid_from <= day) and (
        version.valid_to is None or day < version.valid_to
    )
