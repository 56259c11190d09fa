"""Whether a rule applies to a project (`when`). What was not said of the project, or said wrongly, is not guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from geo_review.rules.rulebook import Rule, Rulebook


class Applies(Enum):
    """Four answers, for a rule may hang on a fact that nobody gave, or on a value that nobody knows."""

    YES = auto()
    NO = auto()
    MISSING = auto()  # the project says nothing of the key
    UNKNOWN_VALUE = auto()  # the rulebook lists the key's values, and the project's is none of them


@dataclass(frozen=True, kw_only=True, slots=True)
class Application:
    """The answer, and the key of ``when`` it hangs on."""

    answer: Applies
    key: str = ""


def applies(rule: Rule, project: Mapping[str, str], rulebook: Rulebook) -> Application:
    """Return whether a rule applies: every key of ``when`` must match one of its values.

    One key that does not match settles it; otherwise one that is missing or unknown leaves it open.
    """
    undecided: Application | None = None
    for key, allowed in (rule.when or {}).items():
        value = project.get(key)
        if value is None:
            undecided = undecided or Application(answer=Applies.MISSING, key=key)
        elif key in rulebook.values and value not in rulebook.values[key]:
            undecided = undecided or Application(answer=Applies.UNKNOWN_VALUE, key=key)
        elif value not in allowed:
            return Application(answer=Applies.NO, key=key)
    return undecided or Application(answer=Applies.YES)
