"""Every fault of a ring or a parcel is refused with its code and its place; nothing is repaired."""

from __future__ import annotations

import math

import pytest

from geo_review.boundary.asked import Asked
from geo_review.boundary.model import Boundary, RawBoundary, Severity, SourceFile
from geo_review.boundary.normalise import normalise
from geo_review.city import PUYANG
from geo_review.errors import InvalidBoundary, InvalidOption
from tests.unit.boundary.written_files import raw

Ring = list[tuple[float, float]]
SOURCE = SourceFile(name="红线.shp", size_bytes=1, sha256="", sm3="")
E0, N0 = 592900.0, 3959500.0
NAN, INF = float("nan"), float("inf")


def at(*points: tuple[float, float]) -> Ring:
    """A ring in EPSG:4547, from metres about a corner in the city."""
    return [(E0 + east, N0 + north) for east, north in points]


def box(east: float, north: float, width: float, height: float) -> Ring:
    return at((east, north), (east + width, north), (east + width, north + height), (east, north + height))


def normalised(*parcels: list[Ring], accept: frozenset[str] = frozenset()) -> Boundary:
    return normalise(raw(*parcels, epsg=4547), source=SOURCE, city=PUYANG, asked=Asked(accept=accept))


SQUARE = box(0, 0, 100, 100)
BOW_TIE = at((0, 0), (100, 100), (100, 0), (0, 100))
SPIKE = at((0, 0), (100, 0), (100, 50), (180, 51), (100, 52), (100, 100), (0, 100))


@pytest.mark.parametrize(
    ("parcels", "code", "places"),
    [
        pytest.param(
            [[BOW_TIE]], "self_intersection", ["地块1 第1圈 点J1", "J1–J2", "J3–J4", "592950, 3959550"], id="a bow tie"
        ),
        pytest.param(
            [[at((0, 0), (50, 0), (50, 50), (100, 50), (100, 100), (50, 100), (50, 50), (0, 50))]],
            "ring_touches_itself",
            ["地块1 第1圈", "592950, 3959550"],
            id="a ring twice through one point, without crossing",
        ),
        pytest.param(
            [[at((0, 0), (50, 50), (0, 100), (100, 100), (50, 50), (100, 0))]],
            "ring_touches_itself",
            ["地块1 第1圈"],
            id="an hourglass whose halves meet at a point",
        ),
        pytest.param(
            [[at((0, 0), (100, 0), (100, 100), (50, 0), (0, 100))]],
            "ring_touches_itself",
            ["点J1", "592950, 3959500"],
            id="a corner on an edge",
        ),
        pytest.param(
            [[at((0, 0), (50, 50), (100, 100), (100, 0), (50, 50), (0, 100))]],
            "self_intersection",
            ["592950, 3959550"],
            id="a crossing at a point that both edges have",
        ),
        pytest.param(
            [[SQUARE, box(50, 50, 100, 100)]], "rings_cross", ["地块1 第2圈", "第1圈的边"], id="two rings cross"
        ),
        pytest.param([[SQUARE, SQUARE]], "ring_doubled", ["地块1 第2圈", "第1圈"], id="a ring twice"),
        pytest.param([[at((0, 0), (100, 0))]], "too_few_points", ["地块1 第1圈"], id="two points"),
        pytest.param(
            [[SQUARE], [at((300, 0))]], "too_few_points", ["地块2 第1圈"], id="one point, in the second parcel"
        ),
        pytest.param([[at((0, 0), (50, 0), (100, 0))]], "zero_area", ["地块1 第1圈"], id="points on one line"),
        pytest.param([[at((0, 0), (50, 30), (100, 60), (20, 12))]], "zero_area", ["地块1 第1圈"], id="there and back"),
        pytest.param([[at((0, 0), (100, 0), (100, NAN), (0, 100))]], "not_a_number", ["点J3", "第12行"], id="NaN"),
        pytest.param([[at((0, 0), (INF, 0), (100, 100), (0, 100))]], "not_a_number", ["点J2", "第11行"], id="infinite"),
        pytest.param(
            [[at((0, 0), (100, 0), (100, 0.00005), (100, 100), (0, 100))]],
            "repeated_point",
            ["地块1 第1圈 点J3（第12行）", "--accept repeated_point"],
            id="a point within 0.1 mm of the one before",
        ),
        pytest.param([[[*SQUARE, SQUARE[0]]]], "repeated_point", ["点J5"], id="the last point repeats the first"),
        pytest.param([[SPIKE]], "spike", ["地块1 第1圈 点J4（第13行）", "--accept spike"], id="out and back"),
        pytest.param(
            [[SQUARE], [box(90, 0, 100, 100)]], "parcels_overlap", ["地块2与地块1", "1000.0000", "10.0000"], id="10 m"
        ),
        pytest.param([[SQUARE], [box(99.99, 0, 100, 100)]], "parcels_overlap", ["1.0000"], id="a centimetre"),
        pytest.param([[SQUARE], [box(20, 20, 10, 10)]], "parcels_overlap", ["100.0000"], id="one inside the other"),
        pytest.param(
            [[SQUARE], [SQUARE[2:] + SQUARE[:2]]], "parcel_doubled", ["地块2", "地块1"], id="the same land twice"
        ),
    ],
)
def test_fault_is_refused_with_code_and_place(parcels: list[list[Ring]], code: str, places: list[str]) -> None:
    with pytest.raises(InvalidBoundary) as refusal:
        normalised(*parcels)
    assert refusal.value.code == "invalid_boundary"
    said = [line for line in refusal.value.lines if line.startswith(f"[{code}]")]
    assert said, refusal.value.lines
    text = said[0] + (refusal.value.remedy or "")
    assert all(place in text for place in places), text


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(InvalidBoundary) as refusal:
        normalised([BOW_TIE], [SPIKE], [at((300, 0), (300, 0), (400, 0), (400, 50))])
    assert [line.split("]")[0][1:] for line in refusal.value.lines] == ["repeated_point", "spike", "self_intersection"]
    assert "--accept" not in (refusal.value.remedy or "")  # it would not be enough


