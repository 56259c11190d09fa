"""What the map of a page shows, as GeoJSON features with their style and the lines of their tooltips. Draws nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

import shapely
from shapely.geometry import mapping, shape

from geo_review.report.labels import contact_word, label
from geo_review.report.legible import legible, legible_values
from geo_review.report.map_context import ContextLayer, MapContext, display_copy
from geo_review.report.palette import BY_OUTCOME, CONTEXT, RED_LINE
from geo_review.report.reading_order import NumberedPart, numbered_parts
from geo_review.wording import say
from geo_review.wording.figures import metres, mu, square_metres

Feature = dict[str, Any]
Bounds = tuple[float, float, float, float]

_DECIMALS = 9  # of a degree: 0.1 mm
_CONTEXT_DETAIL_DEG = 2e-6  # some 20 cm: far below a pixel at the scales of a site
_SURROUNDINGS = 2.0  # context reaches this many times the size of the red line beyond it,
_LEAST_SURROUNDINGS_DEG = 0.005  # and at least some 500 m
_STROKED_DEG = 0.0035  # lines are drawn for some 350 m, inside of every cut

# Line patterns differ with the outcome, so that colour never stands alone.
_DASHES = {
    "fail": None,
    "consult": "8 3",
    "notify": "2 4",
    "pass": "1 5",
    "not_covered": "10 4",
    "not_evaluated": "10 4",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class MapLayer:
    """One layer to switch on and off. ``swatch`` is how the legend shows it: an outcome, context or red_line."""

    name: str
    features: tuple[Feature, ...]
    swatch: str
    colour: str
    shown: bool = True
    is_context: bool = False


def map_layers(document: Mapping[str, Any], context: MapContext | None) -> list[MapLayer]:
    """Return the layers from the ground up: the context, the parts by result, the red line. Names are unique."""
    document = legible_values(dict(document))
    found = list(_found(document))
    hit = {result["layer"]["code"] for result in document["results"] if result["outcome"] != "pass" or result["parts"]}
    layers = [*_context(document, context or (), hit), *found, _red_line(document)]
    return [layer for layer in _with_unique_names(layers) if layer.features]


def map_bounds(document: Mapping[str, Any]) -> Bounds:
    """Return west, south, east, north of the red line and every part, in degrees."""
    geometries = [document["boundary"]["geometry"], *(one.part["geometry"] for one in numbered_parts(document))]
    west, south, east, north = shapely.total_bounds([shape(geometry) for geometry in geometries])
    return float(west), float(south), float(east), float(north)


def _red_line(document: Mapping[str, Any]) -> MapLayer:
    boundary = document["boundary"]
    name = say("report.map_red_line")
    tip = (name, boundary["file"]["name"], _area(boundary["area_planar_m2"]))
    style = {"color": RED_LINE, "weight": 3, "fill": False}
    feature = _feature(boundary["geometry"], style, tip)
    return MapLayer(name=name, features=(feature,), swatch="red_line", colour=RED_LINE)


def _found(document: Mapping[str, Any]) -> Iterator[MapLayer]:
    by_rule: dict[str, list[NumberedPart]] = {}
    for numbered in numbered_parts(document):
        by_rule.setdefault(numbered.result["rule_id"], []).append(numbered)
    # The worst is drawn last, on top.
    for parts in reversed(by_rule.values()):
        result = parts[0].result
        outcome = result["outcome"]
        yield MapLayer(
            name=f"{label('sign', outcome)} {result['title']}",
            features=tuple(_part(numbered) for numbered in parts),
            swatch=outcome,
            colour=BY_OUTCOME[outcome].ink,
        )


def _part(numbered: NumberedPart) -> Feature:
    result, part = numbered.result, numbered.part
    outcome = result["outcome"]
    ink = BY_OUTCOME[outcome].ink
    style = {"color": ink, "weight": 2, "dashArray": _DASHES[outcome], "fillColor": ink, "fillOpacity": 0.35}
    tip = (
        say("report.map_part_tip", number=numbered.number, title=result["title"]),
        f"{label('sign', outcome)} {label('outcome', outcome)} · {contact_word(result, part['contact'])}",
        _area(part["area_planar_m2"]),
        say("report.map_tip_width", width=metres(part["max_width_m"])),
    )
    return _feature(part["geometry"], style, tip)


def _context(document: Mapping[str, Any], context: MapContext, hit: set[str]) -> Iterator[MapLayer]:
    bounds = map_bounds(document)
    window, stroked = _surroundings(bounds), _grown(bounds, _STROKED_DEG)
    for index, layer in enumerate(context):
        colour = CONTEXT[index % len(CONTEXT)]
        yield MapLayer(
            name=say("report.map_context", title=legible(layer.title)),
            features=tuple(_context_features(layer, window, stroked, colour)),
            swatch="context",
            colour=colour,
            shown=layer.code in hit,
            is_context=True,
        )


def _context_features(layer: ContextLayer, window: Bounds, stroked: Bounds, colour: str) -> Iterator[Feature]:
    """A tint of the areas, and the lines themselves. The tint has no outline: where the picture was cut is no line,
    so lines are drawn a little short of every cut."""
    tip = (say("report.map_context_tip", title=legible(layer.title), code=legible(layer.code)),)
    parts = shapely.get_parts(display_copy(layer.lonlat, window, _CONTEXT_DETAIL_DEG))
    areas = parts[shapely.get_dimensions(parts) == 2]
    if len(areas):
        tint = {"stroke": False, "fillColor": colour, "fillOpacity": 0.12}
        yield _feature(mapping(shapely.geometrycollections(areas)), tint, tip)
    rest = parts[shapely.get_dimensions(parts) < 2]
    lines = shapely.clip_by_rect(np.concatenate([shapely.boundary(areas), rest]), *stroked)
    lines = lines[~shapely.is_empty(lines)]
    if len(lines):
        style = {"color": colour, "weight": 1.5, "dashArray": "4 3", "fill": False}
        yield _feature(mapping(shapely.geometrycollections(lines)), style, tip)


def _surroundings(bounds: Bounds) -> Bounds:
    west, south, east, north = bounds
    return _grown(bounds, max(_LEAST_SURROUNDINGS_DEG, _SURROUNDINGS * max(east - west, north - south)))


def _grown(bounds: Bounds, margin_deg: float) -> Bounds:
    west, south, east, north = bounds
    return west - margin_deg, south - margin_deg, east + margin_deg, north + margin_deg


def _feature(geometry: Any, style: Mapping[str, Any], tip: tuple[str, ...]) -> Feature:
    return {
        "type": "Feature",
        "geometry": _rounded(geometry),
        "properties": {"style": {key: value for key, value in style.items() if value is not None}, "tip": list(tip)},
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _DECIMALS)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list | tuple) else value


def _area(area_m2: float) -> str:
    return say("report.map_tip_area", m2=square_metres(area_m2), mu=mu(area_m2))


def _with_unique_names(layers: list[MapLayer]) -> Iterator[MapLayer]:
    """Number equal names: the control of the map knows its layers by name and would lose all but one."""
    seen: dict[str, int] = {}
    for layer in layers:
        seen[layer.name] = seen.get(layer.name, 0) + 1
        name = layer.name if seen[layer.name] == 1 else f"{layer.name}（{seen[layer.name]}）"
        yield MapLayer(
            name=name,
            features=layer.features,
            swatch=layer.swatch,
            colour=layer.colour,
            shown=layer.shown,
            is_context=layer.is_context,
        )
