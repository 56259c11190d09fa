"""Use cases end to end on PostGIS: whole or not at all, once however often, the same answer from store and folder."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import text
from sqlalchemy.orm import Session

from shapely.geometry import Polygon, shape

from geo_review.boundary.read import read_boundary
from geo_review.city import PUYANG
from geo_review.errors import GeoReviewError, InvalidBoundary, InvalidOption, ProjectExists, UnknownProject
from geo_review.identifiers import unusual_xmdm
from geo_review.report.document import to_document
from geo_review.rules.load import parse_rulebook
from geo_review.store.boundaries import get_boundary, list_boundaries
from geo_review.store.connect import make_sessions
from geo_review.store.projects import get_project, list_projects
from geo_review.usecases.folder_review import review_with_folder
from geo_review.usecases.judge_red_line import review_file
from geo_review.usecases.load_layer import load_layer
from geo_review.usecases.publish_layer import NOBODY
from geo_review.usecases.run_review import map_context, published_near, review_project
from geo_review.usecases.submit_project import submit_project
from tests.builders import AS_OF, EAST, NORTH, square
from tests.postgis.stored import CODE, NOW, geojson, red_line_file, resubmit, seed_layer, submit
from tests.postgis.test_reviews import BOOK


def test_a_project_is_stored_with_what_was_read(session: Session) -> None:
    stored = submit(session, flow="industrial")
    assert (stored.version, stored.is_new) == (1, True)
    assert stored.boundary == read_boundary(red_line_file(), city=PUYANG)
    assert get_boundary(session, CODE).boundary == stored.boundary
    assert get_project(session, CODE).values == {"RJL": "1.8", "flow": "industrial"}


def test_a_refused_red_line_stores_nothing(engine: sqlalchemy.Engine) -> None:
    sessions = make_sessions(engine)
    bow_tie = Polygon([(EAST, NORTH), (EAST + 9, NORTH + 9), (EAST + 9, NORTH), (EAST, NORTH + 9)])
    with pytest.raises(InvalidBoundary), sessions.begin() as session:
        submit(session, CODE, bow_tie)
    with sessions() as session:
        assert list_projects(session).total == 0


def test_a_step_that_fails_late_stores_nothing(engine: sqlalchemy.Engine) -> None:
    sessions = make_sessions(engine)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE parcel ADD CONSTRAINT broken CHECK (planar_area_m2 < 0)"))
    with pytest.raises(sqlalchemy.exc.IntegrityError, match="broken"), sessions.begin() as session:
        submit(session)
    with sessions() as session:
        assert list_projects(session).total == 0


def test_of_two_submissions_of_one_code_at_once_one_wins(engine: sqlalchemy.Engine) -> None:
    sessions = make_sessions(engine)
    barrier = threading.Barrier(2)
    ended: list[str] = []

    def run(name: str) -> None:
        try:
            with sessions.begin() as session:
                barrier.wait()
                submit(session, name=name)
            ended.append("stored")
        except ProjectExists as refused:
            ended.append(refused.code)

    threads = [threading.Thread(target=run, args=(name,)) for name in ("一", "二")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["project_exists", "stored"]
    with sessions() as session:
        assert list_projects(session).total == 1
        assert len(list_boundaries(session, CODE)) == 1


def test_two_new_red_lines_at_once_become_two_versions(engine: sqlalchemy.Engine) -> None:
    sessions = make_sessions(engine)
    with sessions.begin() as session:
        submit(session)
    barrier = threading.Barrier(2)
    failures: list[BaseException] = []

    def run(width_m: float) -> None:
        try:
            with sessions.begin() as session:
                barrier.wait()
                resubmit(session, red_line_file(square(0, 0, width_m)))
        except BaseException as failure:  # noqa: BLE001 a thread's failure must fail the test
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(width_m,)) for width_m in (10.0, 20.0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with sessions() as session:
        assert [line.version for line in list_boundaries(session, CODE)] == [3, 2, 1]


def test_the_same_file_again_is_the_same_version_and_an_older_one_a_new(session: Session) -> None:
    submit(session)
    same = resubmit(session, red_line_file())
    assert (same.version, same.is_new) == (1, False)
    other = resubmit(session, red_line_file(square(0, 0, 50)))
    assert (other.version, other.is_new) == (2, True)
    back = resubmit(session, red_line_file())
    assert (back.version, back.is_new) == (3, True), "the latest version is the one in force"


def test_a_red_line_for_no_project_is_refused(session: Session) -> None:
    with pytest.raises(UnknownProject):
        resubmit(session, red_line_file())


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "   "}, "code"),
        ({"code": "a" * 65}, "code"),
        ({"code": "2026/410900"}, "code"),
        ({"code": "a\0b"}, "code"),
        ({"code": "a\u202eb"}, "code"),
        ({"code": ".."}, "code"),
        ({"code": " a"}, "code"),
        ({"name": " "}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"flow": "a\0"}, "flow"),
        ({"attributes": {"RJL": "1\x07"}}, "RJL"),
    ],
)
def test_impossible_words_are_refused_by_their_field(session: Session, said: dict[str, object], field: str) -> None:
    words: dict[str, object] = {"code": CODE, "name": "厂房　一期", "flow": None, "attributes": {}}
    file, boundary = red_line_file(), read_boundary(red_line_file(), city=PUYANG)
    with pytest.raises(InvalidOption, match=f"^{field}："):
        submit_project(session, **words | said, file=file, boundary=boundary, now=NOW)  # type: ignore[arg-type]
    submit_project(session, **words, file=file, boundary=boundary, now=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "unusual"),
    [
        (CODE, False),
        ("2026-410900-47-01-01234", True),
        ("濮自然资2026-1", True),
        ("２０２６-410900-47-01-012345", True),
    ],
)
def test_an_unusual_project_code_is_warned_of_and_taken(code: str, unusual: bool) -> None:
    assert (unusual_xmdm(code) is not None) is unusual


def test_the_store_and_a_folder_give_the_same_report(session: Session, tmp_path: Path) -> None:
    """The same file read by --layers and loaded into the store: every key of the report is the same."""
    rows = [{"RJL": 1.5}, {"RJL": 2.0}, {"RJL": None}]
    shapes = [
        square(50, 0, 200),
        Polygon([(EAST, NORTH), (EAST + 30, NORTH + 30), (EAST + 30, NORTH), (EAST, NORTH + 30)]),
    ]
    (tmp_path / "X.geojson").write_bytes(geojson(*shapes, square(5_000), properties=rows))
    (tmp_path / "X.coverage.geojson").write_bytes(geojson(square(-500, -500, 560)))
    (tmp_path / "layers.toml").write_text('[X]\ntitle = "试"\nversion = "v1"\naccuracy_m = 0.5\n', encoding="utf-8")
    book = parse_rulebook(
        BOOK
        + b'[[rule]]\nid="near"\nlayer="X"\nkind="buffer_consult"\ntitle="b"\ndistance_m=30.0\ndepartment="ecology"\n'
        + b'[[rule]]\nid="plan"\nlayer="X"\nkind="compare"\ntitle="c"\nattribute="RJL"\noperator="<="\n',
        name="book.toml",
    )
    boundary = submit(session).boundary
    load_layer(
        session,
        tmp_path / "X.geojson",
        code="X",
        title="试",
        version="v1",
        accuracy_m=0.5,
        coverage_path=tmp_path / "X.coverage.geojson",
        publish_by=NOBODY,
        now=NOW,
    )
    values = {"RJL": "1.8"}
    from_store = review_file(published_near(session, boundary, book, AS_OF), boundary, book, AS_OF, values)
    from_folder, _ = review_with_folder(tmp_path, boundary, book, AS_OF, values)
    stored, read = to_document(from_store), to_document(from_folder)
    assert [result["outcome"] for result in stored["results"]] == ["fail", "not_covered", "fail"]
    assert _rounded(stored) == _rounded(read)
    (layer,) = map_context(session, boundary, book, AS_OF)
    assert (layer.code, layer.title, layer.kind) == ("X", "试", "forbid")


def _rounded(document: object) -> object:
    """Numbers to eight figures, of geometry its bounds: where buffers of parts are united, vertices stand elsewhere."""
    if isinstance(document, dict):
        return {key: _rounded(shape(value).bounds if key == "geometry" else value) for key, value in document.items()}
    if isinstance(document, list | tuple):
        return [_rounded(item) for item in document]
    return float(f"{document:.8g}") if isinstance(document, float) else document


def test_values_given_for_one_review_go_before_the_stored_ones(session: Session) -> None:
    seed_layer(session, square())
    submit(session, flow="industrial")
    review = review_project(
        session,
        code=CODE,
        rulebook=parse_rulebook(BOOK, name="b"),
        rulebook_content=BOOK,
        as_of=AS_OF,
        set_values={"RJL": "0.9"},
        now=NOW,
    )
    assert review.document["project"] == {"XMDM": CODE, "XMMC": "样例厂房", "RJL": "0.9", "flow": "industrial"}
    assert get_project(session, CODE).attributes == {"RJL": "1.8"}


def test_a_review_that_cannot_be_made_stores_nothing(engine: sqlalchemy.Engine) -> None:
    sessions = make_sessions(engine)
    with pytest.raises(GeoReviewError), sessions.begin() as session:
        review_project(
            session,
            code="NONE",
            rulebook=parse_rulebook(BOOK, name="b"),
            rulebook_content=BOOK,
            as_of=AS_OF,
            now=NOW,
        )
    with sessions() as session:
        assert session.execute(text("SELECT count(*) FROM rulebook")).scalar_one() == 0