def test_scrambled_ring_is_told_by_its_first_faults() -> None:
    angles = [2.0 * math.pi * 50 * step / 101 for step in range(101)]  # a star of 101 points: 4,949 crossings
    star = at(*[(50 + 50 * math.cos(angle), 50 + 50 * math.sin(angle)) for angle in angles])
    with pytest.raises(InvalidBoundary) as refusal:
        normalised([star])
    assert len(refusal.value.lines) == 101
    assert "另有" in refusal.value.lines[-1]


def test_repeated_point_that_is_accepted_is_removed_and_said() -> None:
    ring = at((0, 0), (100, 0), (100, 0), (100, 100), (0, 100))
    boundary = normalised([ring], accept=frozenset({"repeated_point"}))
    assert [(issue.code, issue.severity, issue.where.point) for issue in boundary.issues] == [
        ("repeated_point_removed", Severity.WARNING, "J3")
    ]
    assert len(boundary.geometry.geoms[0].exterior.coords) == 5
    assert boundary.planar_area_m2 == pytest.approx(10_000, abs=1e-6)


def test_spike_that_is_accepted_stays() -> None:
    boundary = normalised([SPIKE], accept=frozenset({"spike"}))
    assert [(issue.code, issue.severity) for issue in boundary.issues] == [("spike", Severity.WARNING)]
    assert boundary.planar_area_m2 == pytest.approx(10_080, abs=1e-6)


def test_spike_without_width_cannot_be_accepted() -> None:
    ring = at((0, 0), (100, 0), (100, 50), (180, 50), (100, 50), (100, 100), (0, 100))
    with pytest.raises(InvalidBoundary, match=r"self_intersection|ring_touches_itself"):
        normalised([ring], accept=frozenset({"spike"}))


@pytest.mark.parametrize("code", ["self_intersection", "parcels_overlap", "no_such_code"])
def test_other_faults_cannot_be_accepted(code: str) -> None:
    with pytest.raises(InvalidOption, match="--accept"):
        normalised([SQUARE], accept=frozenset({code}))


@pytest.mark.parametrize(
    ("rings", "area_m2", "codes"),
    [
        pytest.param([SQUARE, box(20, 20, 10, 10)], 9900, [], id="inside is a hole"),
        pytest.param([box(20, 20, 10, 10), SQUARE], 9900, [], id="whatever the order"),
        pytest.param([SQUARE, box(200, 0, 10, 10)], 10_100, [], id="beside is a part"),
        pytest.param([SQUARE, box(20, 20, 40, 40), box(30, 30, 10, 10)], 8500, [], id="an island in a hole"),
        pytest.param(
            [box(200, 0, 50, 50), SQUARE, box(210, 10, 10, 10), box(20, 20, 10, 10)], 12_300, [], id="two with holes"
        ),
        pytest.param([SQUARE, at((0, 50), (20, 40), (20, 60))], 9800, [], id="a hole that touches the edge at a point"),
        pytest.param([SQUARE, box(100, 0, 50, 50)], 12_500, ["rings_share_edge"], id="parts along one edge"),
        pytest.param([SQUARE, box(50, 20, 50, 20)], 9000, ["rings_share_edge"], id="a hole along the edge"),
    ],
)
def test_roles_follow_containment(rings: list[Ring], area_m2: float, codes: list[str]) -> None:
    boundary = normalised(rings)
    assert boundary.planar_area_m2 == pytest.approx(area_m2, abs=1e-6)
    assert boundary.geometry.is_valid
    assert [issue.code for issue in boundary.issues] == codes


@pytest.mark.parametrize(
    ("east", "codes"),
    [
        pytest.param(100.0, [], id="abutting"),
        pytest.param(99.99995, [], id="the noise of floating-point numbers"),
        pytest.param(99.999, ["parcels_overlap_rounding"], id="a millimetre: corners rounded on both sides"),
        pytest.param(100.001, [], id="a gap"),
    ],
)
def test_neighbours_are_no_overlap(east: float, codes: list[str]) -> None:
    boundary = normalised([SQUARE], [box(east, 0, 100, 100)])
    assert [issue.code for issue in boundary.issues] == codes


def test_faults_in_degrees_are_measured_on_the_ground() -> None:
    def degrees(*points: tuple[float, float]) -> Ring:
        return [(115.03 + east / 90_400, 35.76 + north / 110_950) for east, north in points]

    file: RawBoundary = raw([degrees((0, 0), (100, 0), (100, 50), (180, 51), (100, 52), (100, 100), (0, 100))])
    with pytest.raises(InvalidBoundary, match=r"spike.*J4"):
        normalise(file, source=SOURCE, city=PUYANG)
    doubled = [(115.03, 35.76), (115.031, 35.76), (115.031 + 5e-10, 35.76), (115.031, 35.761)]
    with pytest.raises(InvalidBoundary, match=r"repeated_point.*J3"):
        normalise(raw([doubled]), source=SOURCE, city=PUYANG)
