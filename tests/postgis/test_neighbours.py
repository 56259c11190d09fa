"""A red line against all others in force: what lies on the same land is named, always, and areas decide."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from shapely.affinity import translate
from shapely.geometry import MultiPolygon, box
from shapely.geometry.base import BaseGeometry

from geo_review.boundary.read import read_boundary
from geo_review.city import PUYANG
from geo_review.errors import UnknownProject
from geo_review.geometry.crs import reproject
from geo_review.report.document import to_bytes
from geo_review.report.neighbour_document import neighbour_document
from geo_review.review.findings import Contact
from geo_review.review.lineage import Origin, ParentNamed, Relation
from geo_review.review.neighbours import NeighbourKind, Standing
from geo_review.store.connect import make_sessions
from geo_review.store.neighbours import list_neighbours
from geo_review.store.statements import statement
from geo_review.usecases.keep_neighbours import change_standing, preview_neighbours
from tests.builders import square
from tests.postgis.stored import NOW, red_line_file, resubmit, submit

# name, the second red line, its kind and contact, (common land, strip, shared edge) to the first square of 100 m
PAIRS = [
    ("ten metres on the same land", square(90, 0), "overlap", "encroachment", (1_000.0, 0.0, 20.0)),
    ("a strip of 3 cm of the same land", square(99.97, 0), "overlap", "encroachment", (3.0, 0.0, 0.06)),
    ("one centimetre of the same land is contact", square(99.99, 0), "shared", "technical", (1.0, 0.0, 100.0)),
    ("the same edge", square(100, 0), "shared", "touch", (0.0, 0.0, 100.0)),
    ("one centimetre apart is contact", square(100.01, 0), "shared", "touch", (0.0, 0.0, 100.0)),
    ("a corner", square(100, 100), "shared", "touch", (0.0, 0.0, 0.0)),
    ("half a metre apart", square(100.5, 0), "gap", "none", (0.0, 50.0, 0.0)),
    ("two metres apart", square(102, 0), None),
    ("corner near corner", square(101, 101), None),
    ("the very same land", square(), "overlap", "encroachment", (10_000.0, 0.0, 400.0)),
    ("inside it", square(20, 20, 10), "overlap", "encroachment", (100.0, 0.0, 0.0)),
    (
        "far parcels, one of them on it",
        MultiPolygon([square(5_000, 0), square(90, 0)]),
        "overlap",
        "encroachment",
        (1_000.0, 0.0, 20.0),
    ),
]


def test_second_red_line_names_the_first_by_area_and_width(session: Session) -> None:
    """All pairs in one store, a kilometre from each other."""
    told, wanted = {}, {}
    for number, (name, second, *expected) in enumerate(PAIRS):
        first, second = (translate(land, 0.0, number * 1_000.0) for land in (square(), second))
        submit(session, f"{name}-1", first)
        submit(session, f"{name}-2", second)
        wanted[name] = [tuple(expected)] if expected[0] else []
        told[name] = [
            (
                str(one.figures.kind),
                str(one.figures.contact),
                pytest.approx(
                    (one.figures.overlap_planar_m2, one.figures.gap_planar_m2, one.figures.shared_length_m), abs=0.05
                ),
            )
            for one in list_neighbours(session, f"{name}-2")
        ]
        for one in list_neighbours(session, f"{name}-2"):
            assert (one.other_code, one.other_version, one.other_is_earlier) == (f"{name}-1", 1, True)
            assert f"{name}-1" in one.message
            (back,) = list_neighbours(session, f"{name}-1")
            assert (back.other_code, back.other_is_earlier, back.figures) == (f"{name}-2", False, one.figures)
    assert told == wanted


@pytest.mark.parametrize(("first_epsg", "second_epsg"), [(4547, 4548), (4548, 4547), (4548, 4548)])
def test_a_red_line_of_the_other_zone_is_found(session: Session, first_epsg: int, second_epsg: int) -> None:
    """115.55 degrees east, where files of both zones come in; a shared edge is not told as double allocation."""
    site = box(640_000, 3_960_000, 641_000, 3_961_000)
    beside = box(641_000, 3_960_000, 642_000, 3_961_000)
    across = box(640_900, 3_960_000, 641_900, 3_961_000)
    submit(session, "A", reproject(site, 4547, first_epsg), epsg=first_epsg)
    submit(session, "B", reproject(beside, 4547, second_epsg), epsg=second_epsg)
    submit(session, "C", reproject(across, 4547, second_epsg), epsg=second_epsg)
    (shared,) = [one for one in list_neighbours(session, "B") if one.other_code == "A"]
    assert shared.figures.kind is NeighbourKind.SHARED
    assert shared.figures.shared_length_m == pytest.approx(1_000.0, rel=1e-3)
    (overlap,) = [one for one in list_neighbours(session, "C") if one.other_code == "A"]
    assert overlap.figures.kind is NeighbourKind.OVERLAP
    assert overlap.figures.overlap_planar_m2 == pytest.approx(100_000.0, rel=2e-3)
    assert overlap.figures.overlap_ellipsoidal_m2 == pytest.approx(100_000.0, rel=2e-3)


def test_pairs_of_superseded_versions_are_history(session: Session) -> None:
    submit(session, "A")
    submit(session, "B", square(90, 0))
    resubmit(session, red_line_file(square(90, 200)), code="B")
    assert list_neighbours(session, "B") == list_neighbours(session, "A") == ()
    assert session.execute(text("SELECT count(*) FROM neighbour")).scalar_one() == 1
    resubmit(session, red_line_file(square(80, 200)), code="A")
    (one,) = list_neighbours(session, "A")
    assert (one.other_code, one.other_version, one.figures.overlap_planar_m2) == ("B", 2, pytest.approx(9_000.0))


def test_a_withdrawn_project_claims_no_land_until_it_is_back(session: Session) -> None:
    submit(session, "A")
    change_standing(session, "A", Standing.WITHDRAWN, now=NOW)
    submit(session, "B", square(90, 0))
    assert list_neighbours(session, "A") == list_neighbours(session, "B") == ()
    change_standing(session, "A", Standing.APPROVED, now=NOW)
    (one,) = list_neighbours(session, "B")
    assert (one.other_code, one.other_standing, one.figures.kind) == ("A", "approved", "overlap")
    assert one.other_is_earlier, "it was submitted first, whenever it was found"
    with pytest.raises(UnknownProject):
        change_standing(session, "C", Standing.LIVE, now=NOW)


RELATIVES = [
    ("a phase inside its parent", Relation.PHASE, square(0, 0, 50), ("A",), "lineage"),
    ("a piece of a split", Relation.SPLIT, square(0, 0, 50, 100), ("A",), "lineage"),
    ("what replaces it", Relation.REPLACE, square(0, 0, 120), ("A",), "lineage"),
    ("both merged", Relation.MERGE, MultiPolygon([square(), square(500, 0)]), ("A", "far"), "lineage"),
    ("no relative", None, square(0, 0, 50), (), "overlap"),
]


def test_relatives_on_the_same_land_are_expected(session: Session) -> None:
    for number, (name, relation, drawn, of, kind) in enumerate(RELATIVES):
        north_m = number * 1_000.0
        parent, far, child = f"{name}-A", f"{name}-far", f"{name}-B"
        submit(session, parent, square(0, north_m))
        submit(session, far, square(500, north_m))
        parents = tuple(ParentNamed(code=f"{name}-{code}") for code in of)
        submit(session, child, translate(drawn, 0.0, north_m), origin=Origin(relation=relation, parents=parents))
        (one,) = [one for one in list_neighbours(session, child) if one.other_code == parent]
        assert (name, one.figures.kind) == (name, kind)
        assert one.figures.overlap_planar_m2 > 0.0
        # A later version of the parent, and one of the child, are relatives as well.
        resubmit(session, red_line_file(square(0, north_m, 101)), code=parent)
        resubmit(session, red_line_file(square(0, north_m, 49)), code=child)
        kinds = [one.figures.kind for one in list_neighbours(session, parent) if one.other_code == child]
        assert (name, kinds) == (name, [kind])


def test_two_pieces_of_one_parent_on_the_same_land_are_double_allocation(session: Session) -> None:
    submit(session, "A")
    of_a = Origin(relation=Relation.SPLIT, parents=(ParentNamed(code="A"),))
    submit(session, "B", square(0, 0, 60, 100), origin=of_a)
    submit(session, "C", square(50, 0, 50, 100), origin=of_a)
    kinds = {one.other_code: one.figures.kind for one in list_neighbours(session, "C")}
    assert kinds == {"B": NeighbourKind.OVERLAP, "A": NeighbourKind.LINEAGE}


def test_of_two_that_overlap_at_once_the_second_names_the_first(engine: sqlalchemy.Engine) -> None:
    """Both have stored their red line before either commits: without the lock neither sees the other."""
    sessions = make_sessions(engine)
    for north_m in (0.0, 1_000.0, 2_000.0):
        first, second = f"A{north_m:.0f}", f"B{north_m:.0f}"
        _at_once(sessions, {first: square(0, north_m), second: square(90, north_m)})
        with sessions() as session:
            (seen_by_first,), (seen_by_second,) = list_neighbours(session, first), list_neighbours(session, second)
            assert {seen_by_first.figures.kind, seen_by_second.figures.kind} == {NeighbourKind.OVERLAP}
            assert seen_by_first.other_is_earlier != seen_by_second.other_is_earlier


def _at_once(sessions: sessionmaker[Session], lands: dict[str, BaseGeometry]) -> None:
    barrier = threading.Barrier(len(lands))
    failures: list[BaseException] = []

    def run(code: str, land: BaseGeometry) -> None:
        try:
            with sessions.begin() as session:
                session.execute(text("SELECT 1"))  # the transaction and its connection are there
                barrier.wait()
                submit(session, code, land)
                session.execute(text("SELECT pg_sleep(0.05)"))  # what else the transaction does before its end
        except BaseException as failure:  # noqa: BLE001 a thread's failure must fail the test
            failures.append(failure)

    threads = [threading.Thread(target=run, args=item) for item in lands.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_preview_says_what_a_submission_would_and_stores_nothing(session: Session) -> None:
    submit(session, "A")
    submit(session, "B", square(300, 0))
    file = red_line_file(square(90, 0))
    (seen,) = preview_neighbours(session, read_boundary(file, city=PUYANG), code="B")
    assert list_neighbours(session, "B") == ()
    resubmit(session, file, code="B", now=NOW + timedelta(minutes=1))
    (kept,) = list_neighbours(session, "B")
    assert to_bytes(neighbour_document(seen)) == to_bytes(neighbour_document(kept))
    assert seen.figures.contact is Contact.ENCROACHMENT


def test_the_neighbours_of_no_project_are_refused(session: Session) -> None:
    with pytest.raises(UnknownProject):
        list_neighbours(session, "A")


def test_the_plan_uses_the_indexes(session: Session) -> None:
    """Among 20,000 red lines a search must not look at each."""
    submit(session, "A")
    session.execute(text("SET LOCAL enable_seqscan = off"))
    binds = {"boundary": square().wkb, "epsg": 4547, "reach_m": 2.5, "project_code": "A"}
    plan = session.execute(text(f"EXPLAIN {statement('red_lines_near').text}"), binds).scalars().all()
    assert "ix_boundary_version_geometry" in "\n".join(plan)
