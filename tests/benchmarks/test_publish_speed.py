"""A layer of 17 million vertices from its file to live, against ST_Subdivide alone; and who reads meanwhile."""

from __future__ import annotations

import multiprocessing
import statistics
import time
from datetime import UTC, date, datetime, timedelta
from multiprocessing.synchronize import Event
from pathlib import Path

import numpy as np
import sqlalchemy
from sqlalchemy import text

import geopandas
import shapely

from geo_review.control.model import ControlFeatures, Geometries, LayerFacts
from geo_review.geometry.subdivide import MAX_VERTICES
from geo_review.store.connect import make_engine, make_sessions
from geo_review.usecases.judge_red_line import review_file
from geo_review.usecases.load_layer import load_layer, store_layer
from geo_review.usecases.publish_layer import NOBODY, publish
from geo_review.usecases.run_review import published_near
from tests.benchmarks.conftest import EAST, NORTH, SOUTH, WEST, report
from tests.builders import AS_OF, make_boundary, make_rule, make_rulebook

PROMISED_RATIO = 8.0
PROMISED_SLOWDOWN = 2.0
IDLE_S = 8.0
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_a_layer_is_live_eight_times_faster_than_st_subdivide_and_readers_hardly_notice(
    engine: sqlalchemy.Engine, database_url: str, large_layer: Geometries, tmp_path: Path
) -> None:
    path = tmp_path / "LAKES.parquet"
    geopandas.GeoDataFrame(geometry=large_layer, crs="EPSG:4547").to_parquet(path)
    _publish_first_version(engine, large_layer[:200])
    stop = multiprocessing.get_context("spawn").Event()
    times: multiprocessing.SimpleQueue[tuple[float, float]] = multiprocessing.get_context("spawn").SimpleQueue()
    reader = multiprocessing.get_context("spawn").Process(target=_read, args=(database_url, stop, times))
    reader.start()
    times.get()  # it has begun
    time.sleep(IDLE_S)
    begun_s = time.time()
    with make_sessions(engine).begin() as session:
        loaded = load_layer(
            session, path, code="LAKES", version="2", valid_from=date(2021, 1, 1), publish_by=NOBODY, now=NOW
        )
    live_s = time.time() - begun_s
    stop.set()
    asked = []
    while (row := times.get())[0] > 0.0:
        asked.append(row)
    reader.join()
    theirs_s, their_parts = _st_subdivide(engine, loaded.version.id)
    idle = [took_s for at_s, took_s in asked if at_s + took_s < begun_s]
    meanwhile = [took_s for at_s, took_s in asked if begun_s <= at_s < begun_s + live_s]
    slowdown = _p95(meanwhile) / _p95(idle)
    report(
        f"publishing {len(large_layer):,} polygons, {int(shapely.get_num_coordinates(large_layer).sum()):,} vertices",
        f"from the file to live: {live_s:.1f} s, {loaded.version.part_count:,} parts",
        f"ST_Subdivide(geometry, {MAX_VERTICES}) alone: {theirs_s:.1f} s, {their_parts:,} parts",
        f"ratio: {theirs_s / live_s:.1f}x, promised {PROMISED_RATIO:.0f}x",
        f"a review meanwhile: p95 {_p95(meanwhile) * 1e3:.1f} ms of {len(meanwhile)}, idle {_p95(idle) * 1e3:.1f} ms "
        f"of {len(idle)}: {slowdown:.1f}x, promised at most {PROMISED_SLOWDOWN:.0f}x",
    )
    assert slowdown <= PROMISED_SLOWDOWN
    assert theirs_s / live_s >= PROMISED_RATIO


def _publish_first_version(engine: sqlalchemy.Engine, polygons: Geometries) -> None:
    facts = LayerFacts(code="LAKES", title="湖泊", version="1", sha256="0" * 64, valid_from=date(2020, 1, 1))
    with make_sessions(engine).begin() as session:
        store_layer(session, facts, ControlFeatures(epsg=4547, geometries=polygons), now=NOW - timedelta(days=1))
        publish(session, "LAKES", "1", now=NOW - timedelta(days=1))


def _st_subdivide(engine: sqlalchemy.Engine, version_id: int) -> tuple[float, int]:
    begun_s = time.perf_counter()
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        parts = connection.execute(
            text(
                """
                SELECT count(*) FROM (
                    SELECT ST_Subdivide(geometry, CAST(:vertices AS int)) FROM control_feature
                    WHERE version_id = CAST(:version_id AS bigint)) AS cut
                """
            ),
            {"vertices": MAX_VERTICES, "version_id": version_id},
        ).scalar_one()
    return time.perf_counter() - begun_s, parts


def _read(url: str, stop: Event, times: multiprocessing.SimpleQueue[tuple[float, float]]) -> None:
    """Review one red line after the other until told to stop, as an officer's request would."""
    rng = np.random.default_rng(7)
    sessions = make_sessions(make_engine(url))
    rulebook = make_rulebook(make_rule(layer="LAKES"))
    times.put((0.0, 0.0))
    asked: list[tuple[float, float]] = []
    while not stop.is_set():
        x, y = rng.uniform(WEST, EAST), rng.uniform(SOUTH, NORTH)
        boundary = make_boundary(shapely.box(x, y, x + 150.0, y + 150.0))
        at_s, begun_s = time.time(), time.perf_counter()
        with sessions.begin() as session:
            layers_of = published_near(session, boundary, rulebook, AS_OF)
            review_file(layers_of, boundary, rulebook, AS_OF, {})
        asked.append((at_s, time.perf_counter() - begun_s))
        time.sleep(0.02)
    for row in asked:
        times.put(row)
    times.put((-1.0, 0.0))


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]
