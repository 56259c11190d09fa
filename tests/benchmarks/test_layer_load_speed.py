"""A Shapefile of 200,000 parcels checked, subdivided and stored, against plain geopandas in the same database."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import sqlalchemy
from sqlalchemy import text

import geopandas
import shapely

from geo_review.control.model import Geometries
from geo_review.store.connect import make_sessions
from geo_review.usecases.load_layer import load_layer
from tests.benchmarks.conftest import EAST, NORTH, SOUTH, WEST, report

PARCELS = 200_000
ROUNDS = 2
PROMISED_RATIO = 0.5
_NOW = datetime(2026, 11, 23, tzinfo=UTC)
_LAND_USES = (("0103", "旱地"), ("0102", "水浇地"), ("0702", "农村宅基地"), ("1006", "农村道路"), ("1107", "沟渠"))


def test_a_shapefile_is_loaded_at_half_the_speed_of_plain_geopandas(engine: sqlalchemy.Engine, tmp_path: Path) -> None:
    shp = tmp_path / "DLTB.shp"
    parcels = _parcels()
    _attributed(parcels).to_file(shp, engine="pyogrio", encoding="GBK")

    def ours() -> int:
        with make_sessions(engine).begin() as session:
            return load_layer(session, shp, code="DLTB", version=f"v{len(ours_s)}", now=_NOW).version.part_count

    def theirs() -> int:
        frame = geopandas.read_file(shp, encoding="GBK")
        frame.to_postgis("plain", engine, if_exists="replace")
        return len(frame)

    ours_s: list[float] = []
    theirs_s: list[float] = []
    for _ in range(ROUNDS):
        theirs_s.append(_seconds(theirs, PARCELS))
        ours_s.append(_seconds(ours, PARCELS))
    ratio = min(theirs_s) / min(ours_s)
    report(
        f"loading {PARCELS:,} parcels, {int(shapely.get_num_coordinates(parcels).sum()):,} vertices, from a Shapefile",
        f"ours (read, checked, made valid, subdivided, stored with parts and indexes): {min(ours_s):.1f} s, "
        f"{PARCELS / min(ours_s):,.0f} polygons/s",
        f"geopandas.read_file + to_postgis:                                            {min(theirs_s):.1f} s, "
        f"{PARCELS / min(theirs_s):,.0f} polygons/s",
        f"ratio: {ratio:.2f}x, promised {PROMISED_RATIO}x",
    )
    with engine.connect() as connection:
        same = """
            SELECT count(*) FROM control_feature JOIN plain
            ON attributes ->> 'BSM' = "BSM" AND attributes ->> 'QSDWMC' = "QSDWMC"
        """
        assert connection.execute(text(same)).scalar_one() == ROUNDS * PARCELS
    assert ratio >= PROMISED_RATIO


def _parcels() -> Geometries:
    """Star-shaped parcels of 5 to 12 corners, seeded, each in a cell of its own: a city's land use has this many."""
    rng = np.random.default_rng(20190826)
    columns = int(np.sqrt(PARCELS * (EAST - WEST) / (NORTH - SOUTH)))
    cell_m = (EAST - WEST) / columns
    row, column = np.divmod(np.arange(PARCELS), columns)
    centres = np.column_stack([WEST + (column + 0.5) * cell_m, SOUTH + (row + 0.5) * cell_m])
    corners = rng.integers(5, 13, PARCELS)
    parcel = np.repeat(np.arange(PARCELS), corners)
    within = np.arange(len(parcel)) - np.repeat(np.cumsum(corners) - corners, corners)
    angle = 2.0 * np.pi * (within + rng.uniform(-0.3, 0.3, len(parcel))) / corners[parcel]
    radius_m = cell_m * rng.uniform(0.25, 0.5, len(parcel))
    points = centres[parcel] + np.column_stack([radius_m * np.cos(angle), radius_m * np.sin(angle)])
    parcels: Geometries = shapely.polygons(shapely.linearrings(points.round(4), indices=parcel))
    assert shapely.is_valid(parcels).all()
    return parcels


def _attributed(parcels: Geometries) -> geopandas.GeoDataFrame:
    """The parcels with the columns of 地类图斑 that matter, Chinese ones among them."""
    rng = np.random.default_rng(1)
    codes, names = (np.array(words) for words in zip(*_LAND_USES, strict=True))
    use = rng.integers(0, len(_LAND_USES), len(parcels))
    village = rng.integers(0, 900, len(parcels))
    columns = {
        "BSM": [f"4109{number:014d}" for number in range(len(parcels))],
        "DLBM": codes[use],
        "DLMC": names[use],
        "QSDWDM": [f"4109{number:015d}" for number in village],
        "QSDWMC": [f"样例乡第{number}村民委员会" for number in village],
        "TBMJ": shapely.area(parcels).round(2),
        "KCXS": rng.choice([None, 0.1, 0.25], len(parcels)).astype(float),
        "SJNF": np.full(len(parcels), 2026),
    }
    return geopandas.GeoDataFrame(columns, geometry=parcels, crs=4547)


def _seconds(act: Callable[[], int], expected: int) -> float:
    started = time.perf_counter()
    count = act()
    seconds = time.perf_counter() - started
    assert count == expected
    return seconds
