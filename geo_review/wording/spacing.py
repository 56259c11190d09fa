"""Blanks inside a Chinese sentence: kept beside Latin letters and digits, none between Chinese characters."""

from __future__ import annotations

import re

_WIDE = r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef“”‘’]"
_BLANKS = re.compile(rf"(?<={_WIDE}) +(?={_WIDE})| +$")


def close_up(sentence: str) -> str:
    """Return a sentence whose placeholders may have been filled with a Chinese name or with a Latin code.

    ``征询 市水利局 的意见`` becomes ``征询市水利局的意见``; ``征询 water 的意见`` stays.
    """
    return _BLANKS.sub("", sentence)
