"""What was understood as a document and as lines: every place found, every open thing said to be open."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import pytest
from rich.console import Console

from geo_review.geometry.crs import LONLAT, reproject
from geo_review.report.document import to_bytes
from geo_review.report.understanding_document import understanding_digest, understanding_document
from geo_review.report.understanding_facts import understanding_facts
from geo_review.report.understanding_table import print_understanding
from tests.builders import EAST, NORTH, square
from tests.postgis.stored import geojson
from tests.unit.report.understood_files import bow_tie, seen_of, survey_text, two_members, with_hole

TWO_MEMBERS = two_members()


def told(content: bytes, name: str = "红线.txt", **asked: object) -> dict[str, Any]:
    return understanding_document(seen_of(content, name, **asked))


def lines(document: Mapping[str, Any]) -> dict[str, tuple[str, str, str]]:
    return {fact.key: (fact.status, fact.value, fact.why) for fact in understanding_facts(document)}


@pytest.mark.parametrize(
    ("why", "content", "name", "asked", "key", "status", "says"),
    [
        ("all is well", survey_text(), "a.txt", {}, "crs", "ok", "带号 38"),
        ("all is well", survey_text(), "a.txt", {}, "encoding", "ok", "GB18030"),
        ("all is well", survey_text(), "a.txt", {}, "repeated", "ok", "没有"),
        ("columns turned", survey_text(swapped=True), "a.txt", {}, "axes", "warning", "相反"),
        ("no zone", survey_text(zone=""), "a.txt", {}, "crs", "error", "EPSG:4547 或 EPSG:4548"),
        ("no zone, so no order", survey_text(zone=""), "a.txt", {}, "axes", "open", "先北后东"),
        ("the zone asked for", survey_text(zone=""), "a.txt", {"epsg": 4547}, "zone", "ok", "不含带号"),
        ("another zone", survey_text(zone="39"), "a.txt", {}, "place", "error", "按第 38 带"),
        ("another zone is a zone", survey_text(zone="39"), "a.txt", {}, "zone", "ok", "第 39 带"),
        ("in square metres", survey_text(area="10000"), "a.txt", {}, "area", "warning", "平方米"),
        ("a tenth too much", survey_text(area="1.1"), "a.txt", {}, "area", "warning", "+1,000.00 平方米"),
        ("edges cross", bow_tie(), "a.geojson", {}, "shape", "error", "1 处问题"),
        ("edges cross, no area", bow_tie(), "a.geojson", {}, "area", "open", "未量算"),
        ("two members", TWO_MEMBERS, "a.zip", {}, "layer", "error", "有 2 个"),
        ("one of two members", TWO_MEMBERS, "a.zip", {"layer": "西.geojson"}, "layer", "ok", "西.geojson"),
        ("one of two parcels", survey_text((0, 0), (300, 0)), "a.txt", {"parcels": (2,)}, "parcels", "info", "第 2 个"),
        ("no red line", b"\0\1\2", "a.bin", {}, "format", "error", "不认识"),
        ("a name that lies", survey_text(), "a.shp", {}, "format", "info", "后缀为 .shp"),
    ],
)
def test_each_line_says_what_was_found_and_why(
    why: str, content: bytes, name: str, asked: dict[str, Any], key: str, status: str, says: str
) -> None:
    found, value, reason = lines(told(content, name, **asked))[key]
    assert found == status, why
    assert says in value + reason, why


def test_a_crossing_is_marked_where_the_edges_meet() -> None:
    document = told(bow_tie(), "a.geojson")
    (issue,) = document["issues"]
    assert issue["code"] == "self_intersection"
    assert issue["lonlat"] == pytest.approx(_lonlat(EAST + 4.5, NORTH + 4.5), abs=1e-9)
    assert document["refusal"]["code"] == "invalid_boundary"
    assert document["refusal"]["acceptable"] == []
    assert document["parcels"][0]["rings"][0]["role"] is None


def test_a_repeated_point_is_found_by_its_name_and_may_be_accepted() -> None:
    text = survey_text().decode("gb18030")
    twice = text.replace(
        "J3,1,", f"J9,1,{NORTH:.3f},38{EAST + 100:.3f}\r\nJ9,1,{NORTH:.3f},38{EAST + 100:.3f}\r\nJ3,1,"
    )
    document = told(twice.encode("gb18030"))
    assert "repeated_point" in document["refusal"]["acceptable"]
    places = [issue["lonlat"] for issue in document["issues"] if issue["code"] == "repeated_point"]
    assert places
    assert places[0] == pytest.approx(_lonlat(EAST + 100, NORTH), abs=1e-9)


def test_land_that_lies_elsewhere_is_drawn_where_it_lies() -> None:
    document = told(survey_text(zone="39"))
    assert document["accepted"] is False
    assert document["crs"]["epsg"] == 4527
    west, _, east, _ = document["extent"]
    assert 118.0 < west < east < 118.1
    assert told(survey_text(zone=""))["extent"] is None


def test_a_file_refused_for_a_line_is_drawn_as_far_as_it_can_be() -> None:
    text = survey_text().decode("gb18030")
    crooked = text[: text.rindex("J1,1,")] + f"J1,1,{NORTH + 7:.3f},38{EAST:.3f}"
    document = told(crooked.encode("gb18030"))
    (issue,) = (one for one in document["issues"] if one["code"] == "closing_point_differs")
    assert document["parcels"][0]["rings"][0]["closed"] is False
    assert issue["lonlat"] is not None


def test_rings_have_their_roles_by_containment() -> None:
    (parcel,) = told(with_hole(), "a.geojson")["parcels"]
    assert sorted(ring["role"] for ring in parcel["rings"]) == ["hole", "shell", "shell"]
    assert max(parcel["rings"], key=lambda ring: _width(ring["lonlat"]))["role"] == "shell"


def test_areas_are_compared_in_the_unit_that_was_believed() -> None:
    first, second = told(survey_text((0, 0), (300, 0), area="15.0"))["parcels"]
    assert first["believed_area_unit"] == "亩"
    assert first["area_declared_m2"] == pytest.approx(10_000.0)
    assert first["difference_m2"] == pytest.approx(0.0, abs=1e-6)
    assert second["number"] == 2


def test_issues_count_the_parcels_of_the_file_too() -> None:
    document = told(survey_text((0, 0), (300, 0), area="1.1"), parcels=(2,))
    (issue,) = (one for one in document["issues"] if one["code"] == "area_unbelievable")
    assert (issue["where"]["parcel"], issue["parcel_in_file"]) == (1, 2)
    assert [parcel["rings"][0]["closed"] for parcel in document["parcels"]] == [None, True]


def test_a_number_that_the_file_does_not_have_refuses_with_all_parcels_shown() -> None:
    document = told(survey_text((0, 0), (300, 0)), parcels=(1, 9))
    assert document["refusal"]["code"] == "unknown_parcel"
    assert all(ring["lonlat"] for parcel in document["parcels"] for ring in parcel["rings"])


def test_choices_are_what_may_be_asked_for() -> None:
    document = told(TWO_MEMBERS, "a.zip")
    assert [choice["value"] for choice in document["choices"]] == ["东.geojson", "西.geojson"]
    assert document["choices"] == document["refusal"]["choices"]


def test_the_same_understanding_has_the_same_digest_and_another_another() -> None:
    content = survey_text((0, 0), (300, 0))
    assert understanding_digest(told(content)) == understanding_digest(told(content))
    assert understanding_digest(told(content)) != understanding_digest(told(content, parcels=(1, 2)))


@pytest.mark.parametrize("content", [survey_text(zone="45"), geojson(square(), epsg=LONLAT)])
def test_what_lies_past_every_plane_is_still_json(content: bytes) -> None:
    assert json.loads(to_bytes(told(content)))["accepted"] is False


def test_the_terminal_tells_lines_issues_and_what_may_be_chosen() -> None:
    for content, name, says in (
        (survey_text(swapped=True), "a.txt", "已按数值范围对调"),
        (bow_tie(), "a.geojson", "self_intersection"),
        (TWO_MEMBERS, "a.zip", "--layer 西.geojson"),
    ):
        printed = io.StringIO()
        print_understanding(told(content, name), Console(width=150, file=printed))
        assert says in printed.getvalue()


def _lonlat(east: float, north: float) -> list[float]:
    from shapely.geometry import Point

    there = reproject(Point(east, north), 4547, LONLAT)
    return [there.x, there.y]


def _width(points: list[list[float]]) -> float:
    return max(lon for lon, _ in points) - min(lon for lon, _ in points)
