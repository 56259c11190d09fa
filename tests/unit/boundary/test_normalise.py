"""Measuring plane, areas, declared areas, limits; and what must not change them."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import shapely
from shapely.geometry import Polygon

from geo_review.boundary.asked import Asked
from geo_review.boundary.model import Axes, Boundary, Coordinates, RawBoundary, SourceFile
from geo_review.boundary.normalise import normalise
from geo_review.boundary.read import read_boundary
from geo_review.boundary.received import ReceivedFile
from geo_review.city import PUYANG
from geo_review.errors import RefusedInput, TooLarge
from geo_review.geometry.crs import reproject_points
from geo_review.geometry.measure import ellipsoidal_area_m2
from tests.unit.boundary.written_files import (
    HOLED,
    HOLED_M2,
    SQUARE,
    frame,
    geojson,
    geopackage,
    only_refuses,
    parts_of,
    polygon_document,
    raw,
    shapefile,
    zipped,
)

SOURCE = SourceFile(name="红线.shp", size_bytes=1, sha256="", sm3="")
Ring = list[tuple[float, float]]
E0, N0 = 592967.566, 3959522.396
BOX: Ring = [(E0, N0), (E0 + 100, N0), (E0 + 100, N0 + 100), (E0, N0 + 100)]


def normalised(file: RawBoundary, **options: int | None) -> Boundary:
    return normalise(file, source=SOURCE, city=PUYANG, asked=Asked(epsg=options.get("asked")))


@pytest.mark.parametrize(
    ("epsg", "measuring"),
    [(4547, 4547), (4526, 4547), (4490, 4547), (4326, 4547), (4498, 4547), (4548, 4548), (4527, 4548), (32650, 4547)],
)
def test_same_land_in_every_system_has_the_same_areas(tmp_path: Path, epsg: int, measuring: int) -> None:
    boundary = read_boundary(shapefile(tmp_path, frame(HOLED, crs=epsg)), city=PUYANG)
    assert boundary.measuring_epsg == measuring
    # A square drawn in zone 38 is not quite one in zone 39, where the scale is 0.08 % larger.
    factor = 1.0 if measuring == 4547 else boundary.planar_area_m2 / HOLED_M2
    assert boundary.planar_area_m2 == pytest.approx(HOLED_M2 * factor, abs=1e-4)
    lonlat = [reproject_points(np.array(ring.coords), 4547, 4490) for ring in (HOLED.exterior, *HOLED.interiors)]
    official_m2 = abs(trapezoids_m2(lonlat[0])) - abs(trapezoids_m2(lonlat[1]))
    assert boundary.ellipsoidal_area_m2 == pytest.approx(official_m2, abs=1e-4)
    assert boundary.geometry.is_valid
    assert boundary.lonlat.is_valid


def test_same_land_in_every_format_is_the_same_boundary(tmp_path: Path) -> None:
    made = frame(HOLED, DKBH=["A1"])
    bare = shapefile(tmp_path, made)
    ring = [list(map(tuple, np.array(r.coords))) for r in (HOLED.exterior, *HOLED.interiors)]
    member = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}}
    files = {
        "shp": bare,
        "zip": zipped(parts_of(bare, "a")),
        "gpkg": geopackage(tmp_path, made),
        "geojson": geojson(polygon_document(*ring, crs=member)),
        "zip of geojson": zipped({"a/b.geojson": geojson(polygon_document(*ring, crs=member)).content}),
        "zip of gpkg": zipped({"b.gpkg": geopackage(tmp_path, made).content, "readme.txt": b"x"}),
    }
    read = {name: read_boundary(file, city=PUYANG) for name, file in files.items()}
    for name, boundary in read.items():
        assert boundary.geometry.equals(HOLED), name
        assert boundary.planar_area_m2 == HOLED_M2, name
        assert boundary.issues == (), name
        assert boundary.file.sha256 == files[name].source.sha256
    assert len({boundary.ellipsoidal_area_m2 for boundary in read.values()}) == 1


def test_coordinates_in_a_zone_are_kept_and_the_prefix_only_subtracted() -> None:
    bare = normalised(raw([BOX], epsg=4547))
    prefixed = normalised(raw([[(38e6 + east, north) for east, north in BOX]], epsg=4526))
    assert set(bare.geometry.geoms[0].exterior.coords) == set(BOX)
    moved = np.add(prefixed.geometry.geoms[0].exterior.coords, [38e6, 0.0])
    assert {(38e6 + east, north) for east, north in BOX} == {tuple(point) for point in moved.tolist()}


def test_degrees_of_a_file_are_kept() -> None:
    ring = [(115.03, 35.76), (115.0304, 35.76), (115.0304, 35.7604), (115.03, 35.7604)]
    boundary = normalised(raw([ring], epsg=4490))
    assert set(boundary.lonlat.geoms[0].exterior.coords) >= set(ring)


def test_land_in_the_east_is_measured_in_its_own_zone() -> None:
    ring = [(115.87, 35.97), (115.88, 35.97), (115.88, 35.98), (115.87, 35.98)]
    assert normalised(raw([ring], epsg=4490)).measuring_epsg == 4548


def test_long_edges_in_degrees_are_densified() -> None:
    """5 km of a parallel as a chord is off by 0.28 m in its middle, which is 945 m² (measured)."""
    ring = [(115.00, 35.70), (115.055, 35.70), (115.0275, 35.75)]
    boundary = normalised(raw([ring], epsg=4490))
    chord = Polygon(reproject_points(np.array(ring), 4490, 4547))
    fine = Polygon(reproject_points(shapely.get_coordinates(shapely.segmentize(Polygon(ring), 1e-5)), 4490, 4547))
    assert abs(boundary.planar_area_m2 - fine.area) < 0.5  # 0.05 mm along 14 km
    assert abs(chord.area - fine.area) > 500


@pytest.mark.parametrize(
    ("epsg", "easting", "northing"),
    [
        (4526, 38592967.566, 3959622.396),
        (4547, 592967.566, 3959622.396),
        (4527, 39321653.242, 3960929.044),
        (4548, 321653.242, 3960929.044),
        (4498, 20321653.242, 3960929.044),
    ],
)
def test_check_point_of_the_city(epsg: int, easting: float, northing: float) -> None:
    """115.028°E 35.762°N, computed with PROJ 9.5 beside this project."""
    assert reproject_points(np.array([[115.028, 35.762]]), 4490, epsg)[0] == pytest.approx(
        [easting, northing], abs=1e-3
    )


@pytest.mark.parametrize(
    "ring",
    [
        pytest.param([(115.02, 35.76), (115.022, 35.761), (115.0215, 35.7625)], id="a parcel of 1.8 ha"),
        pytest.param([(115.02, 35.76), (115.031, 35.76), (115.031, 35.769), (115.02, 35.769)], id="a square kilometre"),
        pytest.param([(115.02, 35.76), (115.12, 35.74), (115.09, 35.82)], id="slanted edges of 11 km"),
        pytest.param([(114.9, 35.5), (115.4, 35.5), (115.4, 35.9), (115.1, 36.0), (114.9, 35.9)], id="a county"),
    ],
)
def test_ellipsoidal_area_agrees_with_the_official_formula(ring: Ring) -> None:
    """Within 0.001 m² a km² (1 ppb) of the trapezoid formula of 国土调查办发〔2008〕32号, written here on its own.

    The formula takes one mean breadth an edge, so it is itself off on long slanted edges (112 ppm at 11 km): it is
    given edges of 1 m.
    """
    short = shapely.get_coordinates(shapely.segmentize(Polygon(ring), 1e-5))[:-1]
    assert ellipsoidal_area_m2(Polygon(ring)) == pytest.approx(abs(trapezoids_m2(short)), rel=1e-9)


def trapezoids_m2(ring: Sequence[Sequence[float]] | Coordinates) -> float:
    """The sum of the trapezoids between each edge and the equator-parallel base meridian, on CGCS2000."""
    semi_major_m, flattening = 6378137.0, 1.0 / 298.257222101
    semi_minor_m = semi_major_m * (1.0 - flattening)
    e2 = 1.0 - (semi_minor_m / semi_major_m) ** 2
    factors = (
        1 + 3 / 6 * e2 + 30 / 80 * e2**2 + 35 / 112 * e2**3 + 630 / 2304 * e2**4,
        -(1 / 6 * e2 + 15 / 80 * e2**2 + 21 / 112 * e2**3 + 420 / 2304 * e2**4),
        3 / 80 * e2**2 + 7 / 112 * e2**3 + 180 / 2304 * e2**4,
        -(1 / 112 * e2**3 + 45 / 2304 * e2**4),
        5 / 2304 * e2**4,
    )
    total_m2 = 0.0
    base_deg = min(lon for lon, _ in ring)
    for (lon1, lat1), (lon2, lat2) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        breadth = math.radians((lon1 + lon2) / 2.0 - base_deg)
        half, middle = math.radians(lat2 - lat1) / 2.0, math.radians(lat1 + lat2) / 2.0
        terms = (
            factor * math.sin((2 * n + 1) * half) * math.cos((2 * n + 1) * middle) for n, factor in enumerate(factors)
        )
        total_m2 += 2.0 * semi_minor_m**2 * breadth * sum(terms)
    return total_m2


@pytest.mark.parametrize(
    ("declared", "unit", "area_m2", "believed", "codes"),
    [
        pytest.param(1.0, None, 10_000.0, "公顷", ["area_unit_believed"], id="hectares, the standard's unit"),
        pytest.param(10_000.0, None, 10_000.0, "平方米", ["area_unit_believed"], id="square metres"),
        pytest.param(15.0, None, 10_000.0, "亩", ["area_unit_believed"], id="亩"),
        pytest.param(15.0, "亩", 10_000.0, "亩", [], id="亩, named in the file"),
        pytest.param(1.0005, None, 10_005.0, "公顷", ["area_unit_believed"], id="0.05 %: rounding and the ellipsoid"),
        pytest.param(1.002, None, 10_020.0, "公顷", ["area_unit_believed", "area_differs"], id="0.2 % is a difference"),
        pytest.param(3.0, None, 30_000.0, "公顷", ["area_unbelievable"], id="fits no unit"),
        pytest.param(3.0, "亩", 2000.0, "亩", ["area_differs"], id="a named unit is not doubted"),
        pytest.param(0.0, None, None, None, [], id="zero is a blank"),
        pytest.param(None, None, None, None, [], id="nothing declared"),
    ],
)
def test_declared_area(
    declared: float | None, unit: str | None, area_m2: float | None, believed: str | None, codes: list[str]
) -> None:
    file = raw([BOX], epsg=4547)
    parcel = replace(file.parcels[0], declared_area=declared, declared_area_unit=unit)
    boundary = normalised(replace(file, parcels=(parcel,)))
    assert boundary.declared_area_m2 == (None if area_m2 is None else pytest.approx(area_m2))
    assert boundary.declared_area_unit == believed
    assert [issue.code for issue in boundary.issues] == codes
    assert all(issue.message for issue in boundary.issues)


def test_parcels_are_measured_each_and_together() -> None:
    second = [(east + 100, north) for east, north in BOX]
    boundary = normalised(raw([BOX], [second], epsg=4547))
    assert len(boundary.geometry.geoms) == 1  # they abut
    assert sum(parcel.planar_area_m2 for parcel in boundary.parcels) == pytest.approx(boundary.planar_area_m2, abs=1e-6)
    ellipsoidal_m2 = sum(parcel.ellipsoidal_area_m2 for parcel in boundary.parcels)
    assert ellipsoidal_m2 == pytest.approx(boundary.ellipsoidal_area_m2, abs=1e-4)


SHAPE: Ring = [(E0 + e, N0 + n) for e, n in [(0, 0), (120.5, 3), (140, 60), (90, 65), (80, 110), (5, 95)]]
HOLE: Ring = [(E0 + e, N0 + n) for e, n in [(30, 20), (30, 40), (60, 45)]]


@given(
    start=st.integers(0, 5), hole_start=st.integers(0, 2), reverse=st.booleans(), swap=st.booleans(), txt=st.booleans()
)
def test_ring_start_orientation_order_and_axes_change_nothing(
    start: int, hole_start: int, reverse: bool, swap: bool, txt: bool
) -> None:
    shell, hole = SHAPE[start:] + SHAPE[:start], HOLE[hole_start:] + HOLE[:hole_start]
    if reverse:
        shell, hole = shell[::-1], hole[::-1]
    rings = [hole, shell] if swap else [shell, hole]
    axes = Axes.NORTHING_EASTING if txt else Axes.EASTING_NORTHING
    written = [[(n, e) for e, n in ring] if txt else ring for ring in rings]
    boundary, usual = normalised(raw(written, axes=axes, zone=38)), normalised(raw([SHAPE, HOLE], zone=38))
    assert boundary.geometry.equals(usual.geometry)
    assert boundary.planar_area_m2 == pytest.approx(usual.planar_area_m2, abs=1e-6)
    assert boundary.ellipsoidal_area_m2 == pytest.approx(usual.ellipsoidal_area_m2, abs=1e-4)
    assert boundary.geometry.geoms[0].exterior.is_ccw  # the right-hand rule


@pytest.mark.parametrize(
    "declared", [{}, {"zone": 38}, {"zone": 38, "zone_width_deg": 3}, {"epsg": 4526}, {"epsg": 4547}]
)
def test_adding_the_prefix_changes_nothing(declared: dict[str, int]) -> None:
    usual = normalised(raw([SHAPE, HOLE], epsg=4547))
    prefixed = [[(38e6 + east, north) for east, north in ring] for ring in (SHAPE, HOLE)]
    boundary = normalised(raw(prefixed, **declared))
    assert boundary.measuring_epsg == usual.measuring_epsg
    assert shapely.hausdorff_distance(boundary.geometry, usual.geometry) < 1e-8
    assert boundary.planar_area_m2 == pytest.approx(usual.planar_area_m2, rel=1e-9)
    assert boundary.ellipsoidal_area_m2 == pytest.approx(usual.ellipsoidal_area_m2, rel=1e-9)


def test_too_large_a_file_is_refused() -> None:
    with pytest.raises(TooLarge, match="64"):
        read_boundary(ReceivedFile(name="a.txt", content=bytes(64 * 1024 * 1024 + 1)), city=PUYANG)


def test_too_many_vertices_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo_review.boundary.normalise.MOST_VERTICES", 3)
    with pytest.raises(TooLarge, match="4"):
        normalised(raw([BOX], epsg=4547))


@pytest.mark.parametrize("parcels", [(), ([],)])
def test_nothing_at_all_is_refused(parcels: tuple[list[Ring], ...]) -> None:
    with pytest.raises(RefusedInput):
        normalised(raw(*parcels, epsg=4547))


def test_square_of_the_builders_is_what_the_tests_say() -> None:
    assert SQUARE.area == pytest.approx(10_000)
    assert HOLED.area == pytest.approx(HOLED_M2)


ODD_NUMBERS = [0.0, -1.0, 1e308, -1e308, 5e-324, math.nan, math.inf, 1e9, 38592967.5, 3959622.4, 115.0, 35.7, 180.0]


def test_odd_coordinates_never_raise_anything_but_a_refusal() -> None:
    chance = random.Random(5)
    for _ in range(1000):
        rings = [[list(point) for point in ring] for ring in (SHAPE, HOLE)]
        for _ in range(chance.randint(1, 4)):
            ring = chance.choice(rings)
            point = chance.choice(ring)
            match chance.randrange(4):
                case 0:
                    point[chance.randrange(2)] = chance.choice(ODD_NUMBERS)
                case 1:
                    point[:] = chance.choice(chance.choice(rings))
                case 2:
                    point.reverse()
                case _:
                    point[chance.randrange(2)] += chance.choice([1e-10, 1e-5, 1e-3, 1.0, 50.0, -50.0])
        member = {"type": "name", "properties": {"name": "EPSG:4547"}}
        document = polygon_document(*[[*ring, ring[0]] for ring in rings], crs=member)  # type: ignore[list-item]
        only_refuses(lambda: read_boundary(geojson(document), city=PUYANG))  # noqa: B023
