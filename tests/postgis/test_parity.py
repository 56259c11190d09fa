"""P9: PostGIS as the second opinion. Shapely judges; on the same land both must find the same area to 1e-6."""

from __future__ import annotations

import numpy as np
import pytest
import sqlalchemy
from hypothesis import HealthCheck, given, settings
from sqlalchemy import text

import shapely
from shapely.geometry import Polygon

from geo_review.geometry.intersect import land_inside, land_outside, land_within_distance
from tests.unit.review.test_engine_properties import controls, lands

IN_POSTGIS = text(
    """
    WITH land AS (SELECT ST_GeomFromWKB(CAST(:land AS bytea), 4547) AS geometry),
         control AS (
             SELECT ST_Union(ST_GeomFromWKB(wkb, 4547)) AS geometry FROM unnest(CAST(:control AS bytea[])) AS wkb
         )
    SELECT ST_Area(ST_Intersection(land.geometry, control.geometry)) AS inside,
           ST_Area(ST_Difference(land.geometry, control.geometry)) AS outside,
           ST_Area(ST_Intersection(land.geometry, ST_Buffer(control.geometry, 30.0, 'quad_segs=128'))) AS near
    FROM land, control
    """
)


@pytest.fixture(scope="module")
def connection(postgis_server: sqlalchemy.URL, template_database: str) -> sqlalchemy.Connection:
    """One connection for all examples; it stores nothing."""
    engine = sqlalchemy.create_engine(postgis_server)
    with engine.connect() as opened:
        opened.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
        yield opened
    engine.dispose()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(land=lands, control=controls)
def test_shapely_and_postgis_agree(connection: sqlalchemy.Connection, land: Polygon, control: list[Polygon]) -> None:
    binds = {"land": shapely.to_wkb(land), "control": [shapely.to_wkb(polygon) for polygon in control]}
    theirs = connection.execute(IN_POSTGIS, binds).one()
    pieces = np.array(control, dtype=object)
    assert _area(land_inside(land, pieces)) == pytest.approx(theirs.inside, rel=1e-6, abs=1e-6)
    assert _area(land_outside(land, pieces)) == pytest.approx(theirs.outside, rel=1e-6, abs=1e-6)
    assert _area(land_within_distance(land, pieces, 30.0)) == pytest.approx(theirs.near, rel=1e-4, abs=1e-2)


def _area(parts: list[Polygon]) -> float:
    return float(sum(part.area for part in parts))
