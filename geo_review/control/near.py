"""What of a layer lies near one red line: candidates by bounds, then exactly, in the red line's own plane. No files.

Only features that can matter are transformed: a window round the red line is taken into the layer's own CRS, where
the bounds of all features are compared with it at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

import shapely
from shapely.geometry.base import BaseGeometry

from geo_review.boundary.model import Boundary
from geo_review.control.model import ControlFeatures, Geometries, Repair
from geo_review.control.plain_values import attributes_of
from geo_review.control.validity import repair_all
from geo_review.errors import InvalidLayer
from geo_review.geometry.crs import reproject
from geo_review.wording import say

BEYOND_REACH_M = 50.0  # told beyond the farthest any rule looks, so that a near miss is reported with its neighbours
# Where the nearest feature is looked for when none is within reach: each step sees far fewer features than the next.
WINDOWS_M = (1_000.0, 5_000.0, 20_000.0, 100_000.0)
# The frame of a window is bent in the layer's CRS: its chords (a 64th of a side) and rounding stay well within this.
_FRAME_STEPS = 64
_FRAME_MARGIN = 0.01

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Nearby:
    """``geometries`` are in the red line's measuring CRS; ``numbers`` are their features, from 1; see `LayerNear`."""

    geometries: Geometries
    numbers: Indices
    attributes: Mapping[int, Mapping[str, object]]
    repairs: tuple[Repair, ...]
    searched_m: float


def features_near(features: ControlFeatures, boundary: Boundary, *, reach_m: float) -> Nearby:
    """Return every feature within ``reach_m`` (and 50 m more) of the red line; when there is none, the nearest one."""
    searched_m = reach_m + BEYOND_REACH_M
    bounds = shapely.bounds(features.geometries)
    found = _within(features, bounds, boundary, searched_m)
    if not len(found.numbers) and len(features.geometries):
        found = _nearest(features, bounds, boundary, searched_m)
    return Nearby(
        geometries=found.geometries,
        numbers=found.numbers,
        attributes={int(number): attributes_of(features, int(number) - 1) for number in found.numbers},
        repairs=found.repairs,
        searched_m=searched_m,
    )


def into_measuring_crs(
    geometries: Geometries, numbers: Indices, *, epsg: int, measuring_epsg: int
) -> tuple[Geometries, tuple[Repair, ...]]:
    """Return geometries, valid, in the measuring CRS, with a word for each repair.

    Repaired where they were drawn; and again when the way into the other plane has moved a vertex across an edge it
    stood on (by 1e-9 m and the like).
    """
    valid, repairs = repair_all(geometries, epsg=epsg, numbers=numbers)
    moved = reproject(valid, epsg, measuring_epsg)
    finite = np.isfinite(shapely.bounds(moved)).all(axis=1)
    if not finite.all():
        raise InvalidLayer(
            code="layer_cannot_be_projected",
            message=say("control.cannot_be_projected", feature=int(numbers[~finite][0]), epsg=measuring_epsg),
            remedy=say("control.crs_remedy"),
        )
    moved, rounding = repair_all(moved, epsg=measuring_epsg, numbers=numbers)
    words = (
        replace(repair, reason=say("control.reason_after_projecting", reason=repair.reason, epsg=measuring_epsg))
        for repair in rounding
    )
    return moved, (*repairs, *words)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    geometries: Geometries
    numbers: Indices
    repairs: tuple[Repair, ...]

    def only(self, kept: npt.NDArray[np.bool_]) -> _Found:
        numbers = self.numbers[kept]
        return _Found(
            geometries=self.geometries[kept],
            numbers=numbers,
            repairs=tuple(repair for repair in self.repairs if repair.feature in numbers),
        )


def _within(
    features: ControlFeatures, bounds: npt.NDArray[np.float64], boundary: Boundary, distance_m: float
) -> _Found:
    """Return every feature within a distance, exactly."""
    found = _candidates(features, bounds, boundary, distance_m)
    shapely.prepare(boundary.geometry)
    return found.only(shapely.dwithin(boundary.geometry, found.geometries, distance_m))


def _nearest(
    features: ControlFeatures, bounds: npt.NDArray[np.float64], boundary: Boundary, searched_m: float
) -> _Found:
    """Return the one nearest feature; of several at the same distance the first of the file."""
    for window_m in (*(window for window in WINDOWS_M if window > searched_m), None):
        found = _candidates(features, bounds, boundary, window_m)
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


def _candidates(
    features: ControlFeatures, bounds: npt.NDArray[np.float64], boundary: Boundary, window_m: float | None
) -> _Found:
    """Return, in the measuring CRS, every feature whose bounds meet a window round the red line; None: all of them."""
    if window_m is None:
        indices = np.arange(len(bounds))
    else:
        west, south, east, north = _window(boundary, window_m, features.epsg)
        indices = np.flatnonzero(
            (bounds[:, 0] <= east) & (bounds[:, 2] >= west) & (bounds[:, 1] <= north) & (bounds[:, 3] >= south)
        )
    numbers = indices.astype(np.int64) + 1
    geometries, repairs = into_measuring_crs(
        features.geometries[indices], numbers, epsg=features.epsg, measuring_epsg=boundary.measuring_epsg
    )
    return _Found(geometries=geometries, numbers=numbers, repairs=repairs)


def _window(boundary: Boundary, window_m: float, epsg: int) -> tuple[float, float, float, float]:
    """Return bounds in another CRS that hold everything within ``window_m`` of the red line's envelope."""
    west, south, east, north = boundary.geometry.bounds
    frame = shapely.box(west - window_m, south - window_m, east + window_m, north + window_m)
    longest_m = max(east - west, north - south) + 2.0 * window_m
    moved = reproject(shapely.segmentize(frame, longest_m / _FRAME_STEPS), boundary.measuring_epsg, epsg)
    west, south, east, north = moved.bounds
    margin = _FRAME_MARGIN * max(east - west, north - south)
    return west - margin, south - margin, east + margin, north + margin


def union_in_measuring_crs(features: ControlFeatures, measuring_epsg: int) -> tuple[BaseGeometry, tuple[Repair, ...]]:
    """Return the union of all features of a polygon layer in the measuring CRS, with a word for each repair."""
    numbers = np.arange(1, len(features.geometries) + 1, dtype=np.int64)
    geometries, repairs = into_measuring_crs(
        features.geometries, numbers, epsg=features.epsg, measuring_epsg=measuring_epsg
    )
    return shapely.union_all(geometries), repairs
