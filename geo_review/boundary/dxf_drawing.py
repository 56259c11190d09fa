"""Opens the bytes of a DXF file as a drawing: text or binary, R12 to R2018, in its encoding. Reads no geometry.

A drawing that the library can only open by leaving out or inventing something of it is refused; what it mended
elsewhere (tables, styles, dictionaries) is said. A file without its end mark is a torn one.
"""

from __future__ import annotations

import logging
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO
from itertools import islice

from ezdxf import recover
from ezdxf.audit import AuditError, Auditor
from ezdxf.document import Drawing
from ezdxf.lldxf.tagger import ascii_tags_loader, binary_tags_loader
from ezdxf.lldxf.types import DXFTag
from ezdxf.tools.codepage import toencoding

from geo_review.boundary.dxf_refusals import library_refuses, refused
from geo_review.boundary.dxf_tags import checked
from geo_review.boundary.model import BoundaryIssue, Severity
from geo_review.errors import TooLarge, UnreadableBoundary
from geo_review.wording import say

_OPENING = re.compile(rb"(\xef\xbb\xbf)?\s*(999[ \t]*\r?\n[^\n]*\n\s*)*0\s*\r?\n\s*SECTION\b")
_BINARY_MARK = b"AutoCAD Binary DXF\r\n\x1a\x00"
MOST_ENTITIES = 400_000  # some 40 s: within the time that a reading has
_ENTITY = re.compile(rb"^[ \t]*0[ \t]*\r?\n[ \t]*[A-Z0-9_]{3,}[ \t]*\r?$", re.MULTILINE)
_BINARY_ENTITY = re.compile(rb"\x00[A-Z0-9_]{3,}\x00")
_END = re.compile(rb"(?:^|\n)[ \t]*0[ \t]*\r?\n[ \t]*EOF\s*\x1a?\s*\Z")
_BINARY_END = b"\x00EOF\x00"
_MARKED = b"AcDbEntity"
_VERSION = re.compile(rb"\$ACADVER(?:\s+1\s+|\x00\x01\x00?)(AC\d{4})")
_CODE_PAGE = re.compile(rb"\$DWGCODEPAGE(?:\s+3\s+|\x00\x03\x00?)(\w+)")
_HEADER_BYTES = 65_536
_UTF8_SINCE = b"AC1021"  # R2007
_OLDEST = b"AC1009"  # R12; what is older is read like it

# What may be mended without a line of the drawing changing: tables, styles, names, dictionaries, groups.
_HARMLESS = {
    AuditError.MISSING_REQUIRED_ROOT_DICT_ENTRY,
    AuditError.POINTER_TARGET_NOT_EXIST,
    AuditError.TABLE_NOT_FOUND,
    AuditError.REMOVED_UNSUPPORTED_TABLE,
    AuditError.REMOVED_INVALID_DXF_OBJECT,
    AuditError.REMOVED_STANDALONE_ATTRIB_ENTITY,
    AuditError.MISPLACED_ROOT_DICT,
    AuditError.ROOT_DICT_NOT_FOUND,
    AuditError.ACTIVE_PAPERSPACE_LAYOUT_NOT_FOUND,
    AuditError.UNDEFINED_LINETYPE,
    AuditError.UNDEFINED_DIMENSION_STYLE,
    AuditError.UNDEFINED_TEXT_STYLE,
    AuditError.REMOVE_EMPTY_GROUP,
    AuditError.GROUP_ENTITIES_IN_DIFFERENT_LAYOUTS,
    AuditError.INVALID_TABLE_HANDLE,
    AuditError.CREATED_MISSING_OBJECT,
    AuditError.RESET_MLINE_STYLE,
    AuditError.INVALID_GROUP_ENTITIES,
    AuditError.MISSING_PERSISTENT_REACTOR,
    AuditError.INVALID_OWNER_HANDLE,
    AuditError.INVALID_COLOR_INDEX,
    AuditError.INVALID_LINEWEIGHT,
    AuditError.INVALID_DIMSTYLE,
    AuditError.INVALID_DICTIONARY_ENTRY,
    AuditError.INVALID_DIMENSION_GEOMETRY_LOCATION,
    AuditError.INVALID_TRANSPARENCY,
    AuditError.INVALID_CREASE_VALUE_COUNT,
}

# It writes of every mended tag; what matters of that is an issue here, and a stranger's words belong in no log.
logging.getLogger("ezdxf").setLevel(logging.CRITICAL + 1)


