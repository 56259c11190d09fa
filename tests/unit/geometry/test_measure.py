"""Areas on the ellipsoid and widths, against answers found in another way."""

from __future__ import annotations

import numpy as np
import pytest

import shapely
from pyproj import Geod
from shapely import affinity
from shapely.geometry import LineString, Point, Polygon, box

from geo_review.geometry.crs import LONLAT, reproject_points
from geo_review.geometry.measure import ellipsoidal_area_m2, is_narrower_than, max_width_m
from tests.builders import EAST, NORTH, square

GEOD = Geod(a=6378137.0, rf=298.257222101)


@pytest.mark.parametrize(
    ("land", "epsg"),
    [
        pytest.param(square(), 4547, id="a hectare"),
        pytest.param(affinity.rotate(square(0, 0, 1_000), 33), 4547, id="a slanted square kilometre"),
        pytest.param(Polygon([(EAST, NORTH), (EAST + 900, NORTH + 50), (EAST + 400, NORTH + 700)]), 4547, id="a wedge"),
        pytest.param(square(0, 0, 300).difference(square(100, 100, 50)), 4547, id="with a hole"),
        pytest.param(affinity.translate(square(), -271_000, 1_300), 4548, id="in the other zone"),
    ],
)
def test_ellipsoidal_area_of_projected_land_is_that_of_geodesic_edges(land: Polygon, epsg: int) -> None:
    """A straight edge of a conformal zone is a geodesic but for the arc-to-chord correction, far below a millimetre."""

    def ring_m2(ring: shapely.LinearRing) -> float:
        corners = reproject_points(shapely.get_coordinates(ring), epsg, LONLAT)
        return abs(GEOD.polygon_area_perimeter(corners[:, 0], corners[:, 1])[0])

    expected_m2 = ring_m2(land.exterior) - sum(ring_m2(hole) for hole in land.interiors)
    assert ellipsoidal_area_m2(land, epsg) == pytest.approx(expected_m2, rel=3e-8)


def crooked_strip(width_m: float) -> Polygon:
    along = np.arange(0.0, 2_000.0, 2.0)
    line = LineString(np.column_stack([EAST + along, NORTH + 5.0 * np.sin(along / 14.0)]))
    return line.buffer(width_m / 2.0, cap_style="flat")


@pytest.mark.parametrize(
    ("polygon", "width_m"),
    [
        pytest.param(square(), 100.0, id="a square"),
        pytest.param(affinity.rotate(box(0, 0, 2_000, 0.002), 37), 0.002, id="2 mm by 2 km, slanted"),
        pytest.param(Point(EAST, NORTH).buffer(50.0, quad_segs=400), 100.0, id="a circle"),
        pytest.param(square().difference(square(10, 10, 80)), 10.0 * 2 / (1 + 2**-0.5), id="a frame: its corners"),
        pytest.param(crooked_strip(0.3), 0.3, id="a crooked strip"),
    ],
)
def test_width_is_the_diameter_of_the_largest_circle(polygon: Polygon, width_m: float) -> None:
    assert max_width_m(polygon) == pytest.approx(width_m, rel=2e-3)


@pytest.mark.parametrize(
    ("polygon", "narrower"),
    [
        pytest.param(box(0, 0, 50, 0.0199), True, id="19.9 mm is narrower than 20 mm"),
        pytest.param(box(0, 0, 50, 0.02), False, id="20 mm has reached it"),
        pytest.param(square(0, 0, 0.02, 100), False, id="and so it has at real coordinates, where floats are coarse"),
        pytest.param(crooked_strip(0.0195), True, id="a crooked strip"),
        pytest.param(crooked_strip(0.021), False, id="a crooked strip that is wide enough"),
        pytest.param(box(0, 0, 50, 0.01).union(box(20, 0, 21, 1)), False, id="one wide place is enough"),
        pytest.param(box(0, 0, 1_000, 1e-9), True, id="the noise of floating point"),
    ],
)
def test_narrower_than_two_centimetres(polygon: Polygon, narrower: bool) -> None:
    assert is_narrower_than(polygon, 0.02) is narrower
