"""Reads GML 2.1.2, 3.1.1 and 3.2.1, bare or as a WFS answers, into a `RawBoundary`. Decides no CRS, fetches nothing.

Through XML itself and not GDAL, which fetched a server's own addresses for one and read nothing without an error for
another. The order of the axes is what the spelling of ``srsName`` means; whether writers kept to it is decided later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from geo_review.boundary.choosing import choice_needed
from geo_review.boundary.gml_surfaces import OTHERS, SURFACES, Strokes, rings_of
from geo_review.boundary.model import Axes, BoundaryIssue, DeclaredCrs, Place, RawBoundary, RawParcel, Severity
from geo_review.boundary.parcel_facts import parcel_of
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.srs_names import SrsName, read_srs_name
from geo_review.boundary.written_positions import Positions, open_written_rings
from geo_review.boundary.xml_reading import Element, children, line_of, linked, local_name, read_xml, text_of
from geo_review.errors import Choice, UnreadableBoundary
from geo_review.wording import say

_MEMBERS = ("member", "members")
_COLLECTION = "FeatureCollection"
_BOUNDS = ("boundedBy", "Envelope", "Box")
_MOST_NAMES = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class _Feature:
    """``properties`` name the surfaces' places in the feature; ``others`` are points and lines beside them."""

    element: Element
    surfaces: tuple[Element, ...]
    properties: frozenset[str]
    others: tuple[Element, ...]


def read_gml(file: ReceivedFile, layer: str | None = None) -> RawBoundary:
    """Read the features of the type that is asked for, or of the only one with surfaces; a feature is a parcel.

    Raises ChoiceNeeded when several types hold surfaces, UnreadableBoundary with place and line for what is no GML,
    for geometry that stands elsewhere, for curves that are no circular arcs, and for contradicting systems.
    """
    document = read_xml(file.content)
    links = 0
    features = []
    for element in _feature_elements(document.root):
        if linked(element) and not len(element):
            links += 1
        else:
            features.append(_feature(element))
    chosen, issues = _chosen(features, layer)
    if links:
        issues.append(BoundaryIssue(code="links_not_followed", severity=Severity.INFO, values={"count": links}))
    srs = _one_srs([surface for feature in chosen for surface in feature.surfaces])
    parcels = _parcels(chosen, issues)
    return RawBoundary(
        format="gml",
        parcels=tuple(parcels),
        axes=srs.axes,
        declared_crs=srs.declared,
        encoding=document.encoding,
        layer=local_name(chosen[0].element),
        issues=(*document.issues, *issues),
    )


def _feature_elements(root: Element) -> list[Element]:
    """The members of all collections and links to members elsewhere; without any, what holds the surfaces."""
    found = []
    waiting = [root]
    while waiting:
        element = waiting.pop()
        inner = []
        for child in children(element):
            name = local_name(child)
            if name in _BOUNDS or _geometry(child) in SURFACES | OTHERS:
                continue
            if name.lower().endswith(_MEMBERS):
                held = list(children(child))
                found += [one for one in held if not local_name(one).endswith(_COLLECTION)]
                inner += [one for one in held if local_name(one).endswith(_COLLECTION)]
                found += [child] if not held and linked(child) else []
            elif not found:
                inner.append(child)
        waiting += reversed(inner)
    return found or _holders(root)


def _holders(root: Element) -> list[Element]:
    """What has surfaces as properties where the frame is none of GML: a feature by itself, a list in own tags."""
    holders = []
    for surface in _feature(root).surfaces:
        held_by = surface.getparent()
        holder = held_by.getparent() if held_by is not None else None
        holders.append(root if holder is None else holder)
    return list(dict.fromkeys(holders)) or [root]


def _feature(element: Element) -> _Feature:
    surfaces: list[Element] = []
    others: list[Element] = []
    properties = set()
    waiting = [element]
    while waiting:
        one = waiting.pop()
        name = _geometry(one)
        if name in SURFACES:
            surfaces.append(one)
            properties.add(local_name(one.getparent()) if one is not element else name)
        elif name in OTHERS:
            others.append(one)
        elif local_name(one) not in _BOUNDS:
            waiting += reversed(list(one))
    return _Feature(element=element, surfaces=tuple(surfaces), properties=frozenset(properties), others=tuple(others))


def _geometry(element: Element) -> str:
    """The name of an element of GML itself; a property of a feature may be called Point as well."""
    namespace = element.tag.rpartition("}")[0]
    return local_name(element) if not namespace or namespace.startswith("{http://www.opengis.net/gml") else ""


