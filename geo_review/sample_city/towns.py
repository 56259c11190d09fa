"""The six county towns: a street grid each, grown round the seat. What is built where is decided elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

import shapely
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geo_review.sample_city.drawing import MILLIMETRES, one_area, pencil
from geo_review.sample_city.facts import County

_REACH = 2.3  # the grid is laid out this many town radii wide, so that exclaves stand on it too
_AVENUE_WIDTH_M = 50.0
_STREET_WIDTH_M = 30.0
_AVENUE_EVERY = 3
_OFF_BORDER_M = 400.0  # towns keep off the county border
_HOLES = 3
_EXCLAVES = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Town:
    """``cells`` tile the development area up to the middle of the streets; ``blocks`` is the land between streets.

    ``hollows`` are cells left out inside the town; ``exclave`` says of each cell and block whether it stands apart.
    """

    county: County
    development: MultiPolygon
    cells: npt.NDArray[np.object_]
    blocks: npt.NDArray[np.object_]
    exclave: npt.NDArray[np.bool_]
    distance: npt.NDArray[np.float64]  # of each cell from the seat, in town radii
    hollows: tuple[Polygon, ...]
    streets: BaseGeometry


def draw_town(county: County, land: Polygon, water: BaseGeometry, seed: int) -> Town:
    """Lay out a grid, keep the cells that the town has grown over, and cut the streets out of them.

    A town may have grown over a river; its industrial parks are laid out off the ``water`` and its banks.
    """
    rng = pencil(seed, f"town {county.name}")
    corners = _lattice(county, rng)
    cells = _cells(corners)
    town, hollow = _grown(county, cells, land, rng)
    exclave = _exclaves(county, cells, land.difference(water), town | hollow, rng)
    taken = town | exclave
    streets = _streets(corners, taken)
    kept = cells[taken]
    development = one_area(shapely.union_all(kept))
    blocks = shapely.difference(kept, streets)
    blocks = np.array([max(shapely.get_parts(block), key=shapely.area, default=Polygon()) for block in blocks])
    return Town(
        county=county,
        development=development,
        cells=kept,
        blocks=blocks,
        exclave=exclave[taken],
        distance=shapely.distance(shapely.centroid(kept), Point(county.seat)) / county.town_radius_m,
        hollows=tuple(cells[hollow]),
        streets=shapely.intersection(streets, development),
    )


def _lattice(county: County, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Return the street crossings, (rows, columns, 2), to the millimetre."""
    across, along = (_positions(county.town_radius_m * _REACH, rng) for _ in range(2))
    grid = np.stack(np.meshgrid(across, along), axis=-1) + rng.uniform(-14.0, 14.0, (len(along), len(across), 2))
    angle = np.radians(county.town_angle_deg)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.asarray(np.round(grid @ turn + np.asarray(county.seat), MILLIMETRES))


def _positions(reach_m: float, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Return where the streets run on either side of the seat, 380 to 640 m apart; the seat is inside a block."""
    steps = rng.uniform(380.0, 640.0, int(reach_m / 380.0))
    right = np.cumsum(steps)
    left = np.cumsum(rng.uniform(380.0, 640.0, len(right)))
    places = np.concatenate([-left[::-1], right])
    return np.asarray(places[np.abs(places) <= reach_m])


def _cells(corners: npt.NDArray[np.float64]) -> npt.NDArray[np.object_]:
    rings = np.stack([corners[:-1, :-1], corners[:-1, 1:], corners[1:, 1:], corners[1:, :-1]], axis=2)
    return np.asarray(shapely.polygons(rings))


def _grown(
    county: County, cells: npt.NDArray[np.object_], land: Polygon, rng: np.random.Generator
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return which cells the town has grown over, and which inside it were left out."""
    middle = shapely.get_coordinates(shapely.centroid(cells)).reshape((*cells.shape, 2)) - np.asarray(county.seat)
    waves = sum(
        np.cos(middle @ (rng.normal(0.0, 2.6, 2) / county.town_radius_m) + rng.uniform(0, 6.28)) for _ in range(5)
    )
    reach = np.hypot(middle[..., 0], middle[..., 1]) / county.town_radius_m - 0.07 * waves
    inland = shapely.covered_by(cells, land.buffer(-_OFF_BORDER_M))
    grown = (reach < 1.0) & inland
    whole = shapely.union_all(cells[grown])
    seat_part = next(part for part in shapely.get_parts(whole) if part.contains(Point(county.seat)))
    grown &= shapely.covered_by(cells, Polygon(seat_part.exterior))
    hollow = np.zeros_like(grown)
    inner = np.argwhere(grown & (reach > 0.4) & (reach < 0.78))
    for row, column in rng.permutation(inner):
        around = (slice(row - 1, row + 2), slice(column - 1, column + 2))
        if (
            hollow.sum() < _HOLES
            and grown[around].all()
            and not hollow[row - 2 : row + 3, column - 2 : column + 3].any()
        ):
            hollow[row, column] = True
    return grown & ~hollow, hollow


def _exclaves(
    county: County,
    cells: npt.NDArray[np.object_],
    land: Polygon,
    town: npt.NDArray[np.bool_],
    rng: np.random.Generator,
) -> npt.NDArray[np.bool_]:
    """Return the cells of the industrial parks that stand apart from the town."""
    found = np.zeros_like(town)
    inland = shapely.covered_by(cells, land.buffer(-_OFF_BORDER_M))
    distance = shapely.distance(shapely.centroid(cells), Point(county.seat)) / county.town_radius_m
    candidates = np.argwhere(inland & (distance > 1.3) & (distance < 1.9))
    parks = 0
    for row, column in rng.permutation(candidates):
        rows, columns = int(rng.integers(2, 4)), int(rng.integers(2, 5))
        block = (slice(row, row + rows), slice(column, column + columns))
        around = (slice(max(row - 2, 0), row + rows + 2), slice(max(column - 2, 0), column + columns + 2))
        if parks == _EXCLAVES or (town | found)[around].any() or not inland[block].all():
            continue
        if found[block].shape == (rows, columns):
            found[block] = True
            parks += 1
    return found


def _streets(corners: npt.NDArray[np.float64], taken: npt.NDArray[np.bool_]) -> BaseGeometry:
    """Return the red lines of the streets: along every grid line that has the town on both sides."""
    lines, widths_m = [], []
    for row, column in np.argwhere(taken[:, :-1] & taken[:, 1:]):
        lines.append(corners[row : row + 2, column + 1])
        widths_m.append(_AVENUE_WIDTH_M if column % _AVENUE_EVERY == 0 else _STREET_WIDTH_M)
    for row, column in np.argwhere(taken[:-1, :] & taken[1:, :]):
        lines.append(corners[row + 1, column : column + 2])
        widths_m.append(_AVENUE_WIDTH_M if row % _AVENUE_EVERY == 0 else _STREET_WIDTH_M)
    buffers = shapely.buffer(
        shapely.linestrings(np.array(lines)), np.array(widths_m) / 2.0, cap_style="square", join_style="mitre"
    )
    return shapely.union_all(buffers)
