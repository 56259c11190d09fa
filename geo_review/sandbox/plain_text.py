"""Tells a survey text by its bytes, for whoever must not parse it. Decodes nothing and reads no coordinate."""

from __future__ import annotations

import re

from geo_review.boundary.received import ReceivedFile

_BEGINNING_BYTES = 1 << 16
_MARKS = ("[属性描述]", "[地块坐标]", "[项目信息]")
_MARK = re.compile(b"|".join(re.escape(mark.encode(name)) for mark in _MARKS for name in ("utf-8", "gb18030")))
# What a text of numbers and names never has at its beginning, and other formats do.
_OTHER = re.compile(rb"[\x00-\x08\x0e-\x1f]|\A(\xef\xbb\xbf)?\s*[<{\"%&]|\A(PK|\s*(0|999)\s*[\r\n])")


def is_survey_text(file: ReceivedFile) -> bool:
    """Tell whether a file is surely a survey text: marks of the format, no byte of another. In doubt it is not."""
    beginning = file.content[:_BEGINNING_BYTES]
    return not file.companions and _MARK.search(beginning) is not None and _OTHER.search(beginning) is None
