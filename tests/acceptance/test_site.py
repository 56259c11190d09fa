"""The site as an officer uses it, in a real browser that may speak to nobody but us."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy
from playwright.sync_api import Browser, Page, expect, sync_playwright

from shapely.geometry import Polygon

from api.serving import listen, serving
from geo_review import first_run
from geo_review.rules.load import DEFAULT_RULEBOOK, packaged_rulebook
from geo_review.settings import legal_today
from geo_review.store.connect import make_sessions
from tests.builders import EAST, NORTH, square
from tests.contract.conftest import site_on
from tests.postgis.stored import CODE, geojson, seed_layer, submit

CHROMIUM_WORDS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NARROW, WIDE = {"width": 400, "height": 800}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = [path for name in first_run.BROWSERS if (path := Path("/usr/bin") / name).exists()]
    assert found, "make test installs chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found[0], args=CHROMIUM_WORDS)
        yield browser
        browser.close()


@pytest.fixture
def site(engine: sqlalchemy.Engine) -> Iterator[str]:
    """A site whose farmland takes a corner of the square that everybody submits."""
    with make_sessions(engine).begin() as session:
        for code in packaged_rulebook(DEFAULT_RULEBOOK).layer_codes:
            near = {"YJJBNT": square(90, 90), "CZKFBJ": square(-500, -500, 2000)}
            seed_layer(session, near.get(code, square(5000)), code=code, valid_from=legal_today() - timedelta(days=9))
    with serving(site_on(engine), listen("127.0.0.1", 0)) as address:
        yield address


@contextmanager
def officer(browser: Browser, site: str, *, view: dict[str, int] | None = None, scripts: bool = True) -> Iterator[Page]:
    """A page of a fresh profile; a word on the console or a request to anybody else fails the test."""
    amiss: list[str] = []
    context = browser.new_context(
        base_url=site, locale="zh-CN", viewport=view or WIDE, accept_downloads=True, java_script_enabled=scripts
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("console", lambda message: amiss.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: amiss.append(f"error: {error}"))
    # A request that became a download counts as aborted.
    page.on(
        "requestfailed",
        lambda request: request.failure == "net::ERR_ABORTED" or amiss.append(f"failed: {request.url}"),
    )
    page.on("request", lambda request: _is_ours(request.url, site) or amiss.append(f"abroad: {request.url}"))
    yield page
    context.close()
    # A form that was refused is answered 4xx, which the console reports as a failed load.
    assert not [word for word in amiss if "status of 4" not in word]


def _is_ours(url: str, site: str) -> bool:
    return urlsplit(url).netloc == urlsplit(site).netloc or url.startswith(("data:", "blob:"))


def red_line(folder: Path, *geometries: Polygon) -> Path:
    path = folder / "红线.geojson"
    path.write_bytes(geojson(*(geometries or (square(),))))
    return path


def fill(page: Page, file: Path, code: str = CODE) -> None:
    page.goto("/")
    page.get_by_label("项目代码", exact=True).fill(code)
    page.get_by_label("项目名称").fill("华龙区试验厂房")
    page.get_by_label("审批流程类型").select_option("industrial")
    page.get_by_label("红线文件").set_input_files(file)
    page.get_by_role("button", name="识别文件").click()


def width_of(page: Page) -> int:
    """The width of a page in pixels, once its style sheets and maps are there."""
    page.wait_for_load_state("networkidle")
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width


def confirm(page: Page) -> None:
    page.get_by_role("button", name="确认入库并审查").click()


def test_an_officer_submits_a_red_line_and_reads_the_verdict_on_a_map(
    browser: Browser, site: str, tmp_path: Path
) -> None:
    with officer(browser, site) as page:
        fill(page, red_line(tmp_path))
        confirm(page)
        expect(page).to_have_url(re.compile(f"/projects/{CODE}$"))
        expect(page.get_by_label("审查结论")).to_contain_text("不通过")
        expect(page.get_by_role("row", name=re.compile("不通过 永久基本农田"))).to_contain_text("100.00")
        expect(page.locator(".leaflet-container path.leaflet-interactive").first).to_be_visible()
        assert page.locator(".leaflet-container path.leaflet-interactive").count() >= 2
        with page.expect_download() as started:
            page.get_by_role("link", name="下载 PDF 报告").click()
        assert Path(started.value.path()).read_bytes().startswith(b"%PDF-")
        with page.expect_download() as started:
            page.get_by_role("link", name="下载原始文件").click()
        assert Path(started.value.path()).read_bytes() == (tmp_path / "红线.geojson").read_bytes()
        assert started.value.suggested_filename == "红线.geojson"
        page.get_by_role("link", name="项目", exact=True).first.click()
        row = page.get_by_role("row", name=re.compile("华龙区试验厂房"))
        expect(row).to_contain_text("✘")
        expect(row).to_contain_text("不通过")
        expect(row).to_contain_text("工业类")


def test_a_refused_red_line_is_explained_and_nothing_is_stored(browser: Browser, site: str, tmp_path: Path) -> None:
    bow_tie = Polygon([(EAST, NORTH), (EAST + 9, NORTH + 9), (EAST + 9, NORTH), (EAST, NORTH + 9)])
    with officer(browser, site) as page:
        fill(page, red_line(tmp_path, bow_tie))
        expect(page.get_by_label("核对识别结果")).to_contain_text("不能入库")
        expect(page.get_by_text("地块1 第1圈 点1")).to_be_visible()
        expect(page.get_by_text("没有存入任何内容")).to_be_visible()
        expect(page.get_by_role("button", name="确认入库并审查")).to_have_count(0)
        page.goto("/")
        expect(page.get_by_text("还没有项目")).to_be_visible()


def test_the_next_version_is_reviewed_and_the_earlier_review_stays(
    browser: Browser, site: str, engine: sqlalchemy.Engine, tmp_path: Path
) -> None:
    with make_sessions(engine).begin() as session:
        submit(session)
    with officer(browser, site) as page:
        page.goto(f"/projects/{CODE}")
        expect(page.get_by_text("最新一版红线还没有审查")).to_be_visible()
        expect(page.locator(".leaflet-container path").first).to_be_visible()
        page.get_by_role("button", name="开始审查").click()
        expect(page.get_by_label("审查结论")).to_contain_text("不通过")
        page.get_by_text("提交新一版红线").click()
        page.get_by_label("红线文件").set_input_files(red_line(tmp_path, square(-120)))
        page.get_by_role("button", name="识别文件").click()
        confirm(page)
        expect(page.get_by_role("heading", name="用地红线（第 2 版）")).to_be_visible()
        expect(page.get_by_label("审查结论")).not_to_contain_text("不通过")
        page.get_by_role("row", name=re.compile("不通过 1")).get_by_role("link").click()
        expect(page.get_by_text("不是最近一次")).to_be_visible()
        expect(page.get_by_label("审查结论")).to_contain_text("不通过")


def test_a_quick_check_stores_nothing(browser: Browser, site: str, tmp_path: Path) -> None:
    with officer(browser, site) as page:
        page.goto("/check")
        page.get_by_label("红线文件").set_input_files(red_line(tmp_path))
        page.get_by_role("button", name="审查", exact=True).click()
        expect(page.get_by_label("审查结论")).to_contain_text("不通过")
        expect(page.locator(".leaflet-container path").first).to_be_visible()
        page.goto("/")
        expect(page.get_by_text("还没有项目")).to_be_visible()


def test_everything_but_the_map_works_without_scripts(browser: Browser, site: str, tmp_path: Path) -> None:
    with officer(browser, site, scripts=False) as page:
        fill(page, red_line(tmp_path))
        confirm(page)
        expect(page.get_by_label("审查结论")).to_contain_text("不通过")
        page.goto("/?verdict=pass")
        expect(page.get_by_text("没有符合条件的项目")).to_be_visible()
        page.goto("/?verdict=fail&q=试验")
        expect(page.get_by_role("link", name="华龙区试验厂房")).to_be_visible()


def test_the_keyboard_reaches_the_text_first_and_sees_where_it_is(browser: Browser, site: str) -> None:
    with officer(browser, site) as page:
        page.goto("/")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        assert focused.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
        unnamed = page.evaluate(
            "[...document.querySelectorAll('input:not([type=hidden]),select,textarea')]"
            ".filter(field => !field.labels.length).map(field => field.name)"
        )
        assert unnamed == []


@pytest.mark.parametrize("path", ["/", f"/projects/{CODE}", "/import", "/check", "/layers", "/api", "/nothing"])
def test_no_page_is_wider_than_a_small_screen(
    path: str, browser: Browser, site: str, engine: sqlalchemy.Engine
) -> None:
    with make_sessions(engine).begin() as session:
        submit(session, name="濮阳县" + "很长的项目名称" * 12)
    with officer(browser, site, view=NARROW) as page:
        page.goto(path)
        assert width_of(page) <= NARROW["width"]
        assert page.title().endswith("一张蓝图")
