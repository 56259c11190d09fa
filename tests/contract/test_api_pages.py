"""What the forms of the site accept, refuse and answer, asked without a browser."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
import sqlalchemy

from geo_review.rules.load import DEFAULT_RULEBOOK, packaged_rulebook
from geo_review.settings import legal_today
from geo_review.store.connect import make_sessions
from geo_review.store.tables import control_layer_version
from tests.builders import square
from tests.contract.page_forms import follow, offered, press
from tests.postgis.stored import CODE, geojson, seed_layer
from tests.unit.boundary.test_kml import kml, placemark, polygon

PAGE = f"/projects/{CODE}"


def send(site: httpx.Client, path: str, content: bytes | None = None, **fields: str) -> httpx.Response:
    given = {"code": CODE, "name": "样例厂房", "flow": "undecided", **fields}
    return site.post(path, data=given, files={"file": ("红线.geojson", content or geojson(square()))})


def submit(site: httpx.Client, content: bytes | None = None, **fields: str) -> httpx.Response:
    """Upload a red line and confirm what was understood of it; return the last answer."""
    return press(site, follow(site, send(site, "/import", content, **fields)), "confirm")


def seed_every_layer(engine: sqlalchemy.Engine) -> None:
    with make_sessions(engine).begin() as session:
        for code in packaged_rulebook(DEFAULT_RULEBOOK).layer_codes:
            seed_layer(session, square(5000), code=code, valid_from=legal_today() - timedelta(days=9))


@pytest.mark.parametrize(
    ("flow", "says"),
    [
        ("", "没有选择审批流程类型"),
        ("indutsrial", "“indutsrial”不是本市的审批流程类型"),
        ("工业类", "“工业类”不是本市的审批流程类型"),  # its slug is sent, never its title
    ],
)
def test_a_project_without_a_chosen_flow_is_refused(flow: str, says: str, api: httpx.Client) -> None:
    answer = send(api, "/import", flow=flow)
    assert answer.status_code == 400
    assert says in answer.text
    assert "确实未定" in answer.text
    assert api.get(PAGE).status_code == 404


def test_a_flow_chosen_later_is_stored_and_ends_what_was_open(api: httpx.Client, engine: sqlalchemy.Engine) -> None:
    seed_every_layer(engine)
    assert submit(api).status_code == 303
    undecided = api.get(PAGE).text
    assert "审批流程类型未定" in undecided
    assert "未完成检测" in undecided
    assert api.post(f"{PAGE}/flow", data={"flow": "industrial"}).status_code == 303
    decided = api.get(PAGE).text
    assert "审批流程类型未定" not in decided
    assert 'class="verdict is-incomplete"' not in decided
    stored = api.get(f"/api/v1{PAGE}").json()
    assert stored["flow"] == "industrial"
    assert [review["verdict"] == "incomplete" for review in stored["reviews"]] == [False, True]
    assert api.post(f"{PAGE}/flow", data={"flow": "undecided"}).status_code == 303
    assert api.get(f"/api/v1{PAGE}").json()["flow"] is None


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (f"{PAGE}/reviews", {"values": "RJL=1.8\nflow=industrial"}),
        (f"{PAGE}/reviews", {"values": "ＦＬＯＷ=工业类"}),  # full-width letters of a Chinese keyboard
        ("/check", {"values": "flow = industrial"}),
    ],
)
def test_a_flow_among_the_values_is_pointed_to_its_own_field(
    path: str, fields: dict[str, str], api: httpx.Client
) -> None:
    submit(api)
    answer = send(api, path, **fields)
    assert answer.status_code == 400
    assert "请用“审批流程类型”选择项目的类型" in answer.text


def test_a_flow_of_a_project_that_is_not_there_is_refused(api: httpx.Client) -> None:
    assert api.post("/projects/nowhere/flow", data={"flow": "industrial"}).status_code == 404


def test_a_real_red_line_judged_with_sample_layers_is_marked_everywhere(
    api: httpx.Client, engine: sqlalchemy.Engine
) -> None:
    seed_every_layer(engine)
    bar, notice = "本站的控制线图层为样例数据", "本次审查所用的控制线图层为样例数据"
    pages = ("/", PAGE, "/check", "/layers", "/api")
    submit(api, flow="industrial")
    assert not any("样例数据" in api.get(path).text for path in pages)
    with make_sessions(engine).begin() as session:
        session.execute(sqlalchemy.update(control_layer_version).values(source="样例数据，非真实控制线"))
    assert api.post(f"{PAGE}/reviews").status_code == 303
    assert all(bar in api.get(path).text for path in pages)
    shown = api.get(PAGE).text
    assert notice in shown
    assert '<span class="tag">样例数据</span>' in shown
    assert notice in send(api, "/check", flow="industrial").text
    review = api.get(f"/api/v1{PAGE}").json()["reviews"][0]["id"]
    assert api.get(f"/api/v1/reviews/{review}").json()["project"]["sample"] == "1"
    assert "【样例数据】" in api.get(f"/api/v1/reviews/{review}.html").text


@pytest.mark.parametrize(
    ("path", "leads_to"), [("/projects", "/"), (f"{PAGE}/", PAGE), ("/projects/%E7%94%B2/", "/projects/%E7%94%B2")]
)
def test_an_address_near_a_page_leads_to_it(path: str, leads_to: str, api: httpx.Client) -> None:
    answer = api.get(path)
    assert (answer.status_code, answer.headers["location"]) == (307, leads_to)


def test_a_filter_that_is_none_and_a_page_past_the_end_are_answered_with_what_there_is(api: httpx.Client) -> None:
    submit(api)
    assert "没有“foo”这种结论" in api.get("/?verdict=foo").text
    past = api.get("/?page=99").text
    assert "样例厂房" in past
    assert "没有符合条件的项目" not in past
    counted = api.get("/?q=nowhere").text
    assert '<b class="number">1</b>' not in counted, "the filters count what is searched for"


def test_the_red_line_in_force_sent_again_is_said_to_be_no_new_version(api: httpx.Client) -> None:
    submit(api, code="甲 1")
    where = "/projects/%E7%94%B2%201"
    assert "不是 24 位国家统一格式" in api.get(where).text
    again = submit(api, project="甲 1")
    assert again.status_code == 303
    assert "与现行第 1 版相同，未生成新版本" in api.get(again.headers["location"]).text
    other = submit(api, geojson(square(7)), project="甲 1")
    assert "未生成新版本" not in api.get(other.headers["location"]).text


@pytest.mark.parametrize(
    ("path", "fields", "says"),
    [
        ("/import", {}, "“红线文件”：没有收到文件"),
        ("/check", {"values": "RJL"}, "“规划指标”：应为 “指标=数值”，收到 RJL"),
        ("/check", {"crs": "x"}, "“坐标系 EPSG”："),
        ("/check", {"as_of": "x"}, "“审查日期”："),
    ],
)
def test_a_refused_form_speaks_of_its_fields_as_it_shows_them(
    path: str, fields: dict[str, str], says: str, api: httpx.Client
) -> None:
    answer = api.post(path, data={"code": CODE, "name": "a", "flow": "industrial", **fields})
    refusal = answer.text.partition('class="refusal"')[2].partition("</section>")[0]
    assert says in refusal
    assert not [word for word in ("--", "multipart", "KEY=VALUE") if word in refusal]


def test_a_quick_check_of_several_layers_offers_each_of_them(api: httpx.Client) -> None:
    folders = "".join(f"<Folder><name>{name}</name>{placemark(polygon())}</Folder>" for name in ("东", "西"))
    file = {"file": ("红线.kml", kml(folders).content)}
    refused = api.post("/check", files=file)
    assert refused.status_code == 422
    assert offered(refused, "check", "layer") == ["东", "西"]
    assert "请在下面选择取哪一个" in refused.text
    assert 'aria-label="审查结论"' in api.post("/check", data={"layer": "西"}, files=file).text
