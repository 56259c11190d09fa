"""All that a page and a call say of an understanding, made as they make it. Asserts nothing but that it can be made."""

from __future__ import annotations

from geo_review.boundary.understood import Understanding
from geo_review.city import PUYANG
from geo_review.report.document import to_bytes
from geo_review.report.understanding_document import understanding_document
from geo_review.report.understanding_facts import understanding_facts
from geo_review.report.understanding_issues import issue_lines
from geo_review.report.understanding_map import understanding_map
from geo_review.report.understanding_overview import Spot, overview_svg
from geo_review.report.understanding_parcels import parcel_lines

_MOST = 200  # issues and parcels, as a page has it


def show(seen: Understanding) -> bytes:
    """Return the words and drawings as they would be sent."""
    document = understanding_document(seen)
    issues = issue_lines(document)[:_MOST]
    said: list[object] = [understanding_facts(document), issues, parcel_lines(document, _MOST)]
    spots = []
    if document["extent"] is not None:
        west, south, east, north = document["extent"]
        spots.append(Spot(lon_deg=(west + east) / 2, lat_deg=(south + north) / 2))
    said.append(overview_svg(PUYANG, spots))
    if seen.boundary is not None or len(document["issues"]) % 5 == 0:  # the map takes as long as everything else
        said.append(understanding_map(document, issues, [], [], city=PUYANG, leaflet="/leaflet"))
    if seen.refusal is not None:
        said.append([str(seen.refusal), seen.refusal.code, seen.refusal.remedy])
    return to_bytes(document) + "\n".join(map(str, said)).encode()
