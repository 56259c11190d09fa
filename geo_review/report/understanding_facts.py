"""What was understood of a red-line file as short lines, "detected → why", for a page and a terminal. Reads no file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo_review.report.labels import label
from geo_review.wording import say
from geo_review.wording.figures import hectares, mu, percent, square_metres

Document = Mapping[str, Any]

_SAME_SHARE = 0.0001  # declared areas are rounded: what is below 0.01 % is no difference
_RANK = ("ok", "info", "warning", "error")
_OWN_ROW = {
    "suffix": ("suffix_differs",),
    "encoding": ("dbf_encoding_contradicts",),
    "crs": (
        "crs_contradicts",
        "asked_contradicts",
        "datum_unknown",
        "wgs84_taken_as_cgcs2000",
        "prj_unreadable",
        "mixed_coordinates",
    ),
    "zone": ("zone_contradicts", "prefix_present", "prefix_absent", "declared_meridian_differs", "mixed_zones"),
    "closure": ("ring_not_closed", "closing_point_differs"),
    "repeated": ("repeated_point", "repeated_point_removed"),
    "shape": (
        "too_few_points",
        "spike",
        "zero_area",
        "self_intersection",
        "ring_touches_itself",
        "rings_cross",
        "ring_doubled",
        "rings_share_edge",
        "parcels_overlap",
        "parcels_overlap_rounding",
        "parcel_doubled",
        "invalid_after_projection",
    ),
    "area": ("area_unit_believed", "area_differs", "area_unbelievable"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class UnderstandingFact:
    """One line. ``status`` is ok, info, warning, error, or open for what is not known before something is settled."""

    key: str
    label: str
    value: str
    why: str
    status: str


def understanding_facts(document: Document) -> tuple[UnderstandingFact, ...]:
    """Return the lines of a document, in the order in which a file is read."""
    return tuple(_facts(document))


def _facts(document: Document) -> Iterator[UnderstandingFact]:
    yield _format(document)
    if document["encoding"]:
        yield _line(document, "encoding", document["encoding"].upper(), say("understanding.why_encoding"))
    if document["layer"] or document["choices"]:
        yield _layer(document)
    if document["axes"] is None:  # nothing of it is read
        return
    yield _crs(document)
    if document["crs"] and document["crs"]["zone"] is not None:
        yield _zone(document)
    yield _axes(document)
    yield _place(document)
    yield _parcels(document)
    yield _closure(document)
    yield _repeated(document)
    yield _shape(document)
    yield _area(document)


def _format(document: Document) -> UnderstandingFact:
    code = document["format"]
    if code is not None:
        return _line(document, "format", label("format", code), say(f"understanding.why_{code}"), issues="suffix")
    if document["choices"]:
        return _fact("format", say("understanding.format_several"), say("understanding.why_several"), "open")
    return _fact("format", say("understanding.format_none"), document["refusal"]["message"], "error")


def _layer(document: Document) -> UnderstandingFact:
    if document["layer"]:
        asked = document["asked"]["layer"] is not None
        by_name = any(issue["code"] == "dxf_layer_chosen" for issue in document["issues"])
        why = say(f"understanding.why_layer_{'asked' if asked else 'named' if by_name else 'only'}")
        return _fact("layer", document["layer"], why, "ok")
    count = len(document["choices"])
    return _fact("layer", say("understanding.layer_open", count=count), say("understanding.why_layer_open"), "error")


def _crs(document: Document) -> UnderstandingFact:
    crs, refusal = document["crs"], document["refusal"]
    if crs is not None:
        return _line(document, "crs", crs["name"], crs["reason"])
    if refusal["code"] == "invalid_boundary":  # its points are told one by one; the system was not asked for
        issues = _sentences(document, "crs")
        return _fact("crs", say("understanding.open"), issues or say("understanding.why_not_reached"), "open")
    return _fact("crs", say("understanding.open"), refusal["message"], "error")


def _zone(document: Document) -> UnderstandingFact:
    crs = document["crs"]
    value = say(
        "understanding.zone",
        width=label("crs_width", str(crs["zone_width_deg"])),
        zone=crs["zone"],
        meridian=crs["central_meridian_deg"],
    )
    why = say("understanding.zone_prefixed" if crs["prefixed"] else "understanding.zone_bare", zone=crs["zone"])
    return _line(document, "zone", value, why)


def _axes(document: Document) -> UnderstandingFact:
    axes = document["axes"]
    value = say(f"understanding.axes_{axes['as_written']}")
    if axes["swapped"] is None:
        return _fact("axes", value, say("understanding.why_axes_open"), "open")
    why = say("understanding.why_axes_swapped" if axes["swapped"] else "understanding.why_axes_straight")
    return _fact("axes", value, why, "warning" if axes["swapped"] else "ok")


def _place(document: Document) -> UnderstandingFact:
    extent, refusal = document["extent"], document["refusal"]
    if extent is None:
        return _fact("place", say("understanding.open"), say("understanding.why_place_open"), "open")
    west, south, east, north = extent
    value = say("crs.where", lon=f"{(west + east) / 2:.4f}", lat=f"{(south + north) / 2:.4f}")
    if refusal is not None and refusal["code"] == "location_implausible":
        return _fact("place", value, "；".join([refusal["message"], *refusal["lines"]]), "error")
    outside = [issue for issue in document["issues"] if issue["code"] == "outside_city"]
    if outside:
        return _fact("place", value, outside[0]["message"], "warning")
    return _fact("place", value, say("understanding.why_place"), "ok")


def _parcels(document: Document) -> UnderstandingFact:
    parcels = document["parcels"]
    chosen = [parcel for parcel in parcels if parcel["chosen"]]
    rings = [ring for parcel in chosen for ring in parcel["rings"]]
    holes = sum(ring["role"] == "hole" for ring in rings)
    value = say(
        "understanding.parcels", parcels=len(chosen), rings=len(rings), points=sum(ring["points"] for ring in rings)
    )
    if holes:
        value += say("understanding.parcels_holes", holes=holes)
    if len(chosen) < len(parcels):
        numbers = "、".join(str(parcel["number"]) for parcel in chosen)
        why = say("understanding.why_parcels_chosen", count=len(parcels), numbers=numbers)
        return _fact("parcels", value, why, "info")
    return _fact("parcels", value, say("understanding.why_parcels"), "ok" if rings else "error")


def _closure(document: Document) -> UnderstandingFact:
    found = _found(document, "closure")
    if not found:
        return _fact("closure", say("understanding.closure_all"), say("understanding.why_closure"), "ok")
    value = say("understanding.closure_open", count=len(found))
    return _fact("closure", value, _sentences(document, "closure"), _worst(found))


def _repeated(document: Document) -> UnderstandingFact:
    found = _found(document, "repeated")
    if not found:
        return _unless_open(document, "repeated", say("understanding.repeated_none"), say("understanding.why_repeated"))
    value = say("understanding.repeated", count=len(found))
    return _fact("repeated", value, _sentences(document, "repeated"), _worst(found))


def _shape(document: Document) -> UnderstandingFact:
    found = _found(document, "shape")
    if not found:
        return _unless_open(document, "shape", say("understanding.shape_sound"), say("understanding.why_shape"))
    value = say("understanding.shape", count=len(found))
    return _fact("shape", value, _sentences(document, "shape"), _worst(found))


def _area(document: Document) -> UnderstandingFact:
    planar_m2, declared_m2 = document["area_planar_m2"], document["area_declared_m2"]
    if planar_m2 is None:
        return _fact("area", say("understanding.area_open"), say("understanding.why_not_reached"), "open")
    measured = say("understanding.area_measured", m2=square_metres(planar_m2), mu=mu(planar_m2))
    if declared_m2 is None:
        return _line(document, "area", measured, say("report.area_not_declared"))
    unit = document["area_declared_unit"]
    declared = say(
        "understanding.area_declared", m2=square_metres(declared_m2), hectares=hectares(declared_m2), unit=unit
    )
    difference = say("understanding.area_difference", difference=difference_text(declared_m2, planar_m2))
    why = f"{declared}；{difference}"
    return _line(document, "area", measured, why)


def difference_text(declared_m2: float, planar_m2: float) -> str:
    """Return by how much a declared area differs from the measured one, in m² and as a share."""
    difference_m2 = declared_m2 - planar_m2
    if not planar_m2 or abs(difference_m2) / planar_m2 < _SAME_SHARE:
        return say("understanding.no_difference")
    sign = "+" if difference_m2 > 0 else "−"
    area = square_metres(abs(difference_m2))
    return say("understanding.difference", area=sign + area, share=sign + percent(abs(difference_m2) / planar_m2))


def _unless_open(document: Document, key: str, value: str, why: str) -> UnderstandingFact:
    """Nothing was found where it was looked for; where the reading did not get that far, nothing is known."""
    looked = document["accepted"] or any(issue["code"] in _OWN_ROW["shape"] for issue in document["issues"])
    looked = looked or bool(_found(document, "repeated"))
    if looked:
        return _fact(key, value, why, "ok")
    return _fact(key, say("understanding.open"), say("understanding.why_not_reached"), "open")


def _line(document: Document, key: str, value: str, why: str, *, issues: str | None = None) -> UnderstandingFact:
    """A line with the issues that are about it: they say why, too, and give the status."""
    found = _found(document, issues or key)
    told = "；".join(dict.fromkeys([why, *(issue["message"] for issue in found)]))
    return _fact(key, value, told, _worst(found))


def _fact(key: str, value: str, why: str, status: str) -> UnderstandingFact:
    return UnderstandingFact(key=key, label=say(f"understanding.{key}_label"), value=value, why=why, status=status)


def _found(document: Document, key: str) -> list[Mapping[str, Any]]:
    return [issue for issue in document["issues"] if issue["code"] in _OWN_ROW.get(key, ())]


def _sentences(document: Document, key: str) -> str:
    """The sentences of a line's issues, each once: their places are in the list of issues."""
    return "；".join(dict.fromkeys(issue["message"] for issue in _found(document, key)[:3]))


def _worst(found: Sequence[Mapping[str, Any]]) -> str:
    return max(("ok", *(str(issue["severity"]) for issue in found)), key=_RANK.index)
