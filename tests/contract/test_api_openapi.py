"""The OpenAPI document: whole in itself, true to what is answered, and about every operation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema
import pytest
import sqlalchemy

from geo_review.wording import LANGUAGE, sentences
from tests.contract.test_api_round_trip import CODE, seed_every_layer, store


@pytest.fixture(scope="module")
def document(shared_api: httpx.Client) -> dict[str, Any]:
    answer = shared_api.get("/api/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def test_every_reference_leads_to_something_inside(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    found = set(references(document))
    assert found
    for reference in found:
        assert reference.startswith("#/components/schemas/")
        assert reference.rpartition("/")[2] in document["components"]["schemas"], reference


def test_every_operation_says_what_it_does_and_how_it_refuses(document: dict[str, Any]) -> None:
    for address, methods in document["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {address}"
            assert operation["summary"], where
            assert operation["description"], where
            assert f"site.operation_{operation['operationId']}" in sentences(LANGUAGE), where
            problem = operation["responses"]["4XX"]["content"]["application/problem+json"]
            assert problem["schema"]["$ref"].endswith("/ProblemDetails")
            assert "422" not in operation["responses"], where


def test_a_project_may_be_sent_in_two_forms(document: dict[str, Any]) -> None:
    kinds = document["paths"]["/api/v1/projects"]["post"]["requestBody"]["content"]
    assert set(kinds) == {"multipart/form-data", "application/json"}


def test_answers_are_what_the_document_says(
    document: dict[str, Any], api: httpx.Client, engine: sqlalchemy.Engine
) -> None:
    seed_every_layer(engine)
    store(api)
    made = api.post(f"/api/v1/projects/{CODE}/reviews", json={"as_of": "2026-11-23"}).json()
    for path, address in (
        ("/api/v1/projects", "/api/v1/projects"),
        ("/api/v1/projects/{code}", f"/api/v1/projects/{CODE}"),
        ("/api/v1/projects/{code}/boundaries", f"/api/v1/projects/{CODE}/boundaries"),
        ("/api/v1/projects/{code}/boundaries/{version}", f"/api/v1/projects/{CODE}/boundaries/1"),
        ("/api/v1/projects/{code}/reviews", f"/api/v1/projects/{CODE}/reviews"),
        ("/api/v1/reviews/{review_id}", f"/api/v1/reviews/{made['id']}"),
        ("/api/v1/layers", "/api/v1/layers"),
        ("/api/v1/rulebooks", "/api/v1/rulebooks"),
    ):
        schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(api.get(address).json(), {**schema, "components": document["components"]})


def test_the_page_of_the_api_is_made_here(shared_api: httpx.Client) -> None:
    page = shared_api.get("/api")
    assert "/api/v1/projects/{code}/boundaries" in page.text
    assert "http://" not in page.text
    assert "https://" not in page.text
