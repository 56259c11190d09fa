"""Mistaken and hostile calls, each with the reason it is here and what it must be answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry import Polygon

from api.uploads import MOST_UPLOAD_BYTES
from tests.builders import EAST, NORTH, square
from tests.postgis.stored import geojson

GOOD = geojson(square())
BOW_TIE = geojson(Polygon([(EAST, NORTH), (EAST + 9, NORTH + 9), (EAST + 9, NORTH), (EAST, NORTH + 9)]))
NO_ZONE = "[属性描述]\n[地块坐标]\n4,1,1,甲,面,,,,@\n" + "".join(
    f"J{number},1,{north},{east}\n"
    for number, (north, east) in enumerate(
        [(3959600, 500100), (3959700, 500100), (3959700, 500200), (3959600, 500200), (3959600, 500100)], 1
    )
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One call and what it must be answered."""

    why: str
    method: str = "POST"
    path: str = "/api/v1/projects"
    sent: Mapping[str, Any] = field(default_factory=dict)
    status: int
    code: str
    says: str = ""


def form(content: bytes | None = GOOD, name: str = "a.geojson", **data: object) -> dict[str, Any]:
    fields = {"code": "P", "name": "甲", **data}
    files = {} if content is None else {"file": (name, content)}
    return {"data": fields, "files": files or {"unused": ("", b"")}}


def raw(body: bytes, kind: str) -> dict[str, Any]:
    return {"content": body, "headers": {"content-type": kind}}


JSON, MULTIPART = "application/json", "multipart/form-data; boundary=x"
REVIEWS = "/api/v1/reviews"
DEEP = b'{"code":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
OPEN_PART = b'--x\r\nContent-Disposition: form-data; name="code"\r\n\r\nP'

