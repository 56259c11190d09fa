"""DXF files as they come: versions, encodings, binary, in a zip, mended, torn, damaged."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest

import geopandas
from shapely.geometry import Polygon

from geo_review.boundary import dxf_drawing
from geo_review.boundary.detect import detect
from geo_review.boundary.dxf import read_dxf
from geo_review.boundary.received import ReceivedFile, from_path
from geo_review.boundary.understanding import understand
from geo_review.city import PUYANG
from geo_review.errors import TooLarge, UnreadableBoundary
from tests.unit.boundary.drawings import E, N, corners, drawing, on, saved
from tests.unit.boundary.written_files import HOLED, HOLED_M2, SQUARE, mutated, only_refuses

NAME = "用地红线（濮阳）"


def square_in(version: str, encoding: str | None = None, *, binary: bool = False) -> ReceivedFile:
    made = drawing(version, encoding=encoding)
    if version == "R12":
        made.modelspace().add_polyline2d(corners(), close=True, **on(NAME))
    else:
        made.modelspace().add_lwpolyline(corners(), close=True, **on(NAME))
    made.layers.remove("用地红线")
    return saved(made, binary=binary)


@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize(
    ("version", "encoding", "told"),
    [
        pytest.param("R12", "gbk", "gb18030", id="R12, GBK"),
        pytest.param("R2000", "gbk", "gb18030", id="R2000, GBK"),
        pytest.param("R2004", "gbk", "gb18030", id="R2004, GBK"),
        pytest.param("R2007", None, "utf-8", id="R2007, UTF-8 from here on"),
        pytest.param("R2010", None, "utf-8", id="R2010"),
        pytest.param("R2013", None, "utf-8", id="R2013"),
        pytest.param("R2018", None, "utf-8", id="R2018"),
    ],
)
def test_drawing_of_any_version_when_read_then_its_layer_and_corners(
    version: str, encoding: str | None, told: str, binary: bool
) -> None:
    raw = detect(square_in(version, encoding, binary=binary))
    assert (raw.format, raw.layer, raw.encoding) == ("dxf", NAME, told)
    assert [issue.code for issue in raw.issues] == ["dxf_layer_chosen"]
    assert raw.parcels[0].rings[0].coordinates.tolist() == [list(point) for point in corners()]


GBK = square_in("R2000", "gbk").content
PAGE = b"$DWGCODEPAGE\n  3\nANSI_936"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        pytest.param(GBK.replace(PAGE, PAGE.replace(b"936", b"1252")), "gb18030", id="GBK, the western page declared"),
        pytest.param(GBK.replace(b"\n", b"\r\n"), "gb18030", id="CR LF"),
        pytest.param(b"999\nCASS 9.1\n" + GBK, "gb18030", id="a comment before everything"),
        pytest.param(GBK.decode("gbk").encode(), "utf-8", id="UTF-8, GBK declared"),
        pytest.param(b"\xef\xbb\xbf" + GBK.decode("gbk").encode(), "utf-8", id="UTF-8 with its mark"),
        pytest.param(square_in("R2010").content + b"\x1a", "utf-8", id="the end mark of DOS"),
        pytest.param(square_in("R2000").content, "utf-8", id="names as escapes of the western page"),
    ],
)
def test_text_when_its_page_is_wrong_or_missing_then_read_by_its_bytes(content: bytes, encoding: str) -> None:
    raw = detect(ReceivedFile(name="红线.dxf", content=content))
    assert (raw.layer, raw.encoding) == (NAME, encoding)


def test_western_text_when_it_is_no_gbk_then_read_by_its_page() -> None:
    made = drawing("R2000")
    made.layers.add("Straße 5°")
    made.modelspace().add_lwpolyline(corners(), close=True, **on())
    assert read_dxf(saved(made)).encoding == "cp1252"


def test_text_when_no_encoding_fits_then_refused() -> None:
    content = GBK.replace(PAGE, b"$DWGCODEPAGE\n  3\nANSI_932").replace("濮阳".encode("gbk"), b"\xff\xff\x80\x31")
    with pytest.raises(UnreadableBoundary) as refusal:
        read_dxf(ReceivedFile(name="a.dxf", content=content))
    assert refusal.value.code == "dxf_encoding"


def test_drawing_when_in_a_zip_then_read_and_of_several_the_one_asked_for() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("甲.dxf", square_in("R2010").content)
    assert detect(ReceivedFile(name="a.zip", content=buffer.getvalue())).layer == NAME
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("乙.dxf", square_in("R2000", "gbk").content)
    assert detect(ReceivedFile(name="a.zip", content=buffer.getvalue()), f"乙.dxf::{NAME}").encoding == "gb18030"


@pytest.mark.parametrize("areas", [True, False])
def test_drawing_of_another_writer_when_read_then_its_land(tmp_path: Path, areas: bool) -> None:
    """GDAL writes areas as hatches."""
    shapes = [SQUARE, HOLED] if areas else [SQUARE.exterior, HOLED.exterior, HOLED.interiors[0]]
    made = geopandas.GeoDataFrame({"Layer": [NAME] * len(shapes)}, geometry=shapes, crs=4547)
    made.to_file(tmp_path / "a.dxf", driver="DXF", engine="pyogrio")
    raw = read_dxf(from_path(tmp_path / "a.dxf"))
    lands = [
        Polygon(shell.coordinates, [hole.coordinates for hole in holes])
        for shell, *holes in (parcel.rings for parcel in raw.parcels)
    ]
    assert [land.area for land in lands] == pytest.approx([SQUARE.area, HOLED_M2])
    assert [issue.code for issue in raw.issues] == ["dxf_layer_chosen", *(["dxf_hatch_used"] if areas else [])]


GOOD = square_in("R2010").content
OUTLINE = GOOD.index(b"AcDbPolyline")


def spoilt(old: bytes, new: bytes) -> bytes:
    """The drawing with something replaced in its outline."""
    assert old in GOOD[OUTLINE:]
    return GOOD[:OUTLINE] + GOOD[OUTLINE:].replace(old, new, 1)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(GOOD[: OUTLINE + 60], "dxf_torn", id="torn within the outline"),
        pytest.param(GOOD.replace(b"  0\nEOF\n", b""), "dxf_torn", id="no end mark"),
        pytest.param(square_in("R2010", binary=True).content[:-20], "dxf_torn", id="binary, torn"),
        pytest.param(spoilt(f"{E}".encode(), b"38592967.5oo"), "dxf_damaged", id="a number that is none"),
        pytest.param(spoilt(b" 20\n", b" 2O\n"), "dxf_damaged", id="a group code that is none"),
        pytest.param(spoilt(b" 20\n", b" 21\n"), "dxf_tag", id="a point without its northing"),
        pytest.param(spoilt(b" 10\n", b" 40\n"), "dxf_tag", id="a point without its easting"),
        pytest.param(spoilt(b" 90\n4\n", b" 90\n5\n"), "dxf_corners", id="a corner is missing"),
        pytest.param(b"  0\nSECTION\n  0\nEOF\n", "dxf_damaged", id="nothing in it"),
        pytest.param(b"  0\nSECTION\n  2\nENTITIES\n  0\nENDSEC\n  0\nEOF\n", "dxf_no_outlines", id="no entities"),
    ],
)
def test_drawing_when_torn_or_damaged_then_refused_and_nothing_of_it_read(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableBoundary) as refusal:
        detect(ReceivedFile(name="a.dxf", content=content))
    assert refusal.value.code == code
    assert refusal.value.remedy


def test_drawing_of_entities_alone_when_read_then_as_any_other() -> None:
    made = drawing("R12")
    made.modelspace().add_polyline2d(corners(), close=True, **on("HX"))
    text = saved(made).content
    bare = b"  0\nSECTION\n  2\nENTITIES\n" + text[text.index(b"ENTITIES\n") + 9 :]
    raw = detect(ReceivedFile(name="a.dxf", content=bare))
    assert (raw.layer, len(raw.parcels[0].rings[0].coordinates)) == ("HX", 4)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(GBK.replace(b"AC1015", b"AC1009"), id="it says R12"),
        pytest.param(GBK.replace(b"$ACADVER", b"$ACADMIN"), id="it says nothing in its header"),
        pytest.param(b"  0\nSECTION\n" + GBK[GBK.index(b"  2\nTABLES") :], id="it has no header"),
    ],
)
def test_drawing_when_newer_than_it_says_then_layer_and_closure_are_read(content: bytes) -> None:
    """Scripts write so. The library alone reads such an outline as open, and on layer 0."""
    assert content != GBK
    raw = detect(ReceivedFile(name="红线.dxf", content=content))
    assert raw.layer == NAME
    assert raw.parcels[0].rings[0].coordinates.tolist() == [list(point) for point in corners()]


def test_drawing_when_mended_beside_its_lines_then_read_and_said() -> None:
    content = spoilt(b"AcDbPolyline", b"AcDbPolyline").replace(
        b"100\nAcDbEntity\n  8\n" + NAME.encode(), b"100\nAcDbEntity\n  6\nNICHTDA\n  8\n" + NAME.encode()
    )
    raw = read_dxf(ReceivedFile(name="a.dxf", content=content))
    assert [issue.code for issue in raw.issues] == ["dxf_mended", "dxf_layer_chosen"]
    assert len(raw.parcels[0].rings[0].coordinates) == 4


def test_block_when_it_is_not_in_the_file_then_refused() -> None:
    made = drawing()
    made.modelspace().add_lwpolyline(corners(), close=True, **on())
    made.modelspace().add_blockref("缺失", (E, N), **on())
    with pytest.raises(UnreadableBoundary) as refusal:
        read_dxf(saved(made))
    assert refusal.value.code == "dxf_damaged"


@pytest.mark.parametrize("binary", [False, True])
def test_drawing_of_too_many_entities_when_read_then_refused_before_it_is_opened(
    binary: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = drawing()
    for number in range(300):
        made.modelspace().add_line((E, N), (E + number, N))
    monkeypatch.setattr(dxf_drawing, "MOST_ENTITIES", 250)
    with pytest.raises(TooLarge) as refusal:
        read_dxf(saved(made, binary=binary))
    assert refusal.value.code == "dxf_too_many"


@pytest.mark.parametrize("binary", [False, True])
def test_drawing_when_bytes_are_spoilt_then_read_or_refused_and_nothing_else(binary: bool) -> None:
    chance = random.Random(20261123)
    made = drawing()
    block = made.blocks.new("块")
    block.add_circle((0, 0), 5)
    made.modelspace().add_blockref("块", (E, N), **on(xscale=2))
    made.modelspace().add_lwpolyline([(x, y, 0.3) for x, y in corners()], format="xyb", close=True, **on())
    made.modelspace().add_hatch(**on("0")).paths.add_polyline_path(corners(), is_closed=True)
    content = saved(made, binary=binary).content
    # The tables of an empty drawing are most of it: spoil what stands behind them, but for a few.
    head = content.index(b"BLOCKS")
    for number in range(60):
        keep = 0 if number % 6 == 0 else head
        file = ReceivedFile(name="a.dxf", content=content[:keep] + mutated(content[keep:], chance))
        seen = understand(file, city=PUYANG)
        assert (seen.boundary is None) != (seen.refusal is None)
        only_refuses(lambda file=file: read_dxf(file))  # type: ignore[misc]
