"""The encoding of a surveyor's text, found from its bytes. Never replaces or skips a byte: it reads all or refuses.

Seen in real files: GBK, GB2312 and GB18030 (older Windows tools), UTF-8 with and without a byte-order mark,
UTF-16 (tools that write wide characters, with and without a mark), and marks in the middle of joined files.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from geo_review.errors import UnreadableBoundary
from geo_review.wording import say

# UTF-32 first: its little-endian mark begins with the one of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32LE"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32BE"),
    (codecs.BOM_UTF8, "utf-8", "UTF-8-BOM"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16LE"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16BE"),
)

# Words every survey text has some of. A damaged UTF-8 file often happens to be decodable as GB18030, into nonsense;
# these words in UTF-8 prove that it is not GB18030.
_WORDS = ("属性描述", "地块坐标", "坐标系", "分带", "带号", "计量单位")

_SAMPLE_BYTES = 4096


@dataclass(frozen=True, kw_only=True, slots=True)
class DecodedText:
    """``text`` is free of byte-order marks and of NUL; ``encoding`` is its name for people."""

    text: str
    encoding: str


def decode_text(content: bytes) -> DecodedText:
    """Return the text of a file: byte-order mark, else UTF-16 by its zero bytes, else strict UTF-8, else GB18030.

    Raises UnreadableBoundary (``undecodable_text``) with the offset and line of the first byte that fits none of them,
    (``not_a_text``) when there are NUL characters, which no text has.
    """
    codec, name, skipped = _encoding_of(content)
    try:
        text = content[skipped:].decode(codec)
    except UnicodeDecodeError as failure:
        raise _undecodable(content, codec, name, skipped + failure.start) from failure
    if "\0" in text:
        raise UnreadableBoundary(
            code="not_a_text", message=say("survey.not_a_text"), remedy=say("survey.not_a_text_remedy")
        )
    # Joined files carry the mark of each part in the middle; DOS tools end a text with Ctrl-Z.
    return DecodedText(text=text.replace("\ufeff", "").rstrip("\x1a"), encoding=name)


def _encoding_of(content: bytes) -> tuple[str, str, int]:
    """Return codec, name for people, and the bytes to skip."""
    for mark, codec, name in _MARKS:
        if content.startswith(mark):
            return codec, name, len(mark)
    sample = content[:_SAMPLE_BYTES]
    if len(sample) >= 4:
        # A survey text is mostly digits and commas, so nearly every second byte of its UTF-16 form is zero.
        low, high = sample[0::2].count(0), sample[1::2].count(0)
        half = len(sample) // 2
        if high > half // 3 and low * 8 < high:
            return "utf-16-le", "UTF-16LE", 0
        if low > half // 3 and high * 8 < low:
            return "utf-16-be", "UTF-16BE", 0
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        if any(word.encode() in content for word in _WORDS):
            return "utf-8", "UTF-8", 0
        return "gb18030", "GB18030", 0
    return "utf-8", "UTF-8", 0


def _undecodable(content: bytes, codec: str, name: str, offset: int) -> UnreadableBoundary:
    line = content[:offset].decode(codec, errors="ignore").replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    return UnreadableBoundary(
        code="undecodable_text",
        message=say("survey.undecodable_text", encoding=name, offset=offset, line=line),
        remedy=say("survey.undecodable_text_remedy"),
    )
