"""How a community is set up as a whole, and who changed what in it.

Follows 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "community_settings",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("notices", sa.Text(), nullable=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("paused_until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.id"], name="fk_community_settings_community_communities", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("community", name="pk_community_settings"),
    )
    op.create_table(
        "changes",
        sa.Column("id", ID, nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("member", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.id"], name="fk_changes_community_communities", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_changes_community", "changes", ["community", "id"])
