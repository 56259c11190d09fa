"""The import page in a real browser: what was understood, where it lies, what is open, and one confirmation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.test_site import CODE, NARROW, browser, confirm, fill, officer, red_line, site, width_of
from tests.unit.boundary import drawings
from tests.unit.report.understood_files import survey_text

__all__ = ["browser", "site"]  # fixtures


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def two_layers() -> bytes:
    made = drawings.drawing()
    for layer, east in (("甲", 0.0), ("乙", 300.0)):
        made.modelspace().add_lwpolyline(drawings.corners(east=east), close=True, dxfattribs={"layer": layer})
    return drawings.saved(made).content


def fact(page: Page, name: str) -> str:
    return page.get_by_role("row", name=re.compile(f" {name} ")).inner_text()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_drawing_of_two_layers_is_settled_by_a_choice_and_confirmed(
    scripts: bool, browser: Browser, site: str, tmp_path: Path
) -> None:
    file = written(tmp_path, "红线.dxf", two_layers())
    with officer(browser, site, scripts=scripts) as page:
        fill(page, file)
        expect(page.get_by_label("核对识别结果").first).to_contain_text("还需要您说明一件事")
        expect(page.get_by_role("button", name="确认入库并审查")).to_have_count(0)
        page.get_by_label(re.compile("乙：")).check()
        page.get_by_role("button", name="重新识别").click()
        assert "DXF" in fact(page, "文件格式")
        assert "由用户选定" in fact(page, "图层或成员")
        assert "10,000.00" in fact(page, "面积")
        confirm(page)
        expect(page).to_have_url(re.compile(f"/projects/{CODE}$"))
        expect(page.get_by_role("heading", name="用地红线（第 1 版）")).to_be_visible()


def test_a_file_without_its_zone_shows_where_the_land_would_lie(browser: Browser, site: str, tmp_path: Path) -> None:
    with officer(browser, site) as page:
        fill(page, written(tmp_path, "红线.txt", survey_text(zone="")))
        expect(page.get_by_text("在本市范围内")).to_be_visible()
        expect(page.get_by_text(re.compile("在市域以外约 17. 公里")).first).to_be_visible()
        expect(page.locator("svg.overview circle")).to_have_count(2)
        page.get_by_label(re.compile("EPSG:4547")).check()
        page.get_by_role("button", name="重新识别").click()
        assert "EPSG:4547" in fact(page, "坐标系")
        expect(page.locator("svg.overview circle")).to_have_count(1)
        expect(page.locator(".leaflet-container path.leaflet-interactive").first).to_be_visible()


def test_a_fault_has_the_same_number_in_the_list_and_on_the_map(browser: Browser, site: str, tmp_path: Path) -> None:
    crossing = survey_text((0, 0), (300, 0)).replace(b"J2,", b"JJ,").replace(b"J3,", b"J2,").replace(b"JJ,", b"J3,")
    lines = crossing.split(b"\r\n")
    lines[4], lines[5] = lines[5], lines[4]  # the first parcel crosses itself now
    with officer(browser, site) as page:
        fill(page, written(tmp_path, "红线.txt", b"\r\n".join(lines)))
        expect(page.get_by_label("核对识别结果").first).to_contain_text("不能入库")
        listed = page.locator(".place-list .place-number.on-map").first
        expect(listed).to_have_text("1")
        expect(page.locator(".leaflet-container .place-sign.is-error").first).to_contain_text("1")


def test_land_that_another_project_has_is_named_before_it_is_stored(
    browser: Browser, site: str, tmp_path: Path
) -> None:
    with officer(browser, site) as page:
        fill(page, red_line(tmp_path), code="2026-410900-47-01-000001")
        confirm(page)
        expect(page.get_by_text("没有重叠、夹条或共边的其他红线")).to_be_visible()
        fill(page, red_line(tmp_path))
        expect(page.get_by_label("核对识别结果").first).to_contain_text("处请核对")
        expect(page.get_by_text("双重占地：与 2026-410900-47-01-000001")).to_be_visible()
        expect(page.locator(".map-keys .key-overlap")).to_be_visible()
        page.get_by_role("button", name="放弃").click()
        expect(page.get_by_text("没有存入任何内容")).to_be_visible()
        assert page.goto(f"/projects/{CODE}").status == 404  # type: ignore[union-attr]


def test_what_was_understood_fits_a_small_screen_and_is_reached_by_keyboard(
    browser: Browser, site: str, tmp_path: Path
) -> None:
    with officer(browser, site, view=NARROW) as page:
        fill(page, written(tmp_path, "红线.dxf", two_layers()))
        expect(page.get_by_role("button", name="重新识别")).to_be_visible()
        assert width_of(page) <= NARROW["width"]
        page.get_by_label(re.compile("甲：")).focus()
        page.keyboard.press("Space")
        page.get_by_role("button", name="重新识别").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="确认入库并审查")).to_be_visible()
        assert width_of(page) <= NARROW["width"]
        unnamed = page.evaluate(
            "[...document.querySelectorAll('input:not([type=hidden]),select')]"
            ".filter(field => !field.labels.length).map(field => field.name)"
        )
        assert unnamed == []
