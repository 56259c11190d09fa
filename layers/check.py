"""`geo-review layers check FILE`: what a layer file holds and what is wrong with it, before it is loaded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from geo_review.commands.project_values import EPSG_CODE
from geo_review.control.as_read import read_with_digest
from geo_review.control.check import LayerCheck, check_features
from geo_review.wording import say

_MOST_PLACES = 20


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--crs", "epsg", type=EPSG_CODE, metavar="EPSG", help="坐标系的 EPSG 代码，文件没有声明或声明有误时用。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序使用。")
def check(file: Path, epsg: int | None, as_json: bool) -> None:
    """检查一个控制线图层文件：坐标系、要素数、范围、无效图形、重复图形。不能用的文件说明原因并以 2 退出。"""
    features, sha256 = read_with_digest(file, epsg=epsg)
    found = check_features(features)
    if as_json:
        click.echo(json.dumps(_document(file, sha256, found), ensure_ascii=False, indent=2))
        return
    for line in _lines(file, sha256, found):
        click.echo(line)


def _document(file: Path, sha256: str, found: LayerCheck) -> dict[str, Any]:
    return {"file": {"name": file.name, "sha256": sha256}, **asdict(found)}


def _lines(file: Path, sha256: str, found: LayerCheck) -> Iterator[str]:
    yield say("control.check_file", file=file.name, sha256=sha256)
    yield say("control.check_crs", epsg=found.epsg)
    kinds = "、".join(say("control.check_kind", kind=say(f"control.kind_{k}"), count=n) for k, n in found.kinds.items())
    yield say("control.check_features", count=found.feature_count, vertices=found.vertex_count, kinds=kinds or "—")
    if found.extent_lonlat:
        west, south, east, north = (f"{degrees:.6f}" for degrees in found.extent_lonlat)
        yield say("control.check_extent", west=west, south=south, east=east, north=north)
    yield say("control.check_attributes", names="、".join(found.attributes) or "—")
    yield from (say("control.check_note", note=note) for note in found.notes)
    yield from _invalid(found)
    yield from _repeated(found)
    yield say(f"control.check_{_conclusion(found)}")


def _conclusion(found: LayerCheck) -> str:
    if not found.feature_count:
        return "empty"
    return "usable" if found.invalid or found.repeated else "good"


def _invalid(found: LayerCheck) -> Iterator[str]:
    if found.invalid:
        yield say("control.check_invalid", count=len(found.invalid))
    for repair in found.invalid[:_MOST_PLACES]:
        yield say(
            "control.check_invalid_one",
            feature=repair.feature,
            reason=repair.reason,
            before=f"{repair.area_before_m2:,.2f}",
            after=f"{repair.area_after_m2:,.2f}",
        )
    if len(found.invalid) > _MOST_PLACES:
        yield say("control.check_more", count=len(found.invalid) - _MOST_PLACES)


def _repeated(found: LayerCheck) -> Iterator[str]:
    if found.repeated:
        yield say("control.check_repeated", count=len(found.repeated))
    for numbers in found.repeated[:_MOST_PLACES]:
        yield say("control.check_repeated_one", features="、".join(map(str, numbers)))
    if len(found.repeated) > _MOST_PLACES:
        yield say("control.check_more", count=len(found.repeated) - _MOST_PLACES)
