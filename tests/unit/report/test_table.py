"""The table on a terminal."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from geo_review.report.folded import fold
from geo_review.report.table import print_table
from tests.unit.report.made import MADE, document, example, result


def printed(made, width: int = 100, *, terminal: bool = False) -> str:
    output = io.StringIO()
    colours = "truecolor" if terminal else "auto"
    print_table(made, Console(file=output, width=width, force_terminal=terminal, color_system=colours))
    return output.getvalue()


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("name", MADE)
def test_no_line_is_wider_than_the_terminal(name, width):
    lines = printed(example(name), width).splitlines()
    assert max(cell_len(line) for line in lines) <= width


@pytest.mark.parametrize("name", MADE)
def test_a_log_gets_plain_text_and_a_terminal_gets_colour(name):
    assert "\x1b" not in printed(example(name))
    assert "\x1b[" in printed(example(name), terminal=True)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("pass", ["✔ 审查结论：通过", "LSWHBHX 2023-12", "3,520.07 米"]),
        ("consult", ["◆ 审查结论：需征询", "● 提示", "征询市水利局（3 个工作日）", "7,026.64", "10.5400", "18.31%"]),
        (
            "fail",
            ["✘ 审查结论：不通过", "【样例数据】", "技术性接触", "？ 未覆盖", "超出", "点J4", "铁路线路安全保护区"],
        ),
        ("incomplete", ["？ 审查结论：未完成检测", "？ 未检测", "没有图层 YJJBNT 的数据"]),
        ("multi-parcel", ["文件未申报", "地块数      3"]),
    ],
)
def test_the_table_says_what_an_officer_asks(name, lines):
    text = printed(example(name), 120)
    for line in lines:
        assert line in text


def test_every_outcome_has_its_own_sign_and_word():
    outcomes = {"pass": "✔ 通过", "notify": "● 提示", "consult": "◆ 需征询", "fail": "✘ 不通过"}
    outcomes |= {"not_covered": "？ 未覆盖", "not_evaluated": "？ 未检测"}
    text = printed(document(results=[result(code, code, outcome=code) for code in outcomes], verdict="fail"))
    for shown in outcomes.values():
        assert shown in text


def test_repairs_are_listed_five_of_them_and_the_rest_counted():
    words = [
        {"feature": n, "reason": f"自相交（{n}, 0）", "area_before_m2": 0.0, "area_after_m2": 5_000.0}
        for n in range(1, 9)
    ]
    text = printed(document(results=[result("A", "甲") | {"repairs": words}]))
    assert "A 第1个要素：自相交（1, 0）；修复前 0.00 平方米，修复后 5,000.00 平方米" in text
    assert "第5个要素" in text
    assert "第6个要素" not in text
    assert "另有 3 处，见 JSON" in text
    assert "另有" not in printed(document(results=[result("A", "甲") | {"repairs": words[:5]}]))


@pytest.mark.parametrize("outcome", ["not_covered", "not_evaluated"])
@pytest.mark.parametrize(
    ("reason", "lines"),
    [("没有图层 A 的数据，不能得出结论", 1), ("图" * 70, 2), ("图" * 200, 2)],
    ids=["one line", "two lines", "cut short"],
)
def test_why_a_check_was_not_finished_is_read_in_two_lines_at_most(outcome, reason, lines):
    text = printed(document(results=[result("A", "甲", outcome=outcome, reason=reason)], verdict="incomplete"), 80)
    block = text.partition("未完成的检测及原因\n")[2].partition("\n\n")[0].rstrip().splitlines()
    assert block[0].startswith(f"· 甲（A）：{reason[:30].strip()}"[:30])
    assert len([line for line in block if line.strip()]) == lines
    assert max(cell_len(line) for line in block) <= 80
    assert ("…" in block[-1]) == (len(reason) == 200)


def test_a_name_is_neither_markup_nor_an_escape_sequence():
    made = document(results=[result("A", "[bold red]甲[/]\x1b[2J")])
    made["boundary"]["file"]["name"] = "[/]\x1b]0;title\x07.txt"
    text = printed(made)
    assert "[bold red]甲[/]〓[2J" in text
    assert "[/]〓]0;title〓.txt" in text
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("有 3 项不符合", 8, ["有 3 项", "不符合"]),
        ("甲乙丙。", 6, ["甲乙", "丙。"]),  # no full stop at the beginning of a line
        ("甲乙（丙", 6, ["甲乙", "（丙"]),  # no bracket at the end of one
        ("ABCDEFGHIJ", 4, ["ABCDEFGHIJ"]),  # a piece that is too wide alone is left to rich
        ("", 10, [""]),
    ],
)
def test_chinese_is_folded_between_any_two_characters_but_not_at_punctuation(text, width, lines):
    assert list(fold(text, width)) == lines
