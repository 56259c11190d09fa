"""The import page asked without a browser: told first, settled where it is open, stored once when it is confirmed."""

from __future__ import annotations

import io
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
import sqlalchemy
from sqlalchemy import func, select

from api.uploads import MOST_UPLOAD_BYTES
from geo_review.boundary.asked import NOTHING_ASKED, Asked
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.understood import Understanding
from geo_review.city import City
from geo_review.errors import ParserUnavailable
from geo_review.report.understanding_document import understanding_digest, understanding_document
from geo_review.rules.load import DEFAULT_RULEBOOK, packaged_rulebook
from geo_review.sandbox.pool import ParserPool
from geo_review.settings import legal_today, moment_now
from geo_review.store.connect import make_sessions
from geo_review.store.pending_uploads import KEPT, ImportTarget, keep_upload
from geo_review.store.tables import METADATA, pending_upload
from geo_review.wording import say
from tests.builders import EAST, NORTH, square
from tests.contract.conftest import running, site_on
from tests.contract.page_forms import follow, links_of, offered, press, sent, steps_of, token_of, words_of
from tests.postgis.stored import CODE, geojson, red_line_file, seed_layer, submit
from tests.unit.report.understood_files import bow_tie, seen_of, survey_text, two_members

PAGE = f"/projects/{CODE}"
TWO_PARCELS = survey_text((0, 0), (300, 0))
NO_ZONE = survey_text(zone="")
ELSEWHERE = geojson(square(), epsg=4548)  # what was drawn in 4547
REPEATED = (
    survey_text()
    .decode("gb18030")
    .replace("J3,1,", f"J9,1,{NORTH:.3f},38{EAST + 100:.3f}\r\nJ9,1,{NORTH:.3f},38{EAST + 100:.3f}\r\nJ3,1,")
    .encode("gb18030")
)


def send(
    site: httpx.Client, content: bytes = TWO_PARCELS, file_name: str = "红线.txt", /, **fields: str
) -> httpx.Response:
    given = {"code": CODE, "name": "样例厂房", "flow": "industrial", **fields}
    return site.post("/import", data=given, files={"file": (file_name, content)})


def shown(
    site: httpx.Client, content: bytes = TWO_PARCELS, file_name: str = "红线.txt", /, **fields: str
) -> httpx.Response:
    """The page of a file that was just sent."""
    page = follow(site, send(site, content, file_name, **fields))
    assert page.status_code == 200
    return page


def told(page: httpx.Response) -> dict[str, tuple[str, str, str]]:
    """Each fact of the page: its state, what was understood, why."""
    rows = words_of(page, "//table[contains(@class, 'understanding')]//tbody//tr/*")
    return {rows[at + 1]: (rows[at], rows[at + 2], rows[at + 3]) for at in range(0, len(rows), 4)}


def stored(engine: sqlalchemy.Engine) -> dict[str, int]:
    """How many rows there are in the tables that have any, but for the files that wait."""
    with engine.connect() as connection:
        counted = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in METADATA.tables.values()
            if table is not pending_upload
        }
    return {name: count for name, count in counted.items() if count}


def reviews_of(site: httpx.Client) -> int:
    return len(site.get(f"/api/v1{PAGE}").json()["reviews"])


