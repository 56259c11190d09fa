"""The review as PDF/A-2b, set by typst. Data goes in as JSON and is never read as markup; same input, same bytes."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import typst

from geo_review.errors import GeoReviewError
from geo_review.report import palette
from geo_review.report.fonts import font_folder, loaded_fonts, printable
from geo_review.report.labels import words
from geo_review.report.legible import legible
from geo_review.report.map_context import MapContext
from geo_review.report.map_drawing import draw_map
from geo_review.report.sheet import to_sheet
from geo_review.wording import say

_TEMPLATES = Path(__file__).parent / "templates"
_MOST_PARTS = 200  # rows of the table of parts; the JSON has all of them
_CIVIL_TIME = timezone(timedelta(hours=8))


def render_pdf(document: dict[str, Any], *, context: MapContext | None = None, issued: str | None = None) -> bytes:
    """Return the report of a document. ``context`` is drawn lightly on its map; ``issued`` is a moment to be printed.

    The time in the file's metadata is the legal date of the review, not the moment of printing.
    """
    folder = font_folder()
    page = json.dumps(_page(document, context, issued), ensure_ascii=False)
    compiler = typst.Compiler(input=_TEMPLATES / "review.typ", root=_TEMPLATES, font_paths=loaded_fonts(folder))
    try:
        pdf = compiler.compile(
            format="pdf",
            sys_inputs={"page": printable(page, folder)},
            pdf_standards=["a-2b"],
            timestamp=_midnight(document["as_of"]),
        )
    except typst.TypstError as error:
        raise GeoReviewError(
            code="pdf_typesetting_failed", message=say("report.typesetting_failed", reason=error.message)
        ) from error
    assert isinstance(pdf, bytes)
    return pdf


def _page(document: dict[str, Any], context: MapContext | None, issued: str | None) -> dict[str, Any]:
    sheet = asdict(to_sheet(document))
    left_out = max(0, len(sheet["parts"]) - _MOST_PARTS)
    return {
        "sheet": sheet | {"parts": sheet["parts"][:_MOST_PARTS]},
        "parts_left_out": say("report.parts_left_out", count=left_out) if left_out else None,
        "map": asdict(draw_map(document, context)),
        "issued": legible(issued) if issued else None,
        "words": words(),
        "palette": {
            "outcome": {outcome: asdict(swatch) for outcome, swatch in palette.BY_OUTCOME.items()},
            "verdict": {verdict: asdict(swatch) for verdict, swatch in palette.BY_VERDICT.items()},
            "ink": palette.INK,
            "muted": palette.MUTED,
            "line": palette.LINE,
            "paper": palette.PAPER,
        },
    }


def _midnight(as_of: str) -> datetime:
    day = date.fromisoformat(as_of)
    return datetime(day.year, day.month, day.day, tzinfo=_CIVIL_TIME)
