"""The printed map as shapes in millimetres of paper, at a true round scale; x to the right, y down from the corner.

Pure geometry: the template draws exactly what stands here, so that a metre on the ground is 1000/scale mm on the page.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

import shapely
from shapely.geometry import LineString, MultiLineString, shape
from shapely.geometry.base import BaseGeometry

from geo_review.geometry.crs import LONLAT, reproject
from geo_review.report.labels import label
from geo_review.report.legible import legible
from geo_review.report.map_context import MapContext, display_copy
from geo_review.report.map_labels import RADIUS_MM, PlacedLabel, place_labels
from geo_review.report.map_scale import bar_length_m, grid_step_m, round_scale
from geo_review.report.palette import BY_OUTCOME, CONTEXT, RED_LINE
from geo_review.report.reading_order import WORST_FIRST, numbered_parts
from geo_review.wording import say

FRAME_WIDTH_MM = 160.0
FRAME_HEIGHTS_MM = (90.0, 195.0)
_MARGIN_MM = 14.0
_MOST_LABELS = 40

_DETAIL_MM = 0.005  # finer than any printer: the outline of what is judged is drawn without visible loss
_CONTEXT_DETAIL_MM = 0.1
_HATCH_MM = 1.6
_SWATCH_MM = (7.0, 3.0)
# Directions differ so that the outcomes stay apart in black and white; lines at these angles in degrees.
_HATCHES = {
    "fail": (45.0, -45.0),
    "consult": (45.0,),
    "notify": (0.0,),
    "not_covered": (90.0,),
    "not_evaluated": (90.0,),
}

Rings = list[list[tuple[float, float]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """A polygon or a line. ``role`` is red_line, part or context; ``style`` is the outcome or the context's number."""

    role: str
    style: str
    rings: Rings
    closed: bool
    hatch: Rings


@dataclass(frozen=True, kw_only=True, slots=True)
class Tick:
    """A grid line: its place along the frame in mm and the coordinate in metres."""

    at: float
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LegendEntry:
    """One line of the legend; its sample is drawn as the shapes that it explains."""

    sample: Shape
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """A printed map. Every length is in mm on paper; ``colours`` are by style."""

    scale: int
    scale_text: str
    width: float
    height: float
    shapes: tuple[Shape, ...]
    labels: tuple[PlacedLabel, ...]
    label_styles: Mapping[str, str]
    label_radius: float
    eastings: tuple[Tick, ...]
    northings: tuple[Tick, ...]
    bar: float
    bar_texts: tuple[str, str, str]
    legend: tuple[LegendEntry, ...]
    colours: Mapping[str, str]
    remarks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """Where ground lies on paper: the ground coordinate of the frame's upper left corner, and the scale."""

    west_m: float
    north_m: float
    scale: int
    width_mm: float
    height_mm: float

    def place(self, ground: Any) -> Any:
        """Return ground geometry (metres, y up) on paper (mm, y down)."""
        factor = 1000.0 / self.scale
        return shapely.transform(ground, lambda points: (points - [self.west_m, self.north_m]) * [factor, -factor])

    @property
    def window_m(self) -> tuple[float, float, float, float]:
        width_m, height_m = self.width_mm * self.scale / 1000.0, self.height_mm * self.scale / 1000.0
        return self.west_m, self.north_m - height_m, self.west_m + width_m, self.north_m


