"""The manifest of a folder of red lines (``projects.csv``, ``projects.xlsx``): which file is of which project.

Reads it and checks every row; opens no red line.
"""

from __future__ import annotations

import csv
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from geo_review.boundary.text_decoding import decode_text
from geo_review.errors import InvalidOption, UnreadableBoundary
from geo_review.rules.flows import flow_slug
from geo_review.wording import say

NAMES = ("projects.csv", "projects.xlsx")
_MOST_BYTES = 16 * 2**20
_MOST_UNPACKED_BYTES = 256 * 2**20
_MOST_ROWS = 100_000
_HEADS = {
    "file": ("file", "文件", "文件名"),
    "code": ("code", "项目代码", "项目编号", "xmdm"),
    "name": ("name", "项目名称", "xmmc"),
    "flow": ("flow", "项目类型"),
    "crs": ("crs", "坐标系"),
    "layer": ("layer", "图层"),
}
_COLUMNS = {head: column for column, heads in _HEADS.items() for head in heads}
_NEEDED = ("file", "code")
_EPSG = re.compile(r"(?:EPSG:)?(\d{4,6})(?:\.0)?", re.ASCII | re.IGNORECASE)
_SEPARATORS = ",\t;"

Row = tuple[int, Sequence[object]]


@dataclass(frozen=True, kw_only=True, slots=True)
class ManifestRow:
    """One file and its project; ``file`` as in the manifest, with ``/`` between folders. ``line`` counts from 1."""

    line: int
    file: str
    code: str
    name: str | None
    flow: str | None
    epsg: int | None
    layer: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """``unused`` are the columns that mean nothing here."""

    rows: tuple[ManifestRow, ...] = ()
    unused: tuple[str, ...] = ()


def manifest_of(folder: Path) -> Path | None:
    """Return the manifest that lies in a folder, None without one; two are refused, for one would be guessed."""
    found = [folder / name for name in NAMES if (folder / name).is_file()]
    if len(found) > 1:
        raise InvalidOption(
            code="two_manifests",
            message=say("import.two_manifests", names="、".join(NAMES)),
            remedy=say("import.two_manifests_remedy"),
        )
    return found[0] if found else None


def read_manifest(path: Path) -> Manifest:
    """Read a manifest, UTF-8 or GB18030, or the first sheet of a workbook.

    Raises InvalidOption with a line for every row that cannot be used.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _invalid(path, say("import.manifest_too_large", most=_MOST_BYTES // 2**20))
        rows = list(_sheet(path) if zipfile.is_zipfile(path) else _text(path))
    except (OSError, csv.Error, UnreadableBoundary, CalamineError, zipfile.BadZipFile) as failure:
        raise _invalid(path, say("import.manifest_unreadable")) from failure
    if len(rows) > _MOST_ROWS:
        raise _invalid(path, say("import.manifest_too_long", most=_MOST_ROWS))
    rows = [(line, cells) for line, cells in rows if any(_word(cell) for cell in cells)]
    heads = [_word(cell) for cell in rows[0][1]] if rows else []
    columns = [_COLUMNS.get(unicodedata.normalize("NFKC", head).lower()) for head in heads]
    missing = [_HEADS[column][1] for column in _NEEDED if column not in columns]
    doubled = sorted({_HEADS[column][1] for column in columns if column is not None and columns.count(column) > 1})
    if missing or doubled:
        key = "manifest_columns_missing" if missing else "manifest_columns_doubled"
        raise _invalid(path, say(f"import.{key}", columns="、".join(missing or doubled)))
    mistakes: list[str] = []
    found = [_row(line, dict(zip(columns, map(_word, cells), strict=False)), mistakes) for line, cells in rows[1:]]
    if mistakes:
        raise _invalid(path, say("import.manifest_mistakes", count=len(mistakes)), mistakes)
    return Manifest(
        rows=tuple(row for row in found if row is not None),
        unused=tuple(head for head, column in zip(heads, columns, strict=True) if column is None and head),
    )


def _row(line: int, cells: dict[str | None, str], mistakes: list[str]) -> ManifestRow | None:
    crs = cells.get("crs", "")
    epsg = _EPSG.fullmatch(crs)
    wrong = [say("import.manifest_empty", line=line, column=_HEADS[name][1]) for name in _NEEDED if not cells.get(name)]
    if crs and epsg is None:
        wrong.append(say("import.manifest_crs", line=line, given=crs))
    mistakes += wrong
    if wrong:
        return None
    return ManifestRow(
        line=line,
        file=cells["file"].replace("\\", "/").removeprefix("./"),
        code=cells["code"],
        name=cells.get("name") or None,
        flow=flow_slug(cells["flow"]) if cells.get("flow") else None,
        epsg=int(epsg[1]) if epsg else None,
        layer=cells.get("layer") or None,
    )


def _text(path: Path) -> Iterator[Row]:
    text = decode_text(path.read_bytes()).text
    head = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=head.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator, strict=True)
    line = 1
    for cells in reader:
        yield line, cells
        line = reader.line_num + 1


def _sheet(path: Path) -> Iterator[Row]:
    with zipfile.ZipFile(path) as archive:
        if sum(info.file_size for info in archive.infolist()) > _MOST_UNPACKED_BYTES:
            raise _invalid(path, say("import.manifest_too_large", most=_MOST_UNPACKED_BYTES // 2**20))
    with CalamineWorkbook.from_path(path) as workbook:
        rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=_MOST_ROWS + 1)
    yield from enumerate(rows, start=1)


def _word(cell: object) -> str:
    """Return a cell as a word; a whole number, as spreadsheets keep codes, without decimals."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).strip()


def _invalid(path: Path, sentence: str, lines: Sequence[str] = ()) -> InvalidOption:
    return InvalidOption(
        code="invalid_manifest",
        message=say("import.invalid_manifest", name=path.name, sentence=sentence),
        remedy=say("import.invalid_manifest_remedy"),
        lines=tuple(lines),
    )
