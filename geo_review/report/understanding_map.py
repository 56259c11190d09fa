"""The map of what was understood of a red-line file: its parcels as read, its faults, the red lines around it.

Draws what is in the document and nothing else; judges nothing. A file whose reference system is open has no map.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

import shapely
from shapely.geometry import box, mapping
from shapely.geometry.base import BaseGeometry

from geo_review.city import City
from geo_review.report.legible import legible, legible_values
from geo_review.report.map_features import Bounds, Feature, MapLayer
from geo_review.report.map_page import draw_map
from geo_review.report.palette import FAIL, MUTED, NEIGHBOUR, NOTIFY, RED_LINE
from geo_review.report.understanding_document import understanding_digest
from geo_review.report.understanding_issues import IssueLine
from geo_review.wording import say
from geo_review.wording.figures import mu, square_metres

MOST_PARCELS = 2_000  # more make a page that nobody waits for
_MOST_POINTS = 20_000
_MOST_LABELS = 8
_DECIMALS = 9  # of a degree: 0.1 mm
_AROUND_SHARE = 0.35  # of the land's size is shown around it,
_LEAST_AROUND_DEG = 0.0004  # and at least some 40 m
_UNCHOSEN = "#7A858F"


@dataclass(frozen=True, kw_only=True, slots=True)
class NeighbourLine:
    """A red line in force; ``lonlat`` is EPSG:4490. ``is_current`` is the one that the file would supersede."""

    code: str
    name: str
    lonlat: BaseGeometry
    is_current: bool = False


def understanding_map(
    document: Mapping[str, Any],
    issues: Sequence[IssueLine],
    neighbours: Sequence[NeighbourLine],
    parts: Sequence[Mapping[str, Any]],
    *,
    city: City,
    leaflet: str,
    height: str = "520px",
) -> str | None:
    """Return the map as a fragment of HTML with its legend, None when nothing of the file can be placed.

    ``parts`` is the common land and the strips between, as `report.neighbour_document.pair_parts` has them.
    """
    shown = frame_of(document, issues)
    if shown is None:
        return None
    told = legible_values({**document, "parcels": document["parcels"][:MOST_PARCELS]})
    layers = [layer for layer in _layers(told, issues, neighbours, parts, city) if layer.features]
    identity = understanding_digest({**document, "neighbours": [line.code for line in neighbours]})[:12]
    return draw_map(layers, shown, identity, _legend(layers), leaflet=leaflet, height=height)


def frame_of(document: Mapping[str, Any], issues: Sequence[IssueLine]) -> Bounds | None:
    """Return what the map shows: the chosen parcels and the places of the issues, with a margin around them."""
    extent = document["extent"]
    if extent is None:
        return None
    places = [issue.lonlat for issue in issues if issue.lonlat is not None]
    points = np.array([extent[:2], extent[2:], *places])
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    margin = max(_LEAST_AROUND_DEG, _AROUND_SHARE * max(east - west, north - south))
    return float(west - margin), float(south - margin), float(east + margin), float(north + margin)


def _layers(
    document: Mapping[str, Any],
    issues: Sequence[IssueLine],
    neighbours: Sequence[NeighbourLine],
    parts: Sequence[Mapping[str, Any]],
    city: City,
) -> Iterator[MapLayer]:
    yield _layer("city", [_city(city)], MUTED, is_context=True)
    others = [line for line in neighbours if not line.is_current]
    yield _layer("neighbours", [_neighbour(line) for line in others], NEIGHBOUR, is_context=True)
    yield _layer("current", [_current(line) for line in neighbours if line.is_current], RED_LINE, is_context=True)
    yield _layer("labels", [_label(line) for line in others[:_MOST_LABELS]], NEIGHBOUR)
    tolerance = _tolerance(document)
    unchosen = [parcel for parcel in document["parcels"] if not parcel["chosen"]]
    chosen = [parcel for parcel in document["parcels"] if parcel["chosen"]]
    grey = {"color": _UNCHOSEN, "weight": 1.5, "dashArray": "5 3", "fillColor": _UNCHOSEN, "fillOpacity": 0.1}
    red = {"color": RED_LINE, "weight": 2.5, "fillColor": RED_LINE, "fillOpacity": 0.07}
    yield _layer("unchosen", [one for parcel in unchosen for one in _parcel(parcel, grey, tolerance)], _UNCHOSEN)
    yield _layer("chosen", [one for parcel in chosen for one in _parcel(parcel, red, tolerance)], RED_LINE)
    for kind in ("overlap", "gap"):
        yield _layer(kind, [_part(part) for part in parts if part["kind"] == kind], FAIL.ink)
    yield _layer("issues", list(_signs(issues)), NOTIFY.ink)


def _layer(key: str, features: list[Feature], colour: str, *, is_context: bool = False) -> MapLayer:
    name = say(f"understanding.map_{key}")
    return MapLayer(name=name, features=tuple(features), swatch=key, colour=colour, is_context=is_context)


def _city(city: City) -> Feature:
    extent = box(city.west_deg, city.south_deg, city.east_deg, city.north_deg)
    style = {"color": MUTED, "weight": 1.5, "dashArray": "8 5", "fill": False}
    return _feature(mapping(extent), style, [say("understanding.map_city_tip", city=city.name)])


def _neighbour(line: NeighbourLine) -> Feature:
    style = {"color": NEIGHBOUR, "weight": 1.2, "fillColor": NEIGHBOUR, "fillOpacity": 0.08}
    return _feature(_rounded(mapping(line.lonlat)), style, [legible(line.code), legible(line.name)])


def _current(line: NeighbourLine) -> Feature:
    style = {"color": RED_LINE, "weight": 1.5, "dashArray": "3 4", "fill": False}
    return _feature(_rounded(mapping(line.lonlat)), style, [say("understanding.map_current"), legible(line.code)])


def _label(line: NeighbourLine) -> Feature:
    there = shapely.point_on_surface(line.lonlat)
    feature = _feature(
        {"type": "Point", "coordinates": [there.x, there.y]}, {}, [legible(line.code), legible(line.name)]
    )
    feature["properties"] |= {"sign": legible(line.code), "severity": "label"}
    return feature


def _parcel(parcel: Mapping[str, Any], style: Mapping[str, Any], tolerance: float) -> Iterator[Feature]:
    """All rings in one polygon: a browser fills it by the even-odd rule, whatever is shell and hole."""
    rings = [ring["lonlat"] for ring in parcel["rings"] if ring["lonlat"]]
    if not rings:
        return
    drawn = [_simplified([*ring, ring[0]], tolerance) for ring in rings]
    title = "　".join(
        part for part in (say("understanding.parcel", number=parcel["number"]), parcel["code"], parcel["name"]) if part
    )
    tip = [title]
    if parcel["area_planar_m2"] is not None:
        area_m2 = parcel["area_planar_m2"]
        tip.append(say("report.map_tip_area", m2=square_metres(area_m2), mu=mu(area_m2)))
    yield _feature({"type": "Polygon", "coordinates": drawn}, style, tip)


def _part(part: Mapping[str, Any]) -> Feature:
    style = {"color": FAIL.ink, "weight": 1, "fillColor": FAIL.ink, "fillOpacity": 0.35}
    area = say("understanding.map_part_area", m2=square_metres(part["area_planar_m2"]))
    return _feature(_rounded(part["geometry"]), style, [say(f"understanding.map_{part['kind']}"), area])


def _signs(issues: Sequence[IssueLine]) -> Iterator[Feature]:
    """One sign a place, with the numbers of all issues there; the worst gives its colour."""
    by_place: dict[tuple[float, ...], list[IssueLine]] = {}
    for issue in issues:
        if issue.lonlat is not None:
            by_place.setdefault(tuple(round(value, 7) for value in issue.lonlat), []).append(issue)
    for place, there in by_place.items():
        worst = min(there, key=lambda issue: ("error", "warning", "info").index(issue.severity))
        tip = [f"{issue.number}　{issue.severity_word}：{legible(issue.message)}" for issue in there]
        feature = _feature({"type": "Point", "coordinates": list(place)}, {}, tip)
        numbers = [str(issue.number) for issue in there]
        sign = "·".join(numbers) if len(numbers) < 3 else f"{numbers[0]}…"
        feature["properties"] |= {"sign": sign, "severity": worst.severity}
        yield feature


def _tolerance(document: Mapping[str, Any]) -> float:
    points = sum(ring["points"] for parcel in document["parcels"] for ring in parcel["rings"])
    west, south, east, north = document["extent"]
    return max(east - west, north - south) / 4_000 if points > _MOST_POINTS else 0.0


def _simplified(ring: list[list[float]], tolerance: float) -> Any:
    if tolerance:
        ring = shapely.get_coordinates(shapely.simplify(shapely.LineString(ring), tolerance)).tolist()
    return _rounded(ring)


def _feature(geometry: Any, style: Mapping[str, Any], tip: list[str]) -> Feature:
    return {"type": "Feature", "geometry": geometry, "properties": {"style": dict(style), "tip": tip}}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _DECIMALS)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list | tuple) else value


def _legend(layers: Sequence[MapLayer]) -> str:
    """Return the legend in the classes of the site's own style sheet."""
    items = "".join(
        f'<span class="key-{layer.swatch}"><i></i>{escape(layer.name)}</span>'
        for layer in reversed(layers)
        if layer.swatch != "labels"
    )
    return f'<p class="map-keys">{items}</p><p class="hint">{escape(say("understanding.map_no_background"))}</p>'
