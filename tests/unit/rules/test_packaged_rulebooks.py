"""The rulebooks of Puyang say for every control line what it rests on and who is asked."""

from __future__ import annotations

import pytest

from geo_review.rules.flows import flows
from geo_review.rules.load import packaged_rulebook, packaged_rulebooks
from geo_review.rules.rulebook import RuleKind

ASKING = (RuleKind.CONSULT, RuleKind.BUFFER_CONSULT)
# 濮审批便民办〔2019〕13号: three working days at the stage of site selection, five at the stage of design.
WORKDAYS = {"puyang-default": 3, "puyang-design": 5}


@pytest.mark.parametrize("name", packaged_rulebooks())
def test_packaged_rulebook_when_read_then_every_rule_is_whole(name: str) -> None:
    book = packaged_rulebook(name)
    for rule in book.rule:
        assert rule.basis, rule.id
        assert rule.department in book.departments, rule.id
        assert rule.basis_confirmed or rule.note, rule.id
        assert any("\u4e00" <= letter <= "\u9fff" for letter in rule.title), rule.id
        asks = rule.kind in ASKING or rule.outside == "consult"
        assert rule.respond_within_workdays == (WORKDAYS[name] if asks else None), rule.id
    assert set(book.departments) == {rule.department for rule in book.rule}


@pytest.mark.parametrize("name", packaged_rulebooks())
def test_packaged_rulebook_when_a_rule_is_for_some_flows_then_the_seven_are_all_provided_for(name: str) -> None:
    known = {flow.slug for flow in flows()}
    by_layer: dict[str, list[str]] = {}
    for rule in packaged_rulebook(name).rule:
        for flow in (rule.when or {}).get("flow", ()):
            by_layer.setdefault(rule.layer, []).append(flow)
    for layer, named in by_layer.items():
        assert sorted(named) == sorted(known), layer  # each flow once: no project falls through, none is judged twice


def test_default_rulebook_when_read_then_the_lines_an_officer_expects() -> None:
    book = packaged_rulebook("puyang-default")
    assert len(book.layer_codes) >= 24
    kinds = {(rule.layer, rule.kind) for rule in book.rule}
    assert {
        ("STBHHX", RuleKind.FORBID),
        ("YJJBNT", RuleKind.FORBID),
        ("CZKFBJ", RuleKind.MUST_WITHIN),
        ("YYSYD1", RuleKind.FORBID),
        ("GYZL", RuleKind.BUFFER_FORBID),
        ("YQGX", RuleKind.BUFFER_CONSULT),
        ("GYYDKZX", RuleKind.NOTIFY),
    } <= kinds


def test_default_rulebook_when_read_then_it_asks_for_no_design_value() -> None:
    """At the stage of site selection there is no plot ratio yet: a comparison would leave every review incomplete."""
    book = packaged_rulebook("puyang-default")
    assert all(rule.kind is not RuleKind.COMPARE for rule in book.rule)
    assert {key for rule in book.rule for key in rule.when or {}} == {"flow"}


def test_default_rulebook_when_read_then_no_limit_hides_an_encroachment_on_the_three_lines() -> None:
    book = packaged_rulebook("puyang-default")
    assert {rule.ignore_below_m2 for rule in book.rule if rule.layer in ("STBHHX", "YJJBNT", "CZKFBJ")} == {0.0}


def test_highway_belts_when_read_then_the_distances_of_the_regulation() -> None:
    book = packaged_rulebook("puyang-default")
    belts = {rule.layer: rule.distance_m for rule in book.rule if rule.layer.startswith("GL")}
    assert belts == {"GLGS": 30.0, "GLGD": 20.0, "GLSD": 15.0, "GLXD": 10.0, "GLXAD": 5.0}


def test_flows_when_read_then_seven_each_with_its_own_code() -> None:
    assert len(flows()) == 7
    assert len({flow.splclx for flow in flows()}) == 7
