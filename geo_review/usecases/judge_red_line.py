"""A red line judged, wherever its layers come from. Needs no store, so that `review --layers` starts without one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

import pyproj
import shapely

from geo_review import __version__
from geo_review.boundary.model import Boundary
from geo_review.control.model import LayerFacts, LayerNear
from geo_review.review.engine import review
from geo_review.review.findings import ReviewReport
from geo_review.review.inputs import ReviewInputs
from geo_review.rules.rulebook import Rulebook
from geo_review.wording import say

CONTEXT_FRAME_M = 500.0  # what a report's map shows around the red line


def review_file(
    layers_of: Callable[[str], LayerNear | None],
    boundary: Boundary,
    rulebook: Rulebook,
    as_of: date,
    project_values: Mapping[str, str],
) -> ReviewReport:
    """Review a red line that is stored nowhere; ``layers_of`` gives what lies near it of a layer, None for no layer.

    Judged with a layer that is 样例数据, the report is one, whatever the project is.
    """
    found = {code: layers_of(code) for code in rulebook.layer_codes}
    layers = {code: layer for code, layer in found.items() if layer is not None}
    made_up = {"sample": "1"} if uses_samples(layer.facts for layer in layers.values()) else {}
    inputs = ReviewInputs(
        boundary=boundary,
        as_of=as_of,
        layers=layers,
        project=dict(project_values) | made_up,
        engine=engine_versions(),
    )
    return review(inputs, rulebook)


def uses_samples(layers: Iterable[LayerFacts]) -> bool:
    """Return whether any layer calls itself 样例数据, in its title or its source: what it says is not real."""
    word = say("report.sample")
    return any(word in f"{facts.title} {facts.source or ''}" for facts in layers)


def kinds_of_layers(rulebook: Rulebook) -> dict[str, str]:
    """Return for each layer code the kind of the first rule that asks for it, which its picture is drawn by."""
    return {rule.layer: str(rule.kind) for rule in reversed(rulebook.rule)}


def engine_versions() -> dict[str, str]:
    """Name what judges, for the report."""
    return {"geo_review": __version__, "geos": shapely.geos_version_string, "proj": pyproj.proj_version_str}
