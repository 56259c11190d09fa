"""The two pages about rulebooks keep up with the code: keys, kinds, flows, packaged rulebooks, true examples."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geo_review.errors import InvalidRulebook
from geo_review.rules.flows import flows
from geo_review.rules.load import packaged_rulebook, packaged_rulebooks, parse_rulebook
from geo_review.rules.rulebook import Operator, Rule, Rulebook, RuleKind, Tolerance

DOCS = Path(__file__).parents[3] / "docs"
PAGES = (DOCS / "rulebook.md", DOCS / "zh" / "rulebook.md")
KEYS = {*Rulebook.model_fields, *Rule.model_fields, *Tolerance.model_fields} - {"sha256"}


@pytest.mark.parametrize("page", PAGES, ids=["en", "zh"])
def test_page_when_read_then_it_names_every_key_kind_operator_flow_and_rulebook(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = {word.strip("[]") for word in re.findall(r"`([^`\n]+)`", text)}
    assert not KEYS - named
    assert not set(RuleKind) - named
    assert not {flow.slug for flow in flows()} - named
    assert not set(packaged_rulebooks()) - named
    assert all(f"`{operator}`" in text for operator in Operator)
    for flow in flows():
        assert f"| `{flow.slug}` | {flow.title} | {flow.splclx} |" in text


@pytest.mark.parametrize("page", PAGES, ids=["en", "zh"])
def test_page_when_it_shows_a_rulebook_then_the_loader_takes_it(page: Path) -> None:
    examples = re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert examples
    for example in examples:
        parse_rulebook(example.encode(), name=page.name)


def test_pages_when_they_count_rules_and_layers_then_as_many_as_there_are() -> None:
    english, chinese = (page.read_text(encoding="utf-8") for page in PAGES)
    for name in packaged_rulebooks():
        book = packaged_rulebook(name)
        assert f"{len(book.rule)} rules on {len(book.layer_codes)} layers" in english
        assert f"{len(book.rule)} 条规则，{len(book.layer_codes)} 个图层" in chinese


def test_pages_when_they_show_a_refusal_then_in_the_loader_s_own_words() -> None:
    text = """id = "t"
edition = "1"






[[rule]]

id = "A"
laier = "L"
layer = "L"
kind = "forbid"
title = "t"
[[rule]]

id = "A"
layer = "L"
kind = "forbid"
title = "t"
"""
    with pytest.raises(InvalidRulebook) as refused:
        parse_rulebook(text.encode(), name="my.toml")
    assert len(refused.value.lines) == 2
    for page in PAGES:
        for line in refused.value.lines:
            assert line in page.read_text(encoding="utf-8")
