"""How lines and areas are drawn by hand, so to say: seeded, so that one seed draws one city. Knows no layer."""

from __future__ import annotations

import zlib
from itertools import pairwise

import numpy as np
import numpy.typing as npt

import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

Coordinates = npt.NDArray[np.float64]

MILLIMETRES = 3  # every drawn coordinate is rounded to this many decimals of a metre


def pencil(seed: int, subject: str) -> np.random.Generator:
    """Return a generator of its own for each subject, so that a new layer does not redraw the others."""
    return np.random.default_rng([seed, zlib.crc32(subject.encode())])


def jagged(points: Coordinates, rng: np.random.Generator, *, shortest_m: float, roughness: float) -> Coordinates:
    """Return a line with its middles pushed aside again and again, as borders look; the ends and corners stay."""
    line = points
    while (lengths := np.hypot(*np.diff(line, axis=0).T)).max() > shortest_m:
        steps = np.diff(line, axis=0)
        aside = np.column_stack([-steps[:, 1], steps[:, 0]]) * rng.uniform(-roughness, roughness, (len(steps), 1))
        split = lengths > shortest_m
        middles = (line[:-1] + line[1:]) / 2.0 + aside
        line = np.insert(line, np.flatnonzero(split) + 1, middles[split], axis=0)
    return np.round(line, MILLIMETRES)


def flowing(points: Coordinates, *, rounds: int = 4) -> Coordinates:
    """Return a line with its corners cut (Chaikin), as rivers and roads run; the ends stay."""
    line = points
    for _ in range(rounds):
        nearer = 0.75 * line[:-1] + 0.25 * line[1:]
        farther = 0.25 * line[:-1] + 0.75 * line[1:]
        cut = np.empty((2 * len(nearer), 2))
        cut[0::2], cut[1::2] = nearer, farther
        line = np.vstack([line[:1], cut[1:-1], line[-1:]])
    return np.round(line, MILLIMETRES)


def meandering(points: Coordinates, rng: np.random.Generator, *, shortest_m: float, roughness: float) -> LineString:
    """Return a river's course: pushed aside, then smoothed."""
    return LineString(flowing(jagged(points, rng, shortest_m=shortest_m, roughness=roughness), rounds=3))


def ribbon(line: LineString, rng: np.random.Generator, *, narrow_m: float, wide_m: float, step_m: float) -> Polygon:
    """Return the land within a changing distance of a line: ``narrow_m`` at least, ``wide_m`` at most."""
    count = max(int(line.length / step_m), 2)
    at = np.linspace(0.0, line.length, count)
    waves = sum(np.sin(at / line.length * 2 * np.pi * rng.uniform(1, 7) + rng.uniform(0, 6.28)) for _ in range(4))
    shares = (waves - np.min(waves)) / (np.ptp(waves) or 1.0)
    discs = shapely.buffer(shapely.line_interpolate_point(line, at), narrow_m + shares * (wide_m - narrow_m))
    return shapely.union_all([shapely.convex_hull(shapely.union(left, right)) for left, right in pairwise(discs)])


def patch(
    centre: tuple[float, float], half_axes_m: tuple[float, float], bearing_deg: float, rng: np.random.Generator
) -> Polygon:
    """Return a surveyed-looking area: an ellipse with uneven radii and straight sides, corners to the millimetre."""
    corners = int(rng.integers(11, 17))
    turns = np.sort((np.arange(corners) + rng.uniform(-0.3, 0.3, corners)) / corners * 2 * np.pi)
    reach = rng.uniform(0.78, 1.12, corners)
    along, across = half_axes_m[0] * reach * np.cos(turns), half_axes_m[1] * reach * np.sin(turns)
    angle = np.radians(90.0 - bearing_deg)
    eastings = centre[0] + along * np.cos(angle) - across * np.sin(angle)
    northings = centre[1] + along * np.sin(angle) + across * np.cos(angle)
    return Polygon(np.round(np.column_stack([eastings, northings]), MILLIMETRES))


def roughened(polygon: Polygon, rng: np.random.Generator, *, shortest_m: float, roughness: float) -> BaseGeometry:
    """Return a polygon with a jagged outline; where the pencil crossed its own line, GEOS puts it in order."""
    shell = jagged(shapely.get_coordinates(polygon.exterior), rng, shortest_m=shortest_m, roughness=roughness)
    drawn = Polygon(shell, [hole.coords for hole in polygon.interiors])
    return drawn if drawn.is_valid else largest(shapely.make_valid(drawn))


def rounded(geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry with its coordinates to the millimetre, still valid."""
    return shapely.set_precision(geometry, 10.0**-MILLIMETRES)


def polygons(geometry: BaseGeometry) -> list[Polygon]:
    """Return the polygons of any geometry, largest first."""
    parts = [part for part in shapely.get_parts(shapely.get_parts(geometry)) if isinstance(part, Polygon)]
    return sorted((part for part in parts if not part.is_empty), key=lambda part: -part.area)


def largest(geometry: BaseGeometry) -> Polygon:
    """Return the largest polygon of a geometry."""
    return polygons(geometry)[0]


def one_area(geometry: BaseGeometry) -> MultiPolygon:
    """Return the polygons of a geometry as one multipolygon."""
    return MultiPolygon(polygons(geometry))
