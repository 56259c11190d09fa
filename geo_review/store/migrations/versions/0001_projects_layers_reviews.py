"""The first tables: projects and their red lines, control layers, rulebooks, reviews.

Revision: 0001, after nothing. Written out in full: a migration must not change when `store.tables` does.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# What a verdict rests on is kept as it was: a correction is a new row.
_KEPT = ("boundary_version", "boundary_companion", "parcel", "rulebook", "review")


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")  # layer code and version inside GiST indexes
    _create_projects()
    _create_layers()
    _create_reviews()
    # Coordinates do not compress (34 MB stay 34 MB), trying to costs about a quarter of a load.
    for table in ("control_feature", "control_feature_part"):
        op.execute(f"ALTER TABLE {table} ALTER COLUMN geometry SET STORAGE EXTERNAL")
    op.execute(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'never_changed', TABLE = TG_TABLE_NAME;
        END $$
        """
    )
    for table in _KEPT:
        op.execute(
            f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    for table in (
        "review",
        "rulebook",
        "control_feature_part",
        "control_feature",
        "control_layer_version",
        "control_layer",
        "parcel",
        "boundary_companion",
        "boundary_version",
        "project",
    ):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_change()")  # the extensions stay: others may use them


def _create_projects() -> None:
    op.create_table(
        "project",
        sa.Column("code", sa.Text(), nullable=False, comment="项目代码 XMDM"),
        sa.Column("name", sa.Text(), nullable=False, comment="project name"),
        sa.Column("flow", sa.Text(), nullable=True, comment="project type, the `flow` that rules are asked with"),
        sa.Column(
            "attributes",
            JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="project values by plan attribute (RJL …), for compare rules",
        ),
        sa.Column(
            "is_sample",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="样例数据: generated, not real",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="when it was first stored"),
        sa.CheckConstraint("code <> '' AND length(code) <= 64", name=op.f("ck_project_code_length")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_project_name_given")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_project")),
        comment="a construction project under review",
    )
    op.create_index("ix_project_created_at", "project", ["created_at"], unique=False)
    op.create_table(
        "boundary_version",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="internal number"),
        sa.Column("project_code", sa.Text(), nullable=False, comment="whose red line it is"),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="1, 2, … within the project; the highest one is in force"
        ),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False, comment="when it was stored"),
        sa.Column("file_name", sa.Text(), nullable=False, comment="name of the original file, without a folder"),
        sa.Column("file_bytes", sa.LargeBinary(), nullable=False, comment="the original file, byte for byte"),
        sa.Column("file_size_bytes", sa.BigInteger(), nullable=False, comment="size of the original file"),
        sa.Column("sha256", sa.Text(), nullable=False, comment="SHA-256 of the original file, hex"),
        sa.Column("sm3", sa.Text(), nullable=False, comment="SM3 of the original file, hex"),
        sa.Column("format", sa.Text(), nullable=False, comment="format it was read as: txt, shp, geojson, gpkg …"),
        sa.Column("crs_epsg", sa.Integer(), nullable=False, comment="EPSG code of the coordinates as written"),
        sa.Column("crs_how", sa.Text(), nullable=False, comment="on what ground: declared, prefix, range, asked"),
        sa.Column("crs_reason", sa.Text(), nullable=False, comment="the sentence that says why"),
        sa.Column("measuring_epsg", sa.Integer(), nullable=False, comment="EPSG code of the zone it is measured in"),
        sa.Column(
            "geometry",
            Geometry("MULTIPOLYGON", srid=4547, spatial_index=False),
            nullable=False,
            comment="union of the parcels, working CRS",
        ),
        sa.Column(
            "measured_wkb", sa.LargeBinary(), nullable=False, comment="union of the parcels, measuring CRS, exact WKB"
        ),
        sa.Column(
            "lonlat",
            Geometry("MULTIPOLYGON", srid=4490, spatial_index=False),
            nullable=False,
            comment="union of the parcels, lon/lat",
        ),
        sa.Column("planar_area_m2", sa.Double(), nullable=False, comment="area in the measuring CRS, m²"),
        sa.Column("ellipsoidal_area_m2", sa.Double(), nullable=False, comment="area on the CGCS2000 ellipsoid, m²"),
        sa.Column("declared_area_m2", sa.Double(), nullable=True, comment="area the file declares, m²"),
        sa.Column(
            "declared_area_unit", sa.Text(), nullable=True, comment="the unit the declared area was believed to be in"
        ),
        sa.Column(
            "issues",
            sa.JSON(),
            nullable=False,
            comment="issues found in the file; json, not jsonb: numbers stay verbatim",
        ),
        sa.CheckConstraint(
            "crs_how IN ('declared', 'prefix', 'range', 'asked')", name=op.f("ck_boundary_version_crs_how_known")
        ),
        sa.CheckConstraint(
            "planar_area_m2 > 0 AND ellipsoidal_area_m2 > 0", name=op.f("ck_boundary_version_area_positive")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_boundary_version_version_from_one")),
        sa.ForeignKeyConstraint(["project_code"], ["project.code"], name=op.f("fk_boundary_version_project_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boundary_version")),
        sa.UniqueConstraint("id", "project_code", name=op.f("uq_boundary_version_id_project_code")),
        sa.UniqueConstraint("project_code", "version", name=op.f("uq_boundary_version_project_code_version")),
        comment="a red line as submitted; a correction is a new version, a row is never changed (trigger)",
    )
    op.create_index(
        "ix_boundary_version_geometry", "boundary_version", ["geometry"], unique=False, postgresql_using="gist"
    )
    op.create_index("ix_boundary_version_lonlat", "boundary_version", ["lonlat"], unique=False, postgresql_using="gist")
    op.create_table(
        "boundary_companion",
        sa.Column("boundary_id", sa.BigInteger(), nullable=False, comment="of which red line"),
        sa.Column("suffix", sa.Text(), nullable=False, comment="lower-case suffix with its dot: .dbf, .prj, .cpg …"),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="the file, byte for byte"),
        sa.ForeignKeyConstraint(
            ["boundary_id"], ["boundary_version.id"], name=op.f("fk_boundary_companion_boundary_id")
        ),
        sa.PrimaryKeyConstraint("boundary_id", "suffix", name=op.f("pk_boundary_companion")),
        comment="the files that stood beside a bare .shp; never changed (trigger)",
    )
    op.create_table(
        "parcel",
        sa.Column("boundary_id", sa.BigInteger(), nullable=False, comment="of which red line"),
        sa.Column("number", sa.Integer(), nullable=False, comment="1, 2, … in file order"),
        sa.Column("code", sa.Text(), nullable=True, comment="地块编号"),
        sa.Column("name", sa.Text(), nullable=True, comment="地块名称"),
        sa.Column("use", sa.Text(), nullable=True, comment="用途"),
        sa.Column("declared_area_m2", sa.Double(), nullable=True, comment="area the file declares, m²"),
        sa.Column("planar_area_m2", sa.Double(), nullable=False, comment="area in the measuring CRS, m²"),
        sa.Column("ellipsoidal_area_m2", sa.Double(), nullable=False, comment="area on the CGCS2000 ellipsoid, m²"),
        sa.Column("measured_wkb", sa.LargeBinary(), nullable=False, comment="the parcel, measuring CRS, exact WKB"),
        sa.CheckConstraint("number >= 1", name=op.f("ck_parcel_number_from_one")),
        sa.ForeignKeyConstraint(["boundary_id"], ["boundary_version.id"], name=op.f("fk_parcel_boundary_id")),
        sa.PrimaryKeyConstraint("boundary_id", "number", name=op.f("pk_parcel")),
        comment="a parcel of a red line; never changed (trigger)",
    )


