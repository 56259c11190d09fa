"""The shapes of building sites, drawn round the origin in metres; a site is one of them, turned and moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

import shapely
from shapely.geometry import MultiPolygon, Polygon

from geo_review.sample_city.drawing import MILLIMETRES


def shape_named(name: str, width_m: float, depth_m: float) -> MultiPolygon:
    """Return a shape of the catalogue."""
    return SHAPES[name](width_m, depth_m)


def turned(shape: MultiPolygon, angle_deg: float, easting: float, northing: float) -> MultiPolygon:
    """Return a shape turned anticlockwise and moved, its corners to the millimetre."""
    angle = np.radians(angle_deg)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    moved: MultiPolygon = shapely.transform(
        shape, lambda corners: np.round(corners @ turn + np.array([easting, northing]), MILLIMETRES)
    )
    return moved


def _rectangle(width_m: float, depth_m: float) -> MultiPolygon:
    return MultiPolygon([shapely.box(-width_m / 2, -depth_m / 2, width_m / 2, depth_m / 2)])


def _ell(width_m: float, depth_m: float) -> MultiPolygon:
    """A corner of the rectangle belongs to somebody else."""
    west, south, east, north = -width_m / 2, -depth_m / 2, width_m / 2, depth_m / 2
    corners = [(west, south), (east, south), (east, 0.0), (0.0, 0.0), (0.0, north), (west, north)]
    return MultiPolygon([Polygon(corners)])


def _ring(width_m: float, depth_m: float) -> MultiPolygon:
    """Land in the middle stays with its user: a hole."""
    outer, inner = _rectangle(width_m, depth_m).geoms[0], _rectangle(width_m / 4, depth_m / 4).geoms[0]
    return MultiPolygon([outer.difference(inner)])


def _pair(width_m: float, depth_m: float) -> MultiPolygon:
    """Two parcels with a lane between them."""
    gap_m = width_m / 10
    left = shapely.box(-width_m / 2, -depth_m / 2, -gap_m / 2, depth_m / 2)
    right = shapely.box(gap_m / 2, -depth_m / 2, width_m / 2, depth_m / 2)
    return MultiPolygon([left, right])


def _strip(width_m: float, depth_m: float) -> MultiPolygon:
    """A road with a bend: ``width_m`` long, ``depth_m`` wide."""
    bend = shapely.linestrings([(-width_m / 2, 0.0), (-width_m / 8, width_m / 40), (width_m / 2, -width_m / 14)])
    return MultiPolygon([bend.buffer(depth_m / 2, cap_style="flat", join_style="mitre")])


SHAPES: Mapping[str, Callable[[float, float], MultiPolygon]] = {
    "rectangle": _rectangle,
    "ell": _ell,
    "ring": _ring,
    "pair": _pair,
    "strip": _strip,
}
