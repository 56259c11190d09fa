"""`geo-review projects import DIR`: a folder of red lines into the store, with progress, a table, a list of refusals.

Reads no file itself and stores none: `usecases.import_folder` does.
"""

from __future__ import annotations

import functools
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from geo_review.boundary.asked import Asked
from geo_review.commands.file_outputs import refuse_clashes
from geo_review.commands.import_files import RefusalList, Tally, import_document, summary_table
from geo_review.commands.red_line_reading import understand_red_lines
from geo_review.commands.store_session import store_sessions
from geo_review.errors import InvalidOption
from geo_review.settings import Settings, moment_now
from geo_review.usecases.folder_files import REFUSALS_NAME
from geo_review.usecases.import_folder import FileOutcome, Outcome, import_files
from geo_review.usecases.import_plan import ImportPlan, plan_import
from geo_review.wording import say

REFUSED = 2
_A_LINE_EVERY_S = 5.0  # in a log


@dataclass(frozen=True, kw_only=True, slots=True)
class FolderOptions:
    """What is said of a whole folder."""

    manifest: Path | None = None
    refusals: Path | None = None
    new_versions: bool = False
    dry_run: bool = False

    def refuse_for_one_file(self) -> None:
        """Refuse what means nothing for a file."""
        given = {
            "--manifest": self.manifest,
            "--refusals": self.refusals,
            "--new-versions": self.new_versions,
            "--dry-run": self.dry_run,
        }
        _refuse([name for name, value in given.items() if value], "option_for_folder")


def folder_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--manifest --refusals --new-versions --dry-run``; the command takes them as one ``of_folder``."""

    @functools.wraps(command)
    def with_folder(
        *args: object, manifest: Path | None, refusals: Path | None, new_versions: bool, dry_run: bool, **others: object
    ) -> None:
        options = FolderOptions(manifest=manifest, refusals=refusals, new_versions=new_versions, dry_run=dry_run)
        command(*args, of_folder=options, **others)

    path = click.Path(path_type=Path)
    for option in (
        click.option("--dry-run", is_flag=True, help=say("import.option_dry_run")),
        click.option("--new-versions", is_flag=True, help=say("import.option_new_versions")),
        click.option("--refusals", type=path, metavar="PATH", help=say("import.option_refusals")),
        click.option("--manifest", type=path, metavar="PATH", help=say("import.option_manifest")),
    ):
        with_folder = option(with_folder)
    return with_folder


def import_folder(
    folder: Path,
    *,
    settings: Settings,
    flow: str | None,
    asked: Asked,
    options: FolderOptions,
    only_for_one_file: Iterable[str],
    as_json: bool,
) -> None:
    """Import every file of a folder; exit with 2 when some were refused. ``only_for_one_file`` are options given."""
    _refuse(only_for_one_file, "option_for_file")
    refusals = options.refusals or Path(REFUSALS_NAME)
    plan = plan_import(folder, manifest=options.manifest, flow=flow, asked=asked)
    refuse_clashes([str(refusals)], plan.paths)
    _tell_plan(plan, options)
    tally, begun_s = Tally(), time.monotonic()
    with store_sessions(settings) as sessions, RefusalList(refusals) as refused:
        outcomes = import_files(
            sessions,
            plan,
            read=partial(understand_red_lines, city=settings.city),
            new_versions=options.new_versions,
            dry_run=options.dry_run,
            now=moment_now,
        )
        try:
            for outcome in _with_progress(outcomes, plan.count):
                tally.add(outcome)
                if outcome.outcome is Outcome.REFUSED:
                    refused.add(outcome)
        except KeyboardInterrupt:
            click.echo(say("import.interrupted", done=len(tally.outcomes), count=plan.count), err=True)
            raise
        finally:
            outcomes.close()
    seconds = time.monotonic() - begun_s
    written = refusals if refused.count else None
    if as_json:
        document = import_document(tally, seconds=seconds, refusals=written)
        click.echo(json.dumps({"dry_run": options.dry_run} | document, ensure_ascii=False, indent=2))
    else:
        click.echo(summary_table(tally, seconds=seconds, dry_run=options.dry_run))
        if written:
            click.echo(say("import.refusals_written", count=refused.count, path=written))
    if refused.count:
        sys.exit(REFUSED)


def needed(context: click.Context, name: str, value: str | None) -> str:
    """Return the value of an option that one file cannot do without."""
    if value is None:
        raise click.MissingParameter(
            ctx=context, param=next(option for option in context.command.params if option.name == name)
        )
    return value


def _with_progress(outcomes: Iterator[FileOutcome], count: int) -> Iterator[FileOutcome]:
    """Show how far it is on stderr: a bar on a terminal, a line now and then in a log."""
    console = Console(stderr=True)
    refused = 0
    if not console.is_terminal:
        told_s = time.monotonic()
        for done, outcome in enumerate(outcomes, start=1):
            yield outcome
            refused += outcome.outcome is Outcome.REFUSED
            if time.monotonic() - told_s > _A_LINE_EVERY_S and done < count:
                told_s = time.monotonic()
                click.echo(say("import.progress", done=done, count=count, refused=refused), err=True)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[refused]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(say("import.bar"), total=count, refused="")
        for outcome in outcomes:
            yield outcome
            refused += outcome.outcome is Outcome.REFUSED
            bar.update(task, advance=1, refused=say("import.bar_refused", count=refused) if refused else "")


def _tell_plan(plan: ImportPlan, options: FolderOptions) -> None:
    if plan.unused_columns:
        click.echo(say("import.unused_columns", columns="、".join(plan.unused_columns)), err=True)
    if options.dry_run:
        click.echo(say("import.dry_run"), err=True)


def _refuse(given: Iterable[str], code: str) -> None:
    names = "、".join(given)
    if names and code == "option_for_folder":
        raise InvalidOption(code="option_for_folder", message=say("import.option_for_folder", names=names))
    if names:
        raise InvalidOption(
            code="option_for_file",
            message=say("import.option_for_file", names=names),
            remedy=say("import.option_for_file_remedy"),
        )
