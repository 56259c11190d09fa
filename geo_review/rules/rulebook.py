"""The values of a rulebook, checked by pydantic; the shape of the TOML is contract. Reads no file (see `load`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

# Wide enough for any clause, and finite in every projected CRS: 1e300 would drown the ground in its own buffer.
FARTHEST_M = 1_000_000.0


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


class Outside(StrEnum):
    """What land outside a ``must_within`` line means: refused, or possible after the department's opinion."""

    FORBID = "forbid"
    CONSULT = "consult"


_BUFFERS = frozenset({RuleKind.BUFFER_FORBID, RuleKind.BUFFER_CONSULT})
_COMPARE = frozenset({RuleKind.COMPARE})
FIELDS_OF_KINDS: Mapping[str, frozenset[RuleKind]] = {
    "distance_m": _BUFFERS,
    "attribute": _COMPARE,
    "operator": _COMPARE,
    "outside": frozenset({RuleKind.MUST_WITHIN}),
}
_NEEDED = ("distance_m", "attribute", "operator")


def fields_lacking(kind: RuleKind, given: Collection[str]) -> tuple[str, ...]:
    """Return the fields that a rule of this kind needs and does not have."""
    return tuple(name for name in _NEEDED if kind in FIELDS_OF_KINDS[name] and name not in given)


def fields_out_of_place(kind: RuleKind, given: Collection[str]) -> tuple[str, ...]:
    """Return the fields that a rule has and that belong to other kinds only."""
    return tuple(name for name, kinds in FIELDS_OF_KINDS.items() if kind not in kinds and name in given)


def _one_or_many(values: object) -> object:
    return (values,) if isinstance(values, str) else values


# Strict: `ignore_below_m2 = "5"` or `= true` is a slip of the pen, and a review must not hang on a guess about it.
# Enums and tuples are lax, for TOML has only strings and arrays.
_Text = Annotated[str, Field(pattern=r"\S")]
_Code = Annotated[str, Field(pattern=r"^[^\s/\\.]+$")]  # the stem of a layer's file, so no separator and no dot
_Values = Annotated[tuple[_Text, ...], BeforeValidator(_one_or_many), Field(min_length=1, strict=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Tolerance(_Strict):
    """The published sliver policy: a part of an overlap narrower than ``contact_width_m`` is technical contact."""

    contact_width_m: float = Field(default=0.02, ge=0.0, le=1.0, allow_inf_nan=False)


class Rule(_Strict):
    """One control line and what it means."""

    id: _Text
    layer: _Code
    kind: RuleKind = Field(strict=False)
    title: _Text
    ignore_below_m2: float = Field(default=0.0, ge=0.0, allow_inf_nan=False)
    distance_m: float | None = Field(default=None, gt=0.0, le=FARTHEST_M, allow_inf_nan=False)
    outside: Outside | None = Field(default=None, strict=False)  # None: land outside the line is forbidden
    attribute: _Text | None = None
    operator: Operator | None = Field(default=None, strict=False)
    when: Annotated[Mapping[_Text, _Values], Field(min_length=1)] | None = None
    department: _Text | None = None
    respond_within_workdays: int | None = Field(default=None, ge=1, le=365)
    basis: _Text | None = None
    basis_confirmed: bool = True  # false: carried from practice, to be confirmed by the planning department
    note: _Text | None = None

    @model_validator(mode="after")
    def _fields_fit_the_kind(self) -> Self:
        given = {name for name in FIELDS_OF_KINDS if getattr(self, name) is not None}
        if lacking := fields_lacking(self.kind, given):
            raise ValueError(f"{self.kind} needs {', '.join(lacking)}")
        if astray := fields_out_of_place(self.kind, given):
            raise ValueError(f"{self.kind} has no {', '.join(astray)}")
        return self


class Rulebook(_Strict):
    """One edition. ``sha256`` is of the bytes of the TOML file and is set by the loader, never written in the file."""

    id: _Text
    edition: _Text
    title: _Text | None = None
    tolerance: Tolerance = Field(default_factory=Tolerance)
    departments: Mapping[_Text, _Text] = Field(default_factory=dict)  # code → name, for people
    values: Mapping[_Text, _Values] = Field(default_factory=dict)  # what a key of `when` may be, where that is known
    rule: tuple[Rule, ...] = Field(min_length=1, strict=False)
    sha256: str = Field(default="", exclude=True)

    @property
    def layer_codes(self) -> tuple[str, ...]:
        """The codes of the layers it asks for, each once, in the order of the rules."""
        return tuple(dict.fromkeys(rule.layer for rule in self.rule))

    @property
    def reach_m(self) -> float:
        """The largest distance at which any rule looks beyond the red line."""
        return max((rule.distance_m or 0.0 for rule in self.rule), default=0.0)

    def department_name(self, code: str) -> str:
        """Return the department's name for people, the code itself where the rulebook gives none."""
        return self.departments.get(code, code)
