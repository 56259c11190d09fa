"""What changed between two red lines: land that came in, land that went out, land that stayed. Reads no store.

What is narrower than the contact width is technical: the noise of another instrument, another zone, another rounding.
It is in the figures, for they must add up, and it is never called a drift.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from geo_review.geometry.measure import ellipsoidal_area_m2, planar_area_m2
from geo_review.review.findings import Contact, LandPart
from geo_review.review.lineage import CONTACT_WIDTH_M
from geo_review.review.measured_land import decisive, measured, parts_of, total_m2, worst
from geo_review.wording import say
from geo_review.wording.figures import metres, mu, percent, square_metres


@dataclass(frozen=True, kw_only=True, slots=True)
class MovedLand:
    """Land that is in one red line and not in the other.

    Both areas are of all of it, ``drifted_m2`` is planar and without the parts that are mere contact. Parts thinner
    than a micrometre are in the areas and not among the ``parts``.
    """

    planar_area_m2: float
    ellipsoidal_area_m2: float
    drifted_m2: float
    max_width_m: float
    contact: Contact
    parts: tuple[LandPart, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Drift:
    """How a later red line differs from an earlier one. Planar figures are in ``measuring_epsg``.

    Shares are of the earlier area. ``centroid_bearing_deg`` counts clockwise from grid north, None when nothing moved.
    """

    measuring_epsg: int
    contact_width_m: float
    earlier_planar_m2: float
    earlier_ellipsoidal_m2: float
    later_planar_m2: float
    later_ellipsoidal_m2: float
    land_in: MovedLand
    land_out: MovedLand
    unchanged_planar_m2: float
    unchanged_ellipsoidal_m2: float
    share_in: float
    share_out: float
    centroid_shift_m: float
    centroid_bearing_deg: float | None

    @property
    def contact(self) -> Contact:
        """The worse of both sides; NONE for the same land."""
        return max(self.land_in.contact, self.land_out.contact, key=list(Contact).index)

    @property
    def is_drift(self) -> bool:
        """Whether anything changed that is more than contact."""
        return self.land_in.drifted_m2 > 0.0 or self.land_out.drifted_m2 > 0.0


def drift(earlier: BaseGeometry, later: BaseGeometry, *, epsg: int, contact_width_m: float = CONTACT_WIDTH_M) -> Drift:
    """Return what changed from one land to another, both in the projected CRS ``epsg``.

    The other way round the same land comes in that went out.
    """
    unchanged = shapely.intersection(earlier, later)
    land_in = _moved(shapely.difference(later, earlier), epsg, contact_width_m)
    land_out = _moved(shapely.difference(earlier, later), epsg, contact_width_m)
    earlier_m2 = planar_area_m2(earlier)
    east_m, north_m = (
        later.centroid.x - earlier.centroid.x,
        later.centroid.y - earlier.centroid.y,
    )
    shift_m = math.hypot(east_m, north_m)
    return Drift(
        measuring_epsg=epsg,
        contact_width_m=contact_width_m,
        earlier_planar_m2=earlier_m2,
        earlier_ellipsoidal_m2=ellipsoidal_area_m2(earlier, epsg),
        later_planar_m2=planar_area_m2(later),
        later_ellipsoidal_m2=ellipsoidal_area_m2(later, epsg),
        land_in=land_in,
        land_out=land_out,
        unchanged_planar_m2=planar_area_m2(unchanged),
        unchanged_ellipsoidal_m2=ellipsoidal_area_m2(unchanged, epsg),
        share_in=land_in.planar_area_m2 / earlier_m2,
        share_out=land_out.planar_area_m2 / earlier_m2,
        centroid_shift_m=shift_m,
        centroid_bearing_deg=math.degrees(math.atan2(east_m, north_m)) % 360.0 if shift_m else None,
    )


def drift_sentence(found: Drift) -> str:
    """Return what changed, as an officer would say it."""
    if found.contact is Contact.NONE:
        return say("drift.same", area=square_metres(found.later_planar_m2))
    if not found.is_drift:
        technical_m2 = found.land_in.planar_area_m2 + found.land_out.planar_area_m2
        return say("drift.technical", area=square_metres(technical_m2), width=metres(found.contact_width_m))
    return say(
        "drift.changed",
        came=square_metres(found.land_in.drifted_m2),
        came_mu=mu(found.land_in.drifted_m2),
        came_share=percent(found.share_in),
        went=square_metres(found.land_out.drifted_m2),
        went_mu=mu(found.land_out.drifted_m2),
        went_share=percent(found.share_out),
        same=square_metres(found.unchanged_planar_m2),
        shift=metres(found.centroid_shift_m),
    )


def _moved(land: BaseGeometry, epsg: int, contact_width_m: float) -> MovedLand:
    parts = measured(parts_of(land), epsg=epsg, contact_width_m=contact_width_m)
    return MovedLand(
        planar_area_m2=planar_area_m2(land),
        ellipsoidal_area_m2=ellipsoidal_area_m2(land, epsg),
        drifted_m2=total_m2(decisive(parts)),
        max_width_m=max((part.max_width_m for part in parts), default=0.0),
        contact=worst(parts),
        parts=parts,
    )
