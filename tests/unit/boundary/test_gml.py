"""GML 2.1.2 to 3.2.1: what is read, in which order of axes, and what is refused and why."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geo_review.boundary.asked import Asked
from geo_review.boundary.detect import detect
from geo_review.boundary.gml import read_gml
from geo_review.boundary.model import Axes
from geo_review.boundary.received import ReceivedFile, from_path
from geo_review.boundary.srs_names import read_srs_name
from geo_review.boundary.understanding import Understanding, understand
from geo_review.city import PUYANG
from geo_review.errors import ChoiceNeeded, TooLarge, UnreadableBoundary
from tests.unit.boundary.written_files import HOLED, HOLED_M2, SQUARE, frame, mutated, only_refuses, zipped

URN = "urn:ogc:def:crs:EPSG::4547"
EAST, NORTH = 592900, 3959600
CORNERS = [(EAST, NORTH), (EAST + 100, NORTH), (EAST + 100, NORTH + 100), (EAST, NORTH + 100), (EAST, NORTH)]
XY = " ".join(f"{x} {y}" for x, y in CORNERS)
YX = " ".join(f"{y} {x}" for x, y in CORNERS)
XYZ = " ".join(f"{x} {y} 53.1" for x, y in CORNERS)
WITH_COMMAS = " ".join(f"{x},0;{y},0" for x, y in CORNERS)
TUPLES = " ".join(f"{x},{y}" for x, y in CORNERS)
POS = "".join(f"<gml:pos>{x} {y}</gml:pos>" for x, y in CORNERS)
POINTS = "".join(
    f"<gml:pointProperty><gml:Point><gml:pos>{x} {y}</gml:pos></gml:Point></gml:pointProperty>" for x, y in CORNERS
)
COORDS = "".join(f"<gml:coord><gml:X>{x}</gml:X><gml:Y>{y}</gml:Y></gml:coord>" for x, y in CORNERS)
SPACES = (
    'xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:app="http://example.cn/app" '
    'xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
)


def el(name: str, *content: str, **attributes: Any) -> str:
    written = "".join(f' {key.replace("__", ":")}="{value}"' for key, value in attributes.items() if value is not None)
    return f"<gml:{name}{written}>{''.join(content)}</gml:{name}>"


def linear(content: str = "") -> str:
    return el("LinearRing", content or el("posList", XY))


def polygon(*rings: str, srs: str | None = "EPSG:4547", kind: str = "Polygon") -> str:
    exterior, *interiors = rings or (linear(),)
    return el(kind, el("exterior", exterior), *(el("interior", ring) for ring in interiors), srsName=srs)


def feature(*content: str, name: str = "DK", geometry: str = "geom") -> str:
    properties = "".join(
        f"<app:{geometry}>{one}</app:{geometry}>" if one.startswith("<gml:") else one for one in content
    )
    return f"<app:{name}>{properties}</app:{name}>"


def gml(*features: str, root: str = "gml:FeatureCollection", member: str = "gml:featureMember") -> ReceivedFile:
    members = "".join(f"<{member}>{one}</{member}>" for one in features)
    return file(f"<{root} {SPACES}>\n{members}\n</{root}>")


def file(text: str) -> ReceivedFile:
    if SPACES not in text:
        text = text.replace(">", f" {SPACES}>", 1) if "/>" not in text[: text.index(">") + 1] else text
    return ReceivedFile(name="红线.gml", content=f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode())


def ring_of(*curves: str) -> str:
    return el("Ring", *(el("curveMember", curve) for curve in curves))


def curve(*segments: str) -> str:
    return el("Curve", el("segments", *segments))


def codes(understanding: Understanding) -> list[str]:
    return [issue.code for issue in understanding.issues]


MULTI_SURFACE = el("MultiSurface", el("surfaceMember", polygon(srs=None)), srsName="EPSG:4547")
HALF = f"{EAST} {NORTH} {EAST + 100} {NORTH} {EAST + 100} {NORTH + 100}"
OTHER_HALF = f"{EAST + 100} {NORTH + 100} {EAST} {NORTH + 100} {EAST} {NORTH}"
BACKWARDS = f"{EAST} {NORTH} {EAST} {NORTH + 100} {EAST + 100} {NORTH + 100}"


@pytest.mark.parametrize(
    ("geometry", "rings"),
    [
        pytest.param(polygon(), 1, id="Polygon"),
        pytest.param(polygon(linear(), linear()), 2, id="with a hole"),
        pytest.param(
            el("Polygon", el("outerBoundaryIs", linear(el("coordinates", TUPLES))), srsName="EPSG:4547"), 1, id="GML 2"
        ),
        pytest.param(polygon(linear(POS)), 1, id="a pos a point"),
        pytest.param(polygon(linear(POINTS)), 1, id="a point property a point"),
        pytest.param(polygon(linear(COORDS)), 1, id="coord with X and Y"),
        pytest.param(polygon(linear(el("coordinates", TUPLES.replace(",", ", ")))), 1, id="blanks after commas"),
        pytest.param(
            polygon(linear(el("coordinates", TUPLES.replace(",", ";").replace(" ", "|"), cs=";", ts="|"))),
            1,
            id="separators of its own",
        ),
        pytest.param(
            polygon(linear(el("coordinates", WITH_COMMAS, cs=";", decimal=","))),
            1,
            id="a comma for the decimal point",
        ),
        pytest.param(polygon(linear(el("coordinates", XY.replace(" ", "_"), cs=" ", ts="_"))), None, id="nonsense"),
        pytest.param(el("MultiPolygon", *[el("polygonMember", polygon())] * 2), 2, id="MultiPolygon"),
        pytest.param(MULTI_SURFACE, 1, id="MultiSurface"),
        pytest.param(el("MultiSurface", el("surfaceMembers", polygon(), polygon())), 2, id="surfaceMembers"),
        pytest.param(
            el("Surface", el("patches", polygon(kind="PolygonPatch", srs=None)), srsName="EPSG:4547"), 1, id="Surface"
        ),
        pytest.param(el("PolyhedralSurface", el("polygonPatches", polygon())), 1, id="PolyhedralSurface"),
        pytest.param(el("CompositeSurface", el("surfaceMember", polygon())), 1, id="CompositeSurface"),
        pytest.param(el("OrientableSurface", el("baseSurface", polygon()), orientation="-"), 1, id="OrientableSurface"),
        pytest.param(el("MultiGeometry", el("geometryMember", polygon())), 1, id="MultiGeometry"),
        pytest.param(
            el("Polygon", el("name", "x"), el("exterior", linear()), srsName="EPSG:4547"), 1, id="a name within"
        ),
        pytest.param(
            polygon(ring_of(curve(el("LineStringSegment", el("posList", XY))))), 1, id="a Ring of a straight curve"
        ),
        pytest.param(
            polygon(ring_of(el("LineString", el("posList", HALF)), el("LineString", el("posList", OTHER_HALF)))),
            1,
            id="a Ring of two lines",
        ),
        pytest.param(
            polygon(
                ring_of(
                    el("CompositeCurve", el("curveMember", el("LineString", el("posList", HALF)))),
                    el(
                        "OrientableCurve",
                        el("baseCurve", el("LineString", el("posList", BACKWARDS))),
                        orientation="-",
                    ),
                )
            ),
            1,
            id="a Ring of curves, one the other way round",
        ),
    ],
)
def test_surface_of_every_spelling_is_read(geometry: str, rings: int | None) -> None:
    if rings is None:
        with pytest.raises(UnreadableBoundary):
            read_gml(gml(feature(geometry)))
        return
    (parcel,) = read_gml(gml(feature(geometry))).parcels
    assert len(parcel.rings) == rings
    for ring in parcel.rings:
        assert np.array_equal(ring.coordinates, CORNERS[:-1])


@pytest.mark.parametrize(
    ("made", "parcels", "layer"),
    [
        pytest.param(gml(feature(polygon()), feature(polygon())), 2, "DK", id="featureMember"),
        pytest.param(gml(feature(polygon()) * 2, member="gml:featureMembers"), 2, "DK", id="featureMembers"),
        pytest.param(gml(feature(polygon()), root="wfs:FeatureCollection", member="wfs:member"), 1, "DK", id="WFS 2"),
        pytest.param(
            gml(
                f"<wfs:FeatureCollection><wfs:member>{feature(polygon())}</wfs:member></wfs:FeatureCollection>",
                root="wfs:FeatureCollection",
                member="wfs:member",
            ),
            1,
            "DK",
            id="an answer to several queries",
        ),
        pytest.param(gml(feature(polygon()), root="app:Plan", member="app:parcelMember"), 1, "DK", id="its own frame"),
        pytest.param(file(feature(polygon())), 1, "DK", id="a feature by itself"),
        pytest.param(file(polygon()), 1, "Polygon", id="a geometry by itself"),
        pytest.param(
            file(f"<app:Root><app:List>{feature(polygon()) * 3}</app:List></app:Root>"), 3, "DK", id="tags of no frame"
        ),
    ],
)
def test_features_are_found_in_every_frame(made: ReceivedFile, parcels: int, layer: str) -> None:
    read = detect(made)
    assert (read.format, len(read.parcels), read.layer) == ("gml", parcels, layer)
    assert read.declared_crs.epsg == 4547


@pytest.mark.parametrize(
    ("name", "epsg", "axes"),
    [
        (URN, 4547, Axes.NORTHING_EASTING),
        ("urn:x-ogc:def:crs:EPSG:6.9:4526", 4526, Axes.NORTHING_EASTING),
        ("urn:x-ogc:def:crs:EPSG:4547", 4547, Axes.NORTHING_EASTING),  # without the colon of the version
        ("urn:ogc:def:crs:EPSG:9.8.6:4490", 4490, Axes.NORTHING_EASTING),
        ("urn:ogc:def:crs,crs:EPSG::4547,crs:EPSG::5737", 4547, Axes.NORTHING_EASTING),
        ("http://www.opengis.net/def/crs/EPSG/0/4490", 4490, Axes.NORTHING_EASTING),
        ("https://www.opengis.net/def/crs/EPSG/0/4490", 4490, Axes.NORTHING_EASTING),
        ("urn:ogc:def:crs:EPSG::3857", 3857, Axes.EASTING_NORTHING),  # whose authority has easting first
        ("urn:ogc:def:crs:EPSG::99999", 99999, Axes.EASTING_NORTHING),  # no such code: refused later
        ("http://www.opengis.net/gml/srs/epsg.xml#4547", 4547, Axes.EASTING_NORTHING),
        ("EPSG:4490", 4490, Axes.EASTING_NORTHING),
        ("epsg:4547", 4547, Axes.EASTING_NORTHING),
        ("4547", 4547, Axes.EASTING_NORTHING),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", 4326, Axes.EASTING_NORTHING),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 4326, Axes.EASTING_NORTHING),
        ("CGCS2000_3_Degree_GK_CM_114E", None, Axes.EASTING_NORTHING),
    ],
)
def test_srs_name_tells_system_and_order_of_axes(name: str, epsg: int | None, axes: Axes) -> None:
    srs = read_srs_name(f" {name} ")
    assert (srs.declared.epsg, srs.axes) == (epsg, axes)
    assert (srs.declared.datum == name) == (epsg is None)


def positioned(positions: str, srs: str | None) -> str:
    return polygon(linear(el("posList", positions)), srs=srs)


LATLON = "35.76 115.02 35.76 115.03 35.77 115.03 35.76 115.02"
LONLAT = "115.02 35.76 115.03 35.76 115.03 35.77 115.02 35.76"


@pytest.mark.parametrize(
    ("positions", "srs", "epsg", "swapped"),
    [
        pytest.param(YX, URN, 4547, False, id="northing first, as a URN says"),
        pytest.param(XY, URN, 4547, True, id="a URN, and easting first all the same"),
        pytest.param(XY, "EPSG:4547", 4547, False, id="easting first, as the short name says"),
        pytest.param(YX, "EPSG:4547", 4547, True, id="a short name, and northing first"),
        pytest.param(XY, "http://www.opengis.net/gml/srs/epsg.xml#4547", 4547, False, id="epsg.xml"),
        pytest.param(LATLON, "http://www.opengis.net/def/crs/EPSG/0/4490", 4490, False, id="latitude first"),
        pytest.param(LONLAT, "urn:ogc:def:crs:EPSG::4490", 4490, True, id="a URN, and longitude first"),
        pytest.param(LONLAT, "EPSG:4490", 4490, False, id="longitude first"),
        pytest.param(LONLAT, None, 4490, False, id="degrees, and nothing declared"),
    ],
)
def test_axes_are_as_the_spelling_means_and_exchanged_with_a_warning_where_writers_err(
    positions: str, srs: str | None, epsg: int, swapped: bool
) -> None:
    understood = understand(gml(feature(positioned(positions, srs))), city=PUYANG)
    boundary = understood.accepted()
    assert (boundary.crs.epsg, boundary.axes_swapped) == (epsg, swapped)
    assert ("axes_swapped" in codes(understood)) == swapped
    west, south, _, _ = boundary.lonlat.bounds
    assert (115.0 < west < 115.1, 35.7 < south < 35.8) == (True, True)


def bounded(geometry: str, srs: str, *, by: str = "Envelope") -> str:
    return f"<gml:boundedBy>{el(by, srsName=srs)}</gml:boundedBy>{feature(geometry)}"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            f"<gml:FeatureCollection {SPACES}><gml:boundedBy>{el('Envelope', srsName=URN)}</gml:boundedBy>"
            f"<gml:featureMember>{feature(positioned(YX, None))}</gml:featureMember></gml:FeatureCollection>",
            id="on the bounds of the collection",
        ),
        pytest.param(
            f"<gml:FeatureCollection {SPACES}><gml:featureMember><app:DK><gml:boundedBy>{el('Box', srsName=URN)}"
            f"</gml:boundedBy><app:geom>{positioned(YX, None)}</app:geom></app:DK></gml:featureMember>"
            "</gml:FeatureCollection>",
            id="on the bounds of the feature",
        ),
        pytest.param(
            f"<gml:FeatureCollection {SPACES} srsName='{URN}'><gml:featureMember>{feature(positioned(YX, None))}"
            "</gml:featureMember></gml:FeatureCollection>",
            id="on the collection itself",
        ),
        pytest.param(
            f"<gml:FeatureCollection {SPACES}><gml:boundedBy>{el('Envelope', srsName='EPSG:4326')}</gml:boundedBy>"
            f"<gml:featureMember>{feature(positioned(YX, URN))}</gml:featureMember></gml:FeatureCollection>",
            id="bounds in another system are not the geometry's",
        ),
    ],
)
def test_srs_name_is_inherited(text: str) -> None:
    assert understand(file(text), city=PUYANG).accepted().planar_area_m2 == pytest.approx(10_000.0)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        pytest.param("EPSG:4547", "EPSG:4548", "EPSG:4548", id="two zones"),
        pytest.param("EPSG:4547", URN, URN, id="two orders of axes"),
        pytest.param("EPSG:4547", None, "未声明", id="one without"),
    ],
)
def test_contradicting_systems_are_refused_with_both_names(first: str, second: str | None, said: str) -> None:
    with pytest.raises(UnreadableBoundary) as refusal:
        read_gml(gml(feature(polygon(srs=first)), feature(polygon(srs=second))))
    assert refusal.value.code == "gml_srs_conflict"
    assert first in refusal.value.message
    assert said in refusal.value.message


def test_two_spellings_of_one_system_are_no_contradiction() -> None:
    names = ("EPSG:4547", "http://www.opengis.net/gml/srs/epsg.xml#4547")
    assert read_gml(gml(*(feature(polygon(srs=name)) for name in names))).declared_crs.epsg == 4547


def test_system_that_no_code_names_is_refused_and_may_be_asked() -> None:
    made = gml(feature(polygon(srs="CGCS2000_3_Degree_GK_CM_114E")))
    assert understand(made, city=PUYANG).refusal is not None
    asked = understand(made, city=PUYANG, asked=Asked(epsg=4547))
    assert asked.accepted().planar_area_m2 == pytest.approx(10_000.0)


def test_heights_need_a_dimension_and_are_dropped() -> None:
    flat = read_gml(gml(feature(polygon(linear(el("posList", XYZ, srsDimension=3))))))
    assert [issue.code for issue in flat.issues] == ["heights_dropped"]
    assert np.array_equal(flat.parcels[0].rings[0].coordinates, CORNERS[:-1])
    above = el("Polygon", el("exterior", linear(el("posList", XYZ))), srsDimension=3, srsName="EPSG:4547")
    assert len(read_gml(gml(feature(above))).parcels[0].rings[0].coordinates) == 4
    each = "".join(f"<gml:pos>{x} {y} 1</gml:pos>" for x, y in CORNERS)
    assert [issue.code for issue in read_gml(gml(feature(polygon(linear(each))))).issues] == ["heights_dropped"]
    guessed = understand(gml(feature(positioned(XYZ + " 1 1 1", "EPSG:4547"))), city=PUYANG)
    assert guessed.refusal is not None  # three numbers read two by two are no place, never a wrong one


def test_attributes_are_the_simple_properties() -> None:
    facts = (
        "<app:DKBH>A1</app:DKBH><gml:name>东区</gml:name><app:DKMJ>1.5公顷</app:DKMJ><app:x><app:y>1</app:y></app:x>"
    )
    parcel = read_gml(gml(feature(facts, polygon()))).parcels[0]
    assert (parcel.code, parcel.name, parcel.declared_area, parcel.declared_area_unit) == ("A1", "东区", 1.5, "公顷")
    assert set(parcel.attributes) == {"name", "DKBH", "DKMJ"}


def test_points_have_their_lines() -> None:
    lines = XY.replace(f" {EAST}", f"\n{EAST}")
    (parcel,) = read_gml(gml(feature(polygon(linear(el("posList", lines)))))).parcels
    assert parcel.rings[0].lines == (3, 3, 3, 4)


def test_types_are_a_choice_by_the_name_of_the_element() -> None:
    point = el("Point", el("pos", "1 2"))
    made = gml(feature(polygon()), feature(polygon(), name="红线"), feature(point, name="界址点"))
    with pytest.raises(ChoiceNeeded) as needed:
        read_gml(made)
    assert (needed.value.code, [choice.value for choice in needed.value.choices]) == ("gml_several", ["DK", "红线"])
    chosen = read_gml(made, "红线")
    assert (chosen.layer, [issue.code for issue in chosen.issues]) == ("红线", ["tables_not_read"])
    assert "DK、界址点" in chosen.issues[0].message
    with pytest.raises(ChoiceNeeded) as unknown:
        read_gml(made, "界址点")
    assert unknown.value.code == "unknown_choice"


def test_points_beside_a_surface_and_links_to_members_are_counted() -> None:
    label = f"<app:label>{el('Point', el('pos', '1 2'))}</app:label>"
    made = gml(feature(label, polygon()))
    linked = made.content.decode().replace(
        "\n</gml:F", '<gml:featureMember xlink:href="http://127.0.0.1:9/#a"/></gml:F'
    )
    read = read_gml(ReceivedFile(name="a.gml", content=linked.encode()))
    assert [issue.code for issue in read.issues] == ["links_not_followed", "points_ignored"]
    assert all(issue.message for issue in read.issues)


def arc(*points: tuple[float, float], kind: str = "Arc") -> str:
    return curve(el(kind, el("posList", " ".join(f"{x} {y}" for x, y in points))))


ROUND = (EAST + 50.0, NORTH + 50.0)
HALF_TURN = (
    arc((EAST, NORTH + 50), (EAST + 50, NORTH + 100), (EAST + 100, NORTH + 50)),
    arc((EAST + 100, NORTH + 50), (EAST + 50, NORTH), (EAST, NORTH + 50)),
)
CENTRE = el("pos", f"{EAST + 50} {NORTH + 50}")


@pytest.mark.parametrize(
    ("ring", "curves"),
    [
        pytest.param(ring_of(*HALF_TURN), 2, id="two arcs"),
        pytest.param(
            ring_of(
                arc(
                    (EAST, NORTH + 50),
                    (EAST + 50, NORTH + 100),
                    (EAST + 100, NORTH + 50),
                    (EAST + 50, NORTH),
                    (EAST, NORTH + 50),
                    kind="ArcString",
                )
            ),
            2,
            id="a string of arcs",
        ),
        pytest.param(
            ring_of(arc((EAST, NORTH + 50), (EAST + 50, NORTH + 100), (EAST + 100, NORTH + 50), kind="Circle")),
            1,
            id="a circle through three points",
        ),
        pytest.param(
            ring_of(curve(el("CircleByCenterPoint", CENTRE, el("radius", "50", uom="m")))), 1, id="by its centre"
        ),
    ],
)
def test_circular_arcs_are_stroked_within_a_millimetre_and_told(ring: str, curves: int) -> None:
    read = read_gml(gml(feature(polygon(ring))))
    assert [(issue.code, issue.values["count"]) for issue in read.issues] == [("curves_stroked", curves)]
    assert 0.0 < float(str(read.issues[0].values["sagitta_mm"])) <= 1.0
    points = read.parcels[0].rings[0].coordinates
    assert np.abs(np.hypot(*(points - ROUND).T) - 50.0).max() < 1e-6
    area_m2 = understand(gml(feature(polygon(ring))), city=PUYANG).accepted().planar_area_m2
    # The chords lie within the circle, by a millimetre along all of it at most.
    assert 0.0 < np.pi * 50.0**2 - area_m2 < 2.0 * np.pi * 50.0 * 0.001


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        pytest.param(
            polygon(ring_of(arc((115.0, 35.7), (115.1, 35.8), (115.2, 35.7)))), "gml_curve_in_degrees", id="degrees"
        ),
        pytest.param(polygon(ring_of(arc((EAST, 1.0), (EAST, 2.0)))), "gml_curve", id="an arc of two points"),
        pytest.param(polygon(ring_of(arc((EAST, 1.0), (EAST, 1.0), (EAST, 2.0)))), "gml_curve", id="equal points"),
        pytest.param(
            polygon(ring_of(arc((EAST, 1), (EAST, 2), (EAST, 3), kind="Circle"))), "gml_curve", id="a circle on a line"
        ),
        pytest.param(
            polygon(ring_of(curve(el("CircleByCenterPoint", CENTRE, el("radius", "5", uom="ft"))))),
            "gml_curve",
            id="feet",
        ),
        pytest.param(
            polygon(ring_of(curve(el("CircleByCenterPoint", CENTRE, el("radius", "1e9"))))), "gml_curve", id="a planet"
        ),
        pytest.param(
            polygon(ring_of(curve(el("CircleByCenterPoint", CENTRE, el("radius", "x"))))), "gml_curve", id="no radius"
        ),
        pytest.param(polygon(ring_of(curve(el("CubicSpline", el("posList", HALF))))), "curves", id="a spline"),
        pytest.param(polygon(ring_of(curve(el("ArcByCenterPoint", CENTRE)))), "curves", id="an arc by bearings"),
        pytest.param(
            polygon(ring_of(el("LineString", el("posList", HALF)), el("LineString", el("posList", HALF)))),
            "gml_ring_gap",
            id="pieces that do not meet",
        ),
        pytest.param(el("Polygon", el("exterior", xlink__href="#a")), "gml_link", id="a border elsewhere"),
        pytest.param(
            el("MultiSurface", el("surfaceMember", xlink__href="http://127.0.0.1:9/")),
            "gml_link",
            id="a part elsewhere",
        ),
        pytest.param(polygon(el("Ring", el("curveMember", xlink__href="#a"))), "gml_link", id="a curve elsewhere"),
        pytest.param(polygon(linear(el("pointProperty", xlink__href="#a"))), "gml_link", id="a point elsewhere"),
        pytest.param(polygon(linear(el("posList", "1 2 3"))), "xml_position", id="an odd number of numbers"),
        pytest.param(polygon(linear(el("posList", "1 2 3 x"))), "xml_position", id="no number"),
        pytest.param(polygon(linear(el("posList", "1,2 3,4"))), "xml_position", id="commas in a posList"),
        pytest.param(polygon(linear(el("pos", "1"))), "xml_position", id="half a position"),
        pytest.param(polygon(linear(el("pos", "1 2 3 4"))), "xml_position", id="four numbers"),
        pytest.param(polygon(linear(el("posList", XY, srsDimension=4))), "gml_dimension", id="four dimensions"),
        pytest.param(polygon(linear(el("posList", XY, srsDimension="x"))), "gml_dimension", id="no dimension"),
        pytest.param(polygon(linear(el("bezier", XY))), "gml_geometry", id="an element of no standard"),
        pytest.param(polygon(el("Circle", el("posList", XY))), "gml_geometry", id="a ring that is none"),
        pytest.param(el("Surface", el("patches", el("Cone"))), "gml_geometry", id="a cone"),
        pytest.param(el("MultiGeometry", el("geometryMember", el("Point"))), "gml_geometry", id="a point within"),
        pytest.param(el("LineString", el("posList", XY)), "gml_no_surfaces", id="lines only"),
        pytest.param("<app:a/>", "no_parcels", id="no geometry"),
        pytest.param('<app:geom xlink:href="#a"/>', "gml_link", id="the geometry elsewhere"),
    ],
)
def test_bad_geometry_is_refused_with_its_line(geometry: str, code: str) -> None:
    with pytest.raises(UnreadableBoundary) as refusal:
        read_gml(gml(feature(geometry)))
    assert refusal.value.code == code
    if code in ("gml_link", "gml_geometry", "xml_position", "gml_curve", "gml_ring_gap", "gml_dimension"):
        assert "第3行" in refusal.value.message


@pytest.mark.parametrize(
    ("made", "code"),
    [
        pytest.param(gml(), "no_parcels", id="no member"),
        pytest.param(file("<wfs:FeatureCollection numberMatched='0'/>"), "xml_syntax", id="prefixes and a torn tag"),
        pytest.param(
            gml(feature(f"<app:a>{polygon()}</app:a><app:b>{polygon()}</app:b>")), "gml_geometries", id="two surfaces"
        ),
        pytest.param(
            gml(feature(polygon()), feature(el("Point", el("pos", "1 2")))), "gml_geometry", id="a point for a parcel"
        ),
        pytest.param(
            gml(feature(polygon()), feature('<app:g xlink:href="#x"/>')), "gml_link", id="a link for a parcel"
        ),
    ],
)
def test_bad_collection_is_refused(made: ReceivedFile, code: str) -> None:
    if code == "xml_syntax":
        made = ReceivedFile(name="a.gml", content=made.content[:-1])
    with pytest.raises(UnreadableBoundary) as refusal:
        read_gml(made)
    assert refusal.value.code == code


def test_feature_without_geometry_is_an_error_at_its_parcel() -> None:
    read = read_gml(
        gml(feature(polygon()), feature("<app:DKBH>A2</app:DKBH>"), feature(el("Polygon", srsName="EPSG:4547")))
    )
    assert [(issue.code, issue.where.parcel) for issue in read.issues] == [("null_geometry", 2), ("null_geometry", 3)]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"FORMAT": "GML2"}, id="GML 2"),
        pytest.param({"FORMAT": "GML3"}, id="GML 3.1, northing first"),
        pytest.param({"FORMAT": "GML3", "SRSNAME_FORMAT": "SHORT"}, id="GML 3.1, easting first"),
        pytest.param({"FORMAT": "GML3", "SRSNAME_FORMAT": "OGC_URL"}, id="GML 3.1, by a URL"),
        pytest.param({"FORMAT": "GML3.2"}, id="GML 3.2"),
        pytest.param({"FORMAT": "GML3Deegree"}, id="GML 3 for Deegree"),
    ],
)
@pytest.mark.parametrize("crs", [4547, 4526, 4490])
@pytest.mark.parametrize(("geometry", "area_m2"), [(SQUARE, 10_000.0), (MultiPolygon([HOLED]), HOLED_M2)])
def test_file_of_gdal_gives_the_known_area(
    tmp_path: Path, options: dict[str, str], crs: int, geometry: BaseGeometry, area_m2: float
) -> None:
    frame(geometry, crs=crs, DKBH=["A1"]).to_file(tmp_path / "a.gml", driver="GML", layer="红线", **options)
    understood = understand(from_path(tmp_path / "a.gml"), city=PUYANG)
    boundary = understood.accepted()
    assert (boundary.layer, boundary.parcels[0].code, boundary.crs.epsg) == ("红线", "A1", crs)
    assert boundary.planar_area_m2 == pytest.approx(area_m2, rel=1e-6)
    assert "axes_swapped" not in codes(understood)


def test_zip_of_a_gml_is_read() -> None:
    assert detect(zipped({"a/红线.gml": gml(feature(polygon())).content})).format == "gml"


def test_other_file_in_the_clothes_of_gml_is_refused_unread(tmp_path: Path) -> None:
    secret = tmp_path / "other.gml"
    secret.write_bytes(gml(feature("<app:DKBH>TOP</app:DKBH>", polygon())).content)
    for text in (
        f"<OGRVRTDataSource><OGRVRTLayer><SrcDataSource>{secret}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
        f"<OGRVRTDataSource {SPACES}><SrcDataSource>/vsicurl/http://127.0.0.1:9/</SrcDataSource></OGRVRTDataSource>",
        f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]><gml:Polygon {SPACES}>&x;</gml:Polygon>',
        f'<gml:FeatureCollection {SPACES}><gml:featureMember xlink:href="file://{secret}"/></gml:FeatureCollection>',
        f'<gml:FeatureCollection {SPACES} xmlns:x="http://www.w3.org/2001/XMLSchema-instance" '
        f'x:schemaLocation="http://example.cn/app http://127.0.0.1:9/a.xsd"/>',
    ):
        understood = understand(ReceivedFile(name="a.gml", content=text.encode()), city=PUYANG)
        assert understood.refusal is not None
        assert str(tmp_path) not in str(understood.refusal)
        assert "TOP" not in str(understood)


def test_deep_nesting_is_refused() -> None:
    deep = "<gml:MultiGeometry><gml:geometryMember>" * 140 + "</gml:geometryMember></gml:MultiGeometry>" * 140
    with pytest.raises(UnreadableBoundary) as refusal:
        read_gml(gml(feature(deep)))
    assert refusal.value.code == "xml_limits"
    held = "<gml:MultiGeometry><gml:geometryMember>" * 110
    read = read_gml(gml(feature(held + polygon() + "</gml:geometryMember></gml:MultiGeometry>" * 110)))
    assert len(read.parcels[0].rings) == 1


def test_arcs_that_would_become_too_many_points_are_refused() -> None:
    circle = curve(el("CircleByCenterPoint", CENTRE, el("radius", "70000")))
    with pytest.raises(TooLarge):
        read_gml(gml(feature(polygon(*[ring_of(circle)] * 120))))


@pytest.mark.parametrize("spelt", ["posList", "pos"])
def test_many_points_are_read_in_bounded_time(spelt: str) -> None:
    points = [f"{EAST + n * 0.01:.2f} {NORTH + n % 7}" for n in range(30_000)]
    text = el("posList", " ".join(points)) if spelt == "posList" else "".join(el("pos", point) for point in points)
    read = read_gml(gml(feature(polygon(linear(text)))))
    assert len(read.parcels[0].rings[0].coordinates) == 30_000


def test_mutated_bytes_never_raise_anything_but_a_refusal() -> None:
    chance = random.Random(7)
    two = gml(feature("<app:DKBH>A1</app:DKBH>", polygon()), feature(MULTI_SURFACE)).content
    curved = gml(feature(polygon(ring_of(*HALF_TURN))), feature(polygon(linear(COORDS)))).content
    for content in (two, curved):
        for _ in range(1000):
            bad = ReceivedFile(name="a.gml", content=mutated(content, chance))
            only_refuses(lambda: read_gml(bad))  # noqa: B023
            only_refuses(lambda: detect(bad))  # noqa: B023
