"""Curves in WKB, put together by hand: which are stroked, and which are refused."""

from __future__ import annotations

import math
import struct

import numpy as np
import pytest

from geo_review.boundary.curved_rings import Grid, curved_rings_of_wkb
from geo_review.boundary.wkb_rings import DamagedWkb, NotPolygons

GRID = Grid(x_origin=0.0, y_origin=0.0, scale=10_000.0)
CORNERS = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
CHORD = [(10.0, 0.0), (12.0, 5.0), (10.0, 10.0)]
REST = [(10.0, 10.0), (0.0, 10.0), (0.0, 0.0), (10.0, 0.0)]


def geometry(kind: int, *parts: bytes) -> bytes:
    return struct.pack("<BII", 1, kind, len(parts)) + b"".join(parts)


def line(points: list[tuple[float, ...]], kind: int = 2) -> bytes:
    numbers = [number for point in points for number in point]
    return struct.pack(f"<BII{len(numbers)}d", 1, kind, len(points), *numbers)


def test_circle_that_is_one_arc_back_to_its_start_is_stroked() -> None:
    found = curved_rings_of_wkb(geometry(10, line([(50.0, 0.0), (-50.0, 0.0), (50.0, 0.0)], 8)), None)
    (ring,) = found.rings
    assert found.arcs == 1
    assert found.sagitta_m <= 0.001
    assert (ring[0] == ring[-1]).all()
    assert np.abs(np.hypot(*ring.T) - 50.0).max() < 1e-9
    x, y = ring.T
    area_m2 = abs(float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))) / 2.0
    assert area_m2 == pytest.approx(math.pi * 2500.0, abs=0.001 * math.tau * 50.0)


def test_ring_of_an_arc_and_edges_keeps_its_corners_and_leaves_heights_out() -> None:
    high = geometry(1009, line([(*p, 5.0) for p in CHORD], 1008), line([(*p, 5.0) for p in REST], 1002))
    found = curved_rings_of_wkb(geometry(1012, geometry(1010, high)), GRID)
    (ring,) = found.rings
    assert found.dropped
    assert ring[0].tolist() == [10.0, 0.0]
    assert ring[-4:].tolist() == [list(point) for point in REST]
    assert [12.0, 5.0] in ring.tolist()


def test_plain_polygons_among_curved_ones_are_read_as_they_are() -> None:
    ring = struct.pack("<BIII8d", 1, 3, 1, 4, *[number for point in CORNERS for number in point])
    found = curved_rings_of_wkb(geometry(12, ring), None)
    assert found.rings[0].tolist() == [list(point) for point in CORNERS]


@pytest.mark.parametrize(
    ("content", "grid"),
    [
        pytest.param(
            geometry(10, geometry(9, line(CHORD, 8), line([*REST[:2], (0.00003, 4.0), *REST[2:]]))), GRID, id="off"
        ),
        pytest.param(geometry(10, geometry(9, line(CHORD, 8), line(REST))), None, id="a grid nobody knows"),
        pytest.param(
            geometry(10, geometry(9, line(CHORD, 8), line(REST))),
            Grid(x_origin=0.0, y_origin=0.0, scale=1e14),
            id="a grid as fine as the bits",
        ),
        pytest.param(geometry(10, line([*CORNERS, (0.00003, 0.0)])), GRID, id="no arc in it, and off the grid"),
        pytest.param(geometry(10, line([CHORD[0], CHORD[0], CHORD[2]], 8)), GRID, id="an arc of two points"),
        pytest.param(geometry(11, line(CHORD, 8)), GRID, id="curves without land"),
    ],
)
def test_what_may_be_another_curve_is_refused(content: bytes, grid: Grid | None) -> None:
    with pytest.raises(NotPolygons) as refusal:
        curved_rings_of_wkb(content, grid)
    assert refusal.value.curved


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(geometry(10, line(CHORD[:2], 8)), id="an arc that ends in the middle"),
        pytest.param(geometry(10, geometry(9)), id="a ring of nothing"),
        pytest.param(geometry(10, geometry(3)), id="a polygon as a side"),
        pytest.param(b"\1\x0a\0\0\0\1\0\0\0" + b"\1\x09\0\0\0\1\0\0\0" * 40, id="sides within sides"),
        pytest.param(geometry(10, line(CHORD, 8))[:-3], id="cut off"),
    ],
)
def test_damaged_curve_is_told(content: bytes) -> None:
    with pytest.raises(DamagedWkb):
        curved_rings_of_wkb(content, GRID)
