"""The 规划控制线 package of a layer version: SHP sets, a survey TXT, a manifest, in one zip. Judges and sends nothing.

Written feature by feature through files of its own, so a layer larger than memory passes. What does not fit is refused,
all of it listed. The same input gives the same bytes: the only day in it is the one that is given.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any, BinaryIO

from cryptography.hazmat.primitives import hashes

import shapely
from pyproj import CRS
from pyproj.enums import WktVersion
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geo_review.boundary.parcel_shapes import as_multipolygon
from geo_review.boundary.survey_text_write import heading_lines, parcel_lines
from geo_review.control.model import LayerFacts
from geo_review.errors import InvalidLayer
from geo_review.exchange.field_values import Misfit, descriptors, record_of
from geo_review.exchange.package_profile import PackageProfile, PackageText
from geo_review.exchange.shapefile_set import HEAD_BYTES, LINE, POINT, POLYGON, ShapefileSet, shape_content
from geo_review.geometry.crs import GaussKruger, gauss_kruger, reproject
from geo_review.wording import say

MANIFEST = "manifest.json"
SCHEMA = "geo-review/control-line-package/1"
MOST_LISTED = 20

_SHAPES = {"Point": POINT, "LineString": LINE, "MultiLineString": LINE, "Polygon": POLYGON, "MultiPolygon": POLYGON}
_KINDS = {POINT: "point", LINE: "line", POLYGON: "polygon"}
_MEGABYTE = 1 << 20
_NOT_IN_A_FILE_NAME = re.compile(r'[<>:"/\\|?*\s\x00-\x1f]')


@dataclass(frozen=True, kw_only=True, slots=True)
class PackageFeature:
    """One feature of the version: its number (from 1), its land, its attributes as read."""

    number: int
    geometry: BaseGeometry
    attributes: Mapping[str, object]


def build_package(
    facts: LayerFacts,
    features: Iterable[PackageFeature],
    coverage: BaseGeometry | None,
    profile: PackageProfile,
    *,
    epsg: int,
    as_of: date,
) -> bytes:
    """Return the package in memory; see `write_package`."""
    packed = io.BytesIO()
    write_package(facts, features, coverage, profile, epsg=epsg, as_of=as_of, into=packed)
    return packed.getvalue()


def write_package(
    facts: LayerFacts,
    features: Iterable[PackageFeature],
    coverage: BaseGeometry | None,
    profile: PackageProfile,
    *,
    epsg: int,
    as_of: date,
    into: BinaryIO,
) -> Mapping[str, Any]:
    """Write the zip into a file and return its manifest. Geometries are in ``epsg``, easting or longitude first.

    Areas in it are planar m² in the CRS they came in. Raises InvalidLayer, nothing written, when the layer is empty or
    anything of it does not fit: a bounded list, with the whole count.
    """
    with tempfile.TemporaryDirectory() as scratch:
        stem = package_stem(facts, profile, as_of)
        writing = _Writing(facts=facts, profile=profile, epsg=epsg, as_of=as_of, folder=Path(scratch), stem=stem)
        try:
            for feature in features:
                writing.add(feature)
            _refuse(writing)
            writing.finish()
        finally:
            writing.close()
        names = sorted(path.name for path in Path(scratch).iterdir())
        manifest = _manifest(writing, coverage, [_digests(Path(scratch) / name) for name in names])
        content = json.dumps(manifest, ensure_ascii=False, indent=2, allow_nan=False).encode() + b"\n"
        with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                entry = _entry(name, as_of)
                entry.file_size = (Path(scratch) / name).stat().st_size  # above 2 GiB the zip is another (ZIP64)
                with (Path(scratch) / name).open("rb") as source, archive.open(entry, "w") as member:
                    shutil.copyfileobj(source, member, _MEGABYTE)
            archive.writestr(_entry(MANIFEST, as_of), content)
    return manifest


def package_stem(facts: LayerFacts, profile: PackageProfile, as_of: date) -> str:
    """Return the name that the zip and its members have, without suffix and without anything Windows refuses."""
    name = profile.name.format(code=facts.code, version=facts.version, as_of=as_of.isoformat())
    return _NOT_IN_A_FILE_NAME.sub("_", name)


@dataclass(kw_only=True, slots=True)
class _Writing:
    facts: LayerFacts
    profile: PackageProfile
    epsg: int
    as_of: date
    folder: Path
    stem: str
    count: int = 0
    area_m2: float = 0.0
    shape: int | None = None
    listed: list[Misfit] = field(default_factory=list)
    misfits: int = 0
    parts: list[str] = field(default_factory=list)
    _set: ShapefileSet | None = None
    _text: IO[bytes] | None = None
    _open: list[IO[bytes]] = field(default_factory=list)

    def add(self, feature: PackageFeature) -> None:
        self.count += 1
        land = feature.geometry
        shape = _SHAPES.get(land.geom_type)
        if wrong := self._wrong_land(land, shape):
            self._tell(Misfit(feature=feature.number, field=say("package.geometry"), what=wrong))
            return
        assert shape is not None
        self.shape = shape
        moved = reproject(land, self.epsg, self.profile.epsg)
        if not moved.is_valid:
            what = say("package.not_valid_when_moved", epsg=self.profile.epsg)
            self._tell(Misfit(feature=feature.number, field=say("package.geometry"), what=what))
            return
        self.area_m2 += land.area
        if self.profile.shp:
            self._add_record(feature, shape, moved, land.area)
        if self.profile.text and not self.misfits:
            self._add_text(self.profile.text, feature, as_multipolygon(moved), land.area)

    def finish(self) -> None:
        self._finish_set()
        for file in self._open:
            file.close()
        for name in self.parts:
            (self.folder / f"{name}.prj").write_text(CRS.from_epsg(self.profile.epsg).to_wkt(WktVersion.WKT1_ESRI))
            (self.folder / f"{name}.cpg").write_text(self.profile.encoding)

    def close(self) -> None:
        for file in self._open:
            file.close()

    def _wrong_land(self, land: BaseGeometry, shape: int | None) -> str | None:
        if land.is_empty:
            return say("package.no_land")
        if shape is None:
            return say("package.kind_not_held", kind=land.geom_type)
        if shape != POLYGON and self.profile.text is not None:
            return say("package.text_wants_polygons")
        if self.shape is not None and shape != self.shape:
            return say("package.mixed_kinds", first=_KINDS[self.shape], kind=_KINDS[shape])
        return None if land.is_valid else say("package.not_valid", reason=shapely.is_valid_reason(land))

    def _add_record(self, feature: PackageFeature, shape: int, land: BaseGeometry, area_m2: float) -> None:
        record = record_of(
            self.profile, self.facts, number=feature.number, attributes=feature.attributes, area_m2=area_m2
        )
        if isinstance(record, list):
            for misfit in record:
                self._tell(misfit)
            return
        most = self.profile.max_part_mb * _MEGABYTE
        content = shape_content(shape, land)
        if HEAD_BYTES + 8 + len(content) > most:
            what = say("package.too_large", most=self.profile.max_part_mb)
            self._tell(Misfit(feature=feature.number, field=say("package.geometry"), what=what))
            return
        if self._set is None or self._set.shp_bytes + 8 + len(content) > most:
            self._finish_set()
            self._set = self._next_set(shape)
        self._set.add(content, land.bounds, record)

    def _next_set(self, shape: int) -> ShapefileSet:
        name = self.stem if not self.parts else f"{self.stem}_{len(self.parts) + 1}"
        self.parts.append(name)
        files = [(self.folder / f"{name}{suffix}").open("wb") for suffix in (".shp", ".shx", ".dbf")]
        self._open += files
        return ShapefileSet(
            shape=shape,
            shp=files[0],
            shx=files[1],
            dbf=files[2],
            descriptors=b"".join(descriptors(self.profile)),
            record_bytes=sum(each.length for each in self.profile.field),
        )

    def _finish_set(self) -> None:
        if self._set is not None:
            self._set.finish(written_on=self.as_of, encoding=self.profile.encoding)
        self._set = None

    def _add_text(self, text: PackageText, feature: PackageFeature, land: MultiPolygon, area_m2: float) -> None:
        zone = gauss_kruger(self.profile.epsg)
        assert zone is not None  # the profile was checked
        lines: list[str] = []
        if self._text is None:
            self._text = (self.folder / f"{self.stem}.txt").open("wb")
            self._open.append(self._text)
            lines += heading_lines(zone, producer=text.producer, produced_on=self.as_of)
        lines += parcel_lines(
            land,
            area_m2=area_m2,
            code=_named(feature, text.code_attribute),
            name=_named(feature, text.name_attribute),
            use=_named(feature, text.use_attribute),
            shift_m=_shift_m(zone),
        )
        try:
            self._text.write("".join(f"{line}\r\n" for line in lines).encode(text.encoding))
        except UnicodeEncodeError as error:
            what = say("package.not_in_encoding", letter=repr(error.object[error.start]), encoding=text.encoding)
            self._tell(Misfit(feature=feature.number, field="TXT", what=what))

    def _tell(self, misfit: Misfit) -> None:
        self.misfits += 1
        if len(self.listed) < MOST_LISTED:
            self.listed.append(misfit)


def _shift_m(zone: GaussKruger) -> float:
    return 0.0 if zone.prefixed else zone.zone * 1_000_000.0


def _named(feature: PackageFeature, attribute: str | None) -> str | None:
    value = feature.attributes.get(attribute) if attribute else None
    return None if value is None else str(value)


def _refuse(writing: _Writing) -> None:
    if writing.count == 0:
        raise InvalidLayer(
            code="package_of_nothing",
            message=say("package.of_nothing", code=writing.facts.code, version=writing.facts.version),
            remedy=say("package.of_nothing_remedy"),
        )
    if writing.misfits:
        rest = writing.misfits - len(writing.listed)
        raise InvalidLayer(
            code="does_not_fit_package",
            message=say(
                "package.does_not_fit",
                code=writing.facts.code,
                version=writing.facts.version,
                profile=writing.profile.id,
                count=writing.misfits,
            ),
            lines=(
                *(say("package.misfit", feature=m.feature, field=m.field, what=m.what) for m in writing.listed),
                *([say("package.and_more", count=rest)] if rest else []),
            ),
            remedy=say("package.does_not_fit_remedy"),
        )


def _manifest(
    writing: _Writing, coverage: BaseGeometry | None, files: Sequence[Mapping[str, object]]
) -> Mapping[str, Any]:
    facts, profile = writing.facts, writing.profile
    return {
        "schema": SCHEMA,
        "layer": {"code": facts.code, "title": facts.title, "version": facts.version, "sha256": facts.sha256},
        "validity": {
            "from": facts.valid_from.isoformat() if facts.valid_from else None,
            "to": facts.valid_to.isoformat() if facts.valid_to else None,
        },
        "as_of": writing.as_of.isoformat(),
        "profile": {"id": profile.id, "edition": profile.edition, "confirmed": profile.confirmed},
        "crs": {"epsg": profile.epsg},
        "geometry": _KINDS[writing.shape] if writing.shape is not None else None,
        "feature_count": writing.count,
        "area_planar_m2": writing.area_m2,
        "coverage": "assumed" if coverage is None else {"area_planar_m2": coverage.area},
        "files": list(files),
    }


def _digests(path: Path) -> Mapping[str, object]:
    sha256, sm3 = hashlib.sha256(), hashes.Hash(hashes.SM3())
    with path.open("rb") as file:
        while piece := file.read(_MEGABYTE):
            sha256.update(piece)
            sm3.update(piece)
    return {
        "name": path.name,
        "bytes": path.stat().st_size,
        "sha256": sha256.hexdigest(),
        "sm3": sm3.finalize().hex(),
    }


def _entry(name: str, as_of: date) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=(as_of.year, as_of.month, as_of.day, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry
