"""Every error a caller can act on, one leaf a case. Data problems that can be lived with are values, not errors.

GeoReviewError
├── RefusedInput                 exit status 2, HTTP 4xx: the input or the call was refused, nothing was stored
│   ├── UnreadableBoundary       the red-line file cannot be understood
│   │   └── ChoiceNeeded         the file holds several layers: the user says which one
│   ├── UnknownCrs               the coordinates have no reference system and none may be guessed
│   ├── InvalidBoundary          the red line was read, and its geometry is wrong at named places
│   ├── UnreadableLayer          a control-layer file or folder cannot be understood
│   ├── InvalidLayer             a control layer was read, and its content is wrong at named places
│   ├── InvalidRulebook          a rulebook has a mistake on a named line
│   └── InvalidOption            an option or a field of the call has an impossible value
├── NotFound                     HTTP 404
│   ├── UnknownProject, UnknownBoundary, UnknownReview, UnknownLayer, UnknownRulebook,
│   ├── UnknownImport, UnknownRecheck
├── Conflict                     HTTP 409
│   ├── ProjectExists, LayerVersionExists
│   ├── ConfirmationNeeded       what was asked for is rarely meant: it is done once the user types what it is
├── NotAllowed                   HTTP 403: somebody else has to do it
├── TooLarge                     HTTP 413: an upload, a layer or an answer is above a stated limit
├── ParserUnavailable            HTTP 503: there is no process to be had that reads a file safely
└── ClusterUnavailable           the embedded PostGIS cannot be started (exit status 2)
    └── MissingPrograms          Debian packages are missing; carries the one line to run
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(kw_only=True)
class GeoReviewError(Exception):
    """The root. ``message`` is for users (Chinese, from the wording catalogue); ``lines`` name the places.

    ``code`` is stable and goes into problem+json and the command line; ``remedy`` says what to do.
    """

    code: str
    message: str
    remedy: str | None = None
    lines: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        super().__init__(self.message)

    def __str__(self) -> str:
        return "\n".join([self.message, *(f"  {line}" for line in self.lines), *([self.remedy] if self.remedy else [])])


class RefusedInput(GeoReviewError):
    """The input or the call was refused, and nothing was stored."""


class UnreadableBoundary(RefusedInput):
    """The red-line file cannot be understood."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """``value`` is what to ask for (`--layer`), ``label`` what it is, for people."""

    value: str
    label: str


@dataclass(kw_only=True)
class ChoiceNeeded(UnreadableBoundary):
    """The red-line file holds several layers, tables, sheets or members, and the user says which one."""

    choices: tuple[Choice, ...]


class UnknownCrs(RefusedInput):
    """The coordinates have no reference system and none may be guessed."""


class InvalidBoundary(RefusedInput):
    """The red line was read, and its geometry is wrong at named places."""


class UnreadableLayer(RefusedInput):
    """A control-layer file or folder cannot be understood."""


class InvalidLayer(RefusedInput):
    """A control layer was read, and its content is wrong at named places."""


class InvalidRulebook(RefusedInput):
    """A rulebook has a mistake on a named line."""


class InvalidOption(RefusedInput):
    """An option or a field of the call has an impossible value."""


class NotFound(GeoReviewError):
    """What was asked for does not exist."""


class UnknownProject(NotFound):
    """No project has this code."""


class UnknownBoundary(NotFound):
    """The project has no red line of this version."""


class UnknownReview(NotFound):
    """No review has this number."""


class UnknownLayer(NotFound):
    """No control layer has this code and version."""


class UnknownRulebook(NotFound):
    """No rulebook has this name."""


class UnknownImport(NotFound):
    """No file waits under this token: it is expired, was dropped, or never was."""


class UnknownRecheck(NotFound):
    """No re-check has this number."""


class Conflict(GeoReviewError):
    """The state of the store does not allow it."""


class ProjectExists(Conflict):
    """A project of this code is already stored."""


class LayerVersionExists(Conflict):
    """This version of the layer is already stored, with other content."""


class ConfirmationNeeded(Conflict):
    """What was asked for is rarely meant: it is done once the user types what it is."""


class NotAllowed(GeoReviewError):
    """This person may not do it; somebody else may."""


class TooLarge(GeoReviewError):
    """An upload, a layer or an answer is above a stated limit."""


class ParserUnavailable(GeoReviewError):
    """There is no process to be had that reads a stranger's file safely."""


class ClusterUnavailable(GeoReviewError):
    """The embedded PostGIS cannot be started."""


class MissingPrograms(ClusterUnavailable):
    """Debian packages are missing; ``remedy`` is the one line to run."""