def _create_layers() -> None:
    op.create_table(
        "control_layer",
        sa.Column("code", sa.Text(), nullable=False, comment="layer code: STBHHX, YJJBNT …"),
        sa.Column("title", sa.Text(), nullable=False, comment="title of the latest version loaded"),
        sa.CheckConstraint("code <> '' AND length(code) <= 64", name=op.f("ck_control_layer_code_length")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_control_layer")),
        comment="a control line of the city, whatever its version",
    )
    op.create_table(
        "control_layer_version",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="internal number"),
        sa.Column("layer_code", sa.Text(), nullable=False, comment="of which layer"),
        sa.Column("version", sa.Text(), nullable=False, comment="name of the version, as its publisher calls it"),
        sa.Column("title", sa.Text(), nullable=False, comment="title shown to users"),
        sa.Column("valid_from", sa.Date(), nullable=True, comment="in force from this day on; null: since ever"),
        sa.Column(
            "valid_to",
            sa.Date(),
            nullable=True,
            comment="in force until the day before; null: open. Closed when a successor is published",
        ),
        sa.Column("declared_valid_to", sa.Date(), nullable=True, comment="the end that was given when it was loaded"),
        sa.Column("source", sa.Text(), nullable=True, comment="where it comes from"),
        sa.Column("accuracy_m", sa.Double(), nullable=True, comment="positional accuracy, metres"),
        sa.Column("sha256", sa.Text(), nullable=False, comment="SHA-256 of the content it was loaded from, hex"),
        sa.Column(
            "coverage",
            Geometry("MULTIPOLYGON", srid=4547, spatial_index=False),
            nullable=True,
            comment="where it was surveyed, working CRS; null: not said",
        ),
        sa.Column("coverage_sha256", sa.Text(), nullable=True, comment="SHA-256 of the coverage file, hex"),
        sa.Column(
            "coverage_repairs",
            sa.JSON(),
            nullable=True,
            comment="what was repaired in the coverage: feature, reason, areas before, after",
        ),
        sa.Column("feature_count", sa.Integer(), nullable=False, comment="features of the whole layer"),
        sa.Column("has_area", sa.Boolean(), nullable=False, comment="whether any feature is a polygon"),
        sa.Column("part_count", sa.Integer(), nullable=False, comment="parts the features were subdivided into"),
        sa.Column("notes", sa.JSON(), nullable=True, comment="what reading the files had to put right: sentences"),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False, comment="when it was stored"),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it was published; null: not judged with",
        ),
        sa.Column(
            "withdrawn_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when another version of the same first day replaced it",
        ),
        ExcludeConstraint(
            (sa.column("layer_code"), "="),
            (sa.text("daterange(valid_from, valid_to)"), "&&"),
            where=sa.text("published_at IS NOT NULL AND withdrawn_at IS NULL"),
            using="gist",
            name="ex_control_layer_version_one_in_force",
        ),
        sa.CheckConstraint(
            "version <> '' AND length(version) <= 64", name=op.f("ck_control_layer_version_version_length")
        ),
        sa.CheckConstraint(
            "(coverage IS NULL) = (coverage_sha256 IS NULL)", name=op.f("ck_control_layer_version_coverage_with_digest")
        ),
        sa.CheckConstraint("accuracy_m >= 0", name=op.f("ck_control_layer_version_accuracy_positive")),
        sa.CheckConstraint(
            "feature_count >= 0 AND part_count >= 0", name=op.f("ck_control_layer_version_counts_positive")
        ),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_control_layer_version_valid_half_open")),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR published_at IS NOT NULL",
            name=op.f("ck_control_layer_version_withdrawn_was_published"),
        ),
        sa.ForeignKeyConstraint(
            ["layer_code"], ["control_layer.code"], name=op.f("fk_control_layer_version_layer_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_control_layer_version")),
        sa.UniqueConstraint("layer_code", "version", name=op.f("uq_control_layer_version_layer_code_version")),
        comment="one version of a control layer; of the published ones at most one is in force on any day",
    )
    op.create_table(
        "control_feature",
        sa.Column("version_id", sa.BigInteger(), nullable=False, comment="of which layer version"),
        sa.Column("number", sa.Integer(), nullable=False, comment="1, 2, … in file order"),
        sa.Column(
            "geometry",
            Geometry(srid=4547, spatial_index=False),
            nullable=False,
            comment="the whole feature, working CRS",
        ),
        sa.Column("attributes", JSONB(), nullable=False, comment="its attributes, as read"),
        sa.Column(
            "repairs",
            sa.JSON(),
            nullable=True,
            comment="what was invalid as drawn and repaired: feature, reason, areas before, after",
        ),
        sa.Column(
            "rounding_repairs",
            sa.JSON(),
            nullable=True,
            comment="what projecting into the working CRS broke and was repaired: the same",
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_control_feature_number_from_one")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["control_layer_version.id"], name=op.f("fk_control_feature_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("version_id", "number", name=op.f("pk_control_feature")),
        comment="a feature of a layer version, whole: for showing and for exchange",
    )
    op.create_index(
        "ix_control_feature_repaired",
        "control_feature",
        ["version_id", "number"],
        unique=False,
        postgresql_where=sa.text("repairs IS NOT NULL"),
    )
    op.create_table(
        "control_feature_part",
        sa.Column("version_id", sa.BigInteger(), nullable=False, comment="of which layer version"),
        sa.Column("feature_number", sa.Integer(), nullable=False, comment="of which feature of it"),
        sa.Column("part", sa.Integer(), nullable=False, comment="1, 2, … within the feature"),
        sa.Column(
            "geometry", Geometry(srid=4547, spatial_index=False), nullable=False, comment="the part, working CRS"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["control_layer_version.id"],
            name=op.f("fk_control_feature_part_version_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", "feature_number", "part", name=op.f("pk_control_feature_part")),
        comment="features subdivided for the indexed search; right only for intersects and summed area",
    )
    op.create_index(
        "ix_control_feature_part_version_geometry",
        "control_feature_part",
        ["version_id", "geometry"],
        unique=False,
        postgresql_using="gist",
    )


def _create_reviews() -> None:
    op.create_table(
        "rulebook",
        sa.Column("sha256", sa.Text(), nullable=False, comment="SHA-256 of its bytes, hex"),
        sa.Column("id", sa.Text(), nullable=False, comment="id of the rulebook"),
        sa.Column("edition", sa.Text(), nullable=False, comment="its edition"),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="the TOML file, byte for byte"),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False, comment="when a review first used it"),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_rulebook")),
        comment="every rulebook a stored review was made with; never changed (trigger)",
    )
    op.create_table(
        "review",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="number of the review"),
        sa.Column("project_code", sa.Text(), nullable=False, comment="which project"),
        sa.Column("boundary_id", sa.BigInteger(), nullable=False, comment="which red line of it"),
        sa.Column("as_of", sa.Date(), nullable=False, comment="the legal date the layers were taken of"),
        sa.Column("rulebook_sha256", sa.Text(), nullable=False, comment="judged by these rules"),
        sa.Column("verdict", sa.Text(), nullable=False, comment="pass, consult, fail or incomplete"),
        sa.Column("document", JSONB(), nullable=False, comment="the report, for questions in SQL"),
        sa.Column("document_bytes", sa.LargeBinary(), nullable=False, comment="the report, byte for byte"),
        sa.Column("document_sha256", sa.Text(), nullable=False, comment="SHA-256 of the report, hex"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="when it was made"),
        sa.CheckConstraint(
            "verdict IN ('pass', 'consult', 'fail', 'incomplete')", name=op.f("ck_review_verdict_known")
        ),
        sa.ForeignKeyConstraint(
            ["boundary_id", "project_code"],
            ["boundary_version.id", "boundary_version.project_code"],
            name=op.f("fk_review_boundary_id"),
        ),
        sa.ForeignKeyConstraint(["rulebook_sha256"], ["rulebook.sha256"], name=op.f("fk_review_rulebook_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        comment="a review that was made; a later one supersedes it, none is changed or deleted (trigger)",
    )
    op.create_index("ix_review_boundary_id_id", "review", ["boundary_id", "id"], unique=False)
    op.create_index("ix_review_project_code_id", "review", ["project_code", "id"], unique=False)
