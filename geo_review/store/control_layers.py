"""Control layers and their versions: stored, published, told. Features are in `control_features`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ARRAY, DateTime, RowMapping, Text, and_, bindparam, func, insert, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

import shapely
from shapely.geometry.base import BaseGeometry

from geo_review.control.model import LayerFacts, Repair
from geo_review.errors import UnknownLayer
from geo_review.store.driver_errors import translated
from geo_review.store.layer_tenures import LayerAction, record_event
from geo_review.store.tables import control_layer, control_layer_event, control_layer_tenure, control_layer_version
from geo_review.store.working_crs import WORKING_EPSG
from geo_review.wording import say

_columns = control_layer_version.c
_tenure = control_layer_tenure.c
_event = control_layer_event.c
_HEAVY = ("coverage", "coverage_repairs", "valid_to")
_LIGHT = tuple(_columns[name] for name in _columns.keys() if name not in _HEAVY)  # noqa: SIM118
_OF_THE_TENURE = (_tenure.id.label("tenure_id"), _tenure.valid_to.label("tenure_valid_to"))
_PUBLISHED_AT = (
    select(func.max(_event.at))
    .where(_event.version_id == _columns.id, _event.action.in_(("published", "restored")))
    .scalar_subquery()
)
_any_tenure = control_layer_tenure.alias("any_tenure")
_HELD_UNTIL = select(func.max(_any_tenure.c.known_to)).where(_any_tenure.c.version_id == _columns.id).scalar_subquery()
# Built once: every review asks it. What is held now, and what was held at a moment.
_IN_USE = (
    select(*_LIGHT, _columns.valid_to, *_OF_THE_TENURE, _PUBLISHED_AT.label("published_at"), null().label("held_until"))
    .join_from(control_layer_tenure, control_layer_version, _columns.id == _tenure.version_id)
    .where(_tenure.layer_code == func.any(bindparam("codes", type_=ARRAY(Text))))
    .order_by(_columns.id.desc())
)
_IN_USE_NOW = _IN_USE.where(_tenure.known_to.is_(None))
_IN_USE_THEN = _IN_USE.where(
    _tenure.known_from <= bindparam("known_at", type_=DateTime(timezone=True)),
    or_(_tenure.known_to.is_(None), _tenure.known_to > bindparam("known_at", type_=DateTime(timezone=True))),
)
_EVERY = (
    select(
        *_LIGHT,
        _columns.valid_to,
        *_OF_THE_TENURE,
        _PUBLISHED_AT.label("published_at"),
        _HELD_UNTIL.label("held_until"),
    )
    .outerjoin_from(
        control_layer_version,
        control_layer_tenure,
        and_(_tenure.version_id == _columns.id, _tenure.known_to.is_(None)),
    )
    .order_by(_columns.id.desc())
)


class LayerState(StrEnum):
    """Only published versions are judged with."""

    LOADED = "loaded"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True, slots=True)
class LayerVersion:
    """One version of a layer. ``valid_to`` is the end that holds, ``declared_valid_to`` the end it was loaded with.

    ``tenure_id`` is of the days it is in force on, as they are held (or were, when that was asked for); None: of none.
    """

    id: int
    tenure_id: int | None
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
    loaded_by: str
    published_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def state(self) -> LayerState:
        if self.tenure_id is not None:
            return LayerState.PUBLISHED
        return LayerState.LOADED if self.withdrawn_at is None else LayerState.WITHDRAWN

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
    loaded_by: str = "",
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
                loaded_by=loaded_by,
            )
            .returning(_columns.id)
        ).scalar_one()
    record_event(session, [version_id], LayerAction.LOADED, at=loaded_at, by=loaded_by, reason=None)
    return version_of(session, version_id)


def version_of(session: Session, version_id: int) -> LayerVersion:
    """Return the version with an internal number."""
    (found,) = _all(session, _columns.id == version_id)
    return found


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


def versions_in_use(
    session: Session, codes: Collection[str], *, known_at: datetime | None = None
) -> Mapping[str, tuple[LayerVersion, ...]]:
    """Return of every layer its published versions, whenever they are in force: as held now, or at ``known_at``."""
    found: dict[str, list[LayerVersion]] = {code: [] for code in codes}
    for version in _in_use(session, list(found), known_at):
        found[version.layer_code].append(version)
    return {code: tuple(versions) for code, versions in found.items()}


def versions_by_tenure(session: Session, tenure_ids: Collection[int]) -> Mapping[str, LayerVersion]:
    """Return by layer code the versions of some tenures, each with the validity that it was held to have."""
    rows = session.execute(
        select(
            *_LIGHT,
            _columns.valid_to,
            *_OF_THE_TENURE,
            _PUBLISHED_AT.label("published_at"),
            _HELD_UNTIL.label("held_until"),
        )
        .join_from(control_layer_tenure, control_layer_version, _columns.id == _tenure.version_id)
        .where(_tenure.id.in_(list(tenure_ids)))
    )
    return {row["layer_code"]: _version(row) for row in rows.mappings()}


def published_layers(session: Session, as_of: date, *, known_at: datetime | None = None) -> tuple[LayerVersion, ...]:
    """Return of every layer the published version in force on a day, by code: as held now, or at ``known_at``."""
    codes = session.execute(select(control_layer.c.code)).scalars().all()
    found = [
        version
        for version in _in_use(session, codes, known_at)
        if (version.valid_from is None or version.valid_from <= as_of)
        and (version.valid_to is None or version.valid_to > as_of)
    ]
    return tuple(sorted(found, key=lambda version: version.layer_code))


def list_layers(session: Session) -> tuple[LayerVersion, ...]:
    """Return every version of every layer, by code, the latest loaded first."""
    return tuple(sorted(_all(session), key=lambda version: version.layer_code))


def _in_use(session: Session, codes: Sequence[str], known_at: datetime | None) -> tuple[LayerVersion, ...]:
    if known_at is None:
        rows = session.execute(_IN_USE_NOW, {"codes": list(codes)})
    else:
        rows = session.execute(_IN_USE_THEN, {"codes": list(codes), "known_at": known_at})
    return tuple(_version(row) for row in rows.mappings())


def _all(session: Session, *conditions: Any) -> tuple[LayerVersion, ...]:
    return tuple(_version(row) for row in session.execute(_EVERY.where(*conditions)).mappings())


def _version(row: RowMapping) -> LayerVersion:
    """What holds goes before what was given; a version that is not held by anybody has the end it was given."""
    fields = dict(row)
    held_until, tenure_valid_to = fields.pop("held_until"), fields.pop("tenure_valid_to")
    is_held = fields["tenure_id"] is not None
    return LayerVersion(
        **fields
        | {
            "notes": tuple(row["notes"] or ()),
            "declared_valid_to": row["valid_to"],
            "valid_to": tenure_valid_to if is_held else row["valid_to"],
            "withdrawn_at": None if is_held else held_until,
        }
    )
