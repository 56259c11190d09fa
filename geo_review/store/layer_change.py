"""What two versions of a layer have apart: read by the digests of shapes, so that what they share is never read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import shapely
from shapely.geometry.base import BaseGeometry

from geo_review.control.land_change import LandChange, land_change
from geo_review.control.model import Geometries
from geo_review.store.control_layers import LayerVersion
from geo_review.store.statements import statement
from geo_review.store.tables import control_layer_version
from geo_review.store.working_crs import WORKING_EPSG


@dataclass(frozen=True, kw_only=True, slots=True)
class LayerChange:
    """What is not the same in two versions, in the working CRS.

    ``before`` and ``after`` are the features (numbers from 1) that only one has; ``relabelled`` those of the later one
    whose shape is the same and whose attributes are not. ``resurveyed`` is where only one of them was surveyed;
    ``is_survey_unknown`` says that only one of them tells where: then that is anywhere.
    """

    before: tuple[int, ...]
    after: tuple[int, ...]
    relabelled: tuple[int, ...]
    land: LandChange
    relabelled_land: tuple[BaseGeometry, ...]
    resurveyed: tuple[BaseGeometry, ...]
    is_survey_unknown: bool

    @property
    def is_none(self) -> bool:
        """Whether a review cannot tell the two apart."""
        return not (self.pieces or self.is_survey_unknown)

    @property
    def pieces(self) -> tuple[BaseGeometry, ...]:
        """Everywhere something changed: what lies elsewhere is judged as before."""
        return (*self.land.added, *self.land.removed, *self.relabelled_land, *self.resurveyed)


def layer_change(session: Session, earlier: LayerVersion, later: LayerVersion) -> LayerChange:
    """Compare two versions of a layer."""
    before_numbers, before = _features(session, "changed_features", version_id=earlier.id, other_id=later.id)
    after_numbers, after = _features(session, "changed_features", version_id=later.id, other_id=earlier.id)
    relabelled, relabelled_land = _features(session, "relabelled_features", earlier_id=earlier.id, later_id=later.id)
    return LayerChange(
        before=before_numbers,
        after=after_numbers,
        relabelled=relabelled,
        land=land_change(before, after, _unchanged_near(session, earlier, later, np.concatenate([before, after]))),
        relabelled_land=tuple(relabelled_land),
        resurveyed=_resurveyed(session, earlier, later),
        is_survey_unknown=(earlier.coverage_sha256 is None) != (later.coverage_sha256 is None),
    )


def _features(session: Session, name: str, **binds: int) -> tuple[tuple[int, ...], Geometries]:
    rows = session.execute(statement(name), binds).all()
    return tuple(number for number, _ in rows), _shapes(wkb for _, wkb in rows)


def _unchanged_near(session: Session, earlier: LayerVersion, later: LayerVersion, changed: Geometries) -> Geometries:
    if not len(changed):
        return changed
    binds = {
        "earlier_id": earlier.id,
        "later_id": later.id,
        "changed": [bytes(wkb) for wkb in shapely.to_wkb(shapely.envelope(changed))],
        "epsg": WORKING_EPSG,
    }
    return _shapes(session.execute(statement("unchanged_parts_near"), binds).scalars())


def _resurveyed(session: Session, earlier: LayerVersion, later: LayerVersion) -> tuple[BaseGeometry, ...]:
    if None in (earlier.coverage_sha256, later.coverage_sha256) or earlier.coverage_sha256 == later.coverage_sha256:
        return ()
    column = control_layer_version.c
    one, other = (
        session.execute(select(func.ST_AsBinary(column.coverage)).where(column.id == version.id)).scalar_one()
        for version in (earlier, later)
    )
    land = land_change(_shapes([one]), _shapes([other]), _shapes([]))
    return (*land.added, *land.removed)


def _shapes(wkbs: Any) -> Geometries:
    return np.asarray(shapely.from_wkb(np.array([bytes(wkb) for wkb in wkbs], dtype=object)), dtype=object)
