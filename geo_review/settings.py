"""Settings: small frozen classes, built once at an entry point from the environment, then passed down as values.

This is the only module that reads the environment and the wall clock.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

CIVIL_TIME = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, kw_only=True, slots=True)
class City:
    """The extent a red line must plausibly lie in (lon/lat degrees, EPSG:4490) and the working CRS of the store.

    The figures of Puyang are rounded from its counties' extents; they are a sanity check, not a legal boundary.
    """

    name: str = "濮阳市"
    code: str = "410900"
    west_deg: float = 114.87
    south_deg: float = 35.34
    east_deg: float = 116.10
    north_deg: float = 36.21
    working_epsg: int = 4547


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Everything an entry point needs; see docs/settings.md for the environment variables."""

    home: Path  # GEO_REVIEW_HOME: where the embedded PostGIS and other state live, default ./var
    database_url: str | None  # GEO_REVIEW_DATABASE_URL: an existing PostGIS instead of the embedded one
    open_maps: bool  # GEO_REVIEW_OPEN_MAPS=1: map services without a key, on a trusted network
    city: City


def from_environment() -> Settings:
    """Read the settings from the environment; a relative home is under the current folder."""
    return Settings(
        home=Path(os.environ.get("GEO_REVIEW_HOME") or "var").absolute(),  # noqa: TID251
        database_url=os.environ.get("GEO_REVIEW_DATABASE_URL") or None,  # noqa: TID251
        open_maps=os.environ.get("GEO_REVIEW_OPEN_MAPS") == "1",  # noqa: TID251
        city=City(),
    )


def legal_today() -> date:
    """Return today's date in the civil time of China."""
    return datetime.now(CIVIL_TIME).date()  # noqa: TID251


def moment_now() -> datetime:
    """Return this moment, with its zone, in the civil time of China."""
    return datetime.now(CIVIL_TIME)  # noqa: TID251
