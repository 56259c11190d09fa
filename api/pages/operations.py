"""The page that lists the operations of the API, made from its own OpenAPI document."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.deployment import deployment
from api.pages.rendering import page
from geo_review.usecases.published_samples import samples_published

router = APIRouter()


@router.get("/api")
def operations(request: Request) -> Response:
    """Show every operation with its address and its one sentence."""
    with deployment(request).sessions.begin() as session:
        samples = samples_published(session)
    document = request.app.openapi()
    rows = [
        (method.upper(), address, operation)
        for address, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    return page("operations.html", samples=samples, rows=rows, document=document)
