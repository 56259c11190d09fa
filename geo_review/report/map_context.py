"""What else a map may show: control lines near the red line. Optional everywhere, judged nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import shapely
from shapely.geometry import MultiPolygon, shape
from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, kw_only=True, slots=True)
class ContextLayer:
    """One control line. ``geometry`` is lon/lat (EPSG:4490): a shapely geometry or a GeoJSON dict; ``kind`` is the
    rule kind it is judged by, or empty."""

    code: str
    title: str
    geometry: BaseGeometry | Mapping[str, Any]
    kind: str = ""

    @property
    def lonlat(self) -> BaseGeometry:
        return self.geometry if isinstance(self.geometry, BaseGeometry) else shape(self.geometry)


MapContext = Sequence[ContextLayer]


def display_copy(geometry: BaseGeometry, window: tuple[float, float, float, float], tolerance: float) -> BaseGeometry:
    """Return what a map shows of a geometry: cut to the window, without detail finer than the tolerance (both in the
    unit of the geometry). A picture only: shared edges may part by the tolerance, so nothing is judged on it.

    A crossing ring would make the cut fail; the picture then keeps the parts that can be drawn.
    """
    drawable = geometry if geometry.is_valid else shapely.make_valid(geometry)
    parts = shapely.get_parts(shapely.clip_by_rect(drawable, *window))
    simplified = shapely.simplify(parts, tolerance, preserve_topology=True)
    kept = simplified[~shapely.is_empty(simplified)] if len(simplified) else np.array([], dtype=object)
    return shapely.geometrycollections(kept) if len(kept) else MultiPolygon()
