"""The small picture that shows at a glance where a red line lies: SVG, without a script, coloured by the page's style.

The extent of the city, the zones of the plane with their meridians, and the place of the land: a wrong zone lies
outside. A picture only: nothing is measured on it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from geo_review.boundary.location import NEAR_DEG
from geo_review.city import City
from geo_review.report.legible import legible
from geo_review.wording import say

_WIDTH, _LEAST_HEIGHT, _MOST_HEIGHT = 480.0, 170.0, 280.0
_AROUND = 0.16  # of the extent, on each side
_ZONE_DEG = 3
_MOST_ZONES = 9
_KM_PER_DEG = 111.195  # of latitude, on a sphere


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """A place where the land lies, or would lie; ``label`` is empty for the only one."""

    lon_deg: float
    lat_deg: float
    label: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Frame:
    """Degrees to pixels; a degree of longitude is as long as it is at the city."""

    west_deg: float
    north_deg: float
    x_per_deg: float
    y_per_deg: float
    height: float

    def x(self, lon_deg: float) -> float:
        return (lon_deg - self.west_deg) * self.x_per_deg

    def y(self, lat_deg: float) -> float:
        return (self.north_deg - lat_deg) * self.y_per_deg

    @property
    def east_deg(self) -> float:
        return self.west_deg + _WIDTH / self.x_per_deg


def overview_svg(city: City, spots: Sequence[Spot]) -> str:
    """Return the picture of some places and the city's extent; without a place it is the city alone."""
    frame = _frame(city, spots)
    title = escape(say("understanding.overview_title", city=city.name))
    pieces = [
        f'<svg class="overview" viewBox="0 0 {_WIDTH:g} {frame.height:.0f}" role="img" aria-label="{title}">',
        *_zones(frame),
        _city(frame, city),
        *(piece for spot in spots for piece in _spot(frame, city, spot)),
        "</svg>",
    ]
    return "\n".join(pieces)


def kilometres_outside(city: City, lon_deg: float, lat_deg: float) -> float:
    """Return how far a place is from the extent of the city, 0 inside and at its edge: told in round numbers only."""
    near_lon, near_lat = _nearest(city, lon_deg, lat_deg)
    shrink = math.cos(math.radians((city.south_deg + city.north_deg) / 2))
    away_deg = math.hypot((lon_deg - near_lon) * shrink, lat_deg - near_lat)
    return 0.0 if away_deg <= NEAR_DEG else away_deg * _KM_PER_DEG


def _frame(city: City, spots: Sequence[Spot]) -> _Frame:
    lons = [city.west_deg, city.east_deg, *(spot.lon_deg for spot in spots)]
    lats = [city.south_deg, city.north_deg, *(spot.lat_deg for spot in spots)]
    shrink = math.cos(math.radians((city.south_deg + city.north_deg) / 2))
    width_deg = (max(lons) - min(lons)) * (1 + 2 * _AROUND)
    height_deg = (max(lats) - min(lats)) * (1 + 2 * _AROUND)
    y_per_deg = min(_WIDTH / (width_deg * shrink), _MOST_HEIGHT / height_deg)
    height = min(max(height_deg * y_per_deg, _LEAST_HEIGHT), _MOST_HEIGHT)
    middle_lon, middle_lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    x_per_deg = y_per_deg * shrink
    return _Frame(
        west_deg=middle_lon - _WIDTH / 2 / x_per_deg,
        north_deg=middle_lat + height / 2 / y_per_deg,
        x_per_deg=x_per_deg,
        y_per_deg=y_per_deg,
        height=height,
    )


def _zones(frame: _Frame) -> Iterator[str]:
    """The zones of three degrees: their edges, and the name of each at the top."""
    first = math.floor((frame.west_deg + _ZONE_DEG / 2) / _ZONE_DEG)
    last = math.floor((frame.east_deg + _ZONE_DEG / 2) / _ZONE_DEG)
    if last - first >= _MOST_ZONES:
        return
    for zone in range(first, last + 1):
        west_deg, east_deg = _ZONE_DEG * (zone - 0.5), _ZONE_DEG * (zone + 0.5)
        left, right = max(frame.x(west_deg), 0.0), min(frame.x(east_deg), _WIDTH)
        if left > 0.0:
            yield f'<line class="zone" x1="{left:.1f}" y1="0" x2="{left:.1f}" y2="{frame.height:.0f}"/>'
        if right - left > 60:
            name = escape(say("understanding.overview_zone", zone=zone, meridian=_ZONE_DEG * zone))
            yield f'<text class="zone" x="{(left + right) / 2:.1f}" y="16" text-anchor="middle">{name}</text>'


def _city(frame: _Frame, city: City) -> str:
    left, top = frame.x(city.west_deg), frame.y(city.north_deg)
    width, height = frame.x(city.east_deg) - left, frame.y(city.south_deg) - top
    return (
        f'<rect class="city" x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
        f'<text class="city" x="{left + width / 2:.1f}" y="{top + height + 15:.1f}" text-anchor="middle">'
        f"{escape(city.name)}</text>"
    )


def _spot(frame: _Frame, city: City, spot: Spot) -> Iterator[str]:
    x, y = frame.x(spot.lon_deg), frame.y(spot.lat_deg)
    away_km = kilometres_outside(city, spot.lon_deg, spot.lat_deg)
    state = "outside" if away_km else "inside"
    words = [legible(spot.label)] if spot.label else []
    if away_km:
        near_lon, near_lat = _nearest(city, spot.lon_deg, spot.lat_deg)
        near_x, near_y = frame.x(near_lon), frame.y(near_lat)
        yield f'<line class="away" x1="{near_x:.1f}" y1="{near_y:.1f}" x2="{x:.1f}" y2="{y:.1f}"/>'
        words.append(say("understanding.overview_away", km=f"{float(f'{away_km:.2g}'):,.0f}"))
    yield f'<circle class="spot {state}" cx="{x:.1f}" cy="{y:.1f}" r="6"/>'
    anchor, shift = ("start", 11) if x < _WIDTH / 2 else ("end", -11)
    for line, word in enumerate(words):
        top = y + 4 + (line - (len(words) - 1) / 2) * 16
        place = f'x="{x + shift:.1f}" y="{top:.1f}" text-anchor="{anchor}"'
        yield f'<text class="spot {state}" {place}>{escape(word)}</text>'


def _nearest(city: City, lon_deg: float, lat_deg: float) -> tuple[float, float]:
    return (
        min(max(lon_deg, city.west_deg), city.east_deg),
        min(max(lat_deg, city.south_deg), city.north_deg),
    )
