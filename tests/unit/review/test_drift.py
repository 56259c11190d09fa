"""Drift between two red lines: figures that add up, the same both ways, and noise that is never called a change."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shapely import affinity
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geo_review.geometry.crs import reproject
from geo_review.review.drift import drift, drift_sentence
from geo_review.review.findings import Contact
from geo_review.review.layer_drift import layer_drift
from tests.builders import EAST, NORTH, make_layer, square

EPSG = 4547

# name, the later land, (came, went, centroid shift) from the square of 100 m, whether it is a drift
CHANGES = [
    ("the same", square(), (0.0, 0.0, 0.0), False),
    ("ten metres to the east", square(10, 0), (1_000.0, 1_000.0, 10.0), True),
    ("larger", square(0, 0, 110), (2_100.0, 0.0, 5.0 * 2**0.5), True),
    ("a part of it", square(0, 0, 50, 100), (0.0, 5_000.0, 25.0), True),
    ("somewhere else", square(1_000, 0), (10_000.0, 10_000.0, 1_000.0), True),
    ("a second parcel", MultiPolygon([square(), square(200, 0)]), (10_000.0, 0.0, 100.0), True),
    ("one centimetre to the east is technical", square(0.01, 0), (1.0, 1.0, 0.01), False),
    ("two centimetres are a drift", square(0.02, 0), (2.0, 2.0, 0.02), True),
    ("a hole", square().difference(square(40, 40, 10)), (0.0, 100.0, 5.0 * 2**0.5 * 100.0 / 9_900.0), True),
]


@pytest.mark.parametrize(("later", "wanted", "is_drift"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_drift_is_told_in_square_metres(
    later: BaseGeometry, wanted: tuple[float, float, float], is_drift: bool
) -> None:
    found = drift(square(), later, epsg=EPSG)
    figures = (found.land_in.planar_area_m2, found.land_out.planar_area_m2, found.centroid_shift_m)
    assert figures == pytest.approx(wanted, abs=1e-3)
    assert found.is_drift is is_drift
    assert found.unchanged_planar_m2 == pytest.approx(10_000.0 - wanted[1], abs=1e-6)
    assert drift_sentence(found)
    for moved in (found.land_in, found.land_out):
        assert sum(part.planar_area_m2 for part in moved.parts) == pytest.approx(moved.planar_area_m2, abs=1e-6)
        assert sum(part.ellipsoidal_area_m2 for part in moved.parts) == pytest.approx(moved.ellipsoidal_area_m2)


def test_bearing_counts_from_north_clockwise() -> None:
    assert drift(square(), square(10, 0), epsg=EPSG).centroid_bearing_deg == pytest.approx(90.0)
    assert drift(square(), square(0, -10), epsg=EPSG).centroid_bearing_deg == pytest.approx(180.0)
    assert drift(square(), square(), epsg=EPSG).centroid_bearing_deg is None


@st.composite
def stars(draw: st.DrawFn) -> Polygon:
    """Land of 3 to 24 corners round a centre, its coordinates in millimetres."""
    count = draw(st.integers(3, 24))
    radii_m = draw(st.lists(st.floats(5.0, 200.0), min_size=count, max_size=count))
    east_m, north_m = draw(st.floats(-150.0, 150.0)), draw(st.floats(-150.0, 150.0))
    angles = np.linspace(0.0, 2.0 * np.pi, count, endpoint=False)
    corners = np.column_stack([EAST + east_m + radii_m * np.cos(angles), NORTH + north_m + radii_m * np.sin(angles)])
    return Polygon(np.round(corners, 3))


@settings(max_examples=30)
@given(stars(), stars())
def test_areas_add_up_and_both_ways_are_one(earlier: Polygon, later: Polygon) -> None:
    there, back = drift(earlier, later, epsg=EPSG), drift(later, earlier, epsg=EPSG)
    assert there.later_planar_m2 == pytest.approx(
        there.earlier_planar_m2 + there.land_in.planar_area_m2 - there.land_out.planar_area_m2, abs=1e-6
    )
    assert there.earlier_planar_m2 == pytest.approx(there.unchanged_planar_m2 + there.land_out.planar_area_m2, abs=1e-6)
    assert there.land_in == back.land_out
    assert there.land_out == back.land_in
    assert there.unchanged_planar_m2 == pytest.approx(back.unchanged_planar_m2, abs=1e-6)
    assert there.centroid_shift_m == back.centroid_shift_m


@settings(max_examples=30)
@given(stars())
def test_the_same_land_by_way_of_the_other_zone_is_technical(land: Polygon) -> None:
    """The edges come back bent by parts of a millimetre: in the figures, and no drift."""
    there = reproject(land, EPSG, 4548)
    found = drift(land, reproject(there, 4548, EPSG), epsg=EPSG)
    assert not found.is_drift
    assert found.contact in (Contact.NONE, Contact.TECHNICAL)
    assert found.land_in.max_width_m < 0.001


@settings(max_examples=30)
@given(stars(), st.floats(-0.009, 0.009), st.floats(-0.009, 0.009))
def test_what_moved_less_than_the_contact_width_is_no_drift(land: Polygon, east_m: float, north_m: float) -> None:
    found = drift(land, affinity.translate(land, east_m, north_m), epsg=EPSG)
    assert not found.is_drift


# name, the later land, the layer's features, (change, earlier, later, in, out); None: told nothing of
LAYERS = [
    ("newly met", square(10, 0), [square(105, 0, 50, 100)], ("touched", 0.0, 500.0, 500.0, 0.0)),
    ("no longer met", square(10, 0), [square(-50, 0, 55, 100)], ("left", 500.0, 0.0, 0.0, 500.0)),
    ("on other land", square(10, 0), [square(95, 0, 50, 100)], ("changed", 500.0, 1_500.0, 1_000.0, 0.0)),
    ("as much on other land", square(10, 0), [square(-50, 0, 200, 50)], ("changed", 5e3, 5e3, 500.0, 500.0)),
    ("on land that stayed", square(10, 0), [square(50, 50, 10)], ("same", 100.0, 100.0, 0.0, 0.0)),
    ("far off", square(10, 0), [square(500, 0)], None),
    ("only touched", square(10, 0), [square(110, 0)], None),
    ("met by a contact", square(10, 0), [square(109.99, 0)], None),
    ("nothing of it", square(10, 0), [], None),
    ("overlapping features count once", square(10, 0), [square(105, 0, 50, 100)] * 2, ("touched", 0, 500, 500, 0)),
    ("met more by a technical shift", square(0.01, 0), [square(50, 0)], ("same", 5_000.0, 5_001.0, 0.0, 0.0)),
]


@pytest.mark.parametrize(("later", "features", "wanted"), [row[1:] for row in LAYERS], ids=[row[0] for row in LAYERS])
def test_layers_are_told_by_what_became_of_the_land_inside(
    later: BaseGeometry, features: list[BaseGeometry], wanted: tuple[str, float, float, float, float] | None
) -> None:
    found = layer_drift(drift(square(), later, epsg=EPSG), square(), later, make_layer(*features))
    if wanted is None:
        assert found is None
        return
    assert found is not None
    figures = (found.earlier_m2, found.later_m2, found.in_m2, found.out_m2)
    assert (str(found.change), *figures) == (wanted[0], *(pytest.approx(figure, abs=0.5) for figure in wanted[1:]))
    assert "X" in found.message


def test_lines_and_points_are_told_by_their_features() -> None:
    """A pipeline that the red line now crosses, a well that it no longer holds, and an edge that it only follows."""
    pipe = LineString([(EAST + 105, NORTH - 50), (EAST + 105, NORTH + 150)])
    well = Point(EAST + 5, NORTH + 50)
    along = LineString([(EAST + 110, NORTH), (EAST + 110, NORTH + 100)])
    later = square(10, 0)
    found = layer_drift(drift(square(), later, epsg=EPSG), square(), later, make_layer(pipe, well, square(500, 0)))
    assert found is not None
    assert (found.change, found.features_in, found.features_out) == ("changed", (1,), (2,))
    of_edge = layer_drift(drift(square(), later, epsg=EPSG), square(), later, make_layer(along))
    assert of_edge is not None, "a line on the edge of the land is a line on the land: the officer looks"
    assert of_edge.change == "touched"
