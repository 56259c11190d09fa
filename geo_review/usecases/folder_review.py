"""A review against a folder of layer files: nothing is stored, no database is needed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import shapely

from geo_review.boundary.model import Boundary
from geo_review.control.folder import near, open_folder
from geo_review.control.model import LayerNear
from geo_review.geometry.crs import LONLAT, reproject
from geo_review.report.map_context import ContextLayer, MapContext, display_copy
from geo_review.review.findings import ReviewReport
from geo_review.rules.rulebook import Rulebook
from geo_review.usecases.judge_red_line import CONTEXT_FRAME_M, kinds_of_layers, review_file

_DETAIL_M = 0.5  # finer than a pixel of any map we draw


def review_with_folder(
    folder: Path, boundary: Boundary, rulebook: Rulebook, as_of: date, project_values: Mapping[str, str]
) -> tuple[ReviewReport, MapContext]:
    """Return the report of a red line against ``folder``, and what its map shows around it."""
    opened = open_folder(folder)
    reach_m = max(rulebook.reach_m, CONTEXT_FRAME_M)
    found = {code: near(opened, code, boundary, reach_m=reach_m) for code in rulebook.layer_codes}
    report = review_file(found.get, boundary, rulebook, as_of, project_values)
    return report, _context(found, boundary, rulebook)


def _context(found: Mapping[str, LayerNear | None], boundary: Boundary, rulebook: Rulebook) -> MapContext:
    kinds = kinds_of_layers(rulebook)
    west, south, east, north = boundary.geometry.bounds
    frame = (west - CONTEXT_FRAME_M, south - CONTEXT_FRAME_M, east + CONTEXT_FRAME_M, north + CONTEXT_FRAME_M)
    context = []
    for code, layer in found.items():
        if layer is None or not len(layer.pieces):
            continue
        shown = display_copy(shapely.geometrycollections(layer.pieces), frame, _DETAIL_M)
        if not shown.is_empty:
            lonlat = reproject(shown, boundary.measuring_epsg, LONLAT)
            context.append(ContextLayer(code=code, title=layer.facts.title, geometry=lonlat, kind=kinds[code]))
    return tuple(context)
