"""Outlines of a DXF drawing: every kind of line, curves within a millimetre, blocks, gaps, parcels and holes."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from ezdxf.layouts import Modelspace
from hypothesis import given, settings
from hypothesis import strategies as st

import shapely
from shapely.geometry import Polygon

from geo_review.boundary import dxf_entities
from geo_review.boundary.dxf import read_dxf
from geo_review.boundary.model import RawBoundary, RawParcel
from geo_review.errors import InvalidBoundary, TooLarge, UnreadableBoundary
from tests.unit.boundary.drawings import E, N, codes, corners, drawing, on, read, saved

HALF = math.pi * 50**2 / 2.0
BULGED = [(x, y, 1.0 if index == 1 else 0.0) for index, (x, y) in enumerate(corners())]  # a half circle in the east
QUIET = ["dxf_layer_chosen"]
STROKED = ["dxf_layer_chosen", "curves_stroked"]


def land(parcel: RawParcel) -> Polygon:
    """The polygon of a parcel: its first ring without the others."""
    shell, *holes = (ring.coordinates for ring in parcel.rings)
    return Polygon(shell, holes)


def lines(m: Modelspace, *points: tuple[float, float]) -> None:
    """A chain of LINE entities."""
    for start, end in pairwise(points):
        m.add_line(start, end, **on())


def block(content: Callable[[Any], object], **insert: Any) -> Callable[[Modelspace], object]:
    """A block with a content on layer 0, inserted on the red-line layer at the corner."""

    def draw(m: Modelspace) -> None:
        assert m.doc is not None
        content(m.doc.blocks.new("图块"))
        m.add_blockref("图块", (E, N), **on(**insert))

    return draw


def old_polyline(m: Modelspace) -> None:
    m.add_polyline2d(BULGED, format="xyb", close=True, **on())


def mirrored(m: Modelspace) -> None:
    """Drawn from below: the normal points down, x runs west and arcs turn the other way."""
    m.add_lwpolyline([(-x, y, -bulge) for x, y, bulge in BULGED], format="xyb", close=True, **on(extrusion=(0, 0, -1)))


def fitted(m: Modelspace) -> None:
    m.add_spline([(*point, 0) for point in [*corners(), corners()[0]]], **on())


def hatched(m: Modelspace) -> None:
    m.add_hatch(**on()).paths.add_polyline_path(BULGED, is_closed=True)


def hatched_edges(m: Modelspace) -> None:
    edges = m.add_hatch(**on()).paths.add_edge_path()
    edges.add_line((E, N - 50), (E, N + 50))
    edges.add_arc((E, N), 50, 90, 270)


def chain(m: Modelspace) -> None:
    """A line, an arc and an open polyline, each in a direction of its own."""
    south_west, south_east, north_east, north_west = corners()
    m.add_line(south_east, south_west, **on())
    m.add_arc((E + 100, N + 50), 50, 270, 90, **on())
    m.add_lwpolyline([north_east, north_west, south_west], **on())


def arc_from_below(m: Modelspace) -> None:
    """The half circle in the east as an ARC whose normal points down: its angles run the other way."""
    south_west, south_east, north_east, north_west = corners()
    m.add_arc((-(E + 100), N + 50), 50, 90, 270, **on(extrusion=(0, 0, -1)))
    m.add_lwpolyline([north_east, north_west, south_west, south_east], **on())


@pytest.mark.parametrize(
    ("draw", "area", "expected"),
    [
        pytest.param(lambda m: m.add_lwpolyline(corners(), close=True, **on()), 10000, QUIET, id="closed LWPOLYLINE"),
        pytest.param(
            lambda m: m.add_lwpolyline([*corners(), corners()[0]], **on()), 10000, QUIET, id="its first point again"
        ),
        pytest.param(
            lambda m: m.add_lwpolyline([*corners(), corners()[0]], close=True, **on()), 10000, QUIET, id="both"
        ),
        pytest.param(
            lambda m: m.add_lwpolyline(BULGED, format="xyb", close=True, **on()), 10000 + HALF, STROKED, id="bulge"
        ),
        pytest.param(mirrored, 10000 + HALF, STROKED, id="extrusion downwards"),
        pytest.param(old_polyline, 10000 + HALF, STROKED, id="POLYLINE of R12"),
        pytest.param(
            lambda m: m.add_polyline3d([(x, y, 51.2) for x, y in corners()], close=True, **on()),
            10000,
            [*QUIET, "heights_dropped"],
            id="POLYLINE with heights",
        ),
        pytest.param(
            lambda m: m.add_lwpolyline(corners(), close=True, **on(elevation=51.2)),
            10000,
            [*QUIET, "heights_dropped"],
            id="LWPOLYLINE with an elevation",
        ),
        pytest.param(lambda m: m.add_circle((E, N), 50, **on()), 2 * HALF, STROKED, id="CIRCLE"),
        pytest.param(
            lambda m: m.add_ellipse((E, N), (60, 80, 0), 0.5, **on()), math.pi * 100 * 50, STROKED, id="ELLIPSE"
        ),
        pytest.param(
            lambda m: (
                m.add_ellipse((E, N), (50, 0, 0), 1.0, 0, math.pi, **on())
                and m.add_line((E - 50, N), (E + 50, N), **on())
            ),
            HALF,
            STROKED,
            id="half an ELLIPSE and a line",
        ),
        pytest.param(lambda m: lines(m, *corners(), corners()[0]), 10000, QUIET, id="LINEs"),
        pytest.param(chain, 10000 + HALF, STROKED, id="LINE, ARC and open LWPOLYLINE"),
        pytest.param(arc_from_below, 10000 + HALF, STROKED, id="an ARC seen from below"),
        pytest.param(hatched, 10000 + HALF, [*STROKED, "dxf_hatch_used"], id="nothing but a HATCH"),
        pytest.param(hatched_edges, HALF, [*STROKED, "dxf_hatch_used"], id="a HATCH of edges"),
        pytest.param(
            block(lambda b: b.add_circle((0, 0), 50), xscale=2), 4 * HALF, STROKED, id="a circle in a block made wide"
        ),
        pytest.param(
            block(
                lambda b: b.add_lwpolyline([(0, 0, 1), (50, 0, 0), (50, 9, 0), (0, 9, 0)], format="xyb", close=True),
                xscale=-2,
                yscale=1,
                rotation=30,
            ),
            900 + math.pi * 25**2,
            STROKED,
            id="bulges in a block mirrored, made wide and turned",
        ),
        pytest.param(
            block(
                lambda b: b.add_lwpolyline([(0, 0, 1), (50, 0, 0), (50, 9, 0), (0, 9, 0)], format="xyb", close=True),
                xscale=-2,
                yscale=2,
            ),
            4 * (450 + math.pi * 25**2 / 2),
            STROKED,
            id="bulges in a block mirrored and enlarged",
        ),
    ],
)
def test_outline_when_read_then_its_land_is_that_of_the_drawing(
    draw: Callable[[Any], object], area: float, expected: list[str]
) -> None:
    raw = read(draw)
    assert codes(raw) == expected
    (parcel,) = raw.parcels
    polygon = land(parcel)
    assert polygon.is_valid
    assert abs(polygon.area - area) < 0.001 * polygon.length
    assert all(issue.message for issue in raw.issues)


def test_corners_when_read_then_bit_for_bit_and_named_by_handle_and_number() -> None:
    made = drawing()
    outline = made.modelspace().add_lwpolyline(BULGED, format="xyb", close=True, **on())
    (ring,) = read_dxf(saved(made)).parcels[0].rings
    names = list(ring.point_names or ())
    for number, (x, y, _) in enumerate(BULGED, start=1):
        assert ring.coordinates[names.index(f"#{outline.dxf.handle}/{number}")].tolist() == [x, y]
    assert set(names) == {f"#{outline.dxf.handle}/{number}" for number in ("1", "2", "2+", "3", "4")}


@settings(deadline=None, max_examples=30)
@given(
    bulges=st.lists(st.floats(-0.4, 0.4).map(lambda bulge: round(bulge, 3)), min_size=4, max_size=4),
    sizes=st.tuples(st.floats(1.0, 1e3), st.floats(0.5, 2.0)),
    turn=st.floats(0.0, math.tau),
)
def test_bulges_of_any_kind_when_read_then_area_within_a_millimetre_of_the_circles(
    bulges: list[float], sizes: tuple[float, float], turn: float
) -> None:
    width, ratio = sizes
    square = np.array([(0, 0), (width, 0), (width, width * ratio), (0, width * ratio)])
    turned = square @ np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]]) + [E, N]
    vertices = [(x, y, bulge) for (x, y), bulge in zip(turned.tolist(), bulges, strict=True)]
    raw = read(lambda m: m.add_lwpolyline(vertices, format="xyb", close=True, **on()))
    area = width * width * ratio
    for side, bulge in zip([width, width * ratio] * 2, bulges, strict=True):
        if bulge:  # the segment of a circle of this sagitta and chord
            angle = 4 * math.atan(bulge)
            radius = side / 2 / abs(math.sin(angle / 2))
            area += math.copysign(radius**2 / 2 * (abs(angle) - math.sin(abs(angle))), bulge)
    polygon = Polygon(raw.parcels[0].rings[0].coordinates - [E, N])
    assert abs(polygon.area - area) < 0.001 * polygon.length


def test_spline_when_read_then_nowhere_a_millimetre_from_its_curve() -> None:
    control = [(0, 0), (200, 0), (200, 150), (120, 30), (-40, 260), (0, 0)]
    made = drawing()
    curve = made.modelspace().add_open_spline([(E + x, N + y, 0) for x, y in control], **on())
    raw = read_dxf(saved(made))
    ring = raw.parcels[0].rings[0].coordinates
    tool = curve.construction_tool()
    dense = np.array([(point.x, point.y) for point in tool.points(np.linspace(0, tool.max_t, 20_000))])
    outline = Polygon(ring).exterior
    assert shapely.distance(shapely.points(dense), outline).max() < 0.001
    assert codes(raw) == STROKED


def nested(m: Modelspace) -> None:
    """A block in a block, the inner one moved and mirrored, the outer one turned and enlarged."""
    assert m.doc is not None
    inner = m.doc.blocks.new("内")
    inner.add_lwpolyline([(0, 0), (10, 0), (10, 5), (0, 5)], close=True)
    outer = m.doc.blocks.new("外", base_point=(1, 1))
    outer.add_blockref("内", (3, 1), dxfattribs={"xscale": -1})
    m.add_blockref("外", (E, N), **on(rotation=90, xscale=2, yscale=2))


def test_nested_block_when_read_then_its_corners_are_where_cad_shows_them() -> None:
    ring = read(nested).parcels[0].rings[0].coordinates
    # (x, y) → (3 - x, 1 + y) → less the base point → doubled → turned by 90°
    assert np.allclose(ring - [E, N], [(0, 4), (0, -16), (-10, -16), (-10, 4)], atol=1e-6)


def test_rows_and_columns_of_a_block_when_read_then_each_is_a_parcel() -> None:
    draw = block(
        lambda b: b.add_lwpolyline([(0, 0), (10, 0), (10, 10), (0, 10)], close=True),
        row_count=2,
        column_count=3,
        row_spacing=20,
        column_spacing=20,
    )
    raw = read(draw)
    assert [round(land(parcel).area) for parcel in raw.parcels] == [100] * 6


def many(m: Modelspace) -> None:
    """A hole, land in the hole, a parcel beside, one that shares an edge, and names."""
    for width, east, north in ((100, 0, 0), (60, 10, 10), (20, 20, 20), (50, 200, 0), (50, 250, 0)):
        m.add_lwpolyline(corners(width, east, north), close=True, **on())
    m.add_text("一号地块", **on(insert=(E + 2, N + 2)))
    m.add_mtext("{\\fSimSun;二号}\\P地块", **on(insert=(E + 210, N + 10)))
    m.add_text("三", **on(insert=(E + 260, N + 10)))
    m.add_text("号", **on(insert=(E + 260, N + 20)))
    m.add_text("别的图层", **on("0", insert=(E + 25, N + 25)))


def test_outlines_when_they_lie_in_one_another_then_parcels_holes_and_names() -> None:
    raw = read(many)
    assert [len(parcel.rings) for parcel in raw.parcels] == [2, 1, 1, 1]
    assert [land(parcel).area for parcel in raw.parcels] == pytest.approx([6400, 400, 2500, 2500])
    assert [parcel.name for parcel in raw.parcels] == ["一号地块", None, "二号 地块", None]
    assert codes(raw) == ["dxf_layer_chosen", "dxf_beside"]
    assert raw.issues[1].values["kinds"] == "TEXT 2"  # those that are no names


def gap(metres: float) -> Callable[[Modelspace], None]:
    west, south = E, N
    points = [(west, south), (west + 100, south), (west + 100, south + 100), (west, south + 100)]
    return lambda m: lines(m, *points, (west + metres, south))


@pytest.mark.parametrize(
    ("metres", "expected"),
    [
        pytest.param(0.0, QUIET, id="none"),
        pytest.param(0.00005, QUIET, id="the same point as surveyors write"),
        pytest.param(0.0005, [*QUIET, "dxf_gaps_joined"], id="half a millimetre is joined and said"),
    ],
)
def test_open_chain_when_its_ends_nearly_meet_then_joined_and_said(metres: float, expected: list[str]) -> None:
    raw = read(gap(metres))
    assert codes(raw) == expected
    assert len(raw.parcels[0].rings[0].coordinates) == 4
    assert all(issue.values["widest"] == "0.50" for issue in raw.issues if issue.code == "dxf_gaps_joined")


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        pytest.param(gap(0.05), "0.05 米", id="5 cm"),
        pytest.param(lambda m: lines(m, *corners()), "100 米", id="a side is missing"),
        pytest.param(
            lambda m: m.add_lwpolyline(corners(), **on()), "(38592967.5660, 3959522.3960)", id="a polyline left open"
        ),
        pytest.param(
            lambda m: [lines(m, *corners(), corners()[0]), lines(m, corners()[0], (E - 5, N))], "5 米", id="a tail"
        ),
    ],
)
def test_open_chain_when_it_does_not_close_then_refused_with_both_ends_and_the_distance(
    draw: Callable[[Any], object], said: str
) -> None:
    with pytest.raises(InvalidBoundary) as refusal:
        read(draw)
    assert refusal.value.code == "invalid_boundary"
    assert "[dxf_gap]" in refusal.value.lines[0]
    assert said in refusal.value.lines[0]


def test_lines_that_branch_when_read_then_faces_and_said() -> None:
    def draw(m: Modelspace) -> None:
        lines(m, *corners(), corners()[0])
        lines(m, (E + 100, N), (E + 200, N), (E + 200, N + 100), (E + 100, N + 100))

    raw = read(draw)
    assert sorted(land(parcel).area for parcel in raw.parcels) == pytest.approx([10000, 10000])
    assert codes(raw) == ["dxf_layer_chosen", "dxf_network"]


def test_line_between_two_rings_when_read_then_refused() -> None:
    def draw(m: Modelspace) -> None:
        lines(m, *corners(), corners()[0])
        lines(m, *corners(50, 200), corners(50, 200)[0])
        lines(m, corners()[1], corners(50, 200)[0])

    with pytest.raises(InvalidBoundary) as refusal:
        read(draw)
    assert "[dxf_line_left]" in refusal.value.lines[0]


def twice(width: float, *others: float) -> Callable[[Modelspace], None]:
    def draw(m: Modelspace) -> None:
        for other in others:
            m.add_lwpolyline(corners(other, -5, -5), close=True, **on())
        m.add_lwpolyline(corners(width), close=True, **on())
        m.add_lwpolyline(corners(width)[::-1], close=True, **on())

    return draw


def test_outline_when_drawn_twice_then_once_and_said_by_its_handle() -> None:
    raw = read(twice(100))
    assert codes(raw) == ["dxf_layer_chosen", "dxf_outline_doubled"]
    assert str(raw.issues[1].where).startswith("点#")
    assert len(raw.parcels) == 1


def test_hole_when_drawn_twice_then_left_for_the_refusal_of_doubled_rings() -> None:
    raw = read(twice(50, 100))
    assert codes(raw) == QUIET
    assert [len(parcel.rings) for parcel in raw.parcels] == [3]


def test_line_when_drawn_twice_then_once_and_said() -> None:
    def draw(m: Modelspace) -> None:
        lines(m, *corners(), corners()[0])
        lines(m, corners()[1], corners()[0])

    assert codes(read(draw)) == ["dxf_layer_chosen", "dxf_outline_doubled"]


def xref(m: Modelspace) -> None:
    assert m.doc is not None
    m.doc.add_xref_def("d:/项目/地形图.dwg", "地形图")
    m.add_blockref("地形图", (0, 0), **on())


def solid(body: Any) -> None:
    """Content without which nothing is written of a body."""
    body.sat = ["400 0 1 0", "7 unknown 12 ACIS 4.00 NT 24 Thu Jan 01 00:00:00 1970", "End-of-ACIS-data"]


def rational(m: Modelspace) -> None:
    m.add_rational_spline([(E, N, 0), (E + 9, N, 0), (E + 9, N + 9, 0), (E, N, 0)], [1, 2, 1, 1], **on())


@pytest.mark.parametrize(
    ("draw", "code", "said"),
    [
        pytest.param(xref, "dxf_reference", "地形图", id="an external reference by name"),
        pytest.param(lambda m: solid(m.add_region(**on())), "dxf_unreadable", "REGION", id="REGION"),
        pytest.param(lambda m: solid(m.add_3dsolid(**on())), "dxf_unreadable", "3DSOLID", id="3DSOLID"),
        pytest.param(
            lambda m: [m.add_lwpolyline(corners(), close=True, **on()), m.add_solid(corners(), **on())],
            "dxf_unreadable",
            "SOLID",
            id="a filled SOLID beside an outline",
        ),
        pytest.param(lambda m: m.add_polymesh((3, 3), **on()), "dxf_unreadable", "网格", id="a mesh"),
        pytest.param(
            lambda m: m.add_lwpolyline(BULGED, format="xyb", close=True, **on(extrusion=(0, 1, 1))),
            "dxf_cannot_draw",
            "水平面",
            id="an arc in a tilted plane",
        ),
        pytest.param(rational, "dxf_cannot_draw", "样条", id="a rational spline"),
        pytest.param(lambda m: m.add_circle((E, N), 0, **on()), "dxf_cannot_draw", "半径", id="no radius"),
        pytest.param(
            lambda m: m.add_circle((115.03, 35.76), 0.01, **on()), "dxf_degrees_curves", "经纬度", id="arc in degrees"
        ),
        pytest.param(lambda m: m.add_text("红线", **on()), "dxf_no_outlines", "闭合", id="nothing but a text"),
    ],
)
def test_layer_when_it_holds_what_has_no_outline_then_refused_by_name(
    draw: Callable[[Any], object], code: str, said: str
) -> None:
    with pytest.raises(UnreadableBoundary) as refusal:
        read(draw)
    assert refusal.value.code == code
    assert said in refusal.value.message
    assert refusal.value.remedy


def beside(raw: RawBoundary) -> dict[str, Any]:
    return {issue.code: dict(issue.values) for issue in raw.issues if issue.code not in QUIET}


def test_what_is_not_read_when_beside_an_outline_then_said() -> None:
    def draw(m: Modelspace) -> None:
        assert m.doc is not None
        m.add_lwpolyline(corners(), close=True, **on())
        m.add_lwpolyline(corners(10, 200), close=True, **on(invisible=1))
        m.add_point((E, N), **on())
        m.add_line((E, N), (E, N), **on())
        m.add_hatch(**on()).paths.add_polyline_path(corners(), is_closed=True)
        m.doc.add_xref_def("a.dwg", "地形图")
        m.add_blockref("地形图", (0, 0), **on("底图"))
        m.doc.layout("Layout1").add_lwpolyline([(0, 0), (1, 0), (1, 1)], close=True, **on())

    assert beside(read(draw)) == {
        "dxf_beside": {"kinds": "HATCH 1、POINT 1、不可见图元 1、没有长度的线 1"},
        "dxf_references_left": {"names": "地形图"},
        "dxf_sheets_left": {"count": 1},
    }


def test_blocks_within_blocks_when_they_multiply_then_refused_as_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dxf_entities, "MOST_ENTITIES", 10_000)

    def draw(m: Modelspace) -> None:
        assert m.doc is not None
        m.doc.blocks.new("B0").add_line((0, 0), (1, 1))
        for depth in range(1, 9):
            outer = m.doc.blocks.new(f"B{depth}")
            for _ in range(10):
                outer.add_blockref(f"B{depth - 1}", (0, 0))
        m.add_blockref("B8", (E, N), **on())

    with pytest.raises(TooLarge, match="10000 "):
        read(draw)
