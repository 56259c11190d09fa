"""Layer files for tests, written by geopandas or by hand, near the seat of Puyang."""

from __future__ import annotations

import json
import sqlite3
import struct
import warnings
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

import geopandas
from shapely.geometry import Polygon, mapping
from shapely.geometry.base import BaseGeometry

from tests.builders import EAST, NORTH, square

FORMATS = ("geojson", "gpkg", "shp", "parquet", "fgb")

ESRI_ZONE_38 = (
    'PROJCS["CGCS2000_3_Degree_GK_Zone_38",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
    'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
    'PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",38500000.0],PARAMETER["False_Northing",0.0],'
    'PARAMETER["Central_Meridian",114.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],'
    'UNIT["Meter",1.0]]'
)
XIAN_80_ZONE_38 = (
    'PROJCS["Xian_1980_3_Degree_GK_Zone_38",GEOGCS["GCS_Xian_1980",DATUM["D_Xian_1980",'
    'SPHEROID["Xian_1980",6378140.0,298.257]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
    'PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",38500000.0],PARAMETER["False_Northing",0.0],'
    'PARAMETER["Central_Meridian",114.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],'
    'UNIT["Meter",1.0]]'
)

# Two triangles of 50 m x 100 m / 2 that meet in the middle: as a sum with signs 0, as land 5,000 m2.
BOW_TIE = Polygon([(EAST, NORTH), (EAST + 100, NORTH + 100), (EAST + 100, NORTH), (EAST, NORTH + 100), (EAST, NORTH)])


def write(
    path: Path,
    *geometries: BaseGeometry | None,
    epsg: int | None = 4547,
    attributes: Mapping[str, Sequence[Any]] | None = None,
) -> Path:
    """Write a layer with geopandas in the format of the suffix; a GeoJSON keeps its CRS in a legacy crs member."""
    frame = geopandas.GeoDataFrame(dict(attributes or {}), geometry=list(geometries), crs=epsg)
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    elif path.suffix == ".geojson":
        # GDAL would round to seven decimals and leave the member out for EPSG:4326.
        path.write_text(json.dumps(geojson(*geometries, epsg=epsg, properties=frame.drop(columns="geometry"))))
    else:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="'crs' was not provided")  # meant so
            frame.to_file(path)
    return path


def geojson(*geometries: BaseGeometry | None, epsg: int | None = None, properties: Any = None) -> dict[str, Any]:
    """A FeatureCollection; ``epsg`` goes into a crs member when it is given."""
    rows = [{}] * len(geometries) if properties is None else properties.to_dict("records")
    document: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": row, "geometry": None if geometry is None else mapping(geometry)}
            for row, geometry in zip(rows or [{}] * len(geometries), geometries, strict=True)
        ],
    }
    if epsg is not None:
        document["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{epsg}"}}
    return document


def write_json(path: Path, document: object) -> Path:
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def replace_geometry(gpkg: Path, wkb: bytes | None) -> None:
    """Put other WKB into the first feature of a GeoPackage, behind the back of every driver."""
    with sqlite3.connect(gpkg) as connection:
        (table,) = connection.execute("SELECT table_name FROM gpkg_contents").fetchone()
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        blob = None if wkb is None else b"GP\x00\x01" + struct.pack("<i", 4547) + wkb
        connection.execute(f'UPDATE "{table}" SET geom = ? WHERE fid = 1', (blob,))
    connection.close()


def curve_polygon_wkb() -> bytes:
    """A CURVEPOLYGON whose ring is one circular string round a circle of 100 m diameter."""
    ring = np.add([(0.0, 0.0), (50.0, 50.0), (100.0, 0.0), (50.0, -50.0), (0.0, 0.0)], [EAST, NORTH])
    return struct.pack("<BII", 1, 10, 1) + struct.pack("<BII", 1, 8, 5) + ring.tobytes()


def two_squares() -> tuple[Polygon, Polygon]:
    return square(), square(300.0, width_m=50.0)


def turn_rings(shp: Path, which: Sequence[int]) -> None:
    """Turn rings of a Shapefile of one feature round, as writers do that do not know its rule."""
    content = bytearray(shp.read_bytes())
    part_count, point_count = struct.unpack_from("<2i", content, 100 + 8 + 36)
    starts = [*struct.unpack_from(f"<{part_count}i", content, 100 + 8 + 44), point_count]
    first = 100 + 8 + 44 + 4 * part_count
    points = np.frombuffer(content, dtype="<f8", count=2 * point_count, offset=first).reshape(-1, 2).copy()
    for start, end in [list(pairwise(starts))[index] for index in which]:
        points[start:end] = points[start:end][::-1]
    content[first : first + points.nbytes] = points.tobytes()
    shp.write_bytes(content)
