"""A file is told before anything is stored: the document is documented whole, and a dry run stores nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
import sqlalchemy

from tests.builders import square
from tests.contract.test_api_refusals import stored_rows
from tests.postgis.stored import CODE, geojson
from tests.unit.report.understood_files import bow_tie, survey_text, two_members

API = "/api/v1"
TOLD = f"{API}/understandings"
GOOD = survey_text((0, 0), (300, 0))


def keys_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from keys_of(item)


def send(
    site: httpx.Client, path: str, content: bytes, file_name: str = "红线.txt", /, **fields: Any
) -> httpx.Response:
    return site.post(path, data=fields, files={"file": (file_name, content)})


def test_every_key_of_an_understanding_is_documented(shared_api: httpx.Client) -> None:
    answers = [
        send(shared_api, TOLD, GOOD),
        send(shared_api, TOLD, bow_tie(), "a.geojson"),
        send(shared_api, TOLD, two_members(), "a.zip"),
    ]
    keys = {key for answer in answers for key in keys_of(answer.json())}
    assert len(keys) > 50
    page = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    assert not keys - set(re.findall(r"`(\w+)(?:\[\])?`", page))


@pytest.mark.parametrize(
    ("why", "path", "fields", "content", "name", "says"),
    [
        ("understood", TOLD, {}, GOOD, "a.txt", None),
        ("refused", TOLD, {}, bow_tie(), "a.geojson", "invalid_boundary"),
        ("no zone", TOLD, {}, survey_text(zone=""), "a.txt", "unknown_crs"),
        ("no zone, one asked for", TOLD, {"crs": "4547"}, survey_text(zone=""), "a.txt", None),
        ("another zone", TOLD, {}, survey_text(zone="39"), "a.txt", "location_implausible"),
        ("a choice", TOLD, {}, two_members(), "a.zip", "zip_several"),
        ("the chosen one", TOLD, {"layer": "东.geojson"}, two_members(), "a.zip", None),
        ("no such parcel", TOLD, {"parcel": ["3"]}, GOOD, "a.txt", "unknown_parcel"),
        ("nothing anybody may accept", TOLD, {"accept": ["zero_area"]}, GOOD, "a.txt", "invalid_accept"),
        ("no red line at all", TOLD, {}, b"\0\1\2", "a.bin", "unsupported_format"),
        ("of a new project", f"{API}/projects?dry_run=1", {"code": "P", "name": "甲"}, GOOD, "a.txt", None),
        ("refused", f"{API}/projects?dry_run=true", {"code": "P", "name": "甲"}, bow_tie(), "a", "invalid_boundary"),
    ],
)
def test_a_file_is_told_and_nothing_is_stored(
    why: str,
    path: str,
    fields: dict[str, Any],
    content: bytes,
    name: str,
    says: str | None,
    shared_api: httpx.Client,
    shared_engine: sqlalchemy.Engine,
) -> None:
    answer = send(shared_api, path, content, name, **fields)
    assert answer.status_code == 200, answer.text
    document = answer.json()
    assert document["schema"] == "geo-review/understanding/1"
    assert document["accepted"] is (says is None), why
    if says is not None:
        assert document["refusal"]["code"] == says, why
    assert "--" not in str(document["refusal"]), "an option of the command line is no field"
    assert stored_rows(shared_engine) == 0
    schema = shared_api.get("/api/openapi.json").json()
    jsonschema.validate(document, {"$ref": "#/components/schemas/Understanding", "components": schema["components"]})


@pytest.mark.parametrize(
    ("why", "path", "sent", "status", "code"),
    [
        ("a switch that is none", f"{API}/projects?dry_run=maybe", {"code": "P", "name": "a"}, 400, "invalid_call"),
        ("a switch twice", f"{API}/projects?dry_run=1&dry_run=0", {"code": "P", "name": "a"}, 400, "parameter_twice"),
        ("nothing that it is for", f"{API}/projects/{CODE}/boundaries?dry_run=1", {}, 404, "unknown_project"),
        ("a switch of another route", f"{TOLD}?dry_run=1", {}, 400, "unknown_parameter"),
        ("a system that is none", TOLD, {"crs": "CGCS2000"}, 400, "invalid_crs"),
        ("an unknown field", TOLD, {"csr": "4547"}, 422, "invalid_call"),
        ("a parcel that is no number", TOLD, {"parcel": "first"}, 422, "invalid_call"),
    ],
)
def test_a_mistaken_call_is_refused(
    why: str, path: str, sent: dict[str, Any], status: int, code: str, shared_api: httpx.Client
) -> None:
    answer = send(shared_api, path, GOOD, **sent)
    assert (answer.status_code, answer.json()["code"]) == (status, code), why


def test_a_dry_run_of_a_project_without_a_file_has_nothing_to_tell(shared_api: httpx.Client) -> None:
    answer = shared_api.post(f"{API}/projects?dry_run=1", json={"code": "P", "name": "a"})
    assert (answer.status_code, answer.json()["code"]) == (422, "file_missing")


def test_a_dry_run_of_the_next_version_stores_no_version(api: httpx.Client) -> None:
    send(api, f"{API}/projects", geojson(square()), "a.geojson", code=CODE, name="甲").raise_for_status()
    told = send(api, f"{API}/projects/{CODE}/boundaries?dry_run=1", GOOD)
    assert (told.status_code, told.json()["accepted"]) == (200, True)
    assert len(api.get(f"{API}/projects/{CODE}/boundaries").json()["boundaries"]) == 1
    assert send(api, f"{API}/projects/{CODE}/boundaries?dry_run=0", GOOD).status_code == 201


def test_a_refusal_for_want_of_a_choice_says_which_there_are(shared_api: httpx.Client) -> None:
    answer = send(shared_api, f"{API}/projects", two_members(), "a.zip", code="P", name="甲")
    assert answer.status_code == 422
    assert [choice["value"] for choice in answer.json()["choices"]] == ["东.geojson", "西.geojson"]


def test_a_dry_run_names_the_neighbours_that_a_submission_would_have(api: httpx.Client) -> None:
    fields = {"code": CODE, "name": "甲", "flow": "industrial"}
    assert send(api, f"{API}/projects", geojson(square()), "a.geojson", **fields).status_code == 201
    beside = geojson(square(90, 0))
    other = {**fields, "code": "B"}
    seen = send(api, f"{API}/projects?dry_run=1", beside, "b.geojson", **other).json()["neighbours"]
    assert [(one["kind"], one["code"]) for one in seen] == [("overlap", CODE)]
    own = send(api, f"{API}/projects/{CODE}/boundaries?dry_run=1", beside, "b.geojson").json()
    assert own["neighbours"] == [], "its own red line in force is no neighbour"
    piece = {**other, "relation": "split", "parents": f"{CODE}@1"}
    related = send(api, f"{API}/projects?dry_run=1", beside, "b.geojson", **piece).json()["neighbours"]
    assert [one["kind"] for one in related] == ["lineage"]
    assert send(api, f"{API}/projects", beside, "b.geojson", **other).json()["neighbours"] == seen
    assert send(api, TOLD, bow_tie(), "a.geojson").json()["neighbours"] is None
