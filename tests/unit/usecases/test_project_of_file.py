"""Which project a file names, in its own words or by its name."""

from __future__ import annotations

import pytest

from geo_review.usecases.project_of_file import ProjectNamed, named_by_stem, named_in_text

XMDM = "2026-410902-47-01-000001"
TEXT = "[属性描述]\r\n坐标系=2000国家大地坐标系\r\n[项目信息]\r\n项目编号 = P-1\r\n项目名称=厂房 一期\r\n[地块坐标]\r\n"


@pytest.mark.parametrize(
    ("stem", "code", "name", "why"),
    [
        (f"{XMDM} 样例 厂房", XMDM, "样例 厂房", "the national code and a name"),
        (f"{XMDM}_样例", XMDM, "样例", "with an underscore"),
        (f"{XMDM}　样例", XMDM, "样例", "with a full-width blank"),
        (XMDM, XMDM, XMDM, "the code alone is the name too"),
        ("P001_厂房", "P001", "厂房", "a code of one's own"),
        ("410902001 厂房", "410902001", "厂房", "of digits"),
        ("2026 年度用地", "2026 年度用地", "2026 年度用地", "a year is no code"),
        ("12 厂房", "12 厂房", "12 厂房", "nor is a serial number"),
        ("red line 2", "red line 2", "red line 2", "nor is a word"),
        ("红线", "红线", "红线", "a stem is both"),
        ("濮阳市 2号地", "濮阳市 2号地", "濮阳市 2号地", "a Chinese word is no code"),
    ],
)
def test_stem_when_it_names_a_project_then_code_and_name(stem: str, code: str, name: str, why: str) -> None:
    assert named_by_stem(stem) == ProjectNamed(code=code, name=name), why


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_when_it_names_its_project_then_so(encoding: str) -> None:
    assert named_in_text(TEXT.encode(encoding)) == ProjectNamed(code="P-1", name="厂房 一期")


@pytest.mark.parametrize(
    ("text", "code", "why"),
    [
        ("[属性描述]\n项目编号=X\n", None, "another section"),
        ("[项目信息]\n项目编号=\n项目代码=B\n", "B", "an empty value says nothing"),
        ("［项目信息］\n项目编号＝B\n", "B", "full-width"),
        ("[项目信息]\n项目编号=A\n项目编号=B\n", "A", "the first"),
        ("[项目信息]\n[地块坐标]\n项目编号=A\n", None, "after its section"),
    ],
)
def test_text_when_it_says_less_then_no_guess(text: str, code: str | None, why: str) -> None:
    assert named_in_text(text.encode()).code == code, why


def test_bytes_that_are_no_text_name_nothing() -> None:
    assert named_in_text(b"\xff\xfe\0" + "项目信息".encode() + b"\0\xff") == ProjectNamed()
