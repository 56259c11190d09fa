"""DXF drawings for the reader tests, written by ezdxf as a CAD would."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import ezdxf
from ezdxf.document import Drawing

from geo_review.boundary.dxf import read_dxf
from geo_review.boundary.model import RawBoundary
from geo_review.boundary.received import ReceivedFile

# A corner in the city with the number of its zone.
E, N = 38_592_967.566, 3_959_522.396
RED = "用地红线"


def corners(
    width: float = 100.0, east: float = 0.0, north: float = 0.0, unit: float = 1.0
) -> list[tuple[float, float]]:
    """A square, counter-clockwise from its south-west corner, offset from the corner in the city."""
    west, south = E + east, N + north
    points = [(west, south), (west + width, south), (west + width, south + width), (west, south + width)]
    return [(x * unit, y * unit) for x, y in points]


def drawing(version: str = "R2010", *, encoding: str | None = None, **header: Any) -> Drawing:
    """An empty drawing in metres with a red-line layer."""
    made = ezdxf.new(version, units=6)
    if encoding:
        made.encoding = encoding
    for name, value in header.items():
        made.header[f"${name}"] = value
    made.layers.add(RED, color=1)
    return made


def saved(made: Drawing, *, binary: bool = False) -> ReceivedFile:
    """The drawing as a file."""
    if binary:
        out = io.BytesIO()
        made.write(out, fmt="bin")
        return ReceivedFile(name="红线.dxf", content=out.getvalue())
    text = io.StringIO()
    made.write(text)
    content = text.getvalue().encode(made.output_encoding, errors="dxfreplace")
    return ReceivedFile(name="红线.dxf", content=content)


def read(
    draw: Callable[[Any], object], layer: str | None = None, *, version: str = "R2010", **header: Any
) -> RawBoundary:
    """What is read of a drawing with what ``draw`` adds to its model space."""
    made = drawing(version, **header)
    draw(made.modelspace())
    return read_dxf(saved(made), layer)


def on(layer: str = RED, **attributes: Any) -> dict[str, Any]:
    """Attributes of an entity on a layer."""
    return {"dxfattribs": {"layer": layer, **attributes}}


def codes(raw: RawBoundary) -> list[str]:
    return [issue.code for issue in raw.issues]
