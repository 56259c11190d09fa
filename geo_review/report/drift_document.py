"""A drift as JSON, for the API and for `--json`. Numbers are unrounded, geometry is lon/lat as in a report."""

from __future__ import annotations

from geo_review.report.document import Document
from geo_review.report.neighbour_document import part_document
from geo_review.review.drift import Drift, MovedLand, drift_sentence
from geo_review.review.layer_drift import LayerDrift


def drift_document(found: Drift) -> Document:
    """Return what changed between two red lines, with its sentence."""
    return {
        "is_drift": found.is_drift,
        "contact": str(found.contact),
        "measuring_epsg": found.measuring_epsg,
        "contact_width_m": found.contact_width_m,
        "area_earlier": {"planar_m2": found.earlier_planar_m2, "ellipsoidal_m2": found.earlier_ellipsoidal_m2},
        "area_later": {"planar_m2": found.later_planar_m2, "ellipsoidal_m2": found.later_ellipsoidal_m2},
        "unchanged": {"planar_m2": found.unchanged_planar_m2, "ellipsoidal_m2": found.unchanged_ellipsoidal_m2},
        "land_in": _moved(found.land_in, found.share_in),
        "land_out": _moved(found.land_out, found.share_out),
        "centroid_shift_m": found.centroid_shift_m,
        "centroid_bearing_deg": found.centroid_bearing_deg,
        "message": drift_sentence(found),
    }


def layer_drift_document(found: LayerDrift) -> Document:
    """Return what became of a layer, with its sentence."""
    return {
        "code": found.layer.code,
        "title": found.layer.title,
        "version": found.layer.version,
        "change": str(found.change),
        "area_earlier_m2": found.earlier_m2,
        "area_later_m2": found.later_m2,
        "area_in_m2": found.in_m2,
        "area_out_m2": found.out_m2,
        "features_in": list(found.features_in),
        "features_out": list(found.features_out),
        "message": found.message,
    }


def _moved(land: MovedLand, share: float) -> Document:
    return {
        "area_planar_m2": land.planar_area_m2,
        "area_ellipsoidal_m2": land.ellipsoidal_area_m2,
        "area_drifted_m2": land.drifted_m2,
        "share": share,
        "max_width_m": land.max_width_m,
        "contact": str(land.contact),
        "parts": [part_document(part) for part in land.parts],
    }
