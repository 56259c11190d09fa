"""Control layers and their versions: stored, published, told. Features are in `control_features`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ARRAY, RowMapping, Text, bindparam, func, insert, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

import shapely
from shapely.geometry.base import BaseGeometry

from geo_review.control.model import LayerFacts, Repair
from geo_review.control.succession import Publication
from geo_review.errors import UnknownLayer
from geo_review.store.driver_errors import translated
from geo_review.store.tables import control_layer, control_layer_version
from geo_review.store.working_crs import WORKING_EPSG
from geo_review.wording import say

_columns = control_layer_version.c
_HEAVY = ("coverage", "coverage_repairs")
_LIGHT = tuple(_columns[name] for name in _columns.keys() if name not in _HEAVY)  # noqa: SIM118
_PUBLISHED = (_columns.published_at.is_not(None), _columns.withdrawn_at.is_(None))
# Built once: every review asks it.
_IN_USE = (
    select(*_LIGHT)
    .where(_columns.layer_code == func.any(bindparam("codes", type_=ARRAY(Text))), *_PUBLISHED)
    .order_by(_columns.id.desc())
)


class LayerState(StrEnum):
    """Only published versions are judged with."""

    LOADED = "loaded"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True, slots=True)
class LayerVersion:
    """One version of a layer. ``valid_to`` is the end that holds, ``declared_valid_to`` the end that was given."""

    id: int
    layer_code: str
    version: str
    title: str
    valid_from: date | None
    valid_to: date | None
    declared_valid_to: date | None
    source: str | None
    accuracy_m: float | None
    sha256: str
    coverage_sha256: str | None
    feature_count: int
    has_area: bool
    has_repairs: bool  # of a feature; the coverage keeps its own beside it
    part_count: int
    notes: tuple[str, ...]
    loaded_at: datetime
    published_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def state(self) -> LayerState:
        if self.withdrawn_at is not None:
            return LayerState.WITHDRAWN
        return LayerState.LOADED if self.published_at is None else LayerState.PUBLISHED

    @property
    def facts(self) -> LayerFacts:
        """What a report tells of it."""
        return LayerFacts(
            code=self.layer_code,
            title=self.title,
            version=self.version,
            sha256=self.sha256,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            accuracy_m=self.accuracy_m,
            source=self.source,
        )


def save_version(
    session: Session,
    facts: LayerFacts,
    *,
    coverage: BaseGeometry | None,
    coverage_sha256: str | None,
    coverage_repairs: Sequence[Repair],
    feature_count: int,
    has_area: bool,
    has_repairs: bool,
    part_count: int,
    notes: Sequence[str] = (),
    loaded_at: datetime,
) -> LayerVersion:
    """Store a version of a layer, not yet published. ``coverage`` is a MultiPolygon in the working CRS.

    A version of that name raises LayerVersionExists, even when it is being stored elsewhere right now.
    """
    hold_layer(session, facts.code, facts.title)
    session.execute(update(control_layer).where(control_layer.c.code == facts.code).values(title=facts.title))
    with translated(code=facts.code, version=facts.version):
        version_id = session.execute(
            insert(control_layer_version)
            .values(
                layer_code=facts.code,
                version=facts.version,
                title=facts.title,
                valid_from=facts.valid_from,
                valid_to=facts.valid_to,
                declared_valid_to=facts.valid_to,
                source=facts.source,
                accuracy_m=facts.accuracy_m,
                sha256=facts.sha256,
                coverage=None if coverage is None else func.ST_GeomFromWKB(shapely.to_wkb(coverage), WORKING_EPSG),
                coverage_sha256=coverage_sha256,
                coverage_repairs=[asdict(repair) for repair in coverage_repairs] or null(),
                feature_count=feature_count,
                has_area=has_area,
                has_repairs=has_repairs,
                part_count=part_count,
                notes=list(notes) or null(),
                loaded_at=loaded_at,
            )
            .returning(_columns.id)
        ).scalar_one()
    return _one(session, _columns.id == version_id)


def find_version(session: Session, code: str, version: str) -> LayerVersion | None:
    """Return a version of a layer, or None."""
    found = _all(session, _columns.layer_code == code, _columns.version == version)
    return found[0] if found else None


def get_version(session: Session, code: str, version: str) -> LayerVersion:
    """Return a version of a layer; raise UnknownLayer, saying whether the layer or only the version is missing."""
    found = find_version(session, code, version)
    if found is None:
        history(session, code)
        raise UnknownLayer(
            code="unknown_layer_version",
            message=say("store.unknown_layer_version", code=code, version=version),
            remedy=say("store.unknown_layer_remedy", code=code),
        )
    return found


def history(session: Session, code: str) -> tuple[LayerVersion, ...]:
    """Return every version of a layer, the latest loaded first; raise UnknownLayer."""
    found = _all(session, _columns.layer_code == code)
    if not found:
        raise UnknownLayer(code="unknown_layer", message=say("store.unknown_layer", code=code))
    return found


def hold_layer(session: Session, code: str, title: str) -> str:
    """Make others who hold this layer wait for this transaction; a layer that is not stored yet is entered.

    Returns the title it has: ``title`` for a new one.
    """
    return str(
        session.execute(
            upsert(control_layer)
            .values(code=code, title=title)
            .on_conflict_do_update(index_elements=["code"], set_={"code": code})
            .returning(control_layer.c.title)
        ).scalar_one()
    )


def versions_in_use(session: Session, codes: Collection[str]) -> Mapping[str, tuple[LayerVersion, ...]]:
    """Return of every layer its published versions that were not withdrawn, whenever they are in force."""
    found: dict[str, list[LayerVersion]] = {code: [] for code in codes}
    for row in session.execute(_IN_USE, {"codes": list(codes)}).mappings():
        found[row["layer_code"]].append(_version(row))
    return {code: tuple(versions) for code, versions in found.items()}


def published_layers(session: Session, as_of: date) -> tuple[LayerVersion, ...]:
    """Return of every layer the published version in force on a day, by code."""
    found = _all(
        session,
        *_PUBLISHED,
        or_(_columns.valid_from.is_(None), _columns.valid_from <= as_of),
        or_(_columns.valid_to.is_(None), _columns.valid_to > as_of),
    )
    return tuple(sorted(found, key=lambda version: version.layer_code))


def list_layers(session: Session) -> tuple[LayerVersion, ...]:
    """Return every version of every layer, by code, the latest loaded first."""
    return tuple(sorted(_all(session), key=lambda version: version.layer_code))


def record_publication(
    session: Session, version: LayerVersion, publication: Publication, *, published_at: datetime
) -> LayerVersion:
    """Publish a version as decided. The caller holds the layer (`hold_layer`) since it read what is published."""
    _set(session, publication.withdrawn, withdrawn_at=published_at)
    _set(session, publication.closed, valid_to=version.valid_from)
    with translated(code=version.layer_code, version=version.version):
        _set(session, [version.id], published_at=published_at, withdrawn_at=None, valid_to=publication.valid_to)
    return _one(session, _columns.id == version.id)


def _set(session: Session, ids: Iterable[int], **values: object) -> None:
    session.execute(update(control_layer_version).where(_columns.id.in_(list(ids))).values(**values))


def _one(session: Session, *conditions: Any) -> LayerVersion:
    (found,) = _all(session, *conditions)
    return found


def _all(session: Session, *conditions: Any) -> tuple[LayerVersion, ...]:
    rows = session.execute(select(*_LIGHT).where(*conditions).order_by(_columns.id.desc()))
    return tuple(_version(row) for row in rows.mappings())


def _version(row: RowMapping) -> LayerVersion:
    return LayerVersion(**dict(row) | {"notes": tuple(row["notes"] or ())})
