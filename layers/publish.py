"""`geo-review layers publish CODE V`: from its first day on a version is judged with, its predecessor no longer."""

from __future__ import annotations

import json

import click

from geo_review.commands.store_session import transaction
from geo_review.settings import from_environment, moment_now
from geo_review.usecases import publish_layer
from geo_review.usecases.publish_layer import Publication, Publisher
from geo_review.wording import say
from layers.publishing_person import by_option, confirm_option, confirmed, publisher, reason_option
from layers.version_words import affected_lines, publication_document, validity


@click.command()
@click.argument("code")
@click.argument("version", metavar="V")
@by_option
@reason_option
@confirm_option
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序使用。")
def publish(code: str, version: str, by: str | None, reason: str | None, typed: str | None, as_json: bool) -> None:
    """发布一个已入库的版本 V。它自生效首日起用于审查，前一版本到那天为止；生效日相同的版本由它取代。"""
    settings = from_environment()

    def do(person: Publisher) -> Publication:
        with transaction(settings) as session:
            return publish_layer.publish(session, code, version, by=person, now=moment_now())

    done = confirmed(publisher(settings, by, reason, typed), code, do)
    if as_json:
        click.echo(json.dumps(publication_document(done), ensure_ascii=False, indent=2))
        return
    click.echo(say("store.published", code=code, version=version, title=done.version.title))
    click.echo(say("store.layer_published", validity=validity(done.version.valid_from, done.version.valid_to)))
    for line in affected_lines(done):
        click.echo(line)
