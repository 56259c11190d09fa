"""The command `geo-review rulebook`: what it prints and how it exits."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from geo_review import cli
from geo_review.commands.rulebook import rulebook
from geo_review.rules.load import packaged_rulebook, packaged_rulebooks

MINE = """id = "mine"
edition = "1"
[[rule]]
id = "A"
layer = "STBHHX"
kind = "forbid"
title = "生态保护红线"
ignore_below_m2 = 2.5
when = { flow = "industry" }
basis_confirmed = false
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(MINE, encoding="utf-8")
    return path


def test_list_when_asked_then_every_packaged_rulebook() -> None:
    text = CliRunner().invoke(rulebook, ["list"], catch_exceptions=False).output
    data = json.loads(CliRunner().invoke(rulebook, ["list", "--json"], catch_exceptions=False).output)
    assert [entry["name"] for entry in data] == list(packaged_rulebooks())
    for entry in data:
        assert entry["name"] in text
        assert entry["title"] in text


@pytest.mark.parametrize("name", packaged_rulebooks())
def test_show_when_asked_then_every_layer_and_no_basis_cut_short(name: str) -> None:
    output = CliRunner().invoke(rulebook, ["show", name], catch_exceptions=False).output
    for rule in packaged_rulebook(name).rule:
        assert rule.layer in output
    letters = "".join(output.split())
    assert packaged_rulebook(name).department_name("natural-resources") in letters
    assert output.count("…") == output.count("… 待核对") + 1  # the hash in the headline; rich cut nothing


def test_show_when_asked_for_json_then_the_rulebook_with_its_hash() -> None:
    data = json.loads(CliRunner().invoke(rulebook, ["show", "puyang-default", "--json"], catch_exceptions=False).output)
    book = packaged_rulebook("puyang-default")
    assert data["schema"] == "geo-review/rulebook/1"
    assert data["sha256"] == book.sha256
    assert [rule["id"] for rule in data["rule"]] == [rule.id for rule in book.rule]
    assert data["rule"][2]["when"]["flow"][0] == "government-building"


def test_show_when_given_a_file_then_its_limits_and_conditions(mine: Path) -> None:
    output = CliRunner().invoke(rulebook, ["show", str(mine)], catch_exceptions=False).output
    assert "合计不足 2.5 平方米不计" in output
    assert "仅限flow：industry" in output


def test_check_when_no_mistake_then_exit_0_and_what_is_worth_a_look(mine: Path) -> None:
    result = CliRunner().invoke(rulebook, ["check", str(mine)], catch_exceptions=False)
    assert result.exit_code == 0
    assert "没有错误" in result.output
    assert "1 条规则的依据待规划主管部门核对" in result.output
    assert '规则 A 的 flow "industry" 不在本市七类流程之内' in result.output


@pytest.mark.parametrize(
    ("reason", "arguments", "says"),
    [
        ("a mistake", ["check", "{mine}"], ["{mine}:6: 第6行 规则 A：kind", "{mine}:8: 第8行 规则 A：", "2 处错误"]),
        ("a mistake in a file to show", ["show", "{mine}"], ["{mine}:6: 第6行"]),
        ("no such rulebook", ["show", "nobody"], ["没有名为 nobody 的规则", "puyang-default"]),
        ("no such file", ["check", "nowhere.toml"], ["没有规则文件 nowhere.toml"]),
    ],
)
def test_commands_when_refused_then_exit_2_and_the_reason_on_stderr_alone(
    reason: str,
    arguments: list[str],
    says: list[str],
    mine: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    mine.write_text(MINE.replace('"forbid"', '"ban"').replace("2.5", "-1"), encoding="utf-8")
    words = [word.format(mine=mine) for word in arguments]
    monkeypatch.setattr(sys, "argv", ["geo-review", "rulebook", *words])
    with pytest.raises(SystemExit) as exit_:
        cli.main()
    printed = capsys.readouterr()
    assert exit_.value.code == 2
    assert printed.out == ""
    for words_said in says:
        assert words_said.format(mine=mine) in printed.err
