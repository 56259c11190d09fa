"""The page and its map: whole in itself, no other host, names as text, the same text twice."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from shapely.geometry import box

from geo_review.report.html import render_html
from geo_review.report.leaflet import leaflet_folder, leaflet_tags
from geo_review.report.map_context import ContextLayer
from geo_review.report.map_page import render_map
from tests.unit.report.made import EASTING, MADE, NORTHING, RIVER, document, example, lonlat, part, result, square

ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
NAMESPACE = "http://www.w3.org/2000/svg"
CONTEXT = [ContextLayer(code="HDGLFW", title="河道管理范围", kind="consult", geometry=lonlat(RIVER))]


class Tags(HTMLParser):
    """Gathers the start tags of a page and the text of its scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] == "script":
            self.scripts.append(data)


@pytest.mark.parametrize("name", MADE)
def test_a_page_that_stands_alone_asks_no_other_host(name):
    page = render_html(example(name), context=CONTEXT)
    assert set(re.findall(r"(?:https?:)?//[\w.-]+\.\w+[^\s\"'<>;)]*", page)) <= {NAMESPACE}
    for tag, attributes in Tags(page).tags:
        assert not {"src", "data", "action"} & set(attributes), tag
        assert attributes.get("href", "#").startswith("#")
    assert "default-src 'none'" in page


@pytest.mark.parametrize("name", MADE)
def test_the_same_document_gives_the_same_text(name):
    assert render_html(example(name), context=CONTEXT) == render_html(example(name), context=CONTEXT)


def test_a_site_serves_leaflet_itself():
    page = render_html(example("pass"), leaflet="/static/leaflet/")
    assert '<script src="/static/leaflet/leaflet.js"></script>' in page
    assert '<link rel="stylesheet" href="/static/leaflet/leaflet.css">' in page
    assert "http" not in page.replace("http-equiv", "")
    assert len(page) < 40_000
    for name in ("leaflet.js", "leaflet.css", "images/layers.png"):
        assert (leaflet_folder() / name).is_file()


def test_leaflet_keeps_its_copyright_notice():
    assert "Vladimir Agafonkin" in leaflet_tags("inline")


def attacked():
    hit = result(ATTACK, ATTACK, outcome="fail", parts=[part(square(10))], message=ATTACK, basis=ATTACK)
    made = document(results=[hit], verdict="fail", notes=[ATTACK])
    made["boundary"]["file"]["name"] = ATTACK
    made["project"][ATTACK] = ATTACK
    return made, [ContextLayer(code=ATTACK, title=ATTACK, geometry=lonlat(RIVER))]


def test_names_from_files_never_become_elements():
    made, context = attacked()
    plain = Tags(render_html(example("consult"), context=CONTEXT))
    read = Tags(render_html(made, context=context))
    count = [sum(tag == "script" for tag, _ in page.tags) for page in (plain, read)]
    assert count[0] == count[1]
    assert not any(tag == "img" or "onerror" in attributes for tag, attributes in read.tags)
    assert not any("alert(1)" in script and ATTACK in script for script in read.scripts)


def test_names_reach_the_control_of_layers_escaped_twice_over():
    """The control takes HTML out of a JavaScript string: first escaped as HTML, then as JSON in a script."""
    made, context = attacked()
    script = Tags(render_map(made, context=context)).scripts[-1]
    names = [json.loads(f'"{name}"') for name in re.findall(r'^"((?:[^"\\]|\\.)*)" : geo_json_', script, re.MULTILINE)]
    assert len(names) == 3
    assert not any("<" in name for name in names)


def features_of(fragment: str) -> list[dict]:
    script = Tags(fragment).scripts[-1]
    collections = re.findall(r"_add\((\{.*\})\);$", script, re.MULTILINE)
    return [feature for text in collections for feature in json.loads(text)["features"]]


def test_the_map_shows_the_red_line_every_part_and_the_context():
    features = features_of(render_map(example("fail"), context=CONTEXT))
    titles = [feature["properties"]["tip"][0] for feature in features]
    assert titles[:2] == ["河道管理范围（HDGLFW）"] * 2  # the tint, then the lines
    assert titles[-1] == "用地红线"
    assert {title[0] for title in titles[2:-1]} == set("12345")


def test_where_the_picture_of_a_layer_was_cut_no_line_is_drawn():
    """A farmland that covers everything has no edge near the red line, so none may be seen."""
    document = example("fail")
    everywhere = ContextLayer(code="YJJBNT", title="永久基本农田", geometry=box(114.0, 35.0, 116.0, 37.0))
    tint, *rest = features_of(render_map(document, context=[everywhere]))
    assert tint["properties"]["style"]["stroke"] is False
    assert not any(feature["properties"]["tip"] == tint["properties"]["tip"] for feature in rest)


def test_layers_of_the_same_name_are_all_kept():
    twice = [ContextLayer(code=f"L{number}", title="同名", geometry=lonlat(RIVER)) for number in range(2)]
    script = Tags(render_map(example("pass"), context=twice)).scripts[-1]
    assert len(re.findall(r'^".*" : geo_json_\w+,$', script, re.MULTILINE)) == 3


def test_a_layer_of_the_whole_city_is_cut_to_the_surroundings():
    city = lonlat(box(EASTING - 50_000, NORTHING - 50_000, EASTING + 50_000, NORTHING + 50_000))
    (feature, _) = features_of(
        render_map(document(square(100)), context=[ContextLayer(code="A", title="甲", geometry=city)])
    )
    longitudes = [point[0] for point in feature["geometry"]["geometries"][0]["coordinates"][0]]
    assert max(longitudes) - min(longitudes) < 0.05


def test_two_maps_of_one_page_have_different_names_and_can_share_leaflet():
    first = render_map(example("fail"))
    second = render_map(example("pass"), leaflet=None)
    names = [re.search(r'id="(map_\w+)"', fragment)[1] for fragment in (first, second)]
    assert names[0] != names[1]
    assert "Agafonkin" not in second


def test_a_map_without_context_and_without_findings_is_the_red_line():
    assert len(features_of(render_map(document()))) == 1
