"""`geo-review demo --once` on a database of its own: the whole sample city, each verdict as it was drawn for, twice."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest
import sqlalchemy

from geo_review.sample_city import AS_OF
from geo_review.store.connect import make_sessions
from geo_review.store.control_layers import published_layers
from geo_review.store.projects import list_projects
from geo_review.store.reviews import latest_verdicts
from geo_review.usecases.load_sample_city import listed_projects
from tests.acceptance.command_line import PROGRAM


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,  # noqa: TID251 the tests' own entry point
        "GEO_REVIEW_HOME": str(tmp_path),
        "GEO_REVIEW_DATABASE_URL": database_url,
    }


def demo(environment: dict[str, str], port: int) -> tuple[subprocess.CompletedProcess[str], float]:
    began = time.monotonic()
    done = subprocess.run(
        [str(PROGRAM), "demo", "--once", "--port", str(port)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=300,
    )
    return done, time.monotonic() - began


def test_the_demo_loads_the_city_checks_the_site_and_repeats_nothing(
    environment: dict[str, str], engine: sqlalchemy.Engine, tmp_path: Path, free_port: int
) -> None:
    first, first_s = demo(environment, free_port)
    assert first.returncode == 0, first.stderr
    for text in ("不通过", "样例数据", "已检查 /healthz：200", "已检查 /：200", "站点各项检查均正常"):
        assert text in first.stdout
    expected = {project.code: project.expected for project in listed_projects(tmp_path / "sample-city")}
    with make_sessions(engine).begin() as session:
        assert latest_verdicts(session) == expected
        assert len(expected) == 40
        assert all(line.is_sample for line in list_projects(session).lines)
        layers = published_layers(session, AS_OF)
    assert len(layers) >= 12
    assert all("样例数据" in layer.title for layer in layers)
    again, again_s = demo(environment, free_port)
    assert again.returncode == 0, again.stderr
    assert again_s < max(first_s / 2, 10)


def test_a_taken_port_is_said_at_once_and_starts_nothing(
    environment: dict[str, str], taken_port: int, tmp_path: Path
) -> None:
    done, seconds = demo(environment, taken_port)
    assert (done.returncode, done.stdout) == (2, "")
    assert "port_in_use" in done.stderr
    assert str(taken_port) in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())
    assert seconds < 20
