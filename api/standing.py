"""A site on its database, from nothing to serving and back: what was started here is stopped here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import click
from fastapi import FastAPI
from sqlalchemy import Engine

from api.app import create_app
from api.serving import address_of, listen, log_confinement, log_to_stderr, serve, serve_by_workers, signals_end_quietly
from geo_review.errors import ClusterUnavailable
from geo_review.sandbox.pool import ParserPool
from geo_review.settings import Settings, from_environment
from geo_review.store import cluster
from geo_review.store.connect import make_engine
from geo_review.store.migrate import is_migrated, migrate
from geo_review.wording import say


def serve_site(host: str, port: int, *, workers: int) -> None:
    """Serve until a signal ends it. The port is asked for first: a taken one starts no database."""
    settings = from_environment()
    log_to_stderr()
    with (
        signals_end_quietly(),
        closing(listen(host, port)) as listening,
        ParserPool(strict=settings.strict_parser) as parser,
        database(settings) as engine,
    ):
        log_confinement(parser.confinement())
        click.echo(say("serving.serving_at", address=address_of(listening)))
        if workers == 1:
            serve(create_app(settings, engine, parser), listening)
        else:
            engine.dispose()  # the workers have connections and parsers of their own
            parser.close()
            serve_by_workers(f"{__name__}:worker_app", listening, workers=workers)
    click.echo(say("serving.stopped"))


def worker_app() -> FastAPI:
    """Make the app of one worker process."""
    log_to_stderr()
    settings = from_environment()
    return create_app(settings, make_engine(cluster.database_url(settings)))


@contextmanager
def database(settings: Settings, *, migrate_given: bool = False) -> Iterator[Engine]:
    """Give an engine on the migrated database; the embedded PostGIS is started for it, and stopped when nobody uses it.

    A database that was given to us is migrated only when asked: whoever runs it decides when.
    """
    running = settings.database_url is not None or cluster.status(settings.home).running
    url = cluster.database_url(settings)
    engine = make_engine(url)
    try:
        if not is_migrated(engine):
            if settings.database_url is not None and not migrate_given:
                raise ClusterUnavailable(
                    code="database_not_migrated",
                    message=say("store.database_not_migrated"),
                    remedy=say("store.database_not_migrated_remedy"),
                )
            migrate(url)
        yield engine
    finally:
        engine.dispose()
        if not running:
            cluster.stop(settings.home, only_when_idle=True)
