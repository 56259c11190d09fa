"""What a red line claims of its parents, against their land: figures, and findings under the sliver policy."""

from __future__ import annotations

import pytest

from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geo_review.errors import InvalidOption
from geo_review.review.lineage import ParentNamed, Relation, Relative, check_lineage, parse_parent
from tests.builders import square

WEST, EAST_HALF = square(0, 0, 50, 100), square(50, 0, 50, 100)

# why, relation, the red line, parents, siblings, {finding: (area, contact)}
CASES = [
    ("a split with its other half", "split", WEST, [square()], [EAST_HALF], {}),
    (
        "a split that nobody took the rest of",
        "split",
        WEST,
        [square()],
        [],
        {"not_yet_split": (5_000.0, "encroachment")},
    ),
    (
        "a split that reaches out of its parent",
        "split",
        square(0, 0, 50, 110),
        [square()],
        [EAST_HALF],
        {"outside_parent": (500.0, "encroachment")},
    ),
    (
        "one centimetre out is contact, and told",
        "split",
        square(0, 0, 50, 100.01),
        [square()],
        [EAST_HALF],
        {"outside_parent": (0.5, "technical")},
    ),
    (
        "two pieces on the same land",
        "split",
        square(0, 0, 60, 100),
        [square()],
        [EAST_HALF],
        {"overlaps_sibling": (1_000.0, "encroachment")},
    ),
    ("a merge that is all of both", "merge", square(0, 0, 200, 100), [square(), square(100, 0)], [], {}),
    (
        "a merge that leaves land out and takes more",
        "merge",
        square(10, 0, 200, 100),
        [square(), square(100, 0)],
        [],
        {"missing_from_merge": (1_000.0, "encroachment"), "outside_parent": (1_000.0, "encroachment")},
    ),
    (
        "a merge of parents with a strip between them",
        "merge",
        square(0, 0, 201, 100),
        [square(), square(101, 0)],
        [],
        {"outside_parent": (100.0, "encroachment")},
    ),
    ("a phase inside", "phase", square(10, 10, 10), [square()], [], {}),
    (
        "a phase on the land of another phase",
        "phase",
        square(10, 10, 10),
        [square()],
        [square(15, 10, 50)],
        {"overlaps_sibling": (50.0, "encroachment")},
    ),
    ("an adjustment claims nothing", "adjust", square(500, 0), [square()], [], {}),
    ("a replacement claims nothing", "replace", square(500, 0), [square()], [], {}),
    ("a phase of two parcels", "phase", MultiPolygon([square(0, 0, 9), square(20, 0, 9)]), [square()], [], {}),
]


@pytest.mark.parametrize(
    ("relation", "land", "parents", "siblings", "wanted"), [row[1:] for row in CASES], ids=[row[0] for row in CASES]
)
def test_what_does_not_agree_is_told_with_its_land(
    relation: str,
    land: BaseGeometry,
    parents: list[BaseGeometry],
    siblings: list[BaseGeometry],
    wanted: dict[str, tuple[float, str]],
) -> None:
    found = check_lineage(
        Relation(relation),
        land,
        parents=[Relative(name=f"P{number}@1", land=parent) for number, parent in enumerate(parents)],
        siblings=[Relative(name=f"S{number}@1", land=sibling) for number, sibling in enumerate(siblings)],
        epsg=4547,
    )
    told = {str(one.fault): (pytest.approx(one.planar_area_m2, abs=1e-3), str(one.contact)) for one in found}
    assert told == wanted
    for one in found:
        assert one.planar_area_m2 == pytest.approx(sum(part.planar_area_m2 for part in one.parts))
        assert all(name in one.message for name in one.relatives)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A", ParentNamed(code="A")),
        (" 2026-410902-47-01-012345@12 ", ParentNamed(code="2026-410902-47-01-012345", version=12)),
        ("a@b@3", ParentNamed(code="a@b", version=3)),
    ],
)
def test_a_parent_is_named_by_code_and_version(text: str, wanted: ParentNamed) -> None:
    assert parse_parent(text) == wanted


@pytest.mark.parametrize("text", ["", "@", "@1", "A@", "A@0", "A@x", "A@-1", "A@1.0", "A@٣", "a/b", "A@9999999999"])
def test_a_parent_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        parse_parent(text)
    assert refused.value.code in ("invalid_parent", "invalid_code")
