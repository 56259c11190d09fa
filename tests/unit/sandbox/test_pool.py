"""The parser pool with real children: what they answer, what they may not, and what becomes of those that die."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from geo_review.boundary.asked import NOTHING_ASKED, Asked
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.understanding import understand
from geo_review.boundary.understood import Understanding
from geo_review.city import PUYANG
from geo_review.commands.sandbox import sandbox
from geo_review.errors import ParserUnavailable
from geo_review.report.understanding_document import understanding_document
from geo_review.sandbox import pool as pool_module
from geo_review.sandbox.confinement import Confinement, Layer
from geo_review.sandbox.pool import ParserPool
from geo_review.sandbox.start import ZygoteLost
from tests.unit.report.understood_files import bow_tie, survey_text, two_members

GOOD = ReceivedFile(name="红线.txt", content=survey_text())


@pytest.fixture(scope="module")
def pool() -> Iterator[ParserPool]:
    with ParserPool(children=2) as pool:
        pool.confinement()
        yield pool


def slow_file() -> ReceivedFile:
    """A red line of 300,000 points: seconds in a child, and time to reach for it."""
    ring = [f"[{115 + number / 1e7:.7f},{35.5 + number % 2 / 1e7:.7f}]" for number in range(300_000)]
    ring = [*ring, "[115.1,35.6]", ring[0]]
    return ReceivedFile(name="a.geojson", content=f'{{"type":"Polygon","coordinates":[[{",".join(ring)}]]}}'.encode())


def processes_below(parent: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(words[1]) == parent and words[0] != "Z":
            found.append(int(path.parent.name))
    return found


def zygote_of(pool: ParserPool) -> int:
    pid: int = pool._current()._process.pid
    return pid


def while_reading(pool: ParserPool, attack: Callable[[int], None]) -> Understanding:
    """Read a slow file and do something to the child that reads it."""
    done = threading.Event()

    def strike() -> None:
        until_s = time.monotonic() + 20
        while time.monotonic() < until_s and not done.is_set():
            if children := processes_below(zygote_of(pool)):
                time.sleep(0.2)  # until it reads
                attack(children[0])
                return
            time.sleep(0.01)

    striking = threading.Thread(target=strike)
    striking.start()
    try:
        return pool.understand(slow_file(), city=PUYANG)
    finally:
        done.set()
        striking.join()


@pytest.mark.parametrize(
    ("name", "content", "asked"),
    [
        ("红线.txt", survey_text((0, 0), (300, 0)), Asked()),
        ("a.geojson", bow_tie(), Asked()),
        ("a.zip", two_members(), Asked()),
        ("a.zip", two_members(), Asked(layer="西.geojson")),
        ("a.bin", b"\0\1\2", Asked()),
    ],
)
def test_a_child_understands_what_we_would(name: str, content: bytes, asked: Asked, pool: ParserPool) -> None:
    file = ReceivedFile(name=name, content=content)
    here = understanding_document(understand(file, city=PUYANG, asked=asked))
    assert understanding_document(pool.understand(file, city=PUYANG, asked=asked)) == here


@pytest.mark.parametrize(
    ("killed_by", "code"),
    [(signal.SIGSEGV, "parse_crashed"), (signal.SIGKILL, "parse_memory"), (signal.SIGXCPU, "parse_timeout")],
)
def test_a_file_that_ends_its_child_is_refused_and_the_next_is_read(
    killed_by: signal.Signals, code: str, pool: ParserPool
) -> None:
    seen = while_reading(pool, lambda child: os.kill(child, killed_by))
    assert seen.refusal is not None
    assert seen.refusal.code == code
    assert pool.understand(GOOD, city=PUYANG).refusal is None


def test_a_child_that_takes_too_long_is_ended(pool: ParserPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "MOST_WALL_S", 0.3)
    seen = pool.understand(slow_file(), city=PUYANG)
    assert seen.refusal is not None
    assert seen.refusal.code == "parse_timeout"
    until_s = time.monotonic() + 5
    while processes_below(zygote_of(pool)) and time.monotonic() < until_s:
        time.sleep(0.02)
    assert processes_below(zygote_of(pool)) == []


def test_a_pool_whose_process_is_killed_starts_another() -> None:
    with ParserPool(children=1) as mine:
        first = zygote_of(mine)
        assert mine.understand(GOOD, city=PUYANG).refusal is None
        os.kill(first, signal.SIGKILL)
        assert mine.understand(GOOD, city=PUYANG).refusal is None
        assert zygote_of(mine) != first


def test_a_pool_without_a_process_says_so_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    class Lost:
        def told(self) -> dict[str, object]:
            raise ZygoteLost("it never was")

        def close(self) -> None:
            pass

    monkeypatch.setattr(pool_module, "Zygote", Lost)
    with pytest.raises(ParserUnavailable) as refusal:
        ParserPool().understand(GOOD, city=PUYANG)
    assert refusal.value.code == "parser_unavailable"
    assert "geo-review sandbox check" in (refusal.value.remedy or "")


def test_many_files_come_in_their_order_and_a_refused_one_stops_none(pool: ParserPool) -> None:
    files = [GOOD, ReceivedFile(name="a.geojson", content=bow_tie()), ReceivedFile(name="b.txt", content=b""), GOOD]
    files *= 20
    seen = list(pool.understand_many(((file, NOTHING_ASKED) for file in files), city=PUYANG))
    assert [one.file.name for one in seen] == [file.name for file in files]
    assert [one.refusal is None for one in seen] == [True, False, False, True] * 20


def test_who_waits_behind_too_many_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "_MOST_WAITING", 0)
    with ParserPool(children=1) as mine, mine._place(), pytest.raises(ParserUnavailable) as refusal:
        mine.understand(GOOD, city=PUYANG)
    assert refusal.value.code == "parser_busy"


@pytest.mark.parametrize(
    ("missing", "named"), [({"files"}, "文件隔离"), ({"namespace", "calls"}, "网络隔离"), ({"calls"}, None)]
)
def test_strict_reads_nothing_unless_network_and_files_are_shut(
    missing: set[str], named: str | None, pool: ParserPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("namespace", "user", "privileges", "files", "calls")
    layers = tuple(Layer(name=name, holds=name not in missing) for name in names)
    monkeypatch.setattr(pool_module, "confinement_of", lambda told: Confinement(layers=layers))
    strict = ParserPool(strict=True, zygote=pool._current())
    if named is None:
        assert strict.understand(GOOD, city=PUYANG).refusal is None
        return
    with pytest.raises(ParserUnavailable) as refusal:
        strict.understand(GOOD, city=PUYANG)
    assert refusal.value.code == "parser_not_confined"
    assert named in (refusal.value.remedy or "")


def test_what_an_attacker_would_try_is_prevented_wherever_a_wall_stands(pool: ParserPool) -> None:
    confinement, prevented = pool.confinement(), pool.probe()
    walls = {"read_file": "files", "write_file": "files", "use_network": "calls", "start_process": "calls"}
    for attempt, wall in walls.items():
        assert prevented[attempt] or not confinement.holds(wall), attempt
    assert prevented["take_memory"]
    assert prevented["use_other_driver"]


def test_the_check_shows_each_wall_and_each_attempt() -> None:
    shown = CliRunner().invoke(sandbox, ["check"])
    for word in ("namespace", "files", "calls", "试读其他文件", "试连网络"):
        assert word in shown.output
    assert shown.exit_code == int("未阻止" in shown.output)
