"""A folder of 1,000 survey TXT as `projects import DIR` takes it: read, checked, held against neighbours, stored."""

from __future__ import annotations

import os
import time
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import numpy as np
import sqlalchemy
from sqlalchemy import text

from shapely.geometry import Polygon

from geo_review.boundary.survey_text_write import write_survey_text
from geo_review.city import PUYANG
from geo_review.sandbox.pool import ParserPool
from geo_review.store.connect import make_sessions
from geo_review.usecases.import_folder import Outcome, import_files
from geo_review.usecases.import_plan import ImportPlan, plan_import
from tests.benchmarks.conftest import report
from tests.builders import EAST, NORTH, make_boundary

FILES = 1_000
ROUNDS = 2
PROMISED_PER_S = 100.0
_NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_a_folder_is_imported_at_a_hundred_files_a_second(engine: sqlalchemy.Engine, tmp_path: Path) -> None:
    points = _write(tmp_path)
    plan = plan_import(tmp_path)
    whole_s: list[float] = []
    again_s: list[float] = []
    with ParserPool() as parser:
        parser.confinement()  # the readers are loaded
        for _ in range(ROUNDS):
            with make_sessions(engine).begin() as session:
                session.execute(text("TRUNCATE project, boundary_version, parcel CASCADE"))
            whole_s.append(_seconds(engine, plan, parser, Outcome.STORED))
            again_s.append(_seconds(engine, plan, parser, Outcome.ALREADY_STORED))
    with engine.connect() as connection:
        pairs = connection.execute(text("SELECT count(*) FROM neighbour")).scalar_one()
    assert pairs >= FILES // 10, "neighbours were looked for, and found"
    rate = FILES / min(whole_s)
    report(
        f"importing {FILES:,} TXT of {points:,} points, {pairs} pairs of neighbours; "
        f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}",
        f"read, checked, compared, stored: {min(whole_s):.1f} s, {rate:.0f} files/s, promised {PROMISED_PER_S:.0f}",
        f"once more, all known by digest:  {min(again_s):.2f} s, {FILES / min(again_s):,.0f} files/s",
    )
    assert rate >= PROMISED_PER_S


def _seconds(engine: sqlalchemy.Engine, plan: ImportPlan, parser: ParserPool, expected: Outcome) -> float:
    begun_s = time.perf_counter()
    outcomes = import_files(
        make_sessions(engine), plan, read=partial(parser.understand_many, city=PUYANG), now=lambda: _NOW
    )
    assert [outcome.outcome for outcome in outcomes] == [expected] * FILES
    return time.perf_counter() - begun_s


def _write(folder: Path) -> int:
    """Red lines of 6 to 60 corners over the city, seeded; each tenth overlaps the one before, each fourth has two
    parcels."""
    rng = np.random.default_rng(20190826)
    points = 0
    for number in range(FILES):
        row, column = divmod(number - (number % 10 == 9), 32)
        centre = np.array([EAST - 20_000.0 + 1_500.0 * column, NORTH - 20_000.0 + 1_500.0 * row])
        corners = int(rng.integers(6, 61))
        angle = 2.0 * np.pi * (np.arange(corners) + rng.uniform(-0.3, 0.3, corners)) / corners
        ring = rng.uniform(80.0, 120.0, corners)[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
        parcels = [Polygon((centre + ring + [400.0 * part, 0.0]).round(3)) for part in range(1 + (number % 4 == 0))]
        points += corners * len(parcels)
        content = write_survey_text(make_boundary(*parcels), producer="某测绘院", produced_on=date(2026, 11, 3))
        (folder / f"2026-410902-47-01-{number:06} 样例项目{number}.txt").write_bytes(content)
    return points
