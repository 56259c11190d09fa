"""FileGDB folders as GDAL writes them, zipped, and one polygon with curved sides, whose row is put together by hand:
GDAL reads curves and writes none. Layout: the FGDB specification that the authors of the driver published."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import geopandas

from geo_review.boundary.received import ReceivedFile
from tests.unit.boundary.written_files import SQUARE

Curve = tuple[int, int, tuple[float, ...], int | None]
SCALE = 10_000  # of the grid that `curved` writes on: 0.1 mm
_POLYGON, _HAS_CURVES = 0x33, 0x20000000
# The corners of the square, clockwise from the south-west, closed; whole numbers of the grid.
CORNERS = [(592967.0, 3959522.0), (592967.0, 3959622.0), (593067.0, 3959622.0), (593067.0, 3959522.0)]
CORNERS.append(CORNERS[0])
# Sides by the number of the corner where they begin.
ARC: Curve = (1, 1, (593017.0, 3959672.0), 0x80)  # through a point: a half circle over the northern side
BEZIER: Curve = (3, 4, (593047.0, 3959492.0, 592987.0, 3959492.0), None)
ELLIPSE: Curve = (1, 5, (593017.0, 3959622.0, 0.0, 50.0, 0.5), 0x1000)


def geodatabase(folder: Path, made: geopandas.GeoDataFrame, layer: str = "红线", **options: Any) -> Path:
    """A class of features in ``folder``, beside earlier ones."""
    with warnings.catch_warnings():
        promote = made.geom_type.dropna().isin(["Polygon", "MultiPolygon"]).all()
        warnings.simplefilter("ignore")  # GDAL warns of a missing CRS: that is the case under test
        made.to_file(folder, engine="pyogrio", driver="OpenFileGDB", layer=layer, promote_to_multi=promote, **options)
    return folder


def zipped_folder(
    folder: Path, prefix: str = "", name: str = "红线.zip", keep: Callable[[Path], bool] = lambda _: True
) -> ReceivedFile:
    """The folder as people zip it: with everything in it, under its own name and perhaps a folder more."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            if keep(path):
                archive.writestr(f"{prefix}{folder.name}/{path.name}", path.read_bytes())
    return ReceivedFile(name=name, content=buffer.getvalue())


def curved(folder: Path, *curves: Curve, crs: int = 4547, shift: tuple[float, float] = (0.0, 0.0)) -> Path:
    """A geodatabase of one square, some of its sides curved."""
    corners = [(east + shift[0], north + shift[1]) for east, north in CORNERS]
    whole = type(SQUARE)(corners)
    geodatabase(
        folder,
        geopandas.GeoDataFrame({"DKBH": ["A1"]}, geometry=[whole], crs=crs),
        layer_options={"XORIGIN": "0", "YORIGIN": "0", "XYSCALE": str(SCALE)},
    )
    table = max(folder.glob("a*.gdbtable"))
    content = bytearray(table.read_bytes())
    (start,) = struct.unpack_from("<I", table.with_suffix(".gdbtablx").read_bytes(), 16)
    (length,) = struct.unpack_from("<I", content, start)
    row = bytes(content[start + 4 : start + 4 + length])
    size, after = _read_unsigned(row, 1)  # behind the byte of null flags: the shape is the first field
    shape = _shape(corners, curves)
    row = row[:1] + _unsigned(len(shape)) + shape + row[after + size :]
    content = content[:start] + struct.pack("<I", len(row)) + row
    struct.pack_into("<I", content, 8, max(struct.unpack_from("<I", content, 8)[0], len(row)))
    struct.pack_into("<Q", content, 24, len(content))
    table.write_bytes(content)
    return folder


def _shape(corners: Sequence[tuple[float, float]], curves: Sequence[Curve]) -> bytes:
    grid = [(round(east * SCALE), round(north * SCALE)) for east, north in corners]
    west, south = min(east for east, _ in grid), min(north for _, north in grid)
    width, height = max(east for east, _ in grid) - west, max(north for _, north in grid) - south
    numbers = (_POLYGON | _HAS_CURVES, len(grid), 1, len(curves), west, south, width, height)
    made = b"".join(map(_unsigned, numbers))
    before = (0, 0)
    for place in grid:
        made += _signed(place[0] - before[0]) + _signed(place[1] - before[1])
        before = place
    for corner, kind, values, bits in curves:
        made += _unsigned(corner) + _unsigned(kind) + struct.pack(f"<{len(values)}d", *values)
        made += b"" if bits is None else struct.pack("<I", bits)
    return made


def _unsigned(number: int) -> bytes:
    made = b""
    while number > 0x7F:
        made += bytes([number & 0x7F | 0x80])
        number >>= 7
    return made + bytes([number])


def _signed(number: int) -> bytes:
    sign, number = (0x40 if number < 0 else 0), abs(number)
    first = number & 0x3F | sign | (0x80 if number > 0x3F else 0)
    return bytes([first]) + (_unsigned(number >> 6) if number > 0x3F else b"")


def _read_unsigned(content: bytes, position: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = content[position]
        number |= (byte & 0x7F) << shift
        position, shift = position + 1, shift + 7
        if byte < 0x80:
            return number, position
