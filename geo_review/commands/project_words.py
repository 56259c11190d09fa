"""How stored projects are written for people and for programs. Reads no store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from geo_review.review.findings import Verdict
from geo_review.rules.flows import flows
from geo_review.store.boundaries import BoundaryLine, StoredBoundary
from geo_review.store.projects import ProjectLine, ProjectPage, StoredProject
from geo_review.store.reviews import ReviewLine
from geo_review.wording import say
from geo_review.wording.spacing import close_up

_WIDTH_IN_A_LOG = 180  # a pipe has no width; rich would fold everything into 80 columns
_MU_M2 = 10_000.0 / 15.0
_NONE = "—"


def stored_lines(stored: StoredBoundary) -> Iterator[str]:
    """Say what was stored of a submission: version, reference system and why, area, issues."""
    boundary = stored.boundary
    yield say(
        "store.boundary_stored" if stored.is_new else "store.boundary_known",
        code=stored.project_code,
        version=stored.version,
    )
    yield say("store.boundary_crs", epsg=boundary.crs.epsg, reason=boundary.crs.reason)
    yield say(
        "store.boundary_area",
        parcels=len(boundary.parcels),
        area=_area(boundary.planar_area_m2),
        mu=_mu(boundary.planar_area_m2),
    )
    for issue in boundary.issues:
        yield close_up(say("store.boundary_issue", where=issue.where, message=issue.message))


def listed(line: ProjectLine) -> dict[str, Any]:
    """Return a line of the list as JSON has it."""
    return _plain(asdict(line))


def project_document(
    project: StoredProject, boundaries: Sequence[BoundaryLine], reviews: Sequence[ReviewLine]
) -> dict[str, Any]:
    """Return a project with its versions and reviews as JSON has it."""
    return _plain(asdict(project)) | {
        "boundaries": [_plain(asdict(line)) for line in boundaries],
        "reviews": [_plain(asdict(line)) for line in reviews],
    }


def print_projects(page: ProjectPage) -> None:
    """Print the list, and how many there are in all."""
    table = _table("project", "name", "flow", "boundary", "area", "verdict", "as_of")
    for line in page.lines:
        _add(
            table,
            line.code,
            say("store.sample_name", name=line.name) if line.is_sample else line.name,
            _flow(line.flow) if line.flow else _NONE,
            _NONE if line.boundary_version is None else str(line.boundary_version),
            _NONE if line.planar_area_m2 is None else _area(line.planar_area_m2),
            _verdict(line.verdict),
            _NONE if line.as_of is None else line.as_of.isoformat(),
        )
    _print(table)
    _console().print(say("store.projects_total", shown=len(page.lines), total=page.total))


def print_project(project: StoredProject, boundaries: Sequence[BoundaryLine], reviews: Sequence[ReviewLine]) -> None:
    """Print a project: its facts, its red lines, its reviews."""
    console = _console()
    name = say("store.sample_name", name=project.name) if project.is_sample else project.name
    console.print(Text(f"{project.code}  {name}"))
    values = "、".join(
        f"{key}={_flow(value) if key == 'flow' else value}" for key, value in sorted(project.values.items())
    )
    console.print(Text(say("store.project_facts", values=values or _NONE, moment=_moment(project.created_at))))
    versions = _table("boundary", "file", "format", "crs", "area", "submitted_at", "sha256")
    for line in boundaries:
        _add(
            versions,
            str(line.version),
            line.file_name,
            line.format,
            str(line.crs_epsg),
            _area(line.planar_area_m2),
            _moment(line.submitted_at),
            line.sha256[:12],
        )
    _print(versions)
    made = _table("review", "verdict", "boundary", "as_of", "rulebook", "made_at", "sha256")
    for review in reviews:
        _add(
            made,
            str(review.id),
            _verdict(review.verdict),
            str(review.boundary_version),
            review.as_of.isoformat(),
            f"{review.rulebook_id} {review.rulebook_edition}",
            _moment(review.created_at),
            review.document_sha256[:12],
        )
    if reviews:
        _print(made)
    else:
        console.print(Text(say("store.no_review_yet", code=project.code)))


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for name in columns:
        table.add_column(say(f"store.column_{name}"), justify="right" if name in ("area", "review") else "left")
    return table


def _add(table: Table, *cells: str) -> None:
    table.add_row(*(Text(cell) for cell in cells))  # Text: a [bracket] in a name is no mark-up


def _print(table: Table) -> None:
    _console().print(table if table.row_count else say("store.nothing_yet"))


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=_WIDTH_IN_A_LOG)


def _flow(slug: str) -> str:
    """The title of an approval flow with its slug; a slug that is not of this city as it is."""
    title = next((flow.title for flow in flows() if flow.slug == slug), None)
    return say("review.flow_called", title=title, slug=slug) if title else slug


def _verdict(verdict: Verdict | None) -> str:
    return say("store.verdict_none" if verdict is None else f"report.verdict_{verdict}")


def _area(area_m2: float) -> str:
    return f"{area_m2:,.2f}"


def _mu(area_m2: float) -> str:
    return f"{area_m2 / _MU_M2:,.4f}"


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date | datetime) else value for key, value in fields.items()}
