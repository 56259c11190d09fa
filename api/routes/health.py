"""Whether the process is alive, and whether it can work: for a supervisor and a load balancer."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api import schemas
from api.deployment import deployment
from api.problems import Problem, as_response
from geo_review.store.migrate import is_migrated
from geo_review.wording import say

router = APIRouter(tags=["health"])


@router.get("/healthz", operation_id="is_alive", summary="The process is alive")
def alive() -> schemas.Health:
    """Answer without asking the database."""
    return schemas.Health(status="ok")


@router.get(
    "/readyz", operation_id="is_ready", summary="The database is reachable and migrated", response_model=schemas.Health
)
def ready(request: Request) -> Response | schemas.Health:
    """Answer 503 with the reason when the site cannot work."""
    if is_migrated(deployment(request).engine):
        return schemas.Health(status="ok")
    return as_response(
        Problem(
            status=503,
            code="database_not_migrated",
            detail=say("api.database_not_migrated"),
            remedy=say("api.database_not_migrated_remedy"),
        )
    )