def test_a_file_is_told_then_confirmed_once_and_kept_byte_for_byte(
    api: httpx.Client, engine: sqlalchemy.Engine
) -> None:
    with make_sessions(engine).begin() as session:
        for code in packaged_rulebook(DEFAULT_RULEBOOK).layer_codes:
            seed_layer(session, square(5000), code=code, valid_from=legal_today() - timedelta(days=9))
    before = stored(engine)
    page = shown(api)
    assert re.fullmatch(r"/import/[\w-]{43}", page.url.path, re.ASCII)
    facts = told(page)
    assert facts["文件格式"][1:] == ("界址点成果 TXT", facts["文件格式"][2])
    assert "带号 38" in facts["坐标系"][2]
    assert "先北后东" in facts["坐标次序"][1]
    assert all(why for _, _, why in facts.values()), "no fact without a reason"
    assert "已读懂" in words_of(page, "//section[contains(@class, 'verdict')]")[0]
    assert api.get(f"{page.url.path}/file").content == TWO_PARCELS
    assert stored(engine) == before
    assert api.get(PAGE).status_code == 404
    confirmed = press(api, page, "confirm")
    assert (confirmed.status_code, confirmed.headers["location"]) == (303, PAGE)
    assert "样例厂房" in api.get(PAGE).text
    assert 'class="verdict' in api.get(PAGE).text
    assert api.get(f"/api/v1{PAGE}/boundaries/1/file").content == TWO_PARCELS
    after = stored(engine)
    assert reviews_of(api) == 1
    for again in (press(api, page, "confirm"), press(api, page, "asked"), press(api, page, "drop")):
        assert (again.status_code, again.headers["location"]) == (303, PAGE)
    for address in (page.url.path, f"{page.url.path}/file"):
        assert api.get(address).headers["location"] == PAGE
    assert stored(engine) == after


def test_two_presses_at_once_store_once_and_lead_to_the_same(api: httpx.Client, engine: sqlalchemy.Engine) -> None:
    with make_sessions(engine).begin() as session:
        submit(session)
    page = shown(api, geojson(square(7)), "a.geojson", project=CODE)
    with ThreadPoolExecutor(2) as threads:
        pressed = [threads.submit(press, api, page, "confirm") for _ in range(2)]
    assert [one.result().headers["location"] for one in pressed] == [PAGE, PAGE]
    assert (stored(engine)["boundary_version"], stored(engine)["review"]) == (2, 1)


# why, the file, its name, what the refusal says, the fields that settle it
REFUSED: list[tuple[str, bytes, str, str, dict[str, list[str]]]] = [
    ("edges cross", bow_tie(), "a.geojson", "1 处错误", {}),
    ("no red line", b"\0\1\2", "a.bin", "不认识", {}),
    ("no file of its kind", b"%PDF-1.7", "红线.pdf", "PDF", {}),
    ("no zone", NO_ZONE, "a.txt", "EPSG:4547 或 EPSG:4548", {"crs": ["4547", "4548"]}),
    ("another zone, and no other is possible", survey_text(zone="39"), "a.txt", "远离濮阳市", {}),
    ("a zone that is contradicted", ELSEWHERE, "a.geojson", "远离濮阳市", {"crs": ["4547", "4548"]}),
    ("two members", two_members(), "a.zip", "多个红线文件", {"layer": ["东.geojson", "西.geojson"]}),
    ("a point twice", REPEATED, "a.txt", "错误", {"accept": ["repeated_point"]}),
]


@pytest.mark.parametrize(("why", "content", "name", "says", "offers"), REFUSED, ids=[row[0] for row in REFUSED])
def test_a_refused_file_is_explained_settled_if_it_can_be_and_never_confirmed(
    why: str,
    content: bytes,
    name: str,
    says: str,
    offers: dict[str, list[str]],
    shared_api: httpx.Client,
    shared_engine: sqlalchemy.Engine,
) -> None:
    page = shown(shared_api, content, name)
    (banner,) = words_of(page, "//section[contains(@class, 'verdict')]")
    assert says in banner, why
    assert ("还需要您说明" if offers else "不能入库") in banner, why
    assert "confirm" not in steps_of(page), why
    for field, values in offers.items():
        assert offered(page, "asked", field) == values, why
    document = understanding_document(seen_of(content, name))
    for understood, status in (("", 409), ("0" * 64, 409), (understanding_digest(document), 422)):
        forged = shared_api.post(f"{page.url.path}/confirm", data={"understood": understood})
        assert forged.status_code == status, why
        assert "没有入库" in forged.text, why
    assert stored(shared_engine) == {}, why
    assert shared_api.get(page.url.path).text == page.text, "it waits as before"


