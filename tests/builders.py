"""Plain builders of domain values for tests: good defaults, keyword-only, metres in zone 38 unless said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

import shapely
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo_review.boundary.model import Boundary, CrsFinding, CrsHow, Parcel, SourceFile
from geo_review.control.model import LayerFacts, LayerNear
from geo_review.geometry.crs import LONLAT, reproject
from geo_review.geometry.measure import ellipsoidal_area_m2
from geo_review.review.inputs import ReviewInputs
from geo_review.rules.rulebook import Rule, Rulebook

EAST, NORTH = 592_900.0, 3_959_600.0  # a round corner near the seat of Puyang in EPSG:4547
AS_OF = date(2026, 11, 23)


def square(east_m: float = 0.0, north_m: float = 0.0, width_m: float = 100.0, height_m: float | None = None) -> Polygon:
    """A rectangle whose south-west corner is offset from the round corner; 100 m × 100 m by default."""
    height_m = width_m if height_m is None else height_m
    return box(EAST + east_m, NORTH + north_m, EAST + east_m + width_m, NORTH + north_m + height_m)


def make_boundary(*polygons: Polygon, measuring_epsg: int = 4547) -> Boundary:
    """A boundary of one parcel a polygon, as if read from a file in its own zone."""
    land = polygons or (square(),)
    geometry = MultiPolygon([part for polygon in land for part in getattr(polygon, "geoms", [polygon])])
    lonlat = reproject(geometry, measuring_epsg, LONLAT)
    return Boundary(
        format="txt",
        file=SourceFile(name="builder.txt", size_bytes=1, sha256="0" * 64, sm3="0" * 64),
        crs=CrsFinding(epsg=measuring_epsg, how=CrsHow.DECLARED, reason="builder"),
        measuring_epsg=measuring_epsg,
        geometry=geometry,
        lonlat=lonlat,
        parcels=tuple(
            Parcel(
                number=number,
                geometry=MultiPolygon(getattr(polygon, "geoms", [polygon])),
                code=None,
                name=None,
                use=None,
                declared_area_m2=None,
                planar_area_m2=polygon.area,
                ellipsoidal_area_m2=ellipsoidal_area_m2(polygon, measuring_epsg),
            )
            for number, polygon in enumerate(land, 1)
        ),
        planar_area_m2=geometry.area,
        ellipsoidal_area_m2=ellipsoidal_area_m2(geometry, measuring_epsg),
        declared_area_m2=None,
        declared_area_unit=None,
    )


def make_layer(
    *geometries: BaseGeometry,
    code: str = "X",
    coverage: BaseGeometry | None = None,
    attributes: Sequence[Mapping[str, object]] = (),
    valid_from: date | None = None,
    valid_to: date | None = None,
    accuracy_m: float | None = None,
) -> LayerNear:
    """A layer whose every feature is one piece, all of them near."""
    pieces = np.empty(len(geometries), dtype=object)
    pieces[:] = geometries
    return LayerNear(
        facts=LayerFacts(
            code=code,
            title=f"图层{code}",
            version="v1",
            sha256="1" * 64,
            valid_from=valid_from,
            valid_to=valid_to,
            accuracy_m=accuracy_m,
        ),
        pieces=pieces,
        feature=np.arange(1, len(geometries) + 1),
        attributes=dict(enumerate(attributes, 1)),
        feature_count=len(geometries),
        has_area=bool((shapely.get_dimensions(pieces) == 2).any()),
        searched_m=1e6,
        coverage=coverage,
    )


def make_rule(kind: str = "forbid", *, layer: str = "X", **fields: object) -> Rule:
    """A rule of a kind with what the kind needs."""
    return Rule.model_validate({"id": f"{layer}-{kind}", "layer": layer, "kind": kind, "title": "控制线", **fields})


def make_rulebook(
    *rules: Rule, contact_width_m: float = 0.02, values: Mapping[str, Sequence[str]] | None = None
) -> Rulebook:
    """A rulebook of some rules."""
    return Rulebook.model_validate(
        {
            "id": "builder",
            "edition": "1",
            "tolerance": {"contact_width_m": contact_width_m},
            "values": {key: list(known) for key, known in (values or {}).items()},
            "rule": [rule.model_dump(exclude_none=True) for rule in rules],
        }
    )


def make_inputs(
    boundary: Boundary, *layers: LayerNear, as_of: date = AS_OF, project: Mapping[str, str] | None = None
) -> ReviewInputs:
    """The inputs of a review; layers by their code."""
    return ReviewInputs(
        boundary=boundary,
        as_of=as_of,
        layers={layer.facts.code: layer for layer in layers},
        project=project or {},
        engine={"geo_review": "test"},
    )
