"""Which files of a folder are red lines, and how they are received: companions, geodatabases, old names, limits."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from geo_review.errors import TooLarge, UnreadableBoundary
from geo_review.usecases import folder_files
from geo_review.usecases.folder_files import FolderFile, files_of, receive


def made(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return folder


@pytest.mark.parametrize(
    ("names", "found", "why"),
    [
        (["b.txt", "a.txt", "区/c.kml"], ["a.txt", "b.txt", "区/c.kml"], "by name, folders too"),
        (["a.txt", ".b.txt", ".git/c.txt", "~$a.xlsx"], ["a.txt"], "hidden, and what Excel keeps open"),
        (["a.txt", "Thumbs.db", "__MACOSX/a.txt", "x/refusals.csv"], ["a.txt"], "what systems and we leave behind"),
        (["a.shp", "a.DBF", "a.shx", "a.prj", "a.shp.xml", "a.sbn"], ["a.shp"], "companions belong to it"),
        (["a.shp", "b.dbf"], ["a.shp", "b.dbf"], "of another one not: it will be refused, not passed over"),
        (["a.shp", "x/a.dbf"], ["a.shp", "x/a.dbf"], "nor from another folder"),
        (["x/红线.GDB/a001.gdbtable", "x/红线.GDB/gdb"], ["x/红线.GDB"], "a geodatabase is one file"),
        (["说明.pdf", "a.txt"], ["a.txt", "说明.pdf"], "what is no red line is refused by reading, never dropped"),
    ],
)
def test_files_when_listed_then_those_that_may_be_red_lines(
    tmp_path: Path, names: list[str], found: list[str], why: str
) -> None:
    assert [file.name for file in files_of(made(tmp_path, *names))] == found, why


def test_files_when_a_link_leads_to_a_folder_then_it_is_not_followed(tmp_path: Path) -> None:
    made(tmp_path, "in/a.txt", "out/b.txt")
    (tmp_path / "in/up").symlink_to(tmp_path, target_is_directory=True)
    assert [file.name for file in files_of(tmp_path / "in")] == ["a.txt"]


def test_name_when_in_gbk_on_disk_then_read_as_it_was_meant(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/" + "红线".encode("gb18030") + b".txt")
    Path(path).write_bytes(b"x")
    (file,) = files_of(tmp_path)
    assert (file.name, file.stem, receive(file).name) == ("红线.txt", "红线", "红线.txt")


def test_geodatabase_when_received_twice_then_the_same_zip_without_locks(tmp_path: Path) -> None:
    made(tmp_path, "a.gdb/gdb", "a.gdb/a01.gdbtable", "a.gdb/x.sr.lock")
    (file,) = files_of(tmp_path)
    received = receive(file)
    os.utime(tmp_path / "a.gdb/gdb", (0, 0))
    assert receive(file) == received
    assert received.name == "a.gdb.zip"
    with zipfile.ZipFile(io.BytesIO(received.content)) as archive:
        assert archive.namelist() == ["a.gdb/a01.gdbtable", "a.gdb/gdb"]


def test_file_when_above_the_limit_then_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path, "a.txt")
    with (tmp_path / "a.txt").open("r+b") as stream:
        stream.truncate(folder_files.MOST_BYTES + 1)
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail("was read"))
    with pytest.raises(TooLarge, match=r"64\.0"):
        receive(*files_of(tmp_path))


def test_file_when_it_has_gone_then_refused_and_not_a_fault(tmp_path: Path) -> None:
    with pytest.raises(UnreadableBoundary) as refusal:
        receive(FolderFile(path=tmp_path / "gone.txt", name="gone.txt"))
    assert refusal.value.code == "file_not_readable"
    assert str(tmp_path) not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "stem"),
    [("x/a.txt", "a"), ("a.shp.zip", "a"), ("a.gdb", "a"), ("a.gdb.zip", "a"), ("v1.2 甲.txt", "v1.2 甲")],
)
def test_stem_is_the_name_without_what_formats_add(name: str, stem: str) -> None:
    assert FolderFile(path=Path(name), name=name).stem == stem
