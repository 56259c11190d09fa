"""The line index of a TOML text: every shape of TOML, and agreement with `tomllib` and a plain search."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_review.toml_lines import Path, RepeatedKey, key_lines, line_of

CASES = [
    ("a bare key", "a = 1", ("a",), 1),
    ("blanks before and after", "\n\n  \t a\t=  1 # b = 2\nc = 3", ("c",), 4),
    ("a quoted key", "\"a b\" = 1\n'c.d' = 2", ("c.d",), 2),
    ("an escaped key", '\n"\\u0061" = 1', ("a",), 2),
    ("a dotted key", 'x = 1\na . b."c" = 1', ("a", "b", "c"), 2),
    ("the table a dotted key opens", "\na.b = 1\na.c = 2", ("a",), 2),
    ("a key of a table", "[t]\n\na = 1", ("t", "a"), 3),
    ("a table itself", "a = 1\n[t] # here\n", ("t",), 2),
    ("a table of a dotted name", "[a.'b'.c]\nd = 1", ("a", "b", "c", "d"), 2),
    ("an element of an array of tables", "[[r]]\na = 1\n[[r]]\na = 2", ("r", 1), 3),
    ("a key of an element", "[[r]]\na = 1\n[[r]]\na = 2", ("r", 1, "a"), 4),
    ("an array of tables stands on its first header", "\n[[r]]\n[[r]]", ("r",), 2),
    ("a table of the last element", "[[r]]\n[[r]]\n[r.when]\nf = 1", ("r", 1, "when", "f"), 4),
    ("an array of tables in an element", "[[r]]\n[[r.s]]\n[[r.s]]\nf = 1\n[[r]]\n[[r.s]]", ("r", 0, "s", 1, "f"), 4),
    ("counting starts anew in the next element", "[[r]]\n[[r.s]]\n[[r]]\n[[r.s]]\nf = 1", ("r", 1, "s", 0, "f"), 5),
    ("an inline table", "a = 1\nw = { f = 1, g.h = 2 }", ("w", "g", "h"), 2),
    ("an array over lines", "a = [\n  1, # ]\n  2,\n]\nb = 3", ("a", 1), 3),
    ("behind an array over lines", "a = [\n  1, # ]\n  2,\n]\nb = 3", ("b",), 5),
    ("inline tables in an array", "r = [\n { a = 1 },\n { a = 2 },\n]", ("r", 1, "a"), 3),
    ("a fake header in a text", 's = """\n[[r]]\na = 1\n"""\nb = 2', ("b",), 5),
    ("a fake key in a literal text", "s = '''\na = 1\n'''\nb = 2", ("b",), 4),
    ("quotes at the end of a multi-line text", 's = """x"""""\nb = 2', ("b",), 2),
    ("an escaped quote", 's = "\\"# ] }"\nb = 2', ("b",), 2),
    ("a backslash in a literal text", "s = 'c:\\'\nb = 2", ("b",), 2),
    ("a date with a blank", "s = 1979-05-27 07:32:00Z\nb = 2", ("b",), 2),
    ("an empty text", 's = ""\nb = """"""\nc = 3', ("c",), 3),
]


@pytest.mark.parametrize(("reason", "text", "path", "line"), CASES, ids=[case[0] for case in CASES])
def test_key_lines_when_toml_has_this_shape_then_the_key_has_its_line(
    reason: str, text: str, path: Path, line: int
) -> None:
    tomllib.loads(text)
    assert key_lines(text)[path] == line


def test_line_of_when_a_path_is_not_written_then_the_nearest_table_above_it() -> None:
    lines = key_lines("a = 1\n[[r]]\nb = 1\n[[r]]\nb = 2")
    assert line_of(lines, ("r", 1, "missing", 0)) == 4
    assert line_of(lines, ("missing",)) == 1


def test_key_lines_when_a_key_is_repeated_then_both_lines() -> None:
    with pytest.raises(RepeatedKey) as twice:
        key_lines('[[r]]\na = """\n"""\n[[r]]\na = 1\nb = 2\na = 3\n')
    assert (twice.value.path, twice.value.first_line, twice.value.second_line) == (("r", 1, "a"), 5, 7)


DECOYS = (
    '"""\n[[rule]]\nlayer = 1 # no\n"""',
    "'''\n[x]\ny = {\n'''",
    '"a # b"',
    "'c = d'",
    '"\\" ] } ,"',
    '"""a\\"""b"""',
    '""""q"""""',
    "2026-11-23",
    "1979-05-27 07:32:00Z",
    "+inf",
    "-1_000.5e3",
    "true",
)
BETWEEN = ("", "\n", "# layer = 1\n", "  \n\t# [[rule]]\n")


@st.composite
def documents(draw: st.DrawFn) -> str:
    """TOML of every shape; each key is new, and every plain value is a number that occurs once in the text."""
    marks = count(9_000_001)
    text = [_pair(draw, marks, "\n", depth=2) for _ in range(draw(st.integers(0, 3)))]
    for _ in range(draw(st.integers(0, 5))):
        text.append(draw(st.sampled_from(BETWEEN)))
        text.append(f"{draw(_headers(next(marks)))}{draw(st.sampled_from(['', ' # [x]']))}\n")
        text += [_pair(draw, marks, "\n", depth=2) for _ in range(draw(st.integers(0, 3)))]
    return "".join(text)


def _headers(number: int) -> st.SearchStrategy[str]:
    return st.sampled_from(
        ["[[rule]]", "[[ rule ]]", f"[[rule]]\n[rule.w{number}]", "[[rule]]\n[[rule.'in']]", f'[t{number}."u v"]']
    )


def _pair(draw: st.DrawFn, marks: Iterator[int], end: str, *, depth: int) -> str:
    number = next(marks)
    key = draw(
        st.sampled_from([f"k{number}", f'"k {number}"', f"'k.{number}'", f'"\\u006b{number}"', f"d{number} . x"])
    )
    before = draw(st.sampled_from(BETWEEN)) if end == "\n" else ""
    return f"{before}{key}{draw(st.sampled_from(['=', ' = ']))}{_value(draw, marks, depth=depth)}{end}"


def _value(draw: st.DrawFn, marks: Iterator[int], *, depth: int) -> str:
    shape = draw(st.sampled_from(["mark", "decoy", *(["array", "table"] if depth else [])]))
    if shape == "decoy":
        return draw(st.sampled_from(DECOYS))
    if shape == "mark":
        return str(next(marks))
    if shape == "table":
        return "{ " + ", ".join(_pair(draw, marks, "", depth=depth - 1) for _ in range(draw(st.integers(0, 3)))) + " }"
    gap = draw(st.sampled_from(["", "\n", " # ]\n  "]))
    values = [_value(draw, marks, depth=depth - 1) for _ in range(draw(st.integers(0, 3)))]
    return f"[{gap}" + f",{gap}".join(values) + f"{gap}]"


@given(documents())
def test_key_lines_of_any_toml_agree_with_tomllib_and_with_a_search(text: str) -> None:
    values = dict(_walk((), tomllib.loads(text)))
    lines = key_lines(text)
    assert set(lines) == set(values)
    for path, value in values.items():
        if isinstance(value, int) and value > 9_000_000:
            assert lines[path] == text[: text.rindex(str(value))].count("\n") + 1


def _walk(path: Path, value: Any) -> Iterator[tuple[Path, Any]]:
    if path:
        yield path, value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from _walk((*path, key), child)
