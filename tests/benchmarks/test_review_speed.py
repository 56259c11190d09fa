"""One review over a layer of large polygons, against ST_Intersection on the whole features in the same database."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime

import numpy as np
import sqlalchemy
from sqlalchemy import text

import shapely
from shapely.geometry import Polygon

from geo_review.boundary.model import Boundary
from geo_review.control.model import ControlFeatures, Geometries, LayerFacts
from geo_review.store.connect import make_sessions
from geo_review.usecases.judge_red_line import review_file
from geo_review.usecases.load_layer import store_layer
from geo_review.usecases.publish_layer import publish
from geo_review.usecases.run_review import published_near
from tests.benchmarks.conftest import report
from tests.builders import AS_OF, make_boundary, make_rule, make_rulebook

RED_LINES = 40
PROMISED_RATIO = 10.0
SAME_AREA = 1e-9  # relative

WHOLE_FEATURES = text(
    """
    WITH land AS (SELECT ST_GeomFromWKB(CAST(:land AS bytea), 4547) AS geometry)
    SELECT coalesce(ST_Area(ST_Union(ST_Intersection(feature.geometry, land.geometry))), 0)
    FROM control_feature AS feature, land
    WHERE feature.version_id = CAST(:version_id AS bigint) AND ST_Intersects(feature.geometry, land.geometry)
    """
)


def test_review_is_ten_times_faster_than_intersecting_whole_features(
    engine: sqlalchemy.Engine, large_layer: Geometries
) -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    facts = LayerFacts(code="LAKES", title="湖泊", version="1", sha256="0" * 64, valid_from=date(2020, 1, 1))
    with make_sessions(engine).begin() as session:
        version_id = store_layer(session, facts, ControlFeatures(epsg=4547, geometries=large_layer), now=now).version.id
        publish(session, "LAKES", "1", now=now)
        # The whole features get the index that a simple design would give them.
        session.execute(text("CREATE INDEX IF NOT EXISTS whole_feature ON control_feature USING gist (geometry)"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE control_feature"))
        connection.execute(text("VACUUM ANALYZE control_feature_part"))
    boundaries = _red_lines(large_layer)
    rulebook = make_rulebook(make_rule(layer="LAKES"))
    with make_sessions(engine)() as session:

        def ours(boundary: Boundary) -> float:
            layers_of = published_near(session, boundary, rulebook, AS_OF)
            return review_file(layers_of, boundary, rulebook, AS_OF, {}).findings[0].planar_area_m2

        def whole(boundary: Boundary) -> float:
            binds = {"land": shapely.to_wkb(boundary.geometry), "version_id": version_id}
            return float(session.execute(WHOLE_FEATURES, binds).scalar_one())

        timed = [(*_time(ours, boundary), *_time(whole, boundary)) for boundary in boundaries]
    ratios = [theirs_s / ours_s for ours_s, _, theirs_s, _ in timed]
    worst = max(abs(a - b) / max(b, 1.0) for _, a, _, b in timed)
    total = sum(row[2] for row in timed) / sum(row[0] for row in timed)
    report(
        f"one review over {len(large_layer)} polygons, {shapely.get_num_coordinates(large_layer).sum():,} vertices",
        f"ours (index on parts, shapely, the whole report): median {_median_ms(timed, 0):.1f} ms",
        f"ST_Intersection on whole features:                median {_median_ms(timed, 2):.1f} ms",
        f"ratio: {total:.1f}x in sum, median {statistics.median(ratios):.1f}x, promised {PROMISED_RATIO:.0f}x",
        f"largest relative difference of area: {worst:.1e}, promised {SAME_AREA:.0e}",
    )
    assert total >= PROMISED_RATIO
    assert worst <= SAME_AREA


def _red_lines(layer: Geometries) -> list[Boundary]:
    """Sites of 4 hectares on the shores, where a review has something to cut; a site is no rectangle."""
    rng = np.random.default_rng(1)
    shores = [shapely.get_coordinates(polygon)[0] for polygon in rng.choice(layer, RED_LINES, replace=False)]
    return [make_boundary(_site(east, north)) for east, north in shores]


def _site(east: float, north: float) -> Polygon:
    """A plot of 24 corners; a rectangle would take a short cut that few plots can."""
    angle = np.linspace(0.0, 2.0 * np.pi, 24, endpoint=False)
    return Polygon(
        np.column_stack(
            [
                east + 115.0 * (1.0 + 0.2 * np.sin(3.0 * angle)) * np.cos(angle),
                north + 115.0 * (1.0 + 0.2 * np.cos(5.0 * angle)) * np.sin(angle),
            ]
        )
    )


def _time(act: Callable[[Boundary], float], boundary: Boundary) -> tuple[float, float]:
    """The better of two runs, so that neither pays for a cold cache."""
    seconds = []
    for _ in range(2):
        started = time.perf_counter()
        value = act(boundary)
        seconds.append(time.perf_counter() - started)
    return min(seconds), value


def _median_ms(timed: list[tuple[float, float, float, float]], column: int) -> float:
    return statistics.median(row[column] for row in timed) * 1_000
