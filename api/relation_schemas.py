"""Neighbours, lineage and drift as JSON, for the OpenAPI document. Computes nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from geo_review.review.findings import Contact
from geo_review.review.layer_drift import LayerChange
from geo_review.review.lineage import LineageFault, Relation
from geo_review.review.neighbours import NeighbourKind, Standing


class BoundaryRef(BaseModel):
    """A version of a project's red line."""

    code: str
    version: int


class OverlapFigures(BaseModel):
    """Land that both take; without mere contact where there is more."""

    area_planar_m2: float = Field(description="In the zone of the later red line.")
    area_ellipsoidal_m2: float
    max_width_m: float


class GapFigures(BaseModel):
    """The strips between the two."""

    area_planar_m2: float
    max_width_m: float
    mean_width_m: float
    length_m: float


class Neighbour(BaseModel):
    """Another red line in force, and how it lies to the project's own."""

    kind: NeighbourKind
    contact: Contact
    code: str
    name: str
    version: int
    standing: Standing
    submitted_at: datetime
    is_earlier: bool = Field(description="The other red line was submitted before the project's own.")
    overlap: OverlapFigures
    gap: GapFigures
    shared_length_m: float
    contact_width_m: float
    gap_width_m: float = Field(description="What a strip is narrower than.")
    parts: list[dict[str, Any]] = Field(description="Each with its kind, figures and geometry (lon/lat).")
    message: str


class NeighbourList(BaseModel):
    """The neighbours of a project's red line in force, the worst first."""

    code: str
    neighbours: list[Neighbour]


class LineageFinding(BaseModel):
    """What does not agree between a red line and those it was drawn from, or its siblings."""

    code: LineageFault
    relatives: list[str]
    contact: Contact
    area_planar_m2: float
    area_ellipsoidal_m2: float
    max_width_m: float
    parts: list[dict[str, Any]]
    message: str


class FamilyMember(BaseModel):
    """A red line among its relatives."""

    code: str
    version: int
    project_name: str
    standing: Standing
    relation: Relation
    stage: int | None
    submitted_at: datetime
    file_name: str
    area_planar_m2: float
    parents: list[BoundaryRef]
    children: list[BoundaryRef]


class Lineage(BaseModel):
    """Every red line tied to a project's, parents before children, and what does not agree with the one in force."""

    code: str
    versions: list[FamilyMember]
    findings: list[LineageFinding]


class ComparedBoundary(BoundaryRef):
    """One of the two red lines compared."""

    stage: int | None
    submitted_at: datetime


class AreaFigures(BaseModel):
    """An area in the plane and on the ellipsoid."""

    planar_m2: float
    ellipsoidal_m2: float


class MovedLand(BaseModel):
    """Land of one of the two only."""

    area_planar_m2: float
    area_ellipsoidal_m2: float
    area_drifted_m2: float = Field(description="Planar, without the parts that are mere contact.")
    share: float = Field(description="Of the earlier area.")
    max_width_m: float
    contact: Contact
    parts: list[dict[str, Any]]


class Drift(BaseModel):
    """What changed on the ground."""

    is_drift: bool = Field(description="More than contact changed.")
    contact: Contact
    measuring_epsg: int
    contact_width_m: float
    area_earlier: AreaFigures
    area_later: AreaFigures
    unchanged: AreaFigures
    land_in: MovedLand
    land_out: MovedLand
    centroid_shift_m: float
    centroid_bearing_deg: float | None
    message: str


class LayerDrift(BaseModel):
    """What became of a layer that either red line meets."""

    code: str
    title: str
    version: str
    change: LayerChange
    area_earlier_m2: float
    area_later_m2: float
    area_in_m2: float
    area_out_m2: float
    features_in: list[int]
    features_out: list[int]
    message: str


class RulebookName(BaseModel):
    """The rulebook whose layers were looked at."""

    id: str
    edition: str


class DriftReport(BaseModel):
    """What changed between two red lines, on the ground and in the published layers of one day."""

    earlier: ComparedBoundary
    later: ComparedBoundary
    drift: Drift
    layers: list[LayerDrift]
    missing_layers: list[str] = Field(description="Layers of the rulebook that nothing is published of.")
    rulebook: RulebookName
    as_of: date


class StageDrifts(BaseModel):
    """What changed from permit to permit."""

    code: str
    drifts: list[DriftReport]
