"""The codes users give things: what is refused, and what is only worth a warning. Looks nothing up."""

from __future__ import annotations

import re
import unicodedata

from geo_review.errors import InvalidOption
from geo_review.wording import say

MAX_LENGTH = 64
_XMDM = re.compile(r"\d{4}-\d{6}-\d{2}-\d{2}-\d{6}", re.ASCII)  # 年份-行政区划-行业门类-项目类型-流水号
_IN_A_PATH = set("/\\?#%")  # a code is a part of addresses and of file names
_NO_TEXT = ("Cc", "Cs", "Cn", "Zl", "Zp")  # control, half a surrogate pair, unassigned, line and paragraph separators


def checked_code(field: str, code: str) -> str:
    """Return a code of a project, a layer or a version as it is, or raise InvalidOption naming the field."""
    if (problem := _problem(code)) is not None:
        raise InvalidOption(
            code="invalid_code",
            message=say(f"store.code_{problem}", field=field, code=ascii(code) if problem == "characters" else code),
            remedy=say("store.code_remedy", max=MAX_LENGTH),
        )
    return code


def checked_text(field: str, text: str) -> str:
    """Return a text of one line as it is, or raise InvalidOption naming the field and the character."""
    for character in text:
        if unicodedata.category(character) in _NO_TEXT:
            raise InvalidOption(
                code="invalid_text",
                message=say("store.text_characters", field=field, character=f"U+{ord(character):04X}"),
            )
    return text


def unusual_xmdm(code: str) -> str | None:
    """Return a sentence of warning when a project code has not the shape of the national platform, else None."""
    return None if _XMDM.fullmatch(code) else say("store.xmdm_unusual", code=code)


def _problem(code: str) -> str | None:
    if not code.strip():
        return "missing"
    if len(code) > MAX_LENGTH:
        return "too_long"
    if code != code.strip() or code in (".", "..") or any(_is_refused(character) for character in code):
        return "characters"
    return None


def _is_refused(character: str) -> bool:
    return character in _IN_A_PATH or unicodedata.category(character) in (*_NO_TEXT, "Cf", "Co")
