"""The survey TXT writer: the standard layout, and that reading it gives the same land back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import shapely
from shapely.geometry import MultiPolygon, Polygon, box

from geo_review.boundary.model import Boundary
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.survey_text import read_survey_text
from geo_review.boundary.survey_text_write import write_survey_text
from tests.builders import EAST, NORTH, make_boundary, square

ON = date(2026, 11, 3)
ZONES = {4547: 38, 4548: 39, 4526: 38}


def read(content: bytes) -> list[list[np.ndarray]]:
    """The rings of each parcel, easting first, without prefix."""
    raw = read_survey_text(ReceivedFile(name="a.txt", content=content))
    assert [issue.code for issue in raw.issues] == []
    return [[ring.coordinates[:, ::-1] % [1e6, np.inf] for ring in parcel.rings] for parcel in raw.parcels]


def test_boundary_when_written_then_in_the_standard_layout() -> None:
    parcel = replace(make_boundary().parcels[0], code="1", name="一号,地块", use="住宅,商业")
    content = write_survey_text(replace(make_boundary(), parcels=(parcel,)), producer="某测绘院", produced_on=ON)
    assert content.decode("gb18030").split("\r\n") == [
        "[属性描述]",
        "格式版本号=1.01版本",
        "数据产生单位=某测绘院",
        "数据产生日期=2026-11-3",
        "坐标系=2000国家大地坐标系",
        "几度分带=3",
        "投影类型=高斯克吕格",
        "计量单位=米",
        "带号=38",
        "精度=0.001",
        "转换参数=,,,,,,",
        "[地块坐标]",
        "5,1.0000,1,一号,地块,面,,住宅，商业,,@",
        "J1,1,3959700.000,38592900.000",
        "J2,1,3959700.000,38593000.000",
        "J3,1,3959600.000,38593000.000",
        "J4,1,3959600.000,38592900.000",
        "J1,1,3959700.000,38592900.000",
        "",
    ]


def test_holes_and_parts_when_written_then_each_is_a_further_ring_with_running_numbers() -> None:
    ring = square().difference(square(20, 20, 10))
    land = make_boundary(MultiPolygon([ring, square(300, 0, 50)]))
    lines = write_survey_text(land, producer="", produced_on=ON, prefixed=False).decode("gb18030").split("\r\n")[13:-1]
    assert [line.rsplit(",", 2)[0] for line in lines] == [
        *("J1,1", "J2,1", "J3,1", "J4,1", "J1,1"),
        *("J5,2", "J6,2", "J7,2", "J8,2", "J5,2"),
        *("J9,3", "J10,3", "J11,3", "J12,3", "J9,3"),
    ]
    hole = [tuple(map(float, line.split(",")[2:])) for line in lines[5:9]]
    assert hole == [  # counter-clockwise, from the north-west
        (NORTH + 30, EAST + 20),
        (NORTH + 20, EAST + 20),
        (NORTH + 20, EAST + 30),
        (NORTH + 30, EAST + 30),
    ]


@pytest.mark.parametrize(
    ("epsg", "prefixed", "easting"),
    [
        pytest.param(4547, True, "38592900.000", id="prefix is put on"),
        pytest.param(4547, False, "592900.000", id="none when not wanted"),
        pytest.param(4548, True, "39592900.000", id="zone 39"),
    ],
)
def test_easting_when_written_then_the_prefix_is_as_asked(epsg: int, prefixed: bool, easting: str) -> None:
    content = write_survey_text(make_boundary(measuring_epsg=epsg), producer="", produced_on=ON, prefixed=prefixed)
    assert f",{easting}\r\n".encode() in content
    assert f"带号={ZONES[epsg]}\r\n".encode("gb18030") in content


def test_names_when_they_hold_line_breaks_then_the_layout_stands() -> None:
    parcel = replace(make_boundary().parcels[0], name="甲\r\n[地块坐标]", code="a,b")
    content = write_survey_text(
        replace(make_boundary(), parcels=(parcel,)), producer="乙\n带号=39", produced_on=ON, encoding="utf-8"
    )
    raw = read_survey_text(ReceivedFile(name="a.txt", content=content))
    assert (raw.parcels[0].name, raw.parcels[0].code, raw.declared_crs.zone) == ("甲 [地块坐标]", "a，b", 38)
    assert raw.issues == ()


def test_boundary_when_not_in_a_zone_then_it_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="4490"):
        write_survey_text(replace(make_boundary(), measuring_epsg=4490), producer="", produced_on=ON)


@st.composite
def boundaries(draw: st.DrawFn) -> Boundary:
    """Up to four parcels of star-shaped polygons, some with a hole and a second part, in either zone."""
    parcels = []
    for number in range(draw(st.integers(1, 4))):
        centre = np.array([EAST + number * 5000.0, NORTH + draw(st.floats(-3000, 3000))])
        count = draw(st.integers(3, 12))
        radii = draw(st.lists(st.floats(50, 500), min_size=count, max_size=count))
        angles = np.arange(count) * 2 * np.pi / count + 0.1
        corners = centre + np.array(radii)[:, None] * np.column_stack([np.cos(angles), np.sin(angles)])
        polygon = Polygon(corners)
        if draw(st.booleans()) and polygon.buffer(-10).contains(hole := box(*(centre - 5), *(centre + 5))):
            polygon = polygon.difference(hole)
        parts = [polygon, square(number * 5000 + 2000, 0, 30)] if draw(st.booleans()) else [polygon]
        parcels.append(MultiPolygon(parts))
    return make_boundary(*parcels, measuring_epsg=draw(st.sampled_from([4547, 4548])))


@given(boundary=boundaries(), prefixed=st.booleans(), encoding=st.sampled_from(["gb18030", "utf-8"]))
def test_boundary_when_written_and_read_then_the_same_land_to_the_millimetre(
    boundary: Boundary, prefixed: bool, encoding: str
) -> None:
    content = write_survey_text(boundary, producer="某院", produced_on=ON, prefixed=prefixed, encoding=encoding)
    rings = read(content)
    assert len(rings) == len(boundary.parcels)
    for parcel, found in zip(boundary.parcels, rings, strict=True):
        meant = [ring for part in parcel.geometry.geoms for ring in (part.exterior, *part.interiors)]
        assert len(found) == len(meant)
        for ring, corners in zip(meant, found, strict=True):
            own = shapely.get_coordinates(ring)[:-1]
            assert len(corners) == len(own)
            apart = np.hypot(*(own[:, None] - corners[None]).transpose(2, 0, 1)).min(axis=0)
            assert apart.max() < 0.001
            assert Polygon(corners).symmetric_difference(Polygon(own)).area < 0.001 * ring.length
