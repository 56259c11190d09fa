"""Codes of the document in the words of the catalogue. A code that the catalogue does not know is shown as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo_review.geometry.crs import LONLAT, WGS84, gauss_kruger
from geo_review.wording import LANGUAGE, say, sentences
from geo_review.wording.figures import metres, percent, square_metres

Result = Mapping[str, Any]


def label(group: str, code: str) -> str:
    """Return the word of a code: ``label("contact", "touch")`` is the sentence ``report.contact_touch``."""
    return sentences(LANGUAGE).get(f"report.{group}_{code}", code)


def words() -> dict[str, str]:
    """Return every word of the report by its short name, for templates."""
    return {key.removeprefix("report."): text for key, text in sentences(LANGUAGE).items() if key.startswith("report.")}


def contact_word(result: Result, contact: str) -> str:
    """Return the contact in words that fit the rule: land outside a development boundary does not 占压 it."""
    if contact == "none" and result["kind"] == "must_within":
        return say("report.contact_inside")
    if contact == "encroachment" and result["kind"] == "must_within":
        return say("report.contact_outside")
    if contact == "encroachment" and str(result["kind"]).startswith("buffer_"):
        return say("report.contact_near")
    return label("contact", contact)


def limit_text(result: Result) -> str:
    """Return at what the rule takes hold: a distance, a comparison, and the area that counts."""
    limit = result["limit"]
    texts = []
    if limit["distance_m"] is not None:
        texts.append(say("report.limit_distance", distance=metres(limit["distance_m"])))
    if limit["attribute"] is not None:
        texts.append(say("report.limit_compare", attribute=limit["attribute"], operator=limit["operator"]))
    elif limit["ignore_below_m2"]:
        texts.append(say("report.limit_area", area=square_metres(limit["ignore_below_m2"])))
    else:
        texts.append(say("report.limit_any"))
    if limit.get("outside"):
        texts.append(label("limit_outside", limit["outside"]))
    return "，".join(texts)


def validity_text(layer: Mapping[str, Any]) -> str:
    """Return the half-open range of days a layer is in force."""
    valid_from, valid_to = layer["valid_from"], layer["valid_to"]
    if valid_from and valid_to:
        return say("report.validity_range", valid_from=valid_from, valid_to=valid_to)
    if valid_from:
        return say("report.validity_from", valid_from=valid_from)
    return say("report.validity_to", valid_to=valid_to) if valid_to else say("report.validity_open")


def crs_text(epsg: int) -> str:
    """Return a CRS in words: by its zone when eastings carry the number, else by its central meridian."""
    zone = gauss_kruger(epsg)
    if zone is None:
        key = {LONLAT: "degrees", WGS84: "wgs84"}.get(epsg, "other")
        return say(f"report.crs_{key}", epsg=epsg)
    return say(
        "report.crs_zone" if zone.prefixed else "report.crs_meridian",
        epsg=epsg,
        width=label("crs_width", str(zone.width_deg)),
        zone=zone.zone,
        meridian=zone.central_meridian_deg,
    )


def uncovered_text(result: Result, planar_m2: float) -> tuple[str, str]:
    """Return how much ground was not surveyed, and what it is a part of; nothing where all of it was.

    With a distance the ground round the red line must be surveyed too, and a share of the red line would mislead.
    """
    area_m2 = result["uncovered_area_m2"]
    if not area_m2:
        return "", ""
    if str(result["kind"]).startswith("buffer_"):
        part = say("report.uncovered_ring", distance=f"{result['limit']['distance_m']:g}")
    else:
        part = say("report.uncovered_part", share=percent(min(1.0, area_m2 / planar_m2)))
    return say("report.uncovered_value", area=square_metres(area_m2), share=part), part


def department_text(result: Result) -> str:
    """Return who is asked or in charge, by name when the document carries it, or an empty text."""
    return str(result.get("department_name") or result["department"] or "")
