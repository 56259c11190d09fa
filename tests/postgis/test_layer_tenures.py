"""Two times: on which days a version is in force, and when the city held that to be so. Withdrawn, nothing is lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_review.errors import ConfirmationNeeded, Conflict, InvalidOption, NotAllowed
from geo_review.exchange.package_profile import DEFAULT_PROFILE, load_profile
from geo_review.report.document import to_bytes
from geo_review.rules.load import parse_rulebook
from geo_review.store.control_layers import LayerState, get_version, history, published_layers, versions_in_use
from geo_review.store.layer_tenures import LayerAction, events_of
from geo_review.store.outbox import content_of, left_messages
from geo_review.store.reviews import StoredReview
from geo_review.usecases.control_line_package import package_of_version
from geo_review.usecases.publish_layer import Effect, Publisher, end, publish, roll_back, withdraw
from geo_review.usecases.repeat_review import Cause, repeat_review
from geo_review.usecases.run_review import review_project
from tests.builders import AS_OF, square
from tests.postgis.stored import CODE, NOW, seed_layer, submit

D2020, D2023, D2025, D2030 = (date(year, 1, 1) for year in (2020, 2023, 2025, 2030))
BOOK = """
id = "测试规则"
edition = "1"
[[rule]]
id = "X-forbid"
layer = "X"
kind = "forbid"
title = "禁止线"
""".encode()


def at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def seeded(session: Session, version: str, start: date | None, *, minutes: int, side: float = 100.0) -> None:
    seed_layer(session, square(0, 0, side), version=version, valid_from=start, now=at(minutes))


def in_force(session: Session, day: date, known_at: datetime | None = None) -> list[str]:
    return [version.version for version in published_layers(session, day, known_at=known_at)]


def reviewed(session: Session, minutes: int) -> StoredReview:
    return review_project(
        session,
        code=CODE,
        rulebook=parse_rulebook(BOOK, name="book.toml"),
        rulebook_content=BOOK,
        as_of=AS_OF,
        now=at(minutes),
    )


@pytest.mark.parametrize(
    ("day", "minutes", "expected", "why"),
    [
        (D2030, -1, [], "nothing was known before the first publication"),
        (D2030, 0, ["old"], "the moment of publishing counts"),
        (D2030, 9, ["old"], "until the next publication"),
        (D2030, 10, ["new"], "the successor"),
        (D2023, 10, ["old"], "the days before the successor stay with the predecessor"),
        (D2030, 20, ["old"], "withdrawn: the predecessor goes on"),
        (D2030, None, ["old"], "as held now"),
    ],
)
def test_what_was_held_at_any_moment_can_be_asked(
    session: Session, day: date, minutes: int | None, expected: list[str], why: str
) -> None:
    seeded(session, "old", None, minutes=0)
    seeded(session, "new", D2025, minutes=10)
    withdraw(session, "X", "new", now=at(20))
    assert in_force(session, day, None if minutes is None else at(minutes)) == expected, why


def test_a_withdrawal_lets_the_predecessor_go_on_and_is_told(session: Session) -> None:
    seeded(session, "old", None, minutes=0)
    seeded(session, "new", D2025, minutes=1)
    done = withdraw(session, "X", "new", by=Publisher(name="王", reason="坐标有误"), now=at(2))
    assert done.version.state is LayerState.WITHDRAWN
    assert [(one.version.version, one.effect, one.version.valid_to) for one in done.affected] == [
        ("old", Effect.REOPENED, None)
    ]
    latest = events_of(session, "X")[0]
    assert (latest.version, latest.action, latest.by, latest.reason) == ("new", LayerAction.WITHDRAWN, "王", "坐标有误")


def test_a_withdrawal_restores_what_the_version_had_replaced(session: Session) -> None:
    seeded(session, "first", D2020, minutes=0)
    seeded(session, "second", D2020, minutes=1)
    done = withdraw(session, "X", "second", now=at(2))
    assert [(one.version.version, one.effect) for one in done.affected] == [("first", Effect.RESTORED)]
    assert in_force(session, D2030) == ["first"]


def test_rolling_back_twice_goes_back_two_publications(session: Session) -> None:
    for minutes, (version, start) in enumerate([("a", None), ("b", D2023), ("c", D2025)]):
        seeded(session, version, start, minutes=minutes)
    assert roll_back(session, "X", now=at(10)).version.version == "c"
    assert roll_back(session, "X", now=at(11)).version.version == "b"
    assert in_force(session, D2030) == ["a"]
    roll_back(session, "X", now=at(12))
    with pytest.raises(Conflict, match="没有已发布的版本"):
        roll_back(session, "X", now=at(13))


def test_an_ended_version_leaves_a_gap_that_nothing_fills(session: Session) -> None:
    seeded(session, "old", None, minutes=0)
    seeded(session, "new", D2020, minutes=1)
    done = end(session, "X", "new", D2025, now=at(2))
    assert done.version.valid_to == D2025
    assert done.version.declared_valid_to is None, "what was given when it was loaded stays"
    assert (in_force(session, D2023), in_force(session, D2030)) == (["new"], [])


@pytest.mark.parametrize(
    ("do", "error", "why"),
    [
        (lambda s: withdraw(s, "X", "staged", now=at(9)), Conflict, "it was never published"),
        (lambda s: end(s, "X", "new", D2020, now=at(9)), InvalidOption, "it would not be in force for a day"),
        (lambda s: end(s, "X", "old", D2030, now=at(9)), InvalidOption, "an end is not put off by ending"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_and_changes_nothing(
    session: Session, do: Callable[[Session], object], error: type[Exception], why: str
) -> None:
    seeded(session, "old", None, minutes=0)
    seeded(session, "new", D2020, minutes=1)
    seed_layer(session, square(), version="staged", valid_from=D2025, published=False)
    before = history(session, "X"), events_of(session, "X")
    with pytest.raises(error):
        do(session)
    assert (history(session, "X"), events_of(session, "X")) == before, why


def test_an_empty_version_takes_the_place_of_a_full_one_only_for_who_types_the_code(session: Session) -> None:
    seeded(session, "full", None, minutes=0)
    seed_layer(session, version="empty", valid_from=D2025, published=False)
    for typed in (None, "", "x"):
        with pytest.raises(ConfirmationNeeded, match="没有任何要素"):
            publish(session, "X", "empty", by=Publisher(typed=typed), now=at(1))
    assert get_version(session, "X", "empty").state is LayerState.LOADED
    publish(session, "X", "empty", by=Publisher(typed="X"), now=at(1))
    assert in_force(session, D2030) == ["empty"]


@pytest.mark.parametrize(("name", "allowed"), [("甲", False), ("", False), ("乙", True)])
def test_where_two_people_are_needed_the_loader_does_not_publish(session: Session, name: str, allowed: bool) -> None:
    seed_layer(session, square(), published=False, by="甲")
    by = Publisher(name=name, needs_second_person=True)
    if allowed:
        assert publish(session, "X", "v1", by=by, now=NOW).version.state is LayerState.PUBLISHED
    else:
        with pytest.raises(NotAllowed, match="另一人"):
            publish(session, "X", "v1", by=by, now=NOW)


def test_a_clock_that_was_set_back_does_not_make_history(session: Session) -> None:
    seeded(session, "old", None, minutes=60)
    seeded(session, "new", D2025, minutes=0)
    assert in_force(session, D2030) == ["new"]
    assert in_force(session, D2030, at(60)) == ["old"], "what was held an hour ago is what was held"


def test_what_was_held_is_never_changed(session: Session) -> None:
    seeded(session, "old", None, minutes=0)
    for change in (
        "DELETE FROM control_layer_tenure",
        "UPDATE control_layer_tenure SET valid_to = '2030-01-01'",
        "UPDATE control_layer_tenure SET known_to = now(), valid_from = '2000-01-01'",
        "DELETE FROM control_layer_event",
    ):
        with pytest.raises(sqlalchemy.exc.DBAPIError, match="never changed"), session.begin_nested():
            session.execute(text(change))


def test_a_review_of_last_year_gives_the_same_bytes_after_three_changes_of_its_layer(session: Session) -> None:
    submit(session)
    seeded(session, "first", None, minutes=0, side=30.0)
    made = reviewed(session, 1)
    seeded(session, "second", D2025, minutes=2, side=60.0)  # closes the first, which then ended never
    seeded(session, "third", None, minutes=3, side=90.0)  # replaces the first
    withdraw(session, "X", "second", now=at(4))
    repeated = repeat_review(session, made.id)
    assert repeated.is_same, repeated.differences
    assert repeated.document_bytes == made.document_bytes
    again = reviewed(session, 5)
    assert again.document_bytes != made.document_bytes, "today it is judged by the third"
    assert repeat_review(session, again.id).is_same


def test_a_review_by_another_engine_is_explained_field_by_field(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(session)
    seeded(session, "first", None, minutes=0, side=30.0)
    made = reviewed(session, 1)
    monkeypatch.setattr("geo_review.usecases.judge_red_line.__version__", "9.9")
    repeated = repeat_review(session, made.id)
    assert [(one.field.path, one.cause) for one in repeated.differences] == [("engine.geo_review", Cause.ENGINE)]
    assert to_bytes(made.document) == made.document_bytes


def test_a_review_from_before_versions_were_kept_is_made_by_what_was_known_then(session: Session) -> None:
    submit(session)
    seeded(session, "first", None, minutes=0, side=30.0)
    made = reviewed(session, 1)
    session.execute(text("ALTER TABLE review_layer DISABLE TRIGGER never_changed"))
    session.execute(text("DELETE FROM review_layer"))
    session.execute(text("ALTER TABLE review_layer ENABLE TRIGGER never_changed"))
    seeded(session, "second", D2025, minutes=2, side=60.0)
    assert repeat_review(session, made.id).is_same
    assert versions_in_use(session, ["X"], known_at=at(1))["X"][0].valid_to is None


def test_every_change_leaves_its_message_for_the_province_in_the_same_transaction(session: Session) -> None:
    seeded(session, "old", D2020, minutes=0)
    seeded(session, "new", D2020, minutes=1)
    withdraw(session, "X", "new", now=at(2))
    told = [(one.key, one.payload["version"], one.payload["action"]) for one in reversed(left_messages(session))]
    assert told == [
        ("X", "old", "published"),
        ("X", "new", "published"),
        ("X", "new", "withdrawn"),
        ("X", "old", "restored"),
    ]
    session.rollback()
    assert left_messages(session) == ()


def test_the_package_that_is_left_is_the_one_that_can_be_looked_at(session: Session) -> None:
    seeded(session, "v1", D2020, minutes=0)
    (message,) = left_messages(session)
    looked_at = io.BytesIO()
    built = package_of_version(session, "X", "v1", load_profile(DEFAULT_PROFILE), into=looked_at)
    assert content_of(session, message.id) == looked_at.getvalue()
    assert message.payload["file"] == built.name


def test_a_version_that_the_province_cannot_take_in_is_published_all_the_same_and_that_is_told(
    session: Session,
) -> None:
    seed_layer(session, version="empty", published=False)
    done = publish(session, "X", "empty", now=NOW)
    assert done.version.state is LayerState.PUBLISHED
    assert done.package_problem
    (message,) = left_messages(session)
    assert message.payload["problem"] == done.package_problem
    assert message.content_bytes == 0


def test_a_sample_is_told_to_nobody(session: Session) -> None:
    seed_layer(session, square(), title="样例数据")
    assert left_messages(session) == ()