def draw_map(document: Mapping[str, Any], context: MapContext | None = None) -> Drawing:
    """Return the map of a document: the red line, every part with its number, and the context lightly."""
    epsg = document["boundary"]["measuring_epsg"]
    red_line = reproject(shape(document["boundary"]["geometry"]), LONLAT, epsg)
    numbered = list(numbered_parts(document))
    polygons = reproject(
        np.array([shape(one.part["geometry"]) for one in numbered] or [shapely.Polygon()], dtype=object), LONLAT, epsg
    )[: len(numbered)]
    paper = _paper(shapely.total_bounds(np.array([red_line, *polygons], dtype=object)))
    placed = [paper.place(polygon) for polygon in polygons]
    outcomes = [one.result["outcome"] for one in numbered]
    layers = list(context or ())
    shapes = [
        *_context_shapes(layers, paper, epsg),
        *(_shape("part", outcome, polygon) for outcome, polygon in zip(outcomes, placed, strict=True)),
        _shape("red_line", "red_line", paper.place(red_line)),
    ]
    labelled = sorted(range(len(placed)), key=lambda index: (-placed[index].area, index))[:_MOST_LABELS]
    return Drawing(
        scale=paper.scale,
        scale_text=say("report.map_scale", scale=paper.scale),
        width=paper.width_mm,
        height=paper.height_mm,
        shapes=tuple(shapes),
        labels=tuple(
            place_labels(
                ((numbered[index].number, placed[index]) for index in labelled),
                width_mm=paper.width_mm,
                height_mm=paper.height_mm,
                taken=_furniture(paper),
            )
        ),
        label_styles={str(numbered[index].number): outcomes[index] for index in labelled},
        label_radius=RADIUS_MM,
        eastings=tuple(_ticks(paper.window_m[0], paper.window_m[2], paper, along=1.0)),
        northings=tuple(_ticks(paper.window_m[1], paper.window_m[3], paper, along=-1.0)),
        bar=bar_length_m(paper.scale) * 1000.0 / paper.scale,
        bar_texts=_bar_texts(bar_length_m(paper.scale)),
        legend=tuple(_legend(outcomes, layers, shapes)),
        colours=_colours(len(layers)),
        remarks=tuple(_remarks(epsg, len(labelled), len(placed))),
    )


def _paper(bounds: Any) -> Paper:
    west, south, east, north = (float(value) for value in bounds)
    least, most = FRAME_HEIGHTS_MM
    scale = round_scale(
        east - west,
        north - south,
        room_width_mm=FRAME_WIDTH_MM - 2 * _MARGIN_MM,
        room_height_mm=most - 2 * _MARGIN_MM,
    )
    height_mm = min(most, max(least, (north - south) * 1000.0 / scale + 3 * _MARGIN_MM))
    half_width_m, half_height_m = FRAME_WIDTH_MM * scale / 2000.0, height_mm * scale / 2000.0
    return Paper(
        west_m=(west + east) / 2 - half_width_m,
        north_m=(south + north) / 2 + half_height_m,
        scale=scale,
        width_mm=FRAME_WIDTH_MM,
        height_mm=height_mm,
    )


def _context_shapes(layers: MapContext, paper: Paper, epsg: int) -> Iterator[Shape]:
    """Yield what of each layer lies in the frame; the cut in lon/lat first keeps a layer of the whole city cheap."""
    west, south, east, north = paper.window_m
    margin_m = max(east - west, north - south) * 0.1
    frame = shapely.box(west - margin_m, south - margin_m, east + margin_m, north + margin_m)
    around = reproject(frame, epsg, LONLAT).bounds
    for index, layer in enumerate(layers):
        near = reproject(display_copy(layer.lonlat, around, 0.0), LONLAT, epsg)
        shown = display_copy(near, paper.window_m, _CONTEXT_DETAIL_MM * paper.scale / 1000.0)
        for piece in shapely.get_parts(shown):
            yield _shape("context", _context_style(index), paper.place(piece))


def _shape(role: str, style: str, on_paper: BaseGeometry) -> Shape:
    drawn = shapely.simplify(on_paper, _DETAIL_MM, preserve_topology=True)
    closed = drawn.geom_type.endswith("Polygon")
    lines = shapely.boundary(drawn) if closed else drawn
    return Shape(
        role=role,
        style=style,
        rings=_rings(lines),
        closed=closed,
        hatch=_rings(_hatch(drawn, _HATCHES.get(style, ()))) if closed and role == "part" else [],
    )


def _rings(lines: BaseGeometry) -> Rings:
    return [
        [(round(x, 4), round(y, 4)) for x, y in shapely.get_coordinates(line)]
        for line in shapely.get_parts(lines)
        if line.geom_type == "LineString" and not line.is_empty
    ]


