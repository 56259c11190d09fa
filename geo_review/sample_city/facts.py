"""Reads `facts.toml`, the few written facts the sample city is drawn from. Draws nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from geo_review.geometry.crs import LONLAT, reproject_points

Coordinates = npt.NDArray[np.float64]

PLANE = 4547  # the city is drawn in one plane, CGCS2000 / 3-degree Gauss-Kruger CM 114E, metres


@dataclass(frozen=True, kw_only=True, slots=True)
class County:
    """A county as the gazetteer gives it, and how its town and its fields lie."""

    code: str
    name: str
    seat: tuple[float, float]  # in the plane
    extent_deg: tuple[float, float, float, float]
    area_km2: float
    town_radius_m: float
    town_angle_deg: float
    field_angle_deg: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """A line that runs through the city: a river, road, railway, power line, pipeline or fault."""

    name: str
    points: Coordinates  # in the plane
    width_m: float = 0.0
    grade: str = ""
    kilovolt: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Oilfield:
    """An oil field, roughly an ellipse."""

    name: str
    centre: tuple[float, float]  # in the plane
    half_axes_m: tuple[float, float]
    bearing_deg: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """Everything that is written down; the rest of the city is drawn from a seed."""

    counties: tuple[County, ...]
    arcs: Mapping[str, Coordinates]
    rivers: Mapping[str, Course]
    roads: tuple[Course, ...]
    railways: tuple[Course, ...]
    power_lines: tuple[Course, ...]
    pipelines: tuple[Course, ...]
    oilfields: tuple[Oilfield, ...]
    faults: tuple[Course, ...]

    def county(self, name: str) -> County:
        """Return the county of a name."""
        return next(county for county in self.counties if county.name == name)


@cache
def read_facts() -> Facts:
    """Return the facts, their coordinates moved into the plane the city is drawn in."""
    written = tomllib.loads(resources.files(__package__).joinpath("facts.toml").read_text(encoding="utf-8"))
    return Facts(
        counties=tuple(_county(entry) for entry in written["county"]),
        arcs={name: in_plane(points) for name, points in written["arcs_deg"].items()},
        rivers={key: _course(entry) for key, entry in written["river"].items()},
        roads=tuple(_course(entry) for entry in written["road"]),
        railways=tuple(_course(entry) for entry in written["railway"]),
        power_lines=tuple(_course(entry) for entry in written["power_line"]),
        pipelines=tuple(_course(entry) for entry in written["pipeline"]),
        oilfields=tuple(_oilfield(entry) for entry in written["oilfield"]),
        faults=tuple(_course(entry) for entry in written["fault"]),
    )


def in_plane(points_deg: list[list[float]]) -> Coordinates:
    """Return lon/lat points in the plane the city is drawn in."""
    return reproject_points(np.asarray(points_deg, dtype=np.float64), LONLAT, PLANE)


def _county(entry: dict[str, Any]) -> County:
    west, south, east, north = entry["extent_deg"]
    return County(
        code=entry["code"],
        name=entry["name"],
        seat=_point(entry["seat_deg"]),
        extent_deg=(west, south, east, north),
        area_km2=float(entry["area_km2"]),
        town_radius_m=entry["town_radius_m"],
        town_angle_deg=entry["town_angle_deg"],
        field_angle_deg=entry["field_angle_deg"],
    )


def _course(entry: dict[str, Any]) -> Course:
    return Course(
        name=entry["name"],
        points=in_plane(entry["course_deg"]),
        width_m=entry.get("width_m", 2.0 * entry.get("half_width_m", 0.0)),
        grade=entry.get("grade", ""),
        kilovolt=entry.get("kilovolt", 0),
    )


def _oilfield(entry: dict[str, Any]) -> Oilfield:
    along_m, across_m = entry["half_axes_m"]
    return Oilfield(
        name=entry["name"],
        centre=_point(entry["centre_deg"]),
        half_axes_m=(along_m, across_m),
        bearing_deg=entry["bearing_deg"],
    )


def _point(point_deg: list[float]) -> tuple[float, float]:
    (easting, northing), *_ = in_plane([point_deg])
    return float(easting), float(northing)
