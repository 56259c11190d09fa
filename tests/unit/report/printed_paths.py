"""Reads the lines of a PDF back in millimetres of the page, by pdfium: a second opinion on what typst drew."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

MM = 72.0 / 25.4
Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedPath:
    """One path: its corners on the page and its colours, ``#RRGGBB``."""

    points: tuple[Point, ...]
    stroke: str
    fill: str

    @property
    def width_mm(self) -> float:
        return max(x for x, _ in self.points) - min(x for x, _ in self.points)

    @property
    def height_mm(self) -> float:
        return max(y for _, y in self.points) - min(y for _, y in self.points)


def printed_paths(pdf: bytes) -> Iterator[PrintedPath]:
    """Yield every path of every page."""
    for page in pypdfium2.PdfDocument(pdf):
        for printed in page.get_objects():
            if printed.type == pdfium.FPDF_PAGEOBJ_PATH:
                yield PrintedPath(
                    points=tuple(_points(printed)),
                    stroke=_colour(pdfium.FPDFPageObj_GetStrokeColor, printed),
                    fill=_colour(pdfium.FPDFPageObj_GetFillColor, printed),
                )


def _points(printed: pypdfium2.PdfObject) -> Iterator[Point]:
    matrix = printed.get_matrix()
    for index in range(pdfium.FPDFPath_CountSegments(printed.raw)):
        x, y = ctypes.c_float(), ctypes.c_float()
        pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFPath_GetPathSegment(printed.raw, index), x, y)
        on_page = matrix.on_point(x.value, y.value)
        yield on_page[0] / MM, on_page[1] / MM


def _colour(read: object, printed: pypdfium2.PdfObject) -> str:
    parts = [ctypes.c_uint() for _ in range(4)]
    read(printed.raw, *parts)  # type: ignore[operator]
    return "#" + "".join(f"{part.value:02X}" for part in parts[:3])
