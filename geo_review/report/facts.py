"""The facts of a review as labelled lines: project, red line, rulebook. Formats values, decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo_review.report.labels import crs_text, label
from geo_review.rules.flows import flows
from geo_review.wording import say
from geo_review.wording.figures import hectares, metres, mu, percent, square_metres

Document = Mapping[str, Any]

_PROJECT_KEYS = {"XMDM": "code", "XMMC": "name", "JSDW": "unit"}
_NOT_SHOWN = frozenset({"sample"})
_SAME_SHARE = 0.0001  # declared areas are rounded: what is below 0.01 % is no difference


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One labelled line. ``is_code`` asks for a type face in which 0 and O differ."""

    label: str
    value: str
    is_code: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ParcelRow:
    """One parcel of the red line."""

    number: str
    name: str
    use: str
    area: str
    mu: str
    declared: str


def project_facts(document: Document) -> tuple[Fact, ...]:
    """Return what is known of the project: the values it was reviewed with."""
    return tuple(
        Fact(label=label("project", _PROJECT_KEYS.get(key, key)), value=_flow_title(value) if key == "flow" else value)
        for key, value in document["project"].items()
        if key not in _NOT_SHOWN
    )


def boundary_facts(document: Document) -> tuple[Fact, ...]:
    """Return what is known of the red line: the file, how its coordinates were read, its areas, its digests."""
    boundary = document["boundary"]
    file, crs = boundary["file"], boundary["crs"]
    about_file = say(
        "report.file_facts", format=label("format", boundary["format"]), size=format(file["size_bytes"], ",")
    )
    return (
        Fact(label=say("report.file"), value=f"{file['name']}（{about_file}）"),
        Fact(label=say("report.crs"), value=crs_text(crs["epsg"])),
        Fact(label=say("report.crs_reason"), value=crs["reason"]),
        Fact(label=say("report.measuring"), value=crs_text(boundary["measuring_epsg"])),
        Fact(label=say("report.parcels"), value=str(boundary["parcels"])),
        Fact(label=say("report.area_planar"), value=_area(boundary["area_planar_m2"])),
        Fact(label=say("report.area_ellipsoidal"), value=_area(boundary["area_ellipsoidal_m2"])),
        Fact(label=say("report.area_declared"), value=_declared(boundary)),
        Fact(label=say("report.sha256"), value=file["sha256"], is_code=True),
        Fact(label=say("report.sm3"), value=file["sm3"], is_code=True),
    )


def version_facts(document: Document, document_sha256: str) -> tuple[Fact, ...]:
    """Return what the review was made with, so that it can be made again."""
    rulebook = document["rulebook"]
    engine = "，".join(f"{name} {version}" for name, version in document["engine"].items())
    width = say("report.contact_width_value", metres=metres(rulebook["contact_width_m"]))
    return (
        Fact(
            label=say("report.rulebook"),
            value=say("report.rulebook_value", id=rulebook["id"], edition=rulebook["edition"]),
        ),
        Fact(label=say("report.rulebook_sha256"), value=rulebook["sha256"], is_code=True),
        Fact(label=say("report.contact_width"), value=width),
        Fact(label=say("report.engine"), value=engine),
        Fact(label=say("report.document_sha256"), value=document_sha256, is_code=True),
    )


def parcel_rows(document: Document) -> tuple[ParcelRow, ...]:
    """Return the parcels, in file order."""
    return tuple(
        ParcelRow(
            number=parcel["code"] or str(parcel["number"]),
            name=parcel["name"] or "",
            use=parcel["use"] or "",
            area=square_metres(parcel["area_planar_m2"]),
            mu=mu(parcel["area_planar_m2"]),
            declared="" if parcel["area_declared_m2"] is None else square_metres(parcel["area_declared_m2"]),
        )
        for parcel in document["boundary"]["parcel_list"]
    )


def _flow_title(slug: str) -> str:
    """Return the title of an approval flow; a slug that is not of this city is shown as it is."""
    return next((flow.title for flow in flows() if flow.slug == slug), slug)


def _area(area_m2: float) -> str:
    return say("report.area_all_units", m2=square_metres(area_m2), hectares=hectares(area_m2), mu=mu(area_m2))


def _declared(boundary: Document) -> str:
    declared_m2, planar_m2 = boundary["area_declared_m2"], boundary["area_planar_m2"]
    if declared_m2 is None:
        return say("report.area_not_declared")
    difference_m2 = declared_m2 - planar_m2
    if not planar_m2 or abs(difference_m2) / planar_m2 < _SAME_SHARE:
        return f"{_area(declared_m2)}，{say('report.area_same')}"
    sign = "+" if difference_m2 > 0 else "−"
    compared = say(
        "report.area_difference",
        difference=sign + square_metres(abs(difference_m2)),
        share=sign + percent(abs(difference_m2) / planar_m2),
    )
    return f"{_area(declared_m2)}，{compared}"
