"""Every mistake in a rulebook that is already TOML: where it stands, in which rule, and what would be right.

All at once, for whoever writes rules should not meet them one run at a time. Reads no file and raises nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from geo_review.rules.rulebook import (
    FIELDS_OF_KINDS,
    Operator,
    Outside,
    Rule,
    Rulebook,
    RuleKind,
    Tolerance,
    fields_lacking,
    fields_out_of_place,
)
from geo_review.toml_lines import Path, line_of
from geo_review.wording import say

_SET_BY_THE_LOADER = "sha256"
_KEYS: Mapping[str, tuple[str, ...]] = {
    "": tuple(name for name in Rulebook.model_fields if name != _SET_BY_THE_LOADER),
    "tolerance": tuple(Tolerance.model_fields),
    "rule": tuple(Rule.model_fields),
}
_WORDS: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(RuleKind),
    "operator": tuple(Operator),
    "outside": tuple(Outside),
}
_LONGEST_SHOWN = 40


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Mistake:
    """One mistake. ``rule`` is how the rule is called, None outside the rules."""

    line: int
    text: str
    rule: str | None = None


def mistakes_in(content: Mapping[str, Any], lines: Mapping[Path, int]) -> tuple[Mistake, ...]:
    """Return every mistake of a rulebook, in the order of its lines; none means that `Rulebook` accepts it."""
    rules = content.get("rule")
    tables = [rule if isinstance(rule, dict) else {} for rule in rules] if isinstance(rules, list) else []
    found = (
        (path, text)
        for search in (_of_shape, _of_kind, _of_repeated_ids, _of_clashing_layers, _of_departments, _of_values)
        for path, text in search(content, tables, lines)
    )
    return tuple(
        sorted(
            {Mistake(line=line_of(lines, path), rule=_rule_called(path, tables), text=text) for path, text in found},
            key=lambda mistake: (mistake.line, mistake.text),
        )
    )


_Found = Iterator[tuple[Path, str]]
_Tables = Sequence[Mapping[str, Any]]


def _of_shape(content: Mapping[str, Any], _: _Tables, lines: Mapping[Path, int]) -> _Found:
    """Unknown keys, missing fields, wrong types and impossible values: whatever pydantic finds field by field."""
    if _SET_BY_THE_LOADER in content:
        yield (_SET_BY_THE_LOADER,), _unknown_key((_SET_BY_THE_LOADER,))
    try:
        Rulebook.model_validate({key: value for key, value in content.items() if key != _SET_BY_THE_LOADER})
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_context=False):
            path = tuple(part for part in detail["loc"] if part != "[key]")
            if detail["type"] == "too_short" and detail["input"]:
                continue  # pydantic counts the elements that are right; the wrong ones speak for themselves
            if detail["type"] == "extra_forbidden":
                yield path, _unknown_key(path)
            elif detail["type"] == "missing":
                yield path, say("rules.missing", key=path[-1], expected=_expected(path))
            elif detail["type"] != "value_error":  # a value_error is the kind's, see _of_kind
                yield path, _wrong_value(path, detail["input"])


def _of_kind(_: Mapping[str, Any], tables: _Tables, lines: Mapping[Path, int]) -> _Found:
    """Fields that the rule's kind needs, and fields that only other kinds have."""
    for number, rule in enumerate(tables):
        if rule.get("kind") not in tuple(RuleKind):
            continue
        kind = RuleKind(rule["kind"])
        for name in fields_lacking(kind, rule):
            path: Path = ("rule", number, name)
            yield path, say("rules.kind_needs", kind=kind, key=name, expected=_expected(path))
        for name in fields_out_of_place(kind, rule):
            kinds = "、".join(other for other in RuleKind if other in FIELDS_OF_KINDS[name])
            yield ("rule", number, name), say("rules.kind_has_not", kind=kind, key=name, kinds=kinds)


def _of_repeated_ids(_: Mapping[str, Any], tables: _Tables, lines: Mapping[Path, int]) -> _Found:
    first: dict[str, Path] = {}
    for path, identifier in _texts(tables, "id"):
        if identifier in first:
            yield path, say("rules.repeated_id", id=identifier, line=line_of(lines, first[identifier]))
        first.setdefault(identifier, path)


