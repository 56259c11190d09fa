"""The search for what lies near a red line, on seeded layers in a real PostGIS."""

from __future__ import annotations

import time
from datetime import date

import numpy as np
import pytest
import sqlalchemy
from sqlalchemy import text
from sqlalchemy.orm import Session

import shapely
from shapely.affinity import translate
from shapely.geometry import LineString, Point, Polygon, box

from geo_review.errors import TooLarge
from geo_review.geometry.crs import LONLAT, reproject
from geo_review.store.candidates import layer_near, parts_near
from geo_review.store.control_layers import versions_in_use
from geo_review.store.statements import statement
from geo_review.store.surroundings import context_near
from geo_review.store.working_crs import WORKING_EPSG
from geo_review.usecases.run_review import published_near
from tests.builders import AS_OF, EAST, NORTH, make_boundary, make_rule, make_rulebook, square
from tests.postgis.stored import seed_layer


def test_everything_within_reach_comes_and_nothing_else(session: Session) -> None:
    seed_layer(
        session,
        square(0, 0, 50),  # inside
        square(100, 0, 50),  # touches the red line's east side
        square(129, 200, 10),  # 104 m away
        LineString([(EAST + 50, NORTH - 20), (EAST + 500, NORTH - 20)]),  # 20 m south
        Point(EAST - 80, NORTH),  # 80 m west: the reach and the 50 m more, to the millimetre
        square(-5000, 0, 10),
        attributes={"MC": ["内", "贴", "远", "线", "点", "外"], "RJL": [1.5, 2, None, "2.0", True, 0.30]},
    )
    near = layer_near(session, "X", make_boundary(), as_of=AS_OF, reach_m=30.0)
    assert near is not None
    assert near.feature.tolist() == [1, 2, 4, 5]
    assert {number: row["MC"] for number, row in near.attributes.items()} == {1: "内", 2: "贴", 4: "线", 5: "点"}
    assert [near.attributes[number]["RJL"] for number in (1, 2, 4, 5)] == [1.5, 2, "2.0", True]
    assert (near.feature_count, near.searched_m, near.coverage, near.facts.version) == (6, 80.0, None, "v1")


@pytest.mark.parametrize(
    ("side_m", "why"),
    [
        (100, "a frame so small that everything in it is fetched and the near ones are picked here"),
        (1_500, "a frame of more than a square kilometre, where the database picks them"),
    ],
)
def test_what_is_in_the_frame_but_out_of_reach_does_not_come(session: Session, side_m: float, why: str) -> None:
    land = Polygon([(EAST, NORTH), (EAST + side_m, NORTH), (EAST, NORTH + side_m)])
    corner = square(side_m - 1, side_m - 1, 1)  # in the frame, farther from the long side than the reach
    seed_layer(session, corner, square(10, -200, 20), square(20, 20, 10))
    near = layer_near(session, "X", make_boundary(land), as_of=AS_OF, reach_m=0.0)
    assert near is not None
    assert near.feature.tolist() == [3], why
    version = versions_in_use(session, ["X"])["X"][0]
    assert parts_near(session, version, land, reach_m=0.8 * side_m)[0].tolist() == (
        [1, 3] if side_m == 100 else [1, 2, 3]
    )


def test_features_are_asked_for_their_words_only_when_there_are_any(
    session: Session, engine: sqlalchemy.Engine
) -> None:
    """The attributes are read by compare rules alone, and few layers have a repair."""
    seed_layer(session, square(), code="SOUND", attributes={"RJL": ["1.8"]})
    seed_layer(session, square(), code="PLAN", attributes={"RJL": ["1.8"]})
    seed_layer(session, translate(Polygon([(0, 0), (100, 100), (100, 0), (0, 100)]), EAST, NORTH), code="BROKEN")
    rulebook = make_rulebook(
        make_rule(layer="SOUND"),
        make_rule(layer="BROKEN"),
        make_rule("compare", layer="PLAN", attribute="RJL", operator="<="),
    )
    asked: list[str] = []
    listen = (engine, "before_cursor_execute", lambda *event: asked.append(event[2]))
    sqlalchemy.event.listen(*listen)
    layers_of = published_near(session, make_boundary(), rulebook, AS_OF)
    told = {}
    for code in ("SOUND", "BROKEN", "PLAN"):
        before = len(asked)
        layer = layers_of(code)
        assert layer is not None
        told[code] = (len(asked) - before, len(layer.repairs), layer.attributes)
    sqlalchemy.event.remove(*listen)
    assert told == {"SOUND": (1, 0, {}), "BROKEN": (2, 1, {1: {}}), "PLAN": (2, 0, {1: {"RJL": "1.8"}})}


def test_a_layer_in_the_working_crs_comes_back_bit_for_bit(session: Session) -> None:
    triangle = Polygon([(EAST + 1 / 3, NORTH), (EAST + 70.1, NORTH + 1e-7), (EAST, NORTH + 99.999999)])
    seed_layer(session, triangle)
    near = layer_near(session, "X", make_boundary(), as_of=AS_OF, reach_m=0.0)
    assert near is not None
    assert near.pieces[0].wkb == triangle.wkb


