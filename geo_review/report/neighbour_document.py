"""Neighbours and findings of lineage as JSON: for the API, for `--json`, and the parts as the store keeps them.

Numbers are unrounded; geometry is EPSG:4490, longitude first, right-hand rule, as in a report.
"""

from __future__ import annotations

from geo_review.report.document import Document, as_geojson
from geo_review.review.findings import LandPart
from geo_review.review.lineage import LineageFinding
from geo_review.review.neighbours import Neighbour, PairFinding


def neighbour_document(neighbour: Neighbour) -> Document:
    """Return a neighbour with its sentence."""
    pair = neighbour.figures
    return {
        "kind": str(pair.kind),
        "contact": str(pair.contact),
        "code": neighbour.other_code,
        "name": neighbour.other_name,
        "version": neighbour.other_version,
        "standing": str(neighbour.other_standing),
        "submitted_at": neighbour.other_submitted_at.isoformat(),
        "is_earlier": neighbour.other_is_earlier,
        "overlap": {
            "area_planar_m2": pair.overlap_planar_m2,
            "area_ellipsoidal_m2": pair.overlap_ellipsoidal_m2,
            "max_width_m": pair.overlap_max_width_m,
        },
        "gap": {
            "area_planar_m2": pair.gap_planar_m2,
            "max_width_m": pair.gap_max_width_m,
            "mean_width_m": pair.gap_planar_m2 / pair.gap_length_m if pair.gap_length_m else 0.0,
            "length_m": pair.gap_length_m,
        },
        "shared_length_m": pair.shared_length_m,
        "contact_width_m": neighbour.policy.contact_width_m,
        "gap_width_m": neighbour.policy.gap_width_m,
        "parts": [dict(part) for part in neighbour.parts],
        "message": neighbour.message,
    }


def pair_parts(pair: PairFinding) -> list[Document]:
    """Return the pieces of common land and the strips of a pair."""
    return [
        *({"kind": "overlap"} | part_document(part) for part in pair.overlaps),
        *(
            {
                "kind": "gap",
                "area_planar_m2": gap.planar_area_m2,
                "area_ellipsoidal_m2": gap.ellipsoidal_area_m2,
                "max_width_m": gap.max_width_m,
                "mean_width_m": gap.mean_width_m,
                "length_m": gap.length_m,
                "geometry": as_geojson(gap.lonlat),
            }
            for gap in pair.gaps
        ),
    ]


def lineage_finding_document(finding: LineageFinding) -> Document:
    """Return what does not agree between a red line and its relatives, with its sentence."""
    return {
        "code": str(finding.fault),
        "relatives": list(finding.relatives),
        "contact": str(finding.contact),
        "area_planar_m2": finding.planar_area_m2,
        "area_ellipsoidal_m2": finding.ellipsoidal_area_m2,
        "max_width_m": finding.max_width_m,
        "parts": [part_document(part) for part in finding.parts],
        "message": finding.message,
    }


def part_document(part: LandPart) -> Document:
    """Return a part of land as a report has it."""
    return {
        "contact": str(part.contact),
        "area_planar_m2": part.planar_area_m2,
        "area_ellipsoidal_m2": part.ellipsoidal_area_m2,
        "max_width_m": part.max_width_m,
        "geometry": as_geojson(part.lonlat),
    }
