"""`geo-review review` as its user meets it: exit statuses, streams and files; a fault is said and costs nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance.command_line import PROGRAM, geo_review

GOLDEN = Path(__file__).parents[1] / "data" / "golden" / "pass-clean-square"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a red line, its layers and a rulebook."""
    return Path(shutil.copytree(GOLDEN, tmp_path / "desk"))


BASE = ("review", "red_line.txt", "--layers", "layers", "--rulebook", "rulebook.toml", "--set", "RJL=1.8")


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A call that must end with exit 2, the reason on stderr, and every file as it was."""

    reason: str
    arguments: tuple[str, ...]
    code: str
    says: str


REFUSED = [
    Refused(
        reason="the red line is not overwritten",
        arguments=(*BASE, "--json", "red_line.txt"),
        code="output_is_input",
        says="red_line.txt",
    ),
    Refused(
        reason="nor by another spelling of its path",
        arguments=(*BASE, "--pdf", "layers/../red_line.txt"),
        code="output_is_input",
        says="red_line.txt",
    ),
    Refused(
        reason="nor the rulebook",
        arguments=(*BASE, "--geojson", "rulebook.toml"),
        code="output_is_input",
        says="rulebook.toml",
    ),
    Refused(
        reason="nor a layer",
        arguments=(*BASE, "--json", "layers/CZKFBJ.geojson"),
        code="output_is_input",
        says="CZKFBJ.geojson",
    ),
    Refused(
        reason="two outputs in one file lose one",
        arguments=(*BASE, "--json", "out", "--html", "./out"),
        code="output_twice",
        says="out",
    ),
    Refused(
        reason="all or none: the JSON is not left behind",
        arguments=(*BASE, "--json", "report.json", "--pdf", "no/such/folder.pdf"),
        code="cannot_write",
        says="no/such/folder.pdf",
    ),
    Refused(reason="a folder is no file", arguments=(*BASE, "--json", "layers"), code="cannot_write", says="文件夹"),
    Refused(reason="no such red line", arguments=("review", "nothing.txt"), code="no_such_file", says="nothing.txt"),
    Refused(
        reason="no such folder",
        arguments=("review", "red_line.txt", "--layers", "nothing"),
        code="layers_folder",
        says="nothing",
    ),
    Refused(
        reason="no such rulebook",
        arguments=("review", "red_line.txt", "--rulebook", "nothing"),
        code="unknown_rulebook",
        says="puyang-default",
    ),
    Refused(
        reason="a date that is none",
        arguments=(*BASE, "--as-of", "2026-02-30"),
        code="invalid_as_of",
        says="2026-02-30",
    ),
    Refused(
        reason="a date of another form", arguments=(*BASE, "--as-of", "20261123"), code="invalid_as_of", says="YYYY"
    ),
    Refused(reason="a value without a key", arguments=(*BASE, "--set", "=1"), code="invalid_set", says="=1"),
    Refused(reason="a key twice", arguments=(*BASE, "--set", "RJL=2"), code="invalid_set", says="RJL"),
    Refused(reason="a CRS that is no code", arguments=(*BASE, "--crs", "zone38"), code="invalid_crs", says="4547"),
    Refused(reason="a CRS nobody knows", arguments=(*BASE, "--crs", "999999"), code="unknown_epsg", says="--crs"),
    Refused(
        reason="an issue that cannot be accepted",
        arguments=(*BASE, "--accept", "self_intersection"),
        code="invalid_accept",
        says="--accept",
    ),
    Refused(reason="an option that does not exist", arguments=(*BASE, "--colour"), code="usage", says="--colour"),
    Refused(reason="no file at all", arguments=("review",), code="usage", says="FILE"),
    Refused(reason="a command that does not exist", arguments=("revue",), code="usage", says="revue"),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.reason)
def test_refused_call_says_why_and_writes_nothing(case: Refused, desk: Path) -> None:
    before = _contents(desk)
    done = geo_review(*case.arguments, cwd=desk)
    said = done.stderr.decode()
    assert done.returncode == 2
    assert f"[{case.code}]" in said
    assert case.says in said
    assert "Traceback" not in said
    assert done.stdout == b""
    assert _contents(desk) == before


def test_every_rendering_is_written_and_the_table_printed(desk: Path) -> None:
    done = geo_review(
        *BASE, "--json", "r.json", "--pdf", "r.pdf", "--html", "r.html", "--geojson", "r.geojson", cwd=desk
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "审查结论：通过" in done.stdout.decode()
    assert json.loads((desk / "r.json").read_bytes())["verdict"] == "pass"
    assert (desk / "r.pdf").read_bytes().startswith(b"%PDF-")
    assert "<!doctype html>" in (desk / "r.html").read_text().lower()
    assert json.loads((desk / "r.geojson").read_bytes())["features"][0]["properties"]["role"] == "red_line"


def test_json_on_stdout_stands_alone_and_twice_is_the_same(desk: Path) -> None:
    first, second = (geo_review(*BASE, "--as-of", "2026-11-23", "--json", "-", cwd=desk) for _ in range(2))
    assert first.stdout == second.stdout
    assert json.loads(first.stdout)["as_of"] == "2026-11-23"
    assert first.stderr == b""


def test_link_is_followed_and_a_mode_is_kept(desk: Path) -> None:
    kept = desk / "kept.json"
    kept.write_text("old")
    kept.chmod(0o600)
    (desk / "link.json").symlink_to(kept)
    assert geo_review(*BASE, "--json", "link.json", cwd=desk).returncode == 0
    assert (desk / "link.json").is_symlink()
    assert json.loads(kept.read_bytes())["verdict"] == "pass"
    assert kept.stat().st_mode & 0o777 == 0o600


def test_device_is_written_to_not_replaced(desk: Path) -> None:
    assert geo_review(*BASE, "--json", "/dev/null", cwd=desk).returncode == 0
    assert Path("/dev/null").is_char_device()


def test_full_disk_on_stdout_is_a_sentence(desk: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([PROGRAM, *BASE], cwd=desk, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert "[output_failed]" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_terminal_in_gbk_is_no_reason_to_fail(desk: Path) -> None:
    done = geo_review(*BASE, cwd=desk, env={"PYTHONIOENCODING": "gbk", "PATH": "/usr/bin:/bin"})
    assert done.returncode == 0, done.stderr
    assert "通过" in done.stdout.decode("gbk")


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
