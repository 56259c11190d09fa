"""The results of a review as rows of text: one a control line, one a part. Formats values, decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import shapely
from shapely.geometry import shape

from geo_review.geometry.crs import LONLAT, reproject_points
from geo_review.report.labels import (
    contact_word,
    department_text,
    label,
    limit_text,
    uncovered_text,
    validity_text,
)
from geo_review.report.reading_order import NumberedPart, Result
from geo_review.wording import say
from geo_review.wording.figures import metres, mu, percent, square_metres


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparisonRow:
    """One plan value that the project's value was held against."""

    plan_value: str
    project_value: str
    area: str
    kept: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RepairRow:
    """One control polygon that was repaired before it was used."""

    layer: str
    feature: str
    reason: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultRow:
    """One control line: everything a rendering may want to say of it. An empty text has nothing to say."""

    outcome: str
    sign: str
    word: str
    title: str
    rule_id: str
    kind: str
    rule: str
    limit: str
    layer_code: str
    layer_version: str
    layer: str
    validity: str
    coverage: str
    accuracy: str
    source: str
    message: str
    reason: str
    has_land: bool
    area: str
    mu: str
    share: str
    area_ellipsoidal: str
    contact: str
    is_apart: bool
    nearness: str
    uncovered: str
    uncovered_part: str
    part_count: int
    part_numbers: str
    max_width: str
    distance: str
    basis: str
    basis_confirmed: bool
    department: str
    is_asked: bool
    workdays: int | None
    comparisons: tuple[ComparisonRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PartRow:
    """One connected piece of land."""

    number: int
    outcome: str
    sign: str
    title: str
    layer_code: str
    contact: str
    area: str
    mu: str
    max_width: str
    position: str


def result_row(result: Result, numbers: Sequence[int], planar_m2: float) -> ResultRow:
    """Return one result; ``numbers`` are those of its parts, ``planar_m2`` the area of the red line."""
    layer = result["layer"]
    has_land = result["area_planar_m2"] > 0.0
    uncovered, uncovered_part = uncovered_text(result, planar_m2)
    return ResultRow(
        outcome=result["outcome"],
        sign=label("sign", result["outcome"]),
        word=label("outcome", result["outcome"]),
        title=result["title"],
        rule_id=result["rule_id"],
        kind=say(f"rules.kind_{result['kind']}"),
        rule=say("report.rule_value", kind=say(f"rules.kind_{result['kind']}"), id=result["rule_id"]),
        limit=limit_text(result),
        layer_code=layer["code"],
        layer_version=layer["version"] or "",
        layer=_layer(layer),
        validity=validity_text(layer) if layer["version"] else "",
        coverage=label("coverage", layer["coverage"] or "none"),
        accuracy=_metres("report.accuracy_value", layer["accuracy_m"]),
        source=layer["source"] or "",
        message=result["message"] or result["reason"],
        reason=result["reason"],
        has_land=has_land,
        area=square_metres(result["area_planar_m2"]) if has_land else "",
        mu=mu(result["area_planar_m2"]) if has_land else "",
        share=percent(result["share"]) if has_land else "",
        area_ellipsoidal=square_metres(result["area_ellipsoidal_m2"]) if has_land else "",
        contact=contact_word(result, result["contact"]) if _was_measured(result) else "",
        is_apart=result["contact"] == "none" and result["kind"] != "must_within",
        part_count=len(numbers),
        part_numbers=_range(numbers),
        max_width=metres(max(part["max_width_m"] for part in result["parts"])) if result["parts"] else "",
        nearness=_nearness(result, planar_m2),
        uncovered=uncovered,
        uncovered_part=uncovered_part,
        distance=_distance(result),
        basis=result["basis"] or "",
        basis_confirmed=result["basis_confirmed"],
        department=department_text(result),
        is_asked=result["outcome"] == "consult",
        workdays=result["respond_within_workdays"],
        comparisons=tuple(_comparison(comparison) for comparison in result["comparisons"]),
    )


def part_row(numbered: NumberedPart, measuring_epsg: int) -> PartRow:
    """Return one part; its position is a point inside it, in the measuring CRS."""
    result, part = numbered.result, numbered.part
    inside = shapely.point_on_surface(shape(part["geometry"]))
    easting, northing = reproject_points(np.array([[inside.x, inside.y]]), LONLAT, measuring_epsg)[0]
    return PartRow(
        number=numbered.number,
        outcome=result["outcome"],
        sign=label("sign", result["outcome"]),
        title=result["title"],
        layer_code=result["layer"]["code"],
        contact=contact_word(result, part["contact"]),
        area=square_metres(part["area_planar_m2"]),
        mu=mu(part["area_planar_m2"]),
        max_width=metres(part["max_width_m"]),
        position=f"{easting:.2f}，{northing:.2f}",
    )


def repair_rows(result: Result) -> tuple[RepairRow, ...]:
    """Return what was repaired in the layer of a result."""
    return tuple(
        RepairRow(
            layer=result["layer"]["code"],
            feature=str(repair["feature"]),
            reason=repair["reason"],
            before=square_metres(repair["area_before_m2"]),
            after=square_metres(repair["area_after_m2"]),
        )
        for repair in result["repairs"]
    )


def _was_measured(result: Result) -> bool:
    """Tell whether 无接触 would be a finding: a value that was compared, or a check not made, has no contact."""
    return bool(result["parts"]) or not (_is_unfinished(result) or result["kind"] == "compare")


def _layer(layer: Mapping[str, Any]) -> str:
    if layer["version"] is None:
        return say("report.layer_value_none", code=layer["code"])
    return say(
        "report.layer_value", title=layer["title"] or layer["code"], code=layer["code"], version=layer["version"]
    )


def _is_unfinished(result: Result) -> bool:
    return result["outcome"] in ("not_covered", "not_evaluated")


def _distance(result: Result) -> str:
    """Return how far the nearest control line is; nothing where a nearer one may not have been surveyed."""
    return "" if result["distance_m"] is None or _is_unfinished(result) else metres(result["distance_m"])


def _nearness(result: Result, planar_m2: float) -> str:
    """Return what stands in one narrow cell: the land not covered, the contact, or the distance without one."""
    if result["outcome"] == "not_covered":
        if str(result["kind"]).startswith("buffer_"):
            return say("report.uncovered")
        return say("report.uncovered_short", share=percent(min(1.0, result["uncovered_area_m2"] / planar_m2)))
    contact = contact_word(result, result["contact"]) if _was_measured(result) else ""
    if contact and (result["contact"] != "none" or result["kind"] == "must_within"):
        return contact
    distance = _distance(result)
    return say("report.distance_value", metres=distance) if distance else contact


def _metres(key: str, length_m: float | None) -> str:
    return "" if length_m is None else say(key, metres=metres(length_m))


def _comparison(comparison: Mapping[str, Any]) -> ComparisonRow:
    kept = {True: "true", False: "false", None: "unknown"}[comparison["kept"]]
    return ComparisonRow(
        plan_value=comparison["plan_value"] or "—",
        project_value=comparison["project_value"] or "—",
        area=square_metres(comparison["area_planar_m2"]),
        kept=label("kept", kept),
    )


def _range(numbers: Sequence[int]) -> str:
    if len(numbers) < 2:
        return "".join(str(number) for number in numbers)
    return say("report.numbers_range", first=numbers[0], last=numbers[-1])
