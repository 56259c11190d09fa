"""Torn files by their number, read, and what became of them counted. Starts no process and prints nothing."""

from __future__ import annotations

import gc
import os
import random
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from geo_review.boundary.asked import Asked
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.understanding import understand
from geo_review.boundary.understood import Understanding
from geo_review.city import PUYANG
from geo_review.sandbox.pool import ParserPool
from geo_review.sandbox.wire import decode_understanding, encode_understanding
from tests.fuzz.mutations import mutated
from tests.fuzz.showing import show

_ASKED = (Asked(), Asked(), Asked(epsg=4547), Asked(epsg=4490), Asked(layer="红线"), Asked(parcels=(1,)))
# How the pool tells a death: a fault of a reader is among them, and told in the log.
DEATHS = ("parse_crashed", "parser_answer")


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A file to be read; its ``name`` says how to have it again."""

    name: str
    file: ReceivedFile
    asked: Asked = field(default_factory=Asked)


Making = Callable[[], Case]  # a file of a long row is made when its turn comes
Read = Callable[[ReceivedFile, Asked], Understanding]


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of one file: a code, or ``understood``; ``fault`` is what a reader broke with."""

    code: str
    took_s: float
    fault: str = ""


@dataclass(kw_only=True)
class Tally:
    """What became of many: outcome → how many; ``faults`` begin with the name of the file."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")

    @property
    def files(self) -> int:
        return self.outcomes.total()

    def count(self, name: str, outcome: Outcome) -> None:
        self.outcomes[outcome.code] += 1
        self.slowest = max(self.slowest, (outcome.took_s, name))
        if outcome.fault:
            self.faults.append(f"{name}: {outcome.fault}")

    def add(self, other: Tally) -> None:
        self.outcomes += other.outcomes
        self.faults += other.faults
        self.slowest = max(self.slowest, other.slowest)


def torn_case(sound: dict[str, ReceivedFile], seed: int, number: int) -> Case:
    """Return one torn file; every sound one is torn in its turn."""
    names, others = sorted(sound), list(sound.values())
    chance = random.Random(f"{seed} {number}")
    name = names[number % len(names)]
    return Case(name=f"{seed} {number} {name}", file=mutated(sound[name], chance, others), asked=chance.choice(_ASKED))


def in_process(file: ReceivedFile, asked: Asked) -> Understanding:
    """Read a file here, as a child does it, believe the answer as the parent of a child does, and show it."""
    seen = understand(file, city=PUYANG, asked=asked)
    believed = decode_understanding(encode_understanding(seen), source=file.source, asked=asked)
    show(believed)
    return believed


def outcome_of(case: Case, read: Read) -> Outcome:
    """Read a file; whatever is raised is a fault, unless there was no memory, which a child says of itself."""
    began_s, fault = time.perf_counter(), ""
    try:
        code = _code(read(case.file, case.asked))
    except MemoryError:
        code = "parse_memory"
    except Exception:  # noqa: BLE001 what is looked for
        code, fault = "internal_error", traceback.format_exc(limit=-4)
    return Outcome(code=code, took_s=time.perf_counter() - began_s, fault=fault)


def through_pool(pool: ParserPool, makings: Iterable[Making]) -> Tally:
    """Read files as a site would have them read. What a child died of stands in the log."""
    names: list[str] = []
    tally = Tally()

    def handed_in() -> Iterable[tuple[ReceivedFile, Asked]]:
        for making in makings:
            case = making()
            names.append(case.name)
            yield case.file, case.asked

    for number, seen in enumerate(pool.understand_many(handed_in(), city=PUYANG)):
        code = _code(seen)
        tally.count(names[number], Outcome(code=code, took_s=0.0, fault=code if code in DEATHS else ""))
    return tally


def memory_mb() -> float:
    """What this process has of the machine's memory."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def shares(makings: Sequence[Making], of: int) -> list[Sequence[Making]]:
    """Deal a row out to so many."""
    return [makings[number::of] for number in range(of)]


def _code(seen: Understanding) -> str:
    return seen.refusal.code if seen.refusal else "understood"
