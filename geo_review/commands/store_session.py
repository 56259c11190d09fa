"""The store for one command: a session in one transaction on the deployment's PostGIS. All is stored or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from geo_review.errors import ClusterUnavailable
from geo_review.settings import Settings
from geo_review.store.cluster import database_url
from geo_review.store.connect import make_engine, make_sessions
from geo_review.store.migrate import is_migrated, migrate
from geo_review.wording import say


@contextmanager
def transaction(settings: Settings) -> Iterator[Session]:
    """Open a session that commits when the block ends well and rolls back when it does not.

    The embedded PostGIS is started and brought to the newest schema for it. A database that was given to us is never
    migrated on the side: whoever runs it decides when.
    """
    url = database_url(settings)
    engine = make_engine(url)
    try:
        if not is_migrated(engine):
            if settings.database_url is not None:
                raise ClusterUnavailable(
                    code="database_not_migrated",
                    message=say("store.database_not_migrated"),
                    remedy=say("store.database_not_migrated_remedy"),
                )
            migrate(url)
        with make_sessions(engine).begin() as session:
            yield session
    finally:
        engine.dispose()
