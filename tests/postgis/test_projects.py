"""Projects and red lines: stored once, versions kept, restored bit for bit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
import sqlalchemy
from sqlalchemy import event, text
from sqlalchemy.orm import Session

import shapely
from shapely.geometry import MultiPolygon, Polygon

from geo_review.boundary.model import BoundaryIssue, Place, Severity
from geo_review.boundary.received import ReceivedFile
from geo_review.errors import InvalidBoundary, UnknownBoundary, UnknownProject
from geo_review.geometry.crs import reproject
from geo_review.review.findings import Verdict
from geo_review.store.boundaries import get_boundary, get_file, list_boundaries, save_boundary
from geo_review.store.projects import create_project, get_project, list_projects
from geo_review.store.working_crs import WORKING_EPSG
from tests.builders import make_boundary, square
from tests.postgis.stored import CODE, NOW, submit

FILE = ReceivedFile(name="builder.shp", content=bytes(range(256)), companions={".dbf": b"\0\xff", ".prj": b"x"})


def _project(session: Session, code: str = CODE) -> None:
    create_project(session, code=code, name="厂房", flow=None, attributes={}, created_at=NOW)


@pytest.mark.parametrize("measuring_epsg", [4547, 4548])
def test_a_red_line_comes_back_bit_for_bit(session: Session, measuring_epsg: int) -> None:
    """Thirds and tenths, a hole, two parcels, an issue with every kind of value."""
    holed = Polygon(
        [(400_000 + 1 / 3, 3_950_000.1), (400_100.7, 3_950_000 + 1e-7), (400_090, 3_950_099.99), (400_000, 3_950_100)],
        holes=[[(400_040.3, 3_950_040.3), (400_040, 3_950_060), (400_060, 3_950_050 + 1 / 7)]],
    )
    issue = BoundaryIssue(
        code="area_differs",
        severity=Severity.WARNING,
        where=Place(parcel=2, ring=1, point="J4", line=17),
        values={"share": 0.1 + 0.2, "count": np.int64(3), "width_m": np.float64(1 / 3), "name": "东、西", "none": None},
    )
    given = make_boundary(holed, square(9_000, 0, 1 / 3), measuring_epsg=measuring_epsg)
    given = replace(
        given,
        issues=(issue,),
        declared_area_m2=1e16 / 3,
        declared_area_unit="公顷",
        parcels=(
            replace(given.parcels[0], code="D1", name="一期 [北]", use="M1", declared_area_m2=0.1),
            given.parcels[1],
        ),
    )
    _project(session)
    saved = save_boundary(session, CODE, given, FILE, version=1, submitted_at=NOW)
    session.commit()
    restored = get_boundary(session, CODE)
    assert replace(restored.boundary, issues=()) == replace(given, issues=())
    assert restored.boundary.issues[0] == replace(issue, values=dict(issue.values) | {"count": 3, "width_m": 1 / 3})
    for one, other in [
        (restored.boundary.geometry, given.geometry),
        (restored.boundary.lonlat, given.lonlat),
        *zip((p.geometry for p in restored.boundary.parcels), (p.geometry for p in given.parcels), strict=True),
    ]:
        assert one.wkb == other.wkb
    assert (restored.id, restored.version, restored.submitted_at) == (saved.id, 1, NOW)


def test_the_original_file_comes_back_byte_for_byte_with_its_companions(session: Session) -> None:
    _project(session)
    save_boundary(session, CODE, make_boundary(), FILE, version=1, submitted_at=NOW)
    assert get_file(session, CODE) == replace(FILE, name="builder.txt")


def test_the_geometry_of_the_other_zone_is_stored_in_the_working_crs(session: Session) -> None:
    east, north = 364_000.0, 3_960_000.0
    land = Polygon([(east, north), (east + 900, north), (east + 900, north + 900), (east, north + 900)])
    _project(session)
    save_boundary(session, CODE, make_boundary(land, measuring_epsg=4548), FILE, version=1, submitted_at=NOW)
    srid, wkb = session.execute(text("SELECT ST_SRID(geometry), ST_AsBinary(geometry) FROM boundary_version")).one()
    assert srid == WORKING_EPSG
    expected = reproject(MultiPolygon([land]), 4548, WORKING_EPSG)
    assert shapely.from_wkb(bytes(wkb)).geoms[0].wkb == shapely.get_parts(expected)[0].wkb
    # PostGIS as the second opinion on the way there: the same corner to a tenth of a millimetre.
    eastings = session.execute(
        text("SELECT ST_X(p), ST_Y(p) FROM ST_Transform(ST_SetSRID(ST_MakePoint(:e, :n), 4548), 4547) AS p"),
        {"e": east, "n": north},
    ).one()
    assert shapely.get_coordinates(expected)[0] == pytest.approx(tuple(eastings), abs=1e-4)


def test_a_text_that_no_database_can_keep_is_refused(session: Session) -> None:
    given = make_boundary()
    _project(session)
    for name in ("a\0b", "a\ud800"):
        with pytest.raises(InvalidBoundary, match="地块1"):
            save_boundary(
                session,
                CODE,
                replace(given, parcels=(replace(given.parcels[0], name=name),)),
                FILE,
                version=1,
                submitted_at=NOW,
            )


def test_versions_are_listed_latest_first_and_fetched_by_number(session: Session) -> None:
    _project(session)
    for version, width in ((1, 100.0), (2, 50.0)):
        save_boundary(session, CODE, make_boundary(square(0, 0, width)), FILE, version=version, submitted_at=NOW)
    assert [line.version for line in list_boundaries(session, CODE)] == [2, 1]
    assert get_boundary(session, CODE).boundary.planar_area_m2 == 2_500.0
    assert get_boundary(session, CODE, 1).boundary.planar_area_m2 == 10_000.0


def test_what_is_not_there_is_told_apart(session: Session) -> None:
    _project(session)
    with pytest.raises(UnknownProject, match="没有项目"):
        get_boundary(session, "2026")
    with pytest.raises(UnknownBoundary):
        get_boundary(session, CODE)
    with pytest.raises(UnknownProject):
        get_project(session, "")


def test_the_list_has_its_latest_verdict_in_one_query(session: Session, engine: sqlalchemy.Engine) -> None:
    for number in range(6):
        submit(session, f"P{number}", name=f"项目{number}", now=NOW + timedelta(minutes=number))
    for code, verdict in (("P1", "pass"), ("P2", "fail"), ("P2", "pass"), ("P3", "fail"), ("P4", "fail")):
        _review(session, code, verdict)
    newer = get_boundary(session, "P4").boundary
    save_boundary(session, "P4", newer, FILE, version=2, submitted_at=NOW)  # its review is of the red line before
    counted = []
    event.listen(engine, "before_cursor_execute", lambda *call: counted.append(call[2]))
    page = list_projects(session, limit=4)
    assert len(counted) == 1
    assert page.total == 6
    assert [(line.code, line.verdict, line.boundary_version) for line in page.lines] == [
        ("P5", None, 1),
        ("P4", None, 2),
        ("P3", Verdict.FAIL, 1),
        ("P2", Verdict.PASS, 1),
    ]
    assert page.lines[0].lon_deg == pytest.approx(115.03, abs=0.1)
    assert list_projects(session, offset=99).total == 6, "a page past the end still knows the total"
    assert list_projects(session, offset=99).lines == ()


@pytest.mark.parametrize(
    ("conditions", "codes", "why"),
    [
        ({"verdict": Verdict.FAIL}, ["B"], "by the latest verdict"),
        ({"unreviewed": True}, ["C"], "not reviewed yet"),
        ({"search": "b"}, ["B"], "a part of the code, case aside"),
        ({"search": "东"}, ["C", "A"], "a part of the name"),
        ({"search": "%"}, [], "no pattern characters"),
        ({"search": "东", "verdict": Verdict.PASS}, ["A"], "both"),
    ],
)
def test_the_list_keeps_what_was_asked_for(
    session: Session, conditions: dict[str, object], codes: list[str], why: str
) -> None:
    for minute, (code, name) in enumerate([("A", "东区"), ("B", "西区"), ("C", "东区二期")]):
        submit(session, code, name=name, now=NOW + timedelta(minutes=minute))
    _review(session, "A", "pass")
    _review(session, "B", "fail")
    page = list_projects(session, **conditions)  # type: ignore[arg-type]
    assert [line.code for line in page.lines] == codes, why
    assert page.total == len(codes)


def _review(session: Session, code: str, verdict: str) -> None:
    session.execute(
        text("INSERT INTO rulebook VALUES ('0', 'r', '1', '', now()) ON CONFLICT DO NOTHING"),
    )
    session.execute(
        text(
            "INSERT INTO review (project_code, boundary_id, as_of, rulebook_sha256, verdict, document, document_bytes,"
            " document_sha256, created_at) VALUES (:code, :id, '2026-11-23', '0', :verdict, '{}', '', '', now())"
        ),
        {"code": code, "id": get_boundary(session, code).id, "verdict": verdict},
    )
