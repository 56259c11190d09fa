"""What the renderings say in one form: shares, reference systems, ground that was not surveyed, names in a sentence."""

from __future__ import annotations

import pytest

from geo_review.report.labels import crs_text
from geo_review.report.sheet import to_sheet
from geo_review.wording.figures import percent
from geo_review.wording.spacing import close_up
from tests.unit.report.made import document, part, result, square


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (1.0, "100.00%"),
        (1.0 - 1e-15, "100.00%"),  # the noise of two sums over the same land
        (0.99999, "＞99.99%"),
        (0.9999, "99.99%"),
        (0.0000001, "0.000010%"),
        (0.0, "0.00%"),
    ],
)
def test_percent_when_near_an_end_then_it_reads_100_for_the_whole_only_and_0_for_nothing_only(share, text):
    assert percent(share) == text


@pytest.mark.parametrize(
    ("epsg", "text"),
    [
        (4526, "2000国家大地坐标系 三度带38带（EPSG:4526）"),
        (4547, "2000国家大地坐标系 三度带 中央经线114°E（EPSG:4547）"),
        (4498, "2000国家大地坐标系 六度带20带（EPSG:4498）"),
        (4490, "2000国家大地坐标系 经纬度（EPSG:4490）"),
        (4326, "WGS 84 经纬度（EPSG:4326）"),
        (2437, "EPSG:2437"),
    ],
)
def test_crs_when_told_then_in_words(epsg, text):
    assert crs_text(epsg) == text


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("，征询 市水利局 的意见（3 个工作日内答复）", "，征询市水利局的意见（3 个工作日内答复）"),
        ("，征询 water 的意见", "，征询 water 的意见"),
        ("征询 市水利局（3 个工作日）", "征询市水利局（3 个工作日）"),
    ],
)
def test_blanks_when_beside_a_chinese_name_then_none_and_kept_beside_a_code(given, text):
    assert close_up(given) == text


@pytest.mark.parametrize(
    ("kind", "limit", "uncovered", "nearness"),
    [
        ("forbid", {}, "2,500.00 平方米（占红线 25.00%）", "未覆盖 25.00%"),
        ("buffer_forbid", {"distance_m": 30.0}, "2,500.00 平方米（按红线及其周边 30 米范围计）", "未覆盖"),
    ],
)
def test_land_not_covered_when_told_then_its_area_and_no_distance(kind, limit, uncovered, nearness):
    made = result(
        "A", "甲", kind=kind, outcome="not_covered", uncovered_area_m2=2500.0, limit=limit, distance_m=9_999.0
    )
    row = to_sheet(document(square(100), [made], verdict="incomplete")).results[0]
    assert (row.uncovered, row.nearness, row.distance) == (uncovered, nearness, "")


@pytest.mark.parametrize(("outcome", "is_asked"), [("consult", True), ("fail", False), ("not_covered", False)])
def test_department_when_nothing_is_to_be_asked_then_it_is_not_said_to_be(outcome, is_asked):
    made = result("A", "甲", outcome=outcome, parts=[part(square(10))], department="市水利局")
    assert to_sheet(document(results=[made])).results[0].is_asked is is_asked


@pytest.mark.parametrize(
    ("declared_m2", "said"),
    [(10_000.0, "与平面面积一致"), (9_999.92, "与平面面积一致"), (9_990.0, "与平面面积相差 −10.00 平方米（−0.10%）")],
)
def test_declared_area_when_within_a_hundredth_of_a_percent_then_it_agrees(declared_m2, said):
    facts = to_sheet(document(square(100), boundary={"area_declared_m2": declared_m2})).boundary
    assert next(fact.value for fact in facts if fact.label == "申报面积").endswith(said)


def test_repairs_when_there_are_many_then_twenty_and_how_many_more():
    words = [
        {"feature": n, "reason": f"自相交（{n}, 0）", "area_before_m2": 0.0, "area_after_m2": 5.0} for n in range(30)
    ]
    sheet = to_sheet(document(results=[result("A", "甲") | {"repairs": words}]))
    assert (len(sheet.repairs), sheet.repairs_left_out) == (20, 10)
