"""Reads the red-line layer of a DXF drawing into a `RawBoundary`. Decides no CRS: a drawing declares none.

Opening (`dxf_drawing`), what stands where (`dxf_entities`), the layer (`dxf_layers`), the unit (`dxf_units`), curves
(`dxf_strokes`), open lines (`dxf_chains`) and parcels (`dxf_parcels`) each have a room of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from geo_review.boundary.dxf_chains import OpenLine, Outline, join
from geo_review.boundary.dxf_drawing import open_drawing
from geo_review.boundary.dxf_entities import LayerContent, Piece, collect, paper_outlines
from geo_review.boundary.dxf_hatches import HATCHES
from geo_review.boundary.dxf_layers import choose_layer
from geo_review.boundary.dxf_parcels import group
from geo_review.boundary.dxf_refusals import library_refuses, refused
from geo_review.boundary.dxf_strokes import CannotDraw, Drawn, draw
from geo_review.boundary.dxf_units import METRES, are_degrees, units_per_metre
from geo_review.boundary.model import Axes, BoundaryIssue, Place, RawBoundary, Severity
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.rings import REPEATED_DEG, REPEATED_M
from geo_review.boundary.strokes import SAGITTA_M
from geo_review.wording import say

_COARSE = 1e9  # a sagitta for which every curve is a few edges
_MOST_NAMED = 10


def read_dxf(file: ReceivedFile, layer: str | None = None) -> RawBoundary:
    """Read the layer that is asked for, or the one that is the red line; each outline with its holes is a parcel.

    Raises ChoiceNeeded when several layers could be meant, UnreadableBoundary for what is torn, damaged or no outline,
    InvalidBoundary that names the gaps of lines that do not close.
    """
    drawing, encoding, issues = open_drawing(file.content)
    with library_refuses():
        layers = list(collect(drawing).values())
        on_sheets = paper_outlines(drawing)
        content, others = choose_layer(layers, layer)
        _refuse_unreadable(content)
        from_hatches = not content.pieces
        groups = content.hatches if from_hatches else [content.pieces]
        unit, unit_issues = _unit(groups, int(drawing.header.get("$INSUNITS", 0)))
        drawn = [[(piece, _drawn(piece, SAGITTA_M * unit)) for piece in group_] for group_ in groups]
    lines = [line for pairs in drawn for _, line in pairs]
    degrees = are_degrees(np.vstack([line.points for line in lines])) if unit == METRES else False
    if degrees and any(line.curves for line in lines):
        raise refused("dxf_degrees_curves")
    issues += [*others, *unit_issues, *_told_of(lines, unit)]
    if from_hatches:
        issues.append(_note("dxf_hatch_used", count=len(groups)))
    outlines: list[Outline] = []
    for pairs in drawn:
        rings, found = _rings(content, pairs, unit, degrees=degrees)
        outlines += rings
        issues += found
    labels = [replace(label, x=label.x / unit, y=label.y / unit) for label in content.labels]
    parcels, found = group(outlines, labels)
    names = {parcel.name for parcel in parcels}
    content.beside -= Counter(label.kind for label in labels if label.text in names)
    issues += [*found, *_left_alone(content, layers, on_sheets, from_hatches=from_hatches)]
    return RawBoundary(
        format="dxf",
        parcels=tuple(parcels),
        axes=Axes.EASTING_NORTHING,
        encoding=encoding,
        layer=content.name,
        issues=tuple(issues),
    )


def _refuse_unreadable(content: LayerContent) -> None:
    if content.unreadable:
        named = "、".join(f"{kind} #{handle}" for kind, handle in content.unreadable[:_MOST_NAMED])
        raise refused("dxf_unreadable", layer=content.name, named=named)
    if content.references:
        raise refused("dxf_reference", layer=content.name, names="、".join(content.references[:_MOST_NAMED]))
    if not content.pieces and not content.hatches:
        raise refused("dxf_no_outlines")


def _unit(groups: Sequence[Sequence[Piece]], header: int) -> tuple[float, list[BoundaryIssue]]:
    coarse = [_drawn(piece, _COARSE).points for pieces in groups for piece in pieces]
    return units_per_metre(np.vstack([np.empty((0, 2)), *coarse]), header)


def _drawn(piece: Piece, sagitta: float) -> Drawn:
    try:
        return draw(piece.entity, sagitta)
    except CannotDraw as failure:
        why = say(f"dxf.cannot_{failure.key}")
        raise refused("dxf_cannot_draw", kind=piece.entity.dxftype(), handle=piece.handle, why=why) from failure


def _rings(
    content: LayerContent, pairs: Sequence[tuple[Piece, Drawn]], unit: float, *, degrees: bool
) -> tuple[list[Outline], list[BoundaryIssue]]:
    """The closed ones as they are, the open ones joined."""
    same = REPEATED_DEG if degrees else REPEATED_M
    outlines, lines, issues = [], [], []
    known: set[bytes] = set()
    for piece, drawn in pairs:
        points = drawn.points / unit
        names = tuple(f"#{piece.handle}/{name}" if piece.handle else name for name in drawn.names)
        meets = len(points) > 2 and bool(np.hypot(*(points[0] - points[-1])) <= same)
        if drawn.closed or meets:
            end = -1 if meets else len(points)
            outlines.append(Outline(points=points[:end], names=names[:end], mark=piece.mark))
        elif len(points) < 2 or bool((points == points[0]).all()):
            content.beside[say("dxf.no_length")] += 1
        elif points.tobytes() in known:
            issues.append(_doubled(names[0]))
        else:
            known |= {points.tobytes(), np.ascontiguousarray(points[::-1]).tobytes()}
            lines.append(OpenLine(points=points, names=names))
    joined, found = join(lines, degrees=degrees)
    return [*outlines, *joined], [*issues, *found]


def _told_of(lines: Sequence[Drawn], unit: float) -> list[BoundaryIssue]:
    issues = []
    curves = sum(line.curves for line in lines)
    if curves:
        sagitta_mm = max(line.sagitta for line in lines) / unit * 1000.0
        issues.append(_note("curves_stroked", count=curves, sagitta_mm=f"{sagitta_mm:.2f}"))
    fitted = sum(line.fitted for line in lines)
    if fitted:
        values = {"count": fitted}
        issues.append(BoundaryIssue(code="dxf_spline_fitted", severity=Severity.WARNING, values=values))
    if any(line.heights for line in lines):
        issues.append(_note("heights_dropped"))
    return issues


def _left_alone(
    content: LayerContent, layers: Sequence[LayerContent], on_sheets: int, *, from_hatches: bool
) -> list[BoundaryIssue]:
    issues = []
    kinds = {kind: count for kind, count in content.beside.items() if not (from_hatches and kind in HATCHES)}
    if kinds:
        named = "、".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
        issues.append(_note("dxf_beside", kinds=named))
    references = list(dict.fromkeys(name for layer in layers for name in layer.references))
    if references:
        issues.append(_note("dxf_references_left", names="、".join(references[:_MOST_NAMED])))
    if on_sheets:
        issues.append(_note("dxf_sheets_left", count=on_sheets))
    return issues


def _doubled(name: str) -> BoundaryIssue:
    return BoundaryIssue(code="dxf_outline_doubled", severity=Severity.WARNING, where=Place(point=name))


def _note(code: str, **values: object) -> BoundaryIssue:
    return BoundaryIssue(code=code, severity=Severity.INFO, values=values)
