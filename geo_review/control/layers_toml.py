"""``layers.toml``: what people say of the layers in a folder. Mistakes are refused with their lines; reads no layer."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from geo_review.errors import UnreadableLayer
from geo_review.toml_lines import Path as KeyPath
from geo_review.toml_lines import key_lines, line_of
from geo_review.wording import say

FILE_NAME = "layers.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class LayerWords:
    """One section. None is what was not said; ``epsg`` is the key ``crs``; validity is half-open, [from, to)."""

    title: str | None = None
    version: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    accuracy_m: float | None = None
    source: str | None = None
    epsg: int | None = None


def read_layers_toml(path: Path, codes: frozenset[str]) -> Mapping[str, LayerWords]:
    """Return the section of every layer that has one; a section must be the code of a layer in the folder."""
    text = _text(path)
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        position = re.search(r"at line (\d+)", str(error))
        line = int(position[1]) if position else text.rstrip().count("\n") + 1
        raise _refused([(line, say("control.toml_syntax", detail=error))]) from None
    lines = key_lines(text)
    mistakes = sorted({(line_of(lines, where), said) for where, said in _mistakes(table, codes)})
    if mistakes:
        raise _refused(mistakes)
    return {
        code: LayerWords(**{_FIELDS[key].name: _FIELDS[key].read(value) for key, value in section.items()})
        for code, section in table.items()
    }


def _text(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise _refused([(content.count(b"\n", 0, error.start) + 1, say("control.toml_not_utf8"))]) from None


def _mistakes(table: Mapping[str, Any], codes: frozenset[str]) -> Iterator[tuple[KeyPath, str]]:
    for code, section in table.items():
        if not isinstance(section, dict):
            yield (code,), say("control.toml_not_a_section", key=code)
            continue
        if code not in codes:
            yield (code,), say("control.toml_no_file", code=code) + _nearest(code, codes)
        for key, value in section.items():
            if key not in _FIELDS:
                known = "、".join(_FIELDS)
                yield (code, key), say("control.toml_unknown_key", key=key, known=known) + _nearest(key, _FIELDS)
            elif _FIELDS[key].read(value) is None:
                yield (
                    (code, key),
                    say("control.toml_value", key=key, value=value, expected=say(f"control.expect_{key}")),
                )
        start, end = _date(section.get("valid_from")), _date(section.get("valid_to"))
        if start and end and end <= start:
            yield (code, "valid_to"), say("control.toml_validity", valid_from=start, valid_to=end)


def _nearest(word: str, known: Mapping[str, object] | frozenset[str]) -> str:
    by_folded = {name.casefold(): name for name in sorted(known)}
    close = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return say("control.did_you_mean", word=by_folded[close[0]]) if close else ""


def _refused(mistakes: list[tuple[int, str]]) -> UnreadableLayer:
    return UnreadableLayer(
        code="layers_toml",
        message=say("control.toml_refused", count=len(mistakes)),
        lines=tuple(say("control.toml_line", file=FILE_NAME, line=line, said=said) for line, said in mistakes),
    )


def _sentence(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _date(value: object) -> date | None:
    """Return a date written as TOML's own or as text; a moment with a time of day is no date."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value) if len(value) == len("2026-01-01") else None
        except ValueError:
            return None
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _accuracy_m(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and value >= 0 else None


def _epsg(value: object) -> int | None:
    if isinstance(value, str) and (written := re.fullmatch(r"(?:EPSG:)?(\d{4,6})", value.strip(), re.IGNORECASE)):
        return int(written[1])
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Field:
    name: str
    read: Callable[[object], Any]


_FIELDS: Mapping[str, _Field] = {
    "title": _Field(name="title", read=_sentence),
    "version": _Field(name="version", read=_sentence),
    "valid_from": _Field(name="valid_from", read=_date),
    "valid_to": _Field(name="valid_to", read=_date),
    "accuracy_m": _Field(name="accuracy_m", read=_accuracy_m),
    "source": _Field(name="source", read=_sentence),
    "crs": _Field(name="epsg", read=_epsg),
}
