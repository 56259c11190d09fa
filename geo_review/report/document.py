"""The JSON document of a review (schema geo-review/report/1): the one source of every other rendering.

Pure and deterministic: same report, same bytes. Numbers are unrounded; geometry is EPSG:4490, longitude first,
right-hand rule (RFC 7946).
"""

from __future__ import annotations

import json
from typing import Any

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geo_review.boundary.model import Boundary, BoundaryIssue
from geo_review.review.findings import Finding, ReviewReport

SCHEMA = "geo-review/report/1"

Document = dict[str, Any]


def to_document(report: ReviewReport) -> Document:
    """Return the report as the nested dict of the contract."""
    return {
        "schema": SCHEMA,
        "verdict": str(report.verdict),
        "as_of": report.as_of.isoformat(),
        "engine": dict(report.engine),
        "rulebook": {
            "id": report.rulebook_id,
            "edition": report.rulebook_edition,
            "sha256": report.rulebook_sha256,
            "contact_width_m": report.contact_width_m,
        },
        "project": dict(report.project),
        "boundary": boundary_document(report.boundary),
        "results": [_result(finding) for finding in report.findings],
        "not_applicable": [
            {"rule_id": skipped.rule.id, "title": skipped.rule.title, "reason": skipped.reason}
            for skipped in report.not_applicable
        ],
        "notes": list(report.notes),
    }


def to_bytes(document: Document) -> bytes:
    """Return the document as UTF-8 JSON with a final line feed; the same document gives the same bytes."""
    return (json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def to_geojson(document: Document) -> Document:
    """Return the red line and every part found as one FeatureCollection for a GIS."""
    features: list[Document] = [
        {
            "type": "Feature",
            "properties": {"role": "red_line", "verdict": document["verdict"], "as_of": document["as_of"]},
            "geometry": document["boundary"]["geometry"],
        }
    ]
    for result in document["results"]:
        features += [
            {
                "type": "Feature",
                "properties": {
                    "role": "finding",
                    "rule_id": result["rule_id"],
                    "title": result["title"],
                    "layer": result["layer"]["code"],
                    "outcome": result["outcome"],
                    **{key: part[key] for key in ("contact", "area_planar_m2", "area_ellipsoidal_m2", "max_width_m")},
                },
                "geometry": part["geometry"],
            }
            for part in result["parts"]
        ]
    return {"type": "FeatureCollection", "features": features}


def boundary_document(boundary: Boundary) -> Document:
    """Return a red line as the contract writes it under ``boundary``."""
    return {
        "format": boundary.format,
        "file": {
            "name": boundary.file.name,
            "size_bytes": boundary.file.size_bytes,
            "sha256": boundary.file.sha256,
            "sm3": boundary.file.sm3,
        },
        "crs": {"epsg": boundary.crs.epsg, "how": str(boundary.crs.how), "reason": boundary.crs.reason},
        "measuring_epsg": boundary.measuring_epsg,
        "parcels": len(boundary.parcels),
        "area_planar_m2": boundary.planar_area_m2,
        "area_ellipsoidal_m2": boundary.ellipsoidal_area_m2,
        "area_declared_m2": boundary.declared_area_m2,
        "area_declared_unit": boundary.declared_area_unit,
        "parcel_list": [
            {
                "number": parcel.number,
                "code": parcel.code,
                "name": parcel.name,
                "use": parcel.use,
                "area_planar_m2": parcel.planar_area_m2,
                "area_ellipsoidal_m2": parcel.ellipsoidal_area_m2,
                "area_declared_m2": parcel.declared_area_m2,
            }
            for parcel in boundary.parcels
        ],
        "issues": [issue_document(issue) for issue in boundary.issues],
        "geometry": as_geojson(boundary.lonlat),
    }


def issue_document(issue: BoundaryIssue) -> Document:
    """Return an issue as the contract writes it; places that are not known are left out."""
    where = {
        "parcel": issue.where.parcel,
        "ring": issue.where.ring,
        "point": issue.where.point,
        "line": issue.where.line,
    }
    return {
        "code": issue.code,
        "severity": str(issue.severity),
        "message": issue.message,
        "where": {key: value for key, value in where.items() if value is not None},
    }


def _result(finding: Finding) -> Document:
    rule, layer = finding.rule, finding.layer
    return {
        "rule_id": rule.id,
        "title": rule.title,
        "layer": {
            "code": rule.layer,
            "title": layer.title if layer else None,
            "version": layer.version if layer else None,
            "sha256": layer.sha256 if layer else None,
            "coverage": finding.coverage,
            "valid_from": layer.valid_from.isoformat() if layer and layer.valid_from else None,
            "valid_to": layer.valid_to.isoformat() if layer and layer.valid_to else None,
            "accuracy_m": layer.accuracy_m if layer else None,
            "source": layer.source if layer else None,
        },
        "kind": str(rule.kind),
        "outcome": str(finding.outcome),
        "reason": finding.reason,
        "contact": str(finding.contact),
        "area_planar_m2": finding.planar_area_m2,
        "area_ellipsoidal_m2": finding.ellipsoidal_area_m2,
        "share": finding.share,
        "distance_m": finding.distance_m,
        "limit": {
            "ignore_below_m2": rule.ignore_below_m2,
            "distance_m": rule.distance_m,
            "attribute": rule.attribute,
            "operator": str(rule.operator) if rule.operator else None,
            "outside": str(rule.outside) if rule.outside else None,
        },
        "uncovered_area_m2": finding.uncovered_area_m2,
        "parts": [
            {
                "contact": str(part.contact),
                "area_planar_m2": part.planar_area_m2,
                "area_ellipsoidal_m2": part.ellipsoidal_area_m2,
                "max_width_m": part.max_width_m,
                "geometry": as_geojson(part.lonlat),
            }
            for part in finding.parts
        ],
        "comparisons": [
            {
                "plan_value": comparison.plan_value,
                "project_value": comparison.project_value,
                "area_planar_m2": comparison.planar_area_m2,
                "kept": comparison.kept,
            }
            for comparison in finding.comparisons
        ],
        "repairs": [
            {
                "feature": repair.feature,
                "reason": repair.reason,
                "area_before_m2": repair.area_before_m2,
                "area_after_m2": repair.area_after_m2,
            }
            for repair in finding.repairs
        ],
        "basis": rule.basis,
        "basis_confirmed": rule.basis_confirmed,
        "department": rule.department,
        "department_name": finding.department_name,
        "respond_within_workdays": rule.respond_within_workdays,
        "message": finding.message,
    }


def as_geojson(geometry: BaseGeometry) -> Document:
    """Return a lon/lat geometry as GeoJSON with exterior rings counter-clockwise (RFC 7946 §3.1.6)."""
    return dict(mapping(shapely.orient_polygons(geometry, exterior_cw=False)))
