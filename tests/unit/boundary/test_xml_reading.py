"""XML of strangers: which encodings are read, with which lines, and that nothing is expanded, fetched or guessed."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from geo_review.boundary.xml_reading import MOST_TAGS, children, line_of, local_name, read_xml, text_of
from geo_review.errors import TooLarge, UnreadableBoundary

BOMB = (
    '<!DOCTYPE kml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><kml>&c;</kml>'
)


@pytest.mark.parametrize(
    ("declared", "codec", "codes"),
    [
        pytest.param("UTF-8", "utf-8", [], id="as declared"),
        pytest.param("UTF-8", "utf-8-sig", [], id="with a byte-order mark"),
        pytest.param("utf-16", "utf-16", [], id="UTF-16 with a mark"),
        pytest.param("UTF-16", "utf-16-le", [], id="UTF-16 without a mark"),
        pytest.param("GBK", "gbk", [], id="GBK"),
        pytest.param("gb2312", "gbk", [], id="GB2312, as older tools call it"),
        pytest.param("GB18030", "gb18030", [], id="GB18030"),
        pytest.param("UTF-8", "gbk", ["xml_encoding_contradicts"], id="declared as UTF-8, written in GBK"),
        pytest.param("GBK", "utf-8", ["xml_encoding_contradicts"], id="declared as GBK, written in UTF-8"),
        pytest.param("utf-16", "utf-8", ["xml_encoding_contradicts"], id="as .NET writes from a string"),
        pytest.param("ISO-8859-1", "utf-8", ["xml_encoding_contradicts"], id="a copied first line"),
    ],
)
def test_text_is_read_in_the_encoding_it_is_in(declared: str, codec: str, codes: list[str]) -> None:
    content = f'<?xml version="1.0" encoding="{declared}"?>\n<kml>\n<name>濮阳县一号地块红线</name></kml>'.encode(codec)
    document = read_xml(content)
    (name,) = children(document.root, "name")
    assert (text_of(name), line_of(name)) == ("濮阳县一号地块红线", 3)
    assert [issue.code for issue in document.issues] == codes
    assert all(issue.message for issue in document.issues)


def test_lines_count_blank_lines_and_a_declaration_that_does_not_stand_first() -> None:
    document = read_xml(b"\n\n<?xml version='1.0'\n?>\n<kml>\n<name/></kml>")
    assert [line_of(child) for child in document.root] == [6]


def test_line_is_not_told_where_the_parser_only_estimates_it() -> None:
    document = read_xml(b"<kml><a/>" + b"\n" * 70_000 + b"<b/></kml>")
    assert [line_of(child) for child in document.root] == [1, None]


def test_prefix_that_is_not_declared_is_read_and_said() -> None:
    document = read_xml(b"<kml><gx:name>A</gx:name></kml>")
    assert [local_name(child) for child in document.root] == ["name"]
    assert [issue.code for issue in document.issues] == ["xml_prefix_undeclared"]


def test_page_of_html_within_a_description_is_no_doctype() -> None:
    document = read_xml(b"<?xml version='1.0'?><!-- <!DOCTYPE kml> --><kml><a><![CDATA[<!DOCTYPE html>]]></a></kml>")
    assert text_of(document.root[0]) == "<!DOCTYPE html>"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(BOMB, "xml_doctype", id="billion laughs"),
        pytest.param('<?xml version="1.0"?>\n<!-- x -->\n' + BOMB, "xml_doctype", id="behind a comment"),
        pytest.param('<!DOCTYPE kml SYSTEM "file:///etc/hostname"><kml/>', "xml_doctype", id="a foreign DTD, a file"),
        pytest.param('<!DOCTYPE kml SYSTEM "http://127.0.0.1:9/x"><kml/>', "xml_doctype", id="a foreign DTD, a URL"),
        pytest.param('<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml>&x;</kml>', "xml_doctype", id="XXE"),
        pytest.param(
            '<!DOCTYPE kml [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]><kml/>', "xml_doctype", id="parameters"
        ),
        pytest.param("<kml>&nbsp;</kml>", "xml_syntax", id="an entity of HTML"),
        pytest.param("<kml><a></kml>", "xml_syntax", id="tags that do not match"),
        pytest.param("<kml>", "xml_syntax", id="cut off"),
        pytest.param("<?xml version='1.0'", "xml_syntax", id="a prolog without end"),
        pytest.param("<!-- ", "xml_syntax", id="a comment without end"),
        pytest.param("<kml/><kml/>", "xml_syntax", id="two roots"),
        pytest.param("<kml><gx:a></kml>", "xml_syntax", id="a prefix is let pass, a fault beside it is not"),
        pytest.param("<kml a='1' a='2'/>", "xml_syntax", id="an attribute twice"),
        pytest.param("<kml>\x01</kml>", "xml_syntax", id="a control character"),
        pytest.param("<a>" * 300 + "</a>" * 300, "xml_limits", id="300 levels"),
        pytest.param("<a>" * 100_000, "xml_limits", id="a hundred thousand levels"),
        pytest.param("<a>" + "1 " * 6_000_000 + "</a>", "xml_limits", id="one text of 12 MB"),
    ],
)
def test_what_is_hostile_or_broken_is_refused(text: str, code: str) -> None:
    with pytest.raises(UnreadableBoundary) as refusal:
        read_xml(text.encode())
    assert refusal.value.code == code
    assert "/etc" not in str(refusal.value)


def test_syntax_is_refused_with_its_line() -> None:
    with pytest.raises(UnreadableBoundary, match="第 4 行"):
        read_xml(b"\n<kml>\n<name>\n</kml>")


@pytest.mark.parametrize("piece", ["<a/>", '<a b="" c="" d=""/>'])
def test_file_of_nothing_but_tags_is_refused_before_a_tree_of_it_is_made(piece: str) -> None:
    content = ("<kml>" + piece * (MOST_TAGS + 1)).encode()
    tracemalloc.start()
    with pytest.raises(TooLarge):
        read_xml(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * len(content)


def test_processing_instruction_fetches_nothing(tmp_path: Path) -> None:
    include = tmp_path / "secret"
    include.write_text("secret", encoding="utf-8")
    space = 'xmlns:xi="http://www.w3.org/2001/XInclude"'
    text = f'<?xml-stylesheet href="{include}"?><kml {space}><xi:include href="{include}" parse="text"/></kml>'
    document = read_xml(text.encode())
    assert "secret" not in "".join(document.root.itertext())
