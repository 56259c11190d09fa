"""`geo-review serve` as a supervisor sees it: one process or several, started, asked, ended by a signal."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from api.serving import listen
from geo_review.errors import InvalidOption
from tests.acceptance.command_line import PROGRAM, geo_review


@contextmanager
def served(database_url: str, port: int, home: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    environment = {
        **os.environ,  # noqa: TID251 the tests' own entry point
        "GEO_REVIEW_HOME": str(home),
        "GEO_REVIEW_DATABASE_URL": database_url,
    }
    with subprocess.Popen(
        [str(PROGRAM), "serve", "--port", str(port), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        try:
            patience_ends = time.monotonic() + 60
            while not _answers(port):
                assert process.poll() is None, process.communicate()
                assert time.monotonic() < patience_ends
                time.sleep(0.1)
            yield process
        finally:
            process.kill() if process.poll() is None else None


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=10).status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.parametrize(
    ("words", "ending"),
    [((), signal.SIGTERM), ((), signal.SIGINT), (("--workers", "2"), signal.SIGTERM)],
    ids=["SIGTERM", "SIGINT", "two workers"],
)
def test_a_site_serves_until_a_signal_and_ends_well(
    words: tuple[str, ...], ending: signal.Signals, database_url: str, free_port: int, tmp_path: Path
) -> None:
    with served(database_url, free_port, tmp_path, *words) as process:
        assert "一张蓝图" in httpx.get(f"http://127.0.0.1:{free_port}/").text
        process.send_signal(ending)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert f"http://127.0.0.1:{free_port}" in out
    assert "站点已停止" in out
    assert "Traceback" not in err
    assert not _answers(free_port)


@pytest.mark.parametrize(
    ("host", "code"),
    [(None, "port_in_use"), ("203.0.113.9", "host_not_ours"), ("no such host", "host_unknown")],
)
def test_a_port_or_host_that_cannot_be_had_is_refused(host: str | None, code: str, taken_port: int) -> None:
    with pytest.raises(InvalidOption, match=host or str(taken_port)) as refused:
        listen("127.0.0.1" if host is None else host, taken_port)
    assert refused.value.code == code
    assert "--port" in str(refused.value)


def test_a_given_database_is_not_migrated_on_the_side(unmigrated_url: str, tmp_path: Path, free_port: int) -> None:
    environment = {
        **os.environ,  # noqa: TID251 the tests' own entry point
        "GEO_REVIEW_HOME": str(tmp_path),
        "GEO_REVIEW_DATABASE_URL": unmigrated_url,
    }
    done = geo_review("serve", "--port", free_port, env=environment)
    assert done.returncode == 2
    assert "geo-review db migrate" in done.stderr.decode()
