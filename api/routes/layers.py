"""Control layers, told: which versions there are, and which of them are in force on a day."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from api import schemas
from api.deployment import deployment
from api.given import given_day
from api.routes import stored
from geo_review.store.control_layers import list_layers, published_layers

router = APIRouter(tags=["layers"])


@router.get("/layers", operation_id="list_layers", summary="Control layers and their versions")
def list_(
    request: Request,
    as_of: Annotated[str | None, Query(max_length=32, description="Legal date, YYYY-MM-DD; today without.")] = None,
    in_force: Annotated[bool, Query(description="Only the versions in force on that date.")] = False,
) -> schemas.LayerList:
    """Return every version by layer code, the latest loaded first."""
    day = given_day(as_of)
    with deployment(request).sessions.begin() as session:
        current = published_layers(session, day)
        versions = current if in_force else list_layers(session)
    return schemas.LayerList(as_of=day, layers=[stored.layer(version, in_force_on=current) for version in versions])
