"""The demo: sample city, one review as a table, the site. All of it is 样例数据; a second run repeats nothing."""

from __future__ import annotations

import hashlib
import logging
import shlex
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy import Engine

from api.app import create_app
from api.self_check import check_site
from api.serving import address_of, listen, log_to_stderr, serve, serving, signals_end_quietly
from api.standing import database
from geo_review import sample_city
from geo_review.report.table import print_table
from geo_review.review.findings import Verdict
from geo_review.sample_city import AS_OF, write_sample_city
from geo_review.settings import Settings, from_environment, moment_now
from geo_review.store.connect import make_sessions
from geo_review.store.reviews import StoredReview, latest_review
from geo_review.usecases.load_sample_city import ListedProject, Step, listed_projects, loading_steps
from geo_review.wording import say

_STAMP = "sample-city.stamp"
_INTERRUPTED = 130


def run_demo(host: str, port: int, *, once: bool) -> None:
    """Run the demo. The port is asked for first: a taken one is told at once, not after a minute."""
    settings = from_environment()
    log_to_stderr(level=logging.WARNING)
    with signals_end_quietly(), closing(listen(host, port)) as listening:
        click.echo(say("serving.starting_database"))
        with database(settings, migrate_given=True) as engine:
            folder = written_city(settings)
            load_city(engine, folder, settings)
            project, review = shown_review(engine, folder)
            click.echo(say("serving.one_review", code=project.code, name=project.name))
            print_table(review.document, Console())
            app = create_app(settings, engine)
            if once:
                with serving(app, listening) as address:
                    check_site(address, project.code, review.id)
                return
            _tell_what_to_try(address_of(listening), folder)
            serve(app, listening, access_log=False)
    click.echo(say("serving.stopped"))
    if once:
        sys.exit(_INTERRUPTED)  # the checks were not made


def written_city(settings: Settings) -> Path:
    """Return the folder of the sample city, written anew unless this very edition of it is there."""
    folder, stamp = settings.home / "sample-city", settings.home / _STAMP
    edition = _edition()
    if stamp.is_file() and stamp.read_text() == edition and folder.is_dir():
        click.echo(say("serving.city_known", folder=folder))
        return folder
    click.echo(say("serving.drawing_city"))
    stamp.unlink(missing_ok=True)
    write_sample_city(folder)
    stamp.write_text(edition)
    return folder


def load_city(engine: Engine, folder: Path, settings: Settings) -> None:
    """Load what is not loaded yet, one transaction a step, with a bar on a terminal and a few plain lines in a log."""
    began = time.monotonic()
    sessions = make_sessions(engine)
    steps = loading_steps(folder, city=settings.city, as_of=AS_OF, now=moment_now())
    with _progress(steps) as tell:
        for step in steps:
            tell(step)
            with sessions.begin() as session:
                step.do(session)
    kinds = Counter(step.kind for step in steps)
    seconds = f"{time.monotonic() - began:.0f}"
    click.echo(say("serving.loaded", layers=kinds["layer"], projects=kinds["project"], seconds=seconds))


def shown_review(engine: Engine, folder: Path) -> tuple[ListedProject, StoredReview]:
    """Return the project that shows most: refused, for the most reasons."""
    with make_sessions(engine).begin() as session:
        reviewed = [(project, latest_review(session, project.code)) for project in listed_projects(folder)]
    return max(((project, review) for project, review in reviewed if review), key=lambda pair: _interest(pair[1]))


def _interest(review: StoredReview) -> tuple[bool, int, int]:
    outcomes = Counter(result["outcome"] for result in review.document["results"])
    return review.verdict is Verdict.FAIL, outcomes["fail"], outcomes["consult"]


def _edition() -> str:
    """Name the edition of the city by what draws it: the version alone would keep an old one while it is worked on."""
    digest = hashlib.sha256()
    for path in sorted(Path(sample_city.__file__).parent.iterdir()):
        if path.suffix in (".py", ".toml"):
            digest.update(path.read_bytes())
    return digest.hexdigest()


@contextmanager
def _progress(steps: tuple[Step, ...]) -> Iterator[Callable[[Step], None]]:
    console = Console(stderr=True)
    if not console.is_terminal:
        seen: set[str] = set()

        def tell_once(step: Step) -> None:
            if step.kind not in seen:
                seen.add(step.kind)
                click.echo(say("serving.loading", name=say(f"serving.loading_{step.kind}s")))

        yield tell_once
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=len(steps))

        def advance(step: Step) -> None:
            bar.update(task, advance=1, description=say("serving.loading", name=step.name))

        yield advance


def _tell_what_to_try(address: str, folder: Path) -> None:
    first = listed_projects(folder)[0]
    words = (".venv/bin/geo-review", "review", first.file, "--layers", folder / "layers", "--set", f"flow={first.flow}")
    command = shlex.join(str(word) for word in (*words, "--as-of", AS_OF))
    click.echo(say("serving.serving_at", address=address))
    click.echo(say("serving.try_title"))
    for number, line in enumerate(
        (
            say("serving.try_desk", address=address),
            say("serving.try_upload", file=first.file),
            say("serving.try_command", command=command),
        ),
        1,
    ):
        click.echo(f"  {number}. {line}")
