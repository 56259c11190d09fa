"""Writes a `Boundary` as a survey TXT (界址点成果) in the standard layout. Measures nothing, changes no corner.

X is the northing and Y the easting; outer rings run clockwise on the map and begin at their north-west corner, J1, as
surveyors write them; numbers run on through the parcel and the closing point bears its ring's first number.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from shapely.geometry import MultiPolygon

from geo_review.boundary.corner_order import rings_from_north_west
from geo_review.boundary.model import Boundary
from geo_review.geometry.crs import GaussKruger, gauss_kruger

SQUARE_METRES_OF_A_HECTARE = 10_000.0


def write_survey_text(
    boundary: Boundary,
    *,
    producer: str,
    produced_on: date,
    prefixed: bool = True,
    encoding: Literal["gb18030", "utf-8"] = "gb18030",
) -> bytes:
    """Return the file's bytes: coordinates to the millimetre, area in hectares to the square metre, CR LF.

    ``prefixed`` puts the zone number in front of eastings. Raises ValueError when the boundary is not in a CGCS2000
    Gauss-Kruger zone. Line breaks inside names become blanks; commas become full-width, but for the parcel's name,
    which readers take from both ends.
    """
    zone = gauss_kruger(boundary.measuring_epsg)
    if zone is None:
        raise ValueError(f"EPSG:{boundary.measuring_epsg} is no CGCS2000 Gauss-Kruger zone")
    shift_m = (zone.zone * 1_000_000.0 if prefixed else 0.0) - zone.easting_prefix_m
    lines = list(heading_lines(zone, producer=producer, produced_on=produced_on))
    for parcel in boundary.parcels:
        lines += parcel_lines(
            parcel.geometry,
            area_m2=parcel.planar_area_m2,
            code=parcel.code,
            name=parcel.name,
            use=parcel.use,
            shift_m=shift_m,
        )
    return "".join(f"{line}\r\n" for line in lines).encode(encoding)


def heading_lines(zone: GaussKruger, *, producer: str, produced_on: date) -> Iterator[str]:
    """Yield the lines before the first parcel, without line ends."""
    yield "[属性描述]"
    yield "格式版本号=1.01版本"
    yield f"数据产生单位={_one_line(producer)}"
    yield f"数据产生日期={produced_on.year}-{produced_on.month}-{produced_on.day}"
    yield "坐标系=2000国家大地坐标系"
    yield f"几度分带={zone.width_deg}"
    yield "投影类型=高斯克吕格"
    yield "计量单位=米"
    yield f"带号={zone.zone}"
    yield "精度=0.001"
    yield "转换参数=,,,,,,"
    yield "[地块坐标]"


def parcel_lines(
    land: MultiPolygon, *, area_m2: float, code: str | None, name: str | None, use: str | None, shift_m: float
) -> Iterator[str]:
    """Yield the lines of one parcel, without line ends; ``shift_m`` is added to its eastings."""
    rings = [ring for polygon in land.geoms for ring in rings_from_north_west(polygon)]
    points = sum(len(ring) for ring in rings)
    hectares = area_m2 / SQUARE_METRES_OF_A_HECTARE
    yield f"{points},{hectares:.4f},{_field(code)},{_one_line(name or '')},面,,{_field(use)},,@"
    number = 1
    for ring_number, ring in enumerate(rings, start=1):
        first = number
        for index, (easting, northing) in enumerate(ring):
            point = first if index == len(ring) - 1 else number
            yield f"J{point},{ring_number},{northing:.3f},{easting + shift_m:.3f}"
            number += index < len(ring) - 1


def _field(text: str | None) -> str:
    return _one_line(text or "").replace(",", "，")


def _one_line(text: str) -> str:
    return " ".join(text.split())
