"""Towns: development boundaries, street red lines, green, yellow and purple lines, industrial land, plan parcels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geo_review.sample_city.drawing import MILLIMETRES, pencil, polygons, rounded
from geo_review.sample_city.plan import Plan, SampleLayer, layer_of
from geo_review.sample_city.towns import Town

_GREEN_SHARE = 0.11  # of the blocks, a park on part of it
_FOOTPATH_SHARE = 0.06  # of a block's side, between a park and the street
_YELLOW_SHARE = 0.05  # of the blocks, a substation, a waterworks …
_FACILITIES = ("变电站", "自来水厂", "污水处理厂", "公交首末站", "燃气门站", "消防站", "环卫设施")
_OLD_TOWNS = ("濮阳县", "清丰县", "范县")  # with a historic quarter, drawn on the blocks nearest the seat
_DEPOT_TOWNS = ("华龙区", "濮阳县", "范县")
_PLAN_USES = (
    ("0701", "城镇住宅用地", "2.5", "35", "25", "80"),
    ("0701", "城镇住宅用地", "1.8", "35", "28", "54"),
    ("0901", "商业用地", "3.0", "20", "50", "100"),
    ("0801", "机关团体用地", "1.5", "35", "35", "45"),
    ("0804", "教育用地", "1.0", "35", "30", "24"),
)
_INDUSTRIAL_USE = ("1001", "工业用地", "2.0", "15", "60", "36")


def draw_towns(plan: Plan) -> Iterator[SampleLayer]:
    """Draw every layer that belongs to the towns."""
    yield _development(plan)
    yield layer_of(
        "DLHX",
        [part for town in plan.towns.values() for part in _street_parts(town)],
        XZQMC=[town.county.name for town in plan.towns.values() for _ in _street_parts(town)],
    )
    yield _parks(plan)
    yield _facilities(plan)
    yield _old_towns(plan)
    yield _industry(plan)
    yield _depots(plan)
    yield _plan_parcels(plan)


def _development(plan: Plan) -> SampleLayer:
    parts = [(town, part) for town in plan.towns.values() for part in polygons(town.development)]
    return layer_of(
        "CZKFBJ",
        [part for _, part in parts],
        BSM=[f"{town.county.code}000000{number:06d}" for number, (town, _) in enumerate(parts, 1)],
        XZQDM=[town.county.code for town, _ in parts],
        XZQMC=[town.county.name for town, _ in parts],
        GHFQDM=["01"] * len(parts),
        GHFQMC=["城镇集中建设区"] * len(parts),
    )


def _street_parts(town: Town) -> list[Polygon]:
    return [rounded(part) for part in polygons(town.streets)]


def _parks(plan: Plan) -> SampleLayer:
    """A green corner in some blocks, and the whole of a few."""
    parks: list[BaseGeometry] = []
    names: list[object] = []
    for town in plan.towns.values():
        rng = pencil(plan.seed, f"green {town.county.name}")
        for number in np.flatnonzero((rng.random(len(town.blocks)) < _GREEN_SHARE) & ~town.exclave):
            parks.append(_corner(town.blocks[number], float(rng.uniform(0.28, 0.55)), rng))
            names.append(f"{town.county.name}{len(parks)}号公园绿地")
    return layer_of("ZXCQCSLVX", parks, MC=names)


def _facilities(plan: Plan) -> SampleLayer:
    sites: list[BaseGeometry] = []
    names: list[object] = []
    for town in plan.towns.values():
        rng = pencil(plan.seed, f"yellow {town.county.name}")
        for number in np.flatnonzero((rng.random(len(town.blocks)) < _YELLOW_SHARE) & (town.distance > 0.25)):
            sites.append(_corner(town.blocks[number], float(rng.uniform(0.18, 0.3)), rng))
            names.append(f"{town.county.name}{rng.choice(_FACILITIES)}")
    return layer_of("ZXCQCSHX", sites, MC=names)


def _old_towns(plan: Plan) -> SampleLayer:
    quarters = []
    for name in _OLD_TOWNS:
        town = plan.towns[name]
        nearest = np.argsort(town.distance, kind="stable")[: 4 if name == "濮阳县" else 2]
        quarters.append(rounded(shapely.union_all(town.cells[nearest]).buffer(-30.0, join_style="mitre")))
    return layer_of("ZXCQCSZX", quarters, MC=[f"{name}老城历史街区" for name in _OLD_TOWNS])


def _industry(plan: Plan) -> SampleLayer:
    """The parks that stand apart, and the outer blocks of the town next to them."""
    parks = []
    for town in plan.towns.values():
        parks += [(town.county.name, rounded(part)) for part in polygons(shapely.union_all(town.cells[town.exclave]))]
    return layer_of("GYYDKZX", [park for _, park in parks], MC=[f"{name}先进制造业开发区" for name, _ in parks])


def _depots(plan: Plan) -> SampleLayer:
    """Depots of oil and gas at the edge of some industrial parks."""
    depots: list[BaseGeometry] = []
    for name in _DEPOT_TOWNS:
        town = plan.towns[name]
        rng = pencil(plan.seed, f"depot {name}")
        farthest = max(np.flatnonzero(town.exclave), key=lambda number: town.distance[number])
        depots.append(_corner(town.blocks[farthest], 0.3, rng))
    return layer_of("XFAQ", depots, MC=[f"{name}油气库" for name in _DEPOT_TOWNS], LB=["甲类仓库"] * len(depots))


def _plan_parcels(plan: Plan) -> SampleLayer:
    """控规地块: what may be built on each block. No rule of the default rulebook asks for it; a compare rule can."""
    blocks: list[BaseGeometry] = []
    rows: list[tuple[str, ...]] = []
    for town in plan.towns.values():
        rng = pencil(plan.seed, f"plan {town.county.name}")
        for number, block in enumerate(town.blocks):
            use = _INDUSTRIAL_USE if town.exclave[number] else _PLAN_USES[int(rng.integers(len(_PLAN_USES)))]
            blocks.append(rounded(block))
            rows.append((f"{town.county.code}-{number + 1:03d}", *use))
    columns = list(zip(*rows, strict=True))
    names = ("DKBH", "YDXZ", "YDXZMC", "RJL", "LDL", "JZMD", "JZXG")
    return layer_of("KGDK", blocks, **{name: list(column) for name, column in zip(names, columns, strict=True)})


def _corner(block: Polygon, share: float, rng: np.random.Generator) -> Polygon:
    """Return land near a corner of a block, so much of each side of it, a footpath off the streets."""
    box = shapely.get_coordinates(shapely.oriented_envelope(block))[:4]
    first = int(rng.integers(4))
    corner, right, left = box[first], box[(first + 1) % 4], box[first - 1]
    corner = corner + (right - corner + left - corner) * _FOOTPATH_SHARE
    along, across = (right - corner) * share, (left - corner) * share
    square = Polygon(np.round([corner, corner + along, corner + along + across, corner + across], MILLIMETRES))
    inside = polygons(square.intersection(block))
    return inside[0]