# why, the file, its name, what is chosen, the fact that then says it
SETTLED: list[tuple[str, bytes, str, dict[str, list[str]], str, str]] = [
    ("the zone", NO_ZONE, "a.txt", {"crs": ["4547"]}, "坐标系", "EPSG:4547"),
    ("the layer", two_members(), "a.zip", {"layer": ["西.geojson"]}, "图层或成员", "西.geojson"),
    ("what is stood by", REPEATED, "a.txt", {"accept": ["repeated_point"]}, "重复点", ""),
    ("one parcel", TWO_PARCELS, "a.txt", {"parcel": ["2"]}, "地块与圈", "1 个"),
    ("the system that it was drawn in", ELSEWHERE, "a.geojson", {"crs": ["4547"]}, "坐标系", "EPSG:4547"),
    ("another system", geojson(square(), epsg=4547), "a.geojson", {"crs": ["4548"]}, "坐标系", "EPSG:4548"),
]


@pytest.mark.parametrize(
    ("why", "content", "name", "chosen", "label", "says"), SETTLED, ids=[row[0] for row in SETTLED]
)
def test_what_is_said_of_a_file_leads_on_and_is_stored_with_it(
    why: str, content: bytes, name: str, chosen: dict[str, list[str]], label: str, says: str, api: httpx.Client
) -> None:
    page = shown(api, content, name)
    page = follow(api, press(api, page, "asked", **chosen))
    assert says in told(page)[label][1], why
    if "another" in why:  # it lies elsewhere: settled the other way round again
        page = follow(api, press(api, page, "asked", crs=["4547"]))
    answered = press(api, page, "confirm")
    assert (answered.status_code, answered.headers["location"]) == (303, PAGE), why
    boundary = api.get(f"/api/v1{PAGE}/boundaries/1").json()["boundary"]
    assert boundary["file"]["name"] == name, why
    assert api.get(f"/api/v1{PAGE}/boundaries/1/file").content == content, why
    if "parcel" in chosen:
        assert boundary["parcels"] == 1
        assert boundary["area_planar_m2"] == pytest.approx(10_000.0, abs=0.1)


def test_the_systems_are_told_by_the_place_where_the_land_would_lie(shared_api: httpx.Client) -> None:
    page = shown(shared_api, NO_ZONE)
    inside, outside = words_of(page, "//form[@id='settle']//label[.//input[@name='crs']]")
    assert "在本市范围内" in inside
    assert re.search(r"在市域以外约 1\d\d 公里", outside)
    assert "EPSG:4548" in outside
    assert words_of(page, "//*[name()='svg']//*[contains(@class, 'spot')]") != []
    assert "坐标系判明以前" in page.text, "there is no map yet"


def test_parcels_of_another_layer_are_not_chosen_by_the_numbers_of_this_one(shared_api: httpx.Client) -> None:
    packed = _zip({"甲.txt": TWO_PARCELS, "乙.txt": survey_text()})
    page = follow(shared_api, press(shared_api, shown(shared_api, packed, "a.zip"), "asked", layer=["甲.txt"]))
    page = follow(shared_api, press(shared_api, page, "asked", parcel=["2"]))
    assert sent(page, "asked")["parcel"] == ["2"]
    page = follow(shared_api, press(shared_api, page, "asked", layer=[""]))
    page = follow(shared_api, press(shared_api, page, "asked", layer=["乙.txt"]))
    assert told(page)["图层或成员"][1] == "乙.txt"
    assert "confirm" in steps_of(page), "the only parcel is taken"


