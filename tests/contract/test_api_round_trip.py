"""What an honest caller gets from the JSON API, from an empty database to a signed report."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import httpx
import pytest
import sqlalchemy

from geo_review.rules.load import DEFAULT_RULEBOOK, packaged_rulebook
from geo_review.store.connect import make_sessions
from tests.builders import square
from tests.postgis.stored import CODE, geojson, seed_layer

FILE = geojson(square())
BOOK = b"""
id = "b"
edition = "1"
[[rule]]
id = "X-forbid"
layer = "X"
kind = "forbid"
title = "\xe8\xaf\x95\xe9\xaa\x8c\xe7\xba\xbf"
"""


def store(api: httpx.Client, code: str = CODE, content: bytes = FILE, **fields: object) -> httpx.Response:
    data = {"code": code, "name": "样例厂房", **fields}
    return api.post("/api/v1/projects", data=data, files={"file": ("红线.geojson", content)})


def seed_every_layer(engine: sqlalchemy.Engine) -> None:
    """Every layer of the default rulebook, a square far away but for the farmland, which takes a corner."""
    with make_sessions(engine).begin() as session:
        for code in packaged_rulebook(DEFAULT_RULEBOOK).layer_codes:
            near = {"YJJBNT": square(90, 90), "CZKFBJ": square(-500, -500, 2000)}
            seed_layer(session, near.get(code, square(5000)), code=code)


def test_a_project_comes_with_its_red_line_in_one_call(api: httpx.Client) -> None:
    answer = store(api, flow="industrial", attributes=["RJL=1.8", "LDL=35"])
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v1/projects/{CODE}"
    made = answer.json()
    assert (made["code"], made["name"], made["flow"]) == (CODE, "样例厂房", "industrial")
    assert made["attributes"] == {"RJL": "1.8", "LDL": "35"}
    assert made["boundaries"][0]["sha256"] == hashlib.sha256(FILE).hexdigest()
    assert api.get(answer.headers["location"]).json() == made


def test_a_project_may_come_first_and_its_red_line_later(api: httpx.Client) -> None:
    answer = api.post("/api/v1/projects", json={"code": "甲 1.pdf", "name": "无红线", "attributes": {"RJL": 1.8}})
    assert answer.status_code == 201
    assert answer.json()["attributes"] == {"RJL": "1.8"}
    assert answer.json()["warning"]
    where = f"{answer.headers['location']}/boundaries"
    assert where == "/api/v1/projects/%E7%94%B2%201.pdf/boundaries"
    first = api.post(where, files={"file": ("a.geojson", FILE)})
    assert (first.status_code, first.json()["version"], first.json()["is_new"]) == (201, 1, True)
    again = api.post(where, files={"file": ("a.geojson", FILE)})
    assert (again.status_code, again.json()["version"], again.json()["is_new"]) == (200, 1, False)
    second = api.post(where, files={"file": ("b.geojson", geojson(square(7)))})
    assert (second.status_code, second.json()["version"]) == (201, 2)
    assert [line["version"] for line in api.get(where).json()["boundaries"]] == [2, 1]
    red_line = api.get(f"{where}/2").json()["boundary"]
    assert red_line["area_planar_m2"] == pytest.approx(10_000, abs=1e-6)
    assert red_line["geometry"]["type"] == "MultiPolygon"


def test_the_original_file_comes_back_byte_for_byte_under_a_safe_name(api: httpx.Client) -> None:
    api.post(
        "/api/v1/projects", data={"code": CODE, "name": "a"}, files={"file": ('../..\\夜"班\r\n;.geojson', FILE)}
    ).raise_for_status()
    answer = api.get(f"/api/v1/projects/{CODE}/boundaries/1/file")
    assert answer.content == FILE
    assert answer.headers["content-type"] == "application/octet-stream"
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="')
    assert "\\" not in disposition
    assert "/" not in disposition
    assert disposition.count('"') == 2


def test_a_review_is_kept_and_told_in_four_forms(api: httpx.Client, engine: sqlalchemy.Engine) -> None:
    seed_every_layer(engine)
    store(api)
    answer = api.post(f"/api/v1/projects/{CODE}/reviews", json={"as_of": "2026-11-23", "set": {"flow": "other"}})
    assert answer.status_code == 201
    made = answer.json()
    assert (made["verdict"], made["as_of"], made["boundary_version"]) == ("fail", "2026-11-23", 1)
    where = answer.headers["location"]
    report = api.get(where)
    assert hashlib.sha256(report.content).hexdigest() == made["document_sha256"] == report.headers["etag"].strip('"')
    document = report.json()
    assert document["schema"] == "geo-review/report/1"
    assert document["project"] == {"XMDM": CODE, "XMMC": "样例厂房", "flow": "other"}
    (farmland,) = [result for result in document["results"] if result["layer"]["code"] == "YJJBNT"]
    assert farmland["area_planar_m2"] == pytest.approx(100, rel=1e-9)
    pdf, html, gis = (api.get(f"{where}.{suffix}") for suffix in ("pdf", "html", "geojson"))
    assert pdf.content.startswith(b"%PDF-")
    assert pdf.headers["content-type"] == "application/pdf"
    assert "不通过" in html.text
    assert "script-src 'sha256-" in html.headers["content-security-policy"]
    roles = [feature["properties"]["role"] for feature in gis.json()["features"]]
    assert roles == ["red_line", "finding"]
    assert gis.headers["content-type"] == "application/geo+json"
    assert [line["id"] for line in api.get(f"/api/v1/projects/{CODE}/reviews").json()["reviews"]] == [made["id"]]


def test_a_review_needs_no_body_and_without_layers_it_is_incomplete(api: httpx.Client) -> None:
    store(api)
    answer = api.post(f"/api/v1/projects/{CODE}/reviews")
    assert (answer.status_code, answer.json()["verdict"]) == (201, "incomplete")


def test_a_file_is_reviewed_and_nothing_is_kept(api: httpx.Client, engine: sqlalchemy.Engine) -> None:
    with make_sessions(engine).begin() as session:
        seed_layer(session, square(90), code="X")
    answer = api.post(
        "/api/v1/reviews",
        data={"as_of": "2026-11-23", "set": ["flow=other", "RJL=1.8"]},
        files={"file": ("a.geojson", FILE), "rulebook_file": ("b.toml", BOOK)},
    )
    assert answer.status_code == 200
    document = answer.json()
    assert (document["verdict"], document["rulebook"]["id"]) == ("fail", "b")
    assert document["project"] == {"flow": "other", "RJL": "1.8"}
    same = api.post(
        "/api/v1/reviews",
        data={"as_of": "2026-11-23", "set": ["flow=other", "RJL=1.8"]},
        files={"file": ("a.geojson", FILE), "rulebook_file": ("b.toml", BOOK)},
    )
    assert same.content == answer.content
    assert api.get("/api/v1/projects").json()["total"] == 0


def test_projects_are_searched_and_paged(api: httpx.Client) -> None:
    for number in range(3):
        store(api, code=f"P-{number}", name=f"厂房 {number}")
    api.post("/api/v1/projects/P-1/reviews").raise_for_status()

    def codes(**query: object) -> tuple[int, list[str]]:
        found = api.get("/api/v1/projects", params=query).json()
        return found["total"], [line["code"] for line in found["projects"]]

    assert codes(limit=2) == (3, ["P-2", "P-1"])
    assert codes(limit=2, offset=2) == (3, ["P-0"])
    assert codes(search="厂房 0") == (1, ["P-0"])
    assert codes(verdict="incomplete") == (1, ["P-1"])
    assert codes(unreviewed=True) == (2, ["P-2", "P-0"])


def test_layers_are_told_with_what_is_in_force(api: httpx.Client, engine: sqlalchemy.Engine) -> None:
    with make_sessions(engine).begin() as session:
        seed_layer(session, square(), version="old", valid_from=date(2025, 1, 1))
        seed_layer(session, square(), version="new", valid_from=date(2026, 1, 1), coverage=square())
        seed_layer(session, square(), version="draft", published=False)
    found = api.get("/api/v1/layers", params={"as_of": "2025-06-01"}).json()["layers"]
    told = [(layer["version"], layer["state"], layer["in_force"], layer["coverage"]) for layer in found]
    assert told == [
        ("draft", "loaded", False, "assumed"),
        ("new", "published", False, "declared"),
        ("old", "published", True, "assumed"),
    ]
    in_force = api.get("/api/v1/layers", params={"as_of": "2026-06-01", "in_force": True}).json()["layers"]
    assert [layer["version"] for layer in in_force] == ["new"]


def test_rulebooks_are_told_with_the_hash_of_their_bytes(shared_api: httpx.Client) -> None:
    (summary, *_) = shared_api.get("/api/v1/rulebooks").json()["rulebooks"]
    whole = shared_api.get(f"/api/v1/rulebooks/{summary['name']}").json()
    assert len(whole["rule"]) == summary["rules"]
    written = shared_api.get(f"/api/v1/rulebooks/{summary['name']}.toml").content
    assert hashlib.sha256(written).hexdigest() == summary["sha256"] == whole["sha256"]


def test_a_site_says_whether_it_lives_and_whether_it_can_work(shared_api: httpx.Client) -> None:
    assert shared_api.get("/healthz").json() == {"status": "ok"}
    assert shared_api.get("/readyz").json() == {"status": "ok"}
    head = shared_api.head("/")
    assert (head.status_code, head.content) == (200, b"")


def test_json_is_chinese_and_not_escaped(api: httpx.Client) -> None:
    assert "样例厂房" in store(api).text
    assert json.loads(store(api).text)["code"] == "project_exists"
