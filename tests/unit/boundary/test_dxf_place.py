"""Units, axes, zones and origins of drawings: what the coordinates say, what the header says, what is refused."""

from __future__ import annotations

import pytest

from geo_review.boundary.asked import Asked
from geo_review.boundary.dxf import read_dxf
from geo_review.boundary.dxf_write import write_dxf
from geo_review.boundary.model import Boundary
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.understanding import Understanding, understand
from geo_review.city import PUYANG
from geo_review.errors import UnknownCrs, UnreadableBoundary
from geo_review.geometry.crs import LONLAT, reproject
from tests.builders import make_boundary, square
from tests.unit.boundary.drawings import E, N, corners, drawing, on, saved


def square_at(points: list[tuple[float, float]], **header: object) -> ReceivedFile:
    made = drawing(**header)
    made.modelspace().add_lwpolyline(points, close=True, **on())
    return saved(made)


def understood(file: ReceivedFile, epsg: int | None = None) -> Understanding:
    return understand(file, city=PUYANG, asked=Asked(epsg=epsg))


BARE = [(x - 38_000_000.0, y) for x, y in corners()]


@pytest.mark.parametrize(
    ("unit", "header", "expected"),
    [
        pytest.param(1.0, 6, [], id="metres, and it says so"),
        pytest.param(1.0, 0, [], id="metres, and it says nothing"),
        pytest.param(1.0, 4, ["dxf_units_contradict"], id="metres in the template of millimetres"),
        pytest.param(1.0, 1, ["dxf_units_contradict"], id="metres in the template of inches"),
        pytest.param(1000.0, 4, ["dxf_units"], id="millimetres, and it says so"),
        pytest.param(1000.0, 0, ["dxf_units"], id="millimetres, and it says nothing"),
        pytest.param(1000.0, 6, ["dxf_units_contradict"], id="millimetres, and it says metres"),
        pytest.param(0.001, 7, ["dxf_units"], id="kilometres, and it says so"),
    ],
)
@pytest.mark.parametrize("prefix_m", [0.0, -38_000_000.0])
def test_unit_when_read_then_by_the_coordinates_first(
    unit: float, header: int, expected: list[str], prefix_m: float
) -> None:
    points = [((x + prefix_m) * unit, y * unit) for x, y in corners()]
    raw = read_dxf(square_at(points, INSUNITS=header))
    assert [issue.code for issue in raw.issues[1:]] == expected
    assert abs(raw.parcels[0].rings[0].coordinates - [(x + prefix_m, y) for x, y in corners()]).max() < 1e-6
    assert all("米" in issue.message for issue in raw.issues[1:])


def test_unit_when_the_header_says_inches_then_told_by_name() -> None:
    assert "英寸" in read_dxf(square_at(corners(), INSUNITS=1)).issues[1].message


def test_unit_when_centimetres_and_it_says_so_then_believed() -> None:
    points = [(x * 100.0, y * 100.0) for x, y in BARE]
    raw = read_dxf(square_at(points, INSUNITS=5))
    assert raw.issues[1].code == "dxf_units"
    assert abs(raw.parcels[0].rings[0].coordinates - BARE).max() < 1e-6


def test_unit_when_two_readings_fit_then_refused_with_both() -> None:
    # As millimetres 592 km and 3 959 km; as centimetres a northing of 5 929 km and zone 39.
    points = [(x * 1000.0, y * 1000.0) for x, y in BARE]
    with pytest.raises(UnreadableBoundary) as refusal:
        read_dxf(square_at(points, INSUNITS=5))
    assert refusal.value.code == "dxf_units_unclear"
    assert "毫米" in refusal.value.message
    assert "厘米" in refusal.value.message


def test_curve_when_drawn_in_millimetres_then_within_a_millimetre_of_the_ground() -> None:
    made = drawing(INSUNITS=4)
    made.modelspace().add_circle((E * 1000, N * 1000), 50_000, **on())
    raw = read_dxf(saved(made))
    ring = raw.parcels[0].rings[0].coordinates
    radii = ((ring - [E, N]) ** 2).sum(axis=1) ** 0.5
    assert abs(radii - 50.0).max() < 1e-6
    assert 450 < len(ring) < 550  # as many as for a circle drawn in metres
    assert dict(raw.issues[2].values) == {"count": 1, "sagitta_mm": "1.00"}


def test_drawing_with_the_zone_number_when_understood_then_in_its_zone_and_named() -> None:
    seen = understood(square_at(corners()))
    boundary = seen.accepted()
    assert (seen.format, seen.layer, boundary.crs.epsg, boundary.crs.how) == ("dxf", "用地红线", 4526, "prefix")
    assert boundary.planar_area_m2 == pytest.approx(10000)


