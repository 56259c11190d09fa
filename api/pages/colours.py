"""The colours of reports and maps as CSS variables, so that a verdict looks the same everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter, Response

from geo_review.report import palette

router = APIRouter()


@router.get("/static/palette.css")
def palette_css() -> Response:
    """Return the palette as custom properties, and a class for every verdict and outcome."""
    return Response("\n".join(_rules()) + "\n", media_type="text/css", headers={"Cache-Control": "max-age=3600"})


def _rules() -> Iterator[str]:
    names = ("INK", "MUTED", "LINE", "PAPER", "RED_LINE", "NEIGHBOUR")
    single = "".join(f"--{name.lower().replace('_', '-')}:{getattr(palette, name)};" for name in names)
    accent = f"--accent:{palette.NOTIFY.ink};--accent-tint:{palette.NOTIFY.tint};"
    refused = f"--refused:{palette.FAIL.ink};--refused-tint:{palette.FAIL.tint}"
    caution = f"--caution:{palette.CONSULT.ink};--caution-tint:{palette.CONSULT.tint};"
    yield f":root{{{single}{accent}{caution}{refused}}}"
    for code, swatch in {**palette.BY_STATUS, **palette.BY_OUTCOME, **palette.BY_VERDICT}.items():
        yield f".is-{code}{{--swatch:{swatch.ink};--swatch-tint:{swatch.tint}}}"
