"""The reference system and its reason: a table of what files say and what their numbers are."""

from __future__ import annotations

import pytest

from geo_review.boundary.crs_finding import find_crs
from geo_review.boundary.datum import Datum, datum_by_name
from geo_review.boundary.model import Axes, RawBoundary
from geo_review.city import PUYANG
from geo_review.errors import InvalidBoundary, InvalidOption, UnknownCrs
from tests.unit.boundary.written_files import raw

Ring = list[tuple[float, float]]

NORTH, EAST_38, EAST_39 = 3959622.396, 592967.566, 321653.242  # 115.028°E 35.762°N in the zones 38 and 39
NORTH_39 = 3960929.044


def square(east: float, north: float, side: float = 100.0) -> Ring:
    """Points as GIS formats write them, easting first."""
    return [(east, north), (east + side, north), (east + side, north + side), (east, north + side)]


def turned(ring: Ring) -> Ring:
    return [(second, first) for first, second in ring]


BARE = square(EAST_38, NORTH)
PREFIXED = square(38e6 + EAST_38, NORTH)
BARE_39 = square(EAST_39, NORTH_39)
PREFIXED_39 = square(39e6 + EAST_39, NORTH_39)
SIX_DEGREE = square(20e6 + EAST_39, NORTH_39)
DEGREES = square(115.028, 35.762, 0.001)


def txt(ring: Ring, **declared: object) -> RawBoundary:
    """A survey text of this ring in the format's order, northing first."""
    return raw([turned(ring)], axes=Axes.NORTHING_EASTING, format="txt", **declared)


def gis(ring: Ring, format: str = "shp", **declared: object) -> RawBoundary:
    return raw([ring], format=format, **declared)


@pytest.mark.parametrize(
    ("file", "asked", "epsg", "how", "swapped", "codes"),
    [
        # Survey texts: the number in front of the eastings wins.
        pytest.param(txt(PREFIXED), None, 4526, "prefix", False, [], id="prefix alone"),
        pytest.param(
            txt(PREFIXED, zone=38, zone_width_deg=3), None, 4526, "prefix", False, [], id="prefix and 带号 agree"
        ),
        pytest.param(txt(PREFIXED_39), None, 4527, "prefix", False, [], id="zone 39"),
        pytest.param(txt(SIX_DEGREE), None, 4498, "prefix", False, [], id="13-23 is a 6-degree zone"),
        pytest.param(txt(PREFIXED, zone=39), None, 4526, "prefix", False, ["zone_contradicts"], id="带号 contradicts"),
        pytest.param(
            txt(PREFIXED, zone=38, zone_width_deg=6),
            None,
            4526,
            "prefix",
            False,
            ["zone_contradicts"],
            id="几度分带 contradicts",
        ),
        pytest.param(
            txt(SIX_DEGREE, zone=20, zone_width_deg=6), None, 4498, "prefix", False, [], id="6-degree, all agree"
        ),
        pytest.param(txt(BARE, zone=38), None, 4547, "declared", False, [], id="带号, no prefix"),
        pytest.param(txt(BARE_39, zone=39, zone_width_deg=3), None, 4548, "declared", False, [], id="带号 39"),
        pytest.param(txt(BARE_39, zone=20, zone_width_deg=6), None, 4509, "declared", False, [], id="6-degree 带号"),
        pytest.param(
            txt(BARE, zone=38, zone_width_deg=6),
            None,
            4547,
            "declared",
            False,
            ["zone_contradicts"],
            id="38 is no 6-degree zone",
        ),
        pytest.param(
            txt(turned(PREFIXED)), None, 4526, "prefix", True, ["axes_swapped"], id="X and Y swapped, 8 digits"
        ),
        pytest.param(
            txt(turned(BARE), zone=38), None, 4547, "declared", True, ["axes_swapped"], id="swapped, 6 digits"
        ),
        pytest.param(txt(DEGREES), None, 4490, "range", False, [], id="degrees, latitude first"),
        pytest.param(txt(turned(DEGREES)), None, 4490, "range", True, ["axes_swapped"], id="degrees, longitude first"),
        pytest.param(txt(DEGREES, zone=38), None, 4490, "range", False, ["crs_contradicts"], id="degrees under a 带号"),
        pytest.param(txt(PREFIXED, datum="CGCS2000坐标系"), None, 4526, "prefix", False, [], id="a datum we know"),
        pytest.param(
            txt(PREFIXED, datum="某坐标系"), None, 4526, "prefix", False, ["datum_unknown"], id="a datum nobody knows"
        ),
        # GIS formats: the declaration counts, and is checked.
        pytest.param(gis(BARE, epsg=4547), None, 4547, "declared", False, [], id=".prj without prefix"),
        pytest.param(gis(PREFIXED, epsg=4526), None, 4526, "declared", False, [], id=".prj with prefix"),
        pytest.param(
            gis(PREFIXED, epsg=4547), None, 4526, "prefix", False, ["prefix_present"], id="prefix, .prj without"
        ),
        pytest.param(gis(BARE, epsg=4526), None, 4547, "declared", False, ["prefix_absent"], id="no prefix, .prj with"),
        pytest.param(
            gis(PREFIXED, epsg=4527), None, 4526, "prefix", False, ["zone_contradicts"], id=".prj of another zone"
        ),
        pytest.param(gis(PREFIXED, epsg=4490), None, 4526, "prefix", False, ["zone_contradicts"], id=".prj of degrees"),
        pytest.param(gis(PREFIXED), None, 4526, "prefix", False, [], id="no .prj, prefix"),
        pytest.param(gis(DEGREES), None, 4490, "range", False, [], id="no .prj, degrees"),
        pytest.param(
            gis(DEGREES, epsg=4547), None, 4490, "range", False, ["crs_contradicts"], id=".prj of metres, degrees"
        ),
        pytest.param(
            gis(turned(DEGREES), epsg=4490), None, 4490, "declared", True, ["axes_swapped"], id="latitude first"
        ),
        pytest.param(
            gis(DEGREES, epsg=4326), None, 4326, "declared", False, ["wgs84_taken_as_cgcs2000"], id="WGS 84 degrees"
        ),
        pytest.param(gis(DEGREES, epsg=4480), None, 4490, "declared", False, [], id="CGCS2000 with heights"),
        pytest.param(gis(DEGREES, format="geojson"), None, 4490, "declared", False, [], id="GeoJSON of the standard"),
        pytest.param(gis(PREFIXED, format="geojson"), None, 4526, "prefix", False, [], id="GeoJSON of metres"),
        pytest.param(
            gis(square(321759.59, 3959349.55), epsg=32650),
            None,
            32650,
            "declared",
            False,
            ["wgs84_taken_as_cgcs2000"],
            id="UTM by declaration",
        ),
        pytest.param(
            gis(square(12804858.0, 4266000.0), epsg=3857),
            None,
            3857,
            "declared",
            False,
            ["wgs84_taken_as_cgcs2000"],
            id="Web Mercator by declaration",
        ),
        # The user's word.
        pytest.param(txt(BARE), 4547, 4547, "asked", False, [], id="asked"),
        pytest.param(
            txt(PREFIXED), 4547, 4526, "asked", False, ["prefix_present"], id="asked without, written with prefix"
        ),
        pytest.param(txt(BARE), 4526, 4547, "asked", False, ["prefix_absent"], id="asked with, written without prefix"),
        pytest.param(txt(BARE, zone=39), 4547, 4547, "asked", False, ["asked_contradicts"], id="asked against 带号"),
        pytest.param(
            txt(BARE, datum="1980西安坐标系"), 4547, 4547, "asked", False, [], id="asked against the datum's name"
        ),
        pytest.param(txt(turned(DEGREES)), 4490, 4490, "asked", True, ["axes_swapped"], id="asked, longitude first"),
    ],
)
def test_crs_is_found_with_its_reason(
    file: RawBoundary, asked: int | None, epsg: int, how: str, swapped: bool, codes: list[str]
) -> None:
    finding, is_swapped, issues = find_crs(file, city=PUYANG, asked_epsg=asked)
    assert (finding.epsg, finding.how, is_swapped) == (epsg, how, swapped)
    assert [issue.code for issue in issues] == codes
    assert all(issue.message for issue in issues)
    assert f"EPSG:{epsg}" in finding.reason or how == "asked"


