"""The reference systems a file may be in when it does not say: where the land would lie in each. Chooses none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from api.deployment import Deployment
from api.reading import understand_upload
from geo_review.boundary.asked import Asked
from geo_review.boundary.location import zones_of_city
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.understood import Understanding
from geo_review.report.labels import crs_text
from geo_review.report.understanding_document import understanding_document
from geo_review.report.understanding_overview import Spot, kilometres_outside
from geo_review.wording import say

# The refusals that saying a system may settle.
_OPEN = frozenset({"unknown_crs", "location_implausible", "crs_impossible"})


@dataclass(frozen=True, kw_only=True, slots=True)
class SystemChoice:
    """A system and where the land would lie in it; ``leads_on`` when nothing speaks against it any more."""

    epsg: int
    title: str
    place: str
    is_inside: bool
    leads_on: bool
    spot: Spot


def possible_systems(at: Deployment, file: ReceivedFile, asked: Asked, seen: Understanding) -> tuple[SystemChoice, ...]:
    """Return the zones of the city that the coordinates can be in; none when another thing is open than the system,
    or when none of them leads on: then there is nothing to say, and the file must be put right.

    Reads the file once more for each: what is shown is what choosing it would give.
    """
    if not _is_open(seen):
        return ()
    choices = tuple(_choices(at, file, asked))
    return choices if any(choice.leads_on for choice in choices) else ()


def _is_open(seen: Understanding) -> bool:
    return seen.refusal is not None and seen.refusal.code in _OPEN


def _choices(at: Deployment, file: ReceivedFile, asked: Asked) -> Iterator[SystemChoice]:
    city = at.settings.city
    for epsg in zones_of_city(city):
        chosen = understand_upload(at, file, replace(asked, epsg=epsg))
        document = understanding_document(chosen)
        if document["extent"] is None or document["crs"] is None:
            continue  # the numbers cannot be in it
        west, south, east, north = document["extent"]
        lon_deg, lat_deg = (west + east) / 2, (south + north) / 2
        away_km = kilometres_outside(city, lon_deg, lat_deg)
        where = say("importing.crs_outside", km=f"{away_km:,.0f}") if away_km else say("importing.crs_inside")
        yield SystemChoice(
            epsg=epsg,
            title=crs_text(epsg),
            place=say("importing.crs_place", lon=f"{lon_deg:.4f}", lat=f"{lat_deg:.4f}", where=where),
            is_inside=not away_km,
            leads_on=not _is_open(chosen),
            spot=Spot(lon_deg=lon_deg, lat_deg=lat_deg, label=f"EPSG:{epsg}"),
        )