def test_a_large_polygon_comes_in_parts_that_keep_the_shared_area(session: Session) -> None:
    angles = np.linspace(0, 2 * np.pi, 20_000, endpoint=False)
    radius = 3_000 + 40 * np.sin(61 * angles)
    ring = Polygon(np.column_stack([EAST + radius * np.cos(angles), NORTH + radius * np.sin(angles)]))
    stored = seed_layer(session, ring, square(9_000, 0, 10))
    land = make_boundary(square(2_900, 0, 300))
    near = layer_near(session, "X", land, as_of=AS_OF, reach_m=0.0)
    assert near is not None
    shared = shapely.area(shapely.intersection(near.pieces, land.geometry)).sum()
    assert shared == pytest.approx(shapely.area(shapely.intersection(ring, land.geometry)), rel=1e-12)
    assert stored.part_count > 150
    assert len(near.pieces) < 15
    assert set(near.feature.tolist()) == {1}
    kept = session.execute(text("SELECT sum(ST_Area(geometry)) FROM control_feature_part WHERE feature_number = 1"))
    assert kept.scalar_one() == pytest.approx(ring.area, rel=1e-12)


def test_when_nothing_is_near_the_nearest_comes_to_tell_a_distance(session: Session) -> None:
    seed_layer(session, square(5_000, 0, 10), square(-3_000, 0, 10), square(0, 20_000, 10))
    near = layer_near(session, "X", make_boundary(), as_of=AS_OF, reach_m=50.0)
    assert near is not None
    assert shapely.distance(near.pieces, make_boundary().geometry).min() == pytest.approx(2_990)


def test_a_red_line_of_the_other_zone_finds_what_is_there(session: Session) -> None:
    """Searched in zone 38, measured in zone 39: 4,000 squares of known place, and the reach to the metre."""
    east, north = 364_000.0, 3_960_000.0  # 115.5°E in EPSG:4548
    squares = [
        box(east + 40 * i, north + 40 * j, east + 40 * i + 20, north + 40 * j + 20)
        for i in range(20)
        for j in range(20)
    ]
    seed_layer(session, *squares, epsg=4548)
    land = make_boundary(box(east + 165, north + 165, east + 355, north + 355), measuring_epsg=4548)
    near = layer_near(session, "X", land, as_of=AS_OF, reach_m=100.0)
    assert near is not None
    away = shapely.distance(np.array(squares), land.geometry)
    assert set(np.flatnonzero(away <= 100.0) + 1) <= set(near.feature.tolist())
    assert away[near.feature - 1].max() <= 151.0
    assert shapely.area(near.pieces).max() == pytest.approx(400.0, abs=1e-3)


def test_a_part_near_two_polygons_of_the_red_line_comes_once(session: Session) -> None:
    seed_layer(session, square(0, 0, 1_000))
    land = make_boundary(square(0, 0, 10), square(500, 500, 10))
    near = layer_near(session, "X", land, as_of=AS_OF, reach_m=0.0)
    assert near is not None
    assert near.feature.tolist() == [1]


@pytest.mark.parametrize(
    ("as_of", "version", "why"),
    [
        (date(2019, 1, 1), "old", "before all: the first one to come, so that 'not yet' can be said"),
        (date(2020, 1, 1), "old", "its first day counts"),
        (date(2024, 12, 31), "old", "the day before its successor"),
        (date(2025, 1, 1), "new", "half-open: the successor's first day"),
        (date(2029, 12, 31), "new", "its last day"),
        (date(2030, 1, 1), "new", "ended: the nearest in time, so that 'expired' can be said"),
    ],
)
def test_the_version_is_the_one_of_the_legal_date(session: Session, as_of: date, version: str, why: str) -> None:
    seed_layer(session, square(), version="old", valid_from=date(2020, 1, 1))
    seed_layer(session, square(), version="new", valid_from=date(2025, 1, 1), valid_to=date(2030, 1, 1))
    seed_layer(session, square(), version="draft", valid_from=date(2010, 1, 1), published=False)
    near = layer_near(session, "X", make_boundary(), as_of=as_of, reach_m=0.0)
    assert near is not None
    assert near.facts.version == version, why


def test_a_layer_that_was_never_published_is_no_layer(session: Session) -> None:
    seed_layer(session, square(), published=False)
    assert layer_near(session, "X", make_boundary(), as_of=AS_OF, reach_m=0.0) is None
    assert layer_near(session, "NONE", make_boundary(), as_of=AS_OF, reach_m=0.0) is None


def test_an_empty_layer_is_a_layer(session: Session) -> None:
    seed_layer(session, coverage=square(-1_000, -1_000, 5_000))
    near = layer_near(session, "X", make_boundary(), as_of=AS_OF, reach_m=0.0)
    assert near is not None
    assert (len(near.pieces), near.feature_count, near.coverage_sha256) == (0, 0, "2" * 64)
    assert near.coverage is not None
    assert near.coverage.equals(square(-1_000, -1_000, 5_000))


