"""One small sound red line of every format and quirk, to be torn. Written in a process of its own: GDAL writes some of
them with drivers that the process under test must not have. To add a format, add a row to `_written`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from geo_review.boundary.asked import NOTHING_ASKED
from geo_review.boundary.received import ReceivedFile
from geo_review.city import PUYANG
from geo_review.sandbox.wire import Request, decode_request, encode_request


def seeds(folder: Path) -> dict[str, ReceivedFile]:
    """Return the seeds by name, written into a folder when they are not there yet; whoever else asks for it sees it
    when it is whole."""
    if not folder.exists():
        with TemporaryDirectory(dir=folder.parent) as making:
            made = Path(making, "made")
            made.mkdir()
            subprocess.run([sys.executable, "-m", __name__, str(made)], check=True, cwd=Path(__file__).parents[2])
            with suppress(OSError):  # another was first
                made.rename(folder)
    return {path.stem: decode_request(path.read_bytes()).file for path in sorted(folder.glob("*.seed"))}


def _written(scratch: Path) -> Iterator[tuple[str, ReceivedFile]]:
    from datetime import date
    from typing import get_args

    from geo_review.boundary.written_formats import WRITTEN_FORMATS, FormatName, Heading, Wish, write_red_line
    from tests.builders import make_boundary, square
    from tests.unit.boundary import drawings, table_cases, test_gml, test_kml, written_geodatabases, written_workbooks
    from tests.unit.boundary.survey_pieces import HEAD, HEADER, HOLE, points
    from tests.unit.boundary.written_files import HOLED, SQUARE, frame, geopackage, polygon_document, shapefile, zipped

    heading = Heading(stem="红线", title="样例", written_on=date(2026, 11, 3))
    land = make_boundary(square(0, 0).difference(square(20, 20, 10)), square(300, 0, 50))
    for name in get_args(FormatName):
        content = write_red_line(land, name, heading=heading, wish=Wish())
        yield f"written-{name}", ReceivedFile(name=f"红线{WRITTEN_FORMATS[name].suffix}", content=content)

    text = HEAD + HEADER.replace("5,", "10,") + points() + points(HOLE, ring=2)
    yield "txt-utf8", ReceivedFile(name="红线.txt", content=text.encode())
    yield "txt-gbk", ReceivedFile(name="红线.txt", content=text.encode("gb18030"))
    yield "txt-utf16", ReceivedFile(name="红线.txt", content=text.encode("utf-16"))
    yield "csv", ReceivedFile(name="界址点.csv", content=(table_cases.HEADING + table_cases.SQUARE).encode())
    table = {"界址点": [("点号", "X", "Y"), *((name, float(x), float(y)) for name, x, y in table_cases.ROWS)]}
    yield "xlsx", written_workbooks.xlsx(table)

    made = frame(SQUARE, HOLED, XMMC=["一号", "二号"])
    bare = shapefile(scratch, made)
    yield "shp-bare", bare
    parts = {f"红线{suffix}": part for suffix, part in {".shp": bare.content, **bare.companions}.items()}
    yield "shp-zip", zipped(parts)
    yield "gpkg-gdal", geopackage(scratch, made)
    ring = [(115.02, 35.76), (115.03, 35.76), (115.03, 35.77), (115.02, 35.77), (115.02, 35.76)]
    document = polygon_document(ring, crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}})
    yield "geojson", ReceivedFile(name="红线.geojson", content=json.dumps(document).encode())

    yield "kml", test_kml.kml(test_kml.placemark(test_kml.polygon()))
    yield "kml-google", test_kml.GOOGLE_EARTH
    yield "kmz", zipped({"doc.kml": test_kml.kml(test_kml.placemark(test_kml.polygon())).content}, name="红线.kmz")
    yield "gml", test_gml.gml(test_gml.feature(test_gml.polygon()))
    for version, binary in (("R2010", False), ("R12", False), ("R2000", True)):
        made_drawing = drawings.drawing(version)
        space = made_drawing.modelspace()
        space.add_polyline2d(drawings.corners(), close=True, dxfattribs={"layer": drawings.RED})
        yield f"dxf-{version}", drawings.saved(made_drawing, binary=binary)
    yield "filegdb", written_geodatabases.zipped_folder(written_geodatabases.geodatabase(scratch / "a.gdb", made))


def _write(folder: Path) -> None:
    import pyogrio  # noqa: F401, TID251 with every driver, before ours leaves most of them out

    for name, file in _written(folder):
        request = Request(file=file, city=PUYANG, asked=NOTHING_ASKED)
        (folder / f"{name}.seed").write_bytes(encode_request(request))


if __name__ == "__main__":
    _write(Path(sys.argv[1]))
