"""Neighbours, lineage and drift over HTTP: told with the submission and afterwards, refusals with their codes."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import sqlalchemy

from shapely.geometry import Polygon

from geo_review.store.connect import make_sessions
from tests.builders import square
from tests.postgis.stored import geojson, seed_layer


def create(api: httpx.Client, code: str, land: Polygon, **fields: object) -> dict[str, Any]:
    files = {"file": ("红线.geojson", geojson(land))}
    answer = api.post("/api/v1/projects", data={"code": code, "name": code, **fields}, files=files)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def resubmit(api: httpx.Client, code: str, land: Polygon, **fields: object) -> httpx.Response:
    files = {"file": ("红线.geojson", geojson(land))}
    return api.post(f"/api/v1/projects/{code}/boundaries", data=fields, files=files)


def test_a_submission_is_answered_with_its_neighbours_and_its_relatives(api: httpx.Client) -> None:
    assert create(api, "A", square())["neighbours"] == []
    (told,) = create(api, "B", square(90, 0))["neighbours"]
    assert (told["kind"], told["code"], told["is_earlier"]) == ("overlap", "A", True)
    assert told["overlap"]["area_planar_m2"] == pytest.approx(1_000.0)
    assert told["message"].startswith("双重占地：与 A ")
    answer = resubmit(api, "B", square(101, 0), stage=2)
    assert answer.status_code == 201
    made = answer.json()
    assert (made["relation"], made["stage"], made["parents"]) == ("adjust", 2, [{"code": "B", "version": 1}])
    assert [(one["kind"], one["gap"]["area_planar_m2"]) for one in made["neighbours"]] == [("gap", pytest.approx(100))]
    assert api.get("/api/v1/projects/A/neighbours").json()["neighbours"][0]["kind"] == "gap"
    piece = create(api, "C", square(0, 0, 110, 50), relation="split", parents=["A@1"])
    assert {one["code"]: one["kind"] for one in piece["neighbours"]} == {"A": "lineage", "B": "overlap"}


def test_lineage_is_told_across_projects(api: httpx.Client) -> None:
    create(api, "A", square())
    create(api, "B", square(0, 0, 50, 100), relation="split", parents=["A"])
    create(api, "C", square(50, 0, 60, 100), relation="split", parents=["A@1"])
    told = api.get("/api/v1/projects/C/lineage").json()
    assert [(one["code"], one["relation"], len(one["children"])) for one in told["versions"]] == [
        ("A", "first", 2),
        ("B", "split", 0),
        ("C", "split", 0),
    ]
    (finding,) = told["findings"]
    assert (finding["code"], finding["relatives"]) == ("outside_parent", ["A@1"])
    assert finding["area_planar_m2"] == pytest.approx(1_000.0)


def test_drift_tells_land_and_layers(api: httpx.Client, engine: sqlalchemy.Engine) -> None:
    with make_sessions(engine).begin() as session:
        seed_layer(session, square(105, 0, 50, 100), code="YJJBNT")
    create(api, "A", square(), stage=1)
    resubmit(api, "A", square(10, 0), stage=2)
    told = api.get("/api/v1/projects/A/boundaries/2/drift").json()
    assert told == api.get("/api/v1/projects/A/boundaries/2/drift", params={"from": "A@1"}).json()
    assert told["drift"]["land_in"]["area_planar_m2"] == pytest.approx(1_000.0)
    assert [(layer["code"], layer["change"], layer["area_later_m2"]) for layer in told["layers"]] == [
        ("YJJBNT", "touched", pytest.approx(500.0))
    ]
    assert "STBHHX" in told["missing_layers"]
    back = api.get("/api/v1/projects/A/boundaries/1/drift", params={"from": "2"}).json()
    assert back["drift"]["land_in"] == told["drift"]["land_out"]
    assert back["layers"][0]["change"] == "left"
    assert api.get("/api/v1/projects/A/drift").json()["drifts"] == [told]


def test_what_does_not_fit_is_refused_with_its_code(api: httpx.Client) -> None:
    create(api, "A", square())
    for fields, status, code in (
        ({"parents": ["A"]}, 400, "relation_missing"),
        ({"relation": "first"}, 400, "not_the_first"),
        ({"relation": "merge", "parents": ["A"]}, 400, "parents_do_not_fit"),
        ({"relation": "split", "parents": ["A@0"]}, 400, "invalid_parent"),
        ({"relation": "split", "parents": ["B"]}, 404, "unknown_project"),
        ({"relation": "split", "parents": ["A@7"]}, 404, "unknown_boundary"),
        ({"relation": "divide"}, 422, "invalid_call"),
        ({"stage": "5"}, 422, "invalid_call"),
    ):
        answer = resubmit(api, "A", square(10, 0), **fields)
        assert (answer.status_code, answer.json()["code"]) == (status, code), fields
    for path, status, code in (
        ("A/boundaries/1/drift", 404, "nothing_to_compare"),
        ("A/boundaries/1/drift?from=@", 400, "invalid_parent"),
        ("A/boundaries/1/drift?from=B@1", 404, "unknown_project"),
        ("A/drift", 404, "nothing_to_compare"),
        ("B/neighbours", 404, "unknown_project"),
        ("B/lineage", 404, "unknown_project"),
    ):
        answer = api.get(f"/api/v1/projects/{path}")
        assert (answer.status_code, answer.json()["code"]) == (status, code), path
    assert len(api.get("/api/v1/projects/A/boundaries").json()["boundaries"]) == 1
