"""A refused form as the page tells it, beside the form: the reason, every place, and what to do there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from api.problems import FAULT, problem_of
from geo_review.errors import Choice, ChoiceNeeded, GeoReviewError
from geo_review.wording import LANGUAGE, say, sentences

_ACCEPT = re.compile(r"--accept (\w+)")
_FLOW = re.compile(r"--set flow=\S*")
_OPTIONS = ("crs", "as-of", "set", "rulebook")
_FIELD = re.compile(r"^(file|crs|as_of|set|code|name|flow|rulebook)：")


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """What was wrong with a form. ``link`` goes where it can be put right, when that is another page."""

    status: int
    code: str
    message: str
    lines: tuple[str, ...]
    remedy: str
    link: str = ""
    choices: tuple[Choice, ...] = ()
    asks_crs: bool = False  # the field for it is folded away until it is needed


def refusal_of(error: GeoReviewError, *, link: str = "") -> Refusal:
    """Return an error in the words of the form; a fault of ours is no refusal and goes on."""
    status = problem_of(error).status
    if status == FAULT:
        raise error
    choices = error.choices if isinstance(error, ChoiceNeeded) else ()
    own = sentences(LANGUAGE).get(f"site.remedy_{'choice' if choices else error.code}")
    return Refusal(
        status=status,
        code=error.code,
        message=in_form_words(error.message),
        lines=tuple(in_form_words(line) for line in error.lines),
        remedy=own or in_form_words(error.remedy or ""),
        link=link,
        choices=choices,
        asks_crs="--crs" in (error.remedy or ""),
    )


def in_form_words(text: str) -> str:
    """Call the options of the command line as the forms do."""
    text = text.replace("用户以 --crs 指定", say("site.crs_asked")).replace("KEY=VALUE", say("site.value_shape"))
    text = _FIELD.sub(lambda found: f"{sentences(LANGUAGE)[f'site.option_{found[1]}']}：", text)
    text = _ACCEPT.sub(lambda found: say("site.option_accept", issue=found[1]), text)
    text = _FLOW.sub(say("site.option_flow"), text)
    for option in _OPTIONS:
        text = text.replace(f"--{option}", sentences(LANGUAGE)[f"site.option_{option.replace('-', '_')}"])
    return text
