"""The tables of the store, once, for queries and for the drift check. Runs nothing; migrations create them.

Geometry that is judged is in the working CRS of the city (easting first), ``WORKING_EPSG``; ``lonlat`` columns are
EPSG:4490, longitude first. Coordinates that must come back bit for bit are WKB in ``bytea``, or PostGIS geometry
without a transformation, which keeps every double.
"""

from __future__ import annotations

from geo_review.store.tables.changes import layer_recheck, notice, outbox
from geo_review.store.tables.layers import (
    control_feature,
    control_feature_part,
    control_layer,
    control_layer_event,
    control_layer_tenure,
    control_layer_version,
)
from geo_review.store.tables.metadata import METADATA
from geo_review.store.tables.projects import (
    boundary_companion,
    boundary_parent,
    boundary_version,
    neighbour,
    parcel,
    pending_upload,
    project,
)
from geo_review.store.tables.reviews import review, review_layer, rulebook

__all__ = [
    "METADATA",
    "boundary_companion",
    "boundary_parent",
    "boundary_version",
    "control_feature",
    "control_feature_part",
    "control_layer",
    "control_layer_event",
    "control_layer_tenure",
    "control_layer_version",
    "layer_recheck",
    "neighbour",
    "notice",
    "outbox",
    "parcel",
    "pending_upload",
    "project",
    "review",
    "review_layer",
    "rulebook",
]
