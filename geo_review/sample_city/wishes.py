"""Reads `wishes.toml`: the 40 projects as they are wished for, before land is found for them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from geo_review.review.findings import Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """A project, what its land must meet and keep clear of, and how its red line is handed in.

    ``where`` is town, park (an industrial park outside the town), rural, street, or one of two exact places: on the
    edge of a green line, across the edge of a wetland park. ``development`` says how the site stands to the
    development boundary. ``ground`` says whether the site lies where the geological survey has not been.
    """

    name: str
    county: str
    flow: str
    expected: Verdict
    why: str
    file: str  # the suffix of the file
    epsg: int
    where: str = "town"
    shape: str = "rectangle"
    size_m: tuple[float, float] = (120.0, 80.0)
    meets: tuple[str, ...] = ()
    development: str = "inside"  # inside | outside | across
    ground: str = "surveyed"  # surveyed | unsurveyed | across
    side: str = ""  # east | west | across the boundary of the 3-degree zones
    quirks: tuple[str, ...] = ()
    industry: str = "47"  # 国标行业 of the project code


@cache
def read_wishes() -> tuple[Wish, ...]:
    """Return the wishes in the order they are written."""
    text = resources.files(__package__).joinpath("wishes.toml").read_text(encoding="utf-8")
    return tuple(_wish(entry) for entry in tomllib.loads(text)["project"])


def _wish(entry: dict[str, object]) -> Wish:
    tuples = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    return Wish(**{**tuples, "expected": Verdict(str(entry["expected"]))})  # type: ignore[arg-type]
