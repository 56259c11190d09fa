"""A layer file read together with the digest that names it: both of the same bytes, or the file is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

import shapely

from geo_review.control.content_hash import content_sha256, files_of
from geo_review.control.model import ControlFeatures
from geo_review.control.read import read_features, refuse_unless_readable
from geo_review.control.written import unreadable
from geo_review.errors import InvalidLayer, UnreadableLayer
from geo_review.wording import say


def read_with_digest(path: Path, *, epsg: int | None = None) -> tuple[ControlFeatures, str]:
    """Return every feature of a layer file, as `read_features` does, and the SHA-256 of its content."""
    refuse_unless_readable(path)
    with _unchanged(path):
        try:
            sha256 = content_sha256(path)
        except OSError as error:
            raise unreadable(path, "not_opened", detail=error.strerror) from None
        return read_features(path, epsg=epsg), sha256


def read_coverage(path: Path, *, epsg: int | None = None) -> tuple[ControlFeatures, str]:
    """Return the features of a coverage and its digest; one that is no polygon is refused with its number."""
    coverage, sha256 = read_with_digest(path, epsg=epsg)
    other = np.flatnonzero(shapely.get_dimensions(coverage.geometries) != 2)
    if len(other):
        raise InvalidLayer(
            code="coverage_kind",
            message=say("control.coverage_kind", file=path.name, feature=int(other[0]) + 1),
            remedy=say("control.coverage_remedy"),
        )
    return coverage, sha256


@contextmanager
def _unchanged(path: Path) -> Iterator[None]:
    """Refuse a file that is not the same at the end; that goes before whatever a torn file was refused for."""
    before = _stamps(path)
    try:
        yield
    finally:
        if _stamps(path) != before:
            raise UnreadableLayer(
                code="layer_changed_while_read",
                message=say("control.changed_while_read", file=path.name),
                remedy=say("control.changed_while_read_remedy"),
            )


def _stamps(path: Path) -> list[tuple[str, int, int, int]]:
    """Return what changes when one of the files is written or replaced; hashing twice would take twice as long."""
    try:
        stamps = [(file.name, file.stat()) for file in files_of(path)]
    except OSError:
        return []
    return [(name, stat.st_size, stat.st_mtime_ns, stat.st_ino) for name, stat in stamps]