def test_repairs_are_told_of_every_feature_near_or_far(session: Session) -> None:
    bow_tie = Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    shapes = [translate(bow_tie, EAST + east, NORTH) for east in (0, 9_000)]
    seed_layer(session, *shapes, coverage=translate(bow_tie, EAST, NORTH))
    near = layer_near(session, "X", make_boundary(), as_of=AS_OF, reach_m=0.0)
    assert near is not None
    assert [repair.feature for repair in near.repairs] == [1, 2, 1], "the near one, the far one, and the coverage's"
    assert [repair.area_after_m2 for repair in near.repairs] == [5_000.0, 5_000.0, 5_000.0]
    assert near.repairs[0].reason != near.repairs[2].reason
    assert set(near.attributes) == {1}
    assert shapely.is_valid(near.pieces).all()


def test_the_repairs_of_a_layer_are_found_by_their_own_index(session: Session) -> None:
    stored = seed_layer(session, *(square(30 * i, 30 * j, 20) for i in range(60) for j in range(60)))
    repaired = "SELECT number FROM control_feature WHERE version_id = :id AND (number IN (1) OR repairs IS NOT NULL)"
    plan = session.execute(text(f"EXPLAIN {repaired}"), {"id": stored.id}).scalars().all()
    assert any("ix_control_feature_repaired" in line for line in plan), "\n".join(plan)


def test_a_layer_of_any_size_is_near_a_red_line_of_the_other_zone_in_bounded_time(session: Session) -> None:
    """In the working CRS nothing is bent on the way in; on the way to zone 39 it would be, without end."""
    seed_layer(session, box(-1e12, 0, 1e6, 9e6), coverage=box(-1e12, 0, 1e6, 9e6))
    land = make_boundary(box(364_000, 3_960_000, 364_100, 3_960_100), measuring_epsg=4548)
    began = time.process_time()
    near = layer_near(session, "X", land, as_of=AS_OF, reach_m=100.0)
    assert time.process_time() - began < 5.0
    assert near is not None
    assert near.coverage is not None
    assert shapely.contains(shapely.union_all(near.pieces), land.geometry)
    assert near.coverage.contains(land.geometry)


def test_too_many_parts_are_refused_and_never_cut_off(session: Session) -> None:
    seed_layer(session, *(square(i, 0, 1) for i in range(4)))
    assert layer_near(session, "X", make_boundary(), as_of=AS_OF, reach_m=0.0, max_parts=4) is not None
    with pytest.raises(TooLarge, match="3 块"):
        layer_near(session, "X", make_boundary(), as_of=AS_OF, reach_m=0.0, max_parts=3)


@pytest.mark.parametrize("query", ["parts_in_frame", "parts_near", "parts_nearest"])
def test_the_search_uses_the_spatial_index(session: Session, query: str) -> None:
    for version in ("v1", "v2"):
        stored = seed_layer(
            session, *(square(30 * i, 30 * j, 20) for i in range(60) for j in range(60)), version=version
        )
    binds = {
        "version_id": stored.id,
        "boundary": shapely.to_wkb(make_boundary().geometry),
        "epsg": WORKING_EPSG,
        "reach_m": 30.0,
        **dict(zip(("west", "south", "east", "north"), make_boundary().geometry.bounds, strict=True)),
        "limit": 10,
    }
    wanted = {name: binds[name] for name in statement(query)._bindparams}
    plan = session.execute(text(f"EXPLAIN {statement(query).text}").bindparams(**wanted)).scalars().all()
    assert any("ix_control_feature_part_version_geometry" in line for line in plan), "\n".join(plan)
    assert not any("Seq Scan on control_feature_part" in line for line in plan), "\n".join(plan)


def test_the_map_shows_whole_lines_of_the_layers_in_force(session: Session) -> None:
    angles = np.linspace(0, 2 * np.pi, 5_000, endpoint=False)
    disc = Polygon(np.column_stack([EAST + 900 * np.cos(angles), NORTH + 900 * np.sin(angles)]))
    seed_layer(session, disc, code="DISC")
    seed_layer(session, square(50_000), code="FAR")
    seed_layer(session, square(), code="DRAFT", published=False)
    kinds = {"FAR": "forbid", "DISC": "consult", "DRAFT": "forbid", "NONE": "forbid"}
    (layer,) = context_near(session, kinds, make_boundary(), as_of=AS_OF, frame_m=2_000)
    assert (layer.code, layer.title, layer.kind) == ("DISC", "图层DISC", "consult")
    assert layer.lonlat.bounds == pytest.approx(reproject(disc, WORKING_EPSG, LONLAT).bounds, abs=1e-4)
    assert len(shapely.get_parts(layer.lonlat)) == 1, "no seam of the subdivision shows"
