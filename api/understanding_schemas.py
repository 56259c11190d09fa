"""What was understood of a red-line file, for the OpenAPI document. Computes nothing."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from api.relation_schemas import Neighbour

LonLat = Annotated[list[float], Field(min_length=2, max_length=2, description="EPSG:4490, longitude first.")]


class UnderstoodFile(BaseModel):
    """The file as it was received."""

    name: str
    size_bytes: int
    sha256: str
    sm3: str


class UnderstoodAsked(BaseModel):
    """What the caller said of the file."""

    epsg: int | None
    layer: str | None
    parcels: list[int]
    accept: list[str]


class UnderstoodCrs(BaseModel):
    """The reference system of the coordinates as written, and why it is believed."""

    epsg: int
    how: str = Field(examples=["declared", "prefix", "range", "asked"])
    reason: str
    name: str
    zone: int | None
    zone_width_deg: int | None
    central_meridian_deg: int | None
    prefixed: bool | None = Field(description="Whether the eastings carry the number of the zone.")


class UnderstoodAxes(BaseModel):
    """The order of the two columns of coordinates."""

    by_format: str = Field(examples=["northing_easting", "easting_northing"])
    as_written: str
    swapped: bool | None = Field(description="`null` as long as the reference system is not known.")
    sentence: str


class UnderstoodRing(BaseModel):
    """A ring as written, without its closing point."""

    points: int
    role: str | None = Field(description="`shell` or `hole`, by containment; `null` for a file that was refused.")
    closed: bool | None = Field(description="`null` for a parcel that was not chosen.")
    lonlat: list[LonLat] | None


class UnderstoodParcel(BaseModel):
    """A parcel as written; areas of those that were measured."""

    number: int = Field(description="From 1 in file order: what `parcel` asks for.")
    chosen: bool
    code: str | None
    name: str | None
    use: str | None
    declared_points: int | None
    declared_area: float | None = Field(description="As written.")
    declared_area_unit: str | None = Field(description="When the file names it.")
    rings: list[UnderstoodRing]
    believed_area_unit: str | None
    area_declared_m2: float | None
    area_planar_m2: float | None
    area_ellipsoidal_m2: float | None
    difference_m2: float | None = Field(description="Declared less planar.")
    difference_share: float | None


class UnderstoodPlace(BaseModel):
    """Where in the file; what is not known is left out. `parcel` counts the chosen ones."""

    parcel: int | None = None
    ring: int | None = None
    point: str | None = None
    line: int | None = None


class UnderstoodIssue(BaseModel):
    """One thing that is wrong or worth knowing, as in a report, and where it is on the map."""

    code: str
    severity: str = Field(examples=["error", "warning", "info"])
    message: str
    where: UnderstoodPlace
    parcel_in_file: int | None
    lonlat: LonLat | None


class LayerChoice(BaseModel):
    """A layer, table, sheet or member of a zip; `value` is what to send as `layer`."""

    value: str
    label: str


class UnderstoodRefusal(BaseModel):
    """Why the file is refused. `acceptable` are the codes that `accept` would settle it with."""

    code: str
    message: str
    remedy: str | None
    lines: list[str]
    choices: list[LayerChoice]
    acceptable: list[str]


class Understanding(BaseModel):
    """What was understood of a red-line file and why, schema `geo-review/understanding/1`. Nothing is stored."""

    schema_: str = Field(alias="schema", examples=["geo-review/understanding/1"])
    accepted: bool
    file: UnderstoodFile
    asked: UnderstoodAsked
    format: str | None
    encoding: str | None
    layer: str | None
    choices: list[LayerChoice]
    crs: UnderstoodCrs | None
    axes: UnderstoodAxes | None
    extent: list[float] | None = Field(description="West, south, east, north of the chosen parcels in degrees.")
    parcels: list[UnderstoodParcel]
    measuring_epsg: int | None
    area_planar_m2: float | None
    area_ellipsoidal_m2: float | None
    area_declared_m2: float | None
    area_declared_unit: str | None
    issues: list[UnderstoodIssue]
    refusal: UnderstoodRefusal | None
    neighbours: list[Neighbour] | None = Field(description="What it would lie beside, or on; null when it is refused.")
