"""`geo-review sample-city FOLDER`: draws the sample city and writes it. Draws nothing itself."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from geo_review.sample_city import AS_OF, SEED, SampleCity, write_sample_city
from geo_review.sample_city.deliveries import read_deliveries
from geo_review.wording import say

_STEPS_BESIDE_LAYERS = 2  # drawing, placing the projects


@click.command("sample-city", help=say("sample.help"))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--seed", type=int, default=SEED, show_default=True, help=say("sample.option_seed"))
@click.option("--scale", type=float, default=1.0, show_default=True, help=say("sample.option_scale"))
@click.option("--json", "as_json", is_flag=True, help=say("sample.option_json"))
def sample_city(folder: Path, seed: int, scale: float, as_json: bool) -> None:
    """Write the city; progress goes to stderr, a bar on a terminal and plain lines in a log."""
    console = Console(stderr=True)
    if console.is_terminal:
        with Progress(console=console, transient=True) as bar:
            task = bar.add_task("", total=len(read_deliveries()) + _STEPS_BESIDE_LAYERS)
            city = write_sample_city(
                folder,
                seed=seed,
                scale=scale,
                progress=lambda sentence: bar.update(task, advance=1, description=sentence),
            )
    else:
        city = write_sample_city(
            folder, seed=seed, scale=scale, progress=lambda sentence: click.echo(sentence, err=True)
        )
    _tell(city, as_json=as_json)


def _tell(city: SampleCity, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_summary(city), ensure_ascii=False, indent=2))
        return
    click.echo(
        say(
            "sample.done",
            folder=city.folder,
            layers=len(city.layer_codes),
            projects=len(city.projects),
            refused=len(city.refused),
        )
    )
    first = city.projects[0]
    words = (".venv/bin/geo-review", "review", first.file, "--layers", city.layers, "--set", f"flow={first.flow}")
    click.echo(say("sample.next_step", command=shlex.join(str(word) for word in (*words, "--as-of", AS_OF))))


def _summary(city: SampleCity) -> dict[str, object]:
    return {
        "folder": str(city.folder),
        "seed": city.seed,
        "layers": list(city.layer_codes),
        "projects": [
            {
                "code": project.code,
                "name": project.name,
                "flow": project.flow,
                "file": str(project.file),
                "expected": str(project.expected),
                "why": project.why,
            }
            for project in city.projects
        ],
        "refused": [{"file": str(refused.file), "error": refused.error} for refused in city.refused],
    }
