"""Workbooks: the same points as in a text, what calamine hides, several sheets, and limits before anything is held."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Mapping
from datetime import date

import numpy as np
import pytest

from geo_review.boundary.detect import detect
from geo_review.boundary.model import RawBoundary
from geo_review.boundary.normalise import normalise
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.workbook import read_xls, read_xlsx
from geo_review.city import PUYANG
from geo_review.errors import ChoiceNeeded, TooLarge, UnreadableBoundary
from tests.unit.boundary.written_files import mutated, only_refuses, zipped
from tests.unit.boundary.written_workbooks import Date, Error, Formula, Sheets, Value, ole, sheet_xml, xls, xlsx

HEADING: list[Value] = ["点号", "X", "Y"]
POINTS: list[list[Value]] = [
    ["J1", 3959700.0, 38592900.0],
    ["J2", 3959700.0, 38593000.0],
    ["J3", 3959600.0, 38593000.0],
    ["J4", 3959600.0, 38592900.0],
]
TABLE = [HEADING, *POINTS]
WRITERS = pytest.mark.parametrize("write", [xlsx, xls])
Writer = Callable[..., ReceivedFile]


def codes(boundary: RawBoundary) -> list[str]:
    return [issue.code for issue in boundary.issues if issue.code != "ring_not_closed"]


@WRITERS
def test_workbook_when_read_then_the_square_with_its_rows_and_its_area(write: Writer) -> None:
    file = write({"红线": [["某项目界址点成果表"], [], *TABLE]})
    boundary = detect(file)
    assert boundary.format == file.name.rpartition(".")[2]
    assert boundary.layer == "红线"
    ring = boundary.parcels[0].rings[0]
    assert ring.lines == (4, 5, 6, 7)
    assert ring.point_names == ("J1", "J2", "J3", "J4")
    assert normalise(boundary, source=file.source, city=PUYANG).planar_area_m2 == pytest.approx(10_000.0)


@WRITERS
def test_numbers_of_a_workbook_keep_every_bit(write: Writer) -> None:
    points: list[list[Value]] = [
        [1, 3959700.1 + 0.2, 38592900.3],
        [2, 3959700.7, 38593000.1],
        [3, 3959600.9, 38593000.3],
    ]
    boundary = detect(write({"a": [HEADING, *points]}))
    assert np.array_equal(boundary.parcels[0].rings[0].coordinates, np.array([row[1:] for row in points], dtype=float))
    assert boundary.parcels[0].rings[0].point_names == ("1", "2", "3")


@WRITERS
@pytest.mark.parametrize(
    ("cell", "code", "said"),
    [
        pytest.param(Error(), "cell_error", "工作表“红线” 第 6 行 C 列是错误值 #REF!", id="an error"),
        pytest.param(
            Formula(), "cell_without_value", "工作表“红线” 第 6 行 C 列是没有计算结果的公式", id="never computed"
        ),
        pytest.param(None, "cell_missing", "工作表“红线” 第 6 行 C 列缺少坐标", id="empty"),
        pytest.param("待定", "cell_not_a_number", "“待定”不是坐标", id="a word"),
    ],
)
def test_cell_that_is_no_coordinate_is_named_with_its_sheet(write: Writer, cell: Value, code: str, said: str) -> None:
    boundary = detect(write({"红线": [*TABLE, ["J5", 3959650.0, cell]]}))
    issue = next(issue for issue in boundary.issues if issue.severity == "error")
    assert (issue.code, issue.where.line, issue.where.point) == (code, 6, "J5")
    assert said in issue.message


@WRITERS
def test_row_of_errors_is_no_blank_row(write: Writer) -> None:
    """A reader of values shows blanks there, and a blank row separates rings."""
    rows = [row[1:] for row in TABLE]
    boundary = detect(write({"a": [*rows[:3], [Error(), Error()], *rows[3:]]}))
    assert codes(boundary) == ["cell_error"]


@WRITERS
def test_formula_that_was_computed_is_a_number(write: Writer) -> None:
    boundary = detect(write({"a": [HEADING, ["J1", Formula(3959700.0), 38592900.0], *POINTS[1:]]}))
    assert codes(boundary) == []
    assert boundary.parcels[0].rings[0].coordinates[0].tolist() == [3959700.0, 38592900.0]


def test_date_in_a_coordinate_column_is_refused() -> None:
    boundary = read_xlsx(xlsx({"a": [*TABLE, ["J5", 3959650.0, Date(45000)]]}))
    assert codes(boundary) == ["cell_is_date"]
    assert str(date(2023, 3, 15)) in boundary.issues[-1].message


@WRITERS
@pytest.mark.parametrize(
    ("sheets", "hidden", "layer", "read", "noted"),
    [
        pytest.param({"甲": TABLE, "说明": [["某某"]]}, [], None, "甲", ["sheets_not_read"], id="one table, one note"),
        pytest.param({"甲": TABLE, "空": []}, [], None, "甲", [], id="an empty sheet is nothing"),
        pytest.param({"甲": TABLE, "乙": TABLE}, [], "乙", "乙", ["sheets_not_read"], id="asked for"),
        pytest.param({"甲": TABLE, "乙": TABLE}, ["甲"], None, "乙", ["sheets_not_read"], id="the other is hidden"),
        pytest.param(
            {"甲": TABLE, "乙": TABLE},
            ["甲"],
            "甲",
            "甲",
            ["sheets_not_read", "hidden_sheet_read"],
            id="hidden, asked for",
        ),
        pytest.param({"甲": TABLE}, ["甲"], None, "甲", ["hidden_sheet_read"], id="hidden, and the only one"),
    ],
)
def test_sheet_is_chosen(
    write: Writer, sheets: Sheets, hidden: list[str], layer: str | None, read: str, noted: list[str]
) -> None:
    boundary = detect(write(sheets, hidden=hidden), layer)
    assert boundary.layer == read
    assert codes(boundary) == noted


@WRITERS
def test_several_sheets_are_a_choice_and_an_unknown_one_too(write: Writer) -> None:
    file = write({"甲": TABLE, "乙": TABLE, "丙": TABLE}, hidden=["丙"])
    with pytest.raises(ChoiceNeeded) as several:
        detect(file)
    assert (several.value.code, [choice.value for choice in several.value.choices]) == ("sheets_several", ["甲", "乙"])
    with pytest.raises(ChoiceNeeded) as unknown:
        detect(file, "丁")
    assert unknown.value.code == "unknown_choice"
    assert [choice.label for choice in unknown.value.choices] == ["甲", "乙", "丙（隐藏）"]


def test_workbook_in_a_zip_is_read_and_beside_a_red_line_it_is_a_note() -> None:
    book = xlsx({"甲": TABLE, "乙": TABLE})
    with pytest.raises(ChoiceNeeded) as several:
        detect(zipped({"说明.docx": b"x", "界址点.xlsx": book.content}))
    assert [choice.value for choice in several.value.choices] == ["甲", "乙"]
    other = zipped({"a/甲.xlsx": book.content, "乙.csv": "点号,X,Y\nJ1,1,2\n".encode()})
    assert detect(other, "a/甲.xlsx::乙").layer == "a/甲.xlsx::乙"


def cell_at(place: str) -> bytes:
    """A sheet of the square and one cell somewhere else."""
    return sheet_xml(TABLE).replace(b"</sheetData>", f'<row><c r="{place}"><v>1</v></c></row></sheetData>'.encode())


def sheet(content: bytes) -> Mapping[str, bytes]:
    return {"xl/worksheets/sheet1.xml": content}


BOMB = b'<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'


@pytest.mark.parametrize(
    ("parts", "error", "code"),
    [
        pytest.param(sheet(cell_at("A1048576")), TooLarge, "sheet_too_large", id="a cell in the last row"),
        pytest.param(sheet(cell_at("XFD2")), TooLarge, "sheet_too_large", id="a cell in the last column"),
        pytest.param(sheet(cell_at("IV40000")), TooLarge, "sheet_too_large", id="the rectangle between"),
        pytest.param(sheet(cell_at("xfd2")), TooLarge, "sheet_too_large", id="the last column in small letters"),
        pytest.param(
            sheet(cell_at("C99999999999999999999")),
            UnreadableBoundary,
            "workbook_damaged",
            id="a row beyond all numbers",
        ),
        pytest.param(sheet(cell_at("C0")), UnreadableBoundary, "workbook_damaged", id="a row before the first"),
        pytest.param(
            sheet(sheet_xml(TABLE).replace(b'<row r="3"', b'<row r="-3"')),
            UnreadableBoundary,
            "workbook_damaged",
            id="a row that has no number",
        ),
        pytest.param(sheet(BOMB), UnreadableBoundary, "workbook_damaged", id="entities"),
        pytest.param(sheet(b"<worksheet><sheetData>"), UnreadableBoundary, "workbook_damaged", id="cut off"),
        pytest.param({"xl/workbook.xml": b"<workbook/>"}, UnreadableBoundary, "no_points", id="no sheets"),
        pytest.param({"../xl/a.xml": b""}, UnreadableBoundary, "zip_unsafe_path", id="a path out of it"),
        pytest.param({"xl/media/a.zip": b""}, UnreadableBoundary, "zip_nested", id="a zip within"),
        pytest.param({"xl/sharedStrings.xml": b" " * 30_000_000}, TooLarge, "zip_too_large", id="a bomb"),
    ],
)
def test_workbook_when_unsafe_or_damaged_then_refused_before_it_is_held(
    parts: Mapping[str, bytes], error: type[Exception], code: str
) -> None:
    with pytest.raises(error) as refusal:
        detect(xlsx({"a": TABLE}, parts=parts))
    assert refusal.value.code == code  # type: ignore[attr-defined]  # of ours


def test_cells_without_a_value_reach_nowhere() -> None:
    """Whole columns are formatted down to the last row by many programs."""
    content = cell_at("XFD1048576").replace(b"<v>1</v>", b"")
    assert codes(detect(xlsx({"a": TABLE}, parts=sheet(content)))) == []


def test_old_workbook_of_cells_in_far_corners_is_refused_before_it_is_held() -> None:
    far: list[list[Value]] = [*TABLE, *[[] for _ in range(60_000)], [*[None] * 200, 1.0]]
    with pytest.raises(TooLarge):
        read_xls(xls({"a": far}))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("a.doc", ole("WordDocument", b"x"), "Office", id="a Word document"),
        pytest.param("a.xlsx", ole("EncryptedPackage", b"x"), "加密", id="a workbook with a password"),
    ],
)
def test_other_office_files_are_refused_by_what_they_are(name: str, content: bytes, said: str) -> None:
    with pytest.raises(UnreadableBoundary, match=said) as refusal:
        detect(ReceivedFile(name=name, content=content))
    assert refusal.value.code == "unsupported_format"


def test_mutated_workbooks_never_raise_anything_but_a_refusal() -> None:
    chance = random.Random(5)
    sheets: Sheets = {"红线": [*TABLE, ["J5", Error(), Formula()]], "二": TABLE}
    old = xls(sheets).content
    parts = {}
    with zipfile.ZipFile(io.BytesIO(xlsx(sheets).content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for number in range(400):
        bad_part = chance.choice(sorted(parts))
        torn = xlsx(sheets, parts={bad_part: mutated(parts[bad_part], chance)})
        whole = xlsx(sheets).content if number % 4 == 0 else torn.content
        bad = mutated(whole, chance) if number % 4 == 0 else whole
        only_refuses(lambda: read_xlsx(ReceivedFile(name="a.xlsx", content=bad)))  # noqa: B023
        worse = mutated(old, chance)
        only_refuses(lambda: read_xls(ReceivedFile(name="a.xls", content=worse)))  # noqa: B023
