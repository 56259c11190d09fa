"""Control geometry into the plane it is measured in: valid before and after, in bounded time. Looks for nothing.

Long edges are densified on the way, and the plane of a zone folds over itself far from its meridian. So what reaches
much farther than a review looks is cut off first, in the CRS it is drawn in; what still cannot be told is refused.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

import shapely
from shapely.geometry.base import BaseGeometry

from geo_review.boundary.model import Boundary
from geo_review.control.model import ControlFeatures, Geometries, Repair
from geo_review.control.validity import cannot_be_projected, repair_all
from geo_review.geometry.crs import can_reproject, reproject, same_plane
from geo_review.wording import say

# Land is cut off this far beyond where anything is looked for: the edges of the cut touch no area and no distance.
CUT_BEYOND_M = 200_000.0
# The frame is bent in the layer's CRS: its chords (a 64th of a side) and rounding stay well within this.
_FRAME_STEPS = 64
_FRAME_MARGIN = 0.01

Indices = npt.NDArray[np.int64]
Frame = tuple[float, float, float, float]
Repairs = tuple[Repair, ...]


def into_plane(valid: Geometries, numbers: Indices, *, epsg: int, measuring_epsg: int) -> tuple[Geometries, Repairs]:
    """Return valid geometries in the measuring CRS, valid again, with a word for each that the way there broke.

    The way into another plane may move a vertex across an edge it stood on (by 1e-9 m and the like).
    """
    _refuse_unless(can_reproject(shapely.bounds(valid), epsg, measuring_epsg), numbers, measuring_epsg)
    moved = reproject(valid, epsg, measuring_epsg)
    _refuse_unless(np.isfinite(shapely.bounds(moved)).all(axis=1), numbers, measuring_epsg)
    if moved is valid:  # in this plane already
        return valid, ()
    moved, rounding = repair_all(moved, epsg=measuring_epsg, numbers=numbers)
    words = (
        replace(repair, reason=say("control.reason_after_projecting", reason=repair.reason, epsg=measuring_epsg))
        for repair in rounding
    )
    return moved, tuple(words)


def union_in_plane(
    features: ControlFeatures, measuring_epsg: int, *, boundary: Boundary | None = None, within_m: float = 0.0
) -> tuple[BaseGeometry, Repairs]:
    """Return the union of all features of a polygon layer in the measuring CRS, with a word for each repair.

    With a ``boundary`` what lies far beyond ``within_m`` of it may be missing.
    """
    numbers = np.arange(1, len(features.geometries) + 1, dtype=np.int64)
    valid, repairs = repair_all(features.geometries, epsg=features.epsg)
    if boundary is not None:
        valid = cut_far_off(valid, boundary, within_m=within_m, epsg=features.epsg)
        numbers, valid = numbers[~shapely.is_empty(valid)], valid[~shapely.is_empty(valid)]
    moved, rounding = into_plane(valid, numbers, epsg=features.epsg, measuring_epsg=measuring_epsg)
    return shapely.union_all(moved), (*repairs, *rounding)


def of_the_coverage(repairs: Repairs, notes: tuple[str, ...]) -> tuple[Repairs, tuple[str, ...]]:
    """Return what was said of a coverage file, saying so: it stands beside what is said of the layer."""
    return (
        tuple(replace(repair, reason=say("control.reason_of_coverage", reason=repair.reason)) for repair in repairs),
        tuple(say("control.reason_of_coverage", reason=note) for note in notes),
    )


def cut_far_off(geometries: Geometries, boundary: Boundary, *, within_m: float, epsg: int) -> Geometries:
    """Return valid geometries in ``epsg`` without what lies far beyond ``within_m`` of the red line.

    Only what reaches out of the frame is touched, and nothing where no edge has to be bent. A geometry that lies
    wholly beyond becomes empty.
    """
    if same_plane(epsg, boundary.measuring_epsg):
        return geometries
    west, south, east, north = frame_round(boundary, within_m + CUT_BEYOND_M, epsg)
    bounds = shapely.bounds(geometries)
    beyond = (bounds[:, 0] < west) | (bounds[:, 1] < south) | (bounds[:, 2] > east) | (bounds[:, 3] > north)
    if not beyond.any():
        return geometries
    cut = geometries.copy()
    frame = shapely.box(west, south, east, north)
    cut[beyond] = [_within_frame(geometry, frame) for geometry in geometries[beyond]]
    return cut


def frame_round(boundary: Boundary, within_m: float, epsg: int) -> Frame:
    """Return bounds in another CRS that hold everything within ``within_m`` of the red line's envelope."""
    west, south, east, north = boundary.geometry.bounds
    frame = shapely.box(west - within_m, south - within_m, east + within_m, north + within_m)
    longest_m = max(east - west, north - south) + 2.0 * within_m
    moved = reproject(shapely.segmentize(frame, longest_m / _FRAME_STEPS), boundary.measuring_epsg, epsg)
    west, south, east, north = moved.bounds
    margin = _FRAME_MARGIN * max(east - west, north - south)
    return west - margin, south - margin, east + margin, north + margin


def _within_frame(geometry: BaseGeometry, frame: BaseGeometry) -> BaseGeometry:
    """Cut a geometry; a point or line that is left where land touches the frame is none of it."""
    cut = shapely.intersection(geometry, frame)
    if cut.geom_type != "GeometryCollection":
        return cut if shapely.get_dimensions(cut) == shapely.get_dimensions(geometry) else type(geometry)()
    parts = shapely.get_parts(shapely.get_parts(cut))
    return shapely.union_all(parts[shapely.get_dimensions(parts) == shapely.get_dimensions(geometry)])


def _refuse_unless(possible: npt.NDArray[np.bool_], numbers: Indices, epsg: int) -> None:
    if not possible.all():
        raise cannot_be_projected(int(numbers[~possible][0]), epsg)
