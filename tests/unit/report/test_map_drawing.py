"""The printed map in millimetres: a true scale, everything in the frame, numbers apart."""

from __future__ import annotations

import math
from itertools import combinations

import pytest

import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon, box

from geo_review.report.map_context import ContextLayer, display_copy
from geo_review.report.map_drawing import FRAME_HEIGHTS_MM, FRAME_WIDTH_MM, draw_map
from geo_review.report.map_labels import RADIUS_MM
from geo_review.report.map_scale import SCALES, bar_length_m, grid_step_m, round_scale
from tests.unit.report.made import (
    EASTING,
    MADE,
    NORTHING,
    document,
    example,
    here,
    lonlat,
    part,
    result,
    square,
)


@pytest.mark.parametrize(
    ("width_m", "height_m", "scale"),
    [
        (50, 50, 500),
        (66, 50, 500),  # just fits: 66 m at 1:500 are 132 mm
        (66.1, 50, 1000),
        (10, 160, 1000),  # the height decides: 167 mm of room
        (5, 5, 100),
        (150_000, 10, 2_000_000),  # beyond the series: the next round number
    ],
)
def test_the_scale_is_the_largest_round_one_that_fits(width_m, height_m, scale):
    assert round_scale(width_m, height_m, room_width_mm=132, room_height_mm=167) == scale


@pytest.mark.parametrize("scale", SCALES)
def test_grid_and_bar_are_round_and_of_a_good_size_at_every_scale(scale):
    grid_mm, bar_mm = grid_step_m(scale) * 1000 / scale, bar_length_m(scale) * 1000 / scale
    assert 30 <= grid_mm <= 80
    assert 20 <= bar_mm <= 50
    for length_m in (grid_step_m(scale), bar_length_m(scale)):
        assert length_m / 10 ** math.floor(math.log10(length_m)) in (1, 2, 5)


@pytest.mark.parametrize("side_m", [10, 100, 1000, 20_000])
def test_an_edge_is_as_long_as_the_scale_says(side_m):
    drawing = draw_map(document(square(side_m)))
    (red_line,) = (shape for shape in drawing.shapes if shape.role == "red_line")
    xs = [x for x, _ in red_line.rings[0]]
    assert max(xs) - min(xs) == pytest.approx(side_m * 1000 / drawing.scale, rel=1e-4)


def test_a_grid_line_stands_where_its_coordinate_is():
    drawing = draw_map(document(square(100)))
    (red_line,) = (shape for shape in drawing.shapes if shape.role == "red_line")
    left, low = min(x for x, _ in red_line.rings[0]), max(y for _, y in red_line.rings[0])
    east = next(tick for tick in drawing.eastings if tick.text == "592900")
    north = next(tick for tick in drawing.northings if tick.text == "3959500")
    assert (east.at, north.at) == (pytest.approx(left, abs=1e-3), pytest.approx(low, abs=1e-3))


@pytest.mark.parametrize("name", MADE)
def test_everything_lies_in_the_frame_and_the_frame_on_the_page(name):
    drawing = draw_map(example(name))
    assert drawing.width == FRAME_WIDTH_MM
    assert FRAME_HEIGHTS_MM[0] <= drawing.height <= FRAME_HEIGHTS_MM[1]
    for shape in drawing.shapes:
        for x, y in (point for ring in shape.rings for point in ring):
            assert 0 < x < drawing.width
            assert 0 < y < drawing.height


def test_numbers_do_not_cover_each_other_where_there_is_room():
    drawing = draw_map(example("fail"))
    assert sorted(label.number for label in drawing.labels) == [1, 2, 3, 4, 5]
    for left, right in combinations(drawing.labels, 2):
        assert math.dist(left.at, right.at) >= 2 * RADIUS_MM


def test_a_map_of_many_parts_numbers_the_largest_and_says_so():
    drawing = draw_map(example("many-findings"))
    assert len(drawing.labels) == 40
    assert any("40" in remark for remark in drawing.remarks)


def test_every_outcome_has_its_own_hatch_and_a_hole_stays_empty():
    ring = Polygon(square(100).exterior.coords, [here((30, 30), (70, 30), (70, 70), (30, 70)).exterior.coords])
    made = document(square(200), [result("A", "甲", outcome="fail", parts=[part(ring)])])
    (found,) = (shape for shape in draw_map(made).shapes if shape.role == "part")
    assert len(found.rings) == 2
    hole = Polygon(found.rings[1]).buffer(-0.01)
    assert found.hatch
    assert not any(LineString(line).intersects(hole) for line in found.hatch)


def test_context_is_cut_to_the_frame_and_named_in_the_legend():
    city = MultiPolygon([box(EASTING - 50_000, NORTHING - 50_000, EASTING + 50, NORTHING + 50_000)])
    power = LineString([(EASTING - 9000, NORTHING + 20), (EASTING + 9000, NORTHING + 20)])
    far = box(EASTING + 30_000, NORTHING, EASTING + 31_000, NORTHING + 10)
    context = [
        ContextLayer(code="KFBJ", title="开发边界", geometry=lonlat(city)),
        ContextLayer(code="GYX", title="高压线", geometry=shapely.geometry.mapping(lonlat(power))),
        ContextLayer(code="YUAN", title="远处", geometry=lonlat(far)),
    ]
    drawing = draw_map(document(square(100)), context)
    shapes = [shape for shape in drawing.shapes if shape.role == "context"]
    assert [(shape.style, shape.closed) for shape in shapes] == [("context0", True), ("context1", False)]
    assert all(-0.01 <= x <= drawing.width + 0.01 for shape in shapes for ring in shape.rings for x, _ in ring)
    assert [entry.text for entry in drawing.legend[1:]] == ["控制线：开发边界", "控制线：高压线"]


def test_a_display_copy_of_a_crossing_ring_is_still_drawn():
    bow = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    assert display_copy(bow, (-1, -1, 11, 11), 0.0).area == pytest.approx(50)
    assert display_copy(bow, (20, 20, 30, 30), 0.0).is_empty
