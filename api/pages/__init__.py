"""The officers' site: pages made on the server, in the words of the catalogue. Works without JavaScript but the map."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import check, colours, desk, import_steps, layers, operations, project

router = APIRouter()
for room in (colours, desk, import_steps, project, layers, check, operations):
    router.include_router(room.router)
