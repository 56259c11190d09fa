"""Writing the sample city: same seed, same bytes; another seed, another city; nothing of anybody else is touched."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from geo_review.cli import commands
from geo_review.errors import InvalidOption
from geo_review.sample_city import write_sample_city
from geo_review.sample_city.facts import read_facts
from geo_review.sample_city.layers import draw_layers
from geo_review.sample_city.plan import draw_plan
from geo_review.sample_city.projects import draw_projects
from geo_review.sample_city.wishes import read_wishes

FEW_FIELDS = 0.02


def test_city_when_written_twice_then_has_the_same_bytes(tmp_path: Path) -> None:
    first = write_sample_city(tmp_path / "first", scale=FEW_FIELDS)
    second = write_sample_city(tmp_path / "second", scale=FEW_FIELDS)
    assert _digests(first.folder) == _digests(second.folder)
    assert len(_digests(first.folder)) > 120

    for table in first.layers.glob("*.dbf"):  # the two were written on one day, so this would not show
        assert tuple(table.read_bytes()[1:4]) == (126, 1, 1), table.name  # years since 1900, month, day

    again = write_sample_city(tmp_path / "first", scale=FEW_FIELDS)  # over an earlier one
    assert _digests(again.folder) == _digests(second.folder)


@pytest.mark.parametrize("seed", [1, 7])
def test_city_of_another_seed_when_drawn_then_differs_and_has_land_for_every_project(seed: int) -> None:
    plan, standard = draw_plan(seed), draw_plan(seed + 1)
    assert not plan.land.city.equals(standard.land.city)
    placed = draw_projects(plan, draw_layers(plan, scale=FEW_FIELDS))
    assert [project.wish for project in placed] == list(read_wishes())
    assert len(read_facts().counties) == len(plan.towns) == 6


@pytest.mark.parametrize(
    ("seed", "scale", "code"),
    [(-1, 1.0, "sample_seed"), (1, 0.0, "sample_scale"), (1, 3.0, "sample_scale"), (1, float("nan"), "sample_scale")],
)
def test_city_when_an_option_is_impossible_then_is_refused(tmp_path: Path, seed: int, scale: float, code: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        write_sample_city(tmp_path / "city", seed=seed, scale=scale)
    assert refused.value.code == code
    assert not (tmp_path / "city").exists()


def test_folder_when_it_holds_something_else_then_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "layers").mkdir()
    (tmp_path / "layers" / "mine.txt").write_text("precious", encoding="utf-8")
    with pytest.raises(InvalidOption) as refused:
        write_sample_city(tmp_path)
    assert refused.value.code == "sample_folder"
    assert [path.name for path in tmp_path.rglob("*")] == ["layers", "mine.txt"]


def test_command_when_asked_for_json_then_lists_layers_and_projects(tmp_path: Path) -> None:
    arguments = ["sample-city", str(tmp_path / "city"), "--scale", str(FEW_FIELDS), "--json"]
    result = CliRunner().invoke(commands, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert len(told["projects"]) == 40
    assert all(Path(project["file"]).is_file() for project in told["projects"])
    assert "STBHHX" in told["layers"]
    assert "STBHHX" in result.stderr  # plain lines in a log


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
