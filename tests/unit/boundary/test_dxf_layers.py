"""Which layer of a drawing is the red line: by its name, by being the only one, or asked."""

from __future__ import annotations

from typing import Any

import pytest
from ezdxf.layouts import Modelspace

from geo_review.boundary.dxf import read_dxf
from geo_review.boundary.model import RawBoundary
from geo_review.errors import ChoiceNeeded, UnreadableBoundary
from tests.unit.boundary.drawings import E, N, corners, drawing, on, saved


def squares(*layers: str, hide: str | None = None, state: str = "off", asked: str | None = None) -> RawBoundary:
    """A closed square on each layer, each larger than the one before."""
    made = drawing()
    for number, name in enumerate(layers, start=1):
        if not made.layers.has_entry(name):
            made.layers.add(name, color=number)
        made.modelspace().add_lwpolyline(corners(100.0 * number, 1000.0 * number), close=True, **on(name))
    if hide is not None:
        getattr(made.layers.get(hide), state)()
    return read_dxf(saved(made), asked)


@pytest.mark.parametrize(
    ("layers", "taken"),
    [
        pytest.param(["用地红线", "建筑"], "用地红线", id="by its name"),
        pytest.param(["0", "建设用地红线"], "建设用地红线", id="a longer name"),
        pytest.param(["A-01 红线", "0"], "A-01 红线", id="within a name"),
        pytest.param(["ＲＥＤ", "0"], "ＲＥＤ", id="full width"),
        pytest.param(["red_line", "0"], "red_line", id="case and a mark"),
        pytest.param(["hx", "0"], "hx", id="HX in small letters"),
        pytest.param(["YDHX", "JZD"], "YDHX", id="a code"),
        pytest.param(["用地范围", "0"], "用地范围", id="the extent"),
        pytest.param(["征地范围线", "0"], "征地范围线", id="the extent of an acquisition"),
        pytest.param(["界址线", "界址点"], "界址线", id="the line and not the points"),
        pytest.param(["宗地", "0"], "宗地", id="the lot"),
        pytest.param(["用地红线", "道路红线", "生态保护红线", "建筑红线"], "用地红线", id="lines of roads are none"),
        pytest.param(["图层1"], "图层1", id="the only one"),
        pytest.param(["0"], "0", id="the only one is the default layer"),
    ],
)
def test_layer_when_one_says_red_line_or_is_the_only_one_then_taken_and_said(layers: list[str], taken: str) -> None:
    raw = squares(*layers)
    assert raw.layer == taken
    assert raw.issues[0].code == "dxf_layer_chosen"
    assert raw.issues[0].values["layer"] == taken
    assert all(name in str(raw.issues[0].values["beside"]) for name in layers if name != taken)


@pytest.mark.parametrize(
    ("layers", "options"),
    [
        pytest.param(["建筑", "0"], {}, id="none says so"),
        pytest.param(["用地红线", "宗地"], {}, id="two say so"),
        pytest.param(["道路红线"], {}, id="the only one is another line"),
        pytest.param(["用地红线", "建筑"], {"hide": "用地红线"}, id="it is off"),
        pytest.param(["用地红线"], {"hide": "用地红线", "state": "freeze"}, id="the only one is frozen"),
        pytest.param(["HXD", "SHX"], {}, id="letters that hold HX are no HX"),
        pytest.param(["Defpoints"], {}, id="the layer that is never printed"),
    ],
)
def test_layer_when_several_or_none_says_red_line_then_a_choice(layers: list[str], options: dict[str, Any]) -> None:
    with pytest.raises(ChoiceNeeded) as needed:
        squares(*layers, **options)
    assert needed.value.code == "dxf_several"
    assert {choice.value for choice in needed.value.choices} == set(layers)
    for choice in needed.value.choices:  # what is offered is what may be asked for
        assert squares(*layers, **options, asked=choice.value).layer == choice.value


