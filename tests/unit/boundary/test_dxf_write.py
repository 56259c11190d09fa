"""The DXF writer: layers, exact coordinates, the same bytes each time."""

from __future__ import annotations

import io
from dataclasses import replace

import ezdxf
import pytest
from ezdxf.document import Drawing
from hypothesis import given
from hypothesis import strategies as st

from shapely.geometry import MultiPolygon, Polygon

from geo_review.boundary.dxf_write import write_dxf
from geo_review.boundary.model import Boundary
from tests.builders import EAST, NORTH, make_boundary, square


def opened(content: bytes) -> Drawing:
    """The drawing, which CAD must be able to open without repairing anything. Of this version its text is UTF-8."""
    drawing = ezdxf.read(io.StringIO(content.decode("utf-8")))
    audit = drawing.audit()
    assert (audit.errors, audit.fixes) == ([], [])
    return drawing


def outlines(drawing: Drawing) -> list[list[tuple[float, float]]]:
    found = []
    for outline in drawing.modelspace().query('LWPOLYLINE[layer=="用地红线"]'):
        assert outline.closed
        found.append([(float(x), float(y)) for x, y in outline.get_points("xy")])
    return found


def texts(drawing: Drawing, layer: str) -> list[str]:
    return [text.dxf.text for text in drawing.modelspace().query("TEXT") if text.dxf.layer == layer]


def test_boundary_when_written_then_cad_has_its_layers_its_unit_and_its_system() -> None:
    parcel = replace(make_boundary().parcels[0], code="A1", name="一号\n地块%%c")
    drawing = opened(write_dxf(replace(make_boundary(), parcels=(parcel,))))
    assert (drawing.dxfversion, drawing.units) == ("AC1024", 6)
    assert drawing.layers.get("用地红线").color == 1
    assert texts(drawing, "界址点") == ["J1", "J2", "J3", "J4"]
    assert len(drawing.modelspace().query('POINT[layer=="界址点"]')) == 4
    system = "CGCS2000 3度带 第38带 中央子午线114° EPSG:4526 X为东坐标（含带号38）Y为北坐标 单位米"
    assert texts(drawing, "注记") == ["一号 地块％％c", "A1", "面积 10000.00 平方米", system]
    assert drawing.header.custom_vars.get("坐标系") == system


@pytest.mark.parametrize(
    ("epsg", "prefixed", "shift_m", "said"),
    [
        pytest.param(4547, True, 38_000_000.0, "EPSG:4526", id="the zone number stands in front"),
        pytest.param(4547, False, 0.0, "EPSG:4547", id="or not, when not wanted"),
        pytest.param(4548, True, 39_000_000.0, "EPSG:4527", id="zone 39"),
    ],
)
def test_eastings_when_written_then_x_is_east_and_the_prefix_is_as_asked(
    epsg: int, prefixed: bool, shift_m: float, said: str
) -> None:
    drawing = opened(write_dxf(make_boundary(measuring_epsg=epsg), prefixed=prefixed))
    assert outlines(drawing) == [
        [
            (EAST + shift_m, NORTH + 100),
            (EAST + shift_m + 100, NORTH + 100),
            (EAST + shift_m + 100, NORTH),
            (EAST + shift_m, NORTH),
        ]
    ]
    assert said in texts(drawing, "注记")[-1]


def test_holes_and_parts_when_written_then_each_ring_is_an_outline_of_its_parcel() -> None:
    holed = square().difference(square(20, 20, 10))
    drawing = opened(write_dxf(make_boundary(MultiPolygon([holed, square(300, 0, 50)]), square(400, 0, 10))))
    assert [len(ring) for ring in outlines(drawing)] == [4, 4, 4, 4]
    numbers = texts(drawing, "界址点")
    assert numbers == [*(f"J{n}" for n in range(1, 13)), "J1", "J2", "J3", "J4"]
    marks = [line.get_xdata("GEOREVIEW_PARCEL")[0].value for line in drawing.modelspace().query("LWPOLYLINE")]
    assert marks == [1, 1, 1, 2]


def test_boundary_when_written_twice_then_the_same_bytes() -> None:
    land = make_boundary(square(), square(200, 0, 50))
    assert write_dxf(land) == write_dxf(land)


def test_boundary_when_not_in_a_zone_then_it_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="4490"):
        write_dxf(replace(make_boundary(), measuring_epsg=4490))


@given(
    corners=st.lists(
        st.tuples(st.floats(EAST, EAST + 1e4), st.floats(NORTH, NORTH + 1e4)), min_size=3, max_size=6, unique=True
    ).filter(lambda corners: Polygon(corners).is_valid and Polygon(corners).area > 1.0)
)
def test_corners_when_written_then_bit_for_bit(corners: list[tuple[float, float]]) -> None:
    land: Boundary = make_boundary(Polygon(corners))
    assert sorted(outlines(opened(write_dxf(land, prefixed=False)))[0]) == sorted(corners)
