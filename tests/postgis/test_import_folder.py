"""`projects import DIR` on a real PostGIS: one bad file never stops the rest, and begun again it goes on."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from geo_review.boundary.asked import Asked
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.survey_text_write import write_survey_text
from geo_review.boundary.understanding import Understanding, understand
from geo_review.boundary.written_formats import Heading, Wish, write_red_line
from geo_review.city import PUYANG
from geo_review.cli import main
from geo_review.store.connect import make_sessions
from geo_review.store.neighbours import list_neighbours
from geo_review.usecases import import_folder
from geo_review.usecases.import_folder import FileOutcome, Outcome, import_files
from geo_review.usecases.import_plan import plan_import
from tests.builders import make_boundary, square
from tests.postgis.stored import NOW

ON = date(2026, 11, 3)
BOW_TIE = "[地块坐标]\n4,1,1,甲,面,,,,@\nJ1,1,3959600,38592900\nJ2,1,3959700,38593000\n"
BOW_TIE += "J3,1,3959700,38592900\nJ4,1,3959600,38593000\n"


def txt(east_m: float = 0.0, width_m: float = 100.0) -> bytes:
    return write_survey_text(make_boundary(square(east_m, 0, width_m)), producer="院", produced_on=ON)


def put(folder: Path, **files: bytes) -> None:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name.replace("__", "/")).parent.mkdir(exist_ok=True)
        (folder / name.replace("__", "/")).write_bytes(content)


def read(files: Iterable[tuple[ReceivedFile, Asked]]) -> Iterator[Understanding]:
    return (understand(file, city=PUYANG, asked=asked) for file, asked in files)


Import = Callable[..., dict[str, FileOutcome]]


@pytest.fixture
def run(engine: sqlalchemy.Engine, tmp_path: Path) -> Import:
    """Import the folder ``tmp_path / "in"``; the outcome of each file by its name."""

    def run(**options: object) -> dict[str, FileOutcome]:
        plan = plan_import(tmp_path / "in")
        outcomes = import_files(make_sessions(engine), plan, read=read, now=lambda: NOW, **options)  # type: ignore[arg-type]
        return {outcome.file: outcome for outcome in outcomes}

    return run


def told(outcomes: dict[str, FileOutcome]) -> dict[str, str]:
    """The refusal's code, or the outcome."""
    return {name: made.refusal.code if made.refusal else str(made.outcome) for name, made in outcomes.items()}


def stored(engine: sqlalchemy.Engine) -> list[tuple[str, int]]:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT project_code, version FROM boundary_version ORDER BY 1, 2"))
        return [(code, version) for code, version in rows]


def test_folder_when_one_file_is_bad_then_the_rest_is_stored_and_told(
    run: Import, engine: sqlalchemy.Engine, tmp_path: Path
) -> None:
    put(
        tmp_path / "in",
        **{"P-1 甲.txt": txt(), "P-2 乙.txt": BOW_TIE.encode(), "区__P-3_丙.txt": txt(500), "说明.pdf": b"%PDF-1.7"},
        **{"P-4 丁.zip": write_red_line(make_boundary(square(900)), "shp", heading=HEADING, wish=Wish())},
    )
    outcomes = run()
    assert told(outcomes) == {
        "P-1 甲.txt": "stored",
        "P-2 乙.txt": "invalid_boundary",
        "P-4 丁.zip": "stored",
        "区/P-3_丙.txt": "stored",
        "说明.pdf": "unsupported_format",
    }
    assert stored(engine) == [("P-1", 1), ("P-3", 1), ("P-4", 1)]
    assert (outcomes["P-2 乙.txt"].format, outcomes["P-4 丁.zip"].format) == ("txt", "shp")
    assert outcomes["P-1 甲.txt"].planar_area_m2 == pytest.approx(10_000.0)


HEADING = Heading(stem="a", title="a", written_on=ON)


def test_folder_when_imported_again_then_known_by_digest_and_not_read(
    run: Import, engine: sqlalchemy.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "in", **{"P-1 甲.txt": txt(), "P-2 乙.txt": txt(500)})
    run()
    monkeypatch.setattr(sys.modules[__name__], "understand", lambda *file, **rest: pytest.fail("was read again"))
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    again = run()
    assert told(again) == dict.fromkeys(again, "already_stored")
    monkeypatch.undo()
    assert len([statement for statement in statements if "purpose" in statement]) == 1, "one question for all digests"
    put(tmp_path / "in", **{"P-2 乙.txt": txt(600), "P-3 丙.txt": txt(900)})
    assert told(run()) == {
        "P-1 甲.txt": "already_stored",
        "P-2 乙.txt": "other_red_line_in_force",
        "P-3 丙.txt": "stored",
    }
    assert told(run(new_versions=True)) == {
        "P-1 甲.txt": "already_stored",
        "P-2 乙.txt": "stored",
        "P-3 丙.txt": "already_stored",
    }
    assert stored(engine) == [("P-1", 1), ("P-2", 1), ("P-2", 2), ("P-3", 1)]


