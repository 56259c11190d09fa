"""Pictures of the red lines in force around a place, for a map. Nothing is judged on them (see `neighbours`)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

import shapely
from shapely.geometry.base import BaseGeometry

from geo_review.geometry.crs import LONLAT
from geo_review.report.map_context import display_copy
from geo_review.store.statements import statement

MOST_LINES = 200  # more than a map of a site can show

_DETAIL = 1 / 2_000  # of the frame: finer than a pixel of any map we draw


@dataclass(frozen=True, kw_only=True, slots=True)
class NearbyRedLine:
    """The latest version of a project's red line, cut to the frame. ``lonlat`` is EPSG:4490, longitude first."""

    project_code: str
    project_name: str
    version: int
    lonlat: BaseGeometry


def red_lines_within(
    session: Session, frame_deg: tuple[float, float, float, float], *, except_code: str | None = None
) -> tuple[NearbyRedLine, ...]:
    """Return the red lines in force that show in a frame (west, south, east, north in degrees), the nearest to its
    middle first and at most `MOST_LINES`; without those of project ``except_code`` and of withdrawn projects."""
    west, south, east, north = frame_deg
    rows = session.execute(
        statement("nearby_red_lines"),
        {
            "west": west,
            "south": south,
            "east": east,
            "north": north,
            "epsg": LONLAT,
            "project_code": except_code,
            "limit": MOST_LINES,
        },
    )
    tolerance_deg = max(east - west, north - south) * _DETAIL
    found = []
    for row in rows.mappings():
        shown = display_copy(shapely.from_wkb(bytes(row["wkb"])), frame_deg, tolerance_deg)
        if not shown.is_empty:
            found.append(
                NearbyRedLine(
                    project_code=row["project_code"],
                    project_name=row["project_name"],
                    version=row["version"],
                    lonlat=shown,
                )
            )
    return tuple(found)
