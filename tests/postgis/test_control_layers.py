"""Versions of control layers: at most one in force on any day, in whatever order they are published."""

from __future__ import annotations

import threading
import time
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import text
from sqlalchemy.orm import Session

import shapely
from shapely.affinity import translate
from shapely.geometry import Polygon, box

from geo_review.errors import InvalidLayer, InvalidOption, LayerVersionExists, UnknownLayer, UnreadableLayer
from geo_review.store.connect import make_sessions
from geo_review.store.control_layers import LayerState, get_version, history, list_layers, published_layers
from geo_review.usecases.load_layer import load_layer
from geo_review.usecases.publish_layer import NOBODY, publish
from tests.builders import EAST, NORTH, square
from tests.postgis.stored import NOW, geojson, seed_layer

D2020, D2023, D2025, D2030 = (date(year, 1, 1) for year in (2020, 2023, 2025, 2030))


@pytest.mark.parametrize("order", list(permutations(["ever", "2020", "2025"])))
def test_publishing_in_any_order_gives_the_same_succession(session: Session, order: tuple[str, ...]) -> None:
    starts = {"ever": None, "2020": D2020, "2025": D2025}
    for version in order:
        seed_layer(session, square(), version=version, valid_from=starts[version])
    found = {version.version: (version.valid_from, version.valid_to) for version in history(session, "X")}
    assert found == {"ever": (None, D2020), "2020": (D2020, D2025), "2025": (D2025, None)}


@pytest.mark.parametrize(
    ("as_of", "expected", "why"),
    [
        (date(2019, 12, 31), [], "not yet"),
        (D2020, ["a"], "the first day counts"),
        (date(2022, 12, 31), ["a"], "the last day before the end"),
        (D2023, [], "the end does not count: nothing is in force between"),
        (D2025, ["b"], "the successor"),
    ],
)
def test_published_layers_are_those_in_force(session: Session, as_of: date, expected: list[str], why: str) -> None:
    seed_layer(session, square(), version="a", valid_from=D2020, valid_to=D2023)
    seed_layer(session, square(), version="b", valid_from=D2025)
    seed_layer(session, square(), version="c", valid_from=D2020, published=False)
    assert [version.version for version in published_layers(session, as_of)] == expected, why


def test_a_version_of_the_same_first_day_replaces_and_may_be_brought_back(session: Session) -> None:
    seed_layer(session, square(), version="wrong", valid_from=D2020)
    seed_layer(session, square(), version="right", valid_from=D2020)
    assert {v.version: v.state for v in history(session, "X")} == {
        "right": LayerState.PUBLISHED,
        "wrong": LayerState.WITHDRAWN,
    }
    publish(session, "X", "wrong", now=NOW)
    assert {v.version: v.state for v in history(session, "X")} == {
        "right": LayerState.WITHDRAWN,
        "wrong": LayerState.PUBLISHED,
    }


def test_the_database_itself_refuses_two_versions_in_force(session: Session) -> None:
    seed_layer(session, square(), version="a", valid_from=D2020)
    seed_layer(session, square(), version="b", valid_from=D2025, published=False)
    with pytest.raises(sqlalchemy.exc.IntegrityError, match="ex_control_layer_tenure_one_in_force"):
        session.execute(
            text(
                """
                INSERT INTO control_layer_tenure (version_id, layer_code, valid_from, known_from)
                SELECT id, layer_code, valid_from, now() FROM control_layer_version WHERE version = 'b'
                """
            )
        )