@pytest.mark.parametrize(
    ("why", "chosen", "status", "says"),
    [
        ("no parcel at all", {"parcel": [], "parcels": ["2"]}, 400, "没有勾选任何地块"),
        ("a system that is none", {"crs": ["CGCS2000"]}, 400, "CGCS2000"),
        ("a parcel that is no number", {"parcel": ["first"]}, 422, "first"),
    ],
)
def test_what_cannot_be_said_of_a_file_is_refused_beside_it(
    why: str, chosen: dict[str, list[str]], status: int, says: str, shared_api: httpx.Client
) -> None:
    page = shown(shared_api)
    answer = shared_api.post(f"{page.url.path}/asked", data=chosen)
    assert answer.status_code == status, why
    assert says in words_of(answer, "//*[@role='alert'] | //section[@class='failure']")[0], why
    assert shared_api.get(page.url.path).text == page.text, "nothing of it is kept"


@pytest.mark.parametrize(
    ("why", "content", "first", "then", "says"),
    [
        ("another zone", NO_ZONE, {"crs": ["4547"]}, {"crs": ["4548"]}, r"坐标系：刚才为“.*4547.*”，现在为“.*4548.*”"),
        ("one parcel less", TWO_PARCELS, {"parcel": ["1", "2"]}, {"parcel": ["1"]}, "刚才为“2 个.*”，现在为“1 个.*”"),
        ("the same in other words", TWO_PARCELS, {"crs": [""]}, {"crs": ["4526"]}, "所作的说明改过"),
    ],
)
def test_what_was_changed_since_it_was_shown_is_told_and_not_stored(
    why: str,
    content: bytes,
    first: dict[str, list[str]],
    then: dict[str, list[str]],
    says: str,
    shared_api: httpx.Client,
    shared_engine: sqlalchemy.Engine,
) -> None:
    start = shown(shared_api, content)
    seen = follow(shared_api, press(shared_api, start, "asked", **first))
    assert "confirm" in steps_of(seen), why
    shared_api.post(f"{start.url.path}/asked", data={**sent(start, "asked"), **then})  # in another tab
    answer = press(shared_api, seen, "confirm")
    assert answer.status_code == 409, why
    assert answer.headers["cache-control"] == "no-store"
    assert re.search(says, words_of(answer, "//*[@role='alert']")[0]), why
    assert stored(shared_engine) == {}, why


def test_a_confirmation_of_what_was_never_shown_is_not_one(
    shared_api: httpx.Client, shared_engine: sqlalchemy.Engine
) -> None:
    page = shown(shared_api)
    (understood,) = sent(page, "confirm")["understood"]
    for forged in ({}, {"understood": "x"}, {"understood": understood[:-1]}, {"understood": "", "crs": "4526"}):
        answer = shared_api.post(f"{page.url.path}/confirm", data=forged)
        assert answer.status_code == 409
        assert "请重新核对后确认" in words_of(answer, "//*[@role='alert']")[0]
    assert stored(shared_engine) == {}


def test_the_next_version_of_a_project_is_told_beside_the_one_in_force(
    api: httpx.Client, engine: sqlalchemy.Engine
) -> None:
    with make_sessions(engine).begin() as session:
        submit(session, name="甲厂")
        submit(session, "B", square(130), name="乙厂")
    form = api.get(f"/import?project={CODE}")
    assert "甲厂" in form.text
    assert sent(form, "import")["project"] == [CODE]
    assert "code" not in sent(form, "import")
    content = geojson(square(7))
    page = shown(api, content, "a.geojson", project=CODE)
    assert "新一版红线" in page.text
    for other in ("乙厂", "这一项目现行的红线"):
        assert other in page.text or say("understanding.map_current") in page.text
    assert press(api, page, "confirm").headers["location"] == PAGE
    assert api.get(f"/api/v1{PAGE}/boundaries/2/file").content == content
    same = press(api, shown(api, content, "a.geojson", project=CODE), "confirm")
    assert "与现行第 2 版相同，未生成新版本" in api.get(same.headers["location"]).text


