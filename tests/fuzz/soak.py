"""Torn and hostile files by the hundred thousand: ``make soak``, or ``python -m tests.fuzz.soak 100000``.

Prints what became of them, and exits 1 when a reader broke (an exception that is no refusal, a process that died), the
canary was opened, the address was called, or the parent of the pool grew by more than 50 MB. Most are read in forks of
this process, which is harder on the readers: no wall stands between them and the canary. The others go through the
pool as a site would send them.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from geo_review.sandbox.pool import ParserPool
from tests.fuzz.forks import read_in_forks
from tests.fuzz.hostile import hostile_files
from tests.fuzz.reading import Case, Making, Tally, memory_mb, shares, through_pool, torn_case
from tests.fuzz.seeds import seeds
from tests.fuzz.watched import watched

MOST_GROWTH_MB = 50.0


def main() -> None:
    """Run the soak and print its figures."""
    given = _options().parse_args()
    pooled = given.files // 20 if given.pool is None else given.pool
    began_s = time.monotonic()
    with TemporaryDirectory() as scratch, watched(Path(scratch)) as here:
        sound = seeds(given.seeds or Path(scratch, "seeds"))
        torn: list[Making] = [partial(torn_case, sound, given.seed, number) for number in range(given.files)]
        hostile: list[Making] = [
            partial(Case, name=name, file=file) for name, file in hostile_files(here.canary, here.address)
        ]
        if not given.hostile:
            hostile = []
        here.openings()  # those of the preparation
        alone = torn[: given.files - pooled]
        tally, growth = read_in_forks([*shares(alone, len(os.sched_getaffinity(0))), hostile])
        in_pool, before_mb, after_mb = Tally(), 0.0, 0.0
        if pooled:
            with ParserPool() as pool:
                pool.confinement()
                before_mb = memory_mb()
                in_pool = through_pool(pool, [*hostile, *torn[len(alone) :]])
                after_mb = memory_mb()
            tally.add(in_pool)
        openings, connections = here.openings(), here.connections()
    seconds = time.monotonic() - began_s
    for outcome, number in tally.outcomes.most_common():
        print(f"{number:8d} {outcome}")
    for fault in tally.faults[:50]:
        print(f"FAULT {fault}")
    print(f"files: {tally.files} ({in_pool.files} through the pool)")
    print(f"understood: {tally.outcomes['understood']}, refused: {tally.files - tally.outcomes['understood']}")
    print(f"internal errors: {len(tally.faults)} (0 promised)")
    print(f"canary openings: {openings} (0 promised)")
    print(f"connections: {connections} (0 promised)")
    grown_mb = max(after_mb - before_mb, 0.0)
    print(f"parent of the pool: {before_mb:.1f} to {after_mb:.1f} MB, grew {grown_mb:.1f} MB ({MOST_GROWTH_MB:.0f} MB)")
    print(f"forks without a wall: grew {growth.most_mb:.1f} MB at most, loading of readers left out")
    print(f"slowest: {tally.slowest[0]:.2f} s ({tally.slowest[1]})")
    print(f"{tally.files / seconds:.0f} files/s, {seconds:.0f} s")
    sys.exit(bool(tally.faults or openings or connections or grown_mb > MOST_GROWTH_MB))


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="tests.fuzz.soak")
    options.add_argument(
        "files", type=int, help="torn files; the hostile ones come on top, once in a fork, once pooled"
    )
    options.add_argument("--pool", type=int, help="how many of them through the pool (default: a twentieth)")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--seeds", type=Path, help="folder of the sound files (made when it is not there)")
    options.add_argument("--hostile", action=argparse.BooleanOptionalAction, default=True)
    return options


if __name__ == "__main__":
    main()
