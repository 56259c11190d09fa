"""Chooses the layer of a drawing that is the red line, or refuses with all that could be. Believes no unit.

A layer is taken when its name, and no other's, says red line; or when it is the only one with outlines. What is off
or frozen is offered and never taken unasked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

import shapely

from geo_review.boundary.choosing import choice_needed
from geo_review.boundary.dxf_entities import LayerContent
from geo_review.boundary.dxf_refusals import refused
from geo_review.boundary.dxf_strokes import CannotDraw, Drawn, draw
from geo_review.boundary.model import BoundaryIssue, Severity
from geo_review.errors import Choice
from geo_review.wording import say

_MOST_CHOICES = 50
_COARSE = 1e-3  # of the drawing's extent: for a figure in a list
_SAME_POINT = 1e-3  # drawing units; only to tell which layers to offer

# Read from the top, the first that fits gives rank and reason. Names are compared without blanks, marks and case.
_NOT_RED_LINES = re.compile(
    r"道路|建筑|生态|保护|退[线让界]|河道|水系|绿[线地]|蓝线|紫线|黄线|文物|管线|铁路|公路|高压|规划路|等高|现状|地形"
    r"|点|注记|标注|文字|编号|图框|JZD|DIM|TEXT"
)
_RED_LINES = (
    (re.compile(r"红线|REDLINE|^RED$|^J?S?YDHX$|^XMHX$|^HX$"), "red_line"),
    (re.compile(r"用地(范围|界|边界)|[征拟]用?地|征收|项目范围|建设用地|范围线|^YDFWX?$|^XMFWX?$|^FWX$"), "extent"),
    (re.compile(r"界址线|宗地|地块|权属|^JZX$|^DK$|^ZD$|^ZDX$"), "parcel"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Candidate:
    content: LayerContent
    rank: int  # 0 the likeliest name
    reason: str  # words for people, empty when the name says nothing
    taken: bool  # may be taken unasked
    closed: int
    open: int
    area: float  # drawing units²


def choose_layer(layers: Sequence[LayerContent], asked: str | None) -> tuple[LayerContent, list[BoundaryIssue]]:
    """Return the layer, and what should be known of the others.

    Raises ChoiceNeeded when several could be the red line, or the one that is asked for has no outlines;
    UnreadableBoundary when no layer has any.
    """
    candidates = sorted(
        filter(None, map(_candidate, layers)), key=lambda found: (not found.taken, found.rank, -found.area)
    )
    if not candidates:
        named = "、".join(name for layer in layers for name in layer.references)
        raise refused("dxf_references_only", names=named) if named else refused("dxf_no_outlines")
    chosen = _named(candidates, asked) if asked is not None else _likeliest(candidates)
    if chosen is None:
        names = "、".join(found.content.name for found in candidates[:_MOST_CHOICES])
        choices = [Choice(value=found.content.name, label=_label(found)) for found in candidates[:_MOST_CHOICES]]
        raise choice_needed("dxf_several", choices, asked=asked, names=names)
    beside = "、".join(found.content.name for found in candidates if found is not chosen)
    values = {"layer": chosen.content.name, "beside": beside or say("dxf.no_others")}
    return chosen.content, [BoundaryIssue(code="dxf_layer_chosen", severity=Severity.INFO, values=values)]


def plain_name(name: str) -> str:
    """The name without blanks, marks, case and full width."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", name)).upper()


def _likeliest(candidates: Sequence[_Candidate]) -> _Candidate | None:
    red = [found for found in candidates if found.taken and found.reason]
    if len(red) == 1:
        return red[0]
    other = _NOT_RED_LINES.search(plain_name(candidates[0].content.name))
    return candidates[0] if len(candidates) == 1 and candidates[0].taken and not other else None


def _named(candidates: Sequence[_Candidate], asked: str) -> _Candidate | None:
    exact = [found for found in candidates if found.content.name == asked]
    alike = exact or [found for found in candidates if plain_name(found.content.name) == plain_name(asked)]
    return alike[0] if len(alike) == 1 else None


def _candidate(content: LayerContent) -> _Candidate | None:
    drawn = [line for line in (_coarse(piece.entity) for piece in content.pieces) if line is not None]
    closed = [line for line in drawn if line.closed or _meets_itself(line)]
    rank, reason = _rank(content.name)
    holds = bool(closed or content.hatches or _may_close(drawn))
    # A name that says red line is enough: what is wrong with its lines is told then, and not hidden in a choice.
    if not holds and not (reason and (content.pieces or content.unreadable or content.references)):
        return None
    visible = not (content.off or content.frozen) and content.name.upper() != "DEFPOINTS"
    rings = [line.points for line in closed if len(line.points) > 2]
    area = float(sum(shapely.area(shapely.polygons(points)) for points in rings))
    opened = len(content.pieces) - len(closed)
    return _Candidate(
        content=content, rank=rank, reason=reason, taken=visible, closed=len(closed), open=opened, area=area
    )


def _rank(name: str) -> tuple[int, str]:
    plain = plain_name(name)
    if not _NOT_RED_LINES.search(plain):
        for rank, (pattern, reason) in enumerate(_RED_LINES):
            if pattern.search(plain):
                return rank, say(f"dxf.name_{reason}")
    return len(_RED_LINES), ""


def _coarse(entity: object) -> Drawn | None:
    """The outline near enough for a list; None for what will be refused with its reason once it is chosen."""
    try:
        extent = draw(entity, 1e9).points  # type: ignore[arg-type]
        size = float(np.ptp(extent, axis=0).max()) if len(extent) else 0.0
        return draw(entity, max(size, 1e-6) * _COARSE)  # type: ignore[arg-type]
    except CannotDraw:
        return None


def _meets_itself(line: Drawn) -> bool:
    return len(line.points) > 2 and float(np.hypot(*(line.points[0] - line.points[-1]))) <= _SAME_POINT


def _may_close(drawn: Sequence[Drawn]) -> bool:
    """Whether open lines meet end to end somewhere so that a ring may come of them."""
    ends = np.array([line.points[[0, -1]] for line in drawn if not line.closed and len(line.points) > 1])
    if len(ends) < 2:
        return False
    _, counts = np.unique(np.round(ends.reshape(-1, 2) / _SAME_POINT), axis=0, return_counts=True)
    return bool((counts > 1).sum() > 1)


def _label(found: _Candidate) -> str:
    states = [say(f"dxf.state_{state}") for state in ("off", "frozen") if getattr(found.content, state)]
    return say(
        "dxf.choice",
        name=found.content.name,
        closed=found.closed,
        open=found.open,
        hatches=len(found.content.hatches),
        colour=found.content.colour,
        area=f"{found.area:.6g}",
        notes="".join(f"，{note}" for note in [found.reason, *states] if note),
    )