def _of_clashing_layers(_: Mapping[str, Any], tables: _Tables, lines: Mapping[Path, int]) -> _Found:
    """One layer spelt in two ways: two files on one machine, one file on another."""
    first: dict[str, tuple[Path, str]] = {}
    for path, layer in _texts(tables, "layer"):
        earlier, spelling = first.setdefault(layer.strip().casefold(), (path, layer))
        if spelling != layer:
            line = line_of(lines, earlier)
            yield path, say("rules.layer_clash", layer=_shown(layer), other=_shown(spelling), line=line)


def _of_departments(content: Mapping[str, Any], tables: _Tables, lines: Mapping[Path, int]) -> _Found:
    """A department that the rulebook's own list does not have: the consultation would go to nobody."""
    listed = content.get("departments")
    if not isinstance(listed, dict) or not listed:
        return
    for path, department in _texts(tables, "department"):
        if department not in listed:
            text = say("rules.unlisted_department", department=department)
            yield path, text + _nearest(department, tuple(listed))


def _of_values(content: Mapping[str, Any], tables: _Tables, lines: Mapping[Path, int]) -> _Found:
    """A `when` that names a value which its key cannot have: the rule would apply to nothing."""
    listed = content.get("values")
    if not isinstance(listed, dict):
        return
    for number, rule in enumerate(tables):
        when = rule.get("when")
        for key, wanted in when.items() if isinstance(when, dict) else ():
            known = [listed[key]] if isinstance(listed.get(key), str) else listed.get(key)
            for value in [wanted] if isinstance(wanted, str) else wanted if isinstance(wanted, list) else ():
                if isinstance(known, list) and isinstance(value, str) and value not in known:
                    text = say("rules.unlisted_value", key=key, value=value)
                    yield (
                        ("rule", number, "when"),
                        text + _nearest(value, [word for word in known if isinstance(word, str)]),
                    )


def _texts(tables: _Tables, key: str) -> Iterator[tuple[Path, str]]:
    for number, rule in enumerate(tables):
        if isinstance(rule.get(key), str):
            yield ("rule", number, key), rule[key]


def _unknown_key(path: Path) -> str:
    table, key = _table_of(path), str(path[-1])
    text = say("rules.unknown_key", key=key)
    homes = [home for home, keys in _KEYS.items() if home != table and key in keys]
    if homes:
        return text + say(f"rules.belongs_{homes[0] or 'top'}")
    return text + (_nearest(key, _KEYS[table]) or say("rules.known_keys", keys="、".join(_KEYS[table])))


def _wrong_value(path: Path, value: object) -> str:
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    if path[:1] == ("rule",) and len(path) <= 2:
        return say("rules.not_rules")
    text = say("rules.wrong_value", key=key or '""', value=_shown(value), expected=_expected(path))
    return text + (_nearest(value, _WORDS[key]) if isinstance(value, str) and key in _WORDS else "")


def _expected(path: Path) -> str:
    """Say what would be right there; keys that users choose (in `when`, `values` …) share the table's words."""
    table = _table_of(path)
    key = path[2] if table == "rule" and len(path) > 2 else path[0] if table == "" else path[-1]
    return say(f"rules.expect_{table}_{key}" if table else f"rules.expect_{key}")


def _table_of(path: Path) -> str:
    return str(path[0]) if len(path) > 1 and path[0] in _KEYS else ""


def _nearest(word: str, known: Sequence[str]) -> str:
    close = _close(word, known)
    return say("rules.did_you_mean", word=close[0]) if close else ""


def _close(word: str, known: Sequence[str]) -> list[str]:
    return get_close_matches(word.strip().casefold(), known, n=1, cutoff=0.6)


def _rule_called(path: Path, tables: _Tables) -> str | None:
    if len(path) < 2 or path[0] != "rule" or not isinstance(path[1], int):
        return None
    identifier = tables[path[1]].get("id")
    if isinstance(identifier, str) and identifier.strip():
        return say("rules.rule_called", id=identifier)
    return say("rules.rule_numbered", number=path[1] + 1)


def _shown(value: object) -> str:
    """Write a value nearly as the TOML has it, on one line."""
    if isinstance(value, float):  # JSON would say NaN and Infinity, TOML says nan and inf
        return str(value)
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except ValueError:  # an integer of more digits than Python will print
        text = "…"
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
