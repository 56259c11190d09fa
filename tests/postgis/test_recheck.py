"""A layer changed: the land between its versions, the projects it means something for, exactly those, told once."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text
from sqlalchemy.orm import Session

import shapely
from shapely.geometry import LineString, Polygon, box

from geo_review.errors import Conflict, InvalidOption
from geo_review.report.recheck_sheet import recheck_workbook
from geo_review.review.layer_effect import Change
from geo_review.review.neighbours import Standing
from geo_review.rules.load import parse_rulebook
from geo_review.rules.rulebook import Rulebook
from geo_review.store.control_layers import LayerVersion, get_version
from geo_review.store.layer_change import layer_change
from geo_review.store.projects import set_standing
from geo_review.store.rechecks import get_recheck, list_rechecks, tick_notice, unread_notices
from geo_review.store.reviews import list_reviews
from geo_review.usecases.last_change import last_change
from geo_review.usecases.layer_diff import diff_document, diff_geojson, layer_diff
from geo_review.usecases.recheck import keep_recheck, recheck
from geo_review.usecases.recheck_document import recheck_document
from geo_review.usecases.rechecked import Recheck
from tests.builders import AS_OF, EAST, NORTH, square
from tests.postgis.stored import NOW, red_line_file, resubmit, seed_layer, submit

FORBID = b"""
id = "b"
edition = "1"
[[rule]]
id = "X-forbid"
layer = "X"
kind = "forbid"
title = "T"
"""
BUFFER = FORBID.replace(b'"forbid"', b'"buffer_forbid"\ndistance_m = 30.0')
WITHIN = FORBID.replace(b'"forbid"', b'"must_within"')


def at(west: float, south: float, east: float, north: float) -> Polygon:
    return box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def two(
    session: Session, before: Sequence[Polygon], after: Sequence[Polygon], **later: object
) -> tuple[LayerVersion, LayerVersion]:
    seed_layer(session, *before, version="v1", now=NOW)
    seed_layer(
        session,
        *after,
        version="v2",
        valid_from=date(2026, 1, 1),
        now=NOW + timedelta(hours=1),
        **later,  # type: ignore[arg-type]
    )
    return get_version(session, "X", "v1"), get_version(session, "X", "v2")


def made(session: Session, versions: tuple[LayerVersion, LayerVersion], book: bytes = FORBID) -> Recheck:
    return recheck(session, *versions, rulebook=rules(book), as_of=AS_OF)


def rules(book: bytes) -> Rulebook:
    return parse_rulebook(book, name="book.toml")


def told(found: Recheck) -> dict[str, Change]:
    return {effect.project.code: effect.change for effect in found.effects}


def test_each_project_is_told_what_the_change_means_for_it_and_others_are_not_looked_at(session: Session) -> None:
    for number, west in enumerate((0, 200, 400, 600, 800)):
        submit(session, f"P{number}", at(west, 0, west + 100, 100))
    versions = two(
        session,
        [at(200, 0, 250, 100), at(400, 0, 450, 100), at(600, 0, 700, 100)],
        [at(-50, 0, 50, 100), at(400, 0, 460, 100), at(600, 0, 700, 100), at(690, 200, 900, 300)],
    )
    found = made(session, versions)
    assert told(found) == {"P0": Change.NEWLY_HIT, "P2": Change.AREA_CHANGED, "P1": Change.NO_LONGER_HIT}
    assert list(told(found)) == ["P0", "P2", "P1"], "the worst first"
    assert found.live_projects == 5
    document = recheck_document(found)
    assert document["newly_hit"] == ["P0"]
    assert document["counts"]["unaffected"] == 0
    assert document["projects"][0]["rules"][0]["after"]["area_planar_m2"] == pytest.approx(5_000.0)


def test_the_list_is_exact_on_random_layer_pairs(session: Session) -> None:
    """The second implementation: every project judged by both layers whole, in plain shapely."""
    rng = np.random.default_rng(20190826)

    def some(count: int, side: float) -> list[Polygon]:
        corners = rng.integers(0, 500, (count, 2))
        return [at(x, y, x + side, y + side) for x, y in corners]

    lands = dict(zip((f"P{n:02}" for n in range(40)), some(40, 60.0), strict=True))
    for code, land in lands.items():
        submit(session, code, land)
    stayed = some(12, 80.0)
    before, after = [*stayed, *some(6, 90.0)], [*some(6, 70.0), *stayed]
    found = made(session, two(session, before, after))
    whole_before, whole_after = shapely.union_all(before), shapely.union_all(after)
    changed = shapely.symmetric_difference(whole_before, whole_after)
    expected: dict[str, Change] = {}
    for code, land in lands.items():
        if land.intersection(changed).area < 1e-6:
            continue
        was, is_ = land.intersection(whole_before).area, land.intersection(whole_after).area
        expected[code] = (
            Change.NEWLY_HIT
            if was == 0
            else Change.NO_LONGER_HIT
            if is_ == 0
            else Change.AREA_CHANGED
            if abs(was - is_) > 1e-6
            else Change.UNAFFECTED
        )
    assert told(found) == expected
    assert {Change.NEWLY_HIT, Change.NO_LONGER_HIT, Change.AREA_CHANGED} <= set(expected.values())


def test_a_rule_that_looks_around_finds_projects_beside_the_change(session: Session) -> None:
    submit(session, "NEAR", at(0, 0, 100, 100))
    submit(session, "FAR", at(0, 200, 100, 300))
    found = made(session, two(session, [at(500, 0, 510, 10)], [at(120, 0, 130, 100)]), BUFFER)
    assert told(found) == {"NEAR": Change.NEWLY_HIT}


def test_land_that_must_lie_within_is_hit_when_the_line_draws_back(session: Session) -> None:
    submit(session, "P", at(0, 0, 100, 100))
    found = made(session, two(session, [at(-10, -10, 110, 110)], [at(-10, -10, 90, 110)]), WITHIN)
    assert told(found) == {"P": Change.NEWLY_HIT}
    assert recheck_document(found)["projects"][0]["rules"][0]["after"]["area_planar_m2"] == pytest.approx(1_000.0)


@pytest.mark.parametrize("standing", [Standing.WITHDRAWN, Standing.APPROVED])
def test_only_live_projects_are_looked_at(session: Session, standing: Standing) -> None:
    submit(session, "P", at(0, 0, 100, 100))
    set_standing(session, "P", standing)
    assert told(made(session, two(session, [at(500, 0, 510, 10)], [at(0, 0, 50, 50)]))) == {}


def test_only_the_red_line_in_force_is_looked_at(session: Session) -> None:
    submit(session, "P", at(0, 0, 100, 100))
    resubmit(session, red_line_file(at(300, 0, 400, 100)), code="P")
    assert told(made(session, two(session, [at(500, 0, 510, 10)], [at(0, 0, 50, 50)]))) == {}


def test_a_survey_that_grew_is_told_where_it_decides(session: Session) -> None:
    submit(session, "IN", at(0, 0, 100, 100))
    submit(session, "OUT", at(1_000, 0, 1_100, 100))
    seed_layer(session, at(500, 500, 510, 510), version="v1", coverage=at(-50, -50, 600, 600))
    seed_layer(
        session,
        at(500, 500, 510, 510),
        version="v2",
        valid_from=date(2026, 1, 1),
        coverage=at(-50, -50, 2_000, 600),
        coverage_sha256="3" * 64,
    )
    found = made(session, (get_version(session, "X", "v1"), get_version(session, "X", "v2")))
    assert told(found) == {"OUT": Change.COVERAGE_CHANGED}


def test_asked_twice_it_is_kept_once_with_one_notice_and_one_new_review_a_project(session: Session) -> None:
    submit(session, "P", at(0, 0, 100, 100))
    versions = two(session, [at(500, 0, 510, 10)], [at(0, 0, 50, 50)])
    first, second = (
        keep_recheck(session, made(session, versions), rulebook_content=FORBID, by="王", now=NOW) for _ in range(2)
    )
    assert (first.is_new, second.is_new) == (True, False)
    assert first.id == second.id
    assert get_recheck(session, first.id).document == recheck_document(made(session, versions))
    assert [one.id for one in list_rechecks(session, "X")] == [first.id]
    (notice,) = unread_notices(session)
    assert (notice.project_code, notice.change, notice.layer_code) == ("P", "newly_hit", "X")
    assert "2,500.00" in notice.sentence
    assert len(list_reviews(session, "P")) == 1
    tick_notice(session, notice.id, read_at=NOW, read_by="李")
    assert unread_notices(session) == ()


def test_a_draft_is_tried_without_a_review(session: Session) -> None:
    submit(session, "P", at(0, 0, 100, 100))
    seed_layer(session, at(500, 0, 510, 10), version="v1")
    draft = seed_layer(session, at(0, 0, 50, 50), version="draft", valid_from=date(2026, 1, 1), published=False)
    found = made(session, (get_version(session, "X", "v1"), draft))
    assert told(found) == {"P": Change.NEWLY_HIT}
    keep_recheck(session, found, rulebook_content=FORBID, now=NOW)
    assert list_reviews(session, "P") == ()


def test_the_last_change_is_the_version_published_last_and_the_one_it_followed(session: Session) -> None:
    seed_layer(session, square(), version="only")
    with pytest.raises(Conflict, match="没有可比较的前一版本"):
        last_change(session, "X")
    seed_layer(session, square(10), version="next", valid_from=date(2026, 1, 1), now=NOW + timedelta(hours=1))
    assert [one.version for one in last_change(session, "X")] == ["only", "next"]
    seed_layer(session, square(20), version="instead", valid_from=date(2026, 1, 1), now=NOW + timedelta(hours=2))
    assert [one.version for one in last_change(session, "X")] == ["next", "instead"]


def test_a_rulebook_without_a_rule_on_the_layer_is_refused(session: Session) -> None:
    versions = two(session, [square()], [square(10)])
    with pytest.raises(InvalidOption, match="没有针对图层 X"):
        made(session, versions, FORBID.replace(b'layer = "X"', b'layer = "Y"'))


def test_attributes_that_changed_are_a_change_of_the_land_they_are_of(session: Session) -> None:
    seed_layer(session, at(0, 0, 50, 50), at(100, 0, 150, 50), version="v1", attributes={"RJL": ["1.0", "2.0"]})
    seed_layer(
        session,
        at(0, 0, 50, 50),
        at(100, 0, 150, 50),
        version="v2",
        valid_from=date(2026, 1, 1),
        attributes={"RJL": ["1.0", "2.5"]},
    )
    change = layer_change(session, get_version(session, "X", "v1"), get_version(session, "X", "v2"))
    assert (change.before, change.after, change.relabelled) == ((), (), (2,))
    assert not change.is_none


def test_a_diff_is_told_as_a_document_and_as_a_map(session: Session) -> None:
    two(session, [at(0, 0, 100, 100), at(300, 0, 400, 100)], [at(0, 0, 100, 120), at(300, 0, 400, 100)])
    compared = layer_diff(session, "X", "v1", "v2")
    document = diff_document(compared)
    assert (document["area_added_m2"], document["area_removed_m2"]) == (pytest.approx(2_000.0), 0.0)
    assert document["features"] == {"only_in_from": 1, "only_in_to": 1, "attributes_changed": 0}
    assert document["removed"] is None
    assert document["added"]["type"] == "MultiPolygon"
    (feature,) = diff_geojson(compared)["features"]
    assert feature["properties"] == {"change": "added", "area_m2": pytest.approx(2_000.0)}
    west, south = feature["geometry"]["coordinates"][0][0]
    assert 114 < west < 117
    assert 35 < south < 37
    assert diff_document(layer_diff(session, "X", "v2", "v2"))["same"] is True


def test_lines_are_compared_too(session: Session) -> None:
    submit(session, "P", at(0, 0, 100, 100))
    line = LineString([(EAST + 110, NORTH - 50), (EAST + 110, NORTH + 150)])
    found = made(session, two(session, [at(900, 0, 910, 10)], [line]), BUFFER)  # type: ignore[list-item]
    assert told(found) == {"P": Change.NEWLY_HIT}


def test_the_workbook_has_the_list_and_no_formula(session: Session) -> None:
    submit(session, "P", at(0, 0, 100, 100), name="=1+1")
    document = recheck_document(made(session, two(session, [at(500, 0, 510, 10)], [at(0, 0, 50, 50)])))
    content = recheck_workbook(document)
    assert content == recheck_workbook(document)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    head, row = book.get_sheet_by_name("项目").to_python()
    assert row[:4] == ["新占压", "P", "=1+1", "T"]
    assert row[6:8] == [0.0, 2_500.0]
    assert head[0] == "变化"


def test_the_digest_of_a_feature_is_of_its_shape_as_the_database_has_it(session: Session) -> None:
    seed_layer(session, square(), LineString([(EAST, NORTH), (EAST + 1, NORTH)]))
    same = session.execute(
        text("SELECT bool_and(digest = substring(sha256(ST_AsEWKB(geometry, 'NDR')) FOR 16)) FROM control_feature")
    ).scalar_one()
    assert same