def _chosen(features: Sequence[_Feature], asked: str | None) -> tuple[list[_Feature], list[BoundaryIssue]]:
    types: dict[str, list[_Feature]] = {}
    for feature in features:
        types.setdefault(local_name(feature.element), []).append(feature)
    filled = {name: held for name, held in types.items() if any(feature.surfaces for feature in held)}
    if not filled:
        _refuse_empty(features)
    name = asked if asked in filled else next(iter(filled))
    if name != asked and (len(filled) > 1 or asked is not None):
        labels = {one: say("files.gml_type", name=one, count=len(held)) for one, held in filled.items()}
        choices = [Choice(value=one, label=label) for one, label in labels.items()]
        raise choice_needed("gml_several", choices, asked=asked, types="、".join([*labels.values()][:_MOST_NAMES]))
    beside = [one for one in types if one != name]
    if not beside:
        return filled[name], []
    values = {"used": name, "tables": "、".join(beside[:_MOST_NAMES])}
    return filled[name], [BoundaryIssue(code="tables_not_read", severity=Severity.INFO, values=values)]


def _refuse_empty(features: Sequence[_Feature]) -> None:
    others = [local_name(other) for feature in features for other in feature.others]
    if others:
        raise _refused("gml_no_surfaces", kinds="、".join(sorted(set(others))))
    for feature in features:
        link = next((one for one in feature.element.iter() if linked(one)), None)
        if link is not None:
            raise _refused("gml_link", place=Place(line=line_of(link)))
    raise _refused("no_parcels")


def _parcels(features: Sequence[_Feature], issues: list[BoundaryIssue]) -> list[RawParcel]:
    parcels = []
    strokes = Strokes()
    heights = False
    others = 0
    for number, feature in enumerate(features, start=1):
        place = Place(parcel=number, line=line_of(feature.element))
        if len(feature.properties) > 1:
            raise _refused("gml_geometries", place=place, names="、".join(sorted(feature.properties)))
        rings: list[Positions] = []
        for surface in feature.surfaces:
            rings += rings_of(surface, parcel=number, first=len(rings) + 1, strokes=strokes)
        if not rings:
            link = next((one for one in feature.element.iter() if linked(one)), None)
            if link is not None:
                raise _refused("gml_link", place=Place(parcel=number, line=line_of(link)))
            if feature.others:
                kind = local_name(feature.others[0])
                raise _refused("gml_geometry", place=place, kind=kind)
            issues.append(BoundaryIssue(code="null_geometry", severity=Severity.ERROR, where=place))
        others += len(feature.others)
        heights |= any(ring.heights for ring in rings)
        opened, found = open_written_rings(rings, parcel=number)
        issues += found
        parcels.append(parcel_of(opened, _facts(feature.element)))
    if heights:
        issues.append(BoundaryIssue(code="heights_dropped", severity=Severity.INFO))
    if others:
        issues.append(BoundaryIssue(code="points_ignored", severity=Severity.INFO, values={"count": others}))
    if strokes.curves:
        values = {"count": strokes.curves, "sagitta_mm": f"{strokes.sagitta_m * 1000.0:.2f}"}
        issues.append(BoundaryIssue(code="curves_stroked", severity=Severity.INFO, values=values))
    return parcels


def _one_srs(surfaces: Sequence[Element]) -> SrsName:
    """The one system of all surfaces. Two spellings of it are one as long as they mean the same order of axes."""
    meant: dict[SrsName | None, str] = {}
    for surface in surfaces:
        for name in _srs_names(surface):
            meant.setdefault(read_srs_name(name) if name else None, name or say("files.gml_srs_none"))
    if len(meant) > 1:
        raise _refused("gml_srs_conflict", names="、".join(list(meant.values())[:_MOST_NAMES]))
    srs = next(iter(meant), None)
    return srs or SrsName(declared=DeclaredCrs(), axes=Axes.EASTING_NORTHING)


def _srs_names(surface: Element) -> Iterator[str | None]:
    """What a surface and its parts say; else the nearest one above, or the bounds of feature and collection."""
    own = {name for part in surface.iter() if (name := part.get("srsName"))}
    if own:
        yield from sorted(name[:200] for name in own)
        return
    for holder in surface.iterancestors():
        if name := holder.get("srsName"):
            yield name[:200]
            return
        for bounds in children(holder, "boundedBy"):
            name = next((part.get("srsName") for part in bounds.iter() if part.get("srsName")), None)
            if name:
                yield name[:200]
                return
    yield None


def _facts(feature: Element) -> dict[str, object]:
    """The simple properties of a feature, by their names without namespace."""
    return {local_name(child): text_of(child) for child in children(feature) if not len(child) and text_of(child)}


def _refused(key: str, **values: object) -> UnreadableBoundary:
    return UnreadableBoundary(code=key, message=say(f"files.{key}", **values), remedy=say("files.gml_remedy"))
