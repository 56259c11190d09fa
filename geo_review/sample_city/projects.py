"""The 40 projects: land found for every wish, and a code for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shapely.geometry import MultiPolygon

from geo_review.sample_city.exact_sites import beside_park, in_street, over_wetland
from geo_review.sample_city.plan import Plan, SampleLayer
from geo_review.sample_city.sites import Terrain, find_site, terrain_of
from geo_review.sample_city.wishes import Wish, read_wishes

_YEAR = 2026
_APPROVED, _FILED = "01", "03"  # 审批 for government money, 备案 for the others

_EXACT: Mapping[str, Callable[[Wish, Terrain], MultiPolygon]] = {
    "park-edge": beside_park,
    "wetland-edge": over_wetland,
    "street": in_street,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacedProject:
    """A wish with its code and its land, in the plane of the plan."""

    code: str
    wish: Wish
    site: MultiPolygon


def draw_projects(plan: Plan, layers: Mapping[str, SampleLayer]) -> tuple[PlacedProject, ...]:
    """Find land for every wish."""
    terrain = terrain_of(plan, layers)
    return tuple(
        PlacedProject(
            code=project_code(wish, plan.facts.county(wish.county).code, serial),
            wish=wish,
            site=_EXACT.get(wish.where, find_site)(wish, terrain),
        )
        for serial, wish in enumerate(read_wishes(), 1)
    )


def project_code(wish: Wish, county_code: str, serial: int) -> str:
    """Return the 24 characters of 项目代码: year, county, industry, kind of approval, serial number."""
    kind = _APPROVED if wish.flow.startswith("government") else _FILED
    return f"{_YEAR}-{county_code}-{wish.industry}-{kind}-{serial:06d}"
