"""What of a published layer lies near a red line: filtered by the index, handed over for judging. Judges nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Row, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

import shapely
from shapely.geometry.base import BaseGeometry

from geo_review.boundary.model import Boundary
from geo_review.control.model import Geometries, LayerNear, Repair
from geo_review.control.near import BEYOND_REACH_M, WINDOWS_M
from geo_review.control.projecting import cut_far_off, into_plane, of_the_coverage
from geo_review.control.succession import in_force_or_nearest
from geo_review.errors import TooLarge
from geo_review.geometry.crs import reproject, same_plane
from geo_review.geometry.subdivide import Indices, rejoin
from geo_review.store.control_layers import LayerVersion, versions_in_use
from geo_review.store.statements import statement
from geo_review.store.tables import control_feature, control_layer_version
from geo_review.store.working_crs import WORKING_EPSG
from geo_review.wording import say

MAX_PARTS = 100_000
# The store searches in the working CRS, a reach is meant in the measuring CRS. Their scales differ by less than
# 0.1 % within three degrees of either central meridian; a little more is searched, the engine measures.
_SCALE_MARGIN = 1.002
_MARGIN_M = 0.5
# A frame of a square kilometre holds few parts: to pick the near ones here takes half the time of a query that does.
_SMALL_FRAME_M2 = 1_000_000.0
_NEAREST = 8  # parts; the order of near ties may differ between the two systems


# Built once: a statement of this size takes longer to build than the database to answer.
_NEAR = control_feature.c.number.in_(bindparam("near", expanding=True))
_TOLD = (
    select(
        control_feature.c.number,
        case((_NEAR, control_feature.c.attributes)),
        control_feature.c.repairs,
        case((_NEAR, control_feature.c.rounding_repairs)),
    )
    .where(
        control_feature.c.version_id == bindparam("version_id"),
        or_(_NEAR, control_feature.c.repairs.is_not(None)),
    )
    .order_by(control_feature.c.number)
)


def layer_near(
    session: Session, code: str, boundary: Boundary, *, as_of: date, reach_m: float, max_parts: int = MAX_PARTS
) -> LayerNear | None:
    """Return what a layer has within ``reach_m`` (and 50 m more) of a red line, or None without a publication.

    In the measuring CRS of the red line, as from a folder of files (`control.near`).

    The version is the published one in force on ``as_of``; when none is, the one nearest in time, whose ``facts`` say
    so. When nothing is within reach, the nearest parts of the layer come instead. Over ``max_parts`` raises TooLarge.
    """
    version = in_force_or_nearest(versions_in_use(session, [code])[code], as_of)
    if version is None:
        return None
    return version_near(session, version, boundary, reach_m=reach_m, max_parts=max_parts)


def version_near(
    session: Session,
    version: LayerVersion,
    boundary: Boundary,
    *,
    reach_m: float,
    max_parts: int = MAX_PARTS,
    with_attributes: bool = True,
) -> LayerNear:
    """Return what one version of a layer has near a red line, as `layer_near` does.

    The attributes are half of what a review waits for, and only a compare rule reads them: without
    ``with_attributes`` there may be none.
    """
    # Transform the literal, not the column: the index is on the column.
    red_line = reproject(boundary.geometry, boundary.measuring_epsg, WORKING_EPSG)
    searched_m = reach_m + BEYOND_REACH_M
    wider_m = searched_m * _SCALE_MARGIN + _MARGIN_M
    numbers, pieces = parts_near(session, version, red_line, reach_m=wider_m, max_parts=max_parts)
    if len(numbers):
        found = _in_plane(numbers, pieces, boundary, within_m=wider_m)
    else:
        found = _in_plane(*_nearest_parts(session, version, red_line), boundary, within_m=WINDOWS_M[-1])
    attributes: Mapping[int, Mapping[str, object]] = {}
    repairs: tuple[Repair, ...] = ()
    if with_attributes or version.has_repairs:
        attributes, repairs = _told_of(session, version.id, np.unique(found.numbers))
    coverage, coverage_repairs = _coverage(session, version, boundary, wider_m)
    return LayerNear(
        facts=version.facts,
        pieces=found.pieces,
        feature=found.numbers,
        attributes=attributes,
        feature_count=version.feature_count,
        has_area=version.has_area,
        searched_m=searched_m,
        coverage=coverage,
        coverage_sha256=version.coverage_sha256,
        repairs=(*repairs, *found.rounding, *coverage_repairs),
        notes=version.notes,
    )


def parts_near(
    session: Session, version: LayerVersion, area: BaseGeometry, *, reach_m: float, max_parts: int = MAX_PARTS
) -> tuple[Indices, Geometries]:
    """Return (feature numbers, parts) of a version within reach of a polygonal area, all in the working CRS.

    In the order of the layer. More than ``max_parts`` raise TooLarge.
    """
    west, south, east, north = area.bounds
    frame = {"west": west - reach_m, "south": south - reach_m, "east": east + reach_m, "north": north + reach_m}
    binds = {"version_id": version.id, "epsg": WORKING_EPSG, "limit": max_parts + 1}
    if (frame["east"] - frame["west"]) * (frame["north"] - frame["south"]) <= _SMALL_FRAME_M2:
        rows = session.execute(statement("parts_in_frame"), binds | frame).all()
        if len(rows) <= max_parts:
            numbers, parts = _in_layer_order(rows)
            near = _within(area, parts, reach_m)
            return numbers[near], parts[near]
    rows = session.execute(
        statement("parts_near"), binds | {"boundary": shapely.to_wkb(area), "reach_m": reach_m}
    ).all()
    if len(rows) > max_parts:
        raise TooLarge(
            code="too_many_parts",
            message=say("store.too_many_parts", code=version.layer_code, limit=max_parts),
            remedy=say("store.too_many_parts_remedy"),
        )
    return _in_layer_order(rows)


def _within(area: BaseGeometry, parts: Geometries, reach_m: float) -> npt.NDArray[np.bool_]:
    """Tell which parts lie within reach. Most meet the area, and that is told in a third of the time."""
    shapely.prepare(area)
    near: npt.NDArray[np.bool_] = shapely.intersects(area, parts)
    near[~near] = shapely.dwithin(area, parts[~near], reach_m)
    return near


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """Pieces in the measuring CRS, their features, and the words for those that projecting broke."""

    pieces: Geometries
    numbers: Indices
    rounding: tuple[Repair, ...] = ()


def _in_plane(numbers: Indices, parts: Geometries, boundary: Boundary, *, within_m: float) -> _Found:
    """Return parts in the measuring CRS. In the plane they were cut in they stay parts: that is the faster half.

    For another plane each feature is joined first, and what lies far beyond ``within_m`` is cut off, unless that is
    all there is: a distance must be told.
    """
    measuring_epsg = boundary.measuring_epsg
    if same_plane(WORKING_EPSG, measuring_epsg):
        return _Found(pieces=reproject(parts, WORKING_EPSG, measuring_epsg), numbers=numbers)
    whole, numbers = rejoin(parts, numbers)
    cut = cut_far_off(whole, boundary, within_m=within_m, epsg=WORKING_EPSG)
    left = ~shapely.is_empty(cut)
    if left.any():
        whole, numbers = cut[left], numbers[left]
    moved, rounding = into_plane(whole, numbers, epsg=WORKING_EPSG, measuring_epsg=measuring_epsg)
    return _Found(pieces=moved, numbers=numbers, rounding=rounding)


def _nearest_parts(session: Session, version: LayerVersion, area: BaseGeometry) -> tuple[Indices, Geometries]:
    binds = {"version_id": version.id, "boundary": shapely.to_wkb(area), "epsg": WORKING_EPSG, "limit": _NEAREST}
    return _in_layer_order(session.execute(statement("parts_nearest"), binds).all())


def _in_layer_order(rows: Sequence[Row[Any]]) -> tuple[Indices, Geometries]:
    """The same inputs must give the same bytes: neither the plan nor the polygons of the red line set the order."""
    distinct = {(number, part): wkb for number, part, wkb in rows}
    keys = sorted(distinct)
    numbers = np.array([number for number, _ in keys], dtype=np.int64)
    wkbs = np.array([bytes(distinct[key]) for key in keys], dtype=object)
    return numbers, shapely.from_wkb(wkbs)


def _told_of(
    session: Session, version_id: int, near: Indices
) -> tuple[Mapping[int, Mapping[str, object]], tuple[Repair, ...]]:
    """Return the attributes of what is near; what was invalid in the whole layer, and what projecting broke near."""
    rows = session.execute(_TOLD, {"version_id": version_id, "near": near.tolist()}).all()
    drawn = [Repair(**word) for _, _, words, _ in rows for word in words or ()]
    rounded = [Repair(**word) for _, _, _, words in rows for word in words or ()]
    return {number: attributes for number, attributes, _, _ in rows if attributes is not None}, (*drawn, *rounded)


def _coverage(
    session: Session, version: LayerVersion, boundary: Boundary, within_m: float
) -> tuple[BaseGeometry | None, tuple[Repair, ...]]:
    if version.coverage_sha256 is None:
        return None, ()
    columns = control_layer_version.c
    wkb, repairs = session.execute(
        select(func.ST_AsBinary(columns.coverage), columns.coverage_repairs).where(columns.id == version.id)
    ).one()
    drawn = np.array([shapely.from_wkb(bytes(wkb))], dtype=object)
    cut = cut_far_off(drawn, boundary, within_m=within_m, epsg=WORKING_EPSG)
    # A coverage is kept as one feature, whatever its file had.
    moved, rounding = into_plane(cut, np.array([1]), epsg=WORKING_EPSG, measuring_epsg=boundary.measuring_epsg)
    told, _ = of_the_coverage(rounding, ())
    return moved[0], (*(Repair(**repair) for repair in repairs or ()), *told)
