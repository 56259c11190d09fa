"""Writes a red line as GeoJSON (RFC 7946): CGCS2000 longitude and latitude, without a `crs` member. Rounds nothing."""

from __future__ import annotations

import json

from shapely.geometry import MultiPolygon

from geo_review.boundary.model import Boundary
from geo_review.boundary.written_parcels import attributes_of, in_degrees, rings_of


def write_geojson(boundary: Boundary) -> bytes:
    """Return the file's bytes: a Feature a parcel, one a line; shells run counter-clockwise, holes clockwise."""
    features = [
        {"type": "Feature", "properties": attributes_of(parcel), "geometry": _geometry(land)}
        for parcel, land in zip(boundary.parcels, in_degrees(boundary), strict=True)
    ]
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    return f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'.encode()


def _geometry(land: MultiPolygon) -> dict[str, object]:
    polygons = [[ring.tolist() for ring in rings] for rings in rings_of(land)]
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}