def test_shapefile_when_its_companions_change_then_it_is_another_red_line(run: Import, tmp_path: Path) -> None:
    with zipfile.ZipFile(
        io.BytesIO(write_red_line(make_boundary(square()), "shp", heading=HEADING, wish=Wish()))
    ) as archive:
        put(tmp_path / "in", **{name.replace("a.", "P-1."): archive.read(name) for name in archive.namelist()})
    assert told(run()) == {"P-1.shp": "stored"}
    assert told(run()) == {"P-1.shp": "already_stored"}
    (tmp_path / "in/P-1.cpg").unlink()
    assert told(run()) == {"P-1.shp": "other_red_line_in_force"}


def test_two_files_of_one_project_are_both_refused_and_none_is_guessed(
    run: Import, engine: sqlalchemy.Engine, tmp_path: Path
) -> None:
    put(tmp_path / "in", **{"a__红线.txt": txt(), "b__红线.txt": txt(500), "P-1.txt": txt(900)})
    outcomes = run()
    assert told(outcomes) == {
        "P-1.txt": "stored",
        "a/红线.txt": "project_in_two_files",
        "b/红线.txt": "project_in_two_files",
    }
    assert "b/红线.txt" in str(outcomes["a/红线.txt"].refusal)
    (tmp_path / "in/b/红线.txt").unlink()
    run()
    put(tmp_path / "in", **{"b__红线.txt": txt(500)})
    assert told(run())["a/红线.txt"] == "already_stored", "what is in force is beyond doubt"


def test_project_when_named_by_manifest_text_or_stem_then_in_that_order(
    run: Import, engine: sqlalchemy.Engine, tmp_path: Path
) -> None:
    words = "[项目信息]\r\n项目编号=T-{0}\r\n项目名称=文中{0}\r\n".encode("gb18030")
    put(
        tmp_path / "in",
        **{f"S-{n} 名{n}.txt": words.replace(b"{0}", b"%d" % n) + txt(300.0 * n) for n in (1, 2)},
        **{"S-3 名3.txt": txt(1500)},
        **{"projects.csv": "文件,项目代码,项目名称,项目类型\nS-1 名1.txt,M-1,,industrial\n没有.txt,M-9,,\n".encode()},
    )
    outcomes = run()
    assert told(outcomes)["没有.txt"] == "manifest_file_missing"
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT code, name, flow FROM project ORDER BY code")).all()
    assert [tuple(row) for row in rows] == [
        ("M-1", "文中1", "industrial"),
        ("S-3", "名3", None),
        ("T-2", "文中2", None),
    ]


def test_dry_run_tells_all_and_stores_nothing(run: Import, engine: sqlalchemy.Engine, tmp_path: Path) -> None:
    put(tmp_path / "in", **{"P-1.txt": txt(), "P-2.txt": BOW_TIE.encode()})
    assert told(run(dry_run=True)) == {"P-1.txt": "acceptable", "P-2.txt": "invalid_boundary"}
    assert stored(engine) == []
    run()
    put(tmp_path / "in", **{"P-1.txt": txt(9)})
    assert told(run(dry_run=True))["P-1.txt"] == "other_red_line_in_force"


def test_neighbours_of_one_folder_name_each_other(run: Import, engine: sqlalchemy.Engine, tmp_path: Path) -> None:
    put(tmp_path / "in", **{"P-1.txt": txt(), "P-2.txt": txt(50)})
    run()
    with make_sessions(engine).begin() as session:
        (neighbour,) = list_neighbours(session, "P-2")
    assert (neighbour.other_code, neighbour.figures.overlap_planar_m2) == ("P-1", pytest.approx(5_000.0))


def test_fault_of_ours_with_one_file_never_stops_the_rest(
    run: Import, engine: sqlalchemy.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "in", **{f"P-{n}.txt": txt(300.0 * n) for n in range(4)})
    real = import_folder.submit_project

    def breaks(session: object, *, code: str, **rest: object) -> object:
        made = real(session, code=code, **rest)  # type: ignore[arg-type]
        if code == "P-1":
            raise ZeroDivisionError
        return made

    monkeypatch.setattr(import_folder, "submit_project", breaks)
    assert told(run()) == {
        "P-0.txt": "stored",
        "P-1.txt": "import_fault",
        "P-2.txt": "stored",
        "P-3.txt": "stored",
    }
    assert [code for code, _ in stored(engine)] == ["P-0", "P-2", "P-3"], "its half is undone"


