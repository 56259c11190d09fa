"""Reads KML 2.0 to 2.3 into a `RawBoundary`: placemarks with areas. Follows no link, draws no style, decides no CRS.

Through XML itself and not GDAL: rings stay as written, folders are seen, and what is left out is counted and said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from geo_review.boundary.choosing import choice_needed
from geo_review.boundary.map_offset import map_offset_issue
from geo_review.boundary.model import Axes, BoundaryIssue, DeclaredCrs, Place, RawBoundary, RawParcel, Severity
from geo_review.boundary.parcel_facts import parcel_of
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.rings import is_same_point
from geo_review.boundary.written_positions import NotPositions, Positions, open_written_rings, read_tuples
from geo_review.boundary.xml_reading import Element, children, line_of, local_name, read_xml, text_of
from geo_review.errors import Choice, UnreadableBoundary
from geo_review.wording import say

_CONTAINERS = ("Document", "Folder")
_LINES = ("LineString", "LinearRing")
_MARKS = ("Point", "Track", "Model")
_BORDERS = ("outerBoundaryIs", "innerBoundaryIs")
_ROOT = "/"  # how --layer names what stands in no folder
_WGS84 = 4326  # by the standard, longitude first
_FEWEST_CLOSED = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shapes:
    """What a placemark draws."""

    placemark: Element
    polygons: list[Element]
    outlines: list[Element]  # lines that come back to where they began
    open_lines: list[Element]
    marks: int


@dataclass(kw_only=True, slots=True)
class _Folder:
    path: str
    hidden: bool
    placemarks: list[_Shapes] = field(default_factory=list)

    @property
    def areas(self) -> int:
        return sum(1 for shapes in self.placemarks if shapes.polygons or shapes.outlines)


def read_kml(file: ReceivedFile, layer: str | None = None) -> RawBoundary:
    """Read the placemarks of the folder that is asked for, or of the only one with areas; a placemark is a parcel.

    Raises ChoiceNeeded when several folders hold areas, UnreadableBoundary with the line for what is no KML, for a
    file without any area (saying what is in it instead), and for coordinates that are none.
    """
    document = read_xml(file.content)
    if local_name(document.root) != "kml":
        raise _refused("kml_root")
    folders = _folders(document.root)
    links = sum(1 for _ in document.root.iter("{*}NetworkLink"))
    folder, issues = _chosen(folders, layer, links)
    if links:
        issues.append(BoundaryIssue(code="links_not_followed", severity=Severity.INFO, values={"count": links}))
    parcels = _parcels(folder, issues)
    rings = [ring.coordinates for parcel in parcels for ring in parcel.rings]
    issues.append(map_offset_issue(document.text, np.vstack([np.empty((0, 2)), *rings])))
    return RawBoundary(
        format="kml",
        parcels=tuple(parcels),
        axes=Axes.EASTING_NORTHING,
        declared_crs=DeclaredCrs(epsg=_WGS84),
        encoding=document.encoding,
        layer=None if folder.path == _ROOT else folder.path,
        issues=(*document.issues, *issues),
    )


def _folders(root: Element) -> list[_Folder]:
    """Placemarks by the folder they stand in, in the order of the file."""
    found: dict[Element | None, _Folder] = {}
    by_parent: dict[Element, _Folder] = {}
    same: Counter[str] = Counter()
    name_of, is_hidden = cache(_name), cache(_is_hidden)  # a folder of thousands holds each of them
    for placemark in root.iter("{*}Placemark"):
        parent = placemark.getparent()
        if parent not in by_parent:
            holders = [above for above in placemark.iterancestors() if local_name(above) in _CONTAINERS]
            # The one document round everything is the file itself.
            named = holders[:-1] if holders and local_name(holders[-1]) == "Document" else holders
            holder = named[0] if named else None
            if holder not in found:
                path = "/".join(map(name_of, reversed(named))) or _ROOT
                found[holder] = _Folder(path=_unlike(path, same), hidden=any(map(is_hidden, holders)))
            by_parent[parent] = found[holder]
        by_parent[parent].placemarks.append(_shapes(placemark))
    return list(found.values())


def _unlike(path: str, same: Counter[str]) -> str:
    """The path, and for further folders of the same name the path with a number. ``same`` counts and is added to."""
    same[path] += 1
    made = path
    while same[path] > 1 and same[made := f"{path}({same[path]})"]:
        same[path] += 1
    same[made] += made != path
    return made


def _name(element: Element) -> str:
    name = next((text_of(child) for child in children(element, "name")), "")
    return name or say("files.kml_unnamed_folder")


def _is_hidden(element: Element) -> bool:
    return any(text_of(child) in ("0", "false") for child in children(element, "visibility"))


def _shapes(placemark: Element) -> _Shapes:
    polygons, lines, marks = [], [], 0
    for element in placemark.iter():
        name = local_name(element)
        if name == "Polygon":
            polygons.append(element)
        elif name in _LINES and local_name(element.getparent()) not in _BORDERS:
            lines.append(element)
        elif name in _MARKS:
            marks += 1
    closed = [_is_closed(line) for line in lines]
    return _Shapes(
        placemark=placemark,
        polygons=polygons,
        outlines=[line for line, is_closed in zip(lines, closed, strict=True) if is_closed],
        open_lines=[line for line, is_closed in zip(lines, closed, strict=True) if not is_closed],
        marks=marks,
    )


def _is_closed(line: Element) -> bool:
    """A LinearRing is closed by its name; a path where it ends in its first point."""
    if local_name(line) == "LinearRing":
        return True
    try:
        points = _positions(line).coordinates
    except NotPositions:
        return False
    return len(points) >= _FEWEST_CLOSED and is_same_point(points[0].tolist(), points[-1].tolist())


def _chosen(folders: list[_Folder], asked: str | None, links: int) -> tuple[_Folder, list[BoundaryIssue]]:
    filled = [folder for folder in folders if folder.areas]
    if not filled:
        raise _without_areas([shapes for folder in folders for shapes in folder.placemarks], links)
    chosen = next((folder for folder in filled if folder.path == asked), None)
    if chosen is None and (len(filled) > 1 or asked is not None):
        choices = [Choice(value=folder.path, label=_label(folder)) for folder in filled]
        names = "、".join(map(_label, filled[:10]))
        raise choice_needed("kml_several", choices, asked=asked, folders=names)
    chosen = chosen or filled[0]
    beside = [folder.path for folder in folders if folder is not chosen]
    if not beside:
        return chosen, []
    values = {"used": chosen.path, "tables": "、".join(beside[:10])}
    return chosen, [BoundaryIssue(code="tables_not_read", severity=Severity.INFO, values=values)]


def _label(folder: _Folder) -> str:
    name = say("files.kml_no_folder") if folder.path == _ROOT else folder.path
    return say("files.kml_folder", name=name, count=folder.areas)


def _without_areas(placemarks: Sequence[_Shapes], links: int) -> UnreadableBoundary:
    """What is in the file instead of areas."""
    lines = [line for shapes in placemarks for line in shapes.open_lines]
    marks = sum(shapes.marks for shapes in placemarks)
    if lines:
        return _refused("kml_only_lines", count=len(lines), place=Place(line=line_of(lines[0])))
    if marks:
        return _refused("kml_only_points", count=marks)
    if links:
        return _refused("kml_network_link", count=links)
    return _refused("no_parcels")


def _parcels(folder: _Folder, issues: list[BoundaryIssue]) -> list[RawParcel]:
    parcels: list[RawParcel] = []
    heights = False
    marks = sum(shapes.marks for shapes in folder.placemarks)
    hidden = 0
    for shapes in folder.placemarks:
        for line in shapes.open_lines:
            where = Place(parcel=len(parcels) + 1 if shapes.polygons or shapes.outlines else None, line=line_of(line))
            issues.append(BoundaryIssue(code="open_line", severity=Severity.ERROR, where=where))
        if not (shapes.polygons or shapes.outlines) and (shapes.open_lines or shapes.marks):
            continue
        number = len(parcels) + 1
        rings = list(_rings(shapes, number))
        if not rings:
            where = Place(parcel=number, line=line_of(shapes.placemark))
            issues.append(BoundaryIssue(code="null_geometry", severity=Severity.ERROR, where=where))
        for outline in shapes.outlines:
            where = Place(parcel=number, line=line_of(outline))
            issues.append(BoundaryIssue(code="outline_taken_as_area", severity=Severity.INFO, where=where))
        heights |= any(ring.heights for ring in rings)
        hidden += folder.hidden or _is_hidden(shapes.placemark)
        opened, found = open_written_rings(rings, parcel=number)
        issues += found
        parcels.append(parcel_of(opened, _facts(shapes.placemark)))
    if heights:
        issues.append(BoundaryIssue(code="heights_dropped", severity=Severity.INFO))
    if marks:
        issues.append(BoundaryIssue(code="points_ignored", severity=Severity.INFO, values={"count": marks}))
    if hidden:
        issues.append(BoundaryIssue(code="hidden_taken", severity=Severity.WARNING, values={"count": hidden}))
    return parcels


def _rings(shapes: _Shapes, parcel: int) -> Iterator[Positions]:
    elements: list[Element] = []
    for polygon in shapes.polygons:
        borders = list(children(polygon, *_BORDERS))
        found = [ring for border in borders for ring in children(border, "LinearRing")]
        if not found or len(found) < len(borders):
            raise _refused("kml_polygon", place=Place(parcel=parcel, line=line_of(polygon)))
        elements += found
    for number, element in enumerate([*elements, *shapes.outlines], start=1):
        try:
            yield _positions(element)
        except NotPositions as failure:
            place = Place(parcel=parcel, ring=number, point=str(failure.index + 1), line=failure.line)
            raise _refused("xml_position", place=place, text=failure.text) from failure


def _positions(ring: Element) -> Positions:
    texts = list(children(ring, "coordinates"))
    return read_tuples(" ".join(text.text or "" for text in texts), line_of(texts[0]) if len(texts) == 1 else None)


def _facts(placemark: Element) -> dict[str, object]:
    """The name and description, and what the extended data say, which goes before."""
    facts: dict[str, object] = {
        local_name(child): text_of(child) for child in children(placemark, "name", "description") if text_of(child)
    }
    for extended in children(placemark, "ExtendedData"):
        for element in extended.iter():
            name = element.get("name")
            if local_name(element) == "SimpleData" and name:
                facts[name] = text_of(element)
            elif local_name(element) == "Data" and name:
                facts[name] = next((text_of(value) for value in children(element, "value")), "")
    return facts


def _refused(key: str, **values: object) -> UnreadableBoundary:
    return UnreadableBoundary(code=key, message=say(f"files.{key}", **values), remedy=say("files.kml_remedy"))
