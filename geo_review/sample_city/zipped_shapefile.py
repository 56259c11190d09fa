"""Writes a red line as a zipped shapefile, names in GBK as Windows tools pack them; same land, same bytes."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from shapely.geometry import MultiPolygon

from geo_review.sample_city.layer_files import write_features

_PACKED_AT = (2026, 11, 2, 9, 0, 0)
_PARTS = (".shp", ".shx", ".dbf", ".prj")


def zipped_shapefile(
    name: str, land: MultiPolygon, epsg: int, columns: Mapping[str, list[object]], quirks: Sequence[str] = ()
) -> bytes:
    """Return the zip; without ``no-prj`` it holds the .prj that GDAL writes, in ESRI's words."""
    kept = [suffix for suffix in _PARTS if not (suffix == ".prj" and "no-prj" in quirks)]
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "red_line.shp"
        write_features(path, [land], columns, epsg)
        parts = {suffix: path.with_suffix(suffix).read_bytes() for suffix in kept}
    stem = name if "gbk-names" in quirks else "ydhx"
    return _packed({f"{stem}{suffix}".encode("gbk"): content for suffix, content in parts.items()})


def _packed(members: Mapping[bytes, bytes]) -> bytes:
    """Zip members under raw byte names: zipfile writes UTF-8 only, so each name first holds its place in ASCII."""
    packed = io.BytesIO()
    stand_ins = {b"%d" % number + b"~" * (len(name) - 1): name for number, name in enumerate(members)}
    with zipfile.ZipFile(packed, "w") as archive:
        for stand_in, content in zip(stand_ins, members.values(), strict=True):
            entry = zipfile.ZipInfo(stand_in.decode(), date_time=_PACKED_AT)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    content = packed.getvalue()
    for stand_in, name in stand_ins.items():
        content = content.replace(stand_in, name)
    return content