def test_two_publications_at_once_leave_one_in_force(engine: sqlalchemy.Engine) -> None:
    sessions = make_sessions(engine)
    with sessions.begin() as session:
        for version in ("a", "b"):
            seed_layer(session, square(), version=version, valid_from=D2020, published=False)
    barrier = threading.Barrier(2)

    def run(version: str) -> None:
        with sessions.begin() as session:
            barrier.wait()
            publish(session, "X", version, now=NOW)

    threads = [threading.Thread(target=run, args=(version,)) for version in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sessions() as session:
        assert len(published_layers(session, D2025)) == 1
        assert {version.state for version in history(session, "X")} == {LayerState.PUBLISHED, LayerState.WITHDRAWN}


def test_what_is_not_there_is_told_apart(session: Session) -> None:
    with pytest.raises(UnknownLayer, match="没有控制线图层 X"):
        history(session, "X")
    with pytest.raises(UnknownLayer, match="没有控制线图层 X"):
        publish(session, "X", "v1", now=NOW)
    seed_layer(session, square())
    with pytest.raises(UnknownLayer, match="没有版本 v9"):
        get_version(session, "X", "v9")


@pytest.fixture
def layer_file(tmp_path: Path) -> Path:
    path = tmp_path / "STBHHX.geojson"
    path.write_bytes(geojson(square(), square(200, 0, 50), properties=[{"MC": "一"}, {"MC": "二"}]))
    return path


def test_a_file_is_loaded_with_its_facts_and_coverage(session: Session, layer_file: Path) -> None:
    coverage = layer_file.with_name("STBHHX.coverage.geojson")
    coverage.write_bytes(geojson(square(-500, -500, 2_000)))
    loaded = load_layer(
        session,
        layer_file,
        code="STBHHX",
        title="生态保护红线",
        version="2026-11",
        valid_from=D2020,
        valid_to=D2030,
        coverage_path=coverage,
        source="自然资源局",
        accuracy_m=0.6,
        publish_by=NOBODY,
        now=NOW,
    )
    version = loaded.version
    assert loaded.is_new
    assert (version.title, version.state, version.feature_count) == ("生态保护红线", LayerState.PUBLISHED, 2)
    assert (version.valid_from, version.valid_to, version.source, version.accuracy_m) == (
        D2020,
        D2030,
        "自然资源局",
        0.6,
    )
    area = session.execute(text("SELECT ST_Area(coverage) FROM control_layer_version")).scalar_one()
    assert area == pytest.approx(4_000_000)
    rows = session.execute(text("SELECT number, attributes ->> 'MC' FROM control_feature ORDER BY number")).all()
    assert [tuple(row) for row in rows] == [(1, "一"), (2, "二")]


def test_the_same_file_again_is_not_stored_again(session: Session, layer_file: Path) -> None:
    first = load_layer(session, layer_file, code="X", now=NOW)
    again = load_layer(session, layer_file, code="X", now=NOW, publish_by=NOBODY)
    assert (again.is_new, again.version.id, again.version.state) == (False, first.version.id, LayerState.PUBLISHED)
    assert first.version.version == f"file-{first.version.sha256[:12]}"
    assert len(list_layers(session)) == 1


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"content": geojson(square(1))}, "sha256"),
        ({"title": "别名"}, "title：已入库 名称，本次 别名"),
        ({"valid_from": D2023}, "valid_from：已入库 2020-01-01，本次 2023-01-01"),
    ],
)
def test_other_content_under_the_same_version_is_refused(
    session: Session, layer_file: Path, change: dict[str, object], line: str
) -> None:
    said: dict[str, object] = {"code": "X", "version": "v1", "title": "名称", "valid_from": D2020, "now": NOW}
    load_layer(session, layer_file, **said)  # type: ignore[arg-type]
    if isinstance(content := change.pop("content", None), bytes):
        layer_file.write_bytes(content)
    with pytest.raises(LayerVersionExists) as refused:
        load_layer(session, layer_file, **said | change)  # type: ignore[arg-type]
    assert any(line in told for told in refused.value.lines)


