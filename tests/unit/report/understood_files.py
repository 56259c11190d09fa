"""Red-line files for what is understood of them: taken, refused, and open in one thing each."""

from __future__ import annotations

import io
import zipfile

from shapely.geometry import Polygon

from geo_review.boundary.asked import Asked
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.understanding import Understanding, understand
from geo_review.city import PUYANG
from tests.builders import EAST, NORTH, square
from tests.postgis.stored import geojson

_SQUARE = ((0, 0), (0, 100), (100, 100), (100, 0), (0, 0))


def survey_text(*parcels: tuple[float, float], zone: str = "38", area: str = "1.0000", swapped: bool = False) -> bytes:
    """A survey TXT of squares of 100 m at these offsets; ``zone`` is in front of every easting, and may be empty."""
    lines = ["[属性描述]", *([f"带号={zone}"] if zone else []), "[地块坐标]"]
    for number, (east_m, north_m) in enumerate(parcels or ((0.0, 0.0),), start=1):
        lines.append(f"5,{area},D{number},地块{number},面,,,,@")
        for point, (north, east) in enumerate(_SQUARE, start=1):
            pair = (f"{NORTH + north_m + north:.3f}", f"{zone}{EAST + east_m + east:.3f}")
            first, second = reversed(pair) if swapped else pair
            lines.append(f"J{point if point < 5 else 1},1,{first},{second}")
    return "\r\n".join(lines).encode("gb18030")


def bow_tie() -> bytes:
    """A GeoJSON whose ring crosses itself at 4.5 m from the corner."""
    return geojson(Polygon([(EAST, NORTH), (EAST + 9, NORTH + 9), (EAST + 9, NORTH), (EAST, NORTH + 9)]))


def with_hole() -> bytes:
    """A GeoJSON of a square with a square hole and an island in it."""
    return geojson(square(0, 0, 90).difference(square(30, 30, 30)).union(square(40, 40, 10)))


def two_members() -> bytes:
    """A zip with two red lines in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("东.geojson", geojson(square()))
        archive.writestr("西.geojson", geojson(square(-300)))
    return packed.getvalue()


def seen_of(content: bytes, name: str = "红线.txt", **asked: object) -> Understanding:
    """What is understood of a file in Puyang."""
    return understand(ReceivedFile(name=name, content=content), city=PUYANG, asked=Asked(**asked))  # type: ignore[arg-type]
