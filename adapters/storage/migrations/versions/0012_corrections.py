"""Corrections: what digests and other messages stand on, what was corrected of them, and what follows what.

Follows 0011.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "digest_articles",
        sa.Column("article", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"], ["digests.id"], name="fk_digest_articles_digest_digests", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article", "digest", name="pk_digest_articles"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_digest_articles_digest", "digest_articles", ["digest"])
    # Without a foreign key, for which SQLite would have to copy the table.
    op.add_column("deliveries", sa.Column("follows", ID, nullable=True))
    following = sa.text("follows IS NOT NULL")
    op.create_index(
        "ix_deliveries_follows", "deliveries", ["follows"], sqlite_where=following, postgresql_where=following
    )
    op.add_column("delivery_parts", sa.Column("deleted", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.create_table(
        "delivery_quotes",
        sa.Column("delivery", ID, autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("story", ID, nullable=False),
        sa.Column("article", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery"], ["deliveries.id"], name="fk_delivery_quotes_delivery_deliveries", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["story"], ["stories.id"], name="fk_delivery_quotes_story_stories"),
        sa.PrimaryKeyConstraint("delivery", "place", name="pk_delivery_quotes"),
    )
    op.create_index("ix_delivery_quotes_article", "delivery_quotes", ["article"])
    op.create_table(
        "corrections",
        sa.Column("id", ID, nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("digest", ID, nullable=True),
        sa.Column("delivery", ID, nullable=True),
        sa.Column("notice", ID, nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("story", ID, nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("now", sa.Text(), nullable=True),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.id"], name="fk_corrections_community_communities", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["story"], ["stories.id"], name="fk_corrections_story_stories"),
        sa.PrimaryKeyConstraint("id", name="pk_corrections"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_corrections_community", "corrections", ["community", "at"])
    op.create_index("ix_corrections_delivery", "corrections", ["delivery"])
    op.create_index("ix_corrections_story", "corrections", ["story"])
    op.add_column("reviews", sa.Column("card", ID, nullable=True))
