"""A control layer into the store, as a version that nobody judges with yet: whole or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
from sqlalchemy.orm import Session

import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geo_review.control.as_read import read_coverage, read_with_digest
from geo_review.control.model import ControlFeatures, LayerFacts, Repair
from geo_review.control.plain_values import attributes_as_json
from geo_review.control.projecting import into_plane, of_the_coverage, union_in_plane
from geo_review.control.validity import repair_all
from geo_review.errors import InvalidLayer, InvalidOption, LayerVersionExists
from geo_review.geometry.subdivide import subdivide
from geo_review.identifiers import checked_code, checked_text
from geo_review.store.control_features import save_features
from geo_review.store.control_layers import LayerVersion, find_version, hold_layer, save_version
from geo_review.store.working_crs import WORKING_EPSG
from geo_review.usecases.publish_layer import Publication, Publisher, publish
from geo_review.wording import say

# A NUL as JSON writes it: a backslash that is none of a pair before the four zeros.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadedVersion:
    """A version as stored. ``is_new`` is false when it was there already; ``repairs`` are of features and coverage.

    ``publication`` is what publishing it changed; None: it was not published.
    """

    version: LayerVersion
    is_new: bool
    repairs: tuple[Repair, ...] = ()
    publication: Publication | None = None


def load_layer(
    session: Session,
    path: Path,
    *,
    code: str,
    title: str | None = None,
    version: str | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    coverage_path: Path | None = None,
    source: str | None = None,
    accuracy_m: float | None = None,
    epsg: int | None = None,
    publish_by: Publisher | None = None,
    by: str = "",
    now: datetime,
) -> LoadedVersion:
    """Store a layer file as a version of a layer, and publish it in the same transaction when somebody does.

    Without ``version`` it is named by its content, without ``title`` as the layer was so far. The same content under
    the same version is not stored again; other content or other facts raise LayerVersionExists.
    """
    _check_words(code=code, version=version, title=title, source=source)
    _check_figures(valid_from, valid_to, accuracy_m)
    features, sha256 = read_with_digest(path, epsg=epsg)
    coverage, coverage_sha256 = (None, None) if coverage_path is None else read_coverage(coverage_path, epsg=epsg)
    title_so_far = hold_layer(session, code, title or code)
    facts = LayerFacts(
        code=code,
        title=title or title_so_far,
        version=version or f"file-{sha256[:12]}",  # as a layer of a folder is named
        sha256=sha256,
        valid_from=valid_from,
        valid_to=valid_to,
        accuracy_m=accuracy_m,
        source=source,
    )
    known = find_version(session, code, facts.version)
    if known is not None:
        _refuse_other_content(known, facts, title, coverage_sha256)
        loaded = LoadedVersion(version=known, is_new=False)
    else:
        loaded = store_layer(
            session, facts, features, coverage=coverage, coverage_sha256=coverage_sha256, by=by, now=now
        )
    if publish_by is None:
        return loaded
    publication = publish(session, code, facts.version, by=publish_by, now=now)
    return replace(loaded, version=publication.version, publication=publication)


def store_layer(
    session: Session,
    facts: LayerFacts,
    features: ControlFeatures,
    *,
    coverage: ControlFeatures | None = None,
    coverage_sha256: str | None = None,
    by: str = "",
    now: datetime,
) -> LoadedVersion:
    """Store features in any CRS as a version of a layer, made valid with a word, subdivided, not yet published.

    ``coverage`` is where it was surveyed: polygons in any CRS, taken together.
    """
    numbers = np.arange(1, len(features.geometries) + 1, dtype=np.int64)
    valid, repairs = repair_all(features.geometries, epsg=features.epsg)
    geometries, rounding = into_plane(valid, numbers, epsg=features.epsg, measuring_epsg=WORKING_EPSG)
    parts, source = subdivide(geometries)
    area, coverage_repairs, coverage_notes = _surveyed_area(coverage)
    version = save_version(
        session,
        facts,
        coverage=area,
        coverage_sha256=coverage_sha256,
        coverage_repairs=coverage_repairs,
        feature_count=len(geometries),
        has_area=bool((shapely.get_dimensions(geometries) == 2).any()),
        has_repairs=bool(repairs or rounding),
        part_count=len(parts),
        notes=(*features.notes, *coverage_notes),
        loaded_at=now,
        loaded_by=by,
    )
    save_features(
        session,
        version.id,
        geometries=geometries,
        attributes=_attributes(features),
        repairs=repairs,
        rounding=rounding,
        parts=parts,
        source=source,
    )
    return LoadedVersion(version=version, is_new=True, repairs=(*repairs, *rounding, *coverage_repairs))


def _check_words(*, code: str, version: str | None, title: str | None, source: str | None) -> None:
    checked_code("code", code)
    if version is not None:
        checked_code("version", version)
    checked_text("title", title or "")
    checked_text("source", source or "")


def _check_figures(valid_from: date | None, valid_to: date | None, accuracy_m: float | None) -> None:
    if valid_from is not None and valid_to is not None and valid_from >= valid_to:
        raise InvalidOption(
            code="invalid_validity",
            message=say("store.validity_backwards", valid_from=valid_from, valid_to=valid_to),
            remedy=say("store.validity_remedy"),
        )
    if accuracy_m is not None and not 0.0 <= accuracy_m < float("inf"):
        raise InvalidOption(code="invalid_accuracy", message=say("store.accuracy_impossible", accuracy_m=accuracy_m))


def _refuse_other_content(
    known: LayerVersion, facts: LayerFacts, title: str | None, coverage_sha256: str | None
) -> None:
    """Only what is said anew can differ: an option that was left out this time takes nothing back."""
    said = {
        "sha256": (known.sha256, facts.sha256),
        "coverage": (known.coverage_sha256, coverage_sha256),
        "title": (known.title, title),
        "valid_from": (known.valid_from, facts.valid_from),
        "valid_to": (known.declared_valid_to, facts.valid_to),
        "source": (known.source, facts.source),
        "accuracy_m": (known.accuracy_m, facts.accuracy_m),
    }
    other = [name for name, (stored, given) in said.items() if given is not None and given != stored]
    if other:
        raise LayerVersionExists(
            code="layer_version_exists",
            message=say("store.layer_version_exists", code=facts.code, version=facts.version),
            remedy=say("store.layer_version_exists_remedy"),
            lines=tuple(
                say("store.stored_and_given", name=name, stored=said[name][0], given=said[name][1]) for name in other
            ),
        )


def _surveyed_area(
    coverage: ControlFeatures | None,
) -> tuple[BaseGeometry | None, tuple[Repair, ...], tuple[str, ...]]:
    if coverage is None:
        return None, (), ()
    area, repairs = union_in_plane(coverage, WORKING_EPSG)
    polygons = [part for part in shapely.get_parts(area) if part.geom_type == "Polygon"]
    return MultiPolygon(polygons), *of_the_coverage(repairs, coverage.notes)


def _attributes(features: ControlFeatures) -> Sequence[str]:
    rows = attributes_as_json(features)
    for number, row in enumerate(rows, 1):
        if not _is_storable(row):
            raise InvalidLayer(
                code="layer_text_not_storable",
                message=say("store.layer_text_not_storable", feature=number, text=ascii(json.loads(row))),
            )
    return rows


def _is_storable(row: str) -> bool:
    """PostgreSQL keeps no NUL in a text, and half of a surrogate pair is no text."""
    try:
        row.encode()
    except UnicodeEncodeError:
        return False
    return "\\u0000" not in row or not _NUL.search(row)
