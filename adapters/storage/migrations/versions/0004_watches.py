"""What is watched for, what was told of it, and which days were reminded of.

Follows 0003.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "watches",
        sa.Column("id", ID, nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("story", ID, nullable=True),
        sa.Column("destination", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("rhythm", sa.Text(), nullable=False),
        sa.Column("daily_at", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("throttle_most", sa.Integer(), nullable=True),
        sa.Column("throttle_per", sa.BigInteger(), nullable=True),
        sa.Column("everything", sa.Boolean(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("muted_until", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.id"], name="fk_watches_community_communities", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["story"], ["stories.id"], name="fk_watches_story_stories"),
        sa.ForeignKeyConstraint(
            ["community", "destination"],
            ["destinations.community", "destinations.id"],
            name="fk_watches_community_destination_destinations",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_watches"),
        sa.UniqueConstraint("community", "id", name="uq_watches_community_id"),
        sa.UniqueConstraint("community", "owner", "story", name="uq_watches_community_owner_story"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_watches_changed_at", "watches", ["changed_at"])
    op.create_index("ix_watches_story", "watches", ["story"])
    op.create_table(
        "alerts",
        sa.Column("id", ID, nullable=False),
        sa.Column("watch", ID, nullable=False),
        sa.Column("story", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("outlets", sa.JSON(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.Column("due", sa.BigInteger(), nullable=True),
        sa.Column("renews", ID, nullable=True),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("delivery", ID, nullable=True),
        sa.ForeignKeyConstraint(["watch"], ["watches.id"], name="fk_alerts_watch_watches", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["story"], ["stories.id"], name="fk_alerts_story_stories"),
        sa.ForeignKeyConstraint(["renews"], ["alerts.id"], name="fk_alerts_renews_alerts", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["delivery"], ["deliveries.id"], name="fk_alerts_delivery_deliveries", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_alerts_watch_story", "alerts", ["watch", "story"])
    op.create_index("ix_alerts_watch_told_at", "alerts", ["watch", "told_at"])
    op.create_index("ix_alerts_story", "alerts", ["story"])
    op.create_index("ix_alerts_delivery", "alerts", ["delivery"])
    op.create_index("ix_alerts_renews", "alerts", ["renews"])
    op.create_table(
        "told_moves",
        sa.Column("destination", ID, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("delivery", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["destination"], ["destinations.id"], name="fk_told_moves_destination_destinations", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["delivery"], ["deliveries.id"], name="fk_told_moves_delivery_deliveries", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("destination", "key", name="pk_told_moves"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_told_moves_delivery", "told_moves", ["delivery"])
    op.create_table(
        "reminders",
        sa.Column("watch", ID, autoincrement=False, nullable=False),
        sa.Column("story", ID, autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("lead", sa.BigInteger(), nullable=False),
        sa.Column("delivery", ID, nullable=True),
        sa.ForeignKeyConstraint(["watch"], ["watches.id"], name="fk_reminders_watch_watches", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["story"], ["stories.id"], name="fk_reminders_story_stories"),
        sa.ForeignKeyConstraint(
            ["delivery"], ["deliveries.id"], name="fk_reminders_delivery_deliveries", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("watch", "story", "day", "lead", name="pk_reminders"),
    )
    op.create_index("ix_reminders_delivery", "reminders", ["delivery"])
