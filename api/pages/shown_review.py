"""A review as a page shows it: the sheet of its report and its map. Opens no session and stores nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.pages.rendering import LEAFLET
from geo_review.boundary.model import Boundary
from geo_review.report.document import boundary_document
from geo_review.report.map_context import MapContext
from geo_review.report.map_page import render_map
from geo_review.report.result_rows import ResultRow
from geo_review.report.sheet import Sheet, to_sheet
from geo_review.wording import say


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownReview:
    """``open_rows`` are what an officer has to read, ``clear_rows`` the rules without a conflict."""

    sheet: Sheet
    map_fragment: str
    open_rows: tuple[ResultRow, ...]
    clear_rows: tuple[ResultRow, ...]
    uses_samples: bool


def show_review(document: dict[str, Any], context: MapContext) -> ShownReview:
    """Return what the page shows of a report."""
    sheet = to_sheet(document)
    return ShownReview(
        sheet=sheet,
        map_fragment=render_map(document, context=context, leaflet=LEAFLET, height="480px"),
        open_rows=tuple(row for row in sheet.results if row.outcome != "pass"),
        clear_rows=tuple(row for row in sheet.results if row.outcome == "pass"),
        uses_samples=sheet.is_sample or _names_samples(document),
    )


def _names_samples(document: dict[str, Any]) -> bool:
    """Whether a layer of the report calls itself 样例数据: a report made before reports were marked says it here."""
    word = say("report.sample")
    return any(
        word in f"{result['layer'].get('title') or ''} {result['layer'].get('source') or ''}"
        for result in document["results"]
    )


def show_red_line(boundary: Boundary) -> str:
    """Return the map of a red line that has not been reviewed."""
    return render_map({"boundary": boundary_document(boundary), "results": []}, leaflet=LEAFLET, height="480px")
