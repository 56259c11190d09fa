"""The narrow ground between two pieces of land that nearly meet, and the edge they share. Planar geometry, metres.

Judges nothing and moves no vertex: what is returned is ground outside both, and its figures.
"""

from __future__ import annotations

import math

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geo_review.geometry.intersect import connected_parts
from geo_review.geometry.measure import WIDTH_RESOLUTION_M, least_width_m

# A corner of less than 23 degrees is cut off when it is widened: spikes of a sharp corner end at five radii.
_MITRE_LIMIT = 5.0
# What is cut away round the place where the two meet stays this many widths off: no cut edge is taken for an outline.
_MARGIN = 4.0
_EROSION_ROUNDING_M = 1e-5  # whatever is that near to a width has reached it
_WIDENED = 1.02  # a disc of chords falls short of its arc


def strips_between(left: BaseGeometry, right: BaseGeometry, width_m: float) -> list[Polygon]:
    """Return the ground between two pieces of land that is narrower than ``width_m`` and longer than it is wide.

    By closing: both are widened by half the width and narrowed again, which fills what lies between facing edges. Edges
    are moved parallel and corners stay corners, so the strip between two squares one metre apart is that rectangle and
    no more; two outlines that part at an angle leave nothing between them.
    """
    left, right = _near_each_other(left, right, width_m)
    if left.is_empty or right.is_empty:
        return []
    both = shapely.union(left, right)
    ground = _without_noise(shapely.difference(_closed(both, width_m, "mitre"), both))
    if ground.is_empty:
        return []
    for side in (left, right):  # the notch of one of them is filled as well: only its mouth lies between the two
        ground = shapely.intersection(ground, shapely.buffer(side, width_m * _WIDENED, quad_segs=8))
    found: list[Polygon] = []
    for part in connected_parts(ground):
        if not _has_width(part, width_m - _EROSION_ROUNDING_M):
            found.append(part)
        else:  # a corner may have been filled that is wider: discs leave it out, and dent the ends a little
            rounded = _without_noise(shapely.intersection(part, _closed(both, width_m, "round")))
            found += [
                piece for piece in connected_parts(rounded) if not _has_width(piece, width_m - _EROSION_ROUNDING_M)
            ]
    return [part for part in found if _is_between(part, left, right) and _is_long(part, width_m)]


def strip_width_m(strip: Polygon) -> float:
    """Return how far its long sides lie apart where they do most, to a tenth of a millimetre.

    By erosion that leaves corners corners: a bend makes a strip no wider. Along a strip of even width there are as many
    largest circles as one likes, and the search for one of them may take a tenth of a second.
    """
    low_m, high_m = least_width_m(strip), 2.0 * math.sqrt(strip.area / math.pi)
    while high_m - low_m > WIDTH_RESOLUTION_M:
        middle_m = (low_m + high_m) / 2.0
        if _has_width(strip, middle_m):
            low_m = middle_m
        else:
            high_m = middle_m
    return (low_m + high_m) / 2.0


def strip_length_m(strip: Polygon) -> float:
    """Return the length of the rectangle that has the area and the outline of a strip, straight or bent."""
    half_m = float(strip.length) / 2.0
    return (half_m + math.sqrt(max(half_m**2 - 4.0 * float(strip.area), 0.0))) / 2.0


def shared_edge_m(left: BaseGeometry, right: BaseGeometry, contact_width_m: float) -> float:
    """Return the length of the outline of ``left`` that runs within the contact width of ``right``."""
    reach_m = max(contact_width_m, WIDTH_RESOLUTION_M)
    left, right = _near_each_other(left, right, reach_m)
    if left.is_empty or right.is_empty:
        return 0.0
    along = shapely.intersection(shapely.boundary(left), shapely.buffer(shapely.boundary(right), reach_m, quad_segs=4))
    lines = shapely.get_parts(shapely.line_merge(along))
    # Past either end of the shared edge the outline is still as near as the width: a corner alone shares nothing.
    return math.fsum(
        length_m if line.is_ring else length_m - 2.0 * reach_m
        for line in lines
        if (length_m := float(line.length)) > 2.0 * reach_m + WIDTH_RESOLUTION_M
    )


def _has_width(strip: Polygon, width_m: float) -> bool:
    return not shapely.buffer(strip, -width_m / 2.0, quad_segs=2, join_style="mitre").is_empty


def _is_long(strip: Polygon, width_m: float) -> bool:
    length_m = strip_length_m(strip)
    return length_m >= width_m or length_m > strip_width_m(strip) + WIDTH_RESOLUTION_M


def _closed(land: BaseGeometry, width_m: float, join: str) -> BaseGeometry:
    wide = shapely.buffer(land, width_m / 2.0, join_style=join, mitre_limit=_MITRE_LIMIT)
    return shapely.buffer(wide, -width_m / 2.0, join_style=join, mitre_limit=_MITRE_LIMIT)


def _without_noise(ground: BaseGeometry) -> BaseGeometry:
    """Ground without what is thinner than two micrometres: there and back, an outline returns to the nanometre only.

    Such needles cost a tenth of a second each to measure, and as whiskers of a strip they lengthen it.
    """
    thin_m = WIDTH_RESOLUTION_M
    kept = shapely.buffer(ground, -thin_m, join_style="mitre", mitre_limit=_MITRE_LIMIT)
    return shapely.buffer(kept, thin_m, join_style="mitre", mitre_limit=_MITRE_LIMIT)


def _near_each_other(left: BaseGeometry, right: BaseGeometry, width_m: float) -> tuple[BaseGeometry, BaseGeometry]:
    """Return what of each lies in the envelope of the other, and some way round it."""
    margin_m = _MARGIN * width_m + 1.0
    windows = [
        (west - margin_m, south - margin_m, east + margin_m, north + margin_m)
        for west, south, east, north in (left.bounds, right.bounds)
    ]
    return shapely.clip_by_rect(left, *windows[1]), shapely.clip_by_rect(right, *windows[0])


def _is_between(part: Polygon, left: BaseGeometry, right: BaseGeometry) -> bool:
    """A strip lies along both; a notch of one of them that is as narrow is its own affair."""
    near_m = 3.0 * WIDTH_RESOLUTION_M
    return bool(shapely.dwithin(part, left, near_m) and shapely.dwithin(part, right, near_m))
