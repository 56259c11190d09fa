"""`geo-review projects rerun ID`: a stored review made again; the same bytes, or what differs and why."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import click

from geo_review.commands.store_session import transaction
from geo_review.settings import from_environment
from geo_review.usecases.repeat_review import RepeatedReview, repeat_review, repeated_document
from geo_review.wording import say

_MOST_FIELDS = 20
_DIFFERS = 1


@click.command()
@click.argument("review_id", type=click.IntRange(1, 2**63 - 1), metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序使用。")
def rerun(review_id: int, as_json: bool) -> None:
    """按当时的红线、图层版本、规则和日期重做第 ID 次审查，逐字节比较。相同退出 0；不同则逐项说明原因，退出 1。"""
    with transaction(from_environment()) as session:
        repeated = repeat_review(session, review_id)
    if as_json:
        click.echo(json.dumps(repeated_document(repeated), ensure_ascii=False, indent=2))
    else:
        for line in _lines(repeated):
            click.echo(line)
    sys.exit(0 if repeated.is_same else _DIFFERS)


def _lines(repeated: RepeatedReview) -> Iterator[str]:
    review = repeated.review
    if repeated.is_same:
        yield say("rerun.same", id=review.id, code=review.project_code, sha256=review.document_sha256)
        return
    yield say("rerun.differs", id=review.id, code=review.project_code, count=len(repeated.differences))
    for one in repeated.differences[:_MOST_FIELDS]:
        yield say(
            "rerun.field",
            path=one.field.path,
            then=_short(one.field.then),
            now=_short(one.field.now),
            cause=say(f"rerun.cause_{one.cause}"),
        )
    if len(repeated.differences) > _MOST_FIELDS:
        yield say("rerun.more", count=len(repeated.differences) - _MOST_FIELDS)


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:60]}…"
