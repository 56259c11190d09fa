"""The list of the sample projects, `projects.toml`: written with the city, read back by whoever shows it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from geo_review.sample_city.city import SampleCity
from geo_review.wording import say


def write_project_list(path: Path, city: SampleCity) -> None:
    """Write the list; file names are relative to its folder."""
    blocks = [f"# {say('sample.list_title')}\nseed = {city.seed}\n"]
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


def _block(table: str, values: Mapping[str, object]) -> str:
    """JSON strings and lists of strings are TOML too."""
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join([f"[[{table}]]", *lines, ""])
