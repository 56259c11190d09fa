"""`geo-review layers publish CODE V`: from its first day on a version is judged with, its predecessor no longer."""

from __future__ import annotations

import json

import click

from geo_review.commands.store_session import transaction
from geo_review.settings import from_environment, moment_now
from geo_review.store.control_layers import history
from geo_review.usecases import publish_layer
from geo_review.wording import say
from layers.version_words import published_lines, version_document


@click.command()
@click.argument("code")
@click.argument("version", metavar="V")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序使用。")
def publish(code: str, version: str, as_json: bool) -> None:
    """发布一个已入库的版本 V。它自生效首日起用于审查，前一版本到那天为止；生效日相同的版本由它取代。"""
    with transaction(from_environment()) as session:
        published = publish_layer.publish(session, code, version, now=moment_now())
        versions = history(session, code)
    if as_json:
        click.echo(json.dumps(version_document(published), ensure_ascii=False, indent=2))
        return
    click.echo(say("store.published", code=code, version=version, title=published.title))
    for line in published_lines(published, versions):
        click.echo(line)
