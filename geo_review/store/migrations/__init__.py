"""The migrations of the store, oldest first; run by `geo_review.store.migrate`, never by an Alembic of the shell."""
