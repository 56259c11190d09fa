"""Names from files on a map are text: folium compiles its script as a template, and would compute them."""

from __future__ import annotations

import json

import pytest

from geo_review.report.map_features import MapLayer
from geo_review.report.map_page import draw_map


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("地块{{ 7 * 191 }}", id="an expression"),
        pytest.param("地块{% for a in [1337] %}{{ a }}{% endfor %}", id="a statement"),
        pytest.param("地块{# 1337", id="a comment without an end"),
        pytest.param("地块{{{{{{", id="braces that are no expression"),
        pytest.param("{地块}", id="a brace alone"),
    ],
)
def test_name_on_a_map_is_text_whatever_braces_it_holds(name: str) -> None:
    point = {"type": "Point", "coordinates": [115.0, 35.7]}
    feature = {"type": "Feature", "geometry": point, "properties": {"tip": [name], "sign": name, "severity": "info"}}
    layer = MapLayer(name=name, features=(feature,), swatch="red_line", colour="#000000")
    page = draw_map([layer], (115.0, 35.7, 115.1, 35.8), "a", "", leaflet=None, height="1px")
    as_text = json.dumps(name)[1:-1].replace("{", "\\u007b")
    assert page.count(as_text) >= 3  # tip, sign, the control of layers
    assert "1337" not in page.replace(as_text, "")
