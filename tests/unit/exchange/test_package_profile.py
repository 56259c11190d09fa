"""A package profile with a mistake is refused, with the place of each and a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo_review.errors import InvalidOption
from geo_review.exchange.package_profile import load_profile, packaged_profiles, parse_profile

HEAD = 'id = "p"\nedition = "1"\nconfirmed = true\nname = "{code}"\nepsg = 4526\nencoding = "GBK"\n'
FIELD = '[[field]]\nname = "A"\ntype = "text"\nlength = 5\nattribute = "a"\n'


def test_packaged_profiles_when_loaded_then_whole() -> None:
    assert [load_profile(name).id for name in packaged_profiles()] == list(packaged_profiles())


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (HEAD + "colour = 1\n" + FIELD, "colour：没有这一项"),
        (HEAD + FIELD + "width = 1\n", "field.1.width：没有这一项"),
        (HEAD.replace('id = "p"\n', "") + FIELD, "id：缺少这一项"),
        (HEAD.replace("4526", "3857") + FIELD, "EPSG:3857"),
        (HEAD.replace("4526", "4490") + '[text]\nproducer = "x"\n' + FIELD, "EPSG:4490"),  # degrees in a survey TXT
        (HEAD.replace("GBK", "BIG5") + FIELD, "encoding"),
        (HEAD.replace("{code}", "{nobody}") + FIELD, "name"),
        (HEAD.replace("{code}", "../{code}") + FIELD, "name"),
        (HEAD + FIELD + FIELD, "同名字段"),
        (HEAD, "至少要有一个"),
        (HEAD + "shp = false\n", "什么都没有"),
        (HEAD + FIELD + 'constant = "x"\n', "必须写且只写一个"),
        (HEAD + FIELD.replace('"A"', '"ELEVENBYTES"'), "field.1.name"),  # a DBF has room for ten
        (HEAD + FIELD.replace("= 5", "= 255"), "field.1.length"),
        (HEAD + FIELD.replace('"text"', '"integer"').replace("= 5", "= 19"), "18 位"),
        (HEAD + FIELD + "decimals = 2\n", "decimals"),
        (HEAD + FIELD.replace('"text"', '"date"'), "固定为 8"),
        ("id = ", "TOML"),
    ],
)
def test_profile_when_it_has_a_mistake_then_refused_with_its_place(text: str, word: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        parse_profile(text.encode(), name="p.toml")
    assert refused.value.code == "invalid_package_profile"
    assert word in "\n".join(refused.value.lines)


def test_profile_when_not_utf8_then_said() -> None:
    with pytest.raises(InvalidOption, match="UTF-8"):
        parse_profile("id = '濮'".encode("gbk"), name="p.toml")


@pytest.mark.parametrize("name", ["nobody", "../profiles/puyang-default", "missing.toml"])
def test_profile_when_there_is_none_then_the_packaged_ones_are_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidOption, match="puyang-default") as refused:
        load_profile(str(tmp_path / name) if name.endswith(".toml") else name)
    assert refused.value.code == "unknown_package_profile"
