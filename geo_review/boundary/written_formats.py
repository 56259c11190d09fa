"""The formats a red line can be written in: name → writer, media type, suffix. Opens no file.

An option that a format has no use for is refused: a file in degrees has no zone, and only a survey text an encoding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from geo_review.boundary.dxf_write import write_dxf
from geo_review.boundary.geojson_write import write_geojson
from geo_review.boundary.geopackage_write import write_geopackage
from geo_review.boundary.kml_write import write_kml
from geo_review.boundary.model import Boundary
from geo_review.boundary.shapefile_write import write_shapefile
from geo_review.boundary.survey_text_write import write_survey_text
from geo_review.boundary.written_parcels import in_zone
from geo_review.errors import InvalidOption
from geo_review.wording import say

FormatName = Literal["txt", "shp", "geojson", "dxf", "gpkg", "kml"]
TextEncoding = Literal["gb18030", "utf-8"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """How a red line is to be written; None is as the format has it by itself.

    ``zone`` is a 3-degree zone, ``prefixed`` whether eastings bear its number, both of formats in metres;
    ``encoding`` is of survey texts.
    """

    zone: int | None = None
    prefixed: bool | None = None
    encoding: TextEncoding | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """What a file says of itself: ``stem`` is its name without suffix, ``title`` what it shows."""

    stem: str
    title: str
    written_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenFormat:
    """``write`` gets the red line in the zone that was wished for. ``is_text``: it may go to a terminal."""

    suffix: str
    media_type: str
    write: Callable[[Boundary, Heading, Wish], bytes]
    is_text: bool = True
    in_metres: bool = True


WRITTEN_FORMATS: Mapping[FormatName, WrittenFormat] = {
    "txt": WrittenFormat(
        suffix=".txt",
        media_type="text/plain",  # whoever answers adds the encoding
        write=lambda boundary, heading, wish: write_survey_text(
            boundary,
            producer=say("export.producer"),
            produced_on=heading.written_on,
            prefixed=_prefixed(wish),
            encoding=wish.encoding or "gb18030",
        ),
    ),
    "shp": WrittenFormat(
        suffix=".zip",
        media_type="application/zip",
        write=lambda boundary, heading, wish: write_shapefile(
            boundary, stem=heading.stem, written_on=heading.written_on, prefixed=_prefixed(wish)
        ),
        is_text=False,
    ),
    "geojson": WrittenFormat(
        suffix=".geojson",
        media_type="application/geo+json",
        write=lambda boundary, heading, wish: write_geojson(boundary),
        in_metres=False,
    ),
    "dxf": WrittenFormat(
        suffix=".dxf",
        media_type="image/vnd.dxf",
        write=lambda boundary, heading, wish: write_dxf(boundary, prefixed=_prefixed(wish)),
    ),
    "gpkg": WrittenFormat(
        suffix=".gpkg",
        media_type="application/geopackage+sqlite3",
        write=lambda boundary, heading, wish: write_geopackage(
            boundary, title=heading.title, written_on=heading.written_on, prefixed=_prefixed(wish)
        ),
        is_text=False,
    ),
    "kml": WrittenFormat(
        suffix=".kml",
        media_type="application/vnd.google-earth.kml+xml",
        write=lambda boundary, heading, wish: write_kml(boundary, title=heading.title),
        in_metres=False,
    ),
}


def write_red_line(boundary: Boundary, name: FormatName, *, heading: Heading, wish: Wish) -> bytes:
    """Return the bytes of a red line in a format; the same red line, heading and wish give the same bytes.

    Raises InvalidOption for a wish the format cannot fulfil, InvalidBoundary for a red line that it cannot hold.
    """
    written = WRITTEN_FORMATS[name]
    _refuse_useless(name, written, wish)
    return written.write(in_zone(boundary, wish.zone), heading, wish)


def _prefixed(wish: Wish) -> bool:
    return wish.prefixed is None or wish.prefixed


def _refuse_useless(name: FormatName, written: WrittenFormat, wish: Wish) -> None:
    key = None
    if not written.in_metres and (wish.zone is not None or wish.prefixed is not None):
        key = "no_zone"
    elif name != "txt" and wish.encoding is not None:
        key = "no_encoding"
    if key is not None:
        raise InvalidOption(
            code="option_of_other_format",
            message=say(f"export.{key}", format=name),
            remedy=say("export.option_of_other_format_remedy"),
        )
