"""Whatever is done to a rulebook, it is read or refused with a line; no other error comes out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_review.errors import InvalidRulebook
from geo_review.rules.load import packaged_rulebook, parse_rulebook, read_rulebook

CONTENT = read_rulebook("puyang-design")
LINES = CONTENT.decode().split("\n")
VALUES = (
    "",
    "1",
    "-1",
    "nan",
    "1e999",
    '""',
    '" x"',
    "[]",
    "[1, {}]",
    "{}",
    "{ a.b = [[]] }",
    "2026-11-23",
    "true",
    "'''",
)
KEYS = (
    "rule",
    "when",
    "tolerance",
    "departments",
    "kind",
    "[[rule]]\nid",
    "a.b",
    '"rule"',
    "rule.when",
    "sha256",
    "[rule]#",
)


def _read_or_refuse(content: bytes) -> None:
    for line in _refusal(content):
        number = re.match(r"my\.toml:(\d+): 第\1行 ", line)
        assert number, line
        assert 1 <= int(number.group(1)) <= content.count(b"\n") + 1


def _refusal(content: bytes) -> tuple[str, ...]:
    try:
        parse_rulebook(content, name="my.toml")
    except InvalidRulebook as refused:
        return refused.lines or ("a refusal without a line",)
    return ()


@given(st.integers(0, len(CONTENT)), st.integers(0, 40), st.binary(max_size=6))
def test_parse_when_any_bytes_are_exchanged_then_read_or_refused(start: int, length: int, put: bytes) -> None:
    _read_or_refuse(CONTENT[:start] + put + CONTENT[start + length :])


@given(st.integers(0, len(LINES)), st.sampled_from(KEYS), st.sampled_from(VALUES))
def test_parse_when_any_line_is_put_anywhere_then_read_or_refused(at: int, key: str, value: str) -> None:
    _read_or_refuse("\n".join([*LINES[:at], f"{key} = {value}", *LINES[at:]]).encode())


@given(st.permutations(LINES[10:40]))
def test_parse_when_lines_are_shuffled_then_read_or_refused(shuffled: list[str]) -> None:
    _read_or_refuse("\n".join([*LINES[:10], *shuffled, *LINES[40:]]).encode())


@pytest.mark.parametrize("at", range(len(packaged_rulebook("puyang-design").rule)))
def test_parse_when_a_kind_is_misspelt_in_any_rule_then_its_line(at: int) -> None:
    kinds = [number for number, line in enumerate(LINES) if line.startswith("kind = ")]
    garbled = [*LINES[: kinds[at]], 'kind = "forbit"', *LINES[kinds[at] + 1 :]]
    with pytest.raises(InvalidRulebook) as refused:
        parse_rulebook("\n".join(garbled).encode(), name="my.toml")
    assert any(line.startswith(f"my.toml:{kinds[at] + 1}: ") for line in refused.value.lines)
