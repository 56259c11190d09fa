"""A draft tried on the last reviews: what it says would change is what changes once it is published."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_review.review.findings import Verdict
from geo_review.rules.load import parse_rulebook
from geo_review.store.control_layers import get_version
from geo_review.store.reviews import StoredReview
from geo_review.usecases.publish_layer import publish
from geo_review.usecases.run_review import review_project
from geo_review.usecases.simulate import simulate, simulation_document
from tests.builders import AS_OF
from tests.postgis.stored import NOW, seed_layer, submit
from tests.postgis.test_recheck import FORBID, at

LATER = NOW + timedelta(hours=1)


def reviewed(session: Session, code: str, book: bytes = FORBID) -> StoredReview:
    return review_project(
        session,
        code=code,
        rulebook=parse_rulebook(book, name="book.toml"),
        rulebook_content=book,
        as_of=AS_OF,
        now=LATER,
    )


@pytest.fixture
def three(session: Session) -> dict[str, StoredReview]:
    """Three projects in a row, reviewed: the first lies on the line by 20 m², the others do not."""
    seed_layer(session, at(0, 0, 2, 10), version="v1")
    for number in range(3):
        submit(session, f"P{number}", at(200 * number, 0, 200 * number + 100, 100))
    return {f"P{number}": reviewed(session, f"P{number}") for number in range(3)}


def test_what_a_draft_layer_would_change_is_what_changes_once_it_is_published(
    session: Session, three: dict[str, StoredReview]
) -> None:
    draft = seed_layer(session, at(200, 0, 250, 100), version="v2", valid_from=date(2026, 1, 1), published=False)
    made = simulate(session, last=10, draft=draft)
    assert {one.review.project_code: one.verdict for one in made.changed} == {
        "P0": Verdict.PASS,
        "P1": Verdict.FAIL,
    }
    publish(session, "X", "v2", now=LATER + timedelta(minutes=1))
    really = {code: reviewed(session, code).verdict for code in three}
    assert {code for code, verdict in really.items() if verdict is not three[code].verdict} == {"P0", "P1"}
    assert simulation_document(made, None, draft)["changed"] == 2


def test_what_a_draft_rulebook_would_change_is_told_rule_by_rule(
    session: Session, three: dict[str, StoredReview]
) -> None:
    draft = parse_rulebook(FORBID.replace(b'title = "T"', b'title = "T"\nignore_below_m2 = 50.0'), name="draft.toml")
    made = simulate(session, last=10, rulebook=draft)
    (one,) = made.changed
    assert (one.review.id, one.verdict) == (three["P0"].id, Verdict.PASS)
    (rule,) = one.rules
    assert (rule.before, rule.after) == ("fail", "pass")
    assert rule.area_before_m2 == rule.area_after_m2 == pytest.approx(20.0)


def test_a_rule_that_is_new_and_one_that_is_gone_are_told(session: Session, three: dict[str, StoredReview]) -> None:
    draft = parse_rulebook(FORBID.replace(b"X-forbid", b"X-other"), name="draft.toml")
    rules = {
        rule.rule_id: (rule.before, rule.after) for rule in simulate(session, last=1, rulebook=draft).tried[0].rules
    }
    assert rules == {"X-forbid": ("pass", None), "X-other": (None, "pass")}


def test_only_the_last_reviews_are_tried_and_nothing_is_stored(
    session: Session, three: dict[str, StoredReview]
) -> None:
    before = session.execute(text("SELECT count(*) FROM review")).scalar_one()
    made = simulate(session, last=2, draft=get_version(session, "X", "v1"))
    assert [one.review.project_code for one in made.tried] == ["P2", "P1"]
    assert made.changed == ()
    assert session.execute(text("SELECT count(*) FROM review")).scalar_one() == before
