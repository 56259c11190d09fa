"""The database that GEO_REVIEW_DATABASE_URL names: whether it can be used. Starts nothing."""

from __future__ import annotations

from urllib.parse import quote

import psycopg2
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from geo_review.errors import ClusterUnavailable, InvalidOption
from geo_review.store.server import DRIVER, HAS_POSTGIS, ask
from geo_review.wording import say


def checked_url(given: str) -> str:
    """Return the SQLAlchemy URL of a given database that answers and has PostGIS. No error shows its password."""
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.get_backend_name() not in ("postgresql", "postgres"):
        raise InvalidOption(
            code="invalid_database_url",
            message=say("setup.invalid_database_url"),
            remedy=say("setup.database_url_form"),
        )
    _check(url)
    return url.set(drivername=DRIVER).render_as_string(hide_password=False)


def _check(url: URL) -> None:
    """Say what is wrong with a database that was given, before somebody's work is half done."""
    try:
        if not ask(url, HAS_POSTGIS):
            ask(url, "CREATE EXTENSION IF NOT EXISTS postgis")
    except psycopg2.OperationalError as error:
        raise ClusterUnavailable(
            code="database_not_answering",
            message=say("setup.database_not_answering", address=_address(url)),
            lines=(say("setup.driver_said", text=_driver_words(error, url)),),
        ) from error
    except psycopg2.Error as error:
        raise ClusterUnavailable(
            code="database_without_postgis",
            message=say("setup.database_without_postgis"),
            lines=(say("setup.driver_said", text=_driver_words(error, url)),),
            remedy=say("setup.database_without_postgis_remedy"),
        ) from error


def _address(url: URL) -> str:
    """Return where a database is, as an administrator names it; never the password."""
    host = str(url.query.get("host") or url.host or "localhost")
    port = str(url.query.get("port") or url.port or 5432)
    return say("setup.database_address", host=host, port=port, database=url.database or "", user=url.username or "")


def _driver_words(error: psycopg2.Error, url: URL) -> str:
    """Return what the driver says, in its own language, without the password should it stand in it."""
    words = str(error)
    for secret in {str(url.password or ""), quote(str(url.password or ""), safe="")} - {""}:
        words = words.replace(secret, "***")
    return " ".join(words.split())
