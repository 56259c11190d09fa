"""Whole reports that a person has read: the command line on small folders, byte for byte (`make golden` rewrites)."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.acceptance.command_line import geo_review

GOLDEN = Path(__file__).parents[1] / "data" / "golden"
CASES = sorted(path.name for path in GOLDEN.iterdir() if path.is_dir())
WRITING = os.environ.get("GEO_REVIEW_GOLDEN") == "write"  # noqa: TID251 the tests' own switch
STATUS = {"pass": 0, "consult": 10, "fail": 20, "incomplete": 30}


@pytest.mark.parametrize("case", CASES)
def test_golden_report(case: str) -> None:
    folder = GOLDEN / case
    (red_line,) = folder.glob("red_line.*")
    arguments = (folder / "arguments.txt").read_text().split()
    done = geo_review(
        "review",
        red_line,
        "--layers",
        folder / "layers",
        "--rulebook",
        folder / "rulebook.toml",
        *arguments,
        "--json",
        "-",
    )
    assert done.returncode == STATUS[case.partition("-")[0]], done.stderr.decode()
    if WRITING:
        (folder / "report.json").write_bytes(done.stdout)
    assert done.stdout == (folder / "report.json").read_bytes()
    assert json.loads(done.stdout)["verdict"] == case.partition("-")[0]
