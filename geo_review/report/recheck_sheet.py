"""The list of a re-check as a workbook (XLSX): a row a project and rule. Same list, same bytes; no formulas."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import xlsxwriter

from geo_review.wording import say

_WRITTEN = datetime(2000, 1, 1)  # noqa: DTZ001 of the file itself: the same list gives the same bytes
_COLUMNS = ("change", "code", "name", "rule", "before", "after", "area_before", "area_after", "sentence")
_WIDTHS = (14, 26, 36, 28, 10, 10, 20, 20, 70)


def recheck_workbook(document: Mapping[str, Any]) -> bytes:
    """Return the bytes of a workbook: the projects on the first sheet, what they were judged by on the second."""
    stream = io.BytesIO()
    # Texts of users stay texts: a name that begins with "=" is no formula, an address no link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"created": _WRITTEN})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        area = book.add_format({"num_format": "#,##0.00"})
        sheet = book.add_worksheet(say("recheck.sheet_projects"))
        for column, (name, width) in enumerate(zip(_COLUMNS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, say(f"recheck.column_{name}"), head)
        sheet.freeze_panes(1, 0)
        row = 0
        for project in document["projects"]:
            for rule in project["rules"]:
                row += 1
                for column, text in enumerate(_texts(project, rule)):
                    sheet.write_string(row, column if column < 6 else 8, text)
                sheet.write_number(row, 6, rule["before"]["area_planar_m2"], area)
                sheet.write_number(row, 7, rule["after"]["area_planar_m2"], area)
        sheet.autofilter(0, 0, max(row, 1), len(_COLUMNS) - 1)
        facts = book.add_worksheet(say("recheck.sheet_facts"))
        facts.set_column(0, 0, 24)
        facts.set_column(1, 1, 60)
        for number, (name, value) in enumerate(_facts(document)):
            facts.write_string(number, 0, say(f"recheck.fact_{name}"), head)
            facts.write_string(number, 1, value)
    return stream.getvalue()


def _texts(project: Mapping[str, Any], rule: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        say(f"recheck.change_{project['change']}"),
        project["code"],
        project["name"],
        rule["title"],
        say(f"report.outcome_{rule['before']['outcome']}"),
        say(f"report.outcome_{rule['after']['outcome']}"),
        project["sentence"],
    )


def _facts(document: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    book = document["rulebook"]
    return (
        ("layer", f"{document['layer']['code']} {document['layer']['title']}"),
        ("from", document["from"]["version"]),
        ("to", document["to"]["version"]),
        ("as_of", document["as_of"]),
        ("rulebook", f"{book['id']} {book['edition']}"),
        ("added", f"{document['area_added_m2']:,.2f}"),
        ("removed", f"{document['area_removed_m2']:,.2f}"),
        ("live", str(document["live_projects"])),
        ("rechecked", str(document["rechecked"])),
    )
