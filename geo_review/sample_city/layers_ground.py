"""What lies under and over the ground: heritage, minerals, hazards, faults, stations, airspace, reserved areas."""

from __future__ import annotations

from collections.abc import Iterator

from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from geo_review.sample_city.drawing import jagged, patch, pencil, roughened, rounded
from geo_review.sample_city.facts import in_plane
from geo_review.sample_city.plan import Plan, SampleLayer, layer_of

# Heritage sites: name, place (degrees), half axes of the core and width of the control belt (m).
_HERITAGE = (
    ("戚城遗址", [115.034, 35.786], (310.0, 250.0), 180.0),
    ("西水坡遗址", [115.008, 35.738], (200.0, 160.0), 150.0),
    ("高城遗址", [115.035, 35.665], (820.0, 560.0), 300.0),
    ("唐兀公碑", [115.105, 35.625], (90.0, 70.0), 120.0),
    ("晋冀鲁豫边区旧址", [115.155, 35.905], (110.0, 90.0), 130.0),
    ("仓颉陵", [115.285, 36.115], (230.0, 170.0), 200.0),
    ("郑板桥纪念地", [115.508, 35.858], (80.0, 60.0), 100.0),
    ("蚩尤冢", [115.905, 35.985], (170.0, 140.0), 160.0),
)
_STATIONS = (  # national stations stand at the edge of their towns
    ("濮阳国家气象观测站", [115.028, 35.722]),
    ("清丰国家气象观测站", [115.123, 35.872]),
    ("南乐国家气象观测站", [115.232, 36.093]),
    ("范县国家气象观测站", [115.52, 35.87]),
    ("台前国家气象观测站", [115.845, 35.957]),
)


def draw_ground(plan: Plan) -> Iterator[SampleLayer]:
    """Draw the layers of heritage, ground and reserved areas."""
    yield from _heritage(plan)
    yield _minerals(plan)
    yield _hazards(plan)
    yield layer_of(
        "DZDL",
        [line.line.intersection(plan.land.city) for line in plan.faults],
        MC=[line.course.name for line in plan.faults],
    )
    places = in_plane([place for _, place in _STATIONS])
    yield layer_of("QXTC", [Point(place) for place in places.round(3)], MC=[name for name, _ in _STATIONS])
    yield _areas(plan, "JCJK", ("濮阳通用机场净空区", [115.165, 35.955], (3600.0, 1500.0), 20.0))
    yield _areas(
        plan,
        "RFGC",
        ("市人防指挥所", [115.046, 35.762], (160.0, 110.0), 98.0),
        ("中原路地下人防工程", [115.083, 35.775], (420.0, 90.0), 98.0),
        ("濮阳县人防疏散基地", [115.018, 35.694], (210.0, 150.0), 101.0),
    )
    yield _areas(
        plan,
        "JSSS",
        ("军事设施甲", [115.105, 35.757], (420.0, 300.0), 15.0),
        ("军事设施乙", [115.372, 36.06], (600.0, 380.0), 40.0),
    )
    yield _areas(plan, "GJAQ", ("国家安全控制区域甲", [115.062, 35.803], (520.0, 360.0), 75.0))


def _heritage(plan: Plan) -> Iterator[SampleLayer]:
    """Two belts round every site: the core, and a control belt around it that does not contain the core."""
    cores, belts, names = [], [], []
    for name, place_deg, half_axes_m, belt_m in _HERITAGE:
        rng = pencil(plan.seed, name)
        ((easting, northing),) = in_plane([place_deg])
        core = patch((easting, northing), half_axes_m, rng.uniform(60, 120), rng)
        cores.append(core)
        belts.append(rounded(core.buffer(belt_m, join_style="mitre", mitre_limit=2.0).difference(core)))
        names.append(name)
    yield layer_of("WWBHDWHX", list(cores), MC=list(names), LSWHLXDM=["01"] * len(names))
    yield layer_of("WWJKDD", list(belts), MC=list(names), LSWHLXDM=["02"] * len(names))
    ancient = [core.buffer(420.0, join_style="mitre", mitre_limit=2.0) for core in cores[:3]]
    yield layer_of("LSWHBHX", [rounded(area) for area in ancient], MC=[f"{name}历史文化保护区" for name in names[:3]])


def _minerals(plan: Plan) -> SampleLayer:
    """The mining rights of the oil fields, with the angular outlines such rights have."""
    fields = [
        patch(field.centre, field.half_axes_m, field.bearing_deg, pencil(plan.seed, field.name))
        for field in plan.facts.oilfields
    ]
    return layer_of(
        "YFKC",
        [rounded(field.intersection(plan.land.city)) for field in fields],
        MC=[field.name for field in plan.facts.oilfields],
        KZ=["石油、天然气"] * len(fields),
    )


def _hazards(plan: Plan) -> SampleLayer:
    """Subsidence-prone ground. The survey of 台前县 has not reached its eastern part: an honest gap in the coverage."""
    rng = pencil(plan.seed, "DZZH")
    grounds: list[BaseGeometry] = []
    names: list[object] = []
    for name, place_deg, half_axes_m, bearing_deg in (
        ("濮阳县地面沉降低易发区", [115.13, 35.66], (8200.0, 4200.0), 40.0),
        ("清丰县地面沉降低易发区", [115.06, 35.985], (4300.0, 2600.0), 80.0),
        ("范县黄河岸坡崩塌低易发区", [115.56, 35.735], (5200.0, 1100.0), 57.0),
    ):
        ((easting, northing),) = in_plane([place_deg])
        outline = patch((easting, northing), half_axes_m, bearing_deg, rng)
        grounds.append(rounded(roughened(outline, rng, shortest_m=500.0, roughness=0.1).intersection(plan.land.city)))
        names.append(name)
    layer = layer_of("DZZH", grounds, MC=names, YFCD=["低易发"] * len(grounds))
    return SampleLayer(
        code=layer.code, geometries=layer.geometries, attributes=layer.attributes, unsurveyed=unsurveyed_land(plan)
    )


def unsurveyed_land(plan: Plan) -> BaseGeometry:
    """The eastern half of 台前县, from the middle of its town, and everything beyond."""
    edge = jagged(
        in_plane([[115.872, 36.2], [115.872, 36.03], [115.877, 35.985], [115.89, 35.85]]),
        pencil(plan.seed, "unsurveyed"),
        shortest_m=900.0,
        roughness=0.1,
    )
    ((east, _),) = in_plane([[116.2, 36.0]])
    return Polygon([*edge.tolist(), [east, edge[-1][1]], [east, edge[0][1]]])


def _areas(plan: Plan, code: str, *areas: tuple[str, list[float], tuple[float, float], float]) -> SampleLayer:
    drawn = []
    for name, place_deg, half_axes_m, bearing_deg in areas:
        ((easting, northing),) = in_plane([place_deg])
        drawn.append(patch((easting, northing), half_axes_m, bearing_deg, pencil(plan.seed, name)))
    return layer_of(code, drawn, MC=[name for name, *_ in areas])
