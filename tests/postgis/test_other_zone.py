"""A red line measured in zone 39, on layers that the store keeps in zone 38: no seam, no gap, no invalid geometry."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy.orm import Session

import shapely
from shapely.geometry import Polygon, box

from geo_review.boundary.model import Boundary
from geo_review.control.model import LayerNear
from geo_review.geometry.crs import reproject
from geo_review.geometry.intersect import land_inside, land_outside
from geo_review.review.engine import review
from geo_review.store.candidates import layer_near
from tests.builders import AS_OF, make_boundary, make_inputs, make_rule, make_rulebook
from tests.postgis.stored import seed_layer

EAST, NORTH = 640_000.0, 3_960_000.0  # 115.55 degrees east in EPSG:4547: zone 39 is the nearer one


def _near(session: Session, boundary: Boundary) -> LayerNear:
    near = layer_near(session, "X", boundary, as_of=AS_OF, reach_m=0.0)
    assert near is not None
    return near


def _shore(vertices: int) -> Polygon:
    """An outline some 9 km across, with waves; it is cut into hundreds of parts, of many sizes."""
    angle = np.linspace(0.0, 2.0 * np.pi, vertices, endpoint=False)
    radius_m = 4_500.0 + 60.0 * np.sin(61.0 * angle) + 40.0 * np.sin(977.0 * angle)
    return Polygon(np.column_stack([EAST + radius_m * np.cos(angle), NORTH + radius_m * np.sin(angle)]))


@pytest.mark.parametrize("measuring_epsg", [4547, 4548])
def test_land_wholly_inside_a_subdivided_polygon_has_nothing_outside_and_no_holes(
    session: Session, measuring_epsg: int
) -> None:
    stored = seed_layer(session, _shore(100_000))
    drawn = box(EAST - 3_000, NORTH - 3_000, EAST + 3_000, NORTH + 3_000)
    land = make_boundary(reproject(drawn, 4547, measuring_epsg), measuring_epsg=measuring_epsg)
    near = _near(session, land)
    assert stored.part_count > 700
    assert land_outside(land.geometry, near.pieces) == []
    (inside,) = land_inside(land.geometry, near.pieces)
    assert len(inside.interiors) == 0
    rulebook = make_rulebook(make_rule("must_within"), contact_width_m=0.0)
    (finding,) = review(make_inputs(land, near), rulebook).findings
    assert (finding.outcome, finding.parts) == ("pass", ())


def test_the_nearest_is_told_however_far_off_it_lies(session: Session) -> None:
    """Land is cut off 2,200 km beyond the red line: not when it is all there is."""
    seed_layer(session, box(EAST, NORTH - 2_600_000, EAST + 100, NORTH - 2_599_900))
    land = make_boundary(reproject(box(EAST, NORTH, EAST + 100, NORTH + 100), 4547, 4548), measuring_epsg=4548)
    near = _near(session, land)
    assert near.feature.tolist() == [1]
    assert shapely.distance(near.pieces, land.geometry).min() == pytest.approx(2_600_000, rel=0.01)


def _breaks_on_the_way(east_m: float) -> Polygon:
    """A square whose hole touches the south edge: that edge is bent in zone 39, and its chord cuts the hole."""
    east = EAST + east_m
    hole = [(east + 50, NORTH), (east + 60, NORTH + 40), (east + 40, NORTH + 40)]
    return Polygon(box(east, NORTH, east + 100, NORTH + 100).exterior, [hole])


def test_what_projecting_breaks_is_repaired_with_a_word_layer_and_coverage(session: Session) -> None:
    shapes = [_breaks_on_the_way(east_m) for east_m in (0.0, 200.0)]
    seed_layer(session, *shapes, coverage=shapes[0])
    land = make_boundary(reproject(box(EAST, NORTH, EAST + 200, NORTH + 200), 4547, 4548), measuring_epsg=4548)
    near = _near(session, land)
    assert shapely.is_valid(near.pieces).all()
    assert near.coverage is not None
    assert near.coverage.is_valid
    assert [repair.feature for repair in near.repairs] == [1, 2, 1]
    assert all("EPSG:4548" in repair.reason for repair in near.repairs)
    assert near.repairs[2].reason.startswith("覆盖范围文件")
    assert near.coverage.area == pytest.approx(10_000.0 - 400.0, rel=1e-3)
