"""Run by Alembic: migrates over the connection that `store.migrate` hands in, inside its transaction."""

from __future__ import annotations

from alembic import context

from geo_review.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    compare_server_default=True,
)
context.run_migrations()
