"""Lineage: why each red line was drawn and from which ones, how a project stands, and which red lines are neighbours.

Revision: 0002, after 0001. Written out in full: a migration must not change when `store.tables` does.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_RELATIONS = "relation IN ('first', 'replace', 'adjust', 'split', 'merge', 'phase')"


def upgrade() -> None:
    op.add_column(
        "project",
        sa.Column(
            "standing",
            sa.Text(),
            server_default=sa.text("'live'"),
            nullable=False,
            comment="live, approved or withdrawn; a withdrawn one claims no land",
        ),
    )
    op.create_check_constraint(
        op.f("ck_project_standing_known"), "project", "standing IN ('live', 'approved', 'withdrawn')"
    )
    _add_lineage()
    _create_neighbours()


def downgrade() -> None:
    op.drop_table("neighbour")
    op.drop_table("boundary_parent")
    # The checks go with their columns.
    for column in ("relation", "stage", "asked", "encoding", "layer", "axes_swapped"):
        op.drop_column("boundary_version", column)
    op.drop_column("project", "standing")


def _add_lineage() -> None:
    for column in (
        sa.Column("relation", sa.Text(), comment="first, replace, adjust, split, merge or phase: of its parents"),
        sa.Column("stage", sa.Integer(), comment="the permit it was handed in for, 1 to 4; null: not said"),
        sa.Column("asked", sa.JSON(), comment="what the user said when it was read; null: from before that was kept"),
        sa.Column("encoding", sa.Text(), comment="encoding of the texts, when the format leaves it open"),
        sa.Column("layer", sa.Text(), comment="the layer, table, sheet or member that was read"),
        sa.Column("axes_swapped", sa.Boolean(), comment="the columns stood the other way round; null: not known"),
    ):
        op.add_column("boundary_version", column)
    op.create_table(
        "boundary_parent",
        sa.Column("child_id", sa.BigInteger(), nullable=False, comment="the red line that was drawn from another"),
        sa.Column("parent_id", sa.BigInteger(), nullable=False, comment="the other, of this project or of any"),
        sa.CheckConstraint("parent_id < child_id", name=op.f("ck_boundary_parent_parent_is_older")),
        sa.ForeignKeyConstraint(["child_id"], ["boundary_version.id"], name=op.f("fk_boundary_parent_child_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["boundary_version.id"], name=op.f("fk_boundary_parent_parent_id")),
        sa.PrimaryKeyConstraint("child_id", "parent_id", name=op.f("pk_boundary_parent")),
        comment="which red lines a red line was drawn from; never changed (trigger)",
    )
    op.create_index("ix_boundary_parent_parent_id", "boundary_parent", ["parent_id"], unique=False)
    # What is there was submitted one version after the other: that is said of it now, and nothing else is changed.
    op.execute("ALTER TABLE boundary_version DISABLE TRIGGER never_changed")
    op.execute("UPDATE boundary_version SET relation = CASE WHEN version = 1 THEN 'first' ELSE 'adjust' END")
    op.execute("ALTER TABLE boundary_version ENABLE TRIGGER never_changed")
    op.execute(
        """
        INSERT INTO boundary_parent (child_id, parent_id)
        SELECT child.id, parent.id
        FROM boundary_version AS child
        JOIN boundary_version AS parent
          ON parent.project_code = child.project_code AND parent.version = child.version - 1
        """
    )
    op.alter_column("boundary_version", "relation", nullable=False)
    op.create_check_constraint(op.f("ck_boundary_version_relation_known"), "boundary_version", _RELATIONS)
    op.create_check_constraint(
        op.f("ck_boundary_version_first_is_first"), "boundary_version", "relation <> 'first' OR version = 1"
    )
    op.create_check_constraint(op.f("ck_boundary_version_stage_known"), "boundary_version", "stage BETWEEN 1 AND 4")
    op.execute(
        "CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON boundary_parent "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def _create_neighbours() -> None:
    op.create_table(
        "neighbour",
        sa.Column("earlier_id", sa.BigInteger(), nullable=False, comment="the red line that was submitted first"),
        sa.Column("later_id", sa.BigInteger(), nullable=False, comment="the one submitted after it, which names it"),
        sa.Column("kind", sa.Text(), nullable=False, comment="overlap, gap, shared or lineage"),
        sa.Column("contact", sa.Text(), nullable=False, comment="of the common land, by the sliver policy"),
        sa.Column("overlap_planar_m2", sa.Double(), nullable=False, comment="common land, in the later one's zone, m²"),
        sa.Column("overlap_ellipsoidal_m2", sa.Double(), nullable=False, comment="the same on the ellipsoid, m²"),
        sa.Column("overlap_max_width_m", sa.Double(), nullable=False, comment="its greatest width"),
        sa.Column("gap_planar_m2", sa.Double(), nullable=False, comment="area of the strips between the two, m²"),
        sa.Column("gap_max_width_m", sa.Double(), nullable=False, comment="their greatest width"),
        sa.Column("gap_length_m", sa.Double(), nullable=False, comment="their length in all"),
        sa.Column("shared_length_m", sa.Double(), nullable=False, comment="length of the edge they have in common"),
        sa.Column("parts", sa.JSON(), nullable=False, comment="every part with its kind, figures and lon/lat geometry"),
        sa.Column("contact_width_m", sa.Double(), nullable=False, comment="the policy it was found under"),
        sa.Column("gap_width_m", sa.Double(), nullable=False, comment="the policy it was found under"),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False, comment="when it was found first"),
        sa.CheckConstraint("earlier_id < later_id", name=op.f("ck_neighbour_earlier_first")),
        sa.CheckConstraint("kind IN ('overlap', 'gap', 'shared', 'lineage')", name=op.f("ck_neighbour_kind_known")),
        sa.CheckConstraint(
            "contact IN ('none', 'touch', 'technical', 'minor', 'encroachment')",
            name=op.f("ck_neighbour_contact_known"),
        ),
        sa.ForeignKeyConstraint(["earlier_id"], ["boundary_version.id"], name=op.f("fk_neighbour_earlier_id")),
        sa.ForeignKeyConstraint(["later_id"], ["boundary_version.id"], name=op.f("fk_neighbour_later_id")),
        sa.PrimaryKeyConstraint("earlier_id", "later_id", name=op.f("pk_neighbour")),
        comment="two red lines that meet or nearly meet; those of superseded versions are history",
    )
    op.create_index("ix_neighbour_later_id", "neighbour", ["later_id"], unique=False)
