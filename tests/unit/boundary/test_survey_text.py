"""The survey TXT reader against the table of quirks."""

from __future__ import annotations

import numpy as np
import pytest

from geo_review.boundary.model import Axes, Severity
from geo_review.boundary.survey_text import looks_like_survey_text, parse_survey_text
from geo_review.errors import UnreadableBoundary
from tests.unit.boundary.survey_cases import CASES
from tests.unit.boundary.survey_pieces import HEAD, HEADER, PLAIN, Case, points


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.quirk}: {case.why}")
def test_survey_text_when_it_has_a_quirk_then_it_is_read_or_named(case: Case) -> None:
    assert looks_like_survey_text(case.text)
    if case.refused:
        with pytest.raises(UnreadableBoundary) as refusal:
            parse_survey_text(case.text)
        assert refusal.value.code == case.refused
        return
    read = parse_survey_text(case.text)
    assert [f"{issue.code}@{issue.where.line}" for issue in read.issues] == list(case.issues)
    assert tuple(tuple(len(ring.coordinates) for ring in parcel.rings) for parcel in read.parcels) == case.rings
    if case.corners is not None:
        np.testing.assert_array_equal(read.parcels[0].rings[0].coordinates, np.array(case.corners))
    assert {key: getattr(read.parcels[0], key) for key in case.parcel} == case.parcel
    assert {key: getattr(read.declared_crs, key) for key in case.crs} == case.crs
    assert read.axes is Axes.NORTHING_EASTING
    assert all(issue.message for issue in read.issues)


def test_table_of_quirks_when_counted_then_each_quirk_of_reading_has_a_row() -> None:
    assert {case.quirk for case in CASES} >= set(range(2, 27))
    assert len(CASES) >= 45


def test_point_when_read_then_its_number_and_line_are_kept() -> None:
    ring = parse_survey_text(PLAIN).parcels[0].rings[0]
    assert ring.point_names == ("J1", "J2", "J3", "J4")
    assert ring.lines == (11, 12, 13, 14)
    assert ring.number == 1


def test_issue_when_a_point_is_wrong_then_parcel_ring_point_and_line_are_named() -> None:
    open_ring = parse_survey_text(HEAD + HEADER + points(closed=False)).issues[0]
    assert (open_ring.severity, open_ring.where.parcel, open_ring.where.ring) == (Severity.INFO, 1, 1)
    assert str(open_ring.where) == "地块1 第1圈 点J4（第14行）"
    faulty = parse_survey_text(PLAIN.replace("J2,1,3959700.000", "J2,1,NaN")).issues[0]
    assert (faulty.severity, str(faulty.where)) == (Severity.ERROR, "地块1 点J2（第12行）")
    assert "NaN" in faulty.message


def test_attributes_when_read_then_all_keys_are_kept_as_written() -> None:
    read = parse_survey_text("[项目信息]\n项目名称=甲=乙\n[属性描述]\n格式版本号：1.01版本\n怪键=\n" + PLAIN)
    assert read.attributes["项目名称"] == "甲=乙"
    assert read.attributes["格式版本号"] == "1.01版本"
    assert read.attributes["怪键"] == ""
    assert read.attributes["精度"] == "0.001"


def test_refusal_when_every_point_is_faulty_then_the_lines_are_named() -> None:
    with pytest.raises(UnreadableBoundary) as refusal:
        parse_survey_text(HEAD + HEADER + "J1,1,a,1\nJ2,1,b,2\n")
    assert ["第11行" in refusal.value.lines[0], "第12行" in refusal.value.lines[1]] == [True, True]


@pytest.mark.parametrize(
    "text",
    ["", "hello", "今天天气好\n", "a,b\nc,d\n", "1,2\n3,4\n", "key=value\n"],
    ids=["nothing", "a word", "a sentence", "letters", "two short lines are too few", "an ini file"],
)
def test_looks_like_survey_text_when_another_text_then_not(text: str) -> None:
    assert not looks_like_survey_text(text)
