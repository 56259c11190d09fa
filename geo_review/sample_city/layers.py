"""All layers of the sample city, in one call, in the order they are handed over."""

from __future__ import annotations

from collections.abc import Mapping

import shapely

from geo_review.sample_city.deliveries import read_deliveries
from geo_review.sample_city.farmland import draw_farmland, draw_obstacles
from geo_review.sample_city.layers_ground import draw_ground
from geo_review.sample_city.layers_nature import draw_nature
from geo_review.sample_city.layers_town import draw_towns
from geo_review.sample_city.layers_water import draw_water
from geo_review.sample_city.layers_ways import draw_ways
from geo_review.sample_city.plan import Plan, SampleLayer

# No field is drawn on land that one of these protects.
_NO_FIELDS_ON = ("STBHHX", "ZRBHDHX", "WWBHDWHX", "YYSYD1", "SYGYL")


def draw_layers(plan: Plan, *, scale: float = 1.0) -> Mapping[str, SampleLayer]:
    """Draw every layer; ``scale`` changes the number of farmland patches only."""
    drawn = {
        layer.code: layer
        for room in (draw_towns, draw_water, draw_nature, draw_ways, draw_ground)
        for layer in room(plan)
    }
    protected = [shapely.union_all(drawn[code].geometries) for code in _NO_FIELDS_ON]
    drawn["YJJBNT"] = draw_farmland(plan, draw_obstacles(plan, protected), scale=scale)
    return {code: drawn[code] for code in read_deliveries()}
