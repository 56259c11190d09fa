"""Opens the way to our PostGIS: engines and session makers. Starts no database and knows no tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy
from sqlalchemy import event
from sqlalchemy.orm import Session, sessionmaker

STATEMENT_TIMEOUT_S = 120

# The first ST_Transform of a backend opens proj.db and builds the pipeline; paid here, no user's review waits for it.
_WARM_PROJ = "SELECT ST_Transform(ST_SetSRID(ST_MakePoint(115, 35.7), 4490), 4547)"
_HAS_POSTGIS = "SELECT EXISTS (SELECT FROM pg_proc WHERE proname = 'st_transform' AND pg_function_is_visible(oid))"


def make_engine(
    url: str, *, statement_timeout_s: float = STATEMENT_TIMEOUT_S, application_name: str = "geo-review"
) -> sqlalchemy.Engine:
    """Return an engine on ``url`` (psycopg2). Nothing is connected yet.

    Every connection speaks Chinese civil time, ends a statement after ``statement_timeout_s`` seconds (0: never), and
    has PROJ loaded where the database has PostGIS.
    """
    engine = sqlalchemy.create_engine(
        url, pool_pre_ping=True, connect_args={"application_name": application_name, "connect_timeout": 10}
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.autocommit = True  # a SET inside a transaction is lost by the first rollback
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('TimeZone', 'Asia/Shanghai', false), set_config('statement_timeout', %s, false)",
                (f"{round(statement_timeout_s * 1000)}",),
            )
            cursor.execute(_HAS_POSTGIS)
            if cursor.fetchone()[0]:
                cursor.execute(_WARM_PROJ)
        connection.autocommit = False

    return engine


def make_sessions(engine: sqlalchemy.Engine) -> sessionmaker[Session]:
    """Return the maker of sessions on ``engine``. Who opens a session commits it."""
    return sessionmaker(engine, expire_on_commit=False)
