"""Curves: the edges stay within a millimetre of the true curve, keep the given points, and are bounded in number."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geo_review.boundary.strokes import (
    MOST_EDGES,
    SAGITTA_M,
    NotStrokable,
    Stroke,
    stroke_arc_through,
    stroke_bulge,
    stroke_circle,
    stroke_circle_through,
    stroke_ellipse,
)

EAST_M, NORTH_M = 592967.566, 3959522.396
# Coordinates of 4e6 have steps of 5e-10; a radius found from three of them is worse by its ratio to the chord.
ROUNDING_M = 1e-5
centres = st.tuples(st.floats(EAST_M - 1e4, EAST_M + 1e4), st.floats(NORTH_M - 1e4, NORTH_M + 1e4))
radii = st.floats(0.05, 20_000.0)
angles = st.floats(-math.pi, math.pi)
sweeps = st.floats(0.02, 6.2).flatmap(lambda size: st.sampled_from((size, -size)))


def on_circle(centre: tuple[float, float], radius: float, angle: float) -> tuple[float, float]:
    return centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)


def far_from_circle_m(stroke: Stroke, centre: tuple[float, float], radius: float) -> float:
    """The largest distance of the circle to the edges: at their ends and at their middles."""
    middles = (stroke.points[1:] + stroke.points[:-1]) / 2.0
    offsets = np.vstack([stroke.points, middles]) - centre
    return float(np.abs(np.hypot(*offsets.T) - radius).max())


def turned(stroke: Stroke, centre: tuple[float, float]) -> float:
    """The angle that the edges sweep round the centre, counter-clockwise."""
    directions = np.arctan2(*(stroke.points - centre).T[::-1])
    return float(((np.diff(directions) + math.pi) % math.tau - math.pi).sum())


@given(centre=centres, radius=radii, start=angles, sweep=sweeps, share=st.floats(0.1, 0.9))
def test_arc_through_three_points_stays_within_the_sagitta_and_keeps_them(
    centre: tuple[float, float], radius: float, start: float, sweep: float, share: float
) -> None:
    assume(radius * abs(sweep) > 1.0)
    given_points = np.array([on_circle(centre, radius, start + sweep * part) for part in (0.0, share, 1.0)])
    # The three points are rounded: the circle through them is the one meant only as well as they fix it.
    looseness = 1e-9 * (radius / math.hypot(*(given_points[1] - given_points[0]))) ** 2
    stroke = stroke_arc_through(given_points)
    assert far_from_circle_m(stroke, centre, radius) <= SAGITTA_M + ROUNDING_M + looseness
    assert stroke.sagitta_m <= SAGITTA_M * (1 + 1e-9)
    assert (stroke.points[0] == given_points[0]).all()
    assert (stroke.points[-1] == given_points[2]).all()
    assert (stroke.points == given_points[1]).all(axis=1).any()
    assert turned(stroke, centre) == pytest.approx(sweep, abs=1e-4)


@given(centre=centres, radius=radii, start=angles, sweep=sweeps)
def test_bulge_stays_within_the_sagitta_and_turns_its_way(
    centre: tuple[float, float], radius: float, start: float, sweep: float
) -> None:
    first, last = on_circle(centre, radius, start), on_circle(centre, radius, start + sweep)
    chord = math.hypot(last[0] - first[0], last[1] - first[1])
    assume(chord > 0.05)
    stroke = stroke_bulge(first, last, math.tan(sweep / 4.0))
    assert far_from_circle_m(stroke, centre, radius) <= SAGITTA_M + ROUNDING_M + 1e-9 * (radius / chord) ** 2
    assert (tuple(stroke.points[0]), tuple(stroke.points[-1])) == (first, last)
    assert turned(stroke, centre) == pytest.approx(sweep, abs=1e-4)


@given(centre=centres, radius=radii)
def test_circle_is_closed_and_within_the_sagitta(centre: tuple[float, float], radius: float) -> None:
    stroke = stroke_circle(centre, radius)
    assert far_from_circle_m(stroke, centre, radius) <= SAGITTA_M + ROUNDING_M
    assert (stroke.points[0] == stroke.points[-1]).all()
    assert turned(stroke, centre) == pytest.approx(math.tau)


@given(centre=centres, radius=st.floats(1.0, 5_000.0), start=angles, sweep=st.floats(0.5, 5.5))
def test_circle_through_three_points_is_closed_and_keeps_them(
    centre: tuple[float, float], radius: float, start: float, sweep: float
) -> None:
    given_points = np.array([on_circle(centre, radius, start + sweep * part) for part in (0.0, 0.5, 1.0)])
    stroke = stroke_circle_through(given_points)
    assert far_from_circle_m(stroke, centre, radius) <= SAGITTA_M + ROUNDING_M
    assert (stroke.points[0] == stroke.points[-1]).all()
    assert turned(stroke, centre) == pytest.approx(math.tau)
    assert all((stroke.points == point).all(axis=1).any() for point in given_points)


@given(long=st.floats(1.0, 5000.0), ratio=st.floats(0.01, 1.0), start=angles, sweep=sweeps)
def test_ellipse_stays_within_the_sagitta(long: float, ratio: float, start: float, sweep: float) -> None:
    major, minor = np.array([long, 0.0]), np.array([0.0, long * ratio])
    stroke = stroke_ellipse((0.0, 0.0), major, minor, start, start + sweep)
    count = len(stroke.points) - 1
    # The curve between two points of it, ten times as fine: how far is it from the edge?
    fine = start + sweep * np.arange(count * 10 + 1) / (count * 10)
    curve = np.outer(np.cos(fine), major) + np.outer(np.sin(fine), minor)
    edge = np.minimum(np.arange(len(curve)) // 10, count - 1)
    along = stroke.points[edge + 1] - stroke.points[edge]
    away = curve - stroke.points[edge]
    distances = np.abs(along[:, 0] * away[:, 1] - along[:, 1] * away[:, 0]) / np.hypot(*along.T)
    assert distances.max() <= SAGITTA_M * (1 + 1e-6) + 1e-9
    assert stroke.sagitta_m <= SAGITTA_M * (1 + 1e-9)


def test_points_on_a_line_are_that_line() -> None:
    line = np.array([[EAST_M, NORTH_M], [EAST_M + 1, NORTH_M + 1], [EAST_M + 2, NORTH_M + 2]])
    stroke = stroke_arc_through(line)
    assert (stroke.points == line).all()
    assert stroke.sagitta_m == 0.0
    assert len(stroke_bulge(line[0], line[1], 0.0).points) == 2


def test_arc_that_is_nearly_a_line_loses_no_digit() -> None:
    points = np.array([[0.0, 0.0], [500.0, 1e-7], [1000.0, 0.0]])
    stroke = stroke_arc_through(points)
    assert np.abs(stroke.points[:, 1]).max() <= 1.0000001e-7
    assert len(stroke.points) == 3


@pytest.mark.parametrize(
    "points",
    [
        pytest.param([[0, 0], [0, 0], [1, 1]], id="no arc through two points"),
        pytest.param([[0, 0], [1, 1], [0, 0]], id="back to its start: a circle in some standards, nothing in others"),
        pytest.param([[0, 0], [math.nan, 1], [2, 0]], id="not a number"),
        pytest.param([[0, 0], [math.inf, 1], [2, 0]], id="not finite"),
    ],
)
def test_arc_through_impossible_points_is_refused(points: list[list[float]]) -> None:
    with pytest.raises(NotStrokable):
        stroke_arc_through(np.array(points, dtype=float))


def test_circle_through_points_on_a_line_is_refused() -> None:
    with pytest.raises(NotStrokable):
        stroke_circle_through(np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]]))


def test_curve_of_too_many_edges_is_refused() -> None:
    assert len(stroke_circle((0.0, 0.0), 80_000.0).points) - 1 <= MOST_EDGES
    for radius in (100_000.0, 1e300, math.inf, math.nan, 0.0, -1.0):
        with pytest.raises(NotStrokable):
            stroke_circle((0.0, 0.0), radius)


@pytest.mark.parametrize("bulge", [math.nan, math.inf, 1e200])
def test_impossible_bulge_is_refused(bulge: float) -> None:
    with pytest.raises(NotStrokable):
        stroke_bulge((0.0, 0.0), (1.0, 0.0), bulge)
    with pytest.raises(NotStrokable):
        stroke_bulge((math.inf, 0.0), (1.0, 0.0), 1.0)
