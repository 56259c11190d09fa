"""Cutting large polygons into parts of 128 vertices, against ST_Subdivide on the same polygons in the same run."""

from __future__ import annotations

import time

import numpy as np
import sqlalchemy
from sqlalchemy import text

import shapely

from geo_review.control.model import Geometries
from geo_review.geometry.subdivide import MAX_VERTICES, subdivide
from tests.benchmarks.conftest import report

SAMPLE_VERTICES = 2_100_000  # ST_Subdivide would take minutes for the whole layer
PROMISED_RATIO = 20.0
AREA_KEPT = 1e-12


def test_subdividing_is_twenty_times_faster_than_st_subdivide(
    engine: sqlalchemy.Engine, large_layer: Geometries
) -> None:
    vertices = np.cumsum(shapely.get_num_coordinates(large_layer))
    sample = large_layer[: int(np.searchsorted(vertices, SAMPLE_VERTICES))]
    with engine.begin() as connection:
        connection.execute(text("CREATE TEMPORARY TABLE lake (geometry geometry(Polygon, 4547))"))
        connection.execute(
            text("INSERT INTO lake SELECT ST_GeomFromWKB(CAST(:wkb AS bytea), 4547)"),
            [{"wkb": wkb} for wkb in shapely.to_wkb(sample)],
        )
        subdivided = text(
            "SELECT count(*) FROM (SELECT ST_Subdivide(geometry, CAST(:vertices AS int)) FROM lake) AS cut"
        )
        ours_s, theirs_s = [], []
        for _ in range(2):
            started = time.perf_counter()
            parts, source = subdivide(sample, MAX_VERTICES)
            ours_s.append(time.perf_counter() - started)
            started = time.perf_counter()
            their_parts = connection.execute(subdivided, {"vertices": MAX_VERTICES}).scalar_one()
            theirs_s.append(time.perf_counter() - started)
    area = np.bincount(source, weights=shapely.area(parts), minlength=len(sample))
    lost = float(np.max(np.abs(area / shapely.area(sample) - 1.0)))
    ratio = min(theirs_s) / min(ours_s)
    report(
        f"subdividing {len(sample)} polygons, {int(shapely.get_num_coordinates(sample).sum()):,} vertices",
        f"ours: {min(ours_s):.2f} s, {len(parts):,} parts",
        f"ST_Subdivide(geometry, {MAX_VERTICES}): {min(theirs_s):.2f} s, {their_parts:,} parts",
        f"ratio: {ratio:.1f}x, promised {PROMISED_RATIO:.0f}x",
        f"largest relative change of a polygon's area: {lost:.1e}, promised {AREA_KEPT:.0e}; "
        f"valid parts: {int(shapely.is_valid(parts).sum()):,} of {len(parts):,}",
    )
    assert shapely.is_valid(parts).all()
    assert lost <= AREA_KEPT
    assert ratio >= PROMISED_RATIO
