"""What an import of a folder writes: a list of refusals as it goes, a table, a document. Imports nothing itself."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from geo_review.commands.file_outputs import reason_of
from geo_review.errors import InvalidOption
from geo_review.report.labels import label
from geo_review.usecases.import_folder import FileOutcome, Outcome
from geo_review.wording import say
from geo_review.wording.figures import square_metres

_COLUMNS = ("file", "code", "places", "sentence", "remedy")
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDTH_IN_A_LOG = 120


class RefusalList:
    """The CSV of refusals, a line as soon as there is one; without any, there is no file in the end.

    UTF-8 with a mark, as Excel wants it. What Excel would take for a formula gets an apostrophe: names of files are a
    stranger's.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        try:
            self._stream = path.open("w", encoding="utf-8-sig", newline="")
        except OSError as failure:
            raise InvalidOption(
                code="cannot_write",
                message=say("cli.cannot_write", path=path, reason=reason_of(failure)),
                remedy=say("cli.cannot_write_remedy"),
            ) from failure
        self._lines = csv.writer(self._stream)
        self._write([say(f"import.list_{name}") for name in _COLUMNS])

    def __enter__(self) -> RefusalList:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()
        if self.count == 0 and self.path.is_file():
            self.path.unlink()

    def add(self, outcome: FileOutcome) -> None:
        """Write the line of a refused file."""
        assert outcome.refusal is not None
        refusal = outcome.refusal
        self.count += 1
        cells = (outcome.file, refusal.code, "\n".join(refusal.lines), refusal.message, refusal.remedy or "")
        self._write([_harmless(cell) for cell in cells])

    def _write(self, cells: Sequence[str]) -> None:
        self._lines.writerow(cells)
        self._stream.flush()


class Tally:
    """What came out so far, by format and outcome."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, Outcome]] = Counter()
        self.planar_area_m2 = 0.0
        self.outcomes: list[FileOutcome] = []

    def add(self, outcome: FileOutcome) -> None:
        """Count a file."""
        self.counts[outcome.format or "", outcome.outcome] += 1
        self.planar_area_m2 += outcome.planar_area_m2 or 0.0
        self.outcomes.append(outcome)

    def of(self, outcome: Outcome, format_name: str | None = None) -> int:
        """How many files came out so, of one format or of all."""
        return sum(
            count
            for (name, found), count in self.counts.items()
            if found is outcome and (format_name is None or name == format_name)
        )

    @property
    def formats(self) -> list[str]:
        """The formats met, the unknown one (``""``) last."""
        return sorted({name for name, _ in self.counts}, key=lambda name: (not name, name))


def summary_table(tally: Tally, *, seconds: float, dry_run: bool) -> str:
    """Return the table of formats and outcomes, and the line below it."""
    good = Outcome.ACCEPTABLE if dry_run else Outcome.STORED
    shown = (good, Outcome.ALREADY_STORED, Outcome.REFUSED)
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column(say("import.column_format"))
    for outcome in shown:
        table.add_column(say(f"import.outcome_{outcome}"), justify="right")
    table.add_column(say("import.column_files"), justify="right")
    for name in tally.formats:
        counts = [tally.of(outcome, name) for outcome in shown]
        shown_name = label("format", name) if name else say("import.format_unknown")
        table.add_row(Text(shown_name), *(str(count) for count in counts), str(sum(counts)))
    sums = [tally.of(outcome) for outcome in shown]
    if len(tally.formats) > 1:
        table.add_section()
        table.add_row(say("import.total"), *(str(count) for count in sums), str(sum(sums)))
    written = io.StringIO()
    console = Console(file=written, width=_WIDTH_IN_A_LOG, color_system=None)
    console.print(table)
    files = sum(sums)
    sentence = say(
        "import.summary",
        files=files,
        area=square_metres(tally.planar_area_m2),
        seconds=f"{seconds:.1f}",
        rate=f"{files / max(seconds, 1e-9):.0f}",
    )
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines() if line.strip()) + f"\n{sentence}"


def import_document(tally: Tally, *, seconds: float, refusals: Path | None) -> dict[str, Any]:
    """Return the outcome of an import as JSON has it."""
    files = len(tally.outcomes)
    return {
        "files": files,
        **{str(outcome): tally.of(outcome) for outcome in Outcome},
        "area_planar_m2": tally.planar_area_m2,
        "seconds": seconds,
        "files_per_s": files / max(seconds, 1e-9),
        "refusals": None if refusals is None else str(refusals),
        "formats": {
            name or "unknown": {str(outcome): tally.of(outcome, name) for outcome in Outcome} for name in tally.formats
        },
        "results": [_result(outcome) for outcome in tally.outcomes],
    }


def _result(outcome: FileOutcome) -> dict[str, Any]:
    refusal = outcome.refusal
    return {
        "file": outcome.file,
        "code": outcome.code,
        "outcome": str(outcome.outcome),
        "format": outcome.format,
        "version": outcome.version,
        "area_planar_m2": outcome.planar_area_m2,
        "refusal": None
        if refusal is None
        else {
            "code": refusal.code,
            "message": refusal.message,
            "remedy": refusal.remedy,
            "lines": list(refusal.lines),
        },
    }


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_STARTS_A_FORMULA) else cell