@pytest.mark.parametrize(
    ("why", "fields", "status", "says"),
    [
        ("no name", {"name": " "}, 400, "名称"),
        ("no code", {"code": ""}, 400, "项目代码"),
        ("a code that is a path", {"code": "a/b"}, 400, "项目代码"),
        ("no flow", {"flow": ""}, 400, "没有选择审批流程类型"),
        ("a flow that is none", {"flow": "工业类"}, 400, "工业类"),
        ("a next version of no project", {"project": "nowhere"}, 404, "nowhere"),
        ("a next version of a path", {"project": "../x"}, 400, "不允许的字符"),
    ],
)
def test_what_could_not_be_stored_is_refused_before_it_is_shown(
    why: str, fields: dict[str, str], status: int, says: str, shared_api: httpx.Client, shared_engine: sqlalchemy.Engine
) -> None:
    before = waiting(shared_engine)
    answer = send(shared_api, **fields)
    assert answer.status_code == status, why
    assert says in words_of(answer, "//*[@role='alert'] | //section[@class='failure']")[0], why
    assert waiting(shared_engine) == before, why


def test_a_refused_form_keeps_what_was_filled_in(shared_api: httpx.Client) -> None:
    for files in ({}, {"file": ("", b"")}, {"file": ("a.txt", b"")}):
        given = {"code": CODE, "name": "甲 & 乙", "flow": "industrial"}
        answer = shared_api.post("/import", data=given, files=files or {"unused": ("", b"")})
        assert answer.status_code == 422
        assert "红线文件" in words_of(answer, "//*[@role='alert']")[0]
        kept = {name: values[0] for name, values in sent(answer, "import").items() if name != "file"}
        assert kept == given


def test_a_file_above_the_limit_is_refused_beside_the_form(
    shared_api: httpx.Client, shared_engine: sqlalchemy.Engine
) -> None:
    before = waiting(shared_engine)
    answer = send(shared_api, b"0" * (MOST_UPLOAD_BYTES + 1))
    assert answer.status_code == 413
    assert "64 MiB" in words_of(answer, "//*[@role='alert']")[0]
    assert waiting(shared_engine) == before


@pytest.mark.parametrize("code", [CODE, "甲 & 乙+1"])
def test_a_code_that_is_taken_leads_to_the_next_version_of_its_project(
    code: str, api: httpx.Client, engine: sqlalchemy.Engine
) -> None:
    first, second = shown(api, code=code), shown(api, geojson(square(7)), "a.geojson", code=code)
    assert press(api, first, "confirm").status_code == 303
    rows = stored(engine)
    for refused in (press(api, second, "confirm"), send(api, code=code)):
        assert refused.status_code == 409
        assert code in words_of(refused, "//*[@role='alert']")[0]
        (address,) = links_of(refused, "//*[@role='alert']//a")
        form = api.get(address)
        assert sent(form, "import")["project"] == [code]
    assert stored(engine) == rows
    assert api.get(second.url.path).status_code == 200, "the file waits as before"


def test_a_token_that_is_expired_dropped_or_never_was_is_told_in_chinese(
    api: httpx.Client, engine: sqlalchemy.Engine
) -> None:
    target = ImportTarget(code=CODE, name="甲")
    with make_sessions(engine).begin() as session:
        expired = keep_upload(session, red_line_file(), target, now=moment_now() - KEPT - timedelta(seconds=1))
    dropped = shown(api)
    (told_so,) = words_of(follow(api, press(api, dropped, "drop")), "//*[@role='status']")
    assert "没有存入任何内容" in told_so
    for token in (expired, token_of(dropped), "A" * 43, "short", "%00", "..%2f"):
        asked = [api.get(f"/import/{token}"), api.get(f"/import/{token}/file")]
        asked += [api.post(f"/import/{token}/{step}") for step in ("asked", "confirm")]
        for answer in asked:
            assert answer.status_code == 404, token
            assert answer.headers["content-type"].startswith("text/html"), token
    for token in (expired, token_of(dropped), "A" * 43):
        assert "请重新选择红线文件上传" in api.get(f"/import/{token}").text
    assert stored(engine) == {}


