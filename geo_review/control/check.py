"""What a layer file holds and what is wrong with it: counts, extent, invalid and repeated features. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

import shapely

from geo_review.control.model import ControlFeatures, Geometries, Repair
from geo_review.control.validity import cannot_be_projected, make_valid_with_word
from geo_review.geometry.crs import LONLAT, can_reproject, reproject


@dataclass(frozen=True, kw_only=True, slots=True)
class LayerCheck:
    """``kinds`` counts features by geometry type; ``extent_lonlat`` is west, south, east, north in EPSG:4490, None
    for an empty layer. ``invalid`` says for each invalid feature what repairing would make of it; ``repeated`` are
    groups of features (numbers from 1) with the same geometry."""

    epsg: int
    feature_count: int
    vertex_count: int
    kinds: Mapping[str, int]
    extent_lonlat: tuple[float, float, float, float] | None
    attributes: tuple[str, ...]
    invalid: tuple[Repair, ...]
    repeated: tuple[tuple[int, ...], ...]
    notes: tuple[str, ...]


def check_features(features: ControlFeatures) -> LayerCheck:
    """Check every feature of a layer; a polygon that no repair can save is refused with its number."""
    geometries = features.geometries
    kinds, counts = np.unique([geometry.geom_type for geometry in geometries], return_counts=True)
    return LayerCheck(
        epsg=features.epsg,
        feature_count=len(geometries),
        vertex_count=int(shapely.get_num_coordinates(geometries).sum()),
        kinds={str(kind): int(count) for kind, count in zip(kinds, counts, strict=True)},
        extent_lonlat=_extent_lonlat(features),
        attributes=tuple(features.attributes),
        invalid=tuple(
            make_valid_with_word(geometries[index], feature=int(index) + 1, epsg=features.epsg)[1]
            for index in np.flatnonzero(~shapely.is_valid(geometries))
        ),
        repeated=_repeated(geometries),
        notes=features.notes,
    )


def _extent_lonlat(features: ControlFeatures) -> tuple[float, float, float, float] | None:
    if not len(features.geometries):
        return None
    frame = shapely.box(*shapely.total_bounds(features.geometries))
    possible = can_reproject(shapely.bounds(features.geometries), features.epsg, LONLAT)
    if not possible.all():
        raise cannot_be_projected(int(np.flatnonzero(~possible)[0]) + 1, LONLAT)
    west, south, east, north = reproject(frame, features.epsg, LONLAT).bounds
    return west, south, east, north


def _repeated(geometries: Geometries) -> tuple[tuple[int, ...], ...]:
    """Group features of the same geometry, whatever vertex their rings begin with."""
    if len(geometries) < 2:
        return ()
    # Equal geometries have equal bounds and counts: only those few are brought to normal form and compared.
    facts = np.column_stack([shapely.bounds(geometries), shapely.get_num_coordinates(geometries)])
    _, group, sizes = np.unique(facts, axis=0, return_inverse=True, return_counts=True)
    alike = np.flatnonzero(sizes[group.ravel()] > 1)
    members: dict[bytes, list[int]] = {}
    for index, normal in zip(alike, shapely.to_wkb(shapely.normalize(geometries[alike])), strict=True):
        members.setdefault(normal, []).append(int(index) + 1)
    return tuple(tuple(numbers) for numbers in members.values() if len(numbers) > 1)