def _hatch(polygon: BaseGeometry, angles_deg: tuple[float, ...]) -> BaseGeometry:
    """Return parallel lines inside a polygon, on one raster for the whole sheet, so that neighbours do not clash."""
    lines = [line for angle in angles_deg for line in _raster(polygon.bounds, math.radians(angle))]
    return shapely.intersection(MultiLineString(lines), polygon)


def _raster(bounds: tuple[float, float, float, float], angle: float) -> Iterator[Any]:
    west, top, east, bottom = bounds
    along, across = np.array([math.cos(angle), math.sin(angle)]), np.array([-math.sin(angle), math.cos(angle)])
    corners = np.array([(west, top), (east, top), (east, bottom), (west, bottom)])
    reach = corners @ along
    first, last = math.floor((corners @ across).min() / _HATCH_MM), math.ceil((corners @ across).max() / _HATCH_MM)
    for step in range(first, last + 1):
        middle = across * (step * _HATCH_MM)
        yield [middle + along * reach.min(), middle + along * reach.max()]


def _ticks(low_m: float, high_m: float, paper: Paper, *, along: float) -> Iterator[Tick]:
    step_m = grid_step_m(paper.scale)
    origin_m = paper.west_m if along > 0 else paper.north_m
    for index in range(math.ceil(low_m / step_m), math.floor(high_m / step_m) + 1):
        at_mm = (index * step_m - origin_m) * along * 1000.0 / paper.scale
        yield Tick(at=round(at_mm, 4), text=f"{index * step_m:.0f}")


def _bar_texts(length_m: float) -> tuple[str, str, str]:
    if length_m >= 2000.0:
        return "0", f"{length_m / 2000.0:g}", f"{length_m / 1000.0:g} km"
    return "0", f"{length_m / 2.0:g}", f"{length_m:g} m"


def _furniture(paper: Paper) -> list[tuple[float, float]]:
    """Return middles of what stands in the frame itself: the north arrow upper right, the scale bar lower left."""
    arrow = [(paper.width_mm - 8.0, y) for y in (4.0, 8.0, 12.0, 16.0)]
    bar = [(float(x), y) for x in range(4, 64, 4) for y in (paper.height_mm - 4.0, paper.height_mm - 8.0)]
    return arrow + bar


def _legend(outcomes: list[str], layers: MapContext, shapes: list[Shape]) -> Iterator[LegendEntry]:
    swatch = shapely.box(0.0, 0.0, *_SWATCH_MM)
    stroke = LineString([(0.0, _SWATCH_MM[1] / 2), (_SWATCH_MM[0], _SWATCH_MM[1] / 2)])
    yield LegendEntry(sample=_shape("red_line", "red_line", stroke), text=say("report.map_red_line"))
    for outcome in WORST_FIRST:
        if outcome in outcomes:
            text = f"{label('sign', outcome)} {say('report.map_part_of_outcome', word=label('outcome', outcome))}"
            yield LegendEntry(sample=_shape("part", outcome, swatch), text=text)
    drawn = {shape.style: shape for shape in shapes if shape.role == "context"}
    for index, layer in enumerate(layers):
        style = _context_style(index)
        if style in drawn:
            sample = _shape("context", style, swatch if drawn[style].closed else stroke)
            yield LegendEntry(sample=sample, text=say("report.map_context", title=legible(layer.title)))


def _context_style(index: int) -> str:
    return f"context{index}"


def _colours(layers: int) -> dict[str, str]:
    context = {_context_style(index): CONTEXT[index % len(CONTEXT)] for index in range(layers)}
    return {"red_line": RED_LINE} | {outcome: swatch.ink for outcome, swatch in BY_OUTCOME.items()} | context


def _remarks(epsg: int, labelled: int, parts: int) -> Iterator[str]:
    yield say("report.map_note", epsg=epsg)
    if labelled < parts:
        yield say("report.map_labels_left_out", count=labelled)