@pytest.mark.parametrize(
    ("file", "asked", "error", "code", "word"),
    [
        pytest.param(txt(BARE), None, UnknownCrs, "unknown_crs", "4547 或 EPSG:4548", id="nothing settles the zone"),
        pytest.param(gis(BARE), None, UnknownCrs, "unknown_crs", "--crs", id="a .shp without .prj, without prefix"),
        pytest.param(gis(BARE, epsg=4490), None, UnknownCrs, "unknown_crs", "--crs", id="metres declared as degrees"),
        pytest.param(
            gis(BARE, format="geojson"), None, UnknownCrs, "unknown_crs", "--crs", id="GeoJSON of bare metres"
        ),
        pytest.param(txt(BARE, zone=24), None, UnknownCrs, "unknown_crs", "24", id="a 带号 that no zone has"),
        pytest.param(txt(square(300, 500), zone=38), None, UnknownCrs, "unknown_crs", "300", id="a site's own origin"),
        pytest.param(
            txt(PREFIXED, datum="80国家大地坐标系"), None, UnknownCrs, "foreign_datum", "80国家", id="1980 西安"
        ),
        pytest.param(
            txt(PREFIXED, datum="1954北京坐标系"), None, UnknownCrs, "foreign_datum", "CGCS2000", id="1954 北京"
        ),
        pytest.param(gis(BARE, epsg=2383), None, UnknownCrs, "foreign_datum", "Xian 1980", id="EPSG code of 1980 西安"),
        pytest.param(
            gis(BARE, epsg=2362, datum="Xian 1980"), None, UnknownCrs, "foreign_datum", "Xian", id=".prj of Xian"
        ),
        pytest.param(
            txt(PREFIXED, datum="濮阳独立坐标系"), None, UnknownCrs, "local_crs", "--crs", id="a city's own grid"
        ),
        pytest.param(
            gis(BARE, wkt="PROJCS[…]", datum="China 2000"),
            None,
            UnknownCrs,
            "custom_crs",
            "--crs",
            id="a WKT of no code",
        ),
        pytest.param(
            gis(BARE, epsg=999999), None, UnknownCrs, "unknown_crs", "999999", id="a declared code nobody has"
        ),
        pytest.param(gis(BARE, epsg=5737), None, UnknownCrs, "unknown_crs", "5737", id="a declared system of heights"),
        pytest.param(txt(BARE), 999999, InvalidOption, "unknown_epsg", "--crs", id="an asked code nobody has"),
        pytest.param(txt(BARE), 5737, InvalidOption, "unknown_epsg", "--crs", id="an asked system of heights"),
        pytest.param(txt(BARE), 2383, InvalidOption, "foreign_datum", "--crs", id="an asked other datum"),
        pytest.param(txt(BARE), 4490, InvalidOption, "crs_impossible", "--crs", id="metres asked as degrees"),
        pytest.param(txt(DEGREES), 4547, InvalidOption, "crs_impossible", "--crs", id="degrees asked as metres"),
        pytest.param(txt(PREFIXED_39), 4547, InvalidOption, "crs_impossible", "4527", id="asked against the prefix"),
        pytest.param(txt(BARE), 4548, InvalidBoundary, "location_implausible", "4547", id="the wrong zone asked"),
        pytest.param(
            txt(BARE, zone=39), None, InvalidBoundary, "location_implausible", "第 38 带", id="the wrong 带号"
        ),
        pytest.param(
            txt(square(39e6 + EAST_38, NORTH)),
            None,
            InvalidBoundary,
            "location_implausible",
            "第 38 带",
            id="a wrong prefix",
        ),
        pytest.param(
            gis(square(113.6, 34.7, 0.01)), None, InvalidBoundary, "location_implausible", "113.6", id="another city"
        ),
        pytest.param(
            gis(square(10.0, 20.0, 0.01)), None, InvalidBoundary, "location_implausible", "10.0", id="another continent"
        ),
        pytest.param(
            txt([*PREFIXED[:3], (NORTH, 38e6 + EAST_38)]),
            None,
            InvalidBoundary,
            "invalid_boundary",
            "J4",
            id="one point swapped",
        ),
        pytest.param(
            txt([*PREFIXED[:3], BARE[3]]),
            None,
            InvalidBoundary,
            "invalid_boundary",
            "J4",
            id="one point without prefix",
        ),
        pytest.param(
            txt([*PREFIXED[:3], PREFIXED_39[3]]),
            None,
            InvalidBoundary,
            "invalid_boundary",
            "mixed_zones",
            id="two zones",
        ),
        pytest.param(
            txt([*PREFIXED[:3], DEGREES[3]]),
            None,
            InvalidBoundary,
            "invalid_boundary",
            "J4",
            id="a degree among metres",
        ),
    ],
)
def test_crs_that_cannot_be_known_or_be_right_is_refused(
    file: RawBoundary, asked: int | None, error: type[Exception], code: str, word: str
) -> None:
    with pytest.raises(error) as refusal:
        find_crs(file, city=PUYANG, asked_epsg=asked)
    assert getattr(refusal.value, "code", None) == code
    assert word in str(refusal.value)


