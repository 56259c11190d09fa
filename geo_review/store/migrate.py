"""Brings a database to the newest schema, however many start at once. Knows no cluster and no settings."""

from __future__ import annotations

from enum import StrEnum

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

# Any fixed number will do, as long as nothing else in the database locks the same one.
_ADVISORY_LOCK = 4_109_004_547
# A migration that cannot get its table lock must fail and be run again, not queue and stall every reader behind it.
_LOCK_TIMEOUT_S = 10


class SchemaState(StrEnum):
    """What `schema_state` finds."""

    EMPTY = "empty"  # never migrated
    CURRENT = "current"
    OTHER = "other"  # of an older version of the program, or of a newer one


def migrate(url: str, *, revision: str = "head") -> None:
    """Upgrade the database at ``url``; a database that is up to date is left as it is. All or nothing."""
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.begin() as connection:
            # Waits without limit for a migration that runs elsewhere, and then finds nothing left to do.
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
            connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT_S}s'"))
            command.upgrade(configuration(connection), revision)
    finally:
        engine.dispose()


def schema_state(engine: Engine) -> SchemaState:
    """Tell how the schema of a database stands to this version of the program; changes nothing."""
    with engine.connect() as connection:
        newest = ScriptDirectory.from_config(configuration(connection)).get_current_head()
        found = MigrationContext.configure(connection).get_current_revision()
    if found is None:
        return SchemaState.EMPTY
    return SchemaState.CURRENT if found == newest else SchemaState.OTHER


def is_migrated(engine: Engine) -> bool:
    """Tell whether a database has the newest schema."""
    return schema_state(engine) is SchemaState.CURRENT


def configuration(connection: Connection) -> Config:
    """Return the configuration of Alembic for a connection in a transaction (there is no alembic.ini)."""
    config = Config()
    config.set_main_option("script_location", "geo_review.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