def test_drawing_without_it_when_understood_then_refused_until_asked() -> None:
    file = square_at(BARE)
    refusal = understood(file).refusal
    assert isinstance(refusal, UnknownCrs)
    assert "--crs" in str(refusal)
    assert understood(file, 4547).accepted().planar_area_m2 == pytest.approx(10000)


def test_drawing_of_a_surveyor_when_x_is_north_then_exchanged_and_said() -> None:
    boundary = understood(square_at([(y, x) for x, y in corners()])).accepted()
    assert "axes_swapped" in [issue.code for issue in boundary.issues]
    assert boundary.planar_area_m2 == pytest.approx(10000)


def test_drawing_in_degrees_when_understood_then_taken() -> None:
    points = [(115.03, 35.76), (115.04, 35.76), (115.04, 35.77), (115.03, 35.77)]
    assert understood(square_at(points, INSUNITS=0)).accepted().crs.epsg == LONLAT


@pytest.mark.parametrize(
    ("points", "said"),
    [
        pytest.param(
            [(x - 500_000, y - 3_900_000) for x, y in BARE],
            ["东坐标加 500000、北坐标加 3900000", "3884 千米"],
            id="the leading digits are cut off",
        ),
        pytest.param([(x - 592_900, y - 3_959_500) for x, y in BARE], ["千米"], id="a site plan at the origin"),
        pytest.param([(x - BARE[0][0] - 50, y - BARE[0][1] - 50) for x, y in BARE], ["千米"], id="around the origin"),
        pytest.param(
            [(x, y - 3_000_000) for x, y in BARE], ["东坐标加 0、北坐标加 3000000"], id="one digit of the northing"
        ),
        pytest.param([(20.0, 30.0), (21.0, 30.0), (21.0, 31.0)], ["千米"], id="small numbers are no degrees"),
    ],
)
@pytest.mark.parametrize("epsg", [None, 4547])
def test_drawing_on_an_origin_of_its_own_when_understood_then_refused_with_the_distance(
    points: list[tuple[float, float]], said: list[str], epsg: int | None
) -> None:
    refusal = understood(square_at(points), epsg).refusal
    assert refusal is not None
    assert refusal.code == "dxf_local_origin"
    assert [f"EPSG:{code}" in line for code, line in zip((4547, 4548), refusal.lines, strict=True)] == [True, True]
    assert all(word in refusal.lines[0] for word in said)
    assert refusal.remedy


def test_missing_digits_when_several_would_do_then_none_is_named() -> None:
    refusal = understood(square_at([(x - 592_900, y - 3_959_500) for x, y in BARE])).refusal
    assert refusal is not None
    assert not any("东坐标加" in line for line in refusal.lines)


def test_drawing_of_which_one_outline_is_elsewhere_when_understood_then_the_odd_one_is_named() -> None:
    made = drawing()
    made.modelspace().add_lwpolyline(corners(), close=True, **on())
    made.modelspace().add_lwpolyline([(0, 0), (500, 0), (500, 500)], close=True, **on())
    refusal = understood(saved(made)).refusal
    assert refusal is not None
    assert "[mixed_coordinates] 地块2" in str(refusal)


def written_and_read(land: Boundary, *, prefixed: bool) -> Boundary:
    file = ReceivedFile(name="红线.dxf", content=write_dxf(land, prefixed=prefixed))
    return understood(file, None if prefixed else land.measuring_epsg).accepted()


@pytest.mark.parametrize("prefixed", [True, False])
@pytest.mark.parametrize("epsg", [4547, 4548])
def test_red_line_when_written_and_read_then_the_same_parcels_holes_and_corners(epsg: int, prefixed: bool) -> None:
    holed = square(0.123, 0.456).difference(square(20, 20, 10))
    parts = holed.union(square(300.0001, 0, 50))
    island = square(20, 20, 10)  # fills the hole of the first parcel
    lands = [parts, island]
    if epsg == 4548:
        lands = [reproject(land, 4547, 4548) for land in lands]
    land = make_boundary(*lands, measuring_epsg=epsg)
    read = written_and_read(land, prefixed=prefixed)
    assert read.measuring_epsg == epsg
    assert len(read.parcels) == 2
    for meant, found in zip(land.parcels, read.parcels, strict=True):
        tolerance_m = 1e-8 if prefixed else 0.0  # what a float of eight digits before the point cannot tell
        assert found.geometry.normalize().equals_exact(meant.geometry.normalize(), tolerance_m)
