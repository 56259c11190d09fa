"""Reads the one class of polygons of a FileGDB into a `RawBoundary`, in memory. Decides no CRS.

The tables come out of the stranger's zip by their own names, counted, into a zip that holds nothing else: GDAL sees
no path, no index and no file that a surveyor named. Arcs are seen before anything straightens them.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from geo_review.boundary.archive import members_of
from geo_review.boundary.choosing import choice_needed
from geo_review.boundary.curved_rings import Grid, curved_rings_of_wkb
from geo_review.boundary.declared_wkt import declared_by_wkt
from geo_review.boundary.gdb_tables import is_table, packed
from geo_review.boundary.model import (
    Axes,
    BoundaryIssue,
    Coordinates,
    DeclaredCrs,
    Place,
    RawBoundary,
    RawParcel,
    Severity,
)
from geo_review.boundary.parcel_facts import parcel_of
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.rings import open_rings
from geo_review.boundary.wkb_rings import DamagedWkb, NotPolygons, rings_of_wkb
from geo_review.errors import Choice, TooLarge, UnreadableBoundary
from geo_review.wording import say

MOST_FEATURES = 100_000
_DRIVER = "OpenFileGDB"
_FAULTS = (RuntimeError, ValueError, IndexError, OSError, MemoryError)
_FLOAT = r"[-+]?\d{1,20}(?:\.\d{0,20})?(?:[eE][-+]?\d{1,3})?"
_EPSG = re.compile(r"EPSG:(\d{4,6})")
_MOST_SAID = 20
_DEGREES = 180.0


@dataclass(frozen=True, kw_only=True, slots=True)
class _Class:
    """A feature class: ``kind`` is its type of geometry, None for a table without one."""

    name: str
    alias: str
    kind: str | None
    features: int
    crs: str | None

    @property
    def is_polygons(self) -> bool:
        return self.kind is not None and ("Polygon" in self.kind or self.kind.startswith("Unknown"))

    @property
    def label(self) -> str:
        alias = say("tables.gdb_alias", alias=self.alias) if self.alias not in ("", self.name) else ""
        return say("tables.gdb_class", name=self.name, alias=alias, count=self.features, kind=self.kind or "—")


def read_filegdb(file: ReceivedFile, layer: str | None = None) -> RawBoundary:
    """Read the class of polygons that is asked for, or the only one that has rows; a row is a parcel.

    ``file`` is a zip of the tables. Raises ChoiceNeeded when there are several classes, UnreadableBoundary when there
    is none, TooLarge above the limits.
    """
    tables = members_of(file.content, is_table)
    with _quiet():
        geodatabase = _Geodatabase(packed({path.rpartition("/")[2]: content for path, content in tables.items()}))
        chosen, issues = _one_class(geodatabase.classes(), layer)
        parcels, found = _parcels(geodatabase, chosen)
    return RawBoundary(
        format="filegdb",
        parcels=tuple(parcels),
        axes=Axes.EASTING_NORTHING,
        declared_crs=_declared(chosen.crs),
        encoding="utf-8",
        layer=chosen.name,
        issues=(*issues, *found),
    )


class _Geodatabase:
    """The tables as GDAL reads them; whatever it says of damaged ones becomes one refusal."""

    def __init__(self, content: bytes) -> None:
        # GDAL takes a third of a second to load: only for who hands in a geodatabase.
        from geo_review.gdal_drivers import pyogrio

        self._content = content
        self._pyogrio = pyogrio
        faults = pyogrio.errors
        self._errors = (faults.DataSourceError, faults.DataLayerError, faults.FieldError, *_FAULTS)

    def classes(self) -> list[_Class]:
        try:
            names = [str(name) for name, _ in self._pyogrio.list_layers(self._content)]
            return [self._class(name) for name in names]
        except self._errors as failure:
            raise _refused("gdb_damaged") from failure

    def rows(self, name: str) -> tuple[str, list[dict[str, Any]]]:
        """Return the name of the column of geometries, and every row."""
        try:
            meta, table = self._pyogrio.raw.read_arrow(self._content, layer=name)
            return str(meta["geometry_name"] or "wkb_geometry"), table.to_pylist()
        except self._errors as failure:
            raise _refused("gdb_damaged") from failure

    def grid(self, name: str) -> Grid | None:
        """What the coordinates of a class are counted on, from the definition that the geodatabase keeps of it."""
        try:
            _, table = self._pyogrio.raw.read_arrow(
                self._content, layer="GDB_Items", columns=["Name", "Definition"], LIST_ALL_TABLES="YES"
            )
            definitions = [str(row["Definition"]) for row in table.to_pylist() if row["Name"] == name]
        except (*self._errors, KeyError):
            return None
        for definition in definitions:
            found = [re.search(rf"<{key}>({_FLOAT})</{key}>", definition) for key in ("XOrigin", "YOrigin", "XYScale")]
            numbers = [float(match[1]) for match in found if match]
            if len(numbers) == 3 and all(map(math.isfinite, numbers)) and numbers[2] > 0.0:
                return Grid(x_origin=numbers[0], y_origin=numbers[1], scale=numbers[2])
        return None

    def _class(self, name: str) -> _Class:
        facts: Mapping[str, Any] = self._pyogrio.read_info(self._content, layer=name, force_feature_count=True)
        if facts["driver"] != _DRIVER:
            raise _refused("gdb_damaged")
        alias = (facts["layer_metadata"] or {}).get("ALIAS_NAME", "")
        kind = facts["geometry_type"]
        return _Class(name=name, alias=alias, kind=kind, features=int(facts["features"]), crs=facts["crs"])


def _one_class(classes: list[_Class], asked: str | None) -> tuple[_Class, list[BoundaryIssue]]:
    polygons = [each for each in classes if each.is_polygons]
    if not polygons:
        raise _refused("gdb_no_polygons", classes=_labels(classes))
    filled = [each for each in polygons if each.features > 0]
    if not filled:
        raise UnreadableBoundary(
            code="no_parcels",
            message=say("files.no_parcels"),
            remedy=say("tables.gdb_remedy"),
            lines=(_labels(polygons),),
        )
    chosen = next((each for each in filled if each.name == asked), None)
    if chosen is None and (len(filled) > 1 or asked is not None):
        choices = [Choice(value=each.name, label=each.label) for each in filled[:_MOST_SAID]]
        raise choice_needed("gdb_several", choices, asked=asked, classes=_labels(filled))
    chosen = chosen or filled[0]
    if chosen.features > MOST_FEATURES:
        raise TooLarge(
            code="too_many_features",
            message=say("tables.too_many_features", count=chosen.features, most=MOST_FEATURES),
            remedy=say("files.too_large_remedy"),
        )
    beside = [each for each in classes if each is not chosen]
    if not beside:
        return chosen, []
    values = {"used": chosen.name, "tables": _labels(beside)}
    return chosen, [BoundaryIssue(code="tables_not_read", severity=Severity.INFO, values=values)]


def _declared(crs: str | None) -> DeclaredCrs:
    if not crs:
        return DeclaredCrs()
    if code := _EPSG.fullmatch(crs):
        return DeclaredCrs(epsg=int(code[1]))
    declared = declared_by_wkt(crs)
    return declared if declared is not None else DeclaredCrs(wkt=crs)


def _parcels(geodatabase: _Geodatabase, chosen: _Class) -> tuple[list[RawParcel], list[BoundaryIssue]]:
    column, rows = geodatabase.rows(chosen.name)
    if len(rows) != chosen.features:  # GDAL leaves out what it cannot read
        raise _refused("gdb_damaged")
    shapes = _Shapes(geodatabase, chosen)
    parcels: list[RawParcel] = []
    issues: list[BoundaryIssue] = []
    for number, row in enumerate(rows, start=1):
        rings = shapes.rings(row.get(column), number)
        if not rings:
            issues.append(BoundaryIssue(code="null_geometry", severity=Severity.ERROR, where=Place(parcel=number)))
        opened, found = open_rings(rings, parcel=number)
        issues += found
        facts = {name: _plain(value) for name, value in row.items() if not isinstance(value, bytes)}
        parcels.append(parcel_of(opened, facts))
    return parcels, [*issues, *shapes.issues()]


class _Shapes:
    """The rings of one row after another, and what was done to them."""

    def __init__(self, geodatabase: _Geodatabase, chosen: _Class) -> None:
        self._geodatabase = geodatabase
        self._chosen = chosen
        self._grid: Grid | None = None
        self._dropped = False
        self._arcs = 0
        self._sagitta_m = 0.0

    def rings(self, content: object, number: int) -> list[Coordinates]:
        """Return the rings of a row; none when it has no geometry."""
        if not isinstance(content, bytes):
            return []
        try:
            try:
                rings, dropped = rings_of_wkb(content)
            except NotPolygons as other:
                if not other.curved:
                    raise
                rings, dropped = self._stroked(content)
        except NotPolygons as other:
            if other.curved:
                raise UnreadableBoundary(
                    code="curves",
                    message=say("tables.gdb_curves", kind=other.kind, parcel=number),
                    remedy=say("tables.gdb_curves_remedy"),
                ) from other
            raise UnreadableBoundary(
                code="gdb_geometry",
                message=say("files.geojson_geometry", kind=other.kind, parcel=number),
                remedy=say("tables.gdb_remedy"),
            ) from other
        except DamagedWkb as failure:
            raise _refused("gdb_damaged") from failure
        self._dropped |= dropped
        return rings

    def issues(self) -> Iterator[BoundaryIssue]:
        """What was done to the rows so far."""
        if self._arcs:
            values = {"count": self._arcs, "sagitta_mm": f"{self._sagitta_m * 1000:.2f}"}
            yield BoundaryIssue(code="curves_stroked", severity=Severity.INFO, values=values)
        if self._dropped:
            yield BoundaryIssue(code="heights_dropped", severity=Severity.INFO)

    def _stroked(self, content: bytes) -> tuple[list[Coordinates], bool]:
        if self._grid is None:
            self._grid = self._geodatabase.grid(self._chosen.name)
        found = curved_rings_of_wkb(content, self._grid)
        if found.arcs and all(np.abs(ring).max(initial=0.0) <= _DEGREES for ring in found.rings):
            raise NotPolygons("CircularString", curved=True)  # an arc in degrees is none on the ground
        self._arcs += found.arcs
        self._sagitta_m = max(self._sagitta_m, found.sagitta_m)
        return found.rings, found.dropped


def _plain(value: object) -> object:
    """An attribute as the other formats have them: text, numbers, nothing."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _labels(classes: list[_Class]) -> str:
    return "、".join(each.label for each in classes[:_MOST_SAID])


@contextmanager
def _quiet() -> Iterator[None]:
    """GDAL's remarks name its own places, and are of no use to a surveyor: what matters is counted."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _refused(key: str, **values: object) -> UnreadableBoundary:
    return UnreadableBoundary(code=key, message=say(f"tables.{key}", **values), remedy=say("tables.gdb_remedy"))
