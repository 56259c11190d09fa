"""Every way a rulebook can be wrong that we know of: refused, with the line of the mistake and what would be right."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from geo_review.errors import InvalidRulebook
from geo_review.rules.load import parse_rulebook

TOP = 'id = "t"\nedition = "1"\n'  # lines 1 and 2
TOP_LINES = 2


def rule(*extra: str, id: str = "A", layer: str = "L", kind: str = "forbid") -> str:
    """Five lines and what is added: the header, id, layer, kind, title."""
    fields = [f'id = "{id}"', f'layer = "{layer}"', f'kind = "{kind}"', 'title = "线"', *extra]
    return "\n".join(["[[rule]]", *fields]) + "\n"


HEADER, ID, LAYER, KIND, TITLE, EXTRA = range(TOP_LINES + 1, TOP_LINES + 7)  # lines of a first rule below TOP
SECOND = 5  # how many lines further a second rule stands


@dataclass(frozen=True)
class Case:
    reason: str
    content: str | bytes
    line: int
    says: str


CASES = [
    # --- not TOML
    Case("a missing right quote", TOP + rule('note = "x'), EXTRA, "右引号"),
    Case("Chinese quotes", TOP + rule("note = ”x”"), EXTRA, "英文直引号"),
    Case("no equals sign", TOP + rule('note "x"'), EXTRA, "等号"),
    Case("two pairs on a line", TOP + rule('note = "x" basis = "y"'), EXTRA, "多余"),
    Case("an unclosed array, noticed on the next line", TOP + rule('when = { f = ["a" }'), EXTRA, "数组没有写完"),
    Case("an unclosed inline table", TOP + rule('when = { f = ["a"]'), EXTRA, "花括号"),
    Case("True is Python", TOP + rule("basis_confirmed = True"), EXTRA, "true 或 false"),
    Case("a backslash of a Windows path", TOP + rule('note = "C:\\new\\quelle"'), EXTRA, "反斜杠"),
    Case("a Chinese key", TOP + rule('备注 = "x"'), EXTRA, "键 = 值"),
    Case("a one-bracket header that is not closed", TOP + "[tolerance\n", HEADER, "方括号"),
    Case("the same key twice in a rule", TOP + rule("# again", 'layer = "M"'), EXTRA + 1, f"第{LAYER}行已有"),
    Case("the same key twice at the top", TOP + 'id = "u"\n' + rule(), 3, "第1行已有"),
    Case("a repeated key behind a multi-line text", TOP + rule('note = """\na\nb"""', 'id = "B"'), 11, f"第{ID}行"),
    Case("[rule] after [[rule]]", TOP + rule() + "[rule]\n", HEADER + SECOND, "[[rule]]"),
    Case("a value missing at the end of the file", TOP + rule("note ="), EXTRA, "等号后面的值"),
    Case("brackets without end", TOP + rule("note = " + "[" * 5000), EXTRA, "层数过多"),
    Case("an endless number", TOP + rule("ignore_below_m2 = " + "9" * 5000), EXTRA, "数字过长"),
    Case("a table and a value of one name", TOP + "tolerance = 1\n[tolerance]\n" + rule(), 4, "写了两次"),
    # --- not UTF-8
    Case("GBK as Notepad saves it", (TOP + rule()).encode("gbk"), TITLE, "UTF-8"),
    Case("UTF-16", (TOP + rule()).encode("utf-16"), 1, "UTF-8"),
    # --- keys
    Case("a slip in a key", TOP + rule('laier = "L"'), EXTRA, '未知的键 "laier"，是否想写 "layer"'),
    Case("a key nobody knows", TOP + rule("zzz = 1"), EXTRA, "可用的键：id、layer、kind"),
    Case("a slip in a key of [tolerance]", TOP + "[tolerance]\ncontact_with_m = 0.1\n" + rule(), 4, "contact_width_m"),
    Case("an unknown table", TOP + "[extra]\na = 1\n" + rule(), 3, '未知的键 "extra"'),
    Case("a slip in the name of a table", TOP + "[tolerances]\ncontact_width_m = 0.1\n" + rule(), 3, '"tolerance"'),
    Case("a key of the top in a rule", TOP + rule('edition = "2"'), EXTRA, "整个规则文件"),
    Case("a key of a rule at the top", 'kind = "forbid"\n' + TOP + rule(), 1, "[[rule]] 之下"),
    Case("the contact width at the top", "contact_width_m = 0.1\n" + TOP + rule(), 1, "[tolerance] 之下"),
    Case("a dotted key", TOP + "tolerance.width = 0.1\n" + rule(), 3, '未知的键 "width"'),
    Case("a quoted key", TOP + rule('"laier" = "L"'), EXTRA, '"layer"'),
    Case("a key in a multi-line text is no key", TOP + rule('note = """\nlaier = 1\n"""', "zz = 1"), EXTRA + 3, '"zz"'),
    Case("a key below a comment and blank lines", TOP + rule("", "# x = 1", "", "zz = 1"), EXTRA + 3, '"zz"'),
    Case("the hash is ours to set", 'sha256 = "0"\n' + TOP + rule(), 1, '未知的键 "sha256"'),
    Case("[rule] instead of [[rule]]", TOP + rule().replace("[[rule]]", "[rule]"), HEADER, "两层方括号"),
    # --- missing
    Case("an empty file", "", 1, "缺少 id"),
    Case("no id", 'edition = "1"\n' + rule(), 1, "缺少 id"),
    Case("no edition", 'id = "t"\n' + rule(), 1, "缺少 edition"),
    Case("no rules", TOP, 1, "缺少 rule"),
    Case("an empty list of rules", TOP + "rule = []\n", 3, "至少一条"),
    Case("no layer", TOP + rule().replace('layer = "L"', ""), HEADER, "缺少 layer"),
    Case("no title in the second rule", TOP + rule() + rule(id="B").replace('title = "线"', ""), 8, "缺少 title"),
    Case("a rule in inline style", TOP + 'rule = [\n  { id = "A", layer = "L", kind = "forbid" },\n]\n', 4, "title"),
    # --- values
    Case("an unknown kind", TOP + rule(kind="forbd"), KIND, '是否想写 "forbid"'),
    Case("a kind in capitals", TOP + rule(kind="FORBID"), KIND, '是否想写 "forbid"'),
    Case("a number as id", TOP + rule().replace('"A"', "7"), ID, "id = 7 不对"),
    Case("an empty title", TOP + rule().replace('"线"', '""'), TITLE, "非空文字"),
    Case("a blank basis", TOP + rule('basis = "  "'), EXTRA, "非空文字"),
    Case("a number as text", TOP + rule('ignore_below_m2 = "5"'), EXTRA, "平方米"),
    Case("a truth as a number", TOP + rule("ignore_below_m2 = true"), EXTRA, "true 不对"),
    Case("a negative area", TOP + rule("ignore_below_m2 = -0.1"), EXTRA, "不小于 0"),
    Case("nan", TOP + rule("ignore_below_m2 = nan"), EXTRA, "nan 不对"),
    Case("infinity", TOP + rule("ignore_below_m2 = inf"), EXTRA, "inf 不对"),
    Case("a negative contact width", TOP + "[tolerance]\ncontact_width_m = -0.01\n" + rule(), 4, "0 到 1"),
    Case("a contact width of metres", TOP + "[tolerance]\ncontact_width_m = 20.0\n" + rule(), 4, "0 到 1"),
    Case("a contact width that is nan", TOP + "[tolerance]\ncontact_width_m = nan\n" + rule(), 4, "0 到 1"),
    Case("no days at all", TOP + rule("respond_within_workdays = 0"), EXTRA, "工作日"),
    Case("half a day", TOP + rule("respond_within_workdays = 2.5"), EXTRA, "整数"),
    Case("a text as truth", TOP + rule('basis_confirmed = "yes"'), EXTRA, "true 或 false"),
    Case("a date as text", TOP + rule("note = 2026-11-23"), EXTRA, "2026-11-23"),
    Case("a dot in a layer code", TOP + rule(layer="STBHHX.geojson"), LAYER, "不含斜杠"),
    Case("a folder in a layer code", TOP + rule(layer="../STBHHX"), LAYER, "不含斜杠"),
    Case("a backslash in a layer code", TOP + rule(layer="a\\\\b"), LAYER, "不含斜杠"),
    Case("a blank in a layer code", TOP + rule(layer="生态 红线"), LAYER, "空白"),
    Case("a list of words where a table belongs", TOP + rule('when = ["industrial"]'), EXTRA, "非空的表"),
    Case("an empty condition", TOP + rule("when = {}"), EXTRA, "非空的表"),
    Case("a condition without values", TOP + rule("when = { flow = [] }"), EXTRA, "flow = [] 不对"),
    Case("a condition with a number", TOP + rule('when = { flow = ["a", 3] }'), EXTRA, "flow = 3 不对"),
    Case("a condition on its own line", TOP + rule("[rule.when]", "", 'flow = [\n"a",\n1]'), EXTRA + 4, "flow = 1"),
    Case(
        "a department that is not listed", TOP + '[departments]\neco = "局"\n' + rule('department = "ecco"'), 10, "eco"
    ),
    # --- fields and kinds
    Case("a buffer without a distance", TOP + rule(kind="buffer_forbid"), HEADER, "必须有 distance_m"),
    Case("a distance of nothing", TOP + rule("distance_m = 0", kind="buffer_consult"), EXTRA, "大于 0"),
    Case("a distance beyond reason", TOP + rule("distance_m = 1e300", kind="buffer_forbid"), EXTRA, "1000000"),
    Case("a distance that is not finite", TOP + rule("distance_m = inf", kind="buffer_forbid"), EXTRA, "inf 不对"),
    Case("a distance where none belongs", TOP + rule("distance_m = 5.0"), EXTRA, "只用于 buffer_forbid"),
    Case("a comparison without attribute", TOP + rule('operator = "<="', kind="compare"), HEADER, "必须有 attribute"),
    Case("a comparison without operator", TOP + rule('attribute = "RJL"', kind="compare"), HEADER, "必须有 operator"),
    Case("an attribute where none belongs", TOP + rule('attribute = "RJL"'), EXTRA, "只用于 compare"),
    Case("an operator where none belongs", TOP + rule('operator = "<="', kind="notify"), EXTRA, "只用于 compare"),
    Case("an operator the wrong way", TOP + rule('attribute = "R"', 'operator = "=<"', kind="compare"), 9, '"<="'),
    Case("outside where it does not belong", TOP + rule('outside = "consult"'), EXTRA, "只用于 must_within"),
    Case("an unknown outside", TOP + rule('outside = "notify"', kind="must_within"), EXTRA, "边界外"),
    # --- between rules
    Case("an id used twice", TOP + rule() + rule(), ID + SECOND, f"与第{ID}行的规则重复"),
    Case("layers that differ by case", TOP + rule() + rule(id="B", layer="l"), LAYER + SECOND, f"与第{LAYER}行"),
    Case("layers that differ by blanks", TOP + rule() + rule(id="B", layer=" L"), LAYER + SECOND, f"与第{LAYER}行"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.reason)
def test_broken_rulebook_when_parsed_then_refused_with_the_line_and_what_would_be_right(case: Case) -> None:
    content = case.content if isinstance(case.content, bytes) else case.content.encode()
    with pytest.raises(InvalidRulebook) as refused:
        parse_rulebook(content, name="my.toml")
    assert refused.value.code == "invalid_rulebook"
    place = f"my.toml:{case.line}: 第{case.line}行 "
    assert any(line.startswith(place) and case.says in line for line in refused.value.lines), refused.value.lines


def test_parse_when_many_mistakes_then_all_are_named_in_the_order_of_the_lines() -> None:
    text = (
        'edition = 3\ncolour = "red"\n'
        + rule('laier = "x"', "distance_m = -1")
        + rule(kind="buffer_forbid")
        + rule(id="B", layer="l", kind="nothing")
    )
    with pytest.raises(InvalidRulebook) as refused:
        parse_rulebook(text.encode(), name="my.toml")
    numbers = [int(line.split(":")[1]) for line in refused.value.lines]
    # No id (1), edition (1), colour (2), laier (8), distance twice (9), no distance (10), id again (11), clash, kind.
    assert numbers == [1, 1, 2, 8, 9, 9, 10, 11, 17, 18]


def test_parse_when_a_rule_is_wrong_then_the_line_calls_it_by_id_or_by_number() -> None:
    text = TOP + rule("zz = 1") + rule("zz = 1").replace('id = "A"', "")
    with pytest.raises(InvalidRulebook) as refused:
        parse_rulebook(text.encode(), name="my.toml")
    assert refused.value.lines[0].startswith("my.toml:8: 第8行 规则 A：")
    assert all("第2条规则：" in line for line in refused.value.lines[1:])
