"""Encodings of survey texts: every one that tools write is read strictly, and a torn one is refused at its byte."""

from __future__ import annotations

import codecs

import numpy as np
import pytest

from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.survey_text import read_survey_text
from geo_review.boundary.text_decoding import decode_text
from geo_review.errors import UnreadableBoundary
from tests.unit.boundary.survey_pieces import PLAIN, SQUARE

COMMON, RARE = "一号地块", "㐀𠀀镕地块"  # the rare ones are beyond GBK: only GB18030 and Unicode have them


@pytest.mark.parametrize(
    ("mark", "codec", "name", "parcel"),
    [
        pytest.param(b"", "utf-8", "UTF-8", RARE, id="UTF-8"),
        pytest.param(codecs.BOM_UTF8, "utf-8", "UTF-8-BOM", RARE, id="UTF-8 with a mark, as Notepad writes it"),
        pytest.param(b"", "gbk", "GB18030", COMMON, id="GBK, as most CAD plug-ins write it"),
        pytest.param(b"", "gb2312", "GB18030", COMMON, id="GB2312"),
        pytest.param(b"", "gb18030", "GB18030", RARE, id="GB18030 with four-byte characters"),
        pytest.param(codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16LE", RARE, id="UTF-16LE with a mark"),
        pytest.param(codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16BE", RARE, id="UTF-16BE with a mark"),
        pytest.param(b"", "utf-16-le", "UTF-16LE", COMMON, id="UTF-16LE without: a writer of wide characters"),
        pytest.param(b"", "utf-16-be", "UTF-16BE", COMMON, id="UTF-16BE without"),
        pytest.param(codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32LE", RARE, id="UTF-32LE begins like UTF-16LE"),
        pytest.param(codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32BE", RARE, id="UTF-32BE"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\n\x1a"], ids=["LF", "CRLF", "CR", "LF and Ctrl-Z"])
def test_survey_text_when_encoded_otherwise_then_the_same_is_read(
    mark: bytes, codec: str, name: str, parcel: str, line_end: str
) -> None:
    text = PLAIN.replace(COMMON, parcel).replace("\n", line_end.rstrip("\x1a")) + line_end.lstrip("\r\n")
    read = read_survey_text(ReceivedFile(name="a.txt", content=mark + text.encode(codec)))
    assert read.encoding == name
    np.testing.assert_array_equal(read.parcels[0].rings[0].coordinates, SQUARE)
    assert read.parcels[0].name == parcel
    assert read.issues == ()


def test_joined_files_when_each_has_its_mark_then_the_marks_are_no_characters() -> None:
    assert "\ufeff" not in decode_text(PLAIN.encode("utf-8-sig") * 2).text


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        pytest.param(
            PLAIN.encode().replace("一号".encode(), "一号".encode()[:-1]),
            "undecodable_text",
            "第 10 行",
            id="damaged UTF-8 is not read as GB18030 nonsense",
        ),
        pytest.param(
            PLAIN.encode("gbk").replace(b"J3", b"\xff\xffJ3"), "undecodable_text", "第 13 行", id="no GB18030 either"
        ),
        pytest.param(
            PLAIN.replace("\n", "\r\n").encode("gbk").replace(b"J3", b"\x80J3"),
            "undecodable_text",
            "第 13 行",
            id="CRLF counts once",
        ),
        pytest.param(PLAIN.encode("utf-8-sig") + b"\xff", "undecodable_text", "UTF-8", id="the mark is believed"),
        pytest.param(
            codecs.BOM_UTF16_LE + PLAIN.encode("utf-16-le")[:-1], "undecodable_text", "UTF-16LE", id="half a character"
        ),
        pytest.param(PLAIN.encode().replace(b"J3", b"\0J3"), "not_a_text", "NUL", id="a zero byte"),
    ],
)
def test_text_when_bytes_fit_no_encoding_then_refused_with_the_place(content: bytes, code: str, said: str) -> None:
    with pytest.raises(UnreadableBoundary) as refusal:
        decode_text(content)
    assert refusal.value.code == code
    assert said in refusal.value.message


def test_undecodable_when_refused_then_the_offset_is_that_of_the_file() -> None:
    content = codecs.BOM_UTF8 + b"[\xe5\x9c" + b"0" * 9
    with pytest.raises(UnreadableBoundary, match="第 4 字节"):
        decode_text(content)
