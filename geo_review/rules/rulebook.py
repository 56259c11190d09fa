"""The values of a rulebook, checked by pydantic; the shape of the TOML is contract. Reads no file (see `load`)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class RuleKind(StrEnum):
    """The seven kinds of rule; each has one check in `review.checks`."""

    FORBID = "forbid"  # no land inside the line
    MUST_WITHIN = "must_within"  # no land outside the line
    CONSULT = "consult"  # land inside the line: ask the department
    NOTIFY = "notify"  # land inside the line: tell the officer
    BUFFER_FORBID = "buffer_forbid"  # no land nearer than distance_m
    BUFFER_CONSULT = "buffer_consult"  # land nearer than distance_m: ask the department
    COMPARE = "compare"  # project value OPERATOR the plan's attribute

    @property
    def is_buffer(self) -> bool:
        return self in (RuleKind.BUFFER_FORBID, RuleKind.BUFFER_CONSULT)


class Operator(StrEnum):
    """How a project value must stand to the plan value: project OPERATOR plan."""

    AT_MOST = "<="
    AT_LEAST = ">="
    BELOW = "<"
    ABOVE = ">"
    EQUAL = "=="
    DIFFERENT = "!="


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Tolerance(_Strict):
    """The published sliver policy: a part of an overlap narrower than ``contact_width_m`` is technical contact."""

    contact_width_m: float = Field(default=0.02, ge=0.0, le=1.0, allow_inf_nan=False)


class Rule(_Strict):
    """One control line and what it means."""

    id: str = Field(min_length=1)
    layer: str = Field(min_length=1)
    kind: RuleKind
    title: str = Field(min_length=1)
    ignore_below_m2: float = Field(default=0.0, ge=0.0, allow_inf_nan=False)
    distance_m: float | None = Field(default=None, gt=0.0, allow_inf_nan=False)
    attribute: str | None = Field(default=None, min_length=1)
    operator: Operator | None = None
    when: Mapping[str, tuple[str, ...]] | None = None
    department: str | None = None
    respond_within_workdays: int | None = Field(default=None, ge=1)
    basis: str | None = None
    basis_confirmed: bool = True  # false: carried from practice, to be confirmed by the planning department
    note: str | None = None

    @model_validator(mode="after")
    def _fields_fit_the_kind(self) -> Self:
        if self.kind.is_buffer != (self.distance_m is not None):
            raise ValueError("distance_m belongs to buffer_forbid and buffer_consult, and they need it")
        if (self.kind is RuleKind.COMPARE) != (self.attribute is not None and self.operator is not None):
            raise ValueError("attribute and operator belong to compare, and it needs both")
        return self


class Rulebook(_Strict):
    """One edition. ``sha256`` is of the bytes of the TOML file and is set by the loader, never written in the file."""

    id: str = Field(min_length=1)
    edition: str = Field(min_length=1)
    title: str | None = None
    tolerance: Tolerance = Field(default_factory=Tolerance)
    rule: tuple[Rule, ...] = Field(min_length=1)
    sha256: str = Field(default="", exclude=True)

    @property
    def layer_codes(self) -> tuple[str, ...]:
        """The codes of the layers it asks for, each once, in the order of the rules."""
        return tuple(dict.fromkeys(rule.layer for rule in self.rule))

    @property
    def reach_m(self) -> float:
        """The largest distance at which any rule looks beyond the red line."""
        return max((rule.distance_m or 0.0 for rule in self.rule), default=0.0)
