"""The schema: migrated equals described, up and down, two migrations at once, and what it refuses by itself."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from shapely.geometry import Polygon

from geo_review.store.boundaries import get_boundary
from geo_review.store.connect import make_engine, make_sessions
from geo_review.store.control_layers import versions_in_use
from geo_review.store.migrate import SchemaState, configuration, migrate, schema_state
from geo_review.store.tables import METADATA
from tests.builders import AS_OF, EAST, NORTH, square
from tests.postgis.stored import CODE, red_line_file, resubmit, seed_layer, submit


def test_the_migrated_schema_is_the_one_described_in_tables(engine: sqlalchemy.Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        differences = [
            difference
            for difference in compare_metadata(context, METADATA)
            if not (difference[0] == "remove_table" and difference[1].name == "spatial_ref_sys")
        ]
        constraints = {
            name
            for (name,) in connection.execute(text("SELECT conname FROM pg_constraint WHERE contype IN ('c', 'x')"))
        }
    assert differences == []
    # Alembic compares neither check nor exclusion constraints.
    described = {
        str(constraint.name)
        for table in METADATA.tables.values()
        for constraint in table.constraints
        if type(constraint).__name__ in ("CheckConstraint", "ExcludeConstraint")
    }
    assert described <= constraints


def test_every_table_and_column_has_a_comment(engine: sqlalchemy.Engine) -> None:
    inspector = inspect(engine)
    tables = [name for name in inspector.get_table_names() if name not in ("spatial_ref_sys", "alembic_version")]
    assert set(tables) == set(METADATA.tables)
    for table in tables:
        assert inspector.get_table_comment(table)["text"], table
        for column in inspector.get_columns(table):
            assert column["comment"], f"{table}.{column['name']}"


def test_down_and_up_again_leaves_the_same_schema(database_url: str, engine: sqlalchemy.Engine) -> None:
    with engine.begin() as connection:
        command.downgrade(configuration(connection), "base")
        assert set(inspect(connection).get_table_names()) == {"spatial_ref_sys", "alembic_version"}
    assert schema_state(engine) is SchemaState.EMPTY
    migrate(database_url)
    assert schema_state(engine) is SchemaState.CURRENT


def test_versions_stored_before_0002_follow_each_other(
    engine: sqlalchemy.Engine, session: Session, database_url: str
) -> None:
    submit(session)
    resubmit(session, red_line_file(square(0, 0, 50)))
    submit(session, "B", square(500, 0))
    session.commit()
    with engine.begin() as connection:
        command.downgrade(configuration(connection), "0001")
    migrate(database_url)
    with make_sessions(engine)() as after:
        told = [get_boundary(after, CODE, 1), get_boundary(after, CODE, 2), get_boundary(after, "B")]
        assert [(one.relation, [str(parent) for parent in one.parents]) for one in told] == [
            ("first", []),
            ("adjust", [f"{CODE}@1"]),
            ("first", []),
        ]
        with pytest.raises(sqlalchemy.exc.IntegrityError, match="never changed"):
            after.execute(text("UPDATE boundary_version SET relation = 'split'"))


def test_versions_stored_before_0003_know_whether_they_were_repaired(
    engine: sqlalchemy.Engine, session: Session, database_url: str
) -> None:
    bow_tie = Polygon([(EAST, NORTH), (EAST + 9, NORTH + 9), (EAST + 9, NORTH), (EAST, NORTH + 9)])
    seed_layer(session, square(), version="sound")
    seed_layer(session, square(), bow_tie, version="repaired", valid_from=AS_OF)
    session.commit()
    with engine.begin() as connection:
        command.downgrade(configuration(connection), "0002")
    migrate(database_url)
    with make_sessions(engine)() as after:
        found = {version.version: version.has_repairs for version in versions_in_use(after, ["X"])["X"]}
    assert found == {"sound": False, "repaired": True}


def test_two_migrations_at_once_are_harmless(database_url: str, engine: sqlalchemy.Engine) -> None:
    with engine.begin() as connection:
        command.downgrade(configuration(connection), "base")
    failures: list[BaseException] = []

    def run() -> None:
        try:
            migrate(database_url)
        except BaseException as failure:  # noqa: BLE001 a thread's failure must fail the test
            failures.append(failure)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert schema_state(engine) is SchemaState.CURRENT


def test_a_schema_of_another_version_is_told(engine: sqlalchemy.Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert schema_state(engine) is SchemaState.OTHER


def test_a_migration_that_fails_leaves_nothing(database_url: str, engine: sqlalchemy.Engine) -> None:
    with engine.begin() as connection:
        command.downgrade(configuration(connection), "base")
        connection.execute(text("CREATE TABLE review (id int)"))
    with pytest.raises(sqlalchemy.exc.ProgrammingError, match="review"):
        migrate(database_url)
    assert "project" not in inspect(make_engine(database_url)).get_table_names()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE boundary_version SET file_name = 'other.txt'",
        "UPDATE boundary_version SET geometry = geometry",
        "DELETE FROM boundary_version",
        "UPDATE parcel SET planar_area_m2 = 1",
        "DELETE FROM parcel",
        "DELETE FROM boundary_parent",
    ],
)
def test_what_a_verdict_rests_on_is_never_changed(session: Session, statement: str) -> None:
    submit(session)
    resubmit(session, red_line_file(square(0, 0, 50)))
    with pytest.raises(sqlalchemy.exc.IntegrityError, match="never changed"):
        session.execute(text(statement))
