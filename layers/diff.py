"""`geo-review layers diff CODE V1 V2`: the land that one version of a layer has and the other has not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from geo_review.commands.file_outputs import write_all
from geo_review.commands.store_session import transaction
from geo_review.settings import from_environment
from geo_review.usecases.layer_diff import LayerDiff, diff_document, diff_geojson, layer_diff
from geo_review.wording import say


@click.command()
@click.argument("code")
@click.argument("earlier", metavar="V1")
@click.argument("later", metavar="V2")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序使用。")
@click.option(
    "--geojson", "geojson_path", type=click.Path(path_type=Path), metavar="PATH", help="另存变化的地块，供 GIS 查看。"
)
def diff(code: str, earlier: str, later: str, as_json: bool, geojson_path: Path | None) -> None:
    """比较图层的两个版本：新增、移出的土地，属性和调查范围的变化。按土地比较，与要素如何切分无关。"""
    with transaction(from_environment()) as session:
        compared = layer_diff(session, code, earlier, later)
    if geojson_path is not None:
        write_all({str(geojson_path): json.dumps(diff_geojson(compared), ensure_ascii=False).encode()})
    if as_json:
        click.echo(json.dumps(diff_document(compared), ensure_ascii=False, indent=2))
        return
    for line in _lines(compared):
        click.echo(line)


def _lines(compared: LayerDiff) -> Iterator[str]:
    change = compared.change
    yield say(
        "recheck.diff_title",
        code=compared.later.layer_code,
        title=compared.later.title,
        earlier=compared.earlier.version,
        later=compared.later.version,
    )
    if change.is_none:
        yield say("recheck.diff_same")
        return
    for kind, pieces, area_m2 in (
        ("added", change.land.added, change.land.added_m2),
        ("removed", change.land.removed, change.land.removed_m2),
    ):
        if pieces:
            yield say(f"recheck.diff_{kind}", area=f"{area_m2:,.2f}", pieces=f"{len(pieces):,}")
    if change.relabelled:
        yield say("recheck.diff_relabelled", count=f"{len(change.relabelled):,}")
    if change.is_survey_unknown:
        yield say("recheck.diff_survey_unknown")
    elif change.resurveyed:
        yield say("recheck.diff_resurveyed", area=f"{sum(piece.area for piece in change.resurveyed):,.2f}")
