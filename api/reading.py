"""Red lines as they come over HTTP: what the caller says of a file, and the one way the site and the API read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from api.deployment import Deployment
from api.given import given_epsg
from geo_review.boundary.asked import Asked
from geo_review.boundary.model import Boundary
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.understood import Understanding


def given_asked(
    *,
    crs: str | None = None,
    layer: str | None = None,
    parcels: Sequence[int] = (),
    accept: Iterable[str] | None = None,
) -> Asked:
    """Return what a caller says of a file; empty fields of a form say nothing."""
    return Asked(
        epsg=given_epsg(crs),
        layer=layer or None,
        parcels=tuple(parcels),
        accept=frozenset(code for code in accept or ()),
    )


def read_upload(at: Deployment, file: ReceivedFile, asked: Asked) -> Boundary:
    """Read a red line, or raise what refused it."""
    return understand_upload(at, file, asked).accepted()


def understand_upload(at: Deployment, file: ReceivedFile, asked: Asked) -> Understanding:
    """Tell what is understood of a red line, the refusal included. The file is read in a process of its own."""
    return at.parser.understand(file, city=at.settings.city, asked=asked)
