"""What every rendering says: order, words, figures."""

from __future__ import annotations

import pytest

from geo_review.report.conclusion import conclude
from geo_review.report.legible import legible
from geo_review.report.sheet import to_sheet
from tests.unit.report.made import MADE, document, example, here, part, result, square


def test_results_stand_worst_first_and_then_as_in_the_rulebook():
    outcomes = ["pass", "consult", "not_evaluated", "fail", "notify", "fail", "not_covered"]
    made = document(results=[result(f"L{n}", f"线{n}", outcome=outcome) for n, outcome in enumerate(outcomes)])
    assert [row.layer_code for row in to_sheet(made).results] == ["L3", "L5", "L2", "L6", "L1", "L4", "L0"]


def test_parts_are_numbered_through_the_report_in_reading_order():
    field = part(here((0, 0), (10, 0), (10, 10), (0, 10)))
    made = document(
        results=[
            result("A", "甲", kind="consult", outcome="consult", parts=[field, field]),
            result("B", "乙", outcome="fail", parts=[field]),
        ]
    )
    sheet = to_sheet(made)
    assert [(row.number, row.layer_code) for row in sheet.parts] == [(1, "B"), (2, "A"), (3, "A")]
    assert [(row.layer_code, row.part_numbers) for row in sheet.results] == [("B", "1"), ("A", "2–3")]


@pytest.mark.parametrize(
    ("outcomes", "verdict", "sentence"),
    [
        (["pass", "pass"], "pass", "所审 2 项控制线规则均未发现冲突。"),
        (["notify", "pass"], "pass", "所审 2 项控制线规则均未发现冲突；另有 1 项提示：线0。"),
        (["consult", "pass"], "consult", "未发现禁止性冲突；有 1 项须征询主管部门意见：线0。"),
        (
            ["not_covered", "not_evaluated", "consult"],
            "incomplete",
            "有 2 项未能完成检测：线0、线1；补齐之前不得视为通过。另有 1 项须征询主管部门意见。",
        ),
        (
            ["fail", "not_evaluated", "consult", "consult"],
            "fail",
            "有 1 项不符合管控要求：线0。另有 1 项未能完成检测。另有 2 项须征询主管部门意见。",
        ),
        (["fail"] * 6, "fail", "有 6 项不符合管控要求：线0、线1、线2、线3等。"),
    ],
)
def test_the_conclusion_is_one_sentence_that_hides_nothing(outcomes, verdict, sentence):
    results = [result(f"L{n}", f"线{n}", outcome=outcome) for n, outcome in enumerate(outcomes)]
    assert conclude(document(results=results, verdict=verdict)).sentence == sentence


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (1.0, "100.00%"),
        (0.999999, "＞99.99%"),  # something is left out, and may be what matters
        (0.5, "50.00%"),
        (1e-7, "0.000010%"),  # something never reads as nothing
    ],
)
def test_a_share_neither_hides_the_rest_nor_the_little(share, text):
    made = result("A", "甲", outcome="fail", parts=[part(square(10))])
    row = to_sheet(document(results=[made | {"share": share}])).results[0]
    assert row.share == text


def test_the_verification_string_is_of_the_document_and_of_nothing_else():
    assert to_sheet(example("fail")).verification == to_sheet(example("fail")).verification
    changed = example("fail")
    changed["results"][0]["area_planar_m2"] += 1e-9
    assert to_sheet(changed).verification != to_sheet(example("fail")).verification


def test_a_part_is_placed_by_a_point_inside_it_in_the_measuring_crs():
    row = to_sheet(document(results=[result("A", "甲", outcome="fail", parts=[part(square(10))])])).parts[0]
    assert row.position == "592905.00，3959505.00"


@pytest.mark.parametrize(
    ("kind", "word"), [("forbid", "占压"), ("must_within", "超出"), ("buffer_consult", "距离不足")]
)
def test_the_word_for_the_contact_fits_the_rule(kind, word):
    made = result("A", "甲", kind=kind, outcome="fail", parts=[part(square(10))])
    assert to_sheet(document(results=[made])).results[0].contact == word


def test_a_check_that_was_not_made_claims_no_contact():
    made = document(
        results=[result("A", "甲", outcome="not_evaluated"), result("B", "乙"), result("C", "丙", kind="must_within")]
    )
    assert [row.contact for row in to_sheet(made).results] == ["", "无接触", "位于其内"]


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        ({}, "任何面积即判定"),
        ({"ignore_below_m2": 1.5}, "合计达到 1.50 平方米即判定"),
        ({"distance_m": 30.0}, "距离 30.00 米以内，任何面积即判定"),
        ({"attribute": "RJL", "operator": "<="}, "项目 RJL <= 规划 RJL"),
        ({"outside": "consult"}, "任何面积即判定，超出的须征询"),
    ],
)
def test_the_limit_of_a_rule_is_said_in_words(limit, text):
    assert to_sheet(document(results=[result("A", "甲", limit=limit)])).results[0].limit == text


@pytest.mark.parametrize(("slug", "shown"), [("industrial", "工业类"), ("of-another-city", "of-another-city")])
def test_an_approval_flow_is_shown_by_its_title(slug, shown):
    assert shown in [fact.value for fact in to_sheet(document(project={"flow": slug})).project]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("界址点\t成果\n.txt", "界址点 成果 .txt"),
        ("\x1b[2Jred.txt", "〓[2Jred.txt"),  # would clear the terminal
        ("a\u202egpj.txt", "agpj.txt"),  # would turn the name round
        ("\ue000濮阳", "〓濮阳"),  # private use: no glyph
        ("濮阳", "濮阳"),
    ],
)
def test_names_from_files_are_made_legible(text, shown):
    assert legible(text) == shown


@pytest.mark.parametrize("name", MADE)
def test_every_example_has_a_sheet(name):
    assert to_sheet(example(name)).conclusion.verdict == example(name)["verdict"]
