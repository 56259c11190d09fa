"""Documents made for these tests, in the shape of `geo_review.report.document`; plane coordinates in, lon/lat out.

``python -m tests.unit.report.made`` writes the examples of tests/data/documents again.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from shapely.affinity import translate
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo_review.geometry.crs import LONLAT, reproject
from geo_review.geometry.measure import ellipsoidal_area_m2, max_width_m
from geo_review.report.document import SCHEMA, Document, as_geojson, to_bytes

EXAMPLES = Path(__file__).parents[2] / "data" / "documents"
EPSG = 4547
EASTING, NORTHING = 592_900.0, 3_959_500.0  # a round corner inside 华龙区


def lonlat(plane: BaseGeometry, epsg: int = EPSG) -> BaseGeometry:
    return reproject(plane, epsg, LONLAT)


def here(*points: tuple[float, float]) -> Polygon:
    """Return a polygon from metres east and north of the round corner."""
    return Polygon([(EASTING + east, NORTHING + north) for east, north in points])


def square(side_m: float = 100.0) -> Polygon:
    return here((0, 0), (side_m, 0), (side_m, side_m), (0, side_m))


def part(plane: BaseGeometry, contact: str = "encroachment") -> Document:
    there = lonlat(plane)
    return {
        "contact": contact,
        "area_planar_m2": plane.area,
        "area_ellipsoidal_m2": ellipsoidal_area_m2(there),
        "max_width_m": max_width_m(plane),
        "geometry": as_geojson(there),
    }


def result(code: str, title: str, *, kind: str = "forbid", outcome: str = "pass", **given: Any) -> Document:
    """Return a result of the contract; areas follow from the parts, and every key can be given."""
    parts: list[Document] = given.pop("parts", [])
    red_m2: float = given.pop("red_m2", 1.0)
    layer = {
        "code": code,
        "title": title,
        "version": "2023-12",
        "sha256": hashlib.sha256(code.encode()).hexdigest(),
        "coverage": "declared",
        "valid_from": "2023-12-01",
        "valid_to": None,
        "accuracy_m": 0.5,
        "source": "市自然资源和规划局",
    }
    limit = {"ignore_below_m2": 0.0, "distance_m": None, "attribute": None, "operator": None}
    planar_m2 = sum(one["area_planar_m2"] for one in parts)
    return {
        "rule_id": f"{code}-{kind}",
        "title": title,
        "layer": layer | given.pop("layer", {}),
        "kind": kind,
        "outcome": outcome,
        "reason": "红线与控制线不相交，符合要求",
        "contact": parts[0]["contact"] if parts else "none",
        "area_planar_m2": planar_m2,
        "area_ellipsoidal_m2": sum(one["area_ellipsoidal_m2"] for one in parts),
        "share": planar_m2 / red_m2,
        "distance_m": None if parts else 1204.5678,
        "limit": limit | given.pop("limit", {}),
        "uncovered_area_m2": 0.0,
        "parts": parts,
        "comparisons": [],
        "repairs": [],
        "basis": "自然资发〔2022〕142号",
        "basis_confirmed": True,
        "department": None,
        "respond_within_workdays": None,
        "message": f"“{title}”（{code}，版本 2023-12）：红线与控制线不相交，符合要求。结论：通过。",
    } | given


def document(red: BaseGeometry | None = None, results: list[Document] | None = None, **given: Any) -> Document:
    """Return a whole document about a red line in the plane; the verdict is given or 通过."""
    red = square() if red is None else red
    whole = red if red.geom_type == "MultiPolygon" else MultiPolygon([red])
    there = lonlat(whole)
    parcels = [
        {
            "number": number,
            "code": f"410902-{number:03d}",
            "name": f"地块{number}",
            "use": "工业用地",
            "area_planar_m2": parcel.area,
            "area_ellipsoidal_m2": ellipsoidal_area_m2(lonlat(parcel)),
            "area_declared_m2": round(parcel.area, 2),
        }
        for number, parcel in enumerate(whole.geoms, start=1)
    ]
    boundary = {
        "format": "txt",
        "file": {"name": "界址点成果.txt", "size_bytes": 1834, "sha256": "a1" * 32, "sm3": "b2" * 32},
        "crs": {
            "epsg": 4526,
            "how": "prefix",
            "reason": "东坐标带有带号 38，文件属性“带号=38，几度分带=3”与之一致",
        },
        "measuring_epsg": EPSG,
        "parcels": len(parcels),
        "area_planar_m2": whole.area,
        "area_ellipsoidal_m2": ellipsoidal_area_m2(there),
        "area_declared_m2": round(whole.area, -1),
        "area_declared_unit": "公顷",
        "parcel_list": parcels,
        "issues": [],
        "geometry": as_geojson(there),
    }
    return {
        "schema": SCHEMA,
        "verdict": "pass",
        "as_of": "2026-11-23",
        "engine": {"geo_review": "0.1.0", "geos": "3.13.1", "proj": "9.5.1"},
        "rulebook": {"id": "puyang-default", "edition": "2026-11", "sha256": "c3" * 32, "contact_width_m": 0.02},
        "project": {"XMDM": "2411-410902-04-01-100001", "name": "濮阳市精密铸件扩建项目", "flow": "工业类"},
        "boundary": boundary | given.pop("boundary", {}),
        "results": [result("STBHHX", "生态保护红线")] if results is None else results,
        "not_applicable": [],
        "notes": [],
    } | given


SITE = here(
    (12, 8), (96, 0), (188, 22), (236, 14), (262, 70), (250, 138), (205, 176), (130, 182), (88, 160), (30, 166), (0, 96)
)
FARMLAND = here((-30, 118), (70, 104), (82, 200), (-30, 200)), here((236, 40), (300, 40), (300, 66), (240, 74))
RIVER = here((150, -40), (196, -40), (176, 60), (206, 230), (160, 230), (134, 60))
EDGE = here((255, -20), (400, -20), (400, 300), (236, 300), (250, 138))

PASSES = [
    result("LSWHBHX", "历史文化保护线", basis="《历史文化名城名镇名村保护条例》", distance_m=3520.07),
    result("HX", "洪涝风险控制线", basis="《中华人民共和国防洪法》第二十七条", basis_confirmed=False, distance_m=812.4),
    result("GSGX-110KV", "高压电力走廊", kind="buffer_forbid", limit={"distance_m": 15.0}, distance_m=77.301),
    result(
        "SYDBH",
        "饮用水水源保护区",
        layer={"coverage": "assumed", "valid_to": "2027-12-31", "accuracy_m": None, "source": None},
        distance_m=5210.9,
    ),
]


def failing() -> Document:
    """A red line on farmland in two places, across a river band, with a sliver of the heritage belt."""
    area_m2 = SITE.area
    farmland = [part(SITE.intersection(field)) for field in FARMLAND]
    river = [part(SITE.intersection(RIVER))]
    sliver = [part(here((88, 160), (130, 182), (129.99, 182.011), (87.99, 160.011)), "technical")]
    outside = [part(SITE.intersection(EDGE))]
    results = [
        result(
            "YJJBNT",
            "永久基本农田",
            outcome="fail",
            parts=farmland,
            red_m2=area_m2,
            basis="《中华人民共和国土地管理法》第三十五条",
            basis_confirmed=False,
            department="市自然资源和规划局",
            message="“永久基本农田”（YJJBNT，版本 2023-12）：红线内有土地位于控制线内。结论：不通过。",
        ),
        result("STBHHX", "生态保护红线", distance_m=2210.45),
        result(
            "CZKFBJ",
            "城镇开发边界（城镇集中建设区）",
            kind="must_within",
            outcome="fail",
            parts=outside,
            red_m2=area_m2,
            limit={"ignore_below_m2": 1.0},
            basis="《城镇开发边界管理办法（试行）》",
            message="“城镇开发边界”（CZKFBJ，版本 2023-12）：红线内有土地位于控制线外。结论：不通过。",
        ),
        result(
            "HDGLFW",
            "河道管理范围",
            kind="consult",
            outcome="consult",
            parts=river,
            red_m2=area_m2,
            department="市水利局",
            respond_within_workdays=3,
            basis="《中华人民共和国河道管理条例》第二十条",
            repairs=[
                {
                    "feature": 17,
                    "reason": "Self-intersection[593010.5 3959620.25]",
                    "area_before_m2": 120311.4,
                    "area_after_m2": 120309.8,
                }
            ],
            message="“河道管理范围”（HDGLFW，版本 2023-12）：红线内有土地位于控制线内。结论：需征询。",
        ),
        result(
            "WWBHDW",
            "文物保护单位建设控制地带",
            parts=sliver,
            red_m2=area_m2,
            message="“文物保护单位建设控制地带”：仅有宽度小于 0.02 米的技术性接触，不作为判定依据。结论：通过。",
        ),
        result(
            "DXKJ",
            "地下管线控制范围",
            outcome="not_covered",
            uncovered_area_m2=3204.75,
            reason="有 3,204.75 平方米不在该图层的覆盖范围内，不能得出结论",
            message="“地下管线控制范围”（DXKJ）：有 3,204.75 平方米不在该图层的覆盖范围内，不能得出结论。",
        ),
        result(
            "KGDK",
            "控规地块容积率",
            kind="compare",
            outcome="fail",
            distance_m=None,
            limit={"attribute": "RJL", "operator": "<="},
            comparisons=[
                {"plan_value": "1.5", "project_value": "2.0", "area_planar_m2": 21034.5, "kept": False},
                {"plan_value": None, "project_value": "2.0", "area_planar_m2": 310.0, "kept": None},
            ],
            reason="项目值 2.0 不满足“RJL <= 规划值”",
            message="“控规地块容积率”（KGDK，版本 2023-12）：项目值 2.0 不满足“RJL <= 规划值”。结论：不通过。",
        ),
        *PASSES,
    ]
    made = document(
        SITE,
        results,
        verdict="fail",
        project={
            "XMDM": "2411-410902-04-01-100001",
            "name": "濮阳市精密铸件扩建项目",
            "flow": "工业类",
            "RJL": "2.0",
            "sample": "1",
        },
        not_applicable=[
            {"rule_id": "TLAQ", "title": "铁路线路安全保护区", "reason": "规则只适用于铁路沿线项目，本项目为工业类"}
        ],
        notes=["以下图层没有声明覆盖范围，按覆盖全域处理：SYDBH。", "有 2 条规则的依据尚待规划部门确认。"],
    )
    made["boundary"]["issues"] = [
        {
            "code": "repeated_point",
            "severity": "warning",
            "message": "与前一点坐标相同，已保留原点，不影响面积",
            "where": {"parcel": 1, "ring": 1, "point": "J4", "line": 17},
        },
        {
            "code": "declared_area_differs",
            "severity": "info",
            "message": "申报面积与计算面积相差 0.02%",
            "where": {},
        },
    ]
    return made


def passing() -> Document:
    return document(SITE, [result("STBHHX", "生态保护红线"), result("YJJBNT", "永久基本农田"), *PASSES])


def consulting() -> Document:
    asked = result(
        "HDGLFW",
        "河道管理范围",
        kind="consult",
        outcome="consult",
        parts=[part(SITE.intersection(RIVER))],
        red_m2=SITE.area,
        department="市水利局",
        respond_within_workdays=3,
    )
    told = result(
        "KCZY",
        "矿产资源压覆",
        kind="notify",
        outcome="notify",
        parts=[part(SITE.intersection(FARMLAND[1]))],
        red_m2=SITE.area,
        message="“矿产资源压覆”：红线内有土地位于控制线内。结论：提示。",
    )
    return document(SITE, [*PASSES, told, asked], verdict="consult")


def incomplete() -> Document:
    missing = result(
        "YJJBNT",
        "永久基本农田",
        outcome="not_evaluated",
        layer={"title": None, "version": None, "sha256": None, "coverage": None, "valid_from": None},
        distance_m=None,
        reason="没有图层 YJJBNT 的数据，不能得出结论",
        message="“永久基本农田”（YJJBNT，版本 无）：没有图层 YJJBNT 的数据，不能得出结论。结论：未完成检测。",
    )
    return document(SITE, [*PASSES, missing], verdict="incomplete")


def multi_parcel() -> Document:
    """Three parcels far apart, one with a hole, and no declared area."""
    yard = Polygon(SITE.exterior.coords, [here((100, 60), (150, 60), (150, 110), (100, 110)).exterior.coords])
    strip = here((430, -60), (446, -60), (446, 720), (430, 720))
    parcels = MultiPolygon([yard, translate(box(EASTING, NORTHING, EASTING + 80, NORTHING + 60), 300, 260), strip])
    made = document(parcels, PASSES)
    made["boundary"] |= {"area_declared_m2": None, "area_declared_unit": None}
    return made


def many_findings(count: int = 40) -> Document:
    """A road through many small fields: forty rules and some two hundred parts."""
    road = here((0, 0), (2400, 300), (2400, 340), (0, 40))
    results = []
    for number in range(count):
        fields = [
            road.intersection(here((left, -50), (left + 14, -50), (left + 14, 400), (left, 400)))
            for left in range(10 + number * 4, 2400, 480)
        ]
        outcome, kind = (("fail", "forbid"), ("consult", "consult"), ("pass", "forbid"))[number % 3]
        found = [] if outcome == "pass" else [part(field) for field in fields]
        results.append(
            result(f"L{number:03d}", f"控制线第{number}号", kind=kind, outcome=outcome, parts=found, red_m2=road.area)
        )
    return document(road, results, verdict="fail")


MADE = {
    "pass": passing,
    "consult": consulting,
    "fail": failing,
    "incomplete": incomplete,
    "multi-parcel": multi_parcel,
    "many-findings": many_findings,
}


def example(name: str) -> Document:
    """Return an example document as it is stored."""
    stored: Document = json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return stored


if __name__ == "__main__":
    for name, make in MADE.items():
        (EXAMPLES / f"{name}.json").write_bytes(to_bytes(make()))
