"""What the store tests put into a database: a red-line file that reads as one square, and a seeded layer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import numpy as np
from sqlalchemy.orm import Session

from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geo_review.boundary.read import read_boundary
from geo_review.boundary.received import ReceivedFile
from geo_review.city import PUYANG
from geo_review.control.model import ControlFeatures, LayerFacts
from geo_review.review.lineage import NOTHING_SAID, Origin
from geo_review.store.boundaries import StoredBoundary
from geo_review.store.control_layers import LayerVersion
from geo_review.store.working_crs import WORKING_EPSG
from geo_review.usecases.load_layer import store_layer
from geo_review.usecases.publish_layer import publish
from geo_review.usecases.submit_project import submit_boundary, submit_project
from tests.builders import square

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
CODE = "2026-410900-47-01-012345"


def geojson(
    *geometries: BaseGeometry, epsg: int = WORKING_EPSG, properties: Sequence[Mapping[str, object]] = ()
) -> bytes:
    """A GeoJSON file of some geometries, its system declared by the old crs member."""
    rows = properties or [{} for _ in geometries]
    return json.dumps(
        {
            "type": "FeatureCollection",
            "crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{epsg}"}},
            "features": [
                {"type": "Feature", "properties": row, "geometry": mapping(geometry)}
                for geometry, row in zip(geometries, rows, strict=True)
            ],
        }
    ).encode()


def red_line_file(*geometries: BaseGeometry, name: str = "红线.geojson", epsg: int = WORKING_EPSG) -> ReceivedFile:
    """A red-line file; one square of 100 m without geometries."""
    return ReceivedFile(name=name, content=geojson(*(geometries or (square(),)), epsg=epsg))


def submit(
    session: Session,
    code: str = CODE,
    *geometries: BaseGeometry,
    name: str = "样例厂房",
    flow: str | None = None,
    epsg: int = WORKING_EPSG,
    origin: Origin = NOTHING_SAID,
    now: datetime = NOW,
) -> StoredBoundary:
    """A project with its red line in the store."""
    file = red_line_file(*geometries, epsg=epsg)
    return submit_project(
        session,
        code=code,
        name=name,
        flow=flow,
        attributes={"RJL": "1.8"},
        file=file,
        boundary=read_boundary(file, city=PUYANG),
        origin=origin,
        now=now,
    )


def resubmit(
    session: Session,
    file: ReceivedFile,
    *,
    code: str = CODE,
    origin: Origin = NOTHING_SAID,
    now: datetime = NOW,
) -> StoredBoundary:
    """The next version of the red line of a project, that one's unless said otherwise."""
    return submit_boundary(session, code, file, read_boundary(file, city=PUYANG), origin=origin, now=now)


def seed_layer(
    session: Session,
    *geometries: BaseGeometry,
    code: str = "X",
    version: str = "v1",
    valid_from: date | None = None,
    valid_to: date | None = None,
    published: bool = True,
    epsg: int = WORKING_EPSG,
    attributes: Mapping[str, Sequence[object]] | None = None,
    coverage: BaseGeometry | None = None,
    coverage_sha256: str = "2" * 64,
    by: str = "",
    title: str | None = None,
    now: datetime = NOW,
) -> LayerVersion:
    """A version of a layer in the store, published unless said otherwise."""
    array = np.empty(len(geometries), dtype=object)
    array[:] = geometries
    facts = LayerFacts(
        code=code,
        title=title or f"图层{code}",
        version=version,
        sha256="1" * 64,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    stored = store_layer(
        session,
        facts,
        ControlFeatures(
            epsg=epsg,
            geometries=array,
            attributes={key: np.array(values, dtype=object) for key, values in (attributes or {}).items()},
        ),
        coverage=None if coverage is None else ControlFeatures(epsg=epsg, geometries=np.array([coverage])),
        coverage_sha256=None if coverage is None else coverage_sha256,
        by=by,
        now=now,
    )
    return publish(session, code, version, now=now).version if published else stored.version
