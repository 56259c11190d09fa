"""What the import page shows of a file that waits: facts, map, tables, and what can be settled. Stores nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.deployment import Deployment
from api.pages.import_systems import SystemChoice, possible_systems
from api.pages.rendering import LEAFLET
from api.reading import understand_upload
from geo_review.boundary.asked import Asked
from geo_review.boundary.understood import Understanding
from geo_review.errors import ChoiceNeeded, GeoReviewError
from geo_review.report.map_features import Bounds
from geo_review.report.understanding_document import understanding_digest, understanding_document
from geo_review.report.understanding_facts import UnderstandingFact, understanding_facts
from geo_review.report.understanding_issues import IssueLine, issue_lines
from geo_review.report.understanding_map import MOST_PARCELS, NeighbourLine, frame_of, understanding_map
from geo_review.report.understanding_overview import Spot, overview_svg
from geo_review.report.understanding_parcels import ParcelLine, parcel_lines
from geo_review.review.neighbours import Neighbour, NeighbourKind
from geo_review.store.nearby_red_lines import NearbyRedLine, red_lines_within
from geo_review.store.pending_uploads import PendingUpload
from geo_review.usecases.keep_neighbours import preview_neighbours

MOST_ISSUES = 300
MOST_ROWS = 200
_NEAR_DEG = 0.01  # some 1 km: red lines this near are shown


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadAgain:
    """The kept bytes as they are read now; ``digest`` says whether it is what was shown."""

    seen: Understanding
    document: dict[str, Any]
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownImport:
    """``banner`` is ok, warning, settle (something is open that the user can say) or error.

    ``neighbours`` is None for a file that cannot be taken as it is: where it lies is not settled.
    """

    banner: str
    digest: str
    document: dict[str, Any]
    facts: tuple[UnderstandingFact, ...]
    issues: tuple[IssueLine, ...]
    issues_left_out: int
    parcels: tuple[ParcelLine, ...]
    parcels_left_out: int
    neighbours: tuple[Neighbour, ...] | None
    to_check: int
    refusal: GeoReviewError | None
    systems: tuple[SystemChoice, ...]
    overview: str
    map_fragment: str | None
    map_left_out: bool


def read_again(at: Deployment, pending: PendingUpload, asked: Asked | None = None) -> ReadAgain:
    """Read the kept bytes with what is said of them by now, or with ``asked``."""
    seen = understand_upload(at, pending.file, asked or pending.asked)
    document = understanding_document(seen)
    return ReadAgain(seen=seen, document=document, digest=understanding_digest(document))


def show_import(at: Deployment, pending: PendingUpload, read: ReadAgain) -> ShownImport:
    """Return what the page shows. Opens a session for the red lines around, and none while it reads or draws."""
    seen, document = read.seen, read.document
    issues = issue_lines(document)
    facts = understanding_facts(document)
    systems = possible_systems(at, pending.file, pending.asked, seen)
    parcels = parcel_lines(document, MOST_ROWS)
    neighbours, red_lines = _around(at, pending, seen, frame_of(document, issues[:MOST_ISSUES]))
    to_check = sum(fact.status == "warning" for fact in facts) + sum(map(_is_trouble, neighbours or ()))
    return ShownImport(
        banner=_banner(seen, document, to_check, systems),
        digest=read.digest,
        document=document,
        facts=facts,
        issues=issues[:MOST_ISSUES],
        issues_left_out=max(0, len(issues) - MOST_ISSUES),
        parcels=parcels,
        parcels_left_out=len(document["parcels"]) - len(parcels),
        neighbours=neighbours,
        to_check=to_check,
        refusal=seen.refusal,
        systems=systems,
        overview=overview_svg(at.settings.city, _spots(document, systems)),
        map_fragment=_map(at, pending, document, issues[:MOST_ISSUES], red_lines, neighbours or ()),
        map_left_out=len(document["parcels"]) > MOST_PARCELS,
    )


def _banner(
    seen: Understanding,
    document: dict[str, Any],
    to_check: int,
    systems: tuple[SystemChoice, ...],
) -> str:
    if seen.refusal is None:
        return "warning" if to_check else "ok"
    can_be_settled = isinstance(seen.refusal, ChoiceNeeded) or systems or document["refusal"]["acceptable"]
    return "settle" if can_be_settled else "error"


def _spots(document: dict[str, Any], systems: tuple[SystemChoice, ...]) -> list[Spot]:
    """Where the land lies as the file says, and where it would lie in each system that is on offer."""
    spots = [system.spot for system in systems]
    if document["extent"] is not None:
        west, south, east, north = document["extent"]
        label = f"EPSG:{document['crs']['epsg']}" if spots else ""
        spots = [Spot(lon_deg=(west + east) / 2, lat_deg=(south + north) / 2, label=label), *spots]
    return list({(round(spot.lon_deg, 6), round(spot.lat_deg, 6)): spot for spot in spots}.values())


def _around(
    at: Deployment, pending: PendingUpload, seen: Understanding, frame: Bounds | None
) -> tuple[tuple[Neighbour, ...] | None, tuple[NearbyRedLine, ...]]:
    """What lies around in the store: how the land lies to its neighbours, and what the map shows of them."""
    if frame is None:
        return None, ()
    west, south, east, north = frame
    wider = (west - _NEAR_DEG, south - _NEAR_DEG, east + _NEAR_DEG, north + _NEAR_DEG)
    with at.sessions.begin() as session:
        red_lines = red_lines_within(session, wider)
        if seen.refusal is not None:
            return None, red_lines
        return preview_neighbours(session, seen.accepted(), code=pending.target.code), red_lines


def _is_trouble(neighbour: Neighbour) -> bool:
    return neighbour.figures.kind in (NeighbourKind.OVERLAP, NeighbourKind.GAP)


def _map(
    at: Deployment,
    pending: PendingUpload,
    document: dict[str, Any],
    issues: tuple[IssueLine, ...],
    red_lines: tuple[NearbyRedLine, ...],
    neighbours: tuple[Neighbour, ...],
) -> str | None:
    near = [
        NeighbourLine(
            code=line.project_code,
            name=line.project_name,
            lonlat=line.lonlat,
            is_current=line.project_code == pending.target.code,
        )
        for line in red_lines
    ]
    parts = [part for neighbour in neighbours if _is_trouble(neighbour) for part in neighbour.parts]
    return understanding_map(document, issues, near, parts, city=at.settings.city, leaflet=LEAFLET, height="560px")
