"""Whether a rule applies to a project (`when`). What was not said of the project is not guessed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto

from geo_review.rules.rulebook import Rule


class Applies(Enum):
    """Three answers, for a rule may hang on a fact that nobody gave."""

    YES = auto()
    NO = auto()
    UNKNOWN = auto()


def applies(rule: Rule, project: Mapping[str, str]) -> tuple[Applies, str | None]:
    """Return the answer and the key it hangs on: every key of ``when`` must match one of its values.

    One key that does not match settles it; otherwise one that is missing leaves it open.
    """
    missing: str | None = None
    for key, allowed in (rule.when or {}).items():
        if key not in project:
            missing = missing or key
        elif project[key] not in allowed:
            return Applies.NO, key
    return (Applies.UNKNOWN, missing) if missing else (Applies.YES, None)
