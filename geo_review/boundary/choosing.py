"""The refusal of a file with several layers: which there are, and how to say which one. Chooses none."""

from __future__ import annotations

from collections.abc import Sequence

from geo_review.errors import Choice, ChoiceNeeded
from geo_review.wording import say


def choice_needed(code: str, choices: Sequence[Choice], *, asked: str | None = None, **values: object) -> ChoiceNeeded:
    """Return the refusal, its sentence ``files.<code>``; for a layer that was asked for in vain, ``unknown_choice``."""
    return ChoiceNeeded(
        code=code if asked is None else "unknown_choice",
        message=say(f"files.{code}", **values) if asked is None else say("files.unknown_choice", layer=asked),
        remedy=say("files.choice_remedy", example=choices[0].value),
        lines=tuple(choice.label for choice in choices),
        choices=tuple(choices),
    )
