"""Chooses the reader of a red-line file by its content, never by its name. Reads no geometry itself.

What is not a supported format is refused by what it looks like, with what to do instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from geo_review.boundary.archive import WITHIN, Unpacked, has_member, is_zip, unpack
from geo_review.boundary.csv_table import looks_like_csv, looks_like_points, read_csv
from geo_review.boundary.dxf import read_dxf
from geo_review.boundary.dxf_drawing import is_dxf
from geo_review.boundary.filegdb import read_filegdb
from geo_review.boundary.foreign_formats import foreign_bytes, foreign_text, foreign_zip
from geo_review.boundary.geojson import read_geojson
from geo_review.boundary.geopackage import read_geopackage
from geo_review.boundary.gml import read_gml
from geo_review.boundary.kml import read_kml
from geo_review.boundary.model import BoundaryIssue, RawBoundary, Severity
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.shapefile import read_shapefile
from geo_review.boundary.survey_text import has_survey_mark, looks_like_survey_text, read_survey_text
from geo_review.boundary.text_decoding import decode_text
from geo_review.boundary.workbook import is_xls, read_xls, read_xlsx
from geo_review.errors import ChoiceNeeded, InvalidOption, UnreadableBoundary
from geo_review.wording import say

# A reader takes the file and the layer the user asks for, and refuses one that the file does not have.
Reader = Callable[[ReceivedFile, str | None], RawBoundary]

_SHAPEFILE = b"\x00\x00\x27\x0a"  # file code 9994, big-endian; ESRI Shapefile Technical Description, 1998
_SQLITE = b"SQLite format 3\x00"  # a GeoPackage is a SQLite file; the reader looks for its tables
_JSON_OBJECT = re.compile(r'\s*\{\s*"')  # and not a point line in braces
_GEOJSON_TYPE = re.compile(
    r'"type"\s*:\s*"(FeatureCollection|Feature|GeometryCollection|(Multi)?(Polygon|LineString|Point))"'
)
_SUFFIXES = {
    "txt": ("txt", "dat", "csv", "asc", "text"),
    "shp": ("shp", "zip"),
    "geojson": ("geojson", "json"),
    "gpkg": ("gpkg", "sqlite", "db"),
    "kml": ("kml", "kmz"),
    "gml": ("gml", "xml"),
    "csv": ("csv", "txt", "tsv", "tab", "dat", "asc", "text"),
    "xlsx": ("xlsx", "xlsm", "et"),
    "xls": ("xls", "et"),
    "filegdb": ("gdb", "zip"),
    "dxf": ("dxf",),
}
_WORKBOOK = "xl/workbook.xml"
_XML_READERS: dict[str | None, Reader] = {"kml": read_kml, "gml": read_gml}


@dataclass(frozen=True, kw_only=True, slots=True)
class Recognised:
    """What a file is: the ``format`` of what is read of it, out of a zip where it is one. Not read yet."""

    format: str
    _file: ReceivedFile
    _unpacked: Unpacked
    _reader: Reader

    def read(self) -> RawBoundary:
        """Read it, of several layers the one asked for.

        Raises UnreadableBoundary or ChoiceNeeded. A suffix that promises another format is reported (info), and the
        content is believed.
        """
        inner, member = self._unpacked.file, self._unpacked.member
        if member is None:
            boundary = self._reader(inner, self._unpacked.layer)
        else:
            boundary = _of_member(member, self._reader, inner, self._unpacked.layer)
        if beside := self._unpacked.beside:
            values = {"used": inner.name, "tables": "、".join(beside[:10])}
            noted = BoundaryIssue(code="tables_not_read", severity=Severity.INFO, values=values)
            boundary = replace(boundary, issues=(*boundary.issues, noted))
        suffix = self._file.name.rpartition(".")[2].lower() if "." in self._file.name else ""
        if not suffix or suffix in _SUFFIXES[self.format] or (inner is not self._file and suffix == "zip"):
            return boundary
        values = {"suffix": f".{suffix}", "format": say(f"detect.format_{self.format}")}
        issue = BoundaryIssue(code="suffix_differs", severity=Severity.INFO, values=values)
        return replace(boundary, issues=(issue, *boundary.issues))


def recognise(file: ReceivedFile, layer: str | None = None) -> Recognised:
    """Tell what a red-line file is by its content; of a zip of several files the one asked for.

    Raises UnreadableBoundary, which says what the file looks like, or ChoiceNeeded.
    """
    unpacked = Unpacked(file=file, member=None, layer=layer)
    if is_zip(file.content) and not has_member(file.content, _WORKBOOK):
        unpacked = _unpacked(file, layer)
    name, reader = _reader(unpacked.file)
    return Recognised(format=name, _file=file, _unpacked=unpacked, _reader=reader)


def detect(file: ReceivedFile, layer: str | None = None) -> RawBoundary:
    """Read a red-line file of any supported format, of several layers the one asked for; raises what both steps do."""
    return recognise(file, layer).read()


def _reader(file: ReceivedFile) -> tuple[str, Reader]:
    content = file.content
    if not content.strip(b"\x00 \t\r\n\x1a"):
        raise _refusal("empty", code="empty_file")
    if content.startswith(_SQLITE):
        return "gpkg", read_geopackage
    if is_zip(content):  # out of another zip, or a workbook as it was handed in
        return ("xlsx", read_xlsx) if has_member(content, _WORKBOOK) else ("filegdb", read_filegdb)
    if is_xls(content):
        return "xls", read_xls
    if is_dxf(content):
        return "dxf", read_dxf
    if foreign := foreign_bytes(file.name, content):
        raise _refusal(foreign)
    if content.startswith(_SHAPEFILE):
        return "shp", _without_layers(read_shapefile)
    text = _text(content)
    if _JSON_OBJECT.match(text) and _GEOJSON_TYPE.search(text):
        return "geojson", _without_layers(read_geojson)
    foreign = foreign_text(text)
    if foreign in _XML_READERS:
        return str(foreign), _XML_READERS[foreign]
    if foreign is None or foreign == "table":
        # A title row over a survey text is its own fault, named with its line; without the marks it is a table.
        if has_survey_mark(text):
            return "txt", _without_layers(read_survey_text)
        if looks_like_csv(text):
            return "csv", _without_layers(read_csv)
        if foreign is None and looks_like_survey_text(text):
            return "txt", _without_layers(read_survey_text)
        if looks_like_points(text):
            return "csv", _without_layers(read_csv)
    raise _refusal(foreign or "text")


def _without_layers(read: Callable[[ReceivedFile], RawBoundary]) -> Reader:
    def reader(file: ReceivedFile, layer: str | None) -> RawBoundary:
        if layer is not None:
            raise InvalidOption(
                code="no_layers", message=say("files.no_layers", layer=layer), remedy=say("files.no_layers_remedy")
            )
        return read(file)

    return reader


def _text(content: bytes) -> str:
    try:
        return decode_text(content).text
    except UnreadableBoundary as failure:
        # Control characters mean that this never was a text; a torn text is told where it is torn.
        wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        if failure.code == "not_a_text" or (not wide and any(byte in content[:1024] for byte in range(9))):
            raise _refusal("binary") from failure
        raise


def _of_member(member: str, reader: Reader, file: ReceivedFile, layer: str | None) -> RawBoundary:
    """Read a member of a zip that holds several: layers within it are named after it."""
    try:
        boundary = reader(file, layer)
    except ChoiceNeeded as needed:
        needed.choices = tuple(
            replace(choice, value=f"{member}{WITHIN}{choice.value}", label=f"{member}：{choice.label}")
            for choice in needed.choices
        )
        raise
    return replace(boundary, layer=f"{member}{WITHIN}{boundary.layer}" if boundary.layer else member)


def _unpacked(file: ReceivedFile, layer: str | None) -> Unpacked:
    try:
        return unpack(file, layer)
    except UnreadableBoundary as refusal:
        if refusal.code == "zip_damaged":
            raise _refusal("zip_damaged", code="damaged_file") from refusal
        if refusal.code == "zip_without_boundary":
            raise _refusal(foreign_zip(list(refusal.lines))) from refusal
        raise


def _refusal(key: str, *, code: str = "unsupported_format") -> UnreadableBoundary:
    return UnreadableBoundary(
        code=code, message=say(f"detect.{key}"), remedy=say(f"detect.{key}_remedy") + say("detect.supported")
    )
