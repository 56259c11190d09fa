"""A stored red line over HTTP in every written format, and its links on the project's page."""

from __future__ import annotations

import re

import httpx
import pytest

from geo_review.boundary.read import read_boundary
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.written_formats import WRITTEN_FORMATS
from geo_review.city import PUYANG
from tests.contract.test_api_round_trip import CODE, store

WHERE = f"/api/v1/projects/{CODE}/boundaries/1/export"


def test_every_format_comes_with_its_type_and_name_and_from_the_links_of_the_page(api: httpx.Client) -> None:
    store(api).raise_for_status()
    links = re.findall(r'href="([^"]+/export\?format=\w+)"', api.get(f"/projects/{CODE}").text)
    assert links == [f"{WHERE}?format={name}" for name in WRITTEN_FORMATS]
    for link, (name, written) in zip(links, WRITTEN_FORMATS.items(), strict=True):
        answer = api.get(link)
        assert answer.status_code == 200, name
        assert answer.headers["content-type"].partition(";")[0] == written.media_type
        assert f'filename="{CODE}-v1{written.suffix}"' in answer.headers["content-disposition"]
        assert api.get(link).content == answer.content
        if name in ("txt", "shp", "gpkg", "geojson"):
            file = ReceivedFile(name=f"a{written.suffix}", content=answer.content)
            assert read_boundary(file, city=PUYANG).planar_area_m2 == pytest.approx(10_000.0, abs=1e-4)


def test_options_are_those_of_the_command_line(api: httpx.Client) -> None:
    store(api).raise_for_status()
    answer = api.get(WHERE, params={"format": "txt", "zone": "39", "prefix": "false", "encoding": "utf-8"})
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "带号=39" in answer.text
    useless = api.get(WHERE, params={"format": "kml", "zone": "39"})
    assert (useless.status_code, useless.json()["code"]) == (400, "option_of_other_format")


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 400, "invalid_call"),
        ("?format=dwg", 400, "invalid_call"),
        ("?format=txt&zone=40", 400, "invalid_call"),
        ("?format=txt&crs=4527", 400, "unknown_parameter"),
        ("?format=kml", 404, "unknown_project"),
    ],
)
def test_a_wish_that_cannot_be_fulfilled_is_refused(
    shared_api: httpx.Client, query: str, status: int, code: str
) -> None:
    answer = shared_api.get(WHERE + query)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
