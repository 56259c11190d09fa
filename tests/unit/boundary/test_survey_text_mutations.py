"""Damaged survey texts: whatever was torn or flipped, the file reads or is refused; nothing else, and quickly."""

from __future__ import annotations

import math
import time
import timeit

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_review.boundary.model import RawBoundary, RawParcel, Severity
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.survey_text import parse_survey_text, read_survey_text
from geo_review.errors import GeoReviewError
from tests.unit.boundary.survey_pieces import ELSEWHERE, HEAD, HEADER, HOLE, PLAIN, points

WHOLE = (
    HEAD
    + HEADER.replace("5,", "10,")
    + points()
    + points(HOLE, ring=2)
    + HEADER.replace("1,一", "2,二")
    + points(ELSEWHERE)
)


def read_or_refuse(content: bytes) -> RawBoundary | None:
    try:
        read = read_survey_text(ReceivedFile(name="a.txt", content=content))
    except GeoReviewError:
        return None
    assert all(np.isfinite(ring.coordinates).all() for parcel in read.parcels for ring in parcel.rings)
    assert all(issue.message and str(issue.where) is not None for issue in read.issues)
    return read


@settings(max_examples=300)
@given(
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    flips=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 7)), max_size=8),
    cut=st.tuples(st.integers(0, 10_000), st.integers(0, 60)),
)
def test_file_when_bits_flip_and_pieces_are_cut_then_it_reads_or_is_refused(
    encoding: str, flips: list[tuple[int, int]], cut: tuple[int, int]
) -> None:
    content = bytearray(WHOLE.encode(encoding))
    for place, bit in flips:
        content[place % len(content)] ^= 1 << bit
    start = cut[0] % len(content)
    del content[start : start + cut[1]]
    read_or_refuse(bytes(content))


@settings(max_examples=300)
@given(text=st.text(alphabet="[]【】属性描述地块坐标带号=：,，@＠J123.-+e{};\n\r\t 面线\ufeff﻿٣", max_size=200))
def test_text_when_made_of_the_characters_of_the_format_then_it_reads_or_is_refused(text: str) -> None:
    read_or_refuse(("[地块坐标]\n" + text).encode())


@pytest.mark.parametrize("length", range(len(HEAD) + len(HEADER) + 40, len(WHOLE) - 1))
def test_file_when_cut_short_then_never_read_as_if_whole(length: int) -> None:
    read = read_or_refuse(WHOLE[:length].encode())
    if read is None:
        return
    # A file that ends behind a whole parcel is a whole file; there is no count of parcels in the format.
    whole = parse_survey_text(WHOLE).parcels[: len(read.parcels)]
    assert corners(read.parcels) == corners(whole) or read.issues


def corners(parcels: tuple[RawParcel, ...]) -> list[list[float]]:
    return [ring.coordinates.tolist() for parcel in parcels for ring in parcel.rings]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[地块坐标]\n" + "," * 200_000, id="commas"),
        pytest.param("[地块坐标]\n" + "1" * 200_000, id="one number"),
        pytest.param("[地块坐标]\n1,1," + "9" * 200_000 + ",1", id="a number too long for a float"),
        pytest.param("[地块坐标]\n" + "9" * 200_000 + ",1,a,面,,,,,@", id="a count too long for an int"),
        pytest.param("[地块坐标]\n" + "1 " * 100_000 + "x", id="blanks between"),
        pytest.param("592900 " * 10 + "x\n[地块坐标]", id="numbers between blanks that end in none"),
        pytest.param("[地块坐标]\nJ1,1," + "9" * 200_000 + "x,1", id="a number that ends in none"),
        pytest.param("【" * 100_000, id="brackets"),
        pytest.param("[属性描述]\n" + "=" * 200_000, id="equals"),
        pytest.param("[属性描述]\n带号=" + "3" * 200_000 + "\n坐标系=" + " " * 200_000, id="values"),
        pytest.param("-" * 200_000, id="dashes"),
    ],
)
def test_line_when_absurdly_long_then_no_hang(text: str) -> None:
    start = time.perf_counter()
    read_or_refuse((text + "\n").encode())
    assert time.perf_counter() - start < 2.0


def test_file_when_of_ten_thousand_points_then_read_within_a_tenth_of_a_second() -> None:
    lines = [
        f"J{n},1,{3959600 + 900 * math.cos(n / 1e4 * math.tau):.3f},{38592900 + 900 * math.sin(n / 1e4 * math.tau):.3f}"
        for n in range(10_000)
    ]
    text = HEAD + "10001,254.4690,1,大地块,面,,,,@\n" + "\n".join([*lines, lines[0]])
    assert len(parse_survey_text(text).parcels[0].rings[0].coordinates) == 10_000
    took = min(timeit.repeat(lambda: parse_survey_text(text), number=1, repeat=5))
    bare = min(timeit.repeat(lambda: [tuple(map(float, line.split(",")[2:])) for line in lines], number=1, repeat=5))
    # On a busy machine: 25 times the barest loop that makes the numbers (measured: 7 times).
    assert took < max(0.1, 25 * bare)


def test_plain_file_when_read_then_there_is_nothing_to_say() -> None:
    assert [issue for issue in parse_survey_text(PLAIN).issues if issue.severity is not Severity.INFO] == []
