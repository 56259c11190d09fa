"""The verdict in words: its sign, its one sentence, and how many rules said what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo_review.report.labels import label
from geo_review.report.reading_order import WORST_FIRST, in_reading_order
from geo_review.wording import say

_UNFINISHED = ("not_covered", "not_evaluated")
_TITLES_IN_A_SENTENCE = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class OutcomeCount:
    """How many rules had this outcome."""

    outcome: str
    sign: str
    word: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Conclusion:
    """The verdict box of every rendering."""

    verdict: str
    sign: str
    word: str
    sentence: str
    total: str
    counts: tuple[OutcomeCount, ...]


def conclude(document: Mapping[str, Any]) -> Conclusion:
    """Return the verdict of the document in words; nothing is decided again here."""
    verdict = document["verdict"]
    counted = Counter(result["outcome"] for result in document["results"])
    return Conclusion(
        verdict=verdict,
        sign=label("sign", verdict),
        word=label("verdict", verdict),
        sentence=_sentence(document, counted),
        total=say("report.counts_total", count=len(document["results"])),
        counts=tuple(
            OutcomeCount(
                outcome=outcome, sign=label("sign", outcome), word=label("outcome", outcome), count=counted[outcome]
            )
            for outcome in WORST_FIRST
            if counted[outcome]
        ),
    )


def _sentence(document: Mapping[str, Any], counted: Counter[str]) -> str:
    verdict = document["verdict"]
    unfinished = sum(counted[outcome] for outcome in _UNFINISHED)
    if verdict == "pass":
        key = "report.conclusion_pass_notify" if counted["notify"] else "report.conclusion_pass"
        return say(
            key, count=len(document["results"]), notified=counted["notify"], titles=_titles(document, ("notify",))
        )
    decisive = {"fail": ("fail",), "incomplete": _UNFINISHED, "consult": ("consult",)}[verdict]
    sentences = [
        say(
            f"report.conclusion_{verdict}",
            count=sum(counted[outcome] for outcome in decisive),
            titles=_titles(document, decisive),
        )
    ]
    if verdict == "fail" and unfinished:
        sentences.append(say("report.conclusion_also_incomplete", count=unfinished))
    if verdict in ("fail", "incomplete") and counted["consult"]:
        sentences.append(say("report.conclusion_also_consult", count=counted["consult"]))
    return "".join(sentences)


def _titles(document: Mapping[str, Any], outcomes: tuple[str, ...]) -> str:
    titles = list(
        dict.fromkeys(result["title"] for result in in_reading_order(document) if result["outcome"] in outcomes)
    )
    named = "、".join(titles[:_TITLES_IN_A_SENTENCE])
    return say("report.and_more", titles=named) if len(titles) > _TITLES_IN_A_SENTENCE else named
