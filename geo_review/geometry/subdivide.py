"""Cutting large polygons into small parts for the index. Parts are right only for intersects and for summed area.

Halving with `clip_by_rect` instead of PostGIS's ST_Subdivide: exact to about 5e-14 of the area and some twenty times
faster (`make bench` prints both). Never use a part for contains, overlaps, touches or a width, and never
take one into another plane: `rejoin` first.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

import shapely
from shapely.geometry import box

from geo_review.geometry.measure import COORDINATE_STEP_M

Geometries = npt.NDArray[np.object_]
Indices = npt.NDArray[np.int64]
Frame = tuple[float, float, float, float]

MAX_VERTICES = 128
FEWEST_VERTICES = 16
_MAX_CUTS = 60  # halvings of one polygon; past it the vertices are closer than floats can part
_AREA_KEPT = 1e-12  # relative; a source whose parts do not keep its area is cut again, slower


def subdivide(geometries: Geometries, max_vertices: int = MAX_VERTICES) -> tuple[Geometries, Indices]:
    """Return (parts, source): single geometries of at most ``max_vertices`` vertices, and the index each came from.

    Polygons (n,) in any CRS, valid; lines and points are only taken apart into single ones. Empty geometries give no
    part. Every part of a polygon is a valid polygon, and the parts of one polygon keep its area to 1e-12 relative (a
    small one to what floats can tell at its coordinates). Fewer than `FEWEST_VERTICES` cannot be asked for: halving
    a rectangle gives rectangles, of five, for ever.
    """
    if max_vertices < FEWEST_VERTICES:
        raise ValueError(f"max_vertices is {max_vertices}, less than {FEWEST_VERTICES}")
    parts, source = _halve(geometries, np.arange(len(geometries)), max_vertices, exact=False)
    again = _not_kept(geometries, parts, source, cut=shapely.get_num_coordinates(geometries) > max_vertices)
    if again.size:
        keep = ~np.isin(source, again)
        redone, redone_source = _halve(geometries[again], again, max_vertices, exact=True)
        parts = np.concatenate([parts[keep], redone])
        source = np.concatenate([source[keep], redone_source])
    order = np.argsort(source, kind="stable")
    return parts[order], source[order]


def rejoin(parts: Geometries, source: Indices) -> tuple[Geometries, Indices]:
    """Return (geometries, source) with the parts of each source joined again, so that none of its seams is left.

    ``source`` is ascending. Where parts of different size meet, a corner of one lies on an edge of another: a gap opens
    there in any other plane, where that edge is bent and the corner is not on its chord.
    """
    numbers, first, counts = np.unique(source, return_index=True, return_counts=True)
    joined = parts[first]
    for index in np.flatnonzero(counts > 1):
        joined[index] = shapely.union_all(parts[first[index] : first[index] + counts[index]])
    return joined, numbers


def _halve(geometries: Geometries, numbers: Indices, max_vertices: int, *, exact: bool) -> tuple[Geometries, Indices]:
    """Halve breadth first: every round cuts all polygons that are still too large, across their longer side."""
    done_parts: list[Geometries] = []
    done_source: list[Indices] = []
    pending, source = _single(geometries, numbers)
    for _ in range(_MAX_CUTS):
        large = (shapely.get_num_coordinates(pending) > max_vertices) & (shapely.get_dimensions(pending) == 2)
        done_parts.append(pending[~large])
        done_source.append(source[~large])
        pending, source = pending[large], source[large]
        if not pending.size:
            break
        halves = np.empty(2 * len(pending), dtype=object)
        for index, (polygon, frames) in enumerate(zip(pending, _frames(pending), strict=True)):
            for side, frame in enumerate(frames):
                halves[2 * index + side] = (
                    shapely.intersection(polygon, box(*frame)) if exact else shapely.clip_by_rect(polygon, *frame)
                )
        pending, source = _single(halves, np.repeat(source, 2))
        polygonal = shapely.get_dimensions(pending) == 2
        pending, source = pending[polygonal], source[polygonal]
    else:
        done_parts.append(pending)
        done_source.append(source)
    return np.concatenate(done_parts), np.concatenate(done_source)


def _frames(polygons: Geometries) -> Iterator[tuple[Frame, Frame]]:
    """Yield the two halves of each polygon's envelope, cut across its longer side at the mean of its vertices.

    The mean, not the middle: an outline has its vertices in bays and corners, and cutting where they are takes fewer
    rounds (10 against 14 on shores of 30,000 vertices) and gives fewer parts.
    """
    coordinates = shapely.get_coordinates(polygons)
    counts = shapely.get_num_coordinates(polygons)
    means = np.add.reduceat(coordinates, np.cumsum(counts) - counts, axis=0) / counts[:, np.newaxis]
    for (west, south, east, north), (mean_x, mean_y) in zip(
        shapely.bounds(polygons).tolist(), means.tolist(), strict=True
    ):
        if east - west >= north - south:
            yield (west, south, mean_x, north), (mean_x, south, east, north)
        else:
            yield (west, south, east, mean_y), (west, mean_y, east, north)


def _single(geometries: Geometries, numbers: Indices) -> tuple[Geometries, Indices]:
    """Take collections apart, down to single geometries; empties vanish."""
    parts, index = shapely.get_parts(geometries, return_index=True)
    nested = shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT
    if nested.any():
        return _single(parts, numbers[index])
    kept = ~shapely.is_empty(parts)
    return parts[kept], numbers[index][kept]


def _not_kept(geometries: Geometries, parts: Geometries, source: Indices, *, cut: npt.NDArray[np.bool_]) -> Indices:
    """Return the sources with an invalid part, or whose parts do not sum up to their area.

    Clipping is not promised to give valid polygons where a ring runs along the cut.
    """
    clipped = cut[source]
    invalid = source[clipped][~shapely.is_valid(parts[clipped])]
    before = shapely.area(geometries)
    after = np.bincount(source, weights=shapely.area(parts), minlength=len(geometries))
    allowed = np.maximum(_AREA_KEPT * before, COORDINATE_STEP_M * shapely.length(geometries))
    lost = np.flatnonzero(np.abs(after - before) > allowed)
    return np.union1d(invalid, lost)
