"""A file that waits for its confirmation: kept a day, counted, confirmed once; and the red lines shown around it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import TypeVar

import pytest
import sqlalchemy
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from geo_review.boundary.asked import NOTHING_ASKED, Asked
from geo_review.boundary.read import read_boundary
from geo_review.boundary.received import ReceivedFile
from geo_review.city import PUYANG
from geo_review.errors import Conflict, InvalidOption, ProjectExists, TooLarge, UnknownImport, UnknownProject
from geo_review.geometry.crs import LONLAT, reproject
from geo_review.review.neighbours import Standing
from geo_review.rules.load import DEFAULT_RULEBOOK, parse_rulebook, read_packaged_rulebook
from geo_review.store import nearby_red_lines, pending_uploads
from geo_review.store.boundaries import get_file, list_boundaries
from geo_review.store.connect import make_sessions
from geo_review.store.nearby_red_lines import red_lines_within
from geo_review.store.pending_uploads import (
    KEPT,
    ImportTarget,
    ask_of_upload,
    drop_upload,
    get_upload,
    keep_upload,
    mark_confirmed,
)
from geo_review.store.projects import get_project
from geo_review.store.reviews import list_reviews
from geo_review.store.tables import pending_upload
from geo_review.usecases.confirm_import import Confirmed, confirm_import
from geo_review.usecases.keep_neighbours import change_standing
from geo_review.usecases.receive_import import receive_import
from tests.builders import square
from tests.postgis.stored import CODE, NOW, red_line_file, resubmit, submit

NEW = ImportTarget(code=CODE, name="样例厂房", flow="industrial")
NEXT = ImportTarget(code=CODE)
RULES = read_packaged_rulebook(DEFAULT_RULEBOOK)
SECOND = timedelta(seconds=1)
T = TypeVar("T")


def keep(session: Session, target: ImportTarget = NEW, *, size_bytes: int = 3, now: datetime = NOW) -> str:
    return keep_upload(session, ReceivedFile(name="红线.txt", content=b"\0" * size_bytes), target, now=now)


def waiting(session: Session) -> int:
    return session.execute(select(func.count()).select_from(pending_upload)).scalar_one()


def confirm(session: Session, token: str, file: ReceivedFile, *, read_as: Asked = NOTHING_ASKED) -> Confirmed:
    return confirm_import(
        session,
        token,
        read_boundary(file, city=PUYANG, asked=read_as),
        read_as=read_as,
        rulebook=parse_rulebook(RULES, name=DEFAULT_RULEBOOK),
        rulebook_content=RULES,
        as_of=date(2026, 11, 23),
        now=NOW,
    )


@pytest.mark.parametrize("target", [NEW, ImportTarget(code="甲 1", name="甲"), NEXT])
def test_a_file_waits_as_it_came(target: ImportTarget, session: Session) -> None:
    content = bytes(range(256))
    token = keep_upload(session, ReceivedFile(name="红线’<1>.txt", content=content), target, now=NOW)
    session.commit()
    got = get_upload(session, token, now=NOW)
    assert (got.file.name, got.file.content) == ("红线’<1>.txt", content)
    assert (got.target, got.asked, got.created_at, got.confirmed_version) == (target, NOTHING_ASKED, NOW, None)
    assert keep(session) != token


def test_a_file_waits_a_day_and_is_deleted_by_the_next_one(session: Session) -> None:
    token, later = keep(session), keep(session, now=NOW + SECOND)
    assert get_upload(session, token, now=NOW + KEPT).token == token
    with pytest.raises(UnknownImport, match="超过一天"):
        get_upload(session, token, now=NOW + KEPT + SECOND)
    assert waiting(session) == 2, "looking deletes nothing"
    keep(session, now=NOW + KEPT + SECOND)
    assert get_upload(session, later, now=NOW + KEPT + SECOND).token == later
    assert waiting(session) == 2, "the expired one is gone"


@pytest.mark.parametrize("token", ["", "A" * 43, "A" * 42, "A" * 44, "A" * 42 + "\n", "A" * 42 + "\0", "ａ" * 43, "%"])
def test_a_token_that_was_never_given_is_told_from_none(token: str, session: Session) -> None:
    keep(session)
    for lock in (False, True):
        with pytest.raises(UnknownImport) as refused:
            get_upload(session, token, now=NOW, lock=lock)
        assert refused.value.code == "unknown_import"
        assert refused.value.remedy


def test_no_more_wait_than_there_is_room_for(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending_uploads, "MOST_FILES", 2)
    monkeypatch.setattr(pending_uploads, "MOST_BYTES", 100)
    first = keep(session, size_bytes=90)
    with pytest.raises(TooLarge) as by_size:
        keep(session, size_bytes=11)
    keep(session, size_bytes=10)
    with pytest.raises(TooLarge) as by_count:
        keep(session, size_bytes=0)
    assert {by_size.value.code, by_count.value.code} == {"too_many_imports"}
    mark_confirmed(session, first, 1)
    keep(session, size_bytes=90)  # what was confirmed waits no more
    keep(session, size_bytes=100, now=NOW + KEPT + SECOND)  # what is expired is deleted first
    assert waiting(session) == 1


ASKED = [
    Asked(epsg=4547),
    Asked(layer="红线/用地\0\"'\\"),
    Asked(parcels=(3, 1)),
    Asked(accept=frozenset({"spike", "repeated_point"})),
    NOTHING_ASKED,
]


def test_what_is_said_of_a_file_is_kept_whole_and_replaced_whole(session: Session) -> None:
    token, other = keep(session), keep(session)
    for asked in ASKED:
        ask_of_upload(session, token, asked)
        assert get_upload(session, token, now=NOW).asked == asked
    ask_of_upload(session, token, ASKED[0])
    assert get_upload(session, other, now=NOW).asked == NOTHING_ASKED


def test_what_was_confirmed_lets_go_of_its_bytes_and_knows_its_version(session: Session) -> None:
    token, other = keep(session), keep(session)
    mark_confirmed(session, token, 7)
    got = get_upload(session, token, now=NOW)
    assert (got.confirmed_version, got.file.content, got.target) == (7, b"", NEW)
    assert get_upload(session, other, now=NOW).confirmed_version is None
    ask_of_upload(session, token, Asked(epsg=4548))
    assert get_upload(session, token, now=NOW).asked == NOTHING_ASKED, "nothing is said of it any more"
    with pytest.raises(sqlalchemy.exc.IntegrityError, match="content_until_confirmed"):
        session.execute(sqlalchemy.update(pending_upload).values(content=None, confirmed_version=None))


def test_a_dropped_file_is_gone_and_one_that_was_confirmed_stays_known(session: Session) -> None:
    token, other, confirmed = keep(session), keep(session), keep(session)
    mark_confirmed(session, confirmed, 1)
    for gone in (token, token, "never given", confirmed):
        drop_upload(session, gone)
    with pytest.raises(UnknownImport):
        get_upload(session, token, now=NOW)
    assert get_upload(session, other, now=NOW).token == other
    assert get_upload(session, confirmed, now=NOW).confirmed_version == 1


@pytest.mark.parametrize(
    ("why", "target", "error", "says"),
    [
        ("a next version of no project", ImportTarget(code="none"), UnknownProject, "none"),
        ("a code that is taken", NEW, ProjectExists, CODE),
        ("no code", ImportTarget(code=" ", name="甲"), InvalidOption, ""),
        ("a code that is a path", ImportTarget(code="../甲", name="甲"), InvalidOption, ""),
        ("no name", ImportTarget(code="new", name=" "), InvalidOption, "名称"),
        ("a name of two lines", ImportTarget(code="new", name="甲\n乙"), InvalidOption, "U+000A"),
    ],
)
def test_what_cannot_be_confirmed_is_not_even_kept(
    why: str, target: ImportTarget, error: type[Exception], says: str, session: Session
) -> None:
    submit(session)
    with pytest.raises(error) as refused:
        receive_import(session, red_line_file(), target, now=NOW)
    assert says in str(refused.value), why
    assert waiting(session) == 0, why


def test_a_confirmation_stores_project_bytes_and_review_and_a_second_one_nothing(session: Session) -> None:
    file = red_line_file()
    token = receive_import(session, file, NEW, now=NOW)
    assert confirm(session, token, file) == Confirmed(project_code=CODE, version=1, was_in_force=False)
    assert get_file(session, CODE, 1).content == file.content
    assert len(list_reviews(session, CODE)) == 1
    assert confirm(session, token, file) == Confirmed(project_code=CODE, version=1, was_in_force=False)
    assert (len(list_boundaries(session, CODE)), len(list_reviews(session, CODE))) == (1, 1)


def test_the_red_line_in_force_confirmed_as_a_next_version_is_told_to_be_the_same(session: Session) -> None:
    submit(session)
    told = []
    for file in (red_line_file(), red_line_file(square(7))):
        token = receive_import(session, file, NEXT, now=NOW)
        told.append(confirm(session, token, file))
    assert [(one.version, one.was_in_force) for one in told] == [(1, True), (2, False)]


@pytest.mark.parametrize(
    ("why", "said", "read"),
    [
        ("something else is said by now", Asked(epsg=4548), red_line_file()),
        ("another file was read", NOTHING_ASKED, red_line_file(square(7))),
    ],
)
def test_what_was_not_read_as_it_is_kept_is_not_stored(
    why: str, said: Asked, read: ReceivedFile, session: Session
) -> None:
    token = receive_import(session, red_line_file(), NEW, now=NOW)
    ask_of_upload(session, token, said)
    with pytest.raises(Conflict) as refused:
        confirm(session, token, read)
    assert refused.value.code == "import_changed", why
    with pytest.raises(UnknownProject):
        get_project(session, CODE)


@pytest.mark.parametrize("target", [NEW, NEXT])
def test_of_two_confirmations_at_once_one_stores_and_both_are_told_where(
    target: ImportTarget, engine: sqlalchemy.Engine
) -> None:
    sessions, file = make_sessions(engine), red_line_file(square(7))
    with sessions.begin() as session:
        if target.name is None:
            submit(session)
        token = receive_import(session, file, target, now=NOW)
    version = 1 if target.name else 2
    told = _at_once(sessions, lambda session: confirm(session, token, file))
    assert told == [Confirmed(project_code=CODE, version=version, was_in_force=False)] * 2
    with sessions() as session:
        assert len(list_boundaries(session, CODE)) == version
        assert len(list_reviews(session, CODE)) == 1


def test_files_that_come_at_once_are_counted_one_after_the_other(
    engine: sqlalchemy.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending_uploads, "MOST_FILES", 1)
    told = _at_once(make_sessions(engine), _kept_or_refused)
    assert sorted(told) == ["kept", "refused"]


def _kept_or_refused(session: Session) -> str:
    try:
        keep(session)
    except TooLarge:
        return "refused"
    session.execute(sqlalchemy.text("SELECT pg_sleep(0.05)"))
    return "kept"


def _at_once(sessions: sessionmaker[Session], ask: Callable[[Session], T]) -> list[T]:
    """What two sessions get that ask at the same time."""
    barrier = threading.Barrier(2)

    def run() -> T:
        with sessions.begin() as session:
            session.execute(sqlalchemy.text("SELECT 1"))  # the transaction and its connection are there
            barrier.wait()
            return ask(session)

    with ThreadPoolExecutor(2) as threads:
        return [future.result() for future in [threads.submit(run) for _ in range(2)]]


def frame_of(east_m: float, north_m: float, width_m: float) -> tuple[float, float, float, float]:
    """A frame of degrees around a square of the builder."""
    bounds: tuple[float, float, float, float] = reproject(square(east_m, north_m, width_m), 4547, LONLAT).bounds
    return bounds


def test_the_red_lines_around_a_place_are_the_latest_ones_in_force(session: Session) -> None:
    frame = frame_of(-500, -500, 1_100)
    submit(session, "here", square(), name="甲")
    submit(session, "moved-away", square(200, 0))
    resubmit(session, red_line_file(square(5_000, 0)), code="moved-away")
    submit(session, "moved-here", square(5_000, 0))
    resubmit(session, red_line_file(square(300, 0)), code="moved-here")
    submit(session, "withdrawn", square(0, 200))
    change_standing(session, "withdrawn", Standing.WITHDRAWN, now=NOW)
    submit(session, "approved", square(0, 300))
    change_standing(session, "approved", Standing.APPROVED, now=NOW)
    submit(session, "far", square(5_000, 5_000))
    found = red_lines_within(session, frame)
    assert {(one.project_code, one.version) for one in found} == {("here", 1), ("moved-here", 2), ("approved", 1)}
    assert {one.project_name for one in found if one.project_code == "here"} == {"甲"}
    but_mine = red_lines_within(session, frame, except_code="here")
    assert {one.project_code for one in but_mine} == {"moved-here", "approved"}


def test_the_nearest_red_lines_are_shown_when_there_are_too_many(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearby_red_lines, "MOST_LINES", 3)
    for east_m in (400, -200, 100, 0, -500):
        submit(session, f"{east_m}", square(east_m, 0, 10))
    found = red_lines_within(session, frame_of(-600, -600, 1_210))
    assert [one.project_code for one in found] == ["0", "100", "-200"]


def test_a_red_line_is_cut_to_the_frame_and_one_beside_it_is_not_shown(session: Session) -> None:
    land = square(0, 0, 1_000).difference(square(100, 100, 900))  # an L around an empty place
    submit(session, "L", land)
    inside = frame_of(-50, -50, 200)
    (shown,) = red_lines_within(session, inside)
    west, south, east, north = shown.lonlat.bounds
    assert inside[0] <= west < east <= inside[2]
    assert inside[1] <= south < north <= inside[3]
    assert red_lines_within(session, frame_of(300, 300, 100)) == (), "its extent alone is no red line"
