"""Which control lines a changed red line newly meets, no longer meets, or meets otherwise. Applies no rule.

A layer counts by the land inside it, wider than a contact; a layer of lines or points by the features that the land
holds. What a change means is for the review of the new red line to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import fsum

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geo_review.control.model import LayerFacts, LayerNear
from geo_review.geometry.intersect import land_inside
from geo_review.review.drift import Drift, MovedLand
from geo_review.review.measured_land import decisive, is_contact
from geo_review.wording import say
from geo_review.wording.figures import square_metres


class LayerChange(StrEnum):
    """What became of a layer, the gravest first."""

    TOUCHED = "touched"  # only the later red line meets it
    LEFT = "left"  # only the earlier one did
    CHANGED = "changed"  # both meet it, on other land
    SAME = "same"  # both meet it on the same land


@dataclass(frozen=True, kw_only=True, slots=True)
class LayerDrift:
    """A layer that either red line meets. Areas are planar, of the land inside the layer, without mere contact;
    ``in_m2`` and ``out_m2`` of the land that came in and went out. ``features_in`` and ``features_out`` number the
    lines and points that are newly held or no longer."""

    layer: LayerFacts
    change: LayerChange
    earlier_m2: float
    later_m2: float
    in_m2: float
    out_m2: float
    features_in: tuple[int, ...] = ()
    features_out: tuple[int, ...] = ()

    @property
    def message(self) -> str:
        """What became of the layer, in a sentence."""
        return say(
            f"drift.layer_{self.change}",
            title=self.layer.title,
            code=self.layer.code,
            earlier=square_metres(self.earlier_m2),
            later=square_metres(self.later_m2),
            came=square_metres(self.in_m2),
            went=square_metres(self.out_m2),
        ) + (
            say("drift.layer_features", came=len(self.features_in), went=len(self.features_out))
            if self.features_in or self.features_out
            else ""
        )


def layer_drift(found: Drift, earlier: BaseGeometry, later: BaseGeometry, layer: LayerNear) -> LayerDrift | None:
    """Return what became of one layer, None when neither red line meets it.

    ``found`` is the drift of the two lands; ``layer`` holds all that lies near either of them, in the same CRS.
    """
    width_m = found.contact_width_m
    earlier_m2, later_m2 = _inside_m2(earlier, layer, width_m), _inside_m2(later, layer, width_m)
    in_m2, out_m2 = (_inside_m2(_drifted(moved), layer, width_m) for moved in (found.land_in, found.land_out))
    before, after = _features(earlier, layer, width_m), _features(later, layer, width_m)
    met, meets = earlier_m2 > 0.0 or bool(before), later_m2 > 0.0 or bool(after)
    if not met and not meets:
        return None
    if met != meets and (in_m2 or out_m2 or before != after):
        change = LayerChange.TOUCHED if meets else LayerChange.LEFT
    else:
        change = LayerChange.CHANGED if in_m2 or out_m2 or before != after else LayerChange.SAME
    return LayerDrift(
        layer=layer.facts,
        change=change,
        earlier_m2=earlier_m2,
        later_m2=later_m2,
        in_m2=in_m2,
        out_m2=out_m2,
        features_in=tuple(sorted(after - before)),
        features_out=tuple(sorted(before - after)),
    )


def _drifted(moved: MovedLand) -> BaseGeometry:
    polygons = [part.geometry for part in decisive(moved.parts)]
    return MultiPolygon([polygon for polygon in polygons if isinstance(polygon, Polygon)])


def _inside_m2(land: BaseGeometry, layer: LayerNear, contact_width_m: float) -> float:
    if land.is_empty or not len(layer.pieces):
        return 0.0
    parts = land_inside(land, layer.pieces)
    return fsum(float(part.area) for part in parts if not is_contact(part, contact_width_m))


def _features(land: BaseGeometry, layer: LayerNear, contact_width_m: float) -> frozenset[int]:
    """The features without area that the land holds: a line over more than the contact width, or a point."""
    dimensions = shapely.get_dimensions(layer.pieces)
    lengths_m = shapely.length(shapely.intersection(land, layer.pieces))
    held = ((dimensions == 1) & (lengths_m > contact_width_m)) | (
        (dimensions == 0) & shapely.intersects(land, layer.pieces)
    )
    return frozenset(int(number) for number in layer.feature[held])
