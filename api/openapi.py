"""The OpenAPI 3.1 document: one form of refusal for every operation, and every $ref inside the document."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from api import schemas
from api.problems import MEDIA_TYPE
from geo_review import __version__

_TITLE = "geo-review"
_DESCRIPTION = (
    "一张蓝图 spatial compliance review: a red line (用地红线) in, a verdict out. "
    "Every refusal is `application/problem+json` with a stable `code` and says what would be right."
)
# Schemas that no route declares as its model: they come as bytes, or as the second kind of body of an address.
_BESIDE = (schemas.ProblemDetails, schemas.Report, schemas.NewProject)
_REFUSALS = {"4XX": "The call was refused, and nothing was stored.", "5XX": "It is our fault, and nothing was stored."}


def install_openapi(app: FastAPI) -> None:
    """Make the app describe itself with `describe`, once."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the document of every operation of the API."""
    document = get_openapi(
        title=_TITLE, version=__version__, description=_DESCRIPTION, routes=app.routes, servers=[{"url": "/"}]
    )
    components = document["components"]["schemas"]
    _, beside = models_json_schema(
        [(model, "serialization" if model is not schemas.NewProject else "validation") for model in _BESIDE],
        ref_template="#/components/schemas/{model}",
    )
    components.update(beside["$defs"])
    for name in ("HTTPValidationError", "ValidationError"):
        components.pop(name, None)
    problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)  # FastAPI's own form, which we do not speak
            for status, description in _REFUSALS.items():
                operation["responses"][status] = {"description": description, "content": problem}
    return document