def test_land_a_little_outside_the_city_is_a_warning() -> None:
    _, _, issues = find_crs(gis(square(114.5, 35.7, 0.01)), city=PUYANG, asked_epsg=None)
    assert [issue.code for issue in issues] == ["outside_city"]
    assert "114.50" in issues[0].message


@pytest.mark.parametrize(
    ("name", "datum"),
    [
        ("2000国家大地坐标系", Datum.CGCS2000),
        ("CGCS2000", Datum.CGCS2000),
        ("国家2000", Datum.CGCS2000),
        ("大地2000", Datum.CGCS2000),
        ("2000坐标系", Datum.CGCS2000),
        ("China 2000", Datum.CGCS2000),
        ("D_China_2000", Datum.CGCS2000),
        ("WGS84", Datum.WGS84),
        ("World Geodetic System 1984 ensemble", Datum.WGS84),
        ("80国家大地坐标系", Datum.FOREIGN),
        ("1980西安坐标系", Datum.FOREIGN),
        ("西安80", Datum.FOREIGN),
        ("Xian 1980", Datum.FOREIGN),
        ("1954北京坐标系", Datum.FOREIGN),
        ("北京54", Datum.FOREIGN),
        ("Beijing 1954", Datum.FOREIGN),
        ("GCJ-02", Datum.FOREIGN),
        ("濮阳城市坐标系", Datum.LOCAL),
        ("独立坐标系(2000)", Datum.LOCAL),
        ("甲坐标系", Datum.UNKNOWN),
    ],
)
def test_datum_is_known_by_the_names_surveyors_give_it(name: str, datum: Datum) -> None:
    assert datum_by_name(name) is datum
