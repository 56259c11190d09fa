"""The six county outlines: faces of one graph of borders, so that they tile the city without gap or overlap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import shapely
from shapely.geometry import LineString, Point, Polygon

from geo_review.sample_city.drawing import jagged, pencil
from geo_review.sample_city.facts import Facts

_BORDER_STEP_M = 650.0
_BORDER_ROUGHNESS = 0.13
_RIVER_ROUGHNESS = 0.06


@dataclass(frozen=True, kw_only=True, slots=True)
class Land:
    """The ground plan: counties by name, the whole city, and the Yellow River that is its south-east border."""

    counties: Mapping[str, Polygon]
    city: Polygon
    yellow_river: LineString


def draw_land(facts: Facts, seed: int) -> Land:
    """Draw every border once, and return the counties on either side of it."""
    borders = {
        name: LineString(
            jagged(
                points,
                pencil(seed, name),
                shortest_m=_BORDER_STEP_M,
                roughness=_RIVER_ROUGHNESS if name.startswith("yellow_river") else _BORDER_ROUGHNESS,
            )
        )
        for name, points in facts.arcs.items()
    }
    faces = shapely.get_parts(shapely.polygonize(list(borders.values())))
    counties = {
        county.name: next(face for face in faces if face.contains(Point(county.seat))) for county in facts.counties
    }
    return Land(
        counties=counties,
        city=shapely.union_all(list(counties.values())),
        yellow_river=shapely.line_merge(
            shapely.union_all([line for name, line in borders.items() if name.startswith("yellow_river")])
        ),
    )
