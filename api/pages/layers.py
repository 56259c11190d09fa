"""The page of control layers: what is in force today, and every version there has been."""

from __future__ import annotations

from itertools import groupby

from fastapi import APIRouter, Request, Response

from api.deployment import deployment
from api.pages.rendering import page
from geo_review.settings import legal_today
from geo_review.store.control_layers import list_layers, published_layers
from geo_review.usecases.published_samples import samples_published

router = APIRouter()


@router.get("/layers")
def layers(request: Request) -> Response:
    """Show every layer by its version in force; the others are folded away behind it."""
    today = legal_today()
    with deployment(request).sessions.begin() as session:
        in_force = {version.layer_code: version for version in published_layers(session, today)}
        versions = list_layers(session)
        samples = samples_published(session)
    rows = []
    for code, group in groupby(versions, key=lambda version: version.layer_code):
        of_layer = tuple(group)
        rows.append((code, in_force.get(code), of_layer))
    return page("layers.html", samples=samples, rows=rows, in_force_count=len(in_force), today=today)
