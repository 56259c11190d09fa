"""Signs of maps with shifted coordinates: which are taken for one, and the shift they would mean here."""

from __future__ import annotations

import numpy as np
import pytest

from geo_review.boundary.map_offset import map_offset_issue, shift_m
from geo_review.boundary.model import Severity

PUYANG = np.array([[115.02, 35.76], [115.03, 35.76], [115.03, 35.77]])


@pytest.mark.parametrize(
    ("text", "sign", "system"),
    [
        pytest.param("<description>坐标系：GCJ-02</description>", "GCJ-02", "GCJ-02", id="said outright"),
        pytest.param("<name>gcj02</name>", "gcj02", "GCJ-02", id="without a hyphen"),
        pytest.param("<!-- 火星坐标 -->", "火星坐标", "GCJ-02", id="in a comment"),
        pytest.param("<name>高德地图导出</name>", "高德", "GCJ-02", id="the company"),
        pytest.param("<href>http://webapi.amap.com/images/m.png</href>", "amap", "GCJ-02", id="an icon of its map"),
        pytest.param("<name>谷歌中国影像</name>", "谷歌中国", "GCJ-02", id="its map of China"),
        pytest.param("<href>http://map.qq.com/m.png</href>", "map.qq.com", "GCJ-02", id="another company"),
        pytest.param("<name>BIGEMAP 火星坐标</name>", "BIGEMAP、火星坐标", "GCJ-02", id="a tool that says so"),
        pytest.param("<name>奥维 GCJ02</name>", "奥维、GCJ02", "GCJ-02", id="another tool that says so"),
        pytest.param("<name>百度地图</name>", "百度", "BD-09", id="a map shifted twice"),
        pytest.param("<name>bd09ll</name>", "bd09", "BD-09", id="its system"),
    ],
)
def test_sign_of_a_shifted_map_is_named_with_its_shift(text: str, sign: str, system: str) -> None:
    issue = map_offset_issue(text, PUYANG)
    assert (issue.code, issue.severity) == ("gcj02_suspected", Severity.WARNING)
    assert (issue.values["sign"], issue.values["system"]) == (sign, system)
    assert issue.values["shift"] == ("偏东约 530 米" if system == "GCJ-02" else "偏东北约 1290 米")
    assert f"“{sign}”" in issue.message


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<kml xmlns='http://earth.google.com/kml/2.1'><name>红线</name></kml>", id="Google Earth"),
        pytest.param("<name>奥维互动地图</name>", id="a tool of many maps, without a word of which"),
        pytest.param("<name>BIGEMAP</name>", id="another"),
        pytest.param("<name>见百度网盘</name>", id="a place for files"),
        pytest.param("<name>roadamapx</name>", id="letters within a word"),
        pytest.param("<coordinates>115.0209,35.7609,0 " * 100, id="digits that end in 09"),
    ],
)
def test_without_a_sign_only_what_every_drawing_is(text: str) -> None:
    issue = map_offset_issue(text, PUYANG)
    assert (issue.code, issue.severity) == ("kml_precision", Severity.INFO)
    assert issue.message


def test_shift_agrees_with_published_values() -> None:
    # coordtransform (github.com/wandergis/coordtransform): 116.404, 39.915 becomes 116.41024449916938,
    # 39.91640428150164 in GCJ-02: 533.5 m east and 155.9 m north.
    assert shift_m(116.404, 39.915) == pytest.approx((533.5, 155.9), abs=2.0)
    # The same source, from GCJ-02 to BD-09: 0.00637 degrees east and 0.00633 north, some 540 m and 700 m.
    east_m, north_m = np.subtract(shift_m(116.404, 39.915, baidu=True), shift_m(116.404, 39.915))
    assert (east_m, north_m) == pytest.approx((543.0, 703.0), abs=15.0)


@pytest.mark.parametrize(
    "lonlat",
    [
        pytest.param(PUYANG * 10_000.0, id="metres"),
        pytest.param(np.array([[115.0, np.nan]]), id="no number"),
        pytest.param(np.empty((0, 2)), id="no point"),
    ],
)
def test_where_the_shift_cannot_be_told_it_is_not_computed(lonlat: np.ndarray) -> None:
    assert "数百米" in map_offset_issue("gcj02", lonlat).message
