"""The sample city as values: where its files are, and what each red line is expected to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from geo_review.review.findings import Verdict

SEED = 20190826  # the day of the policy document 濮审批便民办〔2019〕13号
AS_OF = date(2026, 11, 23)  # a day on which every sample layer is in force


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleProject:
    """One project and its red line. ``meets`` are the layers its land is placed on; ``why`` says what it shows."""

    code: str
    name: str
    county: str
    flow: str
    file: Path
    expected: Verdict
    why: str
    meets: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class RefusedFile:
    """A red-line file that must be refused, with the stable code of the refusal."""

    file: Path
    error: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleCity:
    """A written sample city. ``layers`` is a folder for `--layers`."""

    folder: Path
    seed: int
    layers: Path
    layer_codes: tuple[str, ...]
    projects: tuple[SampleProject, ...]
    refused: tuple[RefusedFile, ...]
