"""The store for one command: a session in one transaction, or several, on the deployment's PostGIS."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session, sessionmaker

from geo_review.errors import ClusterUnavailable
from geo_review.settings import Settings
from geo_review.store.cluster import database_url
from geo_review.store.connect import make_engine, make_sessions
from geo_review.store.migrate import SchemaState, migrate, schema_state
from geo_review.wording import say


@contextmanager
def transaction(settings: Settings) -> Iterator[Session]:
    """Open a session that commits when the block ends well and rolls back when it does not."""
    with store_sessions(settings) as sessions, sessions.begin() as session:
        yield session


@contextmanager
def store_sessions(settings: Settings) -> Iterator[sessionmaker[Session]]:
    """Make sessions for work of more than one transaction; whoever opens one commits it.

    The embedded PostGIS is started and brought to the newest schema for it, an empty database is filled. A database
    that was given to us and holds another version's schema is never migrated on the side: who runs it decides when.
    """
    url = database_url(settings)
    engine = make_engine(url)
    try:
        state = schema_state(engine)
        if state is SchemaState.OTHER and settings.database_url is not None:
            raise ClusterUnavailable(
                code="database_not_migrated",
                message=say("store.database_not_migrated"),
                remedy=say("store.database_not_migrated_remedy"),
            )
        if state is not SchemaState.CURRENT:
            migrate(url)
        yield make_sessions(engine)
    finally:
        engine.dispose()
