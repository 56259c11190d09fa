"""Point tables as people write them, and what each must become. Every row has its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from geo_review.boundary.model import Axes

# The square of the survey cases: 100 m, clockwise from the north-west.
ROWS = (
    ("J1", "3959700.000", "38592900.000"),
    ("J2", "3959700.000", "38593000.000"),
    ("J3", "3959600.000", "38593000.000"),
    ("J4", "3959600.000", "38592900.000"),
)
# Another square south of it, and one inside it.
SOUTH = (("3959300", "38592900"), ("3959300", "38593000"), ("3959200", "38593000"), ("3959200", "38592900"))
INSIDE = (("3959680", "38592920"), ("3959680", "38592940"), ("3959660", "38592940"), ("3959660", "38592920"))


def lines(*rows: tuple[str, ...], separator: str = ",") -> str:
    """Rows as lines of a text."""
    return "".join(separator.join(row) + "\n" for row in rows)


def named(corners: tuple[tuple[str, str], ...], first: int = 1, before: tuple[str, ...] = ()) -> str:
    """Corners with point numbers that run from ``first``."""
    return lines(*((*before, f"J{number}", x, y) for number, (x, y) in enumerate(corners, first)))


SQUARE = lines(*ROWS)
CLOSED = lines(*ROWS, ROWS[0])
HEADING = "点号,X,Y\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """``rings`` are the numbers of points of each ring of each parcel; ``issues`` are ``code@line`` in order, without
    ``ring_not_closed``; ``parcels`` are (code, name, area, unit) when they matter; ``area_m2`` of the whole."""

    why: str
    text: str
    rings: tuple[tuple[int, ...], ...] = ((4,),)
    issues: tuple[str, ...] = ()
    parcels: tuple[tuple[object, ...], ...] | None = None
    crs: Mapping[str, object] = field(default_factory=dict)
    axes: Axes = Axes.NORTHING_EASTING
    area_m2: float | None = 10_000.0


READ = (
    Case(why="as simple as can be", text=HEADING + SQUARE),
    Case(why="the closing point is written", text=HEADING + CLOSED),
    Case(why="tabs", text=(HEADING + SQUARE).replace(",", "\t")),
    Case(why="semicolons", text=(HEADING + SQUARE).replace(",", ";")),
    Case(why="full-width commas", text=(HEADING + SQUARE).replace(",", "，")),
    Case(why="a full-width heading over ASCII rows", text="点号，X，Y\n" + SQUARE),
    Case(
        why="quoted cells with separators of thousands",
        text=HEADING + 'J1,"3,959,700.000","38,592,900"\n' + lines(*ROWS[1:]),
    ),
    Case(why="full-width digits", text=HEADING + "J1,３９５９７００．０００,38592900\n" + lines(*ROWS[1:])),
    Case(why="units behind the numbers", text=HEADING + "J1,3959700.000m,38592900米\n" + lines(*ROWS[1:])),
    Case(why="a row of units under the heading", text=HEADING + ",(m),（米）\n" + SQUARE),
    Case(why="CR LF", text=(HEADING + SQUARE).replace("\n", "\r\n")),
    Case(why="CR alone", text=(HEADING + SQUARE).replace("\n", "\r")),
    Case(why="界址点号, 纵坐标 and 横坐标 with letters and units", text="界址点号,纵坐标X(m),横坐标Y（米）\n" + SQUARE),
    Case(why="坐标 first, then the letter", text="序号,坐标X,坐标Y\n" + SQUARE),
    Case(why="the datum in the heading is no part of the name", text="点号,X(CGCS2000),Y(CGCS2000)\n" + SQUARE),
    Case(
        why="北 and 东 say which is which, whatever their order",
        text="点号,东坐标,北坐标\n" + lines(*((name, y, x) for name, x, y in ROWS)),
        axes=Axes.EASTING_NORTHING,
    ),
    Case(why="English names", text="Point,Northing,Easting\n" + SQUARE),
    Case(why="one letter beside its partner", text="J,N,E\n" + SQUARE),
    Case(
        why="POINT_X is what GIS programs call the easting",
        text="FID,POINT_X,POINT_Y\n" + lines(*((name, y, x) for name, x, y in ROWS)),
        axes=Axes.EASTING_NORTHING,
    ),
    Case(
        why="X and Y the other way round show in the numbers, and are exchanged with a warning",
        text=HEADING + lines(*((name, y, x) for name, x, y in ROWS)),
    ),
    Case(
        why="a title and the project above the heading",
        text="某项目界址点成果表,,\n,,\n" + HEADING + SQUARE,
        issues=("rows_above_heading@1",),
    ),
    Case(
        why="names of the other columns stand a row higher (merged cells)",
        text="点号,坐标,,备注\n,X,Y,\n" + lines(*((*row, "") for row in ROWS)),
        issues=("rows_above_heading@1",),
    ),
    Case(
        why="what is said above the table declares the zone of bare eastings",
        text="坐标系：2000国家大地坐标系,中央子午线：114°,\n"
        + HEADING
        + lines(*((name, x, y[2:]) for name, x, y in ROWS)),
        issues=("rows_above_heading@1",),
        crs={"datum": "2000国家大地坐标系", "zone": 38, "zone_width_deg": 3},
    ),
    Case(
        why="a datum in a title is believed to be that of the points",
        text="界址点成果表（西安80）,,\n" + HEADING + SQUARE,
        issues=("rows_above_heading@1",),
        crs={"datum": "西安80"},
        area_m2=None,
    ),
    Case(
        why="a sum below the table is the declared area, and no point",
        text=HEADING + SQUARE + "合计,面积：1.0000公顷,\n",
        issues=("summary_row@6",),
        parcels=((None, None, 1.0, "公顷"),),
    ),
    Case(
        why="who made the table stands below it",
        text=HEADING + SQUARE + "制表人：张三,日期：2026-11-23,\n",
        issues=("text_after_parcels@6",),
    ),
    Case(
        why="parcels by their number, which merged cells hold once",
        text="地块编号,地块名称,点号,X,Y,面积(亩)\n"
        + "A1,一号,J1,3959700,38592900,15\n"
        + ",,J2,3959700,38593000,\n,,J3,3959600,38593000,\n,,J4,3959600,38592900,\n"
        + named(SOUTH, before=("A2", "二号")),
        rings=((4,), (4,)),
        parcels=(("A1", "一号", 15.0, "亩"), ("A2", "二号", None, None)),
        area_m2=20_000.0,
    ),
    Case(
        why="a parcel that goes on further below is one parcel",
        text="地块编号,点号,X,Y\n"
        + lines(*(("A1", *row) for row in (*ROWS, ROWS[0])))
        + named(SOUTH, before=("A2",))
        + named(INSIDE, before=("A1",)),
        rings=((4, 4), (4,)),
        area_m2=19_600.0,
    ),
    Case(
        why="rings by their number; the one inside is a hole",
        text="点号,圈号,X,Y\n"
        + lines(*((name, "1", x, y) for name, x, y in ROWS))
        + lines(*((f"J{n}", "2", x, y) for n, (x, y) in enumerate(INSIDE, 5))),
        rings=((4, 4),),
        area_m2=9_600.0,
    ),
    Case(
        why="rings by words",
        text="点号,圈号,X,Y\n"
        + lines(*((name, "外圈", x, y) for name, x, y in ROWS))
        + lines(*((f"J{n}", "内圈", x, y) for n, (x, y) in enumerate(INSIDE, 5))),
        rings=((4, 4),),
        area_m2=9_600.0,
    ),
    Case(
        why="rings by point numbers that begin anew", text=HEADING + SQUARE + named(SOUTH), rings=((4, 4),), area_m2=2e4
    ),
    Case(
        why="rings by a blank row, numbers anew",
        text=HEADING + SQUARE + ",,\n" + named(SOUTH),
        rings=((4, 4),),
        area_m2=2e4,
    ),
    Case(
        why="rings that came back to their first point, numbers running on",
        text=HEADING + CLOSED + "\n" + named(SOUTH, first=5),
        rings=((4, 4),),
        area_m2=2e4,
    ),
    Case(
        why="no point numbers: a blank row separates",
        text="X,Y\n" + lines(*(row[1:] for row in ROWS)) + "\n" + lines(*SOUTH),
        rings=((4, 4),),
        area_m2=2e4,
    ),
    Case(
        why="a blank row between all points is how the table looks",
        text=HEADING + "\n".join(lines(row) for row in ROWS),
    ),
    Case(
        why="a ring that names its rings is not cut by a page break",
        text="点号,圈号,X,Y\n"
        + lines(*((name, "1", x, y) for name, x, y in ROWS[:2]))
        + "\n点号,圈号,X,Y\n"
        + lines(*((name, "1", x, y) for name, x, y in ROWS[2:])),
    ),
    Case(
        why="a title begins a parcel",
        text=HEADING + SQUARE + "二号地块,,\n" + HEADING + named(SOUTH),
        rings=((4,), (4,)),
        parcels=((None, None, None, None), (None, "二号地块", None, None)),
        area_m2=2e4,
    ),
    Case(
        why="a subtotal ends a ring",
        text=HEADING + SQUARE + "小计,10000,\n" + named(SOUTH, first=5),
        rings=((4, 4),),
        issues=("summary_row@6",),
        area_m2=2e4,
    ),
    Case(
        why="degrees, minutes and seconds",
        text="点号,经度,纬度\n1,115°1'30\"E,35°45'0\"N\n2,115°1'34\"E,35°45'0\"N\n3,115°1′34″E,35°44′57″N\n4,115度1分30秒,35度44分57秒\n",
        issues=("angles_converted@2",),
        axes=Axes.EASTING_NORTHING,
        area_m2=9_294.18,
    ),
    Case(
        why="decimals are no minutes",
        text="点号,B,L\n1,35.4500,115.0200\n2,35.4500,115.0210\n3,35.4490,115.0210\n",
        rings=((3,),),
        area_m2=5_037.35,
    ),
    Case(
        why="metres beside degrees: the metres are read",
        text="点号,经度,纬度,X,Y\n" + lines(*((name, "115.02", "35.75", x, y) for name, x, y in ROWS)),
        issues=("columns_not_read@None",),
    ),
    Case(
        why="heights are left out",
        text="点号,X,Y,高程\n" + lines(*((*row, "52.1") for row in ROWS)),
        issues=("heights_dropped@None",),
    ),
    Case(why="sides that fit", text="点号,X,Y,边长\n" + lines(*((*row, "100.00") for row in ROWS))),
    Case(
        why="a side that does not fit, with the point where it begins",
        text="点号,X,Y,边长(m)\n" + lines(*((*row, "100.05" if row[0] == "J2" else "99.995") for row in ROWS)),
        issues=("side_differs@3",),
    ),
    Case(
        why="sides on rows of their own",
        text="点号,X,Y,边长\n" + "".join(lines((*row, "")) + ",,,100.000\n" for row in ROWS),
    ),
    Case(
        why="sides with the point where they end, the first one empty",
        text="点号,X,Y,边长\n"
        + lines(("J1", "3959700", "38592900", ""), ("J2", "3959700", "38593000", "100"))
        + lines(("J3", "3959500", "38593000", "200"), ("J4", "3959500", "38592900", "100"))
        + lines(("J1", "3959700", "38592900", "200")),
        area_m2=2e4,
    ),
    Case(
        why="without a heading, 点号,圈号,X,Y by tabs",
        text=lines(*((n, "1", x, y) for n, x, y in ROWS), separator="\t"),
    ),
    Case(why="without a heading, 点号;X;Y", text=lines(*ROWS, separator=";")),
    Case(why="without a heading, X;Y", text=lines(*(row[1:] for row in ROWS), separator=";")),
    Case(
        why="without a heading, 地块;点号;X;Y",
        text=lines(*(("1", *row) for row in ROWS), separator=";") + named(SOUTH, before=("2",)).replace(",", ";"),
        rings=((4,), (4,)),
        area_m2=2e4,
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """A table that must be refused: ``codes`` are ``code@line`` of errors, or the code of the refusal itself."""

    why: str
    text: str
    codes: tuple[str, ...]
    said: str = ""


FAULTY = (
    Fault(
        why="a word for a coordinate",
        text=HEADING + SQUARE + "J5,abc,38592950\n",
        codes=("cell_not_a_number@6",),
        said="第 6 行第 2 列",
    ),
    Fault(
        why="a letter O for a zero, in the last row",
        text=HEADING + SQUARE + "J5,395965O.5,3859295O\n",
        codes=("cell_not_a_number@6",),
    ),
    Fault(
        why="a coordinate is missing",
        text=HEADING + SQUARE + "J5,3959650,\n",
        codes=("cell_missing@6",),
        said="第 6 行第 3 列",
    ),
    Fault(why="a point without any", text=HEADING + SQUARE + "J5,,\n", codes=("cell_missing@6",)),
    Fault(why="a decimal comma", text=HEADING + SQUARE + 'J5,"3959650,5",38592950\n', codes=("cell_not_a_number@6",)),
    Fault(
        why="60 minutes are a degree",
        text=HEADING + SQUARE + "J5,115°60'0\",38592950\n",
        codes=("cell_not_a_number@6",),
    ),
    Fault(
        why="some in degrees and minutes, one in decimals",
        text="点号,经度,纬度\n1,115°1'30\",35°45'0\"\n2,115°1'34\",35°45'0\"\n3,115.0261,35.7492\n",
        codes=("angle_formats_mixed@4",),
        said="第 4 行第 2 列",
    ),
    Fault(
        why="one coordinate of a point in each way",
        text="点号,经度,纬度\n1,115°1'30\",35.75\n2,115°1'34\",35°45'0\"\n3,115°1'34\",35°44'57\"\n",
        codes=("angle_formats_mixed@2",),
    ),
    Fault(
        why="a north in a column of longitudes",
        text="点号,经度,纬度\n1,115°1'30\"E,35°45'0\"N\n2,115°1'34\"E,35°45'0\"N\n3,35°45'0\"N,115°1'34\"E\n",
        codes=("cell_direction@4",),
    ),
    Fault(
        why="a blank row in numbers that run on: end of ring or of page?",
        text=HEADING + SQUARE + "\n" + named(SOUTH, first=5),
        codes=("ring_break_unclear@7",),
    ),
    Fault(
        why="a heading again, without a column of rings",
        text=HEADING + lines(*ROWS[:3]) + HEADING + lines(*ROWS[3:]),
        codes=("ring_break_unclear@6", "too_few_points@6"),
    ),
    Fault(
        why="a remark among the points is not skipped",
        text=HEADING + lines(*ROWS[:2]) + "以下待定,,\n" + lines(*ROWS[2:]),
        codes=("line_not_understood@4", "too_few_points@2", "too_few_points@5"),
    ),
    Fault(
        why="the closing point slipped",
        text=HEADING + SQUARE + "J1,3959700.000,38592900.500\n",
        codes=("closing_point_differs@6",),
    ),
    Fault(
        why="two tables side by side",
        text="点号,X,Y,点号,X,Y\n" + SQUARE,
        codes=("table_columns_doubled",),
        said="2 列、5 列",
    ),
    Fault(
        why="no heading, and three numbers a row",
        text="1.5;2.5;3.5\n4.5;5.5;6.5\n7.5;8.5;9.5\n",
        codes=("table_without_heading",),
    ),
    Fault(
        why="no heading, and two columns of labels that both stay",
        text=lines(*(("1", "1", x, y) for _, x, y in ROWS), separator=";"),
        codes=("table_without_heading",),
    ),
    Fault(
        why="a quote that never ends",
        text=HEADING + 'J1,"3959700,38592900\n' + SQUARE,
        codes=("csv_quotes",),
        said="第 2 行",
    ),
    Fault(why="a heading and no point", text=HEADING, codes=("no_points",)),
    Fault(
        why="a table of other things", text="姓名;年龄\n张三;30\n李四;40\n王五;50\n", codes=("table_without_heading",)
    ),
)
