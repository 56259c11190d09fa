"""Writes a red line as KML for globes: a red outline, and the word that it is no survey. Rounds nothing.

KML is WGS 84; CGCS2000 is taken as that, as everywhere here.
"""

from __future__ import annotations

import unicodedata

from lxml import etree

from geo_review.boundary.model import Boundary, Coordinates, Parcel
from geo_review.boundary.written_parcels import attributes_of, in_degrees, rings_of
from geo_review.wording import say

_NAMESPACE = "http://www.opengis.net/kml/2.2"
_STYLE = "red_line"
_OUTLINE, _FILL = "ff0000ff", "330000ff"  # alpha, blue, green, red
_OUTLINE_PX = "3"


def write_kml(boundary: Boundary, *, title: str) -> bytes:
    """Return the file's bytes: a Placemark a parcel, its facts as ExtendedData. Control characters become blanks."""
    kml = etree.Element(f"{{{_NAMESPACE}}}kml", nsmap={None: _NAMESPACE})
    document = etree.SubElement(kml, "Document")
    _text(document, "name", title)
    _text(document, "description", say("export.kml_note"))
    _add_style(document)
    for parcel, land in zip(boundary.parcels, in_degrees(boundary), strict=True):
        _add_placemark(document, parcel, rings_of(land))
    etree.indent(kml)
    return bytes(etree.tostring(kml, xml_declaration=True, encoding="UTF-8")) + b"\n"


def _add_style(document: etree._Element) -> None:
    style = etree.SubElement(document, "Style", id=_STYLE)
    line = etree.SubElement(style, "LineStyle")
    _text(line, "color", _OUTLINE)
    _text(line, "width", _OUTLINE_PX)
    _text(etree.SubElement(style, "PolyStyle"), "color", _FILL)


def _add_placemark(document: etree._Element, parcel: Parcel, polygons: list[list[Coordinates]]) -> None:
    placemark = etree.SubElement(document, "Placemark")
    if parcel.name:
        _text(placemark, "name", parcel.name)
    _text(placemark, "styleUrl", f"#{_STYLE}")
    facts = {name: value for name, value in attributes_of(parcel).items() if value is not None}
    if facts:
        extended = etree.SubElement(placemark, "ExtendedData")
        for name, value in facts.items():
            _text(etree.SubElement(extended, "Data", name=name), "value", str(value))
    parent = placemark if len(polygons) == 1 else etree.SubElement(placemark, "MultiGeometry")
    for rings in polygons:
        polygon = etree.SubElement(parent, "Polygon")
        _text(polygon, "tessellate", "1")
        for number, ring in enumerate(rings):
            role = etree.SubElement(polygon, "innerBoundaryIs" if number else "outerBoundaryIs")
            positions = " ".join(f"{lon!r},{lat!r}" for lon, lat in ring.tolist())
            _text(etree.SubElement(role, "LinearRing"), "coordinates", positions)


def _text(parent: etree._Element, tag: str, text: str) -> None:
    etree.SubElement(parent, tag).text = "".join(
        " " if unicodedata.category(character) == "Cc" or character in "\ufffe\uffff" else character
        for character in text
    )
