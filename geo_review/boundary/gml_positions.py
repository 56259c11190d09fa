"""The positions that a GML ring or curve lists, in each of the spellings GML has had. Strokes and joins no curve."""

from __future__ import annotations

from itertools import groupby

from geo_review.boundary.model import Place
from geo_review.boundary.written_positions import (
    NotPositions,
    Positions,
    joined,
    read_each,
    read_numbers,
    read_tuples,
)
from geo_review.boundary.xml_reading import Element, children, line_of, linked, local_name, text_of
from geo_review.errors import UnreadableBoundary
from geo_review.wording import say

# What any GML object may carry, and no position is in it.
ABOUT = frozenset(["name", "description", "descriptionReference", "identifier", "metaDataProperty", "boundedBy"])


def listed_positions(element: Element, *, parcel: int, ring: int, about: tuple[str, ...] = ()) -> Positions:
    """Return what ``posList``, ``pos``, ``coordinates``, ``coord`` and point properties of an element list, in order.

    ``about`` names further children without positions. Raises UnreadableBoundary with place and line.
    """
    found = []
    named = [child for child in children(element) if local_name(child) not in ABOUT and local_name(child) not in about]
    for child in named:
        if linked(child):
            raise _refused("gml_link", place=Place(parcel=parcel, ring=ring, line=line_of(child)))
    for name, group in groupby(named, key=local_name):
        same = list(group)
        try:
            if name == "posList":
                found += [_numbers(child, parcel, ring) for child in same]
            elif name == "coordinates":
                found += [_tuples(child) for child in same]
            elif name == "pos":
                found.append(read_each([child.text or "" for child in same], [line_of(child) for child in same]))
            elif name == "coord":
                texts = [" ".join(text_of(number) for number in children(child, "X", "Y", "Z")) for child in same]
                found.append(read_each(texts, [line_of(child) for child in same]))
            elif name in ("pointProperty", "pointRep"):
                points = [point for child in same for point in children(child, "Point")]
                found += [listed_positions(point, parcel=parcel, ring=ring) for point in points]
            else:
                place = Place(parcel=parcel, ring=ring, line=line_of(same[0]))
                raise _refused("gml_geometry", place=place, kind=name[:40])
        except NotPositions as failure:
            before = sum(map(len, found))
            place = Place(parcel=parcel, ring=ring, point=str(before + failure.index + 1), line=failure.line)
            raise _refused("xml_position", place=place, text=failure.text) from failure
    return joined(found)


def _numbers(element: Element, parcel: int, ring: int) -> Positions:
    """Two numbers a position, unless the element or one above it says three."""
    dimension = "2"
    for holder in (element, *element.iterancestors()):
        said = holder.get("srsDimension") or holder.get("dimension")
        if said is not None:
            dimension = said
            break
    if dimension not in ("2", "3"):
        place = Place(parcel=parcel, ring=ring, line=line_of(element))
        raise _refused("gml_dimension", place=place, said=dimension[:10])
    return read_numbers(element.text or "", line_of(element), dimension=int(dimension))


def _tuples(element: Element) -> Positions:
    return read_tuples(
        element.text or "",
        line_of(element),
        between_numbers=element.get("cs", ","),
        between_tuples=element.get("ts", " "),
        decimal=element.get("decimal", "."),
    )


def _refused(key: str, **values: object) -> UnreadableBoundary:
    return UnreadableBoundary(code=key, message=say(f"files.{key}", **values), remedy=say("files.gml_remedy"))
