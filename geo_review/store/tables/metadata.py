"""What all tables have in common: the metadata, the kinds of columns. Holds no table."""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import DateTime, MetaData

from geo_review.store.working_crs import WORKING_EPSG

# Constraint names are the key to the meaning of a driver error (see `driver_errors`): they are stable.
METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def geometry(kind: str, srid: int = WORKING_EPSG) -> Geometry:
    # The index is written out below: GeoAlchemy2's implicit one escapes the drift check.
    return Geometry(kind, srid=srid, spatial_index=False)


def moment() -> DateTime:
    return DateTime(timezone=True)
