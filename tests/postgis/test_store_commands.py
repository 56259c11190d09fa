"""The commands on a real PostGIS: what they store, what they print, and how they end."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import text

from geo_review.cli import main
from tests.builders import square
from tests.postgis.stored import CODE, geojson


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Ended]
RULEBOOK = """
id = "一条"
edition = "1"
[[rule]]
id = "X-forbid"
layer = "X"
kind = "forbid"
title = "禁止线"
"""


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `geo-review` as its console script does, in this process: a second a command is saved."""
    (tmp_path / "red.geojson").write_bytes(geojson(square()))
    (tmp_path / "empty.geojson").write_bytes(b'{"type": "FeatureCollection", "features": []}')
    (tmp_path / "X.geojson").write_bytes(geojson(square(50)))
    (tmp_path / "far.geojson").write_bytes(geojson(square(9_000)))
    (tmp_path / "book.toml").write_text(RULEBOOK, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GEO_REVIEW_DATABASE_URL", database_url)

    def run(*words: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["geo-review", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return Ended(returncode=int(ended.value.code or 0), stdout=captured.out, stderr=captured.err)

    return run


IMPORT = ("projects", "import", "red.geojson", "--code", CODE, "--name", "厂房 [一期]")
REVIEW = ("projects", "review", CODE, "--rulebook", "book.toml", "--as-of", "2026-11-23")


def test_from_a_file_to_a_verdict_and_its_successor(run: Run, tmp_path: Path) -> None:
    imported = run(*IMPORT, "--json")
    assert (imported.returncode, imported.stderr) == (0, "")
    assert json.loads(imported.stdout)["area_planar_m2"] == 10_000.0

    assert run(*REVIEW, "--json", "-").returncode == 30, "no layer at all is never a pass"
    loaded = run("layers", "load", "X.geojson", "--code", "X", "--version", "v1", "--publish")
    assert loaded.returncode == 0, loaded.stderr
    failed = run(*REVIEW, "--json", "-")
    assert (failed.returncode, json.loads(failed.stdout)["verdict"]) == (20, "fail")
    assert run(*REVIEW, "--json", "-").stdout == failed.stdout, "the same bytes again"

    assert run("layers", "load", "far.geojson", "--code", "X", "--version", "v2").returncode == 0
    assert run(*REVIEW).returncode == 20, "a version that is not published is not judged with"
    published = run("layers", "publish", "X", "v2")
    assert "版本 v1 因此停用" in published.stdout
    passed = run(*REVIEW, "--geojson", "out.geojson")
    assert passed.returncode == 0, passed.stderr
    assert json.loads((tmp_path / "out.geojson").read_bytes())["features"][0]["properties"]["verdict"] == "pass"

    states = {item["version"]: item["state"] for item in json.loads(run("layers", "history", "X", "--json").stdout)}
    assert states == {"v1": "withdrawn", "v2": "published"}
    (line,) = json.loads(run("projects", "list", "--json").stdout)["projects"]
    assert (line["code"], line["verdict"]) == (CODE, "pass")
    assert [review["verdict"] for review in json.loads(run("projects", "show", CODE, "--json").stdout)["reviews"]] == [
        "pass",
        "fail",
        "fail",
        "fail",
        "incomplete",
    ]
    assert "厂房 [一期]" in run("projects", "list").stdout, "a bracket in a name is no mark-up"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (IMPORT, "project_exists"),
        (("projects", "import", "empty.geojson", "--code", "NEW", "--name", "x"), "geo-review: ["),
        (("projects", "import", "none.geojson", "--code", "NEW", "--name", "x"), "no_such_file"),
        (("projects", "import", "red.geojson", "--code", "a/b", "--name", "x"), "invalid_code"),
        (("projects", "show", "NONE"), "unknown_project"),
        (("projects", "review", "NONE"), "unknown_project"),
        (("projects", "review", CODE, "--version", "9"), "unknown_boundary"),
        (("projects", "review", CODE, "--rulebook", "none"), "unknown_rulebook"),
        (("projects", "review", CODE, "--pdf", "/nowhere/x.pdf"), "cannot_write"),
        (("projects", "boundary", "NONE", "red.geojson"), "unknown_project"),
        (("layers", "load", "none.geojson", "--code", "X"), "layer_"),
        (("layers", "load", "X.geojson", "--code", ""), "invalid_code"),
        (("layers", "load", "X.geojson", "--code", "X", "--valid-from", "2026-13-01"), "--valid-from"),
        (("layers", "publish", "X", "v1"), "unknown_layer"),
        (("layers", "history", "X"), "unknown_layer"),
    ],
)
def test_a_refused_call_ends_with_2_and_stores_nothing(
    run: Run, engine: sqlalchemy.Engine, words: tuple[str, ...], said: str
) -> None:
    assert run(*IMPORT).returncode == 0
    refused = run(*words)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
    with engine.connect() as connection:
        counts = [
            connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in ("project", "boundary_version", "review", "rulebook", "control_layer", "control_layer_version")
        ]
    assert counts == [1, 1, 0, 0, 0, 0]


def test_a_project_without_a_review_says_what_to_do_next(run: Run) -> None:
    run(*IMPORT)
    shown = run("projects", "show", CODE)
    assert shown.returncode == 0
    assert f"还没有审查过，因此没有结论。下一步：geo-review projects review {CODE}" in shown.stdout
    assert "projects import" in run("projects", "list", "--search", "没有这样的项目").stdout


def test_the_same_red_line_again_is_said_to_be_there(run: Run) -> None:
    run(*IMPORT)
    again = run("projects", "boundary", CODE, "red.geojson")
    assert again.returncode == 0
    assert "未重复入库" in again.stdout


def test_a_database_of_another_version_is_left_alone(run: Run, engine: sqlalchemy.Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    refused = run("projects", "list")
    assert refused.returncode == 2
    assert "database_not_migrated" in refused.stderr


def test_red_lines_are_told_beside_and_after_others(run: Run, tmp_path: Path) -> None:
    (tmp_path / "moved.geojson").write_bytes(geojson(square(10, 0)))
    (tmp_path / "half.geojson").write_bytes(geojson(square(0, 0, 60, 100)))
    assert "没有重叠" in run("projects", "import", "red.geojson", "--code", "A", "--name", "甲", "--stage", "1").stdout
    told = json.loads(run("projects", "import", "moved.geojson", "--code", "B", "--name", "乙", "--json").stdout)
    assert [(one["kind"], one["code"]) for one in told["neighbours"]] == [("overlap", "A")]
    assert "双重占地：与 A 甲" in run("projects", "neighbours", "B").stdout
    again = run("projects", "boundary", "A", "moved.geojson", "--stage", "2")
    assert "由来：调整，A@1；阶段：工程建设许可" in again.stdout
    assert "双重占地" in again.stdout
    half = (
        "projects",
        "import",
        "half.geojson",
        "--code",
        "C",
        "--name",
        "丙",
        "--relation",
        "split",
        "--parent",
        "A@1",
    )
    assert "尚有 4,000.00 平方米" in run(*half).stdout
    assert "增加 1,000.00 平方米" in run("projects", "drift", "A").stdout
    drifts = json.loads(run("projects", "drift", "A", "--stages", "--json").stdout)["drifts"]
    assert drifts == [json.loads(run("projects", "drift", "A", "1", "2", "--json").stdout)]
    assert json.loads(run("projects", "drift", "C", "A@1", "1", "--json").stdout)["drift"]["land_in"]["parts"] == []
    assert "├── A@2 调整" in run("projects", "lineage", "C").stdout
    assert run("projects", "standing", "B", "withdrawn").returncode == 0
    assert json.loads(run("projects", "neighbours", "B", "--json").stdout)["neighbours"] == []
    refused = run("projects", "drift", "A", "1", "--stages")
    assert (refused.returncode, "[versions_and_stages]" in refused.stderr) == (2, True)
