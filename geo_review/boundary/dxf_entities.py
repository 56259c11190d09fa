"""Everything that stands in the model space of a drawing, by layer, block references opened. Draws and chooses nothing.

What a block holds on layer 0 stands on the layer of its reference, as CAD shows it. The work is counted: blocks
within blocks multiply.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ezdxf.document import Drawing
from ezdxf.entities import DXFEntity, DXFGraphic, Ellipse, Hatch, Insert, LWPolyline, MPolygon, MText, Polyline, Text
from ezdxf.lldxf.encoding import decode_dxf_unicode
from ezdxf.math import Matrix44, NonUniformScalingError, Vec3
from ezdxf.xclip import XClip

from geo_review.boundary.dxf_drawing import MOST_ENTITIES
from geo_review.boundary.dxf_hatches import hatch_paths
from geo_review.boundary.dxf_refusals import refused
from geo_review.boundary.dxf_strokes import OUTLINES
from geo_review.boundary.dxf_write import PARCEL_MARK
from geo_review.errors import TooLarge
from geo_review.wording import say

_DEEPEST = 32  # blocks within blocks
# What bounds no land: words, dimensions, pictures, auxiliary lines. Anything else might, and cannot be read.
_BESIDE = {
    *("TEXT", "MTEXT", "ATTRIB", "ATTDEF", "POINT", "DIMENSION", "ARC_DIMENSION", "LARGE_RADIAL_DIMENSION", "LEADER"),
    *("MULTILEADER", "MLEADER", "TOLERANCE", "IMAGE", "WIPEOUT", "VIEWPORT", "XLINE", "RAY", "OLEFRAME", "OLE2FRAME"),
    *("ACAD_TABLE", "SHAPE", "PDFUNDERLAY", "DWFUNDERLAY", "DGNUNDERLAY", "LIGHT", "GEOPOSITIONMARKER", "SEQEND"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A line or curve of a layer; ``handle`` is that of the entity in model space, for a part of a block of its
    reference. ``mark`` is the parcel it was written for by us."""

    handle: str
    entity: DXFGraphic
    mark: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """A text (TEXT, MTEXT …) and where it begins, in drawing units."""

    kind: str
    text: str
    x: float
    y: float


@dataclass(kw_only=True, slots=True)
class LayerContent:
    """What stands on a layer. ``unreadable`` are (kind, handle) of what may bound land and cannot be read;
    ``references`` the names of drawings that are only referred to; ``beside`` counts what is left alone, by kind."""

    name: str
    colour: int
    off: bool
    frozen: bool
    pieces: list[Piece] = field(default_factory=list)
    hatches: list[list[Piece]] = field(default_factory=list)  # the boundary paths
    labels: list[Label] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    beside: Counter[str] = field(default_factory=Counter)


def collect(drawing: Drawing) -> dict[str, LayerContent]:
    """Return the layers of the model space by their name in lower case, in the order of what stands on them.

    Raises TooLarge when blocks multiply beyond the limit.
    """
    collector = _Collector(drawing)
    for entity in drawing.modelspace():
        collector.take(entity, str(entity.dxf.get("layer", "0")), str(entity.dxf.handle or ""), [])
    return collector.layers


def paper_outlines(drawing: Drawing) -> int:
    """How many outlines stand on sheets instead of in the model space."""
    return sum(
        1
        for name in drawing.layouts.names()
        if name != "Model"
        for e in drawing.layout(name)
        if e.dxftype() in OUTLINES
    )


