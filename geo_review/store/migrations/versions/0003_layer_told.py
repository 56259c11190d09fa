"""A layer version knows whether anything of it was repaired: most reviews then need not ask its features.

Revision: 0003, after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "control_layer_version",
        sa.Column(
            "has_repairs",
            sa.Boolean(),
            nullable=True,
            comment="whether any feature was repaired, as drawn or projected",
        ),
    )
    op.execute(
        """
        UPDATE control_layer_version AS version SET has_repairs = EXISTS (
            SELECT FROM control_feature AS feature
            WHERE feature.version_id = version.id
              AND (feature.repairs IS NOT NULL OR feature.rounding_repairs IS NOT NULL)
        )
        """
    )
    op.alter_column("control_layer_version", "has_repairs", nullable=False)


def downgrade() -> None:
    op.drop_column("control_layer_version", "has_repairs")
