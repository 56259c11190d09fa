"""The values of an understanding: what was seen of a red-line file, up to its boundary or refusal. Reads nothing.

Apart from `understanding`, so that who only shows one need not load every reader.
"""

from __future__ import annotations

from dataclasses import dataclass

from geo_review.boundary.asked import Asked
from geo_review.boundary.model import (
    Axes,
    Boundary,
    BoundaryIssue,
    Coordinates,
    CrsFinding,
    DeclaredCrs,
    SourceFile,
)
from geo_review.errors import GeoReviewError

MOST_BYTES = 64 * 1024 * 1024  # of a file with what belongs to it


@dataclass(frozen=True, kw_only=True, slots=True)
class RingSeen:
    """A ring as written. ``points`` counts without the closing point. ``lonlat`` (points, 2) is EPSG:4490, longitude
    first, None as long as the reference system is not known, or when a point has no place in it; ``point_names`` is
    parallel to the points when the file has names.
    """

    points: int
    lonlat: Coordinates | None
    point_names: tuple[str, ...] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ParcelSeen:
    """A parcel as written; ``number`` counts from 1 in file order, ``chosen`` says whether it is part of the red line.
    ``declared_area`` is in the unit the file means (``declared_area_unit`` when it names one)."""

    number: int
    chosen: bool
    code: str | None
    name: str | None
    use: str | None
    declared_area: float | None
    declared_area_unit: str | None
    declared_points: int | None
    rings: tuple[RingSeen, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Understanding:
    """Each field is None where the reading did not get that far. ``issues`` are all that were found, errors included;
    their ``where.parcel`` counts the parcels that were chosen. Exactly one of ``boundary`` and ``refusal`` is given.
    """

    file: SourceFile
    asked: Asked
    format: str | None = None
    encoding: str | None = None
    layer: str | None = None
    axes: Axes | None = None
    axes_swapped: bool | None = None
    declared_crs: DeclaredCrs | None = None
    crs: CrsFinding | None = None
    parcels: tuple[ParcelSeen, ...] = ()
    issues: tuple[BoundaryIssue, ...] = ()
    boundary: Boundary | None = None
    refusal: GeoReviewError | None = None

    def accepted(self) -> Boundary:
        """Return the red line, or raise what refused it."""
        if self.boundary is None:
            assert self.refusal is not None  # exactly one of them is given
            raise self.refusal
        return self.boundary
