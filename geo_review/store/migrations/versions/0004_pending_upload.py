"""A file waits in the store between the page that shows what was understood of it and its confirmation.

Revision: 0004, after 0003.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pending_upload",
        sa.Column(
            "token",
            sa.Text(),
            nullable=False,
            comment="256 random bits; who knows it may look at the file and confirm it",
        ),
        sa.Column("file_name", sa.Text(), nullable=False, comment="name of the file, without a folder"),
        sa.Column(
            "content",
            sa.LargeBinary(),
            comment="the file, byte for byte; null once it is a red line of the project",
        ),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False, comment="size of the file, also when it is gone"),
        sa.Column("project_code", sa.Text(), nullable=False, comment="the project it is meant for"),
        sa.Column(
            "project_name",
            sa.Text(),
            comment="its name, when it is a new one; null: the next version of one that exists",
        ),
        sa.Column("flow", sa.Text(), comment="the flow of a new project; null: undecided, or not a new one"),
        sa.Column("asked", sa.JSON(), nullable=False, comment="what the user says of the file"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was received; it is kept for a day",
        ),
        sa.Column(
            "confirmed_version", sa.Integer(), comment="the version of the red line that it became; null: not yet"
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_pending_upload")),
        sa.CheckConstraint(
            "(content IS NULL) = (confirmed_version IS NOT NULL)",
            name=op.f("ck_pending_upload_content_until_confirmed"),
        ),
        comment="a file between the page that shows what was understood of it and its confirmation; "
        "deleted after a day",
    )
    op.create_index("ix_pending_upload_created_at", "pending_upload", ["created_at"], unique=False)


def downgrade() -> None:
    op.drop_table("pending_upload")
