"""The list of the sample projects, `projects.toml`. Its first line is the mark of a folder that is a sample city."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from geo_review.sample_city.city import SampleCity
from geo_review.wording import say

LIST_NAME = "projects.toml"


def write_project_list(path: Path, city: SampleCity) -> None:
    """Write the list; file names are relative to its folder."""
    blocks = [f"{_title()}\nseed = {city.seed}\n"]
    blocks += [
        _block(
            "project",
            {
                "code": project.code,
                "name": project.name,
                "county": project.county,
                "flow": project.flow,
                "file": project.file.relative_to(path.parent).as_posix(),
                "expected": str(project.expected),
                "why": project.why,
                "meets": list(project.meets),
            },
        )
        for project in city.projects
    ]
    blocks += [
        _block(
            "refused",
            {"file": refused.file.relative_to(path.parent).as_posix(), "error": refused.error, "why": refused.why},
        )
        for refused in city.refused
    ]
    path.write_text("\n".join(blocks), encoding="utf-8")


def mark(path: Path) -> None:
    """Begin a list, so that a run that is broken off leaves a folder that can be written again."""
    path.write_text(f"{_title()}\n", encoding="utf-8")


def is_project_list(path: Path) -> bool:
    """Tell whether a file is the list of a sample city, by its first line."""
    return path.is_file() and path.read_bytes().startswith(_title().encode())


def _title() -> str:
    return f"# {say('sample.list_title')}"


def _block(table: str, values: Mapping[str, object]) -> str:
    """JSON strings and lists of strings are TOML too."""
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join([f"[[{table}]]", *lines, ""])
