"""What a mistaken or hostile caller gets: a status, a stable code, a sentence, and nothing stored. Never a 500."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlsplit

import httpx
import pytest
import sqlalchemy

from api import problems
from api.uploads import safe_name
from geo_review.store.tables import METADATA
from tests.contract.conftest import running, site_on
from tests.contract.refused_calls import BOW_TIE, ROWS, Row, form


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.why)
def test_a_mistaken_call_is_refused_in_words_and_stores_nothing(
    row: Row, shared_api: httpx.Client, shared_engine: sqlalchemy.Engine
) -> None:
    answer = shared_api.request(row.method, row.path, **row.sent)
    assert answer.headers["content-type"] == problems.MEDIA_TYPE, answer.text
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (row.status, row.code), problem
    assert problem["status"] == row.status
    assert row.says in answer.text
    assert problem["detail"]
    assert "--" not in answer.text, "an option of the command line is no field"
    assert stored_rows(shared_engine) == 0


def test_a_project_is_not_stored_twice(api: httpx.Client, engine: sqlalchemy.Engine) -> None:
    api.post("/api/v1/projects", **form()).raise_for_status()
    before = stored_rows(engine)
    again = api.post("/api/v1/projects", **form(name="乙"))
    assert (again.status_code, again.json()["code"]) == (409, "project_exists")
    bad = api.post("/api/v1/projects/P/boundaries", files={"file": ("a.geojson", BOW_TIE)})
    assert bad.status_code == 422
    assert bad.json()["errors"]
    missing = api.get("/api/v1/projects/P/boundaries/2")
    assert (missing.status_code, missing.json()["code"]) == (404, "unknown_boundary")
    assert stored_rows(engine) == before


def test_a_body_without_a_length_is_cut_off_at_the_limit(shared_api: httpx.Client) -> None:
    sent = 0
    connection = http.client.HTTPConnection(urlsplit(str(shared_api.base_url)).netloc, timeout=30)
    connection.putrequest("POST", "/api/v1/projects")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    try:
        while sent < 2**24:
            connection.send(chunk)
            sent += len(chunk)
    except OSError:
        pass
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["code"]) == (413, "request_too_large")
    connection.close()


def test_a_fault_of_ours_shows_an_incident_and_nothing_of_its_reason(
    engine: sqlalchemy.Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("api.routes.projects.list_projects", broken)
    monkeypatch.setattr("api.pages.desk.list_projects", broken)
    with running(site_on(engine)) as client:
        for path in ("/api/v1/projects", "/"):
            answer = client.get(path)
            assert answer.status_code == 500
            assert "secret" not in answer.text
            assert "Traceback" not in answer.text
            assert answer.headers["content-security-policy"]
        incident = client.get("/api/v1/projects").json()["detail"]
    numbers = [record.args[0] for record in caplog.records if record.name == "api.failures" and record.args]
    assert any(str(number) in incident for number in numbers)
    assert "the secret of the house" in caplog.text


def test_a_silent_database_is_said_to_be_one(engine: sqlalchemy.Engine) -> None:
    nowhere = sqlalchemy.create_engine(engine.url.set(port=1), connect_args={"connect_timeout": 2})
    with running(site_on(nowhere)) as client:
        for path in ("/readyz", "/api/v1/projects"):
            answer = client.get(path)
            assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
        assert client.get("/healthz").status_code == 200
        assert "数据库暂时没有应答" in client.get("/").text


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("红线.txt", "红线.txt"),
        ("C:\\测绘\\红线.txt", "红线.txt"),
        ("../../etc/passwd", "passwd"),
        ("a\0b\r\n.txt", "ab.txt"),
        ("\u202etxt.exe", "txt.exe"),  # a direction override would turn the name round
        ("..", "upload"),
        ("", "upload"),
        ("长" * 300 + ".geojson", "长" * 112 + ".geojson"),
        ("红线".encode("gbk").decode("latin-1") + ".txt", "红线.txt"),  # sent in GBK
    ],
)
def test_a_file_name_is_made_safe(given: str, safe: str) -> None:
    assert safe_name(given) == safe


def stored_rows(engine: sqlalchemy.Engine) -> int:
    with engine.connect() as connection:
        return sum(
            connection.execute(sqlalchemy.select(sqlalchemy.func.count()).select_from(table)).scalar_one()
            for table in METADATA.tables.values()
        )
