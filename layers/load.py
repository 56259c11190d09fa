"""`geo-review layers load FILE`: a layer file into the store, whole or not at all, and published when asked to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click

from geo_review.commands.project_values import EPSG_CODE
from geo_review.commands.store_session import transaction
from geo_review.settings import from_environment, moment_now
from geo_review.store.control_layers import LayerState
from geo_review.usecases.load_layer import LoadedVersion, load_layer
from geo_review.usecases.publish_layer import Publisher
from geo_review.wording import say
from layers.publishing_person import by_option, confirm_option, confirmed, publisher, reason_option
from layers.version_words import affected_lines, calendar_day, publication_document, validity, version_document

_MOST_REPAIRS = 20


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--code", required=True, help="图层代码，如 STBHHX。")
@click.option("--title", help="图层名称；默认用代码。")
@click.option("--version", metavar="V", help="版本号；默认按内容取名。")
@click.option("--valid-from", type=calendar_day, metavar="DATE", help="生效首日；默认不限。")
@click.option("--valid-to", type=calendar_day, metavar="DATE", help="失效首日（当日起不再有效）；默认不限。")
@click.option(
    "--coverage", type=click.Path(path_type=Path), metavar="FILE", help="调查范围的面文件；默认按全域已调查并注明。"
)
@click.option("--source", help="数据来源。")
@click.option("--accuracy-m", type=float, metavar="M", help="位置精度，米。")
@click.option("--crs", "epsg", type=EPSG_CODE, metavar="EPSG", help="坐标系的 EPSG 代码，文件没有声明或声明有误时用。")
@click.option("--publish", "publish_it", is_flag=True, help="入库后立即发布，审查即按此版本。")
@by_option
@reason_option
@confirm_option
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序使用。")
def load(
    file: Path,
    code: str,
    title: str | None,
    version: str | None,
    valid_from: date | None,
    valid_to: date | None,
    coverage: Path | None,
    source: str | None,
    accuracy_m: float | None,
    epsg: int | None,
    publish_it: bool,
    by: str | None,
    reason: str | None,
    typed: str | None,
    as_json: bool,
) -> None:
    """把一个控制线图层文件存为一个版本。无效图形修复后入库并逐一说明；不能用的文件以 2 退出，什么也不存。"""
    settings = from_environment()
    person = publisher(settings, by, reason, typed)

    def do(person: Publisher) -> LoadedVersion:
        with transaction(settings) as session:
            return load_layer(
                session,
                file,
                code=code,
                title=title,
                version=version,
                valid_from=valid_from,
                valid_to=valid_to,
                coverage_path=coverage,
                source=source,
                accuracy_m=accuracy_m,
                epsg=epsg,
                publish_by=person if publish_it else None,
                by=person.name,
                now=moment_now(),
            )

    loaded = confirmed(person, code, do)
    if as_json:
        click.echo(json.dumps(_document(loaded), ensure_ascii=False, indent=2))
        return
    for line in _lines(loaded):
        click.echo(line)


def _document(loaded: LoadedVersion) -> dict[str, Any]:
    published = None if loaded.publication is None else publication_document(loaded.publication)
    return {
        **(published or version_document(loaded.version)),
        "is_new": loaded.is_new,
        "repairs": [asdict(repair) for repair in loaded.repairs],
    }


def _lines(loaded: LoadedVersion) -> Iterator[str]:
    version = loaded.version
    yield say(
        "store.layer_loaded" if loaded.is_new else "store.layer_known",
        code=version.layer_code,
        title=version.title,
        version=version.version,
        features=f"{version.feature_count:,}",
        parts=f"{version.part_count:,}",
    )
    yield say("store.layer_sha256", sha256=version.sha256)
    yield say(
        "store.layer_coverage" if version.coverage_sha256 else "store.layer_coverage_none",
        sha256=version.coverage_sha256,
    )
    yield from (say("store.layer_note", note=note) for note in version.notes)
    if loaded.repairs:
        yield say("store.layer_repairs", count=len(loaded.repairs))
    for repair in loaded.repairs[:_MOST_REPAIRS]:
        yield say(
            "store.layer_repair",
            feature=repair.feature,
            reason=repair.reason,
            before=f"{repair.area_before_m2:,.2f}",
            after=f"{repair.area_after_m2:,.2f}",
        )
    if len(loaded.repairs) > _MOST_REPAIRS:
        yield say("store.layer_more", count=len(loaded.repairs) - _MOST_REPAIRS)
    if version.state is LayerState.PUBLISHED:
        yield say("store.layer_published", validity=validity(version.valid_from, version.valid_to))
        if loaded.publication is not None:
            yield from affected_lines(loaded.publication)
    else:
        yield say("store.layer_not_published", code=version.layer_code, version=version.version)
