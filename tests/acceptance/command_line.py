"""Running `geo-review` as its user does: another process, its exit status, its two streams."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("geo-review")


def geo_review(
    *arguments: object, cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run a command to its end and return its status and streams."""
    return subprocess.run(
        [str(PROGRAM), *map(str, arguments)], capture_output=True, check=False, cwd=cwd, env=env, timeout=120
    )
