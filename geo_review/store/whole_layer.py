"""Every feature of a layer version, whole, in file order, a chunk at a time. For exchange; reviews use `candidates`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

import shapely
from shapely.geometry.base import BaseGeometry

from geo_review.store.tables import control_feature, control_layer_version

_ROWS_AT_ONCE = 1_000
_feature = control_feature.c


def features_of(session: Session, version_id: int) -> Iterator[tuple[int, BaseGeometry, Mapping[str, object]]]:
    """Yield number (from 1), geometry (working CRS) and attributes of each feature; by a cursor of the server's."""
    session.execute(text("SET LOCAL statement_timeout = 0"))  # the reader sets the pace, and a city's farmland is large
    rows = session.execute(
        select(_feature.number, func.ST_AsBinary(_feature.geometry), _feature.attributes)
        .where(_feature.version_id == version_id)
        .order_by(_feature.number),
        execution_options={"stream_results": True, "yield_per": _ROWS_AT_ONCE},
    )
    for number, wkb, attributes in rows:
        yield number, shapely.from_wkb(bytes(wkb)), attributes


def coverage_of(session: Session, version_id: int) -> BaseGeometry | None:
    """Return where the version was surveyed, in the working CRS; None when nothing was said."""
    wkb = session.execute(
        select(func.ST_AsBinary(control_layer_version.c.coverage)).where(control_layer_version.c.id == version_id)
    ).scalar_one()
    return None if wkb is None else shapely.from_wkb(bytes(wkb))
