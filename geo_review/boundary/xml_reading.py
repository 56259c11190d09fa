"""Parses the XML of a stranger, in memory, into elements with their lines. Follows nothing, expands nothing.

No DOCTYPE (so no entity of its own and no foreign one), no network, libxml2's own limits of depth and length left on,
and a limit on the number of elements: a tree takes some thirty times the bytes of its tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from geo_review.boundary.model import BoundaryIssue, Severity
from geo_review.boundary.text_decoding import decode_text
from geo_review.errors import TooLarge, UnreadableBoundary
from geo_review.wording import say

Element = Any  # of lxml, which has no types

MOST_TAGS = 3_000_000  # opening and closing ones; two for each point where a file spells points so: 1.3 GB as a tree
_LAST_SURE_LINE = 65_534  # libxml2 keeps 16 bits of a line, and estimates beyond
_RESOURCE_LIMIT = 114  # XML_ERR_RESOURCE_LIMIT: 256 levels, 10 MB of one text
_DECLARED = re.compile(r"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})""")
_DECLARATION = re.compile(r"\s*<\?xml\s.*?\?>", re.DOTALL)
_FAMILIES = {"GBK": "GB18030", "GB2312": "GB18030", "CP936": "GB18030", "UTF8": "UTF-8"}


@dataclass(frozen=True, kw_only=True, slots=True)
class XmlDocument:
    """``text`` is the whole file, decoded: what stands in comments is in no element."""

    root: Element
    text: str
    encoding: str
    issues: tuple[BoundaryIssue, ...]


def read_xml(content: bytes) -> XmlDocument:
    """Parse bytes in the encoding they are really in; a declaration that says another one is reported.

    Raises UnreadableBoundary with the line for what is no XML, and for any DOCTYPE; TooLarge above the limits.
    """
    decoded = decode_text(content)
    text = decoded.text
    if _has_doctype(text):
        raise _refused("xml_doctype")
    tags, attributes = text.count("<"), text.count("=")
    if max(tags, attributes) > MOST_TAGS:
        raise TooLarge(
            code="xml_too_large",
            message=say("files.xml_too_large", count=max(tags, attributes), most=MOST_TAGS),
            remedy=say("files.too_large_remedy"),
        )
    issues = list(_contradictions(text, decoded.encoding))
    root, lax = _parsed(_without_declaration(text).encode())
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refused("xml_doctype")
    if lax:
        issues.append(BoundaryIssue(code="xml_prefix_undeclared", severity=Severity.INFO))
    return XmlDocument(root=root, text=text, encoding=decoded.encoding, issues=tuple(issues))


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace, or its prefix where that is not declared."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """Yield the children of these names, of any namespace; all of them without names."""
    for child in element:
        if not names or local_name(child) in names:
            yield child


def line_of(element: Element) -> int | None:
    """Return the line of an element's tag; None where the parser only estimates it."""
    line = element.sourceline
    return line if isinstance(line, int) and line <= _LAST_SURE_LINE else None


def text_of(element: Element) -> str:
    """Return the text of an element up to its first child, without blanks round it."""
    return (element.text or "").strip()


def linked(element: Element) -> bool:
    """Tell whether an element points elsewhere (``xlink:href``) instead of holding its content."""
    return any(name.rpartition("}")[2].rpartition(":")[2] == "href" for name in element.attrib)


def _has_doctype(text: str) -> bool:
    """Look through the prolog only: a description may well hold a page of HTML."""
    position = 0
    while True:
        while text[position : position + 1].isspace():
            position += 1
        for opening, closing in (("<?", "?>"), ("<!--", "-->")):
            if text.startswith(opening, position):
                end = text.find(closing, position + len(opening))
                if end < 0:
                    return False  # which the parser refuses with its line
                position = end + len(closing)
                break
        else:
            return text.startswith("<!", position)


def _contradictions(text: str, encoding: str) -> Iterator[BoundaryIssue]:
    match = _DECLARED.match(text.lstrip())
    if match is None or text.isascii():
        return
    said = _FAMILIES.get(match[1].upper(), match[1].upper())
    if not encoding.startswith(said):
        values = {"said": match[1], "encoding": encoding}
        yield BoundaryIssue(code="xml_encoding_contradicts", severity=Severity.WARNING, values=values)


def _without_declaration(text: str) -> str:
    """The declaration was heard, and may only be the very first thing; blank lines keep the lines after it right."""
    match = _DECLARATION.match(text)
    return text if match is None else "\n" * match[0].count("\n") + text[match.end() :]


def _parsed(content: bytes) -> tuple[Element, bool]:
    """Return the root and whether prefixes without a declaration were let pass: viewers of maps write such."""
    parser = _parser(lax=False)
    try:
        return etree.fromstring(content, parser), False
    except etree.XMLSyntaxError as failure:
        if any(error.domain != etree.ErrorDomains.NAMESPACE for error in parser.error_log):
            if any(error.type == _RESOURCE_LIMIT for error in parser.error_log):
                raise _refused("xml_limits") from failure
            line, column = failure.position
            raise _refused("xml_syntax", line=line, column=column) from failure
    return etree.fromstring(content, _parser(lax=True)), True


def _parser(*, lax: bool) -> Any:
    return etree.XMLParser(
        encoding="utf-8",  # whatever the declaration says: the text was decoded before
        recover=lax,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _refused(key: str, **values: object) -> UnreadableBoundary:
    return UnreadableBoundary(code=key, message=say(f"files.{key}", **values), remedy=say("files.xml_remedy"))
