"""Which project a red-line file belongs to, by its own words or by its name. Reads no geometry, asks no store."""

from __future__ import annotations

import re
from dataclasses import dataclass

from geo_review.boundary.text_decoding import decode_text
from geo_review.errors import UnreadableBoundary

_SECTION = re.compile(r"\s*[\[［【]\s*(?P<name>[^\]］】]*?)\s*[\]］】]\s*")
_ENTRY = re.compile(r"\s*(?P<key>[^=＝]+?)\s*[=＝]\s*(?P<value>.*?)\s*")
_PROJECT_SECTION = "项目信息"
_CODES = ("项目编号", "项目代码", "XMDM")
_NAMES = ("项目名称", "XMMC")
_MARKS = tuple(_PROJECT_SECTION.encode(encoding) for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be"))

# <XMDM> <name>: the national code as it is; any other needs a digit, and is no plain year or serial number.
_XMDM = re.compile(r"(?P<code>\d{4}-\d{6}-\d{2}-\d{2}-\d{6})(?:[\s_　-]+(?P<name>.+))?", re.ASCII)
_OTHER_CODE = re.compile(r"(?P<code>(?=[A-Z-]*\d)(?!\d{1,5}[\s_　])[A-Z0-9-]+)[\s_　]+(?P<name>.+)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectNamed:
    """None where nothing is said."""

    code: str | None = None
    name: str | None = None


def named_in_text(content: bytes) -> ProjectNamed:
    """Return what ``[项目信息]`` of a survey TXT says of its project; nothing for any other file."""
    if not any(mark in content for mark in _MARKS):
        return ProjectNamed()
    try:
        lines = decode_text(content).text.splitlines()
    except UnreadableBoundary:
        return ProjectNamed()  # reading it will say why
    told: dict[str, str] = {}
    section = ""
    for line in lines:
        if head := _SECTION.fullmatch(line):
            section = head["name"]
        elif section == _PROJECT_SECTION and (entry := _ENTRY.fullmatch(line)) and entry["value"]:
            told.setdefault(entry["key"].upper(), entry["value"])
    return ProjectNamed(code=_first(told, _CODES), name=_first(told, _NAMES))


def named_by_stem(stem: str) -> ProjectNamed:
    """Return the project a file is named after: ``<code> <name>``, ``<code>_<name>``, else the stem as both."""
    found = _XMDM.fullmatch(stem) or _OTHER_CODE.fullmatch(stem)
    if found is None:
        return ProjectNamed(code=stem, name=stem)
    return ProjectNamed(code=found["code"], name=found["name"] or stem)


def _first(told: dict[str, str], keys: tuple[str, ...]) -> str | None:
    return next((told[key] for key in keys if key in told), None)
