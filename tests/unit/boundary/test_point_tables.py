"""Point tables in a text: what is read as what, and what is refused with its row."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_review.boundary.csv_table import read_csv
from geo_review.boundary.detect import detect
from geo_review.boundary.model import RawBoundary, Severity
from geo_review.boundary.normalise import normalise
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.table_cells import letters
from geo_review.boundary.table_numbers import Coordinate, NotACoordinate, coordinate_of
from geo_review.city import PUYANG
from geo_review.errors import TooLarge, UnreadableBoundary
from tests.unit.boundary.table_cases import FAULTY, HEADING, READ, ROWS, SQUARE, Case, Fault, lines
from tests.unit.boundary.written_files import mutated, only_refuses


def table(text: str, encoding: str = "utf-8") -> ReceivedFile:
    return ReceivedFile(name="界址点.csv", content=text.encode(encoding))


def found(boundary: RawBoundary, *severities: Severity) -> list[str]:
    return [
        f"{issue.code}@{issue.where.line}"
        for issue in boundary.issues
        if issue.code != "ring_not_closed" and (not severities or issue.severity in severities)
    ]


@pytest.mark.parametrize("case", READ, ids=lambda case: case.why)
def test_table_when_read_then_as_it_was_meant(case: Case) -> None:
    file = table(case.text)
    boundary = read_csv(file)
    assert tuple(tuple(len(ring.coordinates) for ring in parcel.rings) for parcel in boundary.parcels) == case.rings
    assert sorted(found(boundary)) == sorted(case.issues)
    assert all(issue.message for issue in boundary.issues)
    assert boundary.axes is case.axes
    if case.parcels is not None:
        facts = [(p.code, p.name, p.declared_area, p.declared_area_unit) for p in boundary.parcels]
        assert facts == list(case.parcels)
    assert {name: getattr(boundary.declared_crs, name) for name in case.crs} == case.crs
    if case.area_m2 is not None:
        judged = normalise(boundary, source=file.source, city=PUYANG)
        assert judged.planar_area_m2 == pytest.approx(case.area_m2, rel=1e-5)


@pytest.mark.parametrize("fault", FAULTY, ids=lambda fault: fault.why)
def test_table_when_something_is_open_then_refused_with_its_row(fault: Fault) -> None:
    if "@" not in fault.codes[0]:
        with pytest.raises(UnreadableBoundary) as refusal:
            read_csv(table(fault.text))
        assert refusal.value.code == fault.codes[0]
        assert fault.said in refusal.value.message
        return
    boundary = read_csv(table(fault.text))
    assert sorted(found(boundary, Severity.ERROR)) == sorted(fault.codes)
    assert any(fault.said in issue.message for issue in boundary.issues if issue.severity is Severity.ERROR)


@pytest.mark.parametrize(
    ("encoding", "name"), [("gbk", "GB18030"), ("utf-8-sig", "UTF-8-BOM"), ("utf-16", "UTF-16LE"), ("utf-8", "UTF-8")]
)
def test_table_when_in_any_encoding_then_the_same_points(encoding: str, name: str) -> None:
    boundary = detect(table("地块名称," + HEADING + lines(*(("一号", *row) for row in ROWS)), encoding))
    assert (boundary.format, boundary.encoding, boundary.parcels[0].name) == ("csv", name, "一号")


@pytest.mark.parametrize(
    ("text", "format_"),
    [
        pytest.param(HEADING + SQUARE, "csv", id="a heading makes a table"),
        pytest.param(SQUARE.replace(",", ";"), "csv", id="semicolons are no survey text"),
        pytest.param(SQUARE, "txt", id="three columns with commas and no heading were always a survey text"),
        pytest.param(
            "[地块坐标]\n4,1,1,甲,面,,,,@\n" + lines(*((n, "1", x, y) for n, x, y in ROWS)), "txt", id="marks"
        ),
    ],
)
def test_text_when_detected_then_a_table_only_without_the_marks_of_a_survey(text: str, format_: str) -> None:
    assert detect(ReceivedFile(name="a.txt", content=text.encode())).format == format_


def test_places_are_the_lines_of_the_file_even_below_a_cell_of_two_lines() -> None:
    boundary = read_csv(table('说明,"两\n行",\n' + HEADING + SQUARE))
    assert boundary.parcels[0].rings[0].lines == (4, 5, 6, 7)


def test_table_when_above_the_limits_then_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooLarge):
        read_csv(table(HEADING + SQUARE + "J5," * 300 + "\n"))
    monkeypatch.setattr("geo_review.boundary.csv_rows.MOST_ROWS", 4)
    with pytest.raises(TooLarge):
        read_csv(table(HEADING + SQUARE))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("115°30'15.2\"E", 115 + 30 / 60 + 15.2 / 3600),
        ("东经115度30分15.2秒", 115 + 30 / 60 + 15.2 / 3600),
        ("115º30′15.2″", 115 + 30 / 60 + 15.2 / 3600),
        ("115°30.5'", 115 + 30.5 / 60),
        ("115.301520", 115.301520),
        ("115.5°", 115.5),
        ("35.5S", -35.5),
        (" 38,592,900.5 m ", 38592900.5),
        (592967.5, 592967.5),
        (3, 3.0),
    ],
)
def test_cell_that_is_a_coordinate(cell: str | float, value: float) -> None:
    read = coordinate_of(cell)
    assert isinstance(read, Coordinate)
    assert read.value == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "abc",
        "nan",
        "inf",
        "1e999",
        "1_000",
        "１²",
        "115°60'",
        "115.5°30'",
        "115°30'60\"",
        "E115W",
        "-5E",
        "3 4",
        True,
    ],
)
def test_cell_that_is_none(cell: str | bool) -> None:
    assert isinstance(coordinate_of(cell), NotACoordinate)


@given(st.integers(0, 1799999), st.integers(0, 59), st.integers(0, 59999))
def test_degrees_minutes_seconds_are_the_same_angle(whole: int, minutes: int, thousandths: int) -> None:
    degrees = whole // 10000
    read = coordinate_of(f"{degrees}°{minutes:02d}'{thousandths / 1000:06.3f}\"")
    assert isinstance(read, Coordinate)
    assert read.value == pytest.approx(degrees + minutes / 60 + thousandths / 3_600_000, abs=1e-12)


@given(st.floats(3e6, 5e6), st.floats(3e7, 4e7))
def test_numbers_come_through_to_the_last_bit(north: float, east: float) -> None:
    rows = [("J1", north, east), ("J2", north, east + 1.0), ("J3", north + 1.0, east)]
    boundary = read_csv(table(HEADING + lines(*((name, repr(x), repr(y)) for name, x, y in rows))))
    assert np.array_equal(boundary.parcels[0].rings[0].coordinates, [[x, y] for _, x, y in rows])


def test_columns_have_the_names_of_a_spreadsheet() -> None:
    assert [letters(column) for column in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_mutated_tables_never_raise_anything_but_a_refusal() -> None:
    chance = random.Random(7)
    texts = [case.text.encode("gbk" if n % 2 else "utf-8", errors="replace") for n, case in enumerate(READ)]
    for _ in range(1500):
        bad = mutated(chance.choice(texts), chance)
        only_refuses(lambda: detect(ReceivedFile(name="a.csv", content=bad)))  # noqa: B023
