"""Quirks of layout, one row each: line ends, marks, headers, columns, explanations, files without any header."""

from __future__ import annotations

from tests.unit.boundary.survey_pieces import ELSEWHERE, HEAD, HEADER, PLAIN, SQUARE, Case, points

LAYOUT_CASES = (
    # -- 3: line ends and what stands round lines
    Case(quirk=3, why="Windows tools end lines with CR LF", text=PLAIN.replace("\n", "\r\n")),
    Case(quirk=3, why="one exporter ends lines with CR alone", text=PLAIN.replace("\n", "\r")),
    Case(quirk=3, why="CR in one place, CR LF in the other", text=PLAIN.replace("@\n", "@\r").replace("\n", "\r\n")),
    Case(quirk=3, why="blank lines between lines", text=PLAIN.replace("\nJ2", "\n\n \t\nJ2")),
    Case(
        quirk=3, why="a tab or a list dash before the line", text=PLAIN.replace("J1,", "\tJ1,").replace("J2", "  -\tJ2")
    ),
    Case(quirk=3, why="blanks after commas", text=PLAIN.replace(",", ", ")),
    Case(quirk=3, why="blanks of a web page round the numbers", text=PLAIN.replace(",1,", ",\xa01\u3000,")),
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
        why="a decimal comma in one point: half a metre is gone, and said",
        text=PLAIN.replace("J2,1,3959700.000,38593000.000", "J2,1,3959700.000,38593000,500"),
        issues=("columns_differ@12",),
    ),
    Case(
        quirk=21,
        why="a height that only two points have is said once",
        text=PLAIN.replace("38593000.000\n", "38593000.000,52.31\n"),
        issues=("columns_differ@12",),
    ),
    Case(
        quirk=21,
        why="a remark that only one point lacks is no mistake",
        text=PLAIN.replace(".000\n", ".000,围墙\n").replace(",围墙\n", "\n", 1),
    ),
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
)