def is_dxf(content: bytes) -> bool:
    """Tell a drawing by its first bytes, comments of its writer left out."""
    return content.startswith(_BINARY_MARK) or _OPENING.match(content) is not None


def open_drawing(content: bytes) -> tuple[Drawing, str, list[BoundaryIssue]]:
    """Return the drawing, the encoding of its text and what was mended.

    Raises UnreadableBoundary for a torn or damaged file and for an unknown encoding, TooLarge above the limits.
    """
    binary = content.startswith(_BINARY_MARK)
    _check_amount(content, binary)
    if not (content.endswith(_BINARY_END) if binary else _END.search(content[-200:])):
        raise refused("dxf_torn")
    encoding = _encoding(content, binary)
    newer = _is_newer_than_said(content)
    with library_refuses():
        if binary:
            tags = checked(binary_tags_loader(content, errors="replace"))
            drawing = Drawing.load(_as_r2000(tags) if newer else tags)
            return drawing, encoding, _mended(drawing.audit())
        text = content.decode(encoding).removeprefix("\ufeff").replace("\r\n", "\n")
        try:
            tags = checked(ascii_tags_loader(StringIO(text), skip_comments=False))
            drawing = Drawing.load(_as_r2000(tags) if newer else tags)
            auditor = drawing.audit()
        except UnreadableBoundary:
            raise
        except Exception:  # whatever it could not read, the mending reader may
            if newer:
                raise
            deque(checked(ascii_tags_loader(StringIO(text), skip_comments=False)), maxlen=0)
            drawing, auditor = recover.read(BytesIO(content))
    return drawing, encoding, _mended(auditor)


def _is_newer_than_said(content: bytes) -> bool:
    """Tell a drawing with the marks of subclasses, of R13 and later, that says it is of R12 or says nothing.

    The library would read its polylines as being on layer 0 and open.
    """
    version = _VERSION.search(content, 0, _HEADER_BYTES)
    return (version is None or version[1] <= _OLDEST) and _MARKED in content


def _as_r2000(tags: Iterable[DXFTag]) -> Iterator[DXFTag]:
    """Yield the tags of a drawing with another word on its version."""
    said = [DXFTag(9, "$ACADVER"), DXFTag(1, "AC1015")]
    rest = iter(tags)
    first = list(islice(rest, 2))
    has_header = [tag.value for tag in first] == ["SECTION", "HEADER"]
    yield from (
        (*first, *said)
        if has_header
        else (
            DXFTag(0, "SECTION"),
            DXFTag(2, "HEADER"),
            *said,
            DXFTag(0, "ENDSEC"),
            *first,
        )
    )
    for tag in rest:
        if tag == said[0]:
            next(rest, None)
        else:
            yield tag


def _check_amount(content: bytes, binary: bool) -> None:
    pattern = _BINARY_ENTITY if binary else _ENTITY
    count = sum(1 for _ in pattern.finditer(content))
    if count > MOST_ENTITIES:
        raise TooLarge(
            code="dxf_too_many",
            message=say("dxf.dxf_too_many", count=count, most=MOST_ENTITIES),
            remedy=say("dxf.dxf_too_many_remedy"),
        )


def _encoding(content: bytes, binary: bool) -> str:
    """UTF-8 since R2007; before, what the bytes are: strict UTF-8, else the code page declared, else GB18030.

    Tools of ours write GBK and declare the western code page, or none.
    """
    version = _VERSION.search(content, 0, _HEADER_BYTES)
    page = _CODE_PAGE.search(content, 0, _HEADER_BYTES)
    declared = toencoding(page[1].decode("ascii", "replace")) if page else "cp1252"
    declared = "gb18030" if declared in ("gbk", "cp936") else declared
    if binary:  # between its numbers nothing can be tried: as it says
        return "utf-8" if version and version[1] >= _UTF8_SINCE else declared
    candidates = ["utf-8", "gb18030", declared]
    if declared not in ("cp1252", "gb18030") and not (version and version[1] >= _UTF8_SINCE):
        candidates = ["utf-8", declared]
    for candidate in candidates:
        try:
            content.decode(candidate)
        except (UnicodeDecodeError, LookupError):
            continue
        return candidate
    raise refused("dxf_encoding")


def _mended(auditor: Auditor) -> list[BoundaryIssue]:
    found = Counter(entry.code for entry in (*auditor.errors, *auditor.fixes))
    for code in found:
        if code not in _HARMLESS:
            raise refused("dxf_damaged")
    if not found:
        return []
    return [BoundaryIssue(code="dxf_mended", severity=Severity.INFO, values={"count": sum(found.values())})]
