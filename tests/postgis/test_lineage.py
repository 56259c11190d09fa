"""Where red lines come from, kept across projects: defaults, refusals, stages, the family, findings as they change."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from shapely.geometry import box

from geo_review.boundary.asked import Asked
from geo_review.boundary.read import read_boundary
from geo_review.city import PUYANG
from geo_review.errors import InvalidOption, UnknownBoundary, UnknownProject
from geo_review.geometry.crs import reproject
from geo_review.review.lineage import Origin, ParentNamed, Relation
from geo_review.review.neighbours import Standing
from geo_review.store.boundaries import BoundaryName, get_boundary, list_boundaries
from geo_review.store.lineage import family
from geo_review.usecases.drift_report import before, drift_report, stage_drifts
from geo_review.usecases.keep_neighbours import change_standing
from geo_review.usecases.lineage_of import findings_in_force
from geo_review.usecases.submit_project import submit_boundary
from tests.builders import AS_OF, make_rule, make_rulebook, square
from tests.postgis.stored import NOW, red_line_file, resubmit, seed_layer, submit

BOOK = make_rulebook(make_rule("forbid", layer="X"), make_rule("forbid", layer="Y"))


def _of(*parents: str, relation: Relation = Relation.SPLIT) -> Origin:
    return Origin(relation=relation, parents=tuple(ParentNamed(code=code) for code in parents))


def test_versions_follow_each_other_when_nothing_is_said(session: Session) -> None:
    first = submit(session, "A")
    second = resubmit(session, red_line_file(square(0, 0, 50)), code="A")
    assert (first.relation, first.parents, first.stage) == (Relation.FIRST, (), None)
    assert (second.relation, second.parents) == (Relation.ADJUST, (BoundaryName(code="A", version=1),))
    session.commit()
    restored = get_boundary(session, "A")
    assert (restored.relation, restored.parents, restored.stage) == (second.relation, second.parents, None)
    back = resubmit(
        session,
        red_line_file(square(0, 0, 60)),
        code="A",
        origin=Origin(relation=Relation.ADJUST, parents=(ParentNamed(code="A", version=1),)),
    )
    assert back.parents == (BoundaryName(code="A", version=1),), "an older version may be the one adjusted"


def test_the_same_file_for_another_stage_is_a_version_of_its_own(session: Session) -> None:
    submit(session, "A", origin=Origin(stage=1))
    for _ in range(2):
        made = resubmit(session, red_line_file(), code="A", origin=Origin(stage=2))
        assert (made.version, made.stage) == (2, 2)
    assert resubmit(session, red_line_file(), code="A").version == 2, "nothing new is said"
    assert resubmit(session, red_line_file(), code="A", origin=_of("A", relation=Relation.REPLACE)).version == 3
    assert [(line.version, line.stage, str(line.relation)) for line in list_boundaries(session, "A")] == [
        (3, None, "replace"),
        (2, 2, "adjust"),
        (1, 1, "first"),
    ]


def test_what_was_asked_and_seen_of_the_file_comes_back(session: Session) -> None:
    submit(session, "A")
    file, asked = red_line_file(square(0, 0, 50)), Asked(epsg=4547, parcels=(1,), accept=frozenset({"spike"}))
    read = read_boundary(file, city=PUYANG, asked=asked)
    submit_boundary(session, "A", file, read, now=NOW)
    assert get_boundary(session, "A").boundary == read
    assert get_boundary(session, "A").boundary.asked == asked


REFUSED = [
    (Origin(parents=(ParentNamed(code="A"),)), InvalidOption, "relation_missing"),
    (Origin(relation=Relation.FIRST), InvalidOption, "not_the_first"),
    (_of("A", "B"), InvalidOption, "parents_do_not_fit"),
    (_of("B", relation=Relation.MERGE), InvalidOption, "parents_do_not_fit"),
    (_of("B", "B", relation=Relation.MERGE), InvalidOption, "parents_do_not_fit"),
    (_of("C"), UnknownProject, "unknown_project"),
    (
        Origin(relation=Relation.SPLIT, parents=(ParentNamed(code="A", version=9),)),
        UnknownBoundary,
        "unknown_boundary",
    ),
]


def test_what_does_not_fit_is_refused(session: Session) -> None:
    submit(session, "A")
    submit(session, "B", square(500, 0))
    for origin, error, code in REFUSED:
        with pytest.raises(error) as refused:
            resubmit(session, red_line_file(square(0, 0, 50)), code="A", origin=origin)
        assert refused.value.code == code
    assert len(list_boundaries(session, "A")) == 1


def test_a_family_is_told_from_any_of_its_members(session: Session) -> None:
    """A splits into B and C, C and a stranger D merge into E, and A goes on as A@2."""
    submit(session, "A")
    submit(session, "B", square(0, 0, 50, 100), origin=_of("A"))
    submit(session, "C", square(50, 0, 50, 100), origin=_of("A"))
    submit(session, "D", square(100, 0))
    submit(session, "E", square(50, 0, 150, 100), origin=_of("C", "D", relation=Relation.MERGE))
    resubmit(session, red_line_file(square(0, 0, 101)), code="A")
    submit(session, "stranger", square(9_000, 0))
    told = {str(member.name): [str(name) for name in member.parents] for member in family(session, "B")}
    assert told == {"A@1": [], "B@1": ["A@1"], "C@1": ["A@1"], "D@1": [], "E@1": ["C@1", "D@1"], "A@2": ["A@1"]}
    assert {member.name for member in family(session, "E")} == {member.name for member in family(session, "B")}
    (first,) = [member for member in family(session, "A") if str(member.name) == "A@1"]
    assert [str(name) for name in first.children] == ["B@1", "C@1", "A@2"]
    assert [str(member.name) for member in family(session, "stranger")] == ["stranger@1"]
    with pytest.raises(UnknownProject):
        family(session, "nobody")


def test_findings_change_as_siblings_come_and_go(session: Session) -> None:
    submit(session, "A")
    submit(session, "B", square(0, 0, 60, 100), origin=_of("A"))
    assert [str(one.fault) for one in findings_in_force(session, "B")] == ["not_yet_split"]
    submit(session, "C", square(50, 0, 50, 100), origin=_of("A"))
    (overlap,) = findings_in_force(session, "B")
    assert (overlap.fault, overlap.relatives) == ("overlaps_sibling", ("C@1",))
    assert overlap.planar_area_m2 == pytest.approx(1_000.0)
    resubmit(session, red_line_file(square(60, 0, 40, 100)), code="C")
    assert findings_in_force(session, "B") == ()
    change_standing(session, "C", Standing.WITHDRAWN, now=NOW)
    assert [str(one.fault) for one in findings_in_force(session, "B")] == ["not_yet_split"]
    assert findings_in_force(session, "A") == ()


def test_a_piece_in_the_other_zone_fits_its_parent(session: Session) -> None:
    submit(session, "A", box(640_000, 3_960_000, 642_000, 3_961_000))
    for code, east_m in (("B", 640_000), ("C", 641_000)):
        land = reproject(box(east_m, 3_960_000, east_m + 1_000, 3_961_000), 4547, 4548)
        submit(session, code, land, epsg=4548, origin=_of("A"))
    assert {str(one.contact) for one in findings_in_force(session, "B")} <= {"technical"}


def test_drift_between_versions_projects_and_stages(session: Session) -> None:
    """Layer X is newly met, no version of Y is published; the later red line is of the other zone."""
    seed_layer(session, box(641_000, 3_960_000, 641_500, 3_961_000), code="X")
    submit(session, "A", box(640_000, 3_960_000, 641_000, 3_961_000), origin=Origin(stage=1))
    moved = reproject(box(640_100, 3_960_000, 641_100, 3_961_000), 4547, 4548)
    resubmit(
        session,
        red_line_file(moved, epsg=4548),
        code="A",
        origin=Origin(stage=3),
        now=NOW + timedelta(days=1),
    )
    first, second = ParentNamed(code="A", version=1), ParentNamed(code="A", version=2)
    assert before(session, ParentNamed(code="A")) == first
    there = drift_report(session, first, second, rulebook=BOOK, as_of=AS_OF)
    back = drift_report(session, second, first, rulebook=BOOK, as_of=AS_OF)
    assert there.drift.measuring_epsg == back.drift.measuring_epsg == 4548
    assert there.drift.land_in == back.drift.land_out
    assert there.drift.land_out == back.drift.land_in
    assert there.drift.land_in.drifted_m2 == pytest.approx(100_000.0, rel=3e-3)
    assert there.drift.later_planar_m2 == pytest.approx(
        there.drift.earlier_planar_m2 + there.drift.land_in.planar_area_m2 - there.drift.land_out.planar_area_m2,
        abs=1e-6,
    )
    (layer,) = there.layers
    assert (layer.layer.code, layer.change) == ("X", "touched")
    assert layer.later_m2 == pytest.approx(100_000.0, rel=3e-3)
    assert [one.change for one in back.layers] == ["left"]
    assert there.missing_layers == ("Y",)
    (stages,) = stage_drifts(session, "A", rulebook=BOOK, as_of=AS_OF)
    assert (stages.earlier.stage, stages.later.stage, stages.drift) == (1, 3, there.drift)
    submit(session, "B", box(640_000, 3_960_000, 641_000, 3_961_000), origin=_of("A", relation=Relation.REPLACE))
    assert before(session, ParentNamed(code="B")) == second
    across = drift_report(session, first, ParentNamed(code="B"), rulebook=BOOK, as_of=AS_OF)
    assert (across.drift.is_drift, across.drift.contact) == (False, "none")
