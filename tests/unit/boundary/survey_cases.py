"""The quirks of survey texts seen in the field, one row each: why it is there, the text, and what must be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

HEAD = """[属性描述]
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=38
精度=0.001
转换参数=,,,,,,
[地块坐标]
"""
# A square of 100 m, clockwise from the north-west; its first line in a whole file is 11.
N, E = 3959600.0, 38592900.0
SQUARE = ((N + 100, E), (N + 100, E + 100), (N, E + 100), (N, E))


def points(
    corners: tuple[tuple[float, float], ...] = SQUARE, *, ring: object = 1, first: int = 1, closed: bool = True
) -> str:
    """Point lines; numbers run from ``first``, the closing one repeats it."""
    lines = [f"J{number},{ring},{x:.3f},{y:.3f}" for number, (x, y) in enumerate(corners, first)]
    return "\n".join([*lines, lines[0]] if closed else lines) + "\n"


def square(north_m: float, east_m: float, width_m: float) -> tuple[tuple[float, float], ...]:
    """A square by its north-west corner, metres from the one of ``SQUARE``."""
    x, y = N + 100 + north_m, E + east_m
    return ((x, y), (x, y + width_m), (x - width_m, y + width_m), (x - width_m, y))


HOLE = square(-20, 20, 10)
ELSEWHERE = square(0, 300, 50)
NOTCH = square(0, 40, 20)
NOTCHED = (SQUARE[0], NOTCH[0], NOTCH[3], NOTCH[2], NOTCH[1], *SQUARE[1:])
HEADER = "5,1.0000,1,一号地块,面,,住宅,0701,@\n"
PLAIN = HEAD + HEADER + points()


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """``rings`` are the numbers of points of each ring of each parcel; ``issues`` are ``code@line`` in order;
    ``parcel`` are fields of the first parcel and ``crs`` of the declared CRS; ``refused`` is the code of a refusal."""

    quirk: int
    why: str
    text: str
    rings: tuple[tuple[int, ...], ...] = ((4,),)
    corners: tuple[tuple[float, float], ...] | None = SQUARE
    issues: tuple[str, ...] = ()
    parcel: Mapping[str, object] = field(default_factory=dict)
    crs: Mapping[str, object] = field(default_factory=dict)
    refused: str | None = None


CASES = (
    # -- 3: line ends and what stands round lines
    Case(quirk=3, why="Windows tools end lines with CR LF", text=PLAIN.replace("\n", "\r\n")),
    Case(quirk=3, why="one exporter ends lines with CR alone", text=PLAIN.replace("\n", "\r")),
    Case(quirk=3, why="CR in one place, CR LF in the other", text=PLAIN.replace("@\n", "@\r").replace("\n", "\r\n")),
    Case(quirk=3, why="blank lines between lines", text=PLAIN.replace("\nJ2", "\n\n \t\nJ2")),
    Case(
        quirk=3, why="a tab or a list dash before the line", text=PLAIN.replace("J1,", "\tJ1,").replace("J2", "  -\tJ2")
    ),
    Case(quirk=3, why="blanks after commas", text=PLAIN.replace(",", ", ")),
    Case(
        quirk=3,
        why="braces round points",
        text=PLAIN.replace("J2,1,3959700.000,38593000.000", "{J2,1,3959700,38593000}"),
    ),
    Case(quirk=3, why="a semicolon at the end of points", text=PLAIN.replace("000\n", "000;\n")),
    Case(quirk=3, why="columns divided by tabs", text=HEAD + HEADER + points().replace(",", "\t")),
    Case(quirk=3, why="a rule of dashes between blocks", text=PLAIN.replace("[地块坐标]", "-----\n[地块坐标]")),
    # -- 2, 4: marks and full-width punctuation
    Case(quirk=2, why="a byte-order mark in the middle of joined files", text=PLAIN.replace("[地块", "\ufeff[地块")),
    Case(
        quirk=4,
        why="full-width commas and @",
        text=HEAD + HEADER.replace(",", "，").replace("@", "＠") + points().replace(",", "，"),
    ),
    Case(
        quirk=4,
        why="full-width brackets and equals",
        text=PLAIN.replace("[", "［").replace("]", "］").replace("=", "＝"),
        crs={"zone": 38},
    ),
    Case(
        quirk=4,
        why="full-width comma inside a name is the name's",
        text=HEAD + HEADER.replace("一号地块", "甲，乙地块") + points(),
        parcel={"name": "甲，乙地块"},
    ),
    Case(
        quirk=4,
        why="full-width digits are not numbers: they are named, not guessed",
        text=PLAIN.replace("J2,1,3959700.000", "J2,1,３９５９７００.000"),
        rings=((3,),),
        corners=None,
        issues=("not_a_number@12",),
    ),
    # -- 5, 6: headers
    Case(quirk=5, why="header without @", text=PLAIN.replace(",@", ""), parcel={"name": "一号地块", "use": "住宅"}),
    Case(
        quirk=5,
        why="header without @, its comma left",
        text=PLAIN.replace("@", ""),
        parcel={"name": "一号地块", "declared_area": 1.0},
    ),
    Case(
        quirk=5,
        why="header without @ and 图形类型: nine fields",
        text=HEAD + "5,1.0000,A1,一号地块,,,住宅,0701,\n" + points(),
        parcel={"code": "A1"},
    ),
    Case(
        quirk=5,
        why="a name that is a number is no coordinate",
        text=HEAD + "5,1.0000,1,12,面,,,,@\n" + points(),
        parcel={"name": "12"},
    ),
    Case(quirk=5, why="the same without @", text=HEAD + "5,1.0000,1,12,面,,,\n" + points(), parcel={"name": "12"}),
    Case(
        quirk=6,
        why="commas in the name: read from both ends",
        text=PLAIN.replace("一号地块", "某路,以东,某河"),
        parcel={"name": "某路,以东,某河", "use": "住宅"},
    ),
    Case(
        quirk=6,
        why="名中有“面”: the shape is the field with three after it",
        text=PLAIN.replace("一号地块", "某路,面,某河"),
        parcel={"name": "某路,面,某河"},
    ),
    Case(
        quirk=6,
        why="13 fields",
        text=HEAD + "5,1.0,A1,甲,乙,面,G1,住宅,0701,图斑,水田,3,5,备注,@\n" + points(),
        parcel={
            "name": "甲,乙",
            "use": "住宅",
            "attributes": {
                "图幅号": "G1",
                "地类编码": "0701",
                "图斑类型": "图斑",
                "地类": "水田",
                "改造前": "3",
                "改造后": "5",
                "备注": "备注",
            },
        },
    ),
    Case(
        quirk=6,
        why="12 fields of 补充耕地: 图形类型 is the seventh",
        text=HEAD + "5,1.0,F1,图斑1,2022,1,面,J50,占补平衡,,水浇地,3,@\n" + points(),
        parcel={
            "code": "F1",
            "name": "图斑1",
            "use": "占补平衡",
            "attributes": {
                "补充耕地实施年份": "2022",
                "耕地坡度级别": "1",
                "图幅号": "J50",
                "地类编码": "水浇地",
                "耕地质量等级": "3",
            },
        },
    ),
    Case(
        quirk=6,
        why="a list line names the fields, in its own order",
        text=HEAD
        + "【坐标点个数,图斑编号,图斑面积,地块名称,图形属性,地块用途,@】\n5,F1,1.5,图斑1,面,道路,@\n"
        + points(),
        parcel={"code": "F1", "name": "图斑1", "use": "道路", "declared_area": 1.5},
    ),
    Case(
        quirk=6,
        why="a list line in square brackets",
        text=HEAD + "[JZDS,DKMJ,DKBH,DKMC,JLTXSX,@]\n5,1.5,F1,甲,面,@\n" + points(),
        parcel={"code": "F1", "name": "甲", "declared_points": 5},
    ),
    Case(
        quirk=6,
        why="a header cut short keeps what it has",
        text=HEAD + "5,1.0,A1,@\n" + points(),
        parcel={"code": "A1", "name": None},
    ),
    Case(
        quirk=6,
        why="writers put 0 for what they do not know",
        text=HEAD + "0,0,1,0,面,0,0,,@\n" + points(),
        parcel={"declared_area": None, "declared_points": None},
    ),
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
    # -- 20, 24: other keys
    Case(quirk=20, why="精度 as a number of decimals", text=PLAIN.replace("精度=0.001", "精度=3")),
    Case(
        quirk=24,
        why="unknown keys, sections and remarks are extras",
        text="[项目信息]\n项目名称=某项目\n[其他]\n备注：无\n某测绘院\n" + PLAIN,
    ),
    # -- 21: columns
    Case(
        quirk=21,
        why="heights in a fifth column",
        text=PLAIN.replace(".000\n", ".000,52.31\n"),
        parcel={
            "attributes": {"地类编码": "0701", "further_columns": tuple((line, "52.31") for line in range(11, 16))}
        },
    ),
    Case(quirk=21, why="eight columns", text=PLAIN.replace(".000\n", ".000,100.00,围墙,中,\n")),
    Case(
        quirk=21,
        why="three columns in a parcel",
        text=PLAIN.replace("J2,1,", "J2,"),
        issues=("too_few_columns@12",),
        rings=((3,),),
        corners=None,
    ),
    Case(
        quirk=21,
        why="no 圈号 but a height: not a 圈号",
        text=PLAIN.replace("J2,1,3959700.000,38593000.000", "J2,3959700.000,38593000.000,52.3"),
        issues=("ring_number_unreadable@12",),
        rings=((3,),),
        corners=None,
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
    # -- 26: text after the parcels, and in between
    Case(
        quirk=26,
        why="an explanation after the last parcel",
        text=PLAIN + "说明：本表由测绘院提供\n1、坐标系为2000\n",
        issues=("text_after_parcels@16",),
    ),
    Case(
        quirk=26,
        why="an explanation in brackets over lines, before the parcels",
        text=HEAD + "【地块坐标要求：\n1、坐标点个数、图斑面积\n2,3,4】\n" + HEADER + points(),
        issues=("explanation_skipped@10",),
    ),
    Case(
        quirk=26,
        why="a forgotten bracket hides no parcel",
        text=HEAD + "【要求：\n点号\n" + HEADER + points(),
        issues=("explanation_skipped@10",),
    ),
    Case(
        quirk=26,
        why="an unknown section after the parcels",
        text=PLAIN + "[界址线]\nJ1,1,12.0,13.0\n",
        issues=("text_after_parcels@16",),
    ),
    Case(
        quirk=26,
        why="text between points is not skipped",
        text=PLAIN.replace("J3,", "本页小计\nJ3,"),
        issues=("line_not_understood@13",),
    ),
    Case(
        quirk=26,
        why="a point line torn off is not an explanation",
        text=PLAIN + "J6,\n",
        issues=("line_not_understood@16",),
    ),
    Case(
        quirk=26,
        why="a last point torn off before its Y",
        text=HEAD + HEADER + points(closed=False) + "J1,1,3959700.000,\n",
        corners=None,
        issues=("not_a_number@15",),
    ),
    # -- two files in one
    Case(
        quirk=2,
        why="two files joined, same declarations",
        text=PLAIN + PLAIN.replace("1,一", "2,二"),
        rings=((4,), (4,)),
    ),
    Case(
        quirk=2,
        why="two files joined, other zone",
        text=PLAIN + PLAIN.replace("带号=38", "带号=39"),
        rings=((4,), (4,)),
        issues=("declarations_differ@21",),
    ),
    # -- 5: no header at all
    Case(quirk=5, why="bare four columns under the mark", text=HEAD + points(), parcel={"line": 10}),
    Case(quirk=5, why="bare four columns and nothing else", text=points()),
    Case(quirk=5, why="bare 点号,X,Y", text="[地块坐标]\n" + points().replace(",1,", ",")),
    Case(
        quirk=5,
        why="bare X,Y",
        text="[地块坐标]\n" + "".join(f"{x},{y}\n" for x, y in SQUARE),
        issues=("ring_not_closed@5",),
    ),
    Case(
        quirk=5,
        why="bare X Y by blanks",
        text="[地块坐标]\n" + "".join(f"{x} {y}\n" for x, y in SQUARE),
        issues=("ring_not_closed@5",),
    ),
    Case(
        quirk=5,
        why="bare three numbers: 点号,X,Y or X,Y,Z?",
        text="[地块坐标]\n" + "".join(f"{x},{y},52.3\n" for x, y in SQUARE),
        corners=None,
        refused="no_points",
    ),
    Case(
        quirk=5,
        why="points before the first header",
        text=HEAD + points() + HEADER + points(ELSEWHERE),
        rings=((4,), (4,)),
        issues=("points_before_header@10",),
    ),
    Case(
        quirk=5,
        why="a title row over bare points is no survey text",
        text="点号,圈号,X,Y\n" + points(),
        issues=("line_not_understood@1",),
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
