"""Rulebooks by name and by path, and what the loader lets stand."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from geo_review.errors import UnknownRulebook
from geo_review.rules.load import load_rulebook, packaged_rulebook, packaged_rulebooks, parse_rulebook, read_rulebook
from geo_review.rules.rulebook import Outside, RuleKind

SMALL = """id = "small"
edition = "1"
[[rule]]
id = "A"
layer = "STBHHX"
kind = "forbid"
title = "生态保护红线"
"""


def test_parse_when_only_what_is_needed_is_written_then_the_defaults_of_the_contract() -> None:
    book = parse_rulebook(SMALL.encode(), name="small.toml")
    assert book.tolerance.contact_width_m == 0.02
    assert book.rule[0].ignore_below_m2 == 0.0
    assert book.rule[0].department is None
    assert book.sha256 == hashlib.sha256(SMALL.encode()).hexdigest()


@pytest.mark.parametrize(
    ("reason", "content"),
    [
        ("the byte order mark of Notepad", b"\xef\xbb\xbf" + SMALL.encode()),
        ("line ends of Windows", SMALL.replace("\n", "\r\n").encode()),
        ("no line end at the end", SMALL.rstrip().encode()),
    ],
)
def test_parse_when_written_on_windows_then_read_and_hashed_as_it_is(reason: str, content: bytes) -> None:
    book = parse_rulebook(content, name="small.toml")
    assert book.rule[0].title == "生态保护红线"
    assert book.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("reason", "kind", "fields"),
    [
        ("consult without a department", "consult", ""),
        ("buffer_consult without a department", "buffer_consult", "distance_m = 30"),
        ("a whole number where a number belongs", "forbid", "ignore_below_m2 = 1"),
        ("a limit of nothing", "notify", "ignore_below_m2 = 0"),
        ("both fields of a comparison", "compare", 'attribute = "RJL"\noperator = ">="'),
        ("a department with no list of departments", "consult", 'department = "ecology"'),
    ],
)
def test_parse_when_the_contract_allows_it_then_no_mistake(reason: str, kind: str, fields: str) -> None:
    text = SMALL.replace('"forbid"', f'"{kind}"') + fields
    assert parse_rulebook(text.encode(), name="small.toml").rule[0].kind is RuleKind(kind)


@pytest.mark.parametrize(
    ("when", "read"),
    [
        ('{ flow = ["industrial", "other"] }', {"flow": ("industrial", "other")}),
        ('{ flow = "industrial" }', {"flow": ("industrial",)}),
        ('{ "用地性质" = ["0701"], stage = ["design"] }', {"用地性质": ("0701",), "stage": ("design",)}),
    ],
)
def test_parse_when_a_condition_names_any_key_then_kept_as_tuples_of_text(
    when: str, read: dict[str, tuple[str, ...]]
) -> None:
    assert parse_rulebook(f"{SMALL}when = {when}".encode(), name="small.toml").rule[0].when == read


def test_parse_when_must_within_allows_an_opinion_then_outside_is_consult() -> None:
    text = SMALL.replace('"forbid"', '"must_within"') + 'outside = "consult"'
    assert parse_rulebook(text.encode(), name="small.toml").rule[0].outside is Outside.CONSULT


def test_load_when_the_name_ends_in_toml_or_is_a_file_then_the_file(tmp_path: Path) -> None:
    for name in ("mine.toml", "mine", "puyang-default"):
        (tmp_path / name).write_text(SMALL, encoding="utf-8")
        assert load_rulebook(str(tmp_path / name)).id == "small"
        assert read_rulebook(str(tmp_path / name)) == SMALL.encode()


def test_load_when_a_packaged_name_then_the_packaged_rulebook() -> None:
    for name in packaged_rulebooks():
        assert load_rulebook(name) == packaged_rulebook(name)
        assert load_rulebook(name).id == name


@pytest.mark.parametrize(
    ("reason", "name"),
    [
        ("a name that is not packaged", "puyang"),
        ("a file that is not there", "nowhere.toml"),
        ("a folder that ends in .toml", "folder.toml"),
        ("a name too long for any file", "x" * 5000),
        ("nothing", ""),
    ],
)
def test_load_when_there_is_no_such_rulebook_then_unknown_and_the_packaged_names(
    reason: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(UnknownRulebook) as unknown:
        load_rulebook(name)
    assert unknown.value.code == "unknown_rulebook"
    assert unknown.value.remedy is not None
    assert all(packaged in unknown.value.remedy for packaged in packaged_rulebooks())


def test_packaged_rulebook_when_given_a_path_then_unknown(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(SMALL, encoding="utf-8")
    for name in (str(tmp_path / "mine.toml"), "../rulebooks/puyang-default", "puyang-default.toml"):
        with pytest.raises(UnknownRulebook):
            packaged_rulebook(name)
