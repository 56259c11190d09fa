"""Control layers: versions, when each was in force, and their features. Runs nothing; migrations create the tables."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    column,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint

from geo_review.store.tables.metadata import METADATA, geometry, moment

control_layer = Table(
    "control_layer",
    METADATA,
    Column("code", Text, comment="layer code: STBHHX, YJJBNT …"),
    Column("title", Text, nullable=False, comment="title of the latest version loaded"),
    PrimaryKeyConstraint("code"),
    CheckConstraint("code <> '' AND length(code) <= 64", name="code_length"),
    comment="a control line of the city, whatever its version",
)

control_layer_version = Table(
    "control_layer_version",
    METADATA,
    Column("id", BigInteger, Identity(always=True), comment="internal number"),
    Column("layer_code", Text, ForeignKey("control_layer.code"), nullable=False, comment="of which layer"),
    Column("version", Text, nullable=False, comment="name of the version, as its publisher calls it"),
    Column("title", Text, nullable=False, comment="title shown to users"),
    Column("valid_from", Date, comment="in force from this day on, once published; null: since ever"),
    Column("valid_to", Date, comment="the first day it is no longer meant for, as given; null: open"),
    Column("source", Text, comment="where it comes from"),
    Column("accuracy_m", Double, comment="positional accuracy, metres"),
    Column("sha256", Text, nullable=False, comment="SHA-256 of the content it was loaded from, hex"),
    Column("coverage", geometry("MULTIPOLYGON"), comment="where it was surveyed, working CRS; null: not said"),
    Column("coverage_sha256", Text, comment="SHA-256 of the coverage file, hex"),
    Column("coverage_repairs", JSON, comment="what was repaired in the coverage: feature, reason, areas before, after"),
    Column("feature_count", Integer, nullable=False, comment="features of the whole layer"),
    Column("has_area", Boolean, nullable=False, comment="whether any feature is a polygon"),
    Column("has_repairs", Boolean, nullable=False, comment="whether any feature was repaired, as drawn or projected"),
    Column("part_count", Integer, nullable=False, comment="parts the features were subdivided into"),
    Column("notes", JSON, comment="what reading the files had to put right: sentences"),
    Column("loaded_at", moment(), nullable=False, comment="when it was stored"),
    Column("loaded_by", Text, nullable=False, server_default=text("''"), comment="who stored it; empty: not known"),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("layer_code", "version"),
    CheckConstraint("version <> '' AND length(version) <= 64", name="version_length"),
    CheckConstraint("valid_from < valid_to", name="valid_half_open"),
    CheckConstraint("accuracy_m >= 0", name="accuracy_positive"),
    CheckConstraint("feature_count >= 0 AND part_count >= 0", name="counts_positive"),
    CheckConstraint("(coverage IS NULL) = (coverage_sha256 IS NULL)", name="coverage_with_digest"),
    comment="one version of a control layer: its content and what was said of it, never changed",
)

control_layer_tenure = Table(
    "control_layer_tenure",
    METADATA,
    Column("id", BigInteger, Identity(always=True), comment="internal number; a review names those it was made with"),
    Column("version_id", BigInteger, ForeignKey("control_layer_version.id"), nullable=False, comment="which version"),
    Column("layer_code", Text, ForeignKey("control_layer.code"), nullable=False, comment="of which layer"),
    Column("valid_from", Date, comment="legal time: in force from this day on; null: since ever"),
    Column("valid_to", Date, comment="legal time: in force until the day before, given or by a successor; null: open"),
    Column("given_end", Date, comment="the end it was given, when loaded or by ending it; null: open"),
    Column("known_from", moment(), nullable=False, comment="since when the city held this to be so"),
    Column("known_to", moment(), comment="until when; null: it still does. The one thing that is ever set later"),
    PrimaryKeyConstraint("id"),
    CheckConstraint("valid_from < valid_to", name="valid_half_open"),
    CheckConstraint("valid_from < given_end", name="given_end_half_open"),
    CheckConstraint("known_from <= known_to", name="known_half_open"),
    ExcludeConstraint(
        (column("layer_code"), "="),
        (func.daterange(column("valid_from"), column("valid_to")), "&&"),
        (func.tstzrange(column("known_from"), column("known_to")), "&&"),
        name="ex_control_layer_tenure_one_in_force",
        using="gist",
    ),
    Index("ix_control_layer_tenure_version_id", "version_id"),
    comment="which version was in force on which days, and when that was held to be so: at most one, at any time",
)

control_layer_event = Table(
    "control_layer_event",
    METADATA,
    Column("id", BigInteger, Identity(always=True), comment="in the order they happened"),
    Column(
        "version_id", BigInteger, ForeignKey("control_layer_version.id"), nullable=False, comment="to which version"
    ),
    Column(
        "action",
        Text,
        nullable=False,
        comment="loaded, published, replaced, ended, withdrawn, or restored by a withdrawal",
    ),
    Column("at", moment(), nullable=False, comment="when"),
    Column("by", Text, nullable=False, comment="who did it; empty: not known"),
    Column("reason", Text, comment="why, as that person wrote it"),
    PrimaryKeyConstraint("id"),
    CheckConstraint(
        "action IN ('loaded', 'published', 'replaced', 'ended', 'withdrawn', 'restored')", name="action_known"
    ),
    Index("ix_control_layer_event_version_id", "version_id"),
    comment="what was done with the versions of layers; never changed (trigger)",
)

control_feature = Table(
    "control_feature",
    METADATA,
    Column("version_id", BigInteger, comment="of which layer version"),
    Column("number", Integer, comment="1, 2, … in file order"),
    Column("geometry", geometry("GEOMETRY"), nullable=False, comment="the whole feature, working CRS"),
    Column("attributes", JSONB, nullable=False, comment="its attributes, as read"),
    Column("digest", LargeBinary, nullable=False, comment="first 16 bytes of the SHA-256 of its EWKB: the same shape"),
    Column("repairs", JSON, comment="what was invalid as drawn and repaired: feature, reason, areas before, after"),
    Column("rounding_repairs", JSON, comment="what projecting into the working CRS broke and was repaired: the same"),
    PrimaryKeyConstraint("version_id", "number"),
    ForeignKeyConstraint(["version_id"], ["control_layer_version.id"], ondelete="CASCADE"),
    CheckConstraint("number >= 1", name="number_from_one"),
    # Every review tells of all repairs of a layer, near or far; few features have one.
    Index("ix_control_feature_repaired", "version_id", "number", postgresql_where=text("repairs IS NOT NULL")),
    comment="a feature of a layer version, whole: for showing and for exchange",
)

control_feature_part = Table(
    "control_feature_part",
    METADATA,
    Column("version_id", BigInteger, comment="of which layer version"),
    Column("feature_number", Integer, comment="of which feature of it"),
    Column("part", Integer, comment="1, 2, … within the feature"),
    Column("geometry", geometry("GEOMETRY"), nullable=False, comment="the part, working CRS"),
    PrimaryKeyConstraint("version_id", "feature_number", "part"),
    ForeignKeyConstraint(["version_id"], ["control_layer_version.id"], ondelete="CASCADE"),
    # One index on both: a search stays inside one version however many are kept (needs btree_gist).
    Index("ix_control_feature_part_version_geometry", "version_id", "geometry", postgresql_using="gist"),
    comment="features subdivided for the indexed search; right only for intersects and summed area",
)