def test_an_invalid_polygon_is_repaired_with_a_word_that_stays(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "X.geojson"
    bow_tie = Polygon(shapely.get_coordinates(square())[[0, 2, 1, 3, 0]])
    path.write_bytes(geojson(square(500), bow_tie))
    loaded = load_layer(session, path, code="X", now=NOW)
    assert [repair.feature for repair in loaded.repairs] == [2]
    kept = session.execute(text("SELECT number, repairs FROM control_feature WHERE repairs IS NOT NULL")).one()
    assert kept[0] == 2
    assert kept[1][0]["reason"] == loaded.repairs[0].reason
    valid = session.execute(text("SELECT bool_and(ST_IsValid(geometry)) FROM control_feature_part")).scalar_one()
    assert valid


def test_a_polygon_round_the_globe_is_refused_by_its_number_in_bounded_time(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "X.geojson"
    path.write_bytes(geojson(box(115, 35, 116, 36), box(-180, -90, 180, 90), epsg=4490))
    began = time.process_time()
    with pytest.raises(InvalidLayer, match="第2个要素") as refused:
        load_layer(session, path, code="X", now=NOW)
    assert refused.value.code == "layer_cannot_be_projected"
    assert time.process_time() - began < 5.0


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"code": ""}, InvalidOption),
        ({"code": "a/b"}, InvalidOption),
        ({"version": "v" * 65}, InvalidOption),
        ({"title": "a\nb"}, InvalidOption),
        ({"valid_from": D2025, "valid_to": D2025}, InvalidOption),
        ({"accuracy_m": -1.0}, InvalidOption),
        ({"accuracy_m": float("nan")}, InvalidOption),
        ({"coverage_path": Path("missing.geojson")}, UnreadableLayer),
    ],
)
def test_impossible_words_are_refused_and_store_nothing(
    session: Session, layer_file: Path, said: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        load_layer(session, layer_file, **{"code": "X", "now": NOW} | said)  # type: ignore[arg-type]
    assert list_layers(session) == ()


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"x": ["a\0b"]}, id="a NUL within"),
        pytest.param("\\\0", id="a NUL after a backslash"),
        pytest.param({"\0": 1}, id="a NUL in a name"),
        pytest.param("\ud800", id="half of a surrogate pair"),
    ],
)
def test_an_attribute_that_no_database_can_keep_is_refused(session: Session, tmp_path: Path, value: object) -> None:
    path = tmp_path / "X.geojson"
    path.write_bytes(geojson(square(), square(200), properties=[{"MC": "C:\\udata\\u0000\\\\u0000"}, {"MC": value}]))
    with pytest.raises(InvalidLayer, match="第 2 个要素"):
        load_layer(session, path, code="X", now=NOW)


def test_a_large_layer_is_stored_feature_by_feature_as_it_was_read(session: Session) -> None:
    """More rows than are converted at once, more bytes than are sent at once, and what would end a row of text."""
    shapes = [square(30 * (i % 80), 30 * (i // 80), 20) for i in range(5_500)]
    words = [f"第{i}村\t\\N\n{'宽' * (i % 97)}" for i in range(len(shapes))]
    ring = shapely.Point(0, 0).buffer(5, quad_segs=60)
    stored = seed_layer(session, *shapes, translate(ring, EAST, NORTH), attributes={"MC": [*words, None]})
    rows = session.execute(
        text("SELECT number, attributes ->> 'MC', ST_AsBinary(geometry) FROM control_feature ORDER BY number")
    ).all()
    assert [number for number, _, _ in rows] == list(range(1, len(shapes) + 2))
    assert [word for _, word, _ in rows] == [*words, None]
    assert [bytes(wkb) for _, _, wkb in rows[:-1]] == shapely.to_wkb(shapes).tolist()
    parts = session.execute(
        text("SELECT feature_number, part FROM control_feature_part ORDER BY feature_number, part")
    ).all()
    assert len(parts) == stored.part_count
    assert [tuple(part) for part in parts[len(shapes) - 1 :]] == [(5_500, 1), (5_501, 1), (5_501, 2)]


def test_a_load_that_fails_at_the_end_leaves_nothing(engine: sqlalchemy.Engine, layer_file: Path) -> None:
    sessions = make_sessions(engine)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE control_feature_part ADD CONSTRAINT broken CHECK (feature_number < 2)"))
    with pytest.raises(Exception, match="broken"), sessions.begin() as session:
        load_layer(session, layer_file, code="X", now=NOW)
    with sessions() as session:
        assert list_layers(session) == ()
        assert session.execute(text("SELECT count(*) FROM control_feature")).scalar_one() == 0
