"""Comparing a project's value with a plan's value. Numbers as numbers, other text only for equality, else unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from geo_review.rules.rulebook import Operator

# What people write as a number; Decimal alone would take 1_000 and full-width digits, and 0701 is a code.
_PLAIN_NUMBER = re.compile(r"[+-]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?", re.ASCII)

_NUMBERS: Mapping[Operator, Callable[[Decimal, Decimal], bool]] = {
    Operator.AT_MOST: lambda project, plan: project <= plan,
    Operator.AT_LEAST: lambda project, plan: project >= plan,
    Operator.BELOW: lambda project, plan: project < plan,
    Operator.ABOVE: lambda project, plan: project > plan,
    Operator.EQUAL: lambda project, plan: project == plan,
    Operator.DIFFERENT: lambda project, plan: project != plan,
}


def compare_values(project: str | None, operator: Operator, plan: str | None) -> bool | None:
    """Return whether ``project OPERATOR plan`` holds, None when that cannot be known.

    Decimal, not float: 1.8 equals 1.80 and 0.30 is not 0.30000000000000004. ``35%`` is compared with a percentage
    only: against a bare 35 or 0.35 nobody knows what the plan meant. A code like 0701 is text.
    """
    if project is None or plan is None:
        return None
    project, plan = project.strip(), plan.strip()
    if project.endswith("%") and plan.endswith("%"):
        project, plan = project[:-1], plan[:-1]
    project_number, plan_number = _number(project), _number(plan)
    if project_number is not None and plan_number is not None:
        return _NUMBERS[operator](project_number, plan_number)
    if "%" not in project + plan and operator in (Operator.EQUAL, Operator.DIFFERENT):
        return (project == plan) is (operator is Operator.EQUAL)
    return None


def _number(text: str) -> Decimal | None:
    return Decimal(text) if _PLAIN_NUMBER.fullmatch(text) else None
