"""The order in which surveyors write corners: clockwise on the map, from the north-west. Moves and rounds nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

import shapely
from shapely.geometry import LinearRing, Polygon


def rings_from_north_west(polygon: Polygon) -> Iterator[npt.NDArray[np.float64]]:
    """Yield closed rings, easting first: the shell clockwise, holes the other way, each from its north-west corner."""
    yield _from_north_west(polygon.exterior, clockwise=True)
    for hole in polygon.interiors:
        yield _from_north_west(hole, clockwise=False)


def _from_north_west(ring: LinearRing, *, clockwise: bool) -> npt.NDArray[np.float64]:
    corners = shapely.get_coordinates(ring)[:-1]
    if ring.is_ccw == clockwise:
        corners = corners[::-1]
    west, north = corners[:, 0].min(), corners[:, 1].max()
    # Nearest to the corner of the box; of two equally near, the northern one.
    first = np.lexsort((-corners[:, 1], np.hypot(corners[:, 0] - west, corners[:, 1] - north)))[0]
    turned = np.roll(corners, -first, axis=0)
    return np.vstack([turned, turned[:1]])
