"""The values of a red line, from what the file says (`RawBoundary`) to what is judged (`Boundary`). Reads nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from shapely.geometry import MultiPolygon

from geo_review.boundary.asked import NOTHING_ASKED, Asked
from geo_review.wording import say

Coordinates = npt.NDArray[np.float64]


class Severity(StrEnum):
    """How bad an issue is: an ``error`` refuses the file, the others are reported."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class CrsHow(StrEnum):
    """On what ground the reference system was decided."""

    DECLARED = "declared"  # the file says so (带号, .prj, crs member, srs of the table)
    PREFIX = "prefix"  # the zone number stands in front of the eastings
    RANGE = "range"  # the magnitudes leave one reading only (degrees)
    ASKED = "asked"  # the user said so


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where in the file: parcel and ring count from 1; ``point`` is the surveyor's point number (``J4``);
    ``line`` is the line of a text file."""

    parcel: int | None = None
    ring: int | None = None
    point: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        parts = [
            say("boundary.place_parcel", parcel=self.parcel) if self.parcel is not None else "",
            say("boundary.place_ring", ring=self.ring) if self.ring is not None else "",
            say("boundary.place_point", point=self.point) if self.point is not None else "",
        ]
        line = say("boundary.place_line", line=self.line) if self.line is not None else ""
        return " ".join(part for part in parts if part) + line


@dataclass(frozen=True, kw_only=True, slots=True)
class BoundaryIssue:
    """One thing that is wrong or worth knowing; its sentence is ``boundary.<code>`` of the catalogue."""

    code: str
    severity: Severity
    where: Place = field(default_factory=Place)
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        return say(f"boundary.{self.code}", **self.values)


@dataclass(frozen=True, kw_only=True, slots=True)
class RawRing:
    """A ring as written. ``coordinates`` is (n, 2) in the file's own order of columns (see `RawBoundary.axes`);
    ``point_names`` and ``lines`` are parallel to it when the format has them. ``number`` is 圈号, a hint only."""

    coordinates: Coordinates
    point_names: tuple[str, ...] | None = None
    lines: tuple[int, ...] | None = None
    number: int | None = None

    def place(self, parcel: int, ring: int, index: int) -> Place:
        """Where the point of ``index`` stands (index may be the closing point: n means 0)."""
        index %= max(len(self.coordinates), 1)
        return Place(
            parcel=parcel,
            ring=ring,
            point=self.point_names[index] if self.point_names else str(index + 1),
            line=self.lines[index] if self.lines else None,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class RawParcel:
    """A parcel as written: its rings in file order (roles are decided by containment, later) and its own facts."""

    rings: tuple[RawRing, ...]
    code: str | None = None  # 地块编号
    name: str | None = None  # 地块名称
    use: str | None = None  # 用途
    declared_area: float | None = None  # in the unit the file means; the unit is believed later
    declared_area_unit: str | None = None  # "公顷" | "平方米" | "亩" when the file itself names it, else None
    declared_points: int | None = None  # 点数
    line: int | None = None  # of its header
    attributes: Mapping[str, object] = field(default_factory=dict)


class Axes(StrEnum):
    """The meaning of the two columns of coordinates, as the format defines them."""

    NORTHING_EASTING = "northing_easting"  # survey TXT: X north, Y east
    EASTING_NORTHING = "easting_northing"  # GIS formats: x east or lon, y north or lat


@dataclass(frozen=True, kw_only=True, slots=True)
class DeclaredCrs:
    """What the file says of its reference system; every field may be missing."""

    epsg: int | None = None
    wkt: str | None = None  # of a .prj or a GeoPackage when no EPSG code is in it
    datum: str | None = None  # 坐标系, as written
    zone: int | None = None  # 带号
    zone_width_deg: int | None = None  # 几度分带


@dataclass(frozen=True, kw_only=True, slots=True)
class RawBoundary:
    """Everything a reader understood, nothing decided. ``format`` is one of txt, shp, geojson, gpkg …"""

    format: str
    parcels: tuple[RawParcel, ...]
    axes: Axes
    declared_crs: DeclaredCrs = field(default_factory=DeclaredCrs)
    encoding: str | None = None
    layer: str | None = None  # the layer, table, sheet or member it was read from, when the format has such
    issues: tuple[BoundaryIssue, ...] = ()
    attributes: Mapping[str, object] = field(default_factory=dict)  # unknown keys of the file, kept


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceFile:
    """The original: its name without a folder, size and both digests of its bytes (of the zip, if it was a zip)."""

    name: str
    size_bytes: int
    sha256: str
    sm3: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CrsFinding:
    """The reference system of the coordinates as written, and the sentence that says why it is believed."""

    epsg: int
    how: CrsHow
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """One parcel: ``geometry`` in the boundary's measuring CRS, easting first, metres."""

    number: int
    geometry: MultiPolygon
    code: str | None
    name: str | None
    use: str | None
    declared_area_m2: float | None
    planar_area_m2: float
    ellipsoidal_area_m2: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Boundary:
    """A red line that may be judged.

    ``geometry`` is the union of the parcels in ``measuring_epsg``: the CGCS2000 3-degree Gauss-Kruger zone of the
    red line without zone prefix (4547 or 4548 in Puyang), easting first, metres; coordinates of a file that came in
    that zone are unchanged but for the prefix. ``lonlat`` is the same land in EPSG:4490, longitude first, densified.
    ``planar_area_m2`` is measured in ``geometry``, ``ellipsoidal_area_m2`` on the CGCS2000 ellipsoid.
    """

    format: str
    file: SourceFile
    crs: CrsFinding
    measuring_epsg: int
    geometry: MultiPolygon
    lonlat: MultiPolygon
    parcels: tuple[Parcel, ...]
    planar_area_m2: float
    ellipsoidal_area_m2: float
    declared_area_m2: float | None
    declared_area_unit: str | None  # the unit that was believed
    issues: tuple[BoundaryIssue, ...] = ()
    encoding: str | None = None
    layer: str | None = None  # the layer, table, sheet or member that was read
    axes_swapped: bool = False  # the columns stood the other way round than the format defines
    asked: Asked = NOTHING_ASKED
