"""What is told of a file: as far as it could be read, whether it is taken or refused; layers and parcels by choice."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from geo_review.boundary.asked import Asked
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.understanding import Understanding, understand
from geo_review.city import PUYANG
from geo_review.errors import ChoiceNeeded, InvalidOption
from tests.builders import square
from tests.unit.boundary.written_files import frame, geopackage, parts_of, polygon_document, shapefile, zipped

TEXT = """[属性描述]
带号=38
[地块坐标]
4,1.0000,甲,一号地块,面,,,,@
J1,1,3959622.396,38592967.566
J2,1,3959622.396,38593067.566
J3,1,3959522.396,38593067.566
J4,1,3959522.396,38592967.566
4,1.0000,乙,二号地块,面,,,,@
J1,1,3959622.396,38593167.566
J2,1,3959622.396,38593267.566
J3,1,3959522.396,38593267.566
J4,1,3959522.396,38593167.566
"""


def told(text: str, **asked: object) -> Understanding:
    file = ReceivedFile(name="红线.txt", content=text.encode("gb18030"))
    return understand(file, city=PUYANG, asked=Asked(**asked))  # type: ignore[arg-type]


def test_a_file_that_is_taken_is_told_whole() -> None:
    seen = told(TEXT)
    assert (seen.format, seen.encoding, seen.axes_swapped) == ("txt", "GB18030", False)
    assert seen.crs is not None
    assert seen.crs.epsg == 4526
    assert [(parcel.code, parcel.chosen, parcel.rings[0].points) for parcel in seen.parcels] == [
        ("甲", True, 4),
        ("乙", True, 4),
    ]
    lonlat = seen.parcels[0].rings[0].lonlat
    assert lonlat is not None
    assert np.allclose(lonlat.mean(axis=0), [115.03, 35.76], atol=0.02)
    assert seen.accepted().planar_area_m2 == pytest.approx(20_000.0)


def test_a_red_line_that_is_wrong_is_told_as_far_as_it_was_read() -> None:
    bow_tie = TEXT.replace(
        "J2,1,3959622.396,38593067.566\nJ3,1,3959522.396", "J2,1,3959522.396,38593067.566\nJ3,1,3959622.396"
    )
    seen = told(bow_tie)
    assert seen.boundary is None
    assert seen.crs is not None
    assert "self_intersection" in {issue.code for issue in seen.issues}
    assert all(ring.lonlat is not None for parcel in seen.parcels for ring in parcel.rings)


def test_a_file_without_system_is_told_without_one() -> None:
    seen = told(TEXT.replace("带号=38", "").replace(",38", ","))
    assert seen.crs is None
    assert seen.refusal is not None
    assert seen.refusal.code == "unknown_crs"
    assert seen.parcels[0].rings[0].lonlat is None


def test_of_several_parcels_some_may_be_asked_for() -> None:
    seen = told(TEXT, parcels=(2,))
    assert [parcel.chosen for parcel in seen.parcels] == [False, True]
    boundary = seen.accepted()
    assert [parcel.code for parcel in boundary.parcels] == ["乙"]
    assert [issue.values for issue in boundary.issues if issue.code == "parcels_chosen"] == [
        {"chosen": "2", "count": 2}
    ]
    assert boundary.asked.parcels == (2,)


def test_the_places_of_faults_count_the_parcels_that_were_asked_for() -> None:
    doubled = TEXT.replace(
        "J2,1,3959622.396,38593267.566", "J2,1,3959622.396,38593267.566\nJ2,1,3959622.396,38593267.566"
    )
    assert told(doubled, parcels=(1,)).boundary is not None
    assert {issue.where.parcel for issue in told(doubled, parcels=(2,)).issues if issue.code == "repeated_point"} == {1}


@pytest.mark.parametrize("number", [0, 3])
def test_a_parcel_that_is_not_there_is_refused(number: int) -> None:
    with pytest.raises(InvalidOption, match="2 个") as refused:
        told(TEXT, parcels=(number,)).accepted()
    assert refused.value.code == "unknown_parcel"


def test_a_format_without_layers_refuses_a_layer() -> None:
    with pytest.raises(InvalidOption) as refused:
        told(TEXT, layer="红线").accepted()
    assert refused.value.code == "no_layers"


def two_in_a_zip(tmp_path: Path) -> ReceivedFile:
    one = parts_of(shapefile(tmp_path, frame(square(0, 0, 50), crs=4547)), "甲")
    other = parts_of(shapefile(tmp_path, frame(square(200, 0, 80), crs=4547)), "乙")
    return zipped({**one, **other})


def test_of_several_members_of_a_zip_one_is_asked_for(tmp_path: Path) -> None:
    file = two_in_a_zip(tmp_path)
    with pytest.raises(ChoiceNeeded) as needed:
        understand(file, city=PUYANG).accepted()
    assert [choice.value for choice in needed.value.choices] == ["乙.shp", "甲.shp"]
    boundary = understand(file, city=PUYANG, asked=Asked(layer="甲.shp")).accepted()
    assert (boundary.layer, boundary.planar_area_m2) == ("甲.shp", pytest.approx(2_500.0))
    with pytest.raises(ChoiceNeeded) as wrong:
        understand(file, city=PUYANG, asked=Asked(layer="丙.shp")).accepted()
    assert wrong.value.code == "unknown_choice"


def test_a_table_of_a_geopackage_in_a_zip_is_named_after_its_member(tmp_path: Path) -> None:
    member = geopackage(tmp_path, frame(square(0, 0, 50), crs=4547), layer="红线")
    beside = polygon_document([(115.0, 35.7), (115.01, 35.7), (115.01, 35.71), (115.0, 35.7)])
    file = zipped({"a.gpkg": member.content, "b.geojson": json.dumps(beside).encode()})
    boundary = understand(file, city=PUYANG, asked=Asked(layer="a.gpkg::红线")).accepted()
    assert boundary.layer == "a.gpkg::红线"
