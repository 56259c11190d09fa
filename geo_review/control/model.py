"""The values of a control layer (控制线图层). Reads nothing, stores nothing, judges nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from shapely.geometry.base import BaseGeometry

Geometries = npt.NDArray[np.object_]  # of shapely geometries


@dataclass(frozen=True, kw_only=True, slots=True)
class Repair:
    """An invalid control polygon that was made valid: which one, why, where, and by how much its area changed."""

    feature: int  # counts from 1, in file order
    reason: str  # of GEOS, with the coordinate
    area_before_m2: float
    area_after_m2: float


@dataclass(frozen=True, kw_only=True, slots=True)
class LayerFacts:
    """What is known of one version of a layer. Validity is half-open, [from, to); None is unbounded."""

    code: str
    title: str
    version: str
    sha256: str
    valid_from: date | None = None
    valid_to: date | None = None
    accuracy_m: float | None = None
    source: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ControlFeatures:
    """The features of a layer as read, in one CRS, easting (or longitude) first.

    ``geometries`` and each column of ``attributes`` are parallel, in file order. ``notes`` say in words what reading
    the file had to put right.
    """

    epsg: int
    geometries: Geometries
    attributes: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class LayerNear:
    """One version of a layer as the engine sees it: what lies near one red line, in its measuring CRS (metres).

    ``pieces`` are whole features or subdivided parts of them (a part is right only for intersects and summed area);
    ``feature`` says for each piece which feature it is of (file order from 1, or the stored number);
    ``attributes`` are by feature. Every feature within ``searched_m`` of the red line is here; when none is, the
    nearest one of the whole layer is, so that a distance can be told. ``coverage`` is where the layer was surveyed
    (None: nothing was said, everywhere is assumed).

    Of the whole layer are ``feature_count``, ``has_area`` (any feature is a polygon, near or far; an empty layer has
    none) and ``repairs``: no invalid polygon goes without its word. ``notes`` say what reading the files had to put
    right.
    """

    facts: LayerFacts
    pieces: Geometries
    feature: npt.NDArray[np.int64]
    attributes: Mapping[int, Mapping[str, object]]
    feature_count: int
    has_area: bool
    searched_m: float
    coverage: BaseGeometry | None = None
    coverage_sha256: str | None = None
    repairs: tuple[Repair, ...] = ()
    notes: tuple[str, ...] = ()
