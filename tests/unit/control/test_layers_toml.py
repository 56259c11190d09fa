"""What layers.toml says is believed; what it gets wrong is refused with the line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from geo_review.control.layers_toml import LayerWords, read_layers_toml
from geo_review.errors import UnreadableLayer

CODES = frozenset({"STBHHX", "YJJBNT"})


def _write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    (folder / "layers.toml").write_bytes(text.encode(encoding))
    return folder / "layers.toml"


def test_read_layers_toml_when_right_then_every_word_is_kept(tmp_path: Path) -> None:
    text = """
        # 注释
        [STBHHX]
        title = "生态保护红线"
        version = "2026-1"
        valid_from = 2026-01-01
        valid_to = "2027-01-01"
        accuracy_m = 1
        source = "省厅下发"
        crs = 4547

        [YJJBNT]
        crs = "EPSG:4526"
    """
    for encoding in ("utf-8", "utf-8-sig"):
        words = read_layers_toml(_write(tmp_path, text.replace("\n", "\r\n"), encoding), CODES)
        assert words == {
            "STBHHX": LayerWords(
                title="生态保护红线",
                version="2026-1",
                valid_from=date(2026, 1, 1),
                valid_to=date(2027, 1, 1),
                accuracy_m=1.0,
                source="省厅下发",
                epsg=4547,
            ),
            "YJJBNT": LayerWords(epsg=4526),
        }


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        pytest.param('[STBHHX]\n\ntitel = "x"', 3, "是否想写 title", id="unknown key, with the nearest"),
        pytest.param('[STBHHX]\nvalid_from = "2026-13-01"', 2, "日期", id="a month that is none"),
        pytest.param("[STBHHX]\nvalid_from = 2026-01-01T00:00:00", 2, "日期", id="a moment: the day is the unit"),
        pytest.param('[STBHHX]\nvalid_from = "20260101"', 2, "日期", id="a date without its hyphens"),
        pytest.param(
            "[STBHHX]\nvalid_from = 2026-01-01\nvalid_to = 2026-01-01",
            3,
            "应晚于",
            id="half-open: from = to is never in force",
        ),
        pytest.param(
            '[STBHHX]\nvalid_to = "2025-01-01"\nvalid_from = 2026-01-01', 2, "应晚于", id="the wrong way round"
        ),
        pytest.param("[STBHHX]\naccuracy_m = -1", 2, "不小于 0", id="negative accuracy"),
        pytest.param("[STBHHX]\naccuracy_m = nan", 2, "不小于 0", id="NaN"),
        pytest.param("[STBHHX]\naccuracy_m = true", 2, "不小于 0", id="true is not 1 m"),
        pytest.param('[STBHHX]\ntitle = ""', 2, "非空", id="empty title"),
        pytest.param("[STBHHX]\nversion = 2026", 2, "非空文字", id="a number is no version: 1.10 would be 1.1"),
        pytest.param('[STBHHX]\ncrs = "CGCS2000"', 2, "EPSG", id="a datum is no system"),
        pytest.param('\n[stbhhx]\ntitle = "x"', 2, "是否想写 STBHHX", id="codes are exact by case"),
        pytest.param('[CZKFBJ]\ntitle = "x"', 1, "没有这个图层", id="a section without a file"),
        pytest.param('title = "x"', 1, "不在任何图层一节内", id="a key before any section"),
        pytest.param('[STBHHX]\ntitle = "x', 2, "TOML", id="not TOML"),
        pytest.param("[STBHHX]\n[YJJBNT]\n[STBHHX]", 3, "TOML", id="a section twice"),
    ],
)
def test_read_layers_toml_when_wrong_then_refused_naming_file_and_line(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    with pytest.raises(UnreadableLayer) as refused:
        read_layers_toml(_write(tmp_path, text), CODES)
    (place,) = refused.value.lines
    assert place.startswith(f"layers.toml:{line}：")
    assert said in place


def test_read_layers_toml_when_several_are_wrong_then_all_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableLayer) as refused:
        read_layers_toml(_write(tmp_path, '[YJJBNT]\naccuracy_m = "1"\n[STBHHX]\nx = 1\ny = 2'), CODES)
    assert [place.split("：")[0] for place in refused.value.lines] == [
        "layers.toml:2",
        "layers.toml:4",
        "layers.toml:5",
    ]


def test_read_layers_toml_when_not_utf8_then_refused_with_the_line(tmp_path: Path) -> None:
    with pytest.raises(UnreadableLayer) as refused:
        read_layers_toml(_write(tmp_path, '[STBHHX]\ntitle = "红线"', "gbk"), CODES)
    assert refused.value.lines[0].startswith("layers.toml:2：")
