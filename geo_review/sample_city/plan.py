"""The plan of the sample city that every layer is drawn on: counties, towns, and the lines that run through it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from geo_review.sample_city.counties import Land, draw_land
from geo_review.sample_city.drawing import flowing, jagged, meandering, pencil
from geo_review.sample_city.facts import Course, Facts, read_facts
from geo_review.sample_city.towns import Town, draw_town

Geometries = npt.NDArray[np.object_]

_COVERAGE_BEYOND_M = 2000.0
_OFF_RIVERS_M = 200.0  # industrial parks
_OFF_YELLOW_RIVER_M = 4800.0  # the same: its flood land is up to 4600 m wide


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A drawn course: where it runs, and what is known of it."""

    course: Course
    line: LineString

    @property
    def land(self) -> Polygon:
        """The strip of land it takes up."""
        return self.line.buffer(self.course.width_m / 2.0, cap_style="flat", quad_segs=2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """``surveyed`` is the land every layer was surveyed on: the city and a strip around it."""

    seed: int
    facts: Facts
    land: Land
    towns: Mapping[str, Town]
    rivers: Mapping[str, Line]
    roads: tuple[Line, ...]
    railways: tuple[Line, ...]
    power_lines: tuple[Line, ...]
    pipelines: tuple[Line, ...]
    faults: tuple[Line, ...]
    surveyed: Polygon

    @property
    def development(self) -> BaseGeometry:
        """The land inside all development boundaries."""
        return shapely.union_all([town.development for town in self.towns.values()])


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleLayer:
    """One control layer as drawn, in the plane of the plan; how it is handed over is in `deliveries.toml`.

    Columns of ``attributes`` are parallel to ``geometries``. ``unsurveyed`` is land its coverage leaves out.
    """

    code: str
    geometries: Geometries
    attributes: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    unsurveyed: BaseGeometry | None = None


def draw_plan(seed: int) -> Plan:
    """Draw counties, towns and lines of one seed."""
    facts = read_facts()
    land = draw_land(facts, seed)
    rivers = {key: _river(course, seed) for key, course in facts.rivers.items()}
    banks = [river.line.buffer(_OFF_RIVERS_M, quad_segs=2) for river in rivers.values()]
    water = shapely.union_all([*banks, land.yellow_river.buffer(_OFF_YELLOW_RIVER_M, quad_segs=2)])
    return Plan(
        seed=seed,
        facts=facts,
        land=land,
        towns={county.name: draw_town(county, land.counties[county.name], water, seed) for county in facts.counties},
        rivers=rivers,
        roads=tuple(_way(course, seed) for course in facts.roads),
        railways=tuple(_way(course, seed) for course in facts.railways),
        power_lines=tuple(_straight(course) for course in facts.power_lines),
        pipelines=tuple(_trench(course, seed) for course in facts.pipelines),
        faults=tuple(_trench(course, seed) for course in facts.faults),
        surveyed=land.city.buffer(_COVERAGE_BEYOND_M, quad_segs=2).simplify(200.0),
    )


def layer_of(code: str, geometries: Sequence[BaseGeometry], **attributes: Sequence[object]) -> SampleLayer:
    """Return a layer; each attribute has a value for each geometry."""
    return SampleLayer(
        code=code,
        geometries=np.array(list(geometries), dtype=object),
        attributes={name: tuple(values) for name, values in attributes.items()},
    )


def _river(course: Course, seed: int) -> Line:
    return Line(
        course=course, line=meandering(course.points, pencil(seed, course.name), shortest_m=1400, roughness=0.2)
    )


def _way(course: Course, seed: int) -> Line:
    bent = jagged(course.points, pencil(seed, course.name), shortest_m=5000, roughness=0.05)
    return Line(course=course, line=LineString(flowing(bent)))


def _straight(course: Course) -> Line:
    return Line(course=course, line=LineString(np.round(course.points, 3)))


def _trench(course: Course, seed: int) -> Line:
    return Line(
        course=course,
        line=LineString(jagged(course.points, pencil(seed, course.name), shortest_m=2500, roughness=0.05)),
    )
