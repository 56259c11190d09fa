"""The one small set of colours of reports, maps and pages. Colour never stands alone: every outcome has a sign too.

Every ``ink`` has a contrast of at least 4.5:1 on white, on ``paper`` and on its own ``tint`` (WCAG 2.1, 1.4.3), and
the four verdicts stay apart under protanopia and deuteranopia; both are tested.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Swatch:
    """``ink`` for text, lines and solid badges with white text; ``tint`` for the ground behind that ink."""

    ink: str
    tint: str


PASS = Swatch(ink="#00735C", tint="#E3F3EE")  # green, towards blue
CONSULT = Swatch(ink="#8F5B00", tint="#FBF0DA")  # amber
FAIL = Swatch(ink="#9E1B32", tint="#FAE5E8")  # red
INCOMPLETE = Swatch(ink="#4A5F7A", tint="#E8EDF3")  # grey-blue
NOTIFY = Swatch(ink="#1D62A1", tint="#E2EEF9")  # blue

INK = "#1E252C"
MUTED = "#56616B"
LINE = "#CBD2D9"
PAPER = "#F7F8F9"
RED_LINE = "#D4001A"  # 用地红线 is drawn in red by custom, heavier than any finding
NEIGHBOUR = "#7D5FA0"  # red lines of other projects

BY_OUTCOME: Mapping[str, Swatch] = {
    "pass": PASS,
    "notify": NOTIFY,
    "consult": CONSULT,
    "fail": FAIL,
    "not_covered": INCOMPLETE,
    "not_evaluated": INCOMPLETE,
}
# How sure the machine is of what it understood of a file; the severities of its issues are among them.
BY_STATUS: Mapping[str, Swatch] = {
    "ok": PASS,
    "info": NOTIFY,
    "warning": CONSULT,
    "error": FAIL,
    "open": INCOMPLETE,
}
BY_VERDICT: Mapping[str, Swatch] = {"pass": PASS, "consult": CONSULT, "fail": FAIL, "incomplete": INCOMPLETE}

# Control lines round a red line are background: muted, in the order they come, and named in the legend.
CONTEXT = ("#7A8B5C", "#6C8EA8", "#9A7FA6", "#A98B62", "#5F9590", "#A07878", "#7F7F9E", "#8A8A6E")
