"""The review as one self-contained page: verdict, findings, map. Everything from the document is escaped by jinja2."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from geo_review.report import palette
from geo_review.report.labels import words
from geo_review.report.leaflet import INLINE
from geo_review.report.map_context import MapContext
from geo_review.report.map_page import render_map
from geo_review.report.sheet import to_sheet


def render_html(document: dict[str, Any], *, context: MapContext | None = None, leaflet: str = INLINE) -> str:
    """Return the page of a document. With ``leaflet="inline"`` it asks for nothing, and its policy forbids it to;
    else ``leaflet`` is the base address that we serve Leaflet at."""
    return (
        _pages()
        .get_template("review.html")
        .render(
            sheet=to_sheet(document),
            map_fragment=render_map(document, context=context, leaflet=leaflet),
            words=words(),
            palette=palette,
            stands_alone=leaflet == INLINE,
        )
    )


@cache
def _pages() -> Environment:
    return Environment(
        loader=PackageLoader("geo_review.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
