"""Reviews in the store: byte for byte, with the rulebook they were made with, superseded and never changed."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
import sqlalchemy
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_review.errors import UnknownProject, UnknownReview, UnknownRulebook
from geo_review.report.document import to_bytes
from geo_review.review.findings import Verdict
from geo_review.rules.load import parse_rulebook
from geo_review.store.reviews import (
    StoredReview,
    get_review,
    latest_review,
    latest_verdicts,
    list_reviews,
    rulebook_content,
    save_rulebook,
)
from geo_review.usecases.run_review import review_project
from tests.builders import AS_OF, square
from tests.postgis.stored import CODE, NOW, red_line_file, resubmit, seed_layer, submit

BOOK = """
id = "测试规则"
edition = "1"
[[rule]]
id = "X-forbid"
layer = "X"
kind = "forbid"
title = "禁止线"
""".encode()


def made(session: Session, code: str = CODE, *, version: int | None = None) -> StoredReview:
    return review_project(
        session,
        code=code,
        version=version,
        rulebook=parse_rulebook(BOOK, name="book.toml"),
        rulebook_content=BOOK,
        as_of=AS_OF,
        now=NOW,
    )


def test_a_review_comes_back_byte_for_byte(session: Session) -> None:
    seed_layer(session, square(50), coverage=square(-1_000, -1_000, 3_000))
    submit(session)
    review = made(session)
    session.commit()
    found = get_review(session, review.id)
    assert found == review
    assert to_bytes(found.document) == found.document_bytes
    assert hashlib.sha256(found.document_bytes).hexdigest() == found.document_sha256
    assert (found.verdict, found.project_code, found.boundary_version, found.as_of) == (Verdict.FAIL, CODE, 1, AS_OF)
    assert found.document["results"][0]["area_planar_m2"] == pytest.approx(5_000.0, rel=1e-12)
    assert found.document["project"] == {"RJL": "1.8", "XMDM": CODE, "XMMC": "样例厂房"}
    assert rulebook_content(session, found.rulebook_sha256) == BOOK


def test_the_report_can_be_asked_in_sql(session: Session) -> None:
    seed_layer(session, square(50))
    submit(session)
    made(session)
    outcome = session.execute(text("SELECT document #>> '{results,0,outcome}' FROM review")).scalar_one()
    assert outcome == "fail"


def test_a_later_review_supersedes_and_the_former_stays(session: Session) -> None:
    submit(session)
    first = made(session)
    seed_layer(session, square(5_000), coverage=square(-9_000, -9_000, 30_000))
    second = made(session)
    assert (first.verdict, second.verdict) == (Verdict.INCOMPLETE, Verdict.PASS), "no layer is never a pass"
    assert [line.id for line in list_reviews(session, CODE)] == [second.id, first.id]
    assert latest_review(session, CODE) == second
    assert get_review(session, first.id) == first


def test_a_new_red_line_has_no_verdict_until_it_is_reviewed(session: Session) -> None:
    submit(session)
    submit(session, "OTHER")
    made(session)
    made(session, "OTHER")
    later = NOW + timedelta(days=1)
    resubmit(session, red_line_file(square(0, 0, 50)), now=later)
    assert latest_review(session, CODE) is None
    assert latest_verdicts(session) == {CODE: None, "OTHER": Verdict.INCOMPLETE}
    assert made(session, version=1).boundary_version == 1
    assert latest_review(session, CODE) is None, "the old red line's review says nothing of the new one"
    assert made(session).boundary_version == 2
    assert latest_verdicts(session)[CODE] is Verdict.INCOMPLETE


def test_what_is_not_there_is_told(session: Session) -> None:
    with pytest.raises(UnknownReview, match="99"):
        get_review(session, 99)
    with pytest.raises(UnknownProject):
        list_reviews(session, CODE)
    with pytest.raises(UnknownRulebook):
        rulebook_content(session, "0" * 64)


def test_a_rulebook_is_kept_once_and_only_with_its_own_bytes(session: Session) -> None:
    book = parse_rulebook(BOOK, name="book.toml")
    save_rulebook(session, book, BOOK, stored_at=NOW)
    save_rulebook(session, book, BOOK, stored_at=NOW + timedelta(days=1))
    assert session.execute(text("SELECT count(*) FROM rulebook")).scalar_one() == 1
    with pytest.raises(ValueError, match="not read from these bytes"):
        save_rulebook(session, book, BOOK + b"# edited", stored_at=NOW)


@pytest.mark.parametrize(
    "statement", ["UPDATE review SET verdict = 'pass'", "DELETE FROM review", "DELETE FROM rulebook"]
)
def test_a_review_is_never_changed_or_deleted(session: Session, statement: str) -> None:
    submit(session)
    made(session)
    with pytest.raises(sqlalchemy.exc.IntegrityError):
        session.execute(text(statement))
