"""Properties of the judging that follow from the maths (P1-P8); PostGIS repeats P9 in tests/postgis, TXT P10."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import shapely
from shapely import affinity
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geo_review.geometry.intersect import land_inside, land_outside
from geo_review.geometry.subdivide import subdivide
from geo_review.report.document import to_bytes, to_document
from geo_review.review.engine import review
from geo_review.review.findings import Contact, Outcome, ReviewReport
from tests.builders import EAST, NORTH, make_boundary, make_inputs, make_layer, make_rule, make_rulebook, square


@st.composite
def blobs(draw: st.DrawFn, *, reach_m: float = 150.0) -> Polygon:
    """A star-shaped polygon of 4 to 16 corners round a centre near the round corner."""
    corners = draw(st.integers(4, 60))
    east, north = draw(st.floats(-reach_m, reach_m)), draw(st.floats(-reach_m, reach_m))
    radii = draw(st.lists(st.floats(20.0, 120.0), min_size=corners, max_size=corners))
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    return Polygon(
        [(EAST + east + r * np.cos(a), NORTH + north + r * np.sin(a)) for r, a in zip(radii, angles, strict=True)]
    )


lands = blobs(reach_m=20.0)
controls = st.lists(blobs(), min_size=1, max_size=4)


def judge(
    land: Polygon | MultiPolygon, geometries: list[BaseGeometry], kind: str = "forbid", **rule: object
) -> ReviewReport:
    return review(make_inputs(make_boundary(land), make_layer(*geometries)), make_rulebook(make_rule(kind, **rule)))


def outcome(
    land: Polygon | MultiPolygon, geometries: list[BaseGeometry], kind: str = "forbid", **rule: object
) -> Outcome:
    return judge(land, geometries, kind, **rule).findings[0].outcome


def clear_of_limits(land: Polygon, geometries: list[BaseGeometry]) -> bool:
    """Away from the edge between two outcomes, where a micrometre may rightly decide."""
    finding = judge(land, geometries).findings[0]
    near_touch = finding.distance_m is not None and finding.distance_m < 1e-3
    return not near_touch and all(
        abs(part.max_width_m - 0.02) > 1e-3 and part.max_width_m > 1e-3 for part in finding.parts
    )


def pieces(geometries: list[BaseGeometry]) -> np.ndarray:
    return np.array(geometries, dtype=object)


@given(lands, controls)
def test_p1_inside_and_outside_make_the_whole(land: Polygon, control: list[Polygon]) -> None:
    inside = sum(part.area for part in land_inside(land, pieces(control)))
    outside = sum(part.area for part in land_outside(land, pieces(control)))
    assert inside + outside == pytest.approx(land.area, rel=1e-6)


@given(lands, controls, st.sampled_from(["move", "start", "turn", "densify", "order", "prefix"]))
def test_p2_verdict_does_not_hang_on_how_it_is_drawn(land: Polygon, control: list[Polygon], change: str) -> None:
    assume(clear_of_limits(land, control))

    def changed(polygon: Polygon) -> Polygon:
        ring = list(polygon.exterior.coords)[:-1]
        if change == "move":
            return affinity.translate(polygon, 500_000.0, 3_000_000.0)
        if change == "prefix":
            return affinity.translate(polygon, 38_000_000.0, 0.0)
        if change == "start":
            return Polygon(ring[2:] + ring[:2])
        if change == "turn":
            return Polygon(ring[::-1])
        return shapely.segmentize(polygon, 7.0) if change == "densify" else polygon

    other = [changed(polygon) for polygon in control]
    if change == "order":
        other.reverse()
    before = judge(land, list(control)).findings[0]
    boundary = make_boundary(land)
    moved = make_boundary(land) if change == "order" else boundary
    land_after = changed(land)
    after = land_inside(land_after, pieces(other))
    assert moved.planar_area_m2 == pytest.approx(land_after.area, rel=1e-6)
    assert sum(part.area for part in after) == pytest.approx(before.planar_area_m2, rel=1e-6, abs=1e-3)
    assert len(after) == len(before.parts)


@given(lands, controls, blobs())
def test_p3_more_control_land_never_complies_better(land: Polygon, control: list[Polygon], more: Polygon) -> None:
    if outcome(land, list(control)) is Outcome.FAIL:
        assert outcome(land, [*control, more]) is Outcome.FAIL


@given(lands, controls, blobs(reach_m=20.0))
def test_p3_less_land_never_violates_more(land: Polygon, control: list[Polygon], cut: Polygon) -> None:
    smaller = land.intersection(cut)
    assume(smaller.geom_type == "Polygon" and smaller.area > 1.0)
    if outcome(land, list(control), ignore_below_m2=5.0) is Outcome.PASS:
        assert outcome(smaller, list(control), ignore_below_m2=5.0) is Outcome.PASS


@given(lands, controls, st.integers(16, 24))
def test_p4_tiles_of_the_control_line_change_nothing(land: Polygon, control: list[Polygon], max_vertices: int) -> None:
    assume(clear_of_limits(land, control))
    parts, _ = subdivide(pieces(control), max_vertices)
    whole, tiled = judge(land, list(control)).findings[0], judge(land, list(parts)).findings[0]
    assert tiled.outcome is whole.outcome
    assert tiled.planar_area_m2 == pytest.approx(whole.planar_area_m2, rel=1e-9, abs=1e-6)
    assert len(tiled.parts) == len(whole.parts)


@given(lands, controls)
def test_p5_inside_forbidden_and_must_within_complement_each_other(land: Polygon, control: list[Polygon]) -> None:
    forbidden = judge(land, list(control)).findings[0]
    required = judge(land, list(control), "must_within").findings[0]
    assert forbidden.planar_area_m2 + required.planar_area_m2 == pytest.approx(land.area, rel=1e-6)
    assert Outcome.FAIL in (forbidden.outcome, required.outcome)


@given(lands, st.floats(0.001, 0.018), st.booleans())
def test_p6_a_sliver_is_listed_and_never_decides(land: Polygon, width_m: float, alone: bool) -> None:
    west, _, east, _ = land.bounds
    sliver = Polygon([(west, NORTH), (east, NORTH), (east, NORTH + width_m), (west, NORTH + width_m)])
    assume(sliver.intersection(land).area > 1e-3)
    far = square(5_000)
    before = outcome(land, [far])
    finding = judge(land, [sliver] if alone else [far, sliver]).findings[0]
    assert finding.outcome is before
    assert finding.contact is Contact.TECHNICAL
    assert finding.parts


@given(lands, controls)
def test_p7_land_without_the_parts_found_complies(land: Polygon, control: list[Polygon]) -> None:
    finding = judge(land, list(control)).findings[0]
    rest = land.difference(shapely.union_all([part.geometry for part in finding.parts]).buffer(0.001))
    assume(rest.area > 1.0)
    kept = MultiPolygon([part for part in getattr(rest, "geoms", [rest]) if part.geom_type == "Polygon"])
    assert outcome(kept, list(control)) is Outcome.PASS


@given(lands, controls)
def test_p8_same_inputs_same_bytes(land: Polygon, control: list[Polygon]) -> None:
    first, second = (to_bytes(to_document(judge(land, list(control)))) for _ in range(2))
    assert first == second
    assert json.loads(first)["schema"] == "geo-review/report/1"


@given(st.lists(blobs(), min_size=1, max_size=6), st.integers(16, 40))
def test_subdivide_keeps_area_and_validity(polygons: list[Polygon], max_vertices: int) -> None:
    parts, source = subdivide(pieces(polygons), max_vertices)
    assert shapely.is_valid(parts).all()
    assert (shapely.get_num_coordinates(parts) <= max_vertices).all()
    area = np.bincount(source, weights=shapely.area(parts), minlength=len(polygons))
    for before, after in zip(polygons, area, strict=True):
        assert after == pytest.approx(before.area, rel=1e-12, abs=1e-9 * before.length)
