"""The review as people read it: every figure formatted, every code in words. Table, PDF and page only lay it out."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from geo_review.boundary.model import Place
from geo_review.report.conclusion import Conclusion, conclude
from geo_review.report.document import to_bytes
from geo_review.report.facts import Fact, ParcelRow, boundary_facts, parcel_rows, project_facts, version_facts
from geo_review.report.labels import label
from geo_review.report.legible import legible_values
from geo_review.report.reading_order import NumberedPart, in_reading_order, numbered_parts
from geo_review.report.result_rows import PartRow, RepairRow, ResultRow, part_row, repair_rows, result_row

_VERIFICATION_DIGITS = 16
_MOST_REPAIRS = 20  # a layer may have hundreds; the JSON has all of them


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueRow:
    """One thing that is wrong or worth knowing in the red-line file."""

    severity: str
    severity_word: str
    place: str
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SkippedRow:
    """One rule that does not apply to this project."""

    rule_id: str
    title: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """One review, ready to be laid out. Results and parts are in reading order."""

    as_of: str
    is_sample: bool
    conclusion: Conclusion
    project: tuple[Fact, ...]
    boundary: tuple[Fact, ...]
    parcels: tuple[ParcelRow, ...]
    results: tuple[ResultRow, ...]
    parts: tuple[PartRow, ...]
    issues: tuple[IssueRow, ...]
    not_applicable: tuple[SkippedRow, ...]
    repairs: tuple[RepairRow, ...]
    repairs_left_out: int
    notes: tuple[str, ...]
    versions: tuple[Fact, ...]
    verification: str


def to_sheet(document: dict[str, Any]) -> Sheet:
    """Return the sheet of a document. Names from files are made legible; escaping is left to the rendering."""
    document_sha256 = hashlib.sha256(to_bytes(document)).hexdigest()
    document = legible_values(document)
    parts = tuple(numbered_parts(document))
    numbers = _numbers_by_rule(parts)
    results = in_reading_order(document)
    repairs = tuple(dict.fromkeys(repair for result in results for repair in repair_rows(result)))
    measuring_epsg, planar_m2 = document["boundary"]["measuring_epsg"], document["boundary"]["area_planar_m2"]
    return Sheet(
        as_of=document["as_of"],
        is_sample=is_sample(document),
        conclusion=conclude(document),
        project=project_facts(document),
        boundary=boundary_facts(document),
        parcels=parcel_rows(document),
        results=tuple(result_row(result, numbers[result["rule_id"]], planar_m2) for result in results),
        parts=tuple(part_row(part, measuring_epsg) for part in parts),
        issues=tuple(_issue(issue) for issue in document["boundary"]["issues"]),
        not_applicable=tuple(
            SkippedRow(rule_id=skipped["rule_id"], title=skipped["title"], reason=skipped["reason"])
            for skipped in document["not_applicable"]
        ),
        repairs=repairs[:_MOST_REPAIRS],
        repairs_left_out=max(0, len(repairs) - _MOST_REPAIRS),
        notes=tuple(document["notes"]),
        versions=version_facts(document, document_sha256),
        verification=_in_fours(document_sha256[:_VERIFICATION_DIGITS].upper()),
    )


def is_sample(document: Mapping[str, Any]) -> bool:
    """Tell whether the review is of made-up data, which every page of it must say."""
    return bool(document["project"].get("sample") == "1")


def _numbers_by_rule(parts: Iterable[NumberedPart]) -> Mapping[str, list[int]]:
    numbers: dict[str, list[int]] = defaultdict(list)
    for part in parts:
        numbers[part.result["rule_id"]].append(part.number)
    return numbers


def _issue(issue: Mapping[str, Any]) -> IssueRow:
    return IssueRow(
        severity=issue["severity"],
        severity_word=label("severity", issue["severity"]),
        place=str(Place(**issue["where"])),
        message=issue["message"],
    )


def _in_fours(digits: str) -> str:
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
