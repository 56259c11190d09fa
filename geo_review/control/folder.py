"""A folder of control layers for one review (``--layers DIR``): one data set a layer, named by its file's stem.

Opening reads names and ``layers.toml`` only; a layer is read when a rulebook asks for it. Refuses two data sets that
could mean the same layer: which one judged would depend on the machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from geo_review.boundary.model import Boundary
from geo_review.control.as_read import read_coverage, read_with_digest
from geo_review.control.layers_toml import FILE_NAME, LayerWords, read_layers_toml
from geo_review.control.model import LayerFacts, LayerNear, Repair
from geo_review.control.near import features_near
from geo_review.control.projecting import of_the_coverage, union_in_plane
from geo_review.control.read import LAYER_SUFFIXES
from geo_review.control.written import unreadable
from geo_review.errors import InvalidOption, UnreadableLayer
from geo_review.wording import say

_COVERAGE = ".coverage"
# Vector formats that are not read: asking for such a layer is answered with the reason, not taken for missing.
_OTHER_SUFFIXES = (".kml", ".kmz", ".gml", ".dxf", ".dwg", ".tab", ".mif", ".gdb", ".mdb")


@dataclass(frozen=True, kw_only=True, slots=True)
class DataSet:
    """The files of one layer and what ``layers.toml`` says of it."""

    path: Path
    coverage: Path | None
    words: LayerWords


@dataclass(frozen=True, kw_only=True, slots=True)
class LayerFolder:
    """The data sets of a folder by layer code, in order; ``other`` are in formats that are not read."""

    path: Path
    data_sets: Mapping[str, DataSet]
    other: Mapping[str, Path]


def open_folder(path: Path) -> LayerFolder:
    """Return the layers a folder holds, by the names of its files and ``layers.toml``."""
    if not path.is_dir():
        raise InvalidOption(
            code="layers_folder",
            message=say("control.no_such_folder" if not path.exists() else "control.not_a_folder", path=path),
            remedy=say("control.folder_remedy"),
        )
    found = sorted(_layer_files(path))
    layers = _one_each([(code, file) for code, file in found if not _is_coverage(code)])
    coverages = _one_each([(code, file) for code, file in found if _is_coverage(code)])
    for stem, file in coverages.items():
        if stem[: -len(_COVERAGE)] not in layers:
            raise UnreadableLayer(
                code="coverage_without_layer",
                message=say("control.coverage_alone", file=file.name, code=stem[: -len(_COVERAGE)]),
                remedy=say("control.folder_remedy"),
            )
    words: Mapping[str, LayerWords] = {}
    if (path / FILE_NAME).is_file():
        words = read_layers_toml(path / FILE_NAME, frozenset(layers))
    return LayerFolder(
        path=path,
        data_sets={
            code: DataSet(path=file, coverage=_coverage_of(code, coverages), words=words.get(code, LayerWords()))
            for code, file in layers.items()
        },
        other={entry.stem: entry for entry in sorted(path.iterdir()) if entry.suffix.lower() in _OTHER_SUFFIXES},
    )


def near(folder: LayerFolder, code: str, boundary: Boundary, *, reach_m: float) -> LayerNear | None:
    """Return what of a layer lies near a red line, or None when the folder has no layer of exactly this code."""
    data_set = folder.data_sets.get(code)
    if data_set is None:
        if code in folder.other:
            raise unreadable(folder.other[code], "format")
        return None
    features, sha256 = read_with_digest(data_set.path, epsg=data_set.words.epsg)
    found = features_near(features, boundary, reach_m=reach_m)
    surveyed = _coverage(data_set, boundary, found.searched_m)
    return LayerNear(
        facts=_facts(code, data_set.words, sha256),
        pieces=found.geometries,
        feature=found.numbers,
        attributes=found.attributes,
        feature_count=len(features.geometries),
        has_area=bool((shapely.get_dimensions(features.geometries) == 2).any()),
        searched_m=found.searched_m,
        coverage=surveyed.area,
        coverage_sha256=surveyed.sha256,
        repairs=(*found.repairs, *surveyed.repairs),
        notes=(*features.notes, *surveyed.notes),
    )


def _layer_files(path: Path) -> Iterator[tuple[str, Path]]:
    """Give (stem, file) of every data set; README, styles, the companions of a .shp and the like are none."""
    for entry in path.iterdir():
        suffix = entry.suffix.lower()
        if suffix not in LAYER_SUFFIXES or entry.name.startswith(".") or not entry.is_file():
            continue
        stem = entry.stem
        if suffix == ".zip" and stem.lower().endswith(".shp"):  # CODE.shp.zip, as GDAL and QGIS name it
            stem = stem[: -len(".shp")]
        yield stem, entry


def _is_coverage(stem: str) -> bool:
    return stem.lower().endswith(_COVERAGE)


def _one_each(found: list[tuple[str, Path]]) -> dict[str, Path]:
    """Return the one file of each stem. Stems that differ by case are one on some machines and two on others."""
    by_folded: dict[str, tuple[str, Path]] = {}
    for stem, file in found:
        folded = stem.casefold()
        if folded in by_folded:
            raise UnreadableLayer(
                code="layer_name_clash",
                message=say("control.name_clash", code=stem, first=by_folded[folded][1].name, second=file.name),
                remedy=say("control.name_clash_remedy"),
            )
        by_folded[folded] = stem, file
    return dict(sorted(by_folded.values()))


def _coverage_of(code: str, coverages: Mapping[str, Path]) -> Path | None:
    return next((file for stem, file in coverages.items() if stem[: -len(_COVERAGE)] == code), None)


def _facts(code: str, words: LayerWords, sha256: str) -> LayerFacts:
    return LayerFacts(
        code=code,
        title=words.title or code,
        version=words.version or f"file-{sha256[:12]}",
        sha256=sha256,
        valid_from=words.valid_from,
        valid_to=words.valid_to,
        accuracy_m=words.accuracy_m,
        source=words.source,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Surveyed:
    """Where a layer was surveyed, in the measuring CRS; nothing when no file says so."""

    area: BaseGeometry | None = None
    sha256: str | None = None
    repairs: tuple[Repair, ...] = ()
    notes: tuple[str, ...] = ()


def _coverage(data_set: DataSet, boundary: Boundary, within_m: float) -> _Surveyed:
    if data_set.coverage is None:
        return _Surveyed()
    features, sha256 = read_coverage(data_set.coverage, epsg=data_set.words.epsg)
    union, found = union_in_plane(features, boundary.measuring_epsg, boundary=boundary, within_m=within_m)
    repairs, notes = of_the_coverage(found, features.notes)
    return _Surveyed(area=union, sha256=sha256, repairs=repairs, notes=notes)
