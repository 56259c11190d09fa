"""The review on a terminal: a header, a row a control line, the verdict. Plain text wherever colour is not shown."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from geo_review.report.facts import Fact
from geo_review.report.folded import Folded
from geo_review.report.palette import BY_OUTCOME, BY_VERDICT, MUTED
from geo_review.report.result_rows import ResultRow
from geo_review.report.sheet import Sheet, to_sheet
from geo_review.wording import say
from geo_review.wording.spacing import close_up

_MUTED = f"dim {MUTED}"
_EMPTY = "—"
_MOST_REPAIRS = 5
_LINES_OF_A_REASON = 2


def print_table(document: dict[str, Any], console: Console) -> None:
    """Print a document; the console decides the width and whether there is colour."""
    console.print(render_table(document), highlight=False)


def render_table(document: dict[str, Any]) -> RenderableType:
    """Return a document as something rich can print. Every text goes in as `Text`, never as markup."""
    sheet = to_sheet(document)
    return Group(_title(sheet), _facts(sheet), _results(sheet.results), *_remarks(sheet), _verdict(sheet))


def _title(sheet: Sheet) -> Text:
    title = Text(say("report.title"), style="bold")
    if sheet.is_sample:
        title.append(f"　【{say('report.sample')}】", style=f"bold {BY_VERDICT['consult'].ink}")
    return title


def _facts(sheet: Sheet) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style=_MUTED)
    table.add_column(overflow="fold")
    rulebook = next(fact for fact in sheet.versions if fact.label == say("report.rulebook"))
    shown = [fact for fact in sheet.boundary if not fact.is_code]
    for fact in (*sheet.project, *shown, rulebook, Fact(label=say("report.as_of"), value=sheet.as_of)):
        table.add_row(Text(fact.label), Folded(fact.value))
    return table


def _results(rows: tuple[ResultRow, ...]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, expand=True, header_style="bold")
    table.add_column(say("report.column_outcome"), no_wrap=True)
    table.add_column(say("report.column_line_layer"), ratio=1, overflow="fold")
    for column in ("area", "mu", "share"):
        table.add_column(say(f"report.column_{column}"), justify="right", no_wrap=True)
    table.add_column(say("report.column_contact_or_distance"), no_wrap=True)
    for row in rows:
        table.add_row(
            Text(f"{row.sign} {row.word}", style=f"bold {BY_OUTCOME[row.outcome].ink}"),
            _line(row),
            Text(row.area or _EMPTY),
            Text(row.mu or _EMPTY),
            Text(row.share or _EMPTY),
            Text(row.nearness or _EMPTY),
        )
    return table


def _line(row: ResultRow) -> Group:
    """Return the title, the layer and its version, who is asked.

    What passed takes one line, so that what did not stands out. Why a check was not finished stands under the table:
    the column is too narrow for a sentence.
    """
    layer = f"{row.layer_code} {row.layer_version or say('report.layer_missing')}"
    if row.outcome == "pass":
        return Group(Folded(f"{row.title} {layer}", _MUTED))
    lines = [Folded(row.title), Folded(layer, _MUTED)]
    if row.outcome == "consult" and row.department:
        key = "report.ask_within" if row.workdays else "report.ask"
        lines.append(Folded(close_up(say(key, department=row.department, days=row.workdays))))
    lines += [
        Folded(
            f"{say('report.column_plan_value')} {comparison.plan_value} · "
            f"{say('report.column_project_value')} {comparison.project_value} · {comparison.kept}"
        )
        for comparison in row.comparisons
    ]
    return Group(*lines)


def _remarks(sheet: Sheet) -> list[RenderableType]:
    """Return what is to be known besides the results, each under its heading; nothing when there is nothing."""
    unfinished = [
        say("report.unfinished_line", title=row.title, code=row.layer_code, reason=row.reason)
        + (say("report.unfinished_part", share=row.uncovered_part) if row.uncovered_part else "")
        for row in sheet.results
        if row.outcome in ("not_covered", "not_evaluated")
    ]
    skipped = [f"{row.title}：{row.reason}" for row in sheet.not_applicable]
    issues = ["　".join(text for text in (row.severity_word, row.place, row.message) if text) for row in sheet.issues]
    blocks = (
        ("section_unfinished", unfinished),
        ("section_issues", issues),
        ("section_not_applicable", skipped),
        ("section_repairs", _repairs(sheet)),
        ("section_notes", list(sheet.notes)),
    )
    remarks: list[RenderableType] = []
    for heading, lines in blocks:
        if lines:
            remarks.append(Text(say(f"report.{heading}"), style="bold"))
            most_lines = _LINES_OF_A_REASON if heading == "section_unfinished" else None
            remarks += [_bullets(lines, most_lines), Text()]
    return remarks


def _repairs(sheet: Sheet) -> list[str]:
    """Return the first repairs and how many more there are: a layer may have hundreds."""
    lines = [
        say(
            "report.repair_line",
            layer=row.layer,
            feature=row.feature,
            reason=row.reason,
            before=row.before,
            after=row.after,
        )
        for row in sheet.repairs[:_MOST_REPAIRS]
    ]
    more = len(sheet.repairs) + sheet.repairs_left_out - _MOST_REPAIRS
    return [*lines, say("report.repairs_left_out", count=more)] if more > 0 else lines


def _bullets(lines: list[str], most_lines: int | None) -> Table:
    table = Table.grid(padding=(0, 1))
    for line in lines:
        table.add_row(Text("·"), Folded(line, most_lines=most_lines))
    return table


def _verdict(sheet: Sheet) -> Group:
    conclusion = sheet.conclusion
    counts = "，".join(
        f"{one.sign} {say('report.count_of_outcome', word=one.word, count=one.count)}" for one in conclusion.counts
    )
    return Group(
        Text(
            f"{conclusion.sign} {say('report.verdict')}：{conclusion.word}",
            style=f"bold {BY_VERDICT[conclusion.verdict].ink}",
        ),
        Folded(conclusion.sentence),
        Folded(f"{conclusion.total}：{counts}。{say('report.advisory')}。", _MUTED),
    )
