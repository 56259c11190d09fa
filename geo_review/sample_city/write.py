"""Writes the whole sample city into a folder: layers, red lines, refused files, and the list of projects."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from geo_review.sample_city.city import SEED, RefusedFile, SampleCity, SampleProject
from geo_review.sample_city.layer_files import write_layers
from geo_review.sample_city.layers import draw_layers
from geo_review.sample_city.plan import draw_plan
from geo_review.sample_city.project_list import write_project_list
from geo_review.sample_city.projects import PlacedProject, draw_projects
from geo_review.sample_city.red_line_files import write_red_line, write_refused
from geo_review.wording import say

Progress = Callable[[str], None]

_REFUSALS = {"边界自相交": "invalid_boundary", "无带号": "unknown_crs", "西安80坐标系": "foreign_datum"}


def write_sample_city(
    folder: Path, *, seed: int = SEED, scale: float = 1.0, progress: Progress | None = None
) -> SampleCity:
    """Draw the city of a seed and write it; the same seed and scale write the same bytes.

    Only the folders ``layers``, ``projects`` and ``refused`` inside ``folder`` are replaced. ``progress`` is called
    with a sentence for each step. ``scale`` changes the number of farmland patches only.
    """
    tell = progress or (lambda sentence: None)
    for part in ("layers", "projects", "refused"):
        shutil.rmtree(folder / part, ignore_errors=True)
        (folder / part).mkdir(parents=True)
    tell(say("sample.drawing"))
    plan = draw_plan(seed)
    layers = draw_layers(plan, scale=scale)
    placed = draw_projects(plan, layers)
    write_layers(folder / "layers", plan, layers, lambda code: tell(say("sample.layer_written", code=code)))
    projects = tuple(_written(folder / "projects", project) for project in placed)
    refused = _refused(folder / "refused", placed[0])
    tell(say("sample.projects_written", projects=len(projects), refused=len(refused)))
    city = SampleCity(
        folder=folder,
        seed=seed,
        layers=folder / "layers",
        layer_codes=tuple(layers),
        projects=projects,
        refused=refused,
    )
    write_project_list(folder / "projects.toml", city)
    return city


def _written(folder: Path, project: PlacedProject) -> SampleProject:
    wish = project.wish
    file = folder / f"{project.code[-2:]}-{wish.name}{wish.file}"
    write_red_line(file, wish, project.code, project.site)
    return SampleProject(
        code=project.code,
        name=wish.name,
        county=wish.county,
        flow=wish.flow,
        file=file,
        expected=wish.expected,
        why=wish.why,
        meets=wish.meets,
        values=wish.values,
    )


def _refused(folder: Path, project: PlacedProject) -> tuple[RefusedFile, ...]:
    files = write_refused(folder, project.site)
    reasons = {
        "边界自相交": say("sample.refused_crossing"),
        "无带号": say("sample.refused_no_zone"),
        "西安80坐标系": say("sample.refused_datum"),
    }
    return tuple(RefusedFile(file=file, error=_REFUSALS[name], why=reasons[name]) for name, file in files.items())
