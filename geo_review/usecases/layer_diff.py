"""Two versions of a layer compared: the land between them, as a document and as a map for a GIS. Stores nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geo_review.geometry.crs import LONLAT, reproject
from geo_review.store.control_layers import LayerVersion, get_version
from geo_review.store.layer_change import LayerChange, layer_change
from geo_review.store.working_crs import WORKING_EPSG


@dataclass(frozen=True, kw_only=True, slots=True)
class LayerDiff:
    """Two versions and what is not the same in them."""

    earlier: LayerVersion
    later: LayerVersion
    change: LayerChange


def layer_diff(session: Session, code: str, earlier: str, later: str) -> LayerDiff:
    """Compare two versions of a layer; raise UnknownLayer."""
    versions = get_version(session, code, earlier), get_version(session, code, later)
    return LayerDiff(earlier=versions[0], later=versions[1], change=layer_change(session, *versions))


def diff_document(diff: LayerDiff) -> dict[str, Any]:
    """Return the comparison as JSON has it; areas in m² in the working CRS, geometry in EPSG:4490."""
    change = diff.change
    return {
        "schema": "geo-review/layer-diff/1",
        "layer": {"code": diff.later.layer_code, "title": diff.later.title},
        "from": {"version": diff.earlier.version, "sha256": diff.earlier.sha256},
        "to": {"version": diff.later.version, "sha256": diff.later.sha256},
        "same": change.is_none,
        "area_added_m2": change.land.added_m2,
        "area_removed_m2": change.land.removed_m2,
        "features": {
            "only_in_from": len(change.before),
            "only_in_to": len(change.after),
            "attributes_changed": len(change.relabelled),
        },
        "coverage": {
            "changed": bool(change.resurveyed) or change.is_survey_unknown,
            "unknown_in_one": change.is_survey_unknown,
        },
        "added": _multi(change.land.added),
        "removed": _multi(change.land.removed),
        "attributes_changed": _multi(change.relabelled_land),
        "coverage_changed": _multi(change.resurveyed),
    }


def diff_geojson(diff: LayerDiff) -> dict[str, Any]:
    """Return every piece of changed land as a feature of its own, with its kind and area, in EPSG:4490."""
    change = diff.change
    kinds = {
        "added": change.land.added,
        "removed": change.land.removed,
        "attributes_changed": change.relabelled_land,
        "coverage_changed": change.resurveyed,
    }
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"change": kind, "area_m2": piece.area},
                "geometry": mapping(shapely.orient_polygons(lonlat)),
            }
            for kind, pieces in kinds.items()
            for piece, lonlat in zip(pieces, _lonlat(pieces), strict=True)
        ],
    }


def _multi(pieces: tuple[BaseGeometry, ...]) -> dict[str, Any] | None:
    """Return pieces as one GeoJSON geometry, None of none."""
    lonlat = _lonlat(pieces)
    if not len(lonlat):
        return None
    return dict(mapping(shapely.orient_polygons(_collected(lonlat))))


def _collected(pieces: Iterable[BaseGeometry]) -> BaseGeometry:
    every = list(pieces)
    if {piece.geom_type for piece in every} == {"Polygon"}:
        return shapely.multipolygons(every)
    return shapely.geometrycollections(every)


def _lonlat(pieces: tuple[BaseGeometry, ...]) -> Any:
    if not pieces:
        return ()
    array = np.empty(len(pieces), dtype=object)
    array[:] = pieces
    return reproject(array, WORKING_EPSG, LONLAT)
