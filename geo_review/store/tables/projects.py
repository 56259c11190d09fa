"""Projects and their red lines. Runs nothing; migrations create the tables."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from geo_review.geometry.crs import LONLAT
from geo_review.store.tables.metadata import METADATA, geometry, moment

project = Table(
    "project",
    METADATA,
    Column("code", Text, comment="项目代码 XMDM"),
    Column("name", Text, nullable=False, comment="project name"),
    Column("flow", Text, comment="project type, the `flow` that rules are asked with"),
    Column(
        "attributes",
        JSONB,
        nullable=False,
        server_default=text("'{}'::jsonb"),
        comment="project values by plan attribute (RJL …), for compare rules",
    ),
    Column("is_sample", Boolean, nullable=False, server_default=text("false"), comment="样例数据: generated, not real"),
    Column("created_at", moment(), nullable=False, comment="when it was first stored"),
    Column(
        "standing",
        Text,
        nullable=False,
        server_default=text("'live'"),
        comment="live, approved or withdrawn; a withdrawn one claims no land",
    ),
    PrimaryKeyConstraint("code"),
    CheckConstraint("code <> '' AND length(code) <= 64", name="code_length"),
    CheckConstraint("name <> ''", name="name_given"),
    CheckConstraint("standing IN ('live', 'approved', 'withdrawn')", name="standing_known"),
    Index("ix_project_created_at", "created_at"),
    comment="a construction project under review",
)

boundary_version = Table(
    "boundary_version",
    METADATA,
    Column("id", BigInteger, Identity(always=True), comment="internal number"),
    Column("project_code", Text, ForeignKey("project.code"), nullable=False, comment="whose red line it is"),
    Column("version", Integer, nullable=False, comment="1, 2, … within the project; the highest one is in force"),
    Column("submitted_at", moment(), nullable=False, comment="when it was stored"),
    Column("file_name", Text, nullable=False, comment="name of the original file, without a folder"),
    Column("file_bytes", LargeBinary, nullable=False, comment="the original file, byte for byte"),
    Column("file_size_bytes", BigInteger, nullable=False, comment="size of the original file"),
    Column("sha256", Text, nullable=False, comment="SHA-256 of the original file, hex"),
    Column("sm3", Text, nullable=False, comment="SM3 of the original file, hex"),
    Column("format", Text, nullable=False, comment="format it was read as: txt, shp, geojson, gpkg …"),
    Column("crs_epsg", Integer, nullable=False, comment="EPSG code of the coordinates as written"),
    Column("crs_how", Text, nullable=False, comment="on what ground: declared, prefix, range, asked"),
    Column("crs_reason", Text, nullable=False, comment="the sentence that says why"),
    Column("measuring_epsg", Integer, nullable=False, comment="EPSG code of the zone it is measured in"),
    Column("geometry", geometry("MULTIPOLYGON"), nullable=False, comment="union of the parcels, working CRS"),
    Column("measured_wkb", LargeBinary, nullable=False, comment="union of the parcels, measuring CRS, exact WKB"),
    Column("lonlat", geometry("MULTIPOLYGON", LONLAT), nullable=False, comment="union of the parcels, lon/lat"),
    Column("planar_area_m2", Double, nullable=False, comment="area in the measuring CRS, m²"),
    Column("ellipsoidal_area_m2", Double, nullable=False, comment="area on the CGCS2000 ellipsoid, m²"),
    Column("declared_area_m2", Double, comment="area the file declares, m²"),
    Column("declared_area_unit", Text, comment="the unit the declared area was believed to be in"),
    Column("issues", JSON, nullable=False, comment="issues found in the file; json, not jsonb: numbers stay verbatim"),
    Column("relation", Text, nullable=False, comment="first, replace, adjust, split, merge or phase: of its parents"),
    Column("stage", Integer, comment="the permit it was handed in for, 1 to 4; null: not said"),
    Column("asked", JSON, comment="what the user said when it was read; null: from before that was kept"),
    Column("encoding", Text, comment="encoding of the texts, when the format leaves it open"),
    Column("layer", Text, comment="the layer, table, sheet or member that was read"),
    Column("axes_swapped", Boolean, comment="the columns stood the other way round; null: not known"),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("project_code", "version"),
    UniqueConstraint("id", "project_code"),
    CheckConstraint("version >= 1", name="version_from_one"),
    CheckConstraint("crs_how IN ('declared', 'prefix', 'range', 'asked')", name="crs_how_known"),
    CheckConstraint("planar_area_m2 > 0 AND ellipsoidal_area_m2 > 0", name="area_positive"),
    CheckConstraint("relation IN ('first', 'replace', 'adjust', 'split', 'merge', 'phase')", name="relation_known"),
    CheckConstraint("relation <> 'first' OR version = 1", name="first_is_first"),
    CheckConstraint("stage BETWEEN 1 AND 4", name="stage_known"),
    Index("ix_boundary_version_geometry", "geometry", postgresql_using="gist"),
    Index("ix_boundary_version_lonlat", "lonlat", postgresql_using="gist"),
    comment="a red line as submitted; a correction is a new version, a row is never changed (trigger)",
)

boundary_parent = Table(
    "boundary_parent",
    METADATA,
    Column(
        "child_id", BigInteger, ForeignKey("boundary_version.id"), comment="the red line that was drawn from another"
    ),
    Column("parent_id", BigInteger, ForeignKey("boundary_version.id"), comment="the other, of this project or of any"),
    PrimaryKeyConstraint("child_id", "parent_id"),
    # A parent was stored before its child, so nothing is its own ancestor.
    CheckConstraint("parent_id < child_id", name="parent_is_older"),
    Index("ix_boundary_parent_parent_id", "parent_id"),
    comment="which red lines a red line was drawn from; never changed (trigger)",
)

neighbour = Table(
    "neighbour",
    METADATA,
    Column(
        "earlier_id", BigInteger, ForeignKey("boundary_version.id"), comment="the red line that was submitted first"
    ),
    Column(
        "later_id",
        BigInteger,
        ForeignKey("boundary_version.id"),
        comment="the one submitted after it, which names it",
    ),
    Column("kind", Text, nullable=False, comment="overlap, gap, shared or lineage"),
    Column("contact", Text, nullable=False, comment="of the common land, by the sliver policy"),
    Column("overlap_planar_m2", Double, nullable=False, comment="common land, in the later one's zone, m²"),
    Column("overlap_ellipsoidal_m2", Double, nullable=False, comment="the same on the ellipsoid, m²"),
    Column("overlap_max_width_m", Double, nullable=False, comment="its greatest width"),
    Column("gap_planar_m2", Double, nullable=False, comment="area of the strips between the two, m²"),
    Column("gap_max_width_m", Double, nullable=False, comment="their greatest width"),
    Column("gap_length_m", Double, nullable=False, comment="their length in all"),
    Column("shared_length_m", Double, nullable=False, comment="length of the edge they have in common"),
    Column("parts", JSON, nullable=False, comment="every part with its kind, figures and lon/lat geometry"),
    Column("contact_width_m", Double, nullable=False, comment="the policy it was found under"),
    Column("gap_width_m", Double, nullable=False, comment="the policy it was found under"),
    Column("found_at", moment(), nullable=False, comment="when it was found first"),
    PrimaryKeyConstraint("earlier_id", "later_id"),
    CheckConstraint("earlier_id < later_id", name="earlier_first"),
    CheckConstraint("kind IN ('overlap', 'gap', 'shared', 'lineage')", name="kind_known"),
    CheckConstraint("contact IN ('none', 'touch', 'technical', 'minor', 'encroachment')", name="contact_known"),
    Index("ix_neighbour_later_id", "later_id"),
    comment="two red lines that meet or nearly meet; those of superseded versions are history",
)

boundary_companion = Table(
    "boundary_companion",
    METADATA,
    Column("boundary_id", BigInteger, ForeignKey("boundary_version.id"), comment="of which red line"),
    Column("suffix", Text, comment="lower-case suffix with its dot: .dbf, .prj, .cpg …"),
    Column("content", LargeBinary, nullable=False, comment="the file, byte for byte"),
    PrimaryKeyConstraint("boundary_id", "suffix"),
    comment="the files that stood beside a bare .shp; never changed (trigger)",
)

parcel = Table(
    "parcel",
    METADATA,
    Column("boundary_id", BigInteger, ForeignKey("boundary_version.id"), comment="of which red line"),
    Column("number", Integer, comment="1, 2, … in file order"),
    Column("code", Text, comment="地块编号"),
    Column("name", Text, comment="地块名称"),
    Column("use", Text, comment="用途"),
    Column("declared_area_m2", Double, comment="area the file declares, m²"),
    Column("planar_area_m2", Double, nullable=False, comment="area in the measuring CRS, m²"),
    Column("ellipsoidal_area_m2", Double, nullable=False, comment="area on the CGCS2000 ellipsoid, m²"),
    Column("measured_wkb", LargeBinary, nullable=False, comment="the parcel, measuring CRS, exact WKB"),
    PrimaryKeyConstraint("boundary_id", "number"),
    CheckConstraint("number >= 1", name="number_from_one"),
    comment="a parcel of a red line; never changed (trigger)",
)

pending_upload = Table(
    "pending_upload",
    METADATA,
    Column("token", Text, comment="256 random bits; who knows it may look at the file and confirm it"),
    Column("file_name", Text, nullable=False, comment="name of the file, without a folder"),
    Column("content", LargeBinary, comment="the file, byte for byte; null once it is a red line of the project"),
    Column("size_bytes", BigInteger, nullable=False, comment="size of the file, also when it is gone"),
    Column("project_code", Text, nullable=False, comment="the project it is meant for"),
    Column("project_name", Text, comment="its name, when it is a new one; null: the next version of one that exists"),
    Column("flow", Text, comment="the flow of a new project; null: undecided, or not a new one"),
    Column("asked", JSON, nullable=False, comment="what the user says of the file"),
    Column("created_at", moment(), nullable=False, comment="when it was received; it is kept for a day"),
    Column("confirmed_version", Integer, comment="the version of the red line that it became; null: not yet"),
    PrimaryKeyConstraint("token"),
    CheckConstraint("(content IS NULL) = (confirmed_version IS NOT NULL)", name="content_until_confirmed"),
    Index("ix_pending_upload_created_at", "created_at"),
    comment="a file between the page that shows what was understood of it and its confirmation; deleted after a day",
)
