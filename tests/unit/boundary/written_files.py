"""Red-line files written by GDAL (an independent writer) and by hand, for the reader tests."""

from __future__ import annotations

import io
import json
import random
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

import geopandas
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geo_review.boundary.model import Axes, DeclaredCrs, RawBoundary, RawParcel, RawRing
from geo_review.boundary.received import ReceivedFile, from_path
from geo_review.errors import GeoReviewError

# A 100 m square in the city (EPSG:4547 metres), and one with a hole beside it.
EAST_M, NORTH_M = 592967.566, 3959522.396
SQUARE = Polygon([(EAST_M, NORTH_M), (EAST_M + 100, NORTH_M), (EAST_M + 100, NORTH_M + 100), (EAST_M, NORTH_M + 100)])
HOLED = Polygon(
    [(x + 300, y) for x, y in SQUARE.exterior.coords],
    [
        [
            (EAST_M + 310, NORTH_M + 10),
            (EAST_M + 310, NORTH_M + 60),
            (EAST_M + 360, NORTH_M + 60),
            (EAST_M + 360, NORTH_M + 10),
        ]
    ],
)
HOLED_M2 = 7500.0


def frame(
    *geometries: BaseGeometry | None, crs: int | str | None = 4547, **columns: list[Any]
) -> geopandas.GeoDataFrame:
    """A frame of geometries given in EPSG:4547, projected to ``crs`` (an EPSG code) when there is one."""
    made = geopandas.GeoDataFrame(
        columns or {"DKBH": [f"A{n}" for n in range(1, len(geometries) + 1)]}, geometry=list(geometries)
    )
    if crs is None:
        return made
    return made.set_crs(4547).to_crs(crs)


def shapefile(folder: Path, made: geopandas.GeoDataFrame, stem: str = "红线", encoding: str = "UTF-8") -> ReceivedFile:
    """A bare .shp with its companions, as written by GDAL."""
    _write(made, folder / f"{stem}.shp", encoding=encoding)
    return from_path(folder / f"{stem}.shp")


def geopackage(folder: Path, made: geopandas.GeoDataFrame, name: str = "红线.gpkg", **options: Any) -> ReceivedFile:
    """A .gpkg as written by GDAL; ``layer=`` adds a table to an earlier one of the same name."""
    _write(made, folder / name, **options)
    return from_path(folder / name)


def geojson(document: Mapping[str, Any] | str | bytes) -> ReceivedFile:
    """A GeoJSON file of a document or of a text."""
    if isinstance(document, Mapping):
        document = json.dumps(document, ensure_ascii=False)
    content = document.encode() if isinstance(document, str) else document
    return ReceivedFile(name="红线.geojson", content=content)


def polygon_document(*rings: list[tuple[float, float]], **members: Any) -> dict[str, Any]:
    """A FeatureCollection of one Feature."""
    geometry = {"type": "Polygon", "coordinates": [[list(point) for point in ring] for ring in rings]}
    return {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {}, "geometry": geometry}],
        **members,
    }


def zipped(entries: Mapping[str, bytes], name: str = "红线.zip") -> ReceivedFile:
    """A zip of entries by path."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in entries.items():
            archive.writestr(path, content)
    return ReceivedFile(name=name, content=buffer.getvalue())


def parts_of(file: ReceivedFile, stem: str) -> dict[str, bytes]:
    """The files of a shapefile by name, under another stem."""
    return {f"{stem}.shp": file.content, **{f"{stem}{suffix}": content for suffix, content in file.companions.items()}}


def raw(
    *parcels: list[list[tuple[float, float]]],
    axes: Axes = Axes.EASTING_NORTHING,
    format: str = "shp",
    **declared: Any,
) -> RawBoundary:
    """What a reader would have understood: parcels of rings of points named J1, J2 …"""
    return RawBoundary(
        format=format,
        axes=axes,
        declared_crs=DeclaredCrs(**declared),
        parcels=tuple(
            RawParcel(
                rings=tuple(
                    RawRing(
                        coordinates=np.array(ring, dtype=float).reshape(-1, 2),
                        point_names=tuple(f"J{n}" for n in range(1, len(ring) + 1)),
                        lines=tuple(range(10 * number, 10 * number + len(ring))),
                    )
                    for number, ring in enumerate(rings, start=1)
                )
            )
            for rings in parcels
        ),
    )


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The bytes with some changed, left out, cut off or put in."""
    made = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        position = chance.randrange(len(made))
        match chance.randint(0, 3):
            case 0:
                made[position] = chance.choice((0, 1, 0x7F, 0x80, 0xFF))
            case 1:
                made[position] = chance.randrange(256)
            case 2:
                del made[position:]
                made += b"\0"
            case _:
                made[position:position] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 9)))
    return bytes(made)


def only_refuses(read: Callable[[], object]) -> None:
    """Run a reader on damaged bytes: it may read them or refuse them, and nothing else."""
    told = None
    try:
        read()
    except GeoReviewError as refusal:
        told = refusal
    assert told is None or (told.code and told.message)


def _write(made: geopandas.GeoDataFrame, path: Path, **options: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL warns of a missing CRS: that is the case under test
        made.to_file(path, engine="pyogrio", **options)
