"""Writes the red lines of the sample city, each in the format and with the quirks its wish names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

import shapely
from shapely.geometry import MultiPolygon, Polygon

from geo_review.geometry.crs import gauss_kruger, is_geographic, reproject_points
from geo_review.sample_city.city import RefusedFile
from geo_review.sample_city.drawing import MILLIMETRES
from geo_review.sample_city.facts import PLANE, Coordinates
from geo_review.sample_city.layer_files import write_features
from geo_review.sample_city.survey_file import survey_text
from geo_review.sample_city.wishes import Wish
from geo_review.sample_city.zipped_shapefile import zipped_shapefile
from geo_review.wording import say

_DECIMALS_DEG = 9
_ZONE_38 = 4526
_USE = "建设用地"
_OTHER_DATUM = "80国家大地坐标系"


def write_red_line(path: Path, wish: Wish, code: str, site: MultiPolygon) -> None:
    """Write one red line; its corners are moved into the CRS of the file, and rounded as a surveyor rounds."""
    land = in_crs_of_file(site, wish.epsg)
    columns: Mapping[str, list[object]] = {"XMDM": [code], "XMMC": [wish.name]}
    match wish.file:
        case ".txt":
            path.write_bytes(survey_text(wish.name, land, wish.epsg, _USE, wish.quirks))
        case ".zip":
            path.write_bytes(zipped_shapefile(wish.name, land, wish.epsg, columns, wish.quirks))
        case ".geojson":
            write_features(path, [land], columns, wish.epsg)
            if "no-crs" in wish.quirks:
                lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
                path.write_text("".join(line for line in lines if not line.startswith('"crs"')), encoding="utf-8")
        case _:
            write_features(path, [land], columns, wish.epsg)


def write_refused(folder: Path, site: MultiPolygon) -> tuple[RefusedFile, ...]:
    """Write three files that must be refused: a crossing outline, no zone anywhere, another datum."""
    west, south, east, north = site.bounds
    bow_tie = MultiPolygon([Polygon([(west, south), (east, north), (east, south), (west, north)])])
    crossing = survey_text("样例自相交地块", in_crs_of_file(bow_tie, _ZONE_38), _ZONE_38, _USE)
    no_zone = survey_text("样例无带号地块", site, PLANE, _USE, ("no-zone-key",))
    other_datum = survey_text("样例西安80地块", in_crs_of_file(site, _ZONE_38), _ZONE_38, _USE, datum=_OTHER_DATUM)
    refused = []
    for name, content, error in (
        ("crossing", crossing, "invalid_boundary"),
        ("no_zone", no_zone, "unknown_crs"),
        ("datum", other_datum, "foreign_datum"),
    ):
        file = folder / f"{say(f'sample.refused_{name}_name')}.txt"
        file.write_bytes(content)
        refused.append(RefusedFile(file=file, error=error, why=say(f"sample.refused_{name}")))
    return tuple(refused)


def in_crs_of_file(site: MultiPolygon, epsg: int) -> MultiPolygon:
    """Return a site in the CRS of its file: corner by corner, for that is all a file holds."""
    decimals = _DECIMALS_DEG if is_geographic(epsg) else MILLIMETRES
    zone, plane = gauss_kruger(epsg), gauss_kruger(PLANE)
    assert plane is not None
    same_plane = zone is not None and zone.central_meridian_deg == plane.central_meridian_deg

    def moved(corners: Coordinates) -> Coordinates:
        if same_plane and zone is not None:
            return np.asarray(np.round(corners + np.array([zone.easting_prefix_m, 0.0]), decimals))
        return np.asarray(np.round(reproject_points(corners, PLANE, epsg), decimals))

    land: MultiPolygon = shapely.transform(site, moved)
    return land
