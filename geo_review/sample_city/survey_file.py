"""Writes a red line as surveyors do: 界址点成果 text with the quirks that real files show. Valid or not, on purpose."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

import shapely
from shapely.geometry import MultiPolygon, Polygon

from geo_review.geometry.crs import GaussKruger, gauss_kruger

Coordinates = npt.NDArray[np.float64]

_ENCODINGS = {"gbk": "gb18030", "utf8-bom": "utf-8-sig", "utf16": "utf-16"}
_M2_PER_HECTARE = 10_000.0
_M2_PER_MU = 10_000.0 / 15.0
_FULL_WIDTH = str.maketrans({"=": "＝", "[": "［", "]": "］"})


def survey_text(
    name: str, land: MultiPolygon, epsg: int, use: str, quirks: Sequence[str] = (), *, datum: str = "2000国家大地坐标系"
) -> bytes:
    """Return the bytes of a survey text of land in a Gauss-Kruger zone, easting first."""
    zone = gauss_kruger(epsg)
    assert zone is not None, "survey text is in a Gauss-Kruger zone"
    lines = [*_header(zone, quirks, datum), "[地块坐标]"]
    for number, parcel in enumerate(land.geoms, 1):
        parcel_name = name if len(land.geoms) == 1 else f"{name}{number}号地块"
        lines += _parcel(number, parcel_name, parcel, use, quirks)
    if "full-width" in quirks:
        lines = [line if line[:1] == "J" else line.translate(_FULL_WIDTH) for line in lines]
    text = "\r\n".join(lines) + "\r\n"
    encoding = next((_ENCODINGS[quirk] for quirk in quirks if quirk in _ENCODINGS), "utf-8")
    return text.encode(encoding)


def _header(zone: GaussKruger, quirks: Sequence[str], datum: str) -> list[str]:
    lines = [
        "[属性描述]",
        "格式版本号=1.01版本",
        "数据产生单位=样例测绘单位",
        "数据产生日期=2026-11-02",
        f"坐标系={datum}",
        "几度分带=3",
        "投影类型=高斯克吕格",
        "计量单位=米",
        f"带号={zone.zone}",
        "精度=0.001",
        "转换参数=,,,,,,",
        "备注=样例数据",
    ]
    return [line for line in lines if not (line.startswith("带号") and "no-zone-key" in quirks)]


def _parcel(number: int, name: str, parcel: Polygon, use: str, quirks: Sequence[str]) -> list[str]:
    rings = [_ring(ring, quirks) for ring in (parcel.exterior, *parcel.interiors)]
    count = sum(len(ring) for ring in rings) + (3 if "wrong-count" in quirks else 0)
    lines = [f"{count},{_area(parcel, quirks)},{number},{name},面,,{use},,@"]
    point = 0
    for ring_number, ring in enumerate(rings, 1):
        first = point + 1
        for index, (easting, northing) in enumerate(ring):
            closing = index == len(ring) - 1 and "open" not in quirks
            point += 0 if closing else 1
            x, y = (easting, northing) if "swapped" in quirks else (northing, easting)
            tail = f",{index + 1}.0,界址线" if "extra-columns" in quirks else ""
            lines.append(f"J{first if closing else point},{ring_number},{x:.3f},{y:.3f}{tail}")
    return lines


def _ring(ring: object, quirks: Sequence[str]) -> Coordinates:
    """Return the points of a ring, clockwise from its north-west corner, closed unless the surveyor forgot."""
    corners = shapely.get_coordinates(ring)[:-1]
    if shapely.is_ccw(ring):
        corners = corners[::-1]
    start = int(np.argmax(corners[:, 1] - corners[:, 0]))
    corners = np.roll(corners, -start, axis=0)
    return corners if "open" in quirks else np.vstack([corners, corners[:1]])


def _area(parcel: Polygon, quirks: Sequence[str]) -> str:
    if "area-m2" in quirks:
        return f"{parcel.area:.2f}"
    if "area-mu" in quirks:
        return f"{parcel.area / _M2_PER_MU:.4f}"
    return f"{parcel.area / _M2_PER_HECTARE:.4f}"
