"""The sample city (样例数据) into the store, one small step at a time. Reads a written city; draws nothing.

A step is one transaction of its caller's: broken off and run again, what is there already is passed by.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from geo_review.boundary.read import read_boundary
from geo_review.boundary.received import from_path
from geo_review.city import City
from geo_review.control.content_hash import content_sha256
from geo_review.control.folder import DataSet, open_folder
from geo_review.errors import UnknownProject
from geo_review.review.findings import Verdict
from geo_review.rules.load import DEFAULT_RULEBOOK, parse_rulebook, read_rulebook
from geo_review.store.control_layers import LayerState, find_version
from geo_review.store.projects import get_project
from geo_review.store.reviews import latest_review
from geo_review.usecases.load_layer import load_layer
from geo_review.usecases.publish_layer import NOBODY
from geo_review.usecases.run_review import review_project
from geo_review.usecases.submit_project import submit_project

PROJECT_LIST = "projects.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One transaction's work. ``do`` returns whether anything had to be stored."""

    kind: str  # "layer" or "project"
    name: str
    do: Callable[[Session], bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedProject:
    """A project of the list, and the verdict that its red line was drawn for."""

    code: str
    name: str
    flow: str
    file: Path
    expected: Verdict


def listed_projects(folder: Path) -> tuple[ListedProject, ...]:
    """Return the projects of a written sample city, as its list has them."""
    table = tomllib.loads((folder / PROJECT_LIST).read_text(encoding="utf-8"))
    return tuple(_listed(folder, entry) for entry in table["project"])


def loading_steps(folder: Path, *, city: City, as_of: date, now: datetime) -> tuple[Step, ...]:
    """Return what is to be done, in order: every layer stored and published, every project stored and reviewed.

    ``as_of`` is the legal date of the reviews, ``now`` the moment that everything is stored at.
    """
    return (*_layer_steps(folder / "layers", now), *_project_steps(folder, city, as_of, now))


def _layer_steps(folder: Path, now: datetime) -> Iterator[Step]:
    for code, data_set in open_folder(folder).data_sets.items():

        def do(session: Session, code: str = code, data_set: DataSet = data_set) -> bool:
            return _store_layer(session, code, data_set, now)

        yield Step(kind="layer", name=data_set.words.title or code, do=do)


def _store_layer(session: Session, code: str, data_set: DataSet, now: datetime) -> bool:
    version = data_set.words.version
    known = find_version(session, code, version) if version else None
    # Reading 20,000 polygons to find that nothing is to be done would make the second start as slow as the first.
    if known and known.state is LayerState.PUBLISHED and known.sha256 == content_sha256(data_set.path):
        return False
    load_layer(
        session,
        data_set.path,
        code=code,
        title=data_set.words.title,
        version=version,
        valid_from=data_set.words.valid_from,
        valid_to=data_set.words.valid_to,
        coverage_path=data_set.coverage,
        source=data_set.words.source,
        accuracy_m=data_set.words.accuracy_m,
        epsg=data_set.words.epsg,
        publish_by=NOBODY,
        now=now,
    )
    return True


def _project_steps(folder: Path, city: City, as_of: date, now: datetime) -> Iterator[Step]:
    content = read_rulebook(DEFAULT_RULEBOOK)
    rulebook = parse_rulebook(content, name=DEFAULT_RULEBOOK)
    for project in listed_projects(folder):

        def do(session: Session, project: ListedProject = project) -> bool:
            if not _is_stored(session, project.code):
                file = from_path(project.file)
                submit_project(
                    session,
                    code=project.code,
                    name=project.name,
                    flow=project.flow,
                    attributes={},
                    file=file,
                    boundary=read_boundary(file, city=city),
                    is_sample=True,
                    now=now,
                )
            elif latest_review(session, project.code) is not None:
                return False
            review_project(
                session, code=project.code, rulebook=rulebook, rulebook_content=content, as_of=as_of, now=now
            )
            return True

        yield Step(kind="project", name=project.name, do=do)


def _is_stored(session: Session, code: str) -> bool:
    try:
        get_project(session, code)
    except UnknownProject:
        return False
    return True


def _listed(folder: Path, entry: Mapping[str, Any]) -> ListedProject:
    return ListedProject(
        code=entry["code"],
        name=entry["name"],
        flow=entry["flow"],
        file=folder / entry["file"],
        expected=Verdict(entry["expected"]),
    )
