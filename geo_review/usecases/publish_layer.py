"""A control layer into the store, and its publication. A layer is stored whole or not at all; published, it stays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geo_review.control.attributes import attribute_rows
from geo_review.control.model import ControlFeatures, Geometries, LayerFacts, Repair
from geo_review.control.succession import plan_publication
from geo_review.geometry.crs import reproject
from geo_review.geometry.subdivide import subdivide
from geo_review.store.control_features import save_features
from geo_review.store.control_layers import (
    LayerState,
    LayerVersion,
    get_version,
    lock_layer,
    record_publication,
    save_version,
    versions_in_use,
)
from geo_review.store.tables import WORKING_EPSG


def store_layer(
    session: Session,
    facts: LayerFacts,
    features: ControlFeatures,
    *,
    repairs: Iterable[Repair] = (),
    coverage: ControlFeatures | None = None,
    coverage_sha256: str | None = None,
    now: datetime,
) -> LayerVersion:
    """Store a version of a layer from valid features in any CRS, subdivided, not yet published.

    ``coverage`` is where it was surveyed (polygons in any CRS; several are taken together).
    """
    geometries = _in_working_crs(features)
    parts, source = subdivide(geometries)
    version = save_version(
        session,
        facts,
        coverage=_one_area(_in_working_crs(coverage)) if coverage else None,
        coverage_sha256=coverage_sha256,
        feature_count=len(geometries),
        part_count=len(parts),
        loaded_at=now,
    )
    save_features(
        session,
        version.id,
        geometries=geometries,
        attributes=attribute_rows(features),
        repairs={repair.feature: repair for repair in repairs},
        parts=parts,
        source=source,
    )
    return version


def publish(session: Session, code: str, version: str, *, now: datetime) -> LayerVersion:
    """Publish a version: from its first day on it is judged with, and its predecessor no longer.

    A version that is published already stays as it is; one that was withdrawn comes back.
    """
    lock_layer(session, code)
    found = get_version(session, code, version)
    if found.state is LayerState.PUBLISHED:
        return found
    in_use = [(other.id, other.valid_from, other.valid_to) for other in versions_in_use(session, code)]
    plan = plan_publication(found.valid_from, found.declared_valid_to, in_use)
    return record_publication(session, found, plan, published_at=now)


def _in_working_crs(features: ControlFeatures) -> Geometries:
    return reproject(features.geometries, features.epsg, WORKING_EPSG)


def _one_area(polygons: Geometries) -> MultiPolygon:
    area: BaseGeometry = shapely.union_all(polygons)
    return MultiPolygon([part for part in shapely.get_parts(area) if part.geom_type == "Polygon"])
