"""A short soak in every run of the tests: 5,000 torn files, and every hostile one, as `make soak` reads its 100,000."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("arguments", "files"),
    [
        pytest.param(["2350", "--pool", "0", "--seed", "11", "--no-hostile"], 2350, id="torn, with no wall around"),
        pytest.param(["2350", "--pool", "0", "--seed", "12", "--no-hostile"], 2350, id="torn otherwise"),
        pytest.param(["300", "--pool", "300", "--seed", "13"], 300, id="torn and hostile, through the pool"),
    ],
)
def test_torn_files_are_read_or_refused_and_do_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, arguments: list[str], files: int
) -> None:
    """In a process that has GDAL's drivers left out, as a site has; this one has them all."""
    kept = tmp_path_factory.getbasetemp().parent / "sound-files"  # of this run, and of all its workers
    soak = [sys.executable, "-m", "tests.fuzz.soak", *arguments, "--seeds", str(kept)]
    done = subprocess.run(soak, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    read = next(line for line in done.stdout.splitlines() if line.startswith("files: "))
    assert int(read.split()[1]) >= files
