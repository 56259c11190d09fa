"""The PDF: archival, reproducible, at a true scale, in Chinese, deaf to markup."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from geo_review.errors import GeoReviewError
from geo_review.report import fonts
from geo_review.report.map_context import ContextLayer
from geo_review.report.palette import INK, RED_LINE
from geo_review.report.pdf import render_pdf
from tests.unit.report.made import (
    MADE,
    RIVER,
    SITE,
    document,
    example,
    lonlat,
    part,
    result,
    square,
)
from tests.unit.report.printed_paths import printed_paths

HOSTILE = ('#panic("x")', "$ x^2 $", "*粗*", "<a>", "@ref", "\\u{1F600}", '#include "/etc/passwd"', "`raw`", "//注释")


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def squeezed(text: str) -> str:
    """Text without white space: where lines break is the typesetter's."""
    return "".join(text.split())


def test_it_says_that_it_is_pdf_a_2b_and_embeds_every_font():
    reader = PdfReader(io.BytesIO(render_pdf(example("fail"))))
    metadata = reader.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in metadata
    assert "/OutputIntents" in reader.trailer["/Root"]
    descriptors = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    ]
    assert descriptors
    assert all({"/FontFile2", "/FontFile3"} & set(descriptor) for descriptor in descriptors)


@pytest.mark.parametrize("name", MADE)
def test_the_same_document_gives_the_same_bytes(name):
    assert render_pdf(example(name)) == render_pdf(example(name))


def test_what_is_printed_depends_on_the_arguments_alone():
    plain = render_pdf(example("pass"))
    assert render_pdf(example("pass"), issued="2026-11-23 10:12") != plain
    assert "2026-11-2310:12" in squeezed(text_of(render_pdf(example("pass"), issued="2026-11-23 10:12")))


def test_a_hundred_metres_are_a_hundred_millimetres_at_1_to_1000():
    pdf = render_pdf(document(square(100)))
    assert "1:1000" in text_of(pdf)
    edges = [path.width_mm for path in printed_paths(pdf) if path.stroke == RED_LINE]
    assert max(edges) == pytest.approx(100.0, rel=0.005)


@pytest.mark.parametrize(
    ("side_m", "scale", "bar", "bar_mm"),
    [(50, 500, "20 m", 40.0), (100, 1000, "50 m", 50.0), (400, 5000, "200 m", 40.0), (4000, 50000, "2 km", 40.0)],
)
def test_the_scale_bar_is_as_long_as_it_says(side_m, scale, bar, bar_mm):
    pdf = render_pdf(document(square(side_m)))
    text = text_of(pdf)
    assert f"1:{scale}" in text
    assert bar in text
    paths = [path for path in printed_paths(pdf) if path.stroke == INK and path.width_mm > 0]
    halves = [path for path in paths if path.height_mm == pytest.approx(1.2, abs=0.01)]
    assert [path.width_mm for path in halves] == [pytest.approx(bar_mm / 2, rel=0.005)] * 2
    side = max(path.width_mm for path in printed_paths(pdf) if path.stroke == RED_LINE)
    assert side == pytest.approx(side_m * 1000 / scale, rel=0.005)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("pass", ["✔通过", "所审6项控制线规则均未发现冲突。", "红线文件未发现问题。"]),
        ("consult", ["◆需征询", "●提示", "市水利局，3个工作日内答复"]),
        (
            "fail",
            [
                "✘不通过",
                "样例数据",
                "（待规划部门确认）",
                "技术性接触",
                "点J4",
                "第17行",
                "Self-intersection[593010.53959620.25]",
                "规则只适用于铁路沿线项目",
                "a1" * 32,
                "b2" * 32,
                "c3" * 32,
                "geos3.13.1",
                "38,376.00平方米=3.8376公顷=57.5640亩",
                "无法比较",
                "1–2",
            ],
        ),
        ("incomplete", ["？未完成检测", "没有图层YJJBNT的数据", "没有可用的版本"]),
        ("multi-parcel", ["410902-003", "文件未申报", "地块数3"]),
    ],
)
def test_the_text_can_be_read_back(name, wanted):
    text = squeezed(text_of(render_pdf(example(name))))
    for piece in (*wanted, "建设项目用地合规性审查报告", "仅供辅助审查", "审查人：", "复核人：", "第1页共"):
        assert piece in text


def test_every_outcome_is_shown_with_sign_and_word():
    outcomes = {"pass": "✔通过", "notify": "●提示", "consult": "◆需征询", "fail": "✘不通过"}
    outcomes |= {"not_covered": "？未覆盖", "not_evaluated": "？未检测"}
    made = document(results=[result(code, code, outcome=code) for code in outcomes], verdict="fail")
    text = squeezed(text_of(render_pdf(made)))
    for shown in outcomes.values():
        assert shown in text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_name_is_printed_and_never_read_as_markup(hostile):
    made = document(results=[result(hostile, hostile, message=hostile, reason=hostile, basis=hostile)])
    made["boundary"]["file"]["name"] = hostile
    made["project"] |= {"name": hostile, hostile: hostile}
    made["not_applicable"] = [{"rule_id": hostile, "title": hostile, "reason": hostile}]
    made["rulebook"]["sha256"] = hostile
    context = [ContextLayer(code=hostile, title=hostile, geometry=lonlat(RIVER))]
    text = squeezed(text_of(render_pdf(made, context=context)))
    assert text.count(squeezed(hostile)) >= 10


@pytest.mark.parametrize("odd", ["😀", "\ue000", "\x07", "\u202e", "\ufffe", "ก"])
def test_a_character_without_a_glyph_does_not_stop_the_report(odd):
    made = document(results=[result("A", f"甲{odd}乙")])
    text = squeezed(text_of(render_pdf(made)))
    assert "甲〓乙" in text or "甲乙" in text


def test_only_a_sample_is_marked_as_one():
    assert "样例数据" in text_of(render_pdf(example("fail")))
    assert "样例数据" not in text_of(render_pdf(example("pass")))


def test_a_table_that_leaves_parts_out_says_how_many():
    made = document(SITE, [result("A", "甲", outcome="fail", parts=[part(square(1))] * 230)], verdict="fail")
    assert "其余30处图斑未列出" in squeezed(text_of(render_pdf(made)))


def test_missing_fonts_are_named_with_the_line_that_installs_them(monkeypatch):
    monkeypatch.setattr(fonts, "FONT_FOLDERS", (Path("/nowhere"),))
    with pytest.raises(GeoReviewError) as refused:
        render_pdf(example("pass"))
    assert refused.value.code == "missing_cjk_fonts"
    assert "apt-get install -y fonts-noto-cjk" in str(refused.value)