class _Collector:
    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self._left = MOST_ENTITIES
        self.layers: dict[str, LayerContent] = {}

    def take(
        self, entity: DXFEntity, layer: str, handle: str, matrices: list[Matrix44], *, frozen: bool = False
    ) -> None:
        self._left -= 1
        if self._left < 0:
            raise TooLarge(
                code="dxf_too_many_blocks",
                message=say("dxf.dxf_too_many_blocks", most=MOST_ENTITIES),
                remedy=say("dxf.dxf_too_many_remedy"),
            )
        content = self._layer(layer)
        kind = entity.dxftype()
        if isinstance(entity, Insert):
            self._open(entity, layer, handle, matrices, frozen=frozen)
        elif frozen or entity.dxf.get("invisible", 0):
            content.beside[say("dxf.frozen_block" if frozen else "dxf.invisible")] += 1
        elif kind in OUTLINES and isinstance(entity, DXFGraphic):
            content.pieces += self._placed(content, entity, handle, matrices)
        elif isinstance(entity, Hatch | MPolygon):
            content.beside[kind] += 1
            for turned in _transformed(entity, matrices):
                assert isinstance(turned, Hatch | MPolygon)
                for path in hatch_paths(turned):
                    content.hatches.append([Piece(handle=handle, entity=edge) for edge in path])
        elif kind in _BESIDE:
            content.beside[kind] += 1
            if isinstance(entity, Text | MText) and kind != "ATTDEF":
                content.labels.append(_label(entity, matrices))
        else:
            content.unreadable.append((kind, handle))

    def _open(self, insert: Insert, layer: str, handle: str, matrices: list[Matrix44], *, frozen: bool) -> None:
        content = self._layer(layer)
        block = insert.block()
        if block is None or len(matrices) >= _DEEPEST:
            raise refused("dxf_damaged")
        if block.block is not None and (block.block.is_xref or block.block.is_xref_overlay):
            content.references.append(_legible(str(insert.dxf.name)))
            return
        if XClip(insert).has_clipping_path:
            content.unreadable.append((say("dxf.clipped_block", name=_legible(str(insert.dxf.name))), handle))
            return
        if insert.mcount > self._left:
            self._left = 0
        # A frozen reference hides all that is in its block, on whatever layer; one that is off, only its own.
        frozen = frozen or content.frozen or bool(insert.dxf.get("invisible", 0))
        inserts = insert.multi_insert() if insert.mcount > 1 else [insert]
        for single in inserts:
            self._left -= 1
            inner = [single.matrix44(), *matrices]
            for entity in block:
                own = str(entity.dxf.get("layer", "0"))
                self.take(entity, layer if own == "0" else own, handle, inner, frozen=frozen)

    def _placed(
        self, content: LayerContent, entity: DXFGraphic, handle: str, matrices: list[Matrix44]
    ) -> Iterator[Piece]:
        if isinstance(entity, Polyline) and not (entity.is_2d_polyline or entity.is_3d_polyline):
            content.unreadable.append((say("dxf.mesh"), handle))
            return
        for placed in _transformed(entity, matrices):
            yield Piece(handle=handle, entity=placed, mark=_mark(placed))

    def _layer(self, name: str) -> LayerContent:
        key = name.lower()
        if key not in self.layers:
            table = self._drawing.layers
            known = table.get(name) if table.has_entry(name) else None
            self.layers[key] = LayerContent(
                name=_legible(str(known.dxf.name) if known else name),
                colour=abs(int(known.color)) if known else 7,
                off=bool(known and known.is_off()),
                frozen=bool(known and known.is_frozen()),
            )
        return self.layers[key]


def _transformed(entity: DXFGraphic, matrices: list[Matrix44]) -> Iterator[DXFGraphic]:
    """The entity where its block references put it: a copy, or its parts where a circle becomes an ellipse."""
    if not matrices:
        yield entity
        return
    matrix = matrices[0]
    for outer in matrices[1:]:
        matrix = matrix @ outer
    yield from _by(matrix, entity.copy())


def _by(matrix: Matrix44, entity: DXFGraphic) -> Iterator[DXFGraphic]:
    try:
        yield entity.transform(matrix)
    except NonUniformScalingError:
        if isinstance(entity, LWPolyline | Polyline):
            for part in entity.virtual_entities():
                yield from _by(matrix, part)
        else:
            yield Ellipse.from_arc(entity).transform(matrix)


def _mark(entity: DXFGraphic) -> int | None:
    if not entity.has_xdata(PARCEL_MARK):
        return None
    return next((tag.value for tag in entity.get_xdata(PARCEL_MARK) if isinstance(tag.value, int)), None)


def _label(entity: Text | MText, matrices: list[Matrix44]) -> Label:
    at = Vec3(entity.dxf.insert)
    if isinstance(entity, Text):
        at = entity.ocs().to_wcs(at)
    for matrix in matrices:
        at = matrix.transform(at)
    return Label(kind=entity.dxftype(), text=" ".join(_legible(str(entity.plain_text())).split()), x=at.x, y=at.y)


def _legible(text: str) -> str:
    """The text with its escaped characters (\\U+7EA2) as such, and what is no character replaced."""
    return decode_dxf_unicode(text).encode("utf-8", "replace").decode()
