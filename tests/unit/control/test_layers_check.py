"""`layers check`: what a person and a program read, and the exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from geo_review.control.content_hash import content_sha256
from geo_review.errors import UnreadableLayer
from layers.commands import layers
from tests.builders import square
from tests.unit.control.made import BOW_TIE, geojson, write, write_json


def test_layers_check_when_fine_then_facts_in_chinese(tmp_path: Path) -> None:
    path = write(tmp_path / "STBHHX.gpkg", square(), attributes={"MC": ["甲"]})
    result = CliRunner().invoke(layers, ["check", str(path)])
    assert result.exit_code == 0
    for said in ("STBHHX.gpkg", content_sha256(path), "EPSG:4547", "1 个（面 1）", "115.0", "MC", "未发现问题"):
        assert said in result.output


def test_layers_check_when_faults_can_be_repaired_then_each_is_told_and_the_layer_is_usable(tmp_path: Path) -> None:
    path = write(tmp_path / "X.geojson", square(), BOW_TIE, square())
    result = CliRunner().invoke(layers, ["check", str(path)])
    assert result.exit_code == 0
    assert "第2个要素：自相交" in result.output
    assert "0.00 → 5,000.00 平方米" in result.output
    assert "要素 1、3" in result.output
    assert "未发现问题" not in result.output


def test_layers_check_when_empty_then_not_called_fine(tmp_path: Path) -> None:
    result = CliRunner().invoke(layers, ["check", str(write_json(tmp_path / "X.geojson", geojson()))])
    assert result.exit_code == 0
    assert "没有要素" in result.output


def test_layers_check_when_json_is_asked_then_every_fact_with_a_key(tmp_path: Path) -> None:
    path = write(tmp_path / "X.shp", BOW_TIE, epsg=None)
    result = CliRunner().invoke(layers, ["check", str(path), "--crs", "4547", "--json"])
    found = json.loads(result.output)
    assert result.exit_code == 0
    assert found["file"] == {"name": "X.shp", "sha256": content_sha256(path)}
    assert (found["epsg"], found["feature_count"], found["kinds"]) == (4547, 1, {"Polygon": 1})
    assert found["invalid"][0]["area_after_m2"] == pytest.approx(5_000.0)


def test_layers_check_when_refused_then_the_error_reaches_the_command_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(layers, ["check", str(tmp_path / "X.gpkg")])
    assert isinstance(result.exception, UnreadableLayer)


def test_layers_check_when_refused_then_exit_2_and_no_traceback(tmp_path: Path) -> None:
    path = write_json(tmp_path / "X.geojson", geojson(None))
    program = "from geo_review.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "layers", "check", str(path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "要素 1 没有几何图形" in done.stderr
    assert "Traceback" not in done.stderr
