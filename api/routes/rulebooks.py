"""The rulebooks that come with the package, by name only: a name from the network opens no file."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api import schemas
from api.routes import stored
from geo_review.rules.load import packaged_rulebook, packaged_rulebooks, read_packaged_rulebook

router = APIRouter(tags=["rulebooks"])


@router.get("/rulebooks", operation_id="list_rulebooks", summary="The rulebooks of this edition")
def list_() -> schemas.RulebookList:
    """Return the rulebooks with their editions and hashes."""
    return schemas.RulebookList(
        rulebooks=[stored.rulebook_summary(name, packaged_rulebook(name)) for name in packaged_rulebooks()]
    )


@router.get(
    "/rulebooks/{name}.toml",
    operation_id="get_rulebook_toml",
    summary="A rulebook, as it is written",
    response_class=Response,
    responses={200: {"content": {"application/toml": {}}}},
)
def get_toml(name: str) -> Response:
    """Return the bytes that the rulebook's SHA-256 is of."""
    return Response(read_packaged_rulebook(name), media_type="application/toml; charset=utf-8")


@router.get("/rulebooks/{name}", operation_id="get_rulebook", summary="A rulebook with its rules")
def get(name: str) -> dict[str, object]:
    """Return every rule with its limits, its legal basis and the department it asks."""
    book = packaged_rulebook(name)
    return {"name": name, "sha256": book.sha256, **book.model_dump(mode="json")}
