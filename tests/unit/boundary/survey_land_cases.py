"""Quirks of what is said, one row each: rings, closing, counts, declarations, areas, shapes, faults."""

from __future__ import annotations

from tests.unit.boundary.survey_pieces import (
    ELSEWHERE,
    HEAD,
    HEADER,
    HOLE,
    NOTCH,
    NOTCHED,
    PLAIN,
    SQUARE,
    Case,
    points,
    square,
)

LAND_CASES = (
    # -- 7, 12: repeated headers
    Case(
        quirk=7,
        why="the same header over two places: two parcels, none lost",
        text=PLAIN + HEADER + points(ELSEWHERE),
        rings=((4,), (4,)),
    ),
    Case(
        quirk=7,
        why="no 地块编号: nothing to merge by, even when nested",
        text=HEAD + "5,,,甲,面,,,,@\n" + points() + "5,,,甲,面,,,,@\n" + points(HOLE),
        rings=((4,), (4,)),
    ),
    Case(
        quirk=12,
        why="one header a ring: nested rings of one code are one parcel",
        text=PLAIN + HEADER + points(HOLE, ring=2) + HEADER.replace("1,一", "2,一") + points(ELSEWHERE),
        rings=((4, 4), (4,)),
        issues=("headers_merged@10",),
        parcel={"declared_points": 10, "declared_area": 1.0},
    ),
    Case(
        quirk=12,
        why="the hole's header stands first, and the areas differ",
        text=HEAD + HEADER.replace("1.0000", "0.01") + points(HOLE) + HEADER + points(),
        rings=((4, 4),),
        corners=HOLE,
        issues=("headers_merged@10", "declared_areas_differ@10"),
        parcel={"declared_area": None},
    ),
    Case(
        quirk=12,
        why="same code, other name: not one parcel",
        text=PLAIN + HEADER.replace("一号", "二号") + points(HOLE),
        rings=((4,), (4,)),
    ),
    Case(
        quirk=12,
        why="crossing rings are no hole: separate, the overlap is judged later",
        text=PLAIN + HEADER + points(square(-50, 50, 100)),
        rings=((4,), (4,)),
    ),
    Case(
        quirk=12,
        why="a ring that fills a notch has its corners on the edge and is not inside",
        text=HEAD + HEADER.replace("5,", "9,", 1) + points(NOTCHED) + HEADER + points(NOTCH),
        rings=((8,), (4,)),
        corners=NOTCHED,
    ),
    # -- 8, 11: rings and point numbers
    Case(quirk=8, why="numbers without J", text=PLAIN.replace("J", "")),
    Case(quirk=8, why="J01 and the like are names", text=PLAIN.replace("J", "JZD-0")),
    Case(
        quirk=8,
        why="the closing point is numbered on",
        text=PLAIN.replace("J1,1,3959700.000,38592900.000\n", "J5,1,3959700.000,38592900.000\n").replace(
            "@\nJ5", "@\nJ1"
        ),
    ),
    Case(
        quirk=11,
        why="圈号 2 is another ring",
        text=PLAIN + points(HOLE, ring=2),
        rings=((4, 4),),
        issues=("point_count_differs@10",),
    ),
    Case(
        quirk=11,
        why="圈号 -1 for a hole",
        text=HEAD + HEADER.replace("5,", "10,") + points() + points(HOLE, ring=-1),
        rings=((4, 4),),
    ),
    Case(
        quirk=11,
        why="圈号 101, 201 for parts",
        text=HEAD + HEADER.replace("5,", "10,") + points(ring=101) + points(ELSEWHERE, ring=201),
        rings=((4, 4),),
    ),
    Case(
        quirk=11,
        why="圈号 the same throughout: closure ends a ring",
        text=HEAD + HEADER.replace("5,", "10,") + points() + points(HOLE),
        rings=((4, 4),),
    ),
    Case(
        quirk=11,
        why="圈号 empty throughout: closure ends a ring",
        text=HEAD + HEADER.replace("5,", "10,") + points(ring="") + points(HOLE, ring=""),
        rings=((4, 4),),
    ),
    Case(
        quirk=11,
        why="圈号 goes back to 1",
        text=HEAD + HEADER.replace("5,", "15,") + points() + points(HOLE, ring=2) + points(ELSEWHERE),
        rings=((4, 4, 4),),
    ),
    # -- 9: closing
    Case(
        quirk=9, why="closing point missing", text=HEAD + HEADER + points(closed=False), issues=("ring_not_closed@14",)
    ),
    Case(
        quirk=9,
        why="closing points missing, rings by 圈号",
        text=HEAD + HEADER.replace("5,", "8,") + points(closed=False) + points(HOLE, ring=2, first=5, closed=False),
        rings=((4, 4),),
        issues=("ring_not_closed@14", "ring_not_closed@18"),
    ),
    Case(
        quirk=9,
        why="one exporter writes a wrong closing point: closed silently it cuts a sliver",
        text=HEAD + HEADER + points(closed=False) + "J1,1,3959700.000,38592900.500\n",
        rings=((5,),),
        corners=None,
        issues=("closing_point_differs@15",),
    ),
    Case(
        quirk=9,
        why="closed to a tenth of a millimetre",
        text=HEAD + HEADER + points(closed=False) + "J1,1,3959700.00005,38592900.000\n",
    ),
    # -- 10: counts
    Case(quirk=10, why="closing point not counted", text=PLAIN.replace("\n5,", "\n4,"), parcel={"declared_points": 4}),
    Case(
        quirk=10,
        why="two closing points counted",
        text=HEAD + HEADER.replace("5,", "10,") + points() + points(HOLE, ring=2),
        rings=((4, 4),),
    ),
    Case(quirk=10, why="a point is missing", text=PLAIN.replace("\n5,", "\n6,"), issues=("point_count_differs@10",)),
    Case(quirk=10, why="a point too many", text=PLAIN.replace("\n5,", "\n3,"), issues=("point_count_differs@10",)),
    # -- 13-16: kept as written, for the CRS to be found from
    Case(
        quirk=13,
        why="X and Y swapped: kept in file order",
        text=HEAD + HEADER + points(tuple((y, x) for x, y in SQUARE)),
        corners=tuple((y, x) for x, y in SQUARE),
    ),
    Case(
        quirk=14,
        why="degrees",
        text=HEAD.replace("=米", "=度").replace("带号=38", "带号=")
        + HEADER.replace("5,", "3,", 1)
        + "J1,1,35.762000001,115.028\nJ2,1,35.762,115.029\nJ3,1,35.761,115.029\n",
        rings=((3,),),
        corners=((35.762000001, 115.028), (35.762, 115.029), (35.761, 115.029)),
        issues=("unit_is_degrees@5", "ring_not_closed@13"),
        crs={"zone": None, "zone_width_deg": 3},
    ),
    Case(
        quirk=15,
        why="no zone prefix",
        text=PLAIN.replace(",38592", ",592").replace(",38593", ",593"),
        corners=tuple((x, y - 38e6) for x, y in SQUARE),
        crs={"zone": 38},
    ),
    Case(
        quirk=16,
        why="带号 contradicts the prefix: both are kept",
        text=PLAIN.replace("带号=38", "带号=39"),
        crs={"zone": 39},
    ),
    # -- 17, 18: declarations
    Case(
        quirk=17,
        why="6-degree zone",
        text=PLAIN.replace("分带=3", "分带=6").replace("带号=38", "带号=20"),
        crs={"zone": 20, "zone_width_deg": 6},
    ),
    Case(
        quirk=18,
        why="分带=3度带, 带号=38带",
        text=PLAIN.replace("几度分带=3", "分带=3度带").replace("带号=38", "带号=38带"),
        crs={"zone": 38, "zone_width_deg": 3},
    ),
    Case(
        quirk=18,
        why="在中文数字里",
        text=PLAIN.replace("几度分带=3", "几度分带=三度分带").replace("带号=38", "带号=第38带"),
        crs={"zone": 38, "zone_width_deg": 3},
    ),
    Case(
        quirk=18,
        why="the datum as written",
        text=PLAIN.replace("2000国家大地坐标系", "80国家大地坐标系"),
        crs={"datum": "80国家大地坐标系"},
    ),
    Case(quirk=18, why="带号 left empty", text=PLAIN.replace("带号=38", "带号="), crs={"zone": None}),
    Case(
        quirk=18,
        why="one exporter writes 几度分带 into 带号",
        text=PLAIN.replace("带号=38", "带号=3"),
        crs={"zone": None},
        issues=("declared_zone_unreadable@6",),
    ),
    Case(
        quirk=18,
        why="几度分带 that is none",
        text=PLAIN.replace("几度分带=3", "几度分带=38"),
        crs={"zone_width_deg": None},
        issues=("declared_zone_width_unreadable@3",),
    ),
    Case(
        quirk=18,
        why="中央子午线 instead of 带号",
        text=PLAIN.replace("带号=38", "中央子午线=114"),
        crs={"zone": 38, "zone_width_deg": 3},
    ),
    Case(
        quirk=18,
        why="中央子午线 of 6 degrees",
        text=PLAIN.replace("带号=38", "中央子午线=117°").replace("分带=3", "分带=6"),
        crs={"zone": 20, "zone_width_deg": 6},
    ),
    Case(
        quirk=18,
        why="中央子午线 and 带号 differ",
        text=PLAIN.replace("精度=0.001", "中央子午线=117"),
        crs={"zone": 38},
        issues=("declared_meridian_differs@7",),
    ),
    Case(
        quirk=18,
        why="no declaration at all",
        text="[地块坐标]\n" + HEADER + points(),
        crs={"zone": None, "datum": None},
    ),
    Case(quirk=18, why="another unit", text=PLAIN.replace("=米", "=毫米"), issues=("unit_is_not_metres@5",)),
    Case(
        quirk=18,
        why="another projection",
        text=PLAIN.replace("高斯克吕格", "UTM"),
        issues=("projection_not_supported@4",),
    ),
    Case(quirk=18, why="ESRI's word for Gauss-Kruger", text=PLAIN.replace("高斯克吕格", "Transverse_Mercator")),
    Case(
        quirk=18,
        why="conversion parameters are not applied",
        text=PLAIN.replace("=,,,,,,", "=1.5,0,0,0,0,0,0"),
        issues=("conversion_unused@8",),
    ),
    # -- 19: areas
    Case(
        quirk=19,
        why="公顷 written",
        text=PLAIN.replace("1.0000", "0.7655公顷"),
        parcel={"declared_area": 0.7655, "declared_area_unit": "公顷"},
    ),
    Case(
        quirk=19,
        why="亩 written",
        text=PLAIN.replace("1.0000", "15 亩"),
        parcel={"declared_area": 15.0, "declared_area_unit": "亩"},
    ),
    Case(
        quirk=19,
        why="m2 written",
        text=PLAIN.replace("1.0000", "10000m2"),
        parcel={"declared_area": 10000.0, "declared_area_unit": "平方米"},
    ),
    Case(
        quirk=19,
        why="the unit is not written",
        text=PLAIN.replace("1.0000", "10000"),
        parcel={"declared_area": 10000.0, "declared_area_unit": None},
    ),
    Case(quirk=19, why="no area", text=PLAIN.replace("1.0000", ""), parcel={"declared_area": None}),
    Case(
        quirk=19,
        why="not an area",
        text=PLAIN.replace("1.0000", "约一公顷"),
        parcel={"declared_area": None},
        issues=("declared_area_unreadable@10",),
    ),
    # -- 22: what reading can see of bad geometry
    Case(
        quirk=22,
        why="two points",
        text=HEAD + HEADER + points(SQUARE[:2]),
        rings=((2,),),
        corners=None,
        issues=("point_count_differs@10", "too_few_points@11"),
    ),
    Case(
        quirk=22,
        why="three lines, two places",
        text=HEAD + HEADER + points((SQUARE[0], SQUARE[1], SQUARE[1]), closed=False),
        rings=((3,),),
        corners=None,
        issues=("point_count_differs@10", "too_few_points@11"),
    ),
    Case(
        quirk=22,
        why="NaN",
        text=PLAIN.replace("J2,1,3959700.000", "J2,1,NaN"),
        rings=((3,),),
        corners=None,
        issues=("not_a_number@12",),
    ),
    Case(
        quirk=22,
        why="infinity by exponent",
        text=PLAIN.replace("J2,1,3959700.000", "J2,1,1e999"),
        rings=((3,),),
        corners=None,
        issues=("not_a_number@12",),
    ),
    Case(
        quirk=22,
        why="a letter in a number",
        text=PLAIN.replace("J2,1,3959700.000", "J2,1,39597OO.000"),
        rings=((3,),),
        corners=None,
        issues=("not_a_number@12",),
    ),
    Case(
        quirk=22,
        why="a blank for thousands",
        text=PLAIN.replace("J2,1,3959700.000", "J2,1,3 959 700.000"),
        rings=((3,),),
        corners=None,
        issues=("not_a_number@12",),
    ),
    Case(
        quirk=22,
        why="all faults at once",
        text=PLAIN.replace("J2,1,3959700.000", "J2,1,x").replace("J3,1,", "J3,x,"),
        rings=((2,),),
        corners=None,
        issues=("not_a_number@12", "ring_number_unreadable@13"),
    ),
    Case(
        quirk=22,
        why="a header without points",
        text=PLAIN + HEADER.replace("1,一", "2,二"),
        rings=((4,), ()),
        issues=("parcel_without_points@16",),
    ),
    # -- 23: shapes
    Case(quirk=23, why="a line project", text=PLAIN.replace(",面,", ",线,"), issues=("not_a_polygon@10",)),
    Case(quirk=23, why="a point project", text=PLAIN.replace(",面,", ",点,"), issues=("not_a_polygon@10",)),
    Case(quirk=23, why="图形类型 in English", text=PLAIN.replace(",面,", ",Polygon,"), parcel={"name": "一号地块"}),
    # -- 25: orientation and start do not matter to reading
    Case(
        quirk=25,
        why="counter-clockwise from the south-east",
        text=HEAD + HEADER + points(SQUARE[2::-1] + SQUARE[3:]),
        corners=SQUARE[2::-1] + SQUARE[3:],
    ),
    # -- refused whole
    Case(quirk=22, why="no point", text=HEAD, refused="no_points"),
    Case(quirk=22, why="a header and no point", text=HEAD + HEADER, refused="no_points"),
    Case(
        quirk=22,
        why="bare lines of two widths",
        text="[地块坐标]\n3959700,38592900\nJ2,3959700,38593000\n",
        refused="no_points",
    ),
    Case(
        quirk=22, why="every point faulty", text=HEAD + HEADER + "J1,1,a,1\nJ2,1,b,2\nJ3,1,c,3\n", refused="no_points"
    ),
)