def test_choice_when_offered_then_told_by_lines_colour_area_and_state() -> None:
    with pytest.raises(ChoiceNeeded) as needed:
        squares("用地红线", "建筑", hide="用地红线", state="freeze")
    assert [choice.label for choice in needed.value.choices] == [
        "建筑：闭合线 1 条，未闭合线 0 条，填充边界 0 条，颜色 2，面积合计 40000（图纸单位的平方）",
        "用地红线：闭合线 1 条，未闭合线 0 条，填充边界 0 条，颜色 1，面积合计 10000（图纸单位的平方）"
        "，名称像用地红线，已冻结",
    ]


def test_layer_when_asked_for_in_other_letters_then_found() -> None:
    assert squares("A red", "B", asked="a RED").layer == "A red"


def test_layer_when_asked_for_and_not_there_then_a_choice_of_those_that_are() -> None:
    with pytest.raises(ChoiceNeeded) as needed:
        squares("用地红线", "建筑", asked="红线")
    assert needed.value.code == "unknown_choice"
    assert [choice.value for choice in needed.value.choices] == ["用地红线", "建筑"]


def test_layers_without_areas_when_beside_others_then_not_offered() -> None:
    made = drawing()
    m = made.modelspace()
    m.add_lwpolyline(corners(), close=True, **on("甲"))
    m.add_line((E, N), (E + 10, N), **on("道路中线"))
    m.add_text("说明", **on("说明"))
    for start, end in zip(corners(), [*corners()[1:], corners()[0]], strict=True):
        m.add_line(start, end, **on("乙"))
    with pytest.raises(ChoiceNeeded) as needed:
        read_dxf(saved(made))
    assert {choice.value for choice in needed.value.choices} == {"甲", "乙"}


def test_red_line_when_only_open_lines_are_on_it_then_taken_and_its_gap_told() -> None:
    made = drawing()
    made.modelspace().add_lwpolyline(corners(), **on("用地红线"))
    made.modelspace().add_lwpolyline(corners(), close=True, **on("建筑"))
    with pytest.raises(Exception, match="dxf_gap"):
        read_dxf(saved(made))


def in_blocks(m: Modelspace) -> None:
    """Layer 0 in a block takes the layer of its reference, through blocks within blocks; another layer stays."""
    assert m.doc is not None
    inner = m.doc.blocks.new("内")
    inner.add_lwpolyline(corners(10, -E, -N), close=True, **on("0"))
    inner.add_lwpolyline(corners(5, -E, -N), close=True, **on("建筑"))
    m.doc.blocks.new("外").add_blockref("内", (0, 0), **on("0"))
    m.add_blockref("外", (E, N), **on("用地红线"))


def test_block_when_its_content_is_on_layer_0_then_on_the_layer_of_its_reference() -> None:
    made = drawing()
    in_blocks(made.modelspace())
    raw = read_dxf(saved(made))
    assert raw.layer == "用地红线"
    assert [len(parcel.rings) for parcel in raw.parcels] == [1]
    assert raw.parcels[0].rings[0].coordinates[2].tolist() == pytest.approx([E + 10, N + 10])


def test_block_when_its_reference_is_frozen_then_nothing_of_it_is_read_and_that_is_said() -> None:
    made = drawing()
    made.layers.add("参照").freeze()
    block = made.blocks.new("块")
    block.add_lwpolyline(corners(10, -E, -N), close=True, **on("用地红线"))
    made.modelspace().add_blockref("块", (E, N), **on("参照"))
    made.modelspace().add_lwpolyline(corners(), close=True, **on("用地红线"))
    raw = read_dxf(saved(made))
    assert len(raw.parcels) == 1
    assert raw.issues[-1].values == {"kinds": "冻结图层上的图块内容 1"}


def test_drawing_when_it_has_no_outlines_then_refused_with_what_to_do() -> None:
    with pytest.raises(UnreadableBoundary) as refusal:
        read_dxf(saved(drawing()))
    assert (refusal.value.code, "布局" in (refusal.value.remedy or "")) == ("dxf_no_outlines", True)


def test_drawing_when_it_only_refers_to_others_then_refused_by_their_names() -> None:
    made = drawing()
    made.add_xref_def("红线图.dwg", "红线图")
    made.modelspace().add_blockref("红线图", (0, 0), **on("底图"))
    with pytest.raises(UnreadableBoundary, match="红线图") as refusal:
        read_dxf(saved(made))
    assert refusal.value.code == "dxf_references_only"
