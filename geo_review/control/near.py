"""What of a layer lies near one red line: candidates by bounds, then exactly, in the red line's own plane. No files.

Only features that can matter are transformed: a window round the red line is taken into the layer's own CRS, where
the bounds of all features are compared with it at once. An invalid polygon has its word however far away it lies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

import shapely

from geo_review.boundary.model import Boundary
from geo_review.control.model import ControlFeatures, Geometries, Repair
from geo_review.control.plain_values import attributes_of
from geo_review.control.projecting import cut_far_off, frame_round, into_plane
from geo_review.control.validity import repair_all

BEYOND_REACH_M = 50.0  # told beyond the farthest any rule looks, so that a near miss is reported with its neighbours
# Where the nearest feature is looked for when none is within reach: each step sees far fewer features than the next.
WINDOWS_M = (1_000.0, 5_000.0, 20_000.0, 100_000.0, 2_000_000.0)

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Nearby:
    """``geometries`` are in the red line's measuring CRS; ``numbers`` are their features, from 1; see `LayerNear`.

    ``repairs`` are of the whole layer; after them of what is near and broke when it was projected.
    """

    geometries: Geometries
    numbers: Indices
    attributes: Mapping[int, Mapping[str, object]]
    repairs: tuple[Repair, ...]
    searched_m: float


def features_near(features: ControlFeatures, boundary: Boundary, *, reach_m: float) -> Nearby:
    """Return every feature within ``reach_m`` (and 50 m more) of the red line; when there is none, the nearest one."""
    searched_m = reach_m + BEYOND_REACH_M
    valid, repairs = repair_all(features.geometries, epsg=features.epsg)
    layer = _Layer(geometries=valid, bounds=shapely.bounds(valid), epsg=features.epsg)
    found = _within(layer, boundary, searched_m)
    if not len(found.numbers) and len(valid):
        found = _nearest(layer, boundary, searched_m)
    return Nearby(
        geometries=found.geometries,
        numbers=found.numbers,
        attributes={int(number): attributes_of(features, int(number) - 1) for number in found.numbers},
        repairs=(*repairs, *found.rounding),
        searched_m=searched_m,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Layer:
    """A whole layer, valid, in its own CRS."""

    geometries: Geometries
    bounds: npt.NDArray[np.float64]
    epsg: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """Features in the measuring CRS, and the words for those that projecting broke."""

    geometries: Geometries
    numbers: Indices
    rounding: tuple[Repair, ...]

    def only(self, kept: npt.NDArray[np.bool_]) -> _Found:
        numbers = self.numbers[kept]
        return _Found(
            geometries=self.geometries[kept],
            numbers=numbers,
            rounding=tuple(repair for repair in self.rounding if repair.feature in numbers),
        )


def _within(layer: _Layer, boundary: Boundary, distance_m: float) -> _Found:
    """Return every feature within a distance, exactly."""
    found = _candidates(layer, boundary, distance_m)
    shapely.prepare(boundary.geometry)
    return found.only(shapely.dwithin(boundary.geometry, found.geometries, distance_m))


def _nearest(layer: _Layer, boundary: Boundary, searched_m: float) -> _Found:
    """Return the one nearest feature; of several at the same distance the first of the file."""
    for window_m in (*(window for window in WINDOWS_M if window > searched_m), None):
        found = _candidates(layer, boundary, window_m)
        if not len(found.numbers):
            continue
        indices, distances_m = shapely.STRtree(found.geometries).query_nearest(
            boundary.geometry, return_distance=True, all_matches=True
        )
        if window_m is None or distances_m[0] <= window_m:
            first = np.zeros(len(found.numbers), dtype=bool)
            first[indices.min()] = True
            return found.only(first)
    raise AssertionError("the last window is the whole layer")


def _candidates(layer: _Layer, boundary: Boundary, window_m: float | None) -> _Found:
    """Return, in the measuring CRS, every feature whose bounds meet a window round the red line; None: all of them.

    What reaches far out of the window is cut: no distance within the window can change.
    """
    if window_m is None:
        indices, geometries = np.arange(len(layer.geometries)), layer.geometries
    else:
        west, south, east, north = frame_round(boundary, window_m, layer.epsg)
        bounds = layer.bounds
        indices = np.flatnonzero(
            (bounds[:, 0] <= east) & (bounds[:, 2] >= west) & (bounds[:, 1] <= north) & (bounds[:, 3] >= south)
        )
        geometries = cut_far_off(layer.geometries[indices], boundary, within_m=window_m, epsg=layer.epsg)
        left = ~shapely.is_empty(geometries)
        indices, geometries = indices[left], geometries[left]
    numbers = indices.astype(np.int64) + 1
    moved, rounding = into_plane(geometries, numbers, epsg=layer.epsg, measuring_epsg=boundary.measuring_epsg)
    return _Found(geometries=moved, numbers=numbers, rounding=rounding)
