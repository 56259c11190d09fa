"""The soak sees what it looks for: planted, each fault is counted, and named with its file."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from geo_review.boundary.asked import Asked
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.understood import Understanding
from tests.fuzz.forks import read_in_forks
from tests.fuzz.reading import Case, Making, in_process
from tests.fuzz.watched import Watched, watched

SOUND = b'{"type":"Polygon","coordinates":[[[115.02,35.76],[115.03,35.76],[115.03,35.77],[115.02,35.76]]]}'
BAD = "the bad one"


def row(*names: str) -> list[Making]:
    """Files of these names, all of them sound."""
    return [partial(Case, name=name, file=ReceivedFile(name=f"{name}.geojson", content=SOUND)) for name in names]


def broken_by(fault: Callable[[], object]) -> Callable[[ReceivedFile, Asked], Understanding]:
    """A reader that does something else when it comes to the bad file."""

    def read(file: ReceivedFile, asked: Asked) -> Understanding:
        if file.name.startswith(BAD):
            fault()
        return in_process(file, asked)

    return read


def divide() -> None:
    raise ZeroDivisionError("planted")


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        pytest.param(divide, "internal_error", "ZeroDivisionError: planted", id="it raises what is no refusal"),
        pytest.param(os.abort, "died", "it ended the process: 6", id="it ends the process"),
        pytest.param(
            partial(os._exit, 0), "died", "it ended the process: 0", id="it ends the process and says nothing"
        ),
        pytest.param(partial(time.sleep, 60), "died", "it ended the process: 9", id="it never ends"),
    ],
)
def test_reader_that_breaks_is_told_with_its_file_and_the_others_are_read(
    fault: Callable[[], object], code: str, said: str
) -> None:
    tally, _ = read_in_forks([row("a", BAD, "b", "c"), row("d")], broken_by(fault), most_s=3.0)
    assert tally.outcomes == {"understood": 4, code: 1}
    assert [BAD in each and said in each for each in tally.faults] == [True]


def opened(here: Watched) -> None:
    here.canary.read_bytes()


def called(here: Watched) -> None:
    host, _, port = here.address.removeprefix("http://").partition(":")
    socket.create_connection((host, int(port))).close()


@pytest.mark.parametrize(
    ("attempt", "openings", "connections"),
    [
        pytest.param(opened, 1, 0, id="the canary is opened"),
        pytest.param(called, 0, 1, id="the address is called"),
        pytest.param(lambda here: here.canary.stat(), 0, 0, id="nothing but a look"),
    ],
)
def test_what_a_file_makes_a_reader_do_is_counted(
    tmp_path: Path, attempt: Callable[[Watched], object], openings: int, connections: int
) -> None:
    with watched(tmp_path) as here:
        tally, _ = read_in_forks([row("a", BAD, "b", "c")], broken_by(partial(attempt, here)))
        assert (here.openings(), here.connections()) == (openings, connections)
    assert tally.outcomes == {"understood": 4}
