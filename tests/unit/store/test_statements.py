"""The SQL files of the store: each says what it is for, and its binds are the ones its caller gives."""

from __future__ import annotations

from importlib import resources

import pytest
from sqlalchemy.dialects import postgresql

from geo_review.store.statements import statement

BINDS = {
    "changed_features": {"other_id", "version_id"},
    "family_of": {"project_code"},
    "in_force": {"codes"},
    "live_red_lines": set(),
    "live_red_lines_near": {"epsg", "pieces", "reach_m"},
    "list_projects": {"limit", "offset", "search", "unreviewed", "verdict"},
    "nearby_red_lines": {"east", "epsg", "limit", "north", "project_code", "south", "west"},
    "neighbours_of": {"project_code"},
    "parts_in_frame": {"east", "epsg", "limit", "north", "south", "version_id", "west"},
    "parts_near": {"boundary", "epsg", "limit", "reach_m", "version_id"},
    "parts_nearest": {"boundary", "epsg", "limit", "version_id"},
    "red_lines_near": {"boundary", "epsg", "project_code", "reach_m"},
    "relabelled_features": {"earlier_id", "later_id"},
    "relatives_among": {"candidates", "project_code", "roots"},
    "unchanged_parts_near": {"changed", "earlier_id", "epsg", "later_id"},
}


def test_every_sql_file_is_known_here() -> None:
    folder = resources.files("geo_review.store").joinpath("sql")
    assert {entry.name.removesuffix(".sql") for entry in folder.iterdir() if entry.name.endswith(".sql")} == set(BINDS)


@pytest.mark.parametrize("name", sorted(BINDS))
def test_a_statement_says_its_purpose_and_binds_what_it_is_given(name: str) -> None:
    found = statement(name)
    assert found.text.startswith("-- purpose: ")
    assert set(found.compile(dialect=postgresql.dialect()).params) == BINDS[name]
    # SQLAlchemy does not see a bind in ":x::int" and says nothing.
    assert "::" not in found.text
