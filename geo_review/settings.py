"""Settings: small frozen classes, built once at an entry point from the environment, then passed down as values.

This is the only module that reads the environment and the wall clock.
"""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from geo_review.city import PUYANG, City
from geo_review.errors import InvalidOption
from geo_review.wording import say

CIVIL_TIME = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Everything an entry point needs; see docs/settings.md for the environment variables."""

    home: Path  # GEO_REVIEW_HOME: where the embedded PostGIS and other state live, default ./var
    database_url: str | None  # GEO_REVIEW_DATABASE_URL: an existing PostGIS instead of the embedded one
    open_maps: bool  # GEO_REVIEW_OPEN_MAPS=1: map services without a key, on a trusted network
    city: City
    strict_parser: bool = False  # GEO_REVIEW_PARSER=strict: no file is read but without network and files
    two_people: bool = False  # GEO_REVIEW_TWO_PEOPLE=1: who loads a layer version does not publish it


def from_environment() -> Settings:
    """Read the settings from the environment; a relative home is under the current folder."""
    return Settings(
        home=Path(os.environ.get("GEO_REVIEW_HOME") or "var").absolute(),  # noqa: TID251
        database_url=os.environ.get("GEO_REVIEW_DATABASE_URL") or None,  # noqa: TID251
        open_maps=os.environ.get("GEO_REVIEW_OPEN_MAPS") == "1",  # noqa: TID251
        city=PUYANG,
        strict_parser=_strict(os.environ.get("GEO_REVIEW_PARSER") or "auto"),  # noqa: TID251
        two_people=os.environ.get("GEO_REVIEW_TWO_PEOPLE") == "1",  # noqa: TID251
    )


def _strict(value: str) -> bool:
    if value not in ("auto", "strict"):
        raise InvalidOption(
            code="parser_setting",
            message=say("sandbox.parser_setting", value=value),
            remedy=say("sandbox.parser_setting_remedy"),
        )
    return value == "strict"


def account_name() -> str:
    """Return the name of the operating system's account that runs this, empty for one without an entry."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return ""


def legal_today() -> date:
    """Return today's date in the civil time of China."""
    return datetime.now(CIVIL_TIME).date()  # noqa: TID251


def moment_now() -> datetime:
    """Return this moment, with its zone, in the civil time of China."""
    return datetime.now(CIVIL_TIME)  # noqa: TID251
