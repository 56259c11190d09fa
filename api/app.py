"""The site and the API as one ASGI app. Builds it; starts no server and no database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import APIRouter, Depends, FastAPI
from sqlalchemy import Engine
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.staticfiles import StaticFiles

from api import pages
from api.deployment import Deployment
from api.failures import install_failures
from api.gate import Gate
from api.openapi import install_openapi
from api.routes import boundaries, exports, health, layers, projects, relations, reviews, rulebooks, understandings
from api.routes.known_query import only_known_query
from api.uploads import MOST_BODY_BYTES
from geo_review import __version__
from geo_review.report.leaflet import leaflet_folder
from geo_review.sandbox.pool import ParserPool
from geo_review.settings import Settings
from geo_review.store.connect import make_sessions

# As many requests at work as the engine has connections: more would only wait for one, and time out.
_AT_WORK = 15


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Give the routes their threads, begin to load the readers of files, and let go of the database in the end."""
    at: Deployment = app.state.deployment
    anyio.to_thread.current_default_thread_limiter().total_tokens = _AT_WORK
    at.parser.start()
    yield
    at.engine.dispose()


def create_app(settings: Settings, engine: Engine, parser: ParserPool | None = None) -> FastAPI:
    """Return the app on a migrated database; ``parser`` is given where it is loaded already."""
    app = FastAPI(
        title="geo-review",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,  # FastAPI's own pages load their scripts from another host
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.deployment = Deployment(
        settings=settings,
        engine=engine,
        sessions=make_sessions(engine),
        parser=parser or ParserPool(strict=settings.strict_parser),
    )
    install_failures(app)
    install_openapi(app)
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=MOST_BODY_BYTES)
    app.add_middleware(Gate)  # added last: it stands outermost
    operations = APIRouter(prefix="/api/v1", dependencies=[Depends(only_known_query)])
    for routes in (projects, boundaries, exports, relations, understandings, reviews, layers, rulebooks):
        operations.include_router(routes.router)
    app.include_router(operations)
    app.include_router(health.router)
    app.include_router(pages.router, include_in_schema=False)
    app.mount("/static/leaflet", StaticFiles(directory=leaflet_folder()), name="leaflet")
    app.mount("/static", StaticFiles(packages=[("api.pages", "static")]), name="static")
    return app