def test_nothing_of_a_file_that_waits_is_kept_by_anybody_on_the_way(shared_api: httpx.Client) -> None:
    page = shown(shared_api)
    for address in (page.url.path, f"{page.url.path}/file"):
        answer = shared_api.get(address)
        assert answer.headers["cache-control"] == "no-store", address
        assert answer.headers["referrer-policy"] in ("no-referrer", "same-origin"), address
    assert shared_api.get(f"{page.url.path}/file").headers["content-disposition"].startswith("attachment")
    assert shared_api.get(f"{page.url.path}/file").headers["x-content-type-options"] == "nosniff"


def waiting(engine: sqlalchemy.Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(pending_upload)).scalar_one()


def _zip(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


class _Gone(ParserPool):
    """A parser whose process cannot be started."""

    def start(self) -> None:
        """Begin nothing."""

    def understand(self, file: ReceivedFile, *, city: City, asked: Asked = NOTHING_ASKED) -> Understanding:
        raise ParserUnavailable(
            code="parser_unavailable",
            message=say("sandbox.parser_unavailable"),
            remedy=say("sandbox.parser_unavailable_remedy"),
        )


SCRIPT = "</script><script>alert(1)</script>"
IMAGE = "<img src=x onerror=alert(1)>"


def test_what_strangers_write_is_text_on_the_page(api: httpx.Client, engine: sqlalchemy.Engine) -> None:
    with make_sessions(engine).begin() as session:
        submit(session, "N", square(130), name=f"邻{SCRIPT}")
    content = survey_text().decode("gb18030").replace("地块1", f"甲{SCRIPT}{IMAGE}‮").encode("gb18030")
    name = f"红{IMAGE}'\".txt"
    pages = [
        shown(api, content, name, code=f"P{IMAGE.replace('/', '')}", name=f"厂{SCRIPT}{IMAGE}"),
        shown(api, _zip({f"{IMAGE}.txt": content, "b.txt": content}), "a.zip"),
        shown(api, geojson(square(), properties=[{"名称": SCRIPT, "ZDDM": IMAGE}]), f"{SCRIPT}.geojson"),
    ]
    pages.append(follow(api, press(api, pages[1], "asked", layer=[f"{IMAGE}.txt"])))
    for page in pages:
        assert IMAGE not in page.text
        assert "<script>alert" not in page.text
        assert "‮" not in page.text
        scripts = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
        assert len(scripts) <= 1, "the map's own"
        assert "'unsafe-inline'" not in page.headers["content-security-policy"].partition("style-src")[0]
    assert "&lt;img src=x" in pages[0].text
    assert "map_" in pages[0].text


def test_a_parser_that_cannot_be_had_is_told_and_the_file_waits(api: httpx.Client, engine: sqlalchemy.Engine) -> None:
    page = shown(api)
    app = site_on(engine)
    app.state.deployment = replace(app.state.deployment, parser=_Gone())
    with running(app) as without:
        waits = send(without)
        assert waits.status_code == 303
        forms = sent(page, "confirm")
        for answer in (
            without.get(waits.headers["location"]),
            without.get(page.url.path),
            without.post(f"{page.url.path}/confirm", data=forms),
        ):
            assert answer.status_code == 503
            assert say("sandbox.parser_unavailable_remedy") in words_of(answer, "//section[@class='failure']")[0]
    assert stored(engine) == {}
    assert press(api, page, "confirm").status_code == 303


def test_a_forms_of_another_site_is_refused(shared_api: httpx.Client, shared_engine: sqlalchemy.Engine) -> None:
    page = shown(shared_api)
    for step in ("confirm", "asked", "drop"):
        answer = shared_api.post(
            f"{page.url.path}/{step}", data=sent(page, "confirm"), headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.status_code == 403
    assert shared_api.get(page.url.path).status_code == 200
    assert stored(shared_engine) == {}