def test_database_that_goes_away_ends_the_import_and_what_was_told_stands(
    run: Import, engine: sqlalchemy.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "in", **{f"P-{n}.txt": txt(300.0 * n) for n in range(6)})
    monkeypatch.setattr(import_folder, "_MOST_IN_A_BURST", 2)
    real = import_folder.submit_project

    def breaks(session: object, *, code: str, **rest: object) -> object:
        if code == "P-3":
            raise OperationalError("", {}, Exception("gone"))
        return real(session, code=code, **rest)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(import_folder, "submit_project", breaks)
        with pytest.raises(OperationalError):
            run()
    assert [code for code, _ in stored(engine)] == ["P-0", "P-1"]
    assert [str(made.outcome) for made in run().values()] == ["already_stored"] * 2 + ["stored"] * 4


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_import_when_ended_half_way_then_goes_on(
    run: Import, engine: sqlalchemy.Engine, database_url: str, tmp_path: Path, how: signal.Signals
) -> None:
    put(tmp_path / "in", **{f"P-{n:03}.txt": txt(200.0 * n) for n in range(80)})
    program = Path(sys.executable).parent / "geo-review"
    importing = subprocess.Popen(
        [str(program), "projects", "import", str(tmp_path / "in")],
        cwd=tmp_path,
        env={**os.environ, "GEO_REVIEW_DATABASE_URL": database_url},  # noqa: TID251 as a user runs it
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    with engine.connect() as elsewhere:
        # Somebody else is storing this very project: the second burst waits, and the signal finds it half done.
        elsewhere.execute(
            text(
                "INSERT INTO project (code, name, attributes, is_sample, created_at) "
                "VALUES ('P-040', 'x', '{}', false, now())"
            )
        )
        until_s = time.monotonic() + 60
        while not stored(engine) and time.monotonic() < until_s:
            time.sleep(0.01)
        importing.send_signal(how)
    _, errors = importing.communicate(timeout=60)
    assert importing.returncode == (-how if how is signal.SIGKILL else 130)
    if how is signal.SIGINT:
        assert "再次运行会接着做" in errors
    half = stored(engine)
    assert 0 < len(half) < 80
    outcomes = list(run().values())
    assert len(stored(engine)) == 80
    assert sum(made.outcome is Outcome.ALREADY_STORED for made in outcomes) == len(half)
    assert sum(made.outcome is Outcome.STORED for made in outcomes) == 80 - len(half)


def test_command_when_some_are_refused_then_table_list_and_exit_2(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path / "in", **{"P-1.txt": txt(), "=P-2.txt": BOW_TIE.encode()})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GEO_REVIEW_DATABASE_URL", database_url)

    def command(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["geo-review", "projects", "import", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    status, out, err = command("in")
    assert (status, err) == (2, "")
    assert "每秒" in out
    assert "refusals.csv" in out
    content = (tmp_path / "refusals.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    (head, row) = csv.reader(content.decode("utf-8-sig").splitlines(keepends=True))
    assert head == ["文件", "原因代码", "位置", "原因", "处理办法"]
    assert row[:2] == ["'=P-2.txt", "invalid_boundary"], "Excel runs no formula of a stranger's"
    assert "第3行" in row[2]

    (tmp_path / "in/=P-2.txt").unlink()
    status, out, _ = command("in", "--json", "--crs", "EPSG:4526")
    document = json.loads(out)
    assert (status, document["refusals"], document["refused"]) == (2, "refusals.csv", 1), "read in another way"
    assert [result["refusal"]["code"] for result in document["results"]] == ["other_red_line_in_force"]
    status, out, _ = command("in", "--json")
    document = json.loads(out)
    assert (status, document["refusals"], document["already_stored"], document["files"]) == (0, None, 1, 1)
    assert not (tmp_path / "refusals.csv").exists(), "of an earlier run, and true no more"

    for words, code in (
        (("in", "--code", "X"), "option_for_file"),
        (("in/P-1.txt", "--code", "X", "--name", "x", "--dry-run"), "option_for_folder"),
        (("in/P-1.txt",), "usage"),
        (("in", "--refusals", "in/P-1.txt"), "output_is_input"),
        (("in", "--refusals", "no/folder.csv"), "cannot_write"),
        (("empty",), "nothing_to_import"),
    ):
        (tmp_path / "empty").mkdir(exist_ok=True)
        status, out, err = command(*words)
        assert (status, out) == (2, ""), words
        assert err.startswith(f"geo-review: [{code}]"), err
    assert (tmp_path / "in/P-1.txt").read_bytes() == txt()
