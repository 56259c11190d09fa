"""Writes the whole sample city into a folder: layers, red lines, refused files, and the list of projects.

Refuses a folder that holds anything but an earlier sample city: it would be overwritten.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from geo_review.errors import InvalidOption
from geo_review.sample_city.city import SEED, SampleCity, SampleProject
from geo_review.sample_city.layer_files import write_layers
from geo_review.sample_city.layers import draw_layers
from geo_review.sample_city.plan import draw_plan
from geo_review.sample_city.project_list import LIST_NAME, is_project_list, mark, write_project_list
from geo_review.sample_city.projects import PlacedProject, draw_projects
from geo_review.sample_city.red_line_files import write_red_line, write_refused
from geo_review.sample_city.sites import NoSite
from geo_review.wording import say

Progress = Callable[[str], None]

_LAYERS, _PROJECTS, _REFUSED = "layers", "projects", "refused"
_SMALLEST_SCALE, _LARGEST_SCALE = 0.01, 2.0


def write_sample_city(
    folder: Path, *, seed: int = SEED, scale: float = 1.0, progress: Progress | None = None
) -> SampleCity:
    """Draw the city of a seed and write it; the same seed and scale write the same bytes.

    ``scale`` changes the number of farmland patches only. ``progress`` is told every step in a sentence.
    """
    if not _SMALLEST_SCALE <= scale <= _LARGEST_SCALE:
        raise InvalidOption(code="sample_scale", message=say("sample.bad_scale", scale=scale))
    if seed < 0:
        raise InvalidOption(code="sample_seed", message=say("sample.bad_seed", seed=seed))
    _must_be_ours(folder)
    tell = progress or (lambda sentence: None)
    tell(say("sample.drawing", seed=seed))
    plan = draw_plan(seed)
    layers = draw_layers(plan, scale=scale)
    try:
        placed = draw_projects(plan, layers)
    except NoSite as error:
        raise InvalidOption(code="sample_seed", message=say("sample.no_site", seed=seed, project=error)) from error
    tell(say("sample.projects_placed", projects=len(placed)))
    _clear(folder)
    write_layers(folder / _LAYERS, plan, layers, lambda code: tell(say("sample.layer_written", code=code)))
    city = SampleCity(
        folder=folder,
        seed=seed,
        layers=folder / _LAYERS,
        layer_codes=tuple(layers),
        projects=tuple(_written(folder / _PROJECTS, project) for project in placed),
        refused=write_refused(folder / _REFUSED, placed[0].site),
    )
    write_project_list(folder / LIST_NAME, city)
    return city


def _must_be_ours(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not is_project_list(folder / LIST_NAME))):
        raise InvalidOption(
            code="sample_folder", message=say("sample.not_ours", folder=folder), remedy=say("sample.not_ours_remedy")
        )


def _clear(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    mark(folder / LIST_NAME)
    for part in (_LAYERS, _PROJECTS, _REFUSED):
        shutil.rmtree(folder / part, ignore_errors=True)
        (folder / part).mkdir()


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
    )
