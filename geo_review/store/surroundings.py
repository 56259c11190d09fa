"""What a map shows around a red line: pictures of the control lines in force. Nothing is judged on them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

import shapely
from shapely.geometry import box

from geo_review.boundary.model import Boundary
from geo_review.geometry.crs import LONLAT, reproject
from geo_review.geometry.subdivide import rejoin
from geo_review.report.map_context import ContextLayer, display_copy
from geo_review.store.candidates import parts_near
from geo_review.store.control_layers import published_layers
from geo_review.store.working_crs import WORKING_EPSG

_DETAIL = 1 / 2_000  # of the frame: finer than a pixel of any map we draw


def context_near(
    session: Session,
    kinds: Mapping[str, str],
    boundary: Boundary,
    *,
    as_of: date,
    frame_m: float,
    known_at: datetime | None = None,
) -> tuple[ContextLayer, ...]:
    """Return the layers in force that show within ``frame_m`` around the red line's envelope, in lon/lat.

    ``kinds`` gives the codes wanted, each with the rule kind to draw it by; the answer keeps their order.
    """
    land = shapely.bounds(reproject(boundary.geometry, boundary.measuring_epsg, WORKING_EPSG)).tolist()
    west, south, east, north = land[0] - frame_m, land[1] - frame_m, land[2] + frame_m, land[3] + frame_m
    tolerance_m = max(east - west, north - south) * _DETAIL
    in_force = {version.layer_code: version for version in published_layers(session, as_of, known_at=known_at)}
    found = []
    for code, kind in kinds.items():
        if (version := in_force.get(code)) is None:
            continue
        numbers, parts = parts_near(session, version, box(west, south, east, north), reach_m=0.0)
        shown = display_copy(
            shapely.geometrycollections(rejoin(parts, numbers)[0]), (west, south, east, north), tolerance_m
        )
        if not shown.is_empty:
            lonlat = reproject(shown, WORKING_EPSG, LONLAT)
            found.append(ContextLayer(code=code, title=version.title, geometry=lonlat, kind=kind))
    return tuple(found)
