"""How two red lines lie to each other: on the same land, with a strip between them, side by side. Stores nothing.

No predicate decides: on 400 lines that merely abut, ``overlaps`` is true 400 times. Area and width do, under the sliver
policy; a red line and the one it was drawn from are expected on the same land, and are named as relatives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from math import fsum

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geo_review.geometry.crs import LONLAT, reproject
from geo_review.geometry.measure import ellipsoidal_area_m2
from geo_review.geometry.strips import shared_edge_m, strip_length_m, strip_width_m, strips_between
from geo_review.review.findings import Contact, LandPart
from geo_review.review.lineage import CONTACT_WIDTH_M
from geo_review.review.measured_land import common_land, decisive, measured, total_m2, worst
from geo_review.wording import say
from geo_review.wording.figures import metres, mu, square_metres
from geo_review.wording.spacing import close_up


class Standing(StrEnum):
    """How a project stands: what is live or approved claims its land."""

    LIVE = "live"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class NeighbourKind(StrEnum):
    """How two red lines lie to each other."""

    OVERLAP = "overlap"  # 双重占地: both take the same land
    GAP = "gap"  # 夹条: a strip between them that nobody can use
    SHARED = "shared"  # side by side: within the contact width, or touching
    LINEAGE = "lineage"  # one was drawn from the other: the same land is expected


@dataclass(frozen=True, kw_only=True, slots=True)
class NeighbourPolicy:
    """``gap_width_m`` is what a strip is narrower than: less than a lane or a fire path needs, so of no use alone."""

    contact_width_m: float = CONTACT_WIDTH_M
    gap_width_m: float = 2.0


POLICY = NeighbourPolicy()


@dataclass(frozen=True, kw_only=True, slots=True)
class GapPart:
    """A strip between two red lines. ``geometry`` is in the measuring CRS, ``lonlat`` the same in EPSG:4490."""

    geometry: BaseGeometry
    lonlat: BaseGeometry
    planar_area_m2: float
    ellipsoidal_area_m2: float
    max_width_m: float
    mean_width_m: float
    length_m: float


@dataclass(frozen=True, kw_only=True, slots=True)
class PairFinding:
    """How a red line lies to an earlier one; areas planar in the zone of the later one, and on the ellipsoid."""

    kind: NeighbourKind
    contact: Contact
    overlaps: tuple[LandPart, ...] = ()
    gaps: tuple[GapPart, ...] = ()
    shared_length_m: float = 0.0
    policy: NeighbourPolicy = field(default=POLICY)


@dataclass(frozen=True, kw_only=True, slots=True)
class PairFigures:
    """The figures of a pair, as they are kept and told."""

    kind: NeighbourKind
    contact: Contact
    overlap_planar_m2: float
    overlap_ellipsoidal_m2: float
    overlap_max_width_m: float
    gap_planar_m2: float
    gap_max_width_m: float
    gap_length_m: float
    shared_length_m: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbour:
    """Another red line in force as a project's own lies to it.

    ``other_is_earlier`` says that the other was submitted first. ``parts`` are the pieces of common land and the
    strips, as JSON has them (see `report.neighbour_document`).
    """

    other_code: str
    other_name: str
    other_version: int
    other_standing: Standing
    other_submitted_at: datetime
    other_is_earlier: bool
    figures: PairFigures
    parts: tuple[Mapping[str, object], ...]
    policy: NeighbourPolicy

    @property
    def message(self) -> str:
        """How the two lie to each other, in a sentence."""
        return neighbour_sentence(
            self.figures,
            other=say(
                "neighbours.other",
                code=self.other_code,
                name=self.other_name,
                version=self.other_version,
                standing=say(f"neighbours.standing_{self.other_standing}"),
                moment=self.other_submitted_at.strftime("%Y-%m-%d %H:%M:%S"),
                order=say("neighbours.earlier" if self.other_is_earlier else "neighbours.later"),
            ),
            width_m=self.policy.contact_width_m,
        )


def compare(
    later: BaseGeometry,
    earlier: BaseGeometry,
    *,
    earlier_epsg: int,
    epsg: int,
    related: bool = False,
    policy: NeighbourPolicy = POLICY,
) -> PairFinding | None:
    """Return how the later red line lies to an earlier one, or None when they have nothing to do with each other.

    ``epsg`` is the measuring CRS of the later one, in which all is measured; the earlier one comes in its own.
    ``related`` says that one was drawn from the other, over however many versions.
    """
    other = reproject(earlier, earlier_epsg, epsg)
    if not shapely.dwithin(later, other, policy.gap_width_m):
        return None
    overlaps = measured(common_land(later, other), epsg=epsg, contact_width_m=policy.contact_width_m)
    gaps = tuple(_gap(strip, epsg) for strip in strips_between(later, other, policy.gap_width_m))
    wide = tuple(gap for gap in gaps if gap.max_width_m >= policy.contact_width_m)
    shared_m = shared_edge_m(later, other, policy.contact_width_m)
    touches = bool(overlaps) or shared_m > 0.0 or shapely.dwithin(later, other, policy.contact_width_m)
    if decisive(overlaps):
        kind = NeighbourKind.OVERLAP
    elif wide:
        kind = NeighbourKind.GAP
    elif touches:
        kind = NeighbourKind.SHARED
    else:
        return None
    return PairFinding(
        kind=NeighbourKind.LINEAGE if related else kind,
        contact=worst(overlaps) if overlaps else Contact.TOUCH if touches else Contact.NONE,
        overlaps=overlaps,
        gaps=wide,
        shared_length_m=shared_m,
        policy=policy,
    )


def figures(pair: PairFinding) -> PairFigures:
    """Return the sums of a pair. Of an overlap the parts that decide count, contact parts where there is no other."""
    parts = decisive(pair.overlaps) or pair.overlaps
    return PairFigures(
        kind=pair.kind,
        contact=pair.contact,
        overlap_planar_m2=total_m2(parts),
        overlap_ellipsoidal_m2=fsum(part.ellipsoidal_area_m2 for part in parts),
        overlap_max_width_m=max((part.max_width_m for part in parts), default=0.0),
        gap_planar_m2=fsum(gap.planar_area_m2 for gap in pair.gaps),
        gap_max_width_m=max((gap.max_width_m for gap in pair.gaps), default=0.0),
        gap_length_m=fsum(gap.length_m for gap in pair.gaps),
        shared_length_m=pair.shared_length_m,
    )


def worst_first(neighbours: Iterable[Neighbour]) -> tuple[Neighbour, ...]:
    """Return neighbours as they are told: double allocation, strips, relatives, side by side; the larger first."""
    order = (NeighbourKind.OVERLAP, NeighbourKind.GAP, NeighbourKind.LINEAGE, NeighbourKind.SHARED)
    return tuple(
        sorted(
            neighbours,
            key=lambda one: (
                order.index(one.figures.kind),
                -one.figures.overlap_planar_m2,
                -one.figures.gap_planar_m2,
                one.other_code,
            ),
        )
    )


def neighbour_sentence(pair: PairFigures, *, other: str, width_m: float = CONTACT_WIDTH_M) -> str:
    """Return how a red line lies to another, as an officer would say it; ``other`` names the other one."""
    key = str(pair.kind)
    if pair.kind is NeighbourKind.SHARED and pair.shared_length_m == 0.0:
        key = "touch"
    elif pair.kind is NeighbourKind.LINEAGE and pair.overlap_planar_m2 == 0.0:
        key = "lineage_beside"
    sentence = say(
        f"neighbours.{key}",
        other=other,
        area=square_metres(pair.overlap_planar_m2 if pair.overlap_planar_m2 else pair.gap_planar_m2),
        mu=mu(pair.overlap_planar_m2),
        width=metres(pair.overlap_max_width_m if key == NeighbourKind.OVERLAP else pair.gap_max_width_m),
        length=metres(pair.gap_length_m if key == NeighbourKind.GAP else pair.shared_length_m),
        contact=metres(width_m),
    )
    return close_up(sentence) + _beside(pair)


def _gap(strip: Polygon, epsg: int) -> GapPart:
    length_m = strip_length_m(strip)
    return GapPart(
        geometry=strip,
        lonlat=reproject(strip, epsg, LONLAT),
        planar_area_m2=float(strip.area),
        ellipsoidal_area_m2=ellipsoidal_area_m2(strip, epsg),
        max_width_m=strip_width_m(strip),
        mean_width_m=float(strip.area) / length_m,
        length_m=length_m,
    )


def _beside(pair: PairFigures) -> str:
    """An overlap here and a strip there are both told."""
    if pair.kind is NeighbourKind.OVERLAP and pair.gap_planar_m2 > 0.0:
        return say("neighbours.and_gap", area=square_metres(pair.gap_planar_m2), width=metres(pair.gap_max_width_m))
    if pair.kind in (NeighbourKind.SHARED, NeighbourKind.GAP) and pair.contact is Contact.TECHNICAL:
        return say("neighbours.and_technical", area=square_metres(pair.overlap_planar_m2))
    return ""