ROWS = [
    Row(why="no body", status=422, code="invalid_call", says="code"),
    Row(why="no name", sent={"json": {"code": "P"}}, status=422, code="invalid_call", says="name"),
    Row(why="an unknown field", sent={"json": {"code": "P", "name": "a", "nmae": 1}}, status=422, code="invalid_call"),
    Row(why="a list for an object", sent={"json": []}, status=422, code="invalid_call"),
    Row(why="broken JSON", sent=raw(b'{"code": ', JSON), status=400, code="invalid_call", says="JSON"),
    Row(why="JSON as deep as a well", sent=raw(DEEP, JSON), status=400, code="bad_request"),
    Row(why="JSON in no encoding", sent=raw(b'{"code": "\xff"}', JSON), status=400, code="bad_request"),
    Row(why="a number without end", sent=raw(b'{"code": ' + b"9" * 5000 + b"}", JSON), status=400, code="bad_request"),
    Row(why="XML", sent=raw(b"<a/>", "text/xml"), status=422, code="invalid_call"),
    Row(why="multipart without boundary", sent=raw(b"x", "multipart/form-data"), status=400, code="bad_request"),
    Row(why="multipart cut short", sent=raw(OPEN_PART, MULTIPART), status=422, code="invalid_call"),
    Row(why="no code", sent={"json": {"code": " ", "name": "a"}}, status=400, code="invalid_code", says="code"),
    Row(why="a slash in the code", sent={"json": {"code": "a/b", "name": "a"}}, status=400, code="invalid_code"),
    Row(why="NUL in the code", sent={"json": {"code": "a\0b", "name": "a"}}, status=400, code="invalid_code"),
    Row(
        why="half a surrogate pair",
        sent=raw(b'{"code": "\\ud800", "name": "a"}', JSON),
        status=422,
        code="invalid_call",
        says="code",
    ),
    Row(
        why="half a pair in a name",
        sent=raw(b'{"code": "P", "name": "\\udc00"}', JSON),
        status=422,
        code="invalid_call",
        says="name",
    ),
    Row(
        why="half a pair as a key",
        sent=raw(b'{"code":"P","name":"a","attributes":{"\\ud800":"1"}}', JSON),
        status=400,
        code="invalid_text",
    ),
    Row(
        why="NUL in a value",
        sent={"json": {"code": "P", "name": "a", "attributes": {"RJL": "\0"}}},
        status=400,
        code="invalid_text",
    ),
    Row(
        why="a list as a value",
        sent={"json": {"code": "P", "name": "a", "attributes": {"RJL": [1]}}},
        status=400,
        code="invalid_value",
        says="RJL",
    ),
    Row(
        why="not a number as a value",
        sent=raw(b'{"code":"P","name":"a","attributes":{"RJL":NaN}}', JSON),
        status=400,
        code="invalid_value",
    ),
    Row(
        why="a name without end",
        sent={"json": {"code": "P", "name": "长" * 400}},
        status=422,
        code="invalid_call",
        says="300",
    ),
    Row(why="much JSON", sent=raw(b'{"code":"' + b"P" * 2**21 + b'"}', JSON), status=413, code="request_too_large"),
    Row(why="a file field without a file", sent=form(None), status=422, code="invalid_call"),
    Row(why="an empty file", sent=form(b""), status=422, code="file_empty"),
    Row(why="a file that is none", sent=form(b"\x00\x01\x02"), status=422, code="unsupported_format"),
    Row(why="a crossing ring", sent=form(BOW_TIE), status=422, code="invalid_boundary", says="地块1 第1圈 点1"),
    Row(why="no zone", sent=form(NO_ZONE.encode(), "a.txt"), status=422, code="unknown_crs", says="crs"),
    Row(why="an EPSG code that is none", sent=form(crs="CGCS2000"), status=400, code="invalid_crs", says="4547"),
    Row(why="an EPSG code without end", sent=form(crs="9" * 30), status=400, code="invalid_crs"),
    Row(why="an issue nobody may accept", sent=form(accept="self_intersection"), status=400, code="invalid_accept"),
    Row(why="a value without =", sent=form(attributes="RJL"), status=400, code="invalid_set", says="attributes"),
    Row(why="a file above the limit", sent=form(b" " * (MOST_UPLOAD_BYTES + 1)), status=413, code="file_too_large"),
    Row(
        why="a red line for no project",
        path="/api/v1/projects/P/boundaries",
        sent={"files": {"file": ("a.geojson", GOOD)}},
        status=404,
        code="unknown_project",
    ),
    Row(
        why="NUL in an address",
        path="/api/v1/projects/%00/boundaries",
        sent={"files": {"file": ("a", GOOD)}},
        status=400,
        code="invalid_code",
    ),
    Row(
        why="a review of no project",
        path="/api/v1/projects/P/reviews",
        sent={"json": {}},
        status=404,
        code="unknown_project",
    ),
    Row(
        why="no such rulebook",
        path="/api/v1/projects/P/reviews",
        sent={"json": {"rulebook": "x"}},
        status=404,
        code="unknown_rulebook",
    ),
    Row(
        why="a path for a rulebook",
        path="/api/v1/projects/P/reviews",
        sent={"json": {"rulebook": "/etc/passwd"}},
        status=404,
        code="unknown_rulebook",
    ),
    Row(
        why="a day that is none",
        path="/api/v1/projects/P/reviews",
        sent={"json": {"as_of": "2026-02-30"}},
        status=400,
        code="invalid_as_of",
        says="YYYY",
    ),
    Row(
        why="a day as a number",
        path="/api/v1/projects/P/reviews",
        sent={"json": {"as_of": 20261123}},
        status=422,
        code="invalid_call",
    ),
    Row(
        why="version nought",
        path="/api/v1/projects/P/reviews",
        sent={"json": {"version": 0}},
        status=422,
        code="invalid_call",
    ),
    Row(
        why="a version without end",
        path="/api/v1/projects/P/reviews",
        sent={"json": {"version": 10**30}},
        status=422,
        code="invalid_call",
    ),
    Row(
        why="half a pair in a set value",
        path="/api/v1/projects/P/reviews",
        sent=raw(b'{"set": {"RJL": "\\ud800"}}', JSON),
        status=400,
        code="invalid_text",
    ),
    Row(why="a stateless review of nothing", path=REVIEWS, status=422, code="file_missing"),
    Row(
        why="half a surrogate pair in a file",
        path=REVIEWS,
        sent={"files": {"file": ("a.geojson", b'{"type": "Polygon", "name": "\\ud800"}')}},
        status=422,
        code="json_half_character",
    ),
    Row(
        why="two rulebooks",
        path=REVIEWS,
        sent={
            "data": {"rulebook": "puyang-default"},
            "files": {"file": ("a", GOOD), "rulebook_file": ("b.toml", b"x")},
        },
        status=400,
        code="two_rulebooks",
    ),
    Row(
        why="a rulebook with a mistake",
        path=REVIEWS,
        sent={"files": {"file": ("a", GOOD), "rulebook_file": ("b.toml", b"id = 1")}},
        status=422,
        code="invalid_rulebook",
        says="b.toml:1",
    ),
    Row(
        why="an unknown parameter",
        method="GET",
        path="/api/v1/projects?limt=3",
        status=400,
        code="unknown_parameter",
        says="limit",
    ),
    Row(
        why="a parameter twice",
        method="GET",
        path="/api/v1/projects?limit=3&limit=4",
        status=400,
        code="parameter_twice",
    ),
    Row(
        why="limit nought", method="GET", path="/api/v1/projects?limit=0", status=400, code="invalid_call", says="limit"
    ),
    Row(
        why="limit without end",
        method="GET",
        path="/api/v1/projects?limit=" + "9" * 40,
        status=400,
        code="invalid_call",
    ),
    Row(
        why="an offset beyond an integer",
        method="GET",
        path="/api/v1/projects?offset=2147483648",
        status=400,
        code="invalid_call",
    ),
    Row(
        why="a verdict that is none",
        method="GET",
        path="/api/v1/projects?verdict=maybe",
        status=400,
        code="invalid_call",
        says="consult",
    ),
    Row(why="NUL in a search", method="GET", path="/api/v1/projects?search=%00", status=400, code="invalid_text"),
    Row(
        why="a day of the layers that is none",
        method="GET",
        path="/api/v1/layers?as_of=tomorrow",
        status=400,
        code="invalid_as_of",
    ),
    Row(why="no such project", method="GET", path="/api/v1/projects/P", status=404, code="unknown_project"),
    Row(why="a code that is no text", method="GET", path="/api/v1/projects/%FF%FE", status=404, code="unknown_project"),
    Row(why="no such review", method="GET", path="/api/v1/reviews/9.pdf", status=404, code="unknown_review"),
    Row(why="a review with a name", method="GET", path="/api/v1/reviews/last", status=404, code="invalid_call"),
    Row(
        why="a review beyond bigint",
        method="GET",
        path="/api/v1/reviews/9223372036854775808",
        status=404,
        code="invalid_call",
    ),
    Row(
        why="a version beyond an integer",
        method="GET",
        path="/api/v1/projects/P/boundaries/2147483648",
        status=404,
        code="invalid_call",
    ),
    Row(
        why="a rulebook outside the package",
        method="GET",
        path="/api/v1/rulebooks/..%2F..%2Fload",
        status=404,
        code="not_found",
    ),
    Row(why="no such address", method="GET", path="/api/v1/nothing", status=404, code="not_found"),
    Row(why="no such method", method="DELETE", path="/api/v1/projects", status=405, code="method_not_allowed"),
    Row(
        why="another site's page",
        sent={"json": {"code": "P", "name": "a"}, "headers": {"sec-fetch-site": "cross-site"}},
        status=403,
        code="foreign_origin",
    ),
    Row(
        why="another site's page, old browser",
        sent={"json": {"code": "P", "name": "a"}, "headers": {"origin": "http://evil.example"}},
        status=403,
        code="foreign_origin",
    ),
]
