"""Takes the one red line out of a zip, in memory. Writes no file, follows no link, opens no zip within a zip.

Every limit is on bytes counted while unpacking, never on what the archive says of itself.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from geo_review.boundary.choosing import choice_needed
from geo_review.boundary.gdb_tables import geodatabases, is_table, packed
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.shp_records import POLYGON_TYPES, shape_type
from geo_review.errors import Choice, TooLarge, UnreadableBoundary
from geo_review.wording import say

MOST_ENTRIES = 1000
MOST_BYTES = 256 * 1024 * 1024
MOST_TEXT_BYTES = 64 * 1024 * 1024  # what a bare file may have: parsed JSON takes ten times its bytes
# Blank DBF columns shrink 200 times and more, so the ratio only matters once it is a lot of bytes.
MOST_RATIO = 200
RATIO_FROM_BYTES = 16 * 1024 * 1024

_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_CHUNK_BYTES = 1 << 20
_MOST_NAMES = 20  # shown of a long list
_COMPANIONS = (".shx", ".dbf", ".prj", ".cpg")
_OTHER_FORMATS = (".geojson", ".json", ".gpkg", ".kml", ".gml", ".dxf")
_NOTES_OR_TABLES = (".txt", ".csv", ".xlsx", ".xls")  # beside a red line in a GIS format they are notes
_MAIN_KML = "doc.kml"  # of a KMZ, by its description; other KML in it is what this one links to
_BESIDE = {"thumbs.db", "desktop.ini", ".ds_store"}


def is_zip(content: bytes) -> bool:
    """Tell a zip by its first bytes."""
    return content[:4] in (b"PK\x03\x04", b"PK\x05\x06")


WITHIN = "::"  # between a member of a zip and a layer within it


@dataclass(frozen=True, kw_only=True, slots=True)
class Unpacked:
    """A red line out of a zip. ``member`` is its path when there were several, ``layer`` what is asked for within;
    ``beside`` are the other drawings of a KMZ, which are not read."""

    file: ReceivedFile
    member: str | None
    layer: str | None
    beside: tuple[str, ...] = ()


def unpack(file: ReceivedFile, layer: str | None = None) -> Unpacked:
    """Return the red line a zip holds: its one polygon shapefile with companions, or its one file of another format;
    of several the one that ``layer`` names (``member`` or ``member::layer within it``).

    Raises ChoiceNeeded for a zip that holds several, UnreadableBoundary for one that is damaged, encrypted, unsafe or
    holds none, TooLarge for one above the limits.
    """
    with _opened(file.content) as contents:
        return _red_line(contents, layer, kmz=file.name.lower().endswith(".kmz"))


def has_member(content: bytes, name: str) -> bool:
    """Tell whether a file is a zip with this member."""
    try:
        with zipfile.ZipFile(BytesIO(_with_honest_flags(content))) as archive:
            return name in archive.NameToInfo
    except (zipfile.BadZipFile, struct.error, UnicodeError, ValueError, OSError, NotImplementedError):
        return False


def members_of(content: bytes, wanted: Callable[[PurePosixPath], bool]) -> dict[str, bytes]:
    """Return the members of a file that is a zip itself (a workbook), by path, within the same limits."""
    with _opened(content) as contents:
        return {str(path): contents.read(path) for path in sorted(contents.entries) if wanted(path)}


@contextmanager
def _opened(content: bytes) -> Iterator[_Contents]:
    try:
        with zipfile.ZipFile(BytesIO(_with_honest_flags(content))) as archive:
            yield _Contents(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, UnicodeError, ValueError, OSError) as failure:
        raise _refused("zip_damaged") from failure
    except (NotImplementedError, RuntimeError) as failure:  # a compression zipfile does not know; encryption
        raise _refused("zip_method") from failure


class _Contents:
    """The entries of a zip that may be a red line, by their decoded path; reads within the limits."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._read_bytes = 0
        self._packed_bytes = 0
        infos = archive.infolist()
        if len(infos) > MOST_ENTRIES:
            raise TooLarge(code="zip_too_many", message=say("files.zip_too_many", count=len(infos), most=MOST_ENTRIES))
        self.entries: dict[PurePosixPath, zipfile.ZipInfo] = {}
        for info in infos:
            path = _safe_path(info)
            if info.is_dir() or _is_beside(path):
                continue
            if path in self.entries:
                raise _refused("zip_doubled", name=path)
            if path.suffix.lower() in (".zip", ".kmz", ".rar", ".7z"):
                raise _refused("zip_nested", name=path)
            self.entries[path] = info

    def of(self, *suffixes: str) -> list[PurePosixPath]:
        return sorted(path for path in self.entries if path.suffix.lower() in suffixes)

    def read(self, path: PurePosixPath, *, most_bytes: int = MOST_BYTES) -> bytes:
        info = self.entries[path]
        if info.flag_bits & _ENCRYPTED:
            raise _refused("zip_encrypted", name=path)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _refused("zip_method")
        pieces = []
        self._packed_bytes += info.compress_size
        with self._archive.open(info) as stream:
            while piece := stream.read(_CHUNK_BYTES):
                self._read_bytes += len(piece)
                self._check_amount(most_bytes)
                pieces.append(piece)
        return b"".join(pieces)

    def _check_amount(self, most_bytes: int) -> None:
        bomb = self._read_bytes > RATIO_FROM_BYTES and self._read_bytes > MOST_RATIO * max(self._packed_bytes, 1)
        if self._read_bytes > most_bytes or bomb:
            raise TooLarge(
                code="zip_too_large",
                message=say("files.zip_too_large", most=most_bytes // 2**20, ratio=MOST_RATIO),
                remedy=say("files.too_large_remedy"),
            )


def _red_line(contents: _Contents, layer: str | None, *, kmz: bool) -> Unpacked:
    shapes = {path: contents.read(path) for path in contents.of(".shp")}
    polygons = [path for path, content in shapes.items() if shape_type(content) in POLYGON_TYPES]
    others = contents.of(*_OTHER_FORMATS)
    folders = geodatabases(contents.entries)
    # A shapefile of points or lines beside the polygons is the surveyor's working material.
    candidates = [*(polygons or shapes), *others, *folders]
    if not candidates:
        candidates = contents.of(*_NOTES_OR_TABLES)
    if not candidates:
        refusal = _refused("zip_without_boundary")
        refusal.lines = tuple(str(path) for path in sorted(contents.entries)[:_MOST_NAMES])
        raise refusal
    main = _main_kml([path for path in contents.entries if path in candidates], kmz=kmz)
    if main is not None and len(candidates) > 1 and _only_links(contents.read(main, most_bytes=MOST_TEXT_BYTES)):
        candidates.remove(main)  # a cover, as GDAL writes it: what it links to is in the archive
        main = None
    chosen, member, within = _chosen(candidates, layer, main)
    if chosen in folders:
        tables = [path for path in contents.entries if path.parent == chosen and is_table(path)]
        content = packed({path.name: contents.read(path) for path in tables})
        return Unpacked(file=ReceivedFile(name=chosen.name, content=content), member=member, layer=within)
    if chosen not in shapes:
        content = contents.read(chosen, most_bytes=MOST_TEXT_BYTES)
        beside = tuple(str(path) for path in candidates if path != main) if chosen == main and member is None else ()
        file = ReceivedFile(name=chosen.name, content=content)
        return Unpacked(file=file, member=member, layer=within, beside=beside)
    companions = {
        path.suffix.lower(): contents.read(path)
        for path in contents.of(*_COMPANIONS)
        if path.parent == chosen.parent and path.stem.lower() == chosen.stem.lower()
    }
    found = ReceivedFile(name=chosen.name, content=shapes[chosen], companions=companions)
    return Unpacked(file=found, member=member, layer=within)


def _main_kml(candidates: list[PurePosixPath], *, kmz: bool) -> PurePosixPath | None:
    """Return the drawing that a KMZ shows (doc.kml, else the first in the archive), None for any other zip."""
    if any(path.suffix.lower() != ".kml" for path in candidates):
        return None
    named = next((path for path in candidates if str(path).lower() == _MAIN_KML), None)
    return named or (candidates[0] if kmz else None)


def _only_links(drawing: bytes) -> bool:
    return b"NetworkLink>" in drawing and b"coordinates>" not in drawing


def _chosen(
    candidates: list[PurePosixPath], layer: str | None, main: PurePosixPath | None
) -> tuple[PurePosixPath, str | None, str | None]:
    """Return the candidate, its name when it was one of several, and the layer asked for within it."""
    for path in candidates:
        member, separator, within = (layer or "").partition(WITHIN)
        if str(path) == member:
            return path, member if len(candidates) > 1 else None, within if separator else None
    if main is not None or len(candidates) == 1:
        return main or candidates[0], None, layer
    choices = [Choice(value=str(path), label=str(path)) for path in candidates[:_MOST_NAMES]]
    raise choice_needed("zip_several", choices, asked=layer, names=_names(candidates))


def _safe_path(info: zipfile.ZipInfo) -> PurePosixPath:
    name = _decoded_name(info)
    path = PurePosixPath(name.replace("\\", "/"))
    drive = len(name) > 1 and name[1] == ":"
    if not name or "\0" in name or path.is_absolute() or drive or ".." in path.parts:
        raise _refused("zip_unsafe_path", name=name)
    if stat.S_IFMT(info.external_attr >> 16) == stat.S_IFLNK:
        raise _refused("zip_link", name=name)
    return path


def _decoded_name(info: zipfile.ZipInfo) -> str:
    """Windows tools write GBK names without saying so; zipfile then reads them as cp437, which is reversible."""
    name = info.orig_filename
    if info.flag_bits & _UTF8_NAME:
        return name
    raw = name.encode("cp437")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")  # only ever shown and compared


def _is_beside(path: PurePosixPath) -> bool:
    return "__MACOSX" in path.parts or path.name.startswith("._") or path.name.lower() in _BESIDE


def _with_honest_flags(content: bytes) -> bytes:
    """Clear the UTF-8 flag of names that are not UTF-8 (GBK names flagged so by some tools): zipfile would refuse."""
    end = content.rfind(b"PK\x05\x06")
    if end < 0 or len(content) < end + 22:
        return content
    count, _, position = struct.unpack_from("<HII", content, end + 10)
    fixed = bytearray(content)
    for _ in range(count):
        if content[position : position + 4] != b"PK\x01\x02" or len(content) < position + 46:
            return content
        flags, name_bytes, extra_bytes, comment_bytes, local = (
            *struct.unpack_from("<H", content, position + 8),
            *struct.unpack_from("<HHH", content, position + 28),
            *struct.unpack_from("<I", content, position + 42),
        )
        name = content[position + 46 : position + 46 + name_bytes]
        if flags & _UTF8_NAME and not _is_utf8(name):
            struct.pack_into("<H", fixed, position + 8, flags & ~_UTF8_NAME)
            if local + 8 <= len(content):
                (local_flags,) = struct.unpack_from("<H", content, local + 6)
                struct.pack_into("<H", fixed, local + 6, local_flags & ~_UTF8_NAME)
        position += 46 + name_bytes + extra_bytes + comment_bytes
    return bytes(fixed)


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _names(paths: list[PurePosixPath]) -> str:
    shown = "、".join(str(path) for path in paths[:_MOST_NAMES])
    return f"{shown}……" if len(paths) > _MOST_NAMES else shown


def _refused(key: str, **values: object) -> UnreadableBoundary:
    return UnreadableBoundary(code=key, message=say(f"files.{key}", **values), remedy=say("files.zip_remedy"))
