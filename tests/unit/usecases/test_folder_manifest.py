"""The manifest of a folder: encodings, heads in two languages, workbooks, and every mistake by its row."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from geo_review.errors import InvalidOption
from geo_review.usecases.folder_manifest import ManifestRow, manifest_of, read_manifest

CHINESE = "文件,项目代码,项目名称,项目类型,坐标系,图层,备注\r\n"
CHINESE += "城东\\a.dxf,P1,甲厂房,工业项目,EPSG:4547,红线,x\r\n\r\nb.txt,P2,,,,,\r\n"


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "projects.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def workbook(rows: list[list[str | int]]) -> dict[str, str]:
    """The least that Office Open XML asks of a workbook of one sheet."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packed = "http://schemas.openxmlformats.org/package/2006/relationships"
    cells = "".join(
        "<row>"
        + "".join(
            f"<c><v>{cell}</v></c>" if isinstance(cell, int) else f'<c t="inlineStr"><is><t>{cell}</t></is></c>'
            for cell in row
        )
        + "</row>"
        for row in rows
    )
    return {
        "_rels/.rels": f'<Relationships xmlns="{packed}"><Relationship Id="r" Type="{links}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packed}"><Relationship Id="r" Type="{links}/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets><sheet name="a" sheetId="1" r:id="r"/>'
        "</sheets></workbook>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_manifest_in_chinese_when_read_then_every_column(tmp_path: Path, encoding: str) -> None:
    manifest = read_manifest(written(tmp_path, CHINESE.encode(encoding)))
    assert manifest.unused == ("备注",)
    assert manifest.rows[0].file == "城东/a.dxf"
    assert (manifest.rows[0].code, manifest.rows[0].name, manifest.rows[0].epsg) == ("P1", "甲厂房", 4547)
    assert manifest.rows[0].layer == "红线"
    assert manifest.rows[1] == ManifestRow(line=4, file="b.txt", code="P2", name=None, flow=None, epsg=None, layer=None)


def test_manifest_in_english_with_other_separators_when_read_then_the_same(tmp_path: Path) -> None:
    for separator in ",;\t":
        lines = [
            "Code, FILE ,name,flow,crs".replace(",", separator),
            "P1,a.txt,甲,industrial,4548".replace(",", separator),
        ]
        (row,) = read_manifest(written(tmp_path, "\n".join(lines))).rows
        assert (row.code, row.file, row.flow, row.epsg) == ("P1", "a.txt", "industrial", 4548)


def test_workbook_when_read_then_numbers_are_the_codes_they_show(tmp_path: Path) -> None:
    path = tmp_path / "projects.xlsx"
    path.write_bytes(b"")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in workbook([["文件", "项目代码", "坐标系"], ["a.txt", 410902001, 4547]]).items():
            archive.writestr(name, content)
    (row,) = read_manifest(path).rows
    assert (row.file, row.code, row.epsg, row.line) == ("a.txt", "410902001", 4547, 2)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param("file,name\na.txt,x\n", "项目代码", id="a column is missing"),
        pytest.param("file,code,xmdm\na.txt,1,2\n", "列 项目代码 重复", id="a column twice"),
        pytest.param("", "文件、项目代码", id="nothing in it"),
        pytest.param("file,code\na.txt,\n", "第2行：项目代码是空的", id="no code"),
        pytest.param("file,code,crs\na.txt,P,北京54\n", "第2行：坐标系应为 EPSG 代码", id="no EPSG code"),
        pytest.param('file,code\n"a.txt,P\n', "读不出表格", id="a quote without end"),
        pytest.param(b"\xff\xfe\0\0PK", "读不出表格", id="no text"),
    ],
)
def test_manifest_when_it_cannot_be_used_then_refused_as_a_whole(
    tmp_path: Path, content: str | bytes, told: str
) -> None:
    with pytest.raises(InvalidOption) as refusal:
        read_manifest(written(tmp_path, content))
    assert refusal.value.code == "invalid_manifest"
    assert told in str(refusal.value)


def test_two_manifests_are_a_choice_and_no_guess(tmp_path: Path) -> None:
    assert manifest_of(tmp_path) is None
    path = written(tmp_path, "file,code\n")
    assert manifest_of(tmp_path) == path
    (tmp_path / "projects.xlsx").write_bytes(b"")
    with pytest.raises(InvalidOption, match="--manifest"):
        manifest_of(tmp_path)
