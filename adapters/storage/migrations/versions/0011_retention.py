"""When a community left, and the indexes by which what is old, or hers, is found and let go.

Follows 0010. SQLite looks for the rows that refer to one that is removed; without an index it reads whole tables.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

PLAIN = (
    ("ix_articles_feed", "articles", "feed"),
    ("ix_article_feeds_feed", "article_feeds", "feed"),
    ("ix_digest_stories_story", "digest_stories", "story"),
    ("ix_deliveries_destination", "deliveries", "destination"),
    ("ix_tracked_items_article", "tracked_items", "article"),
    ("ix_reminders_story", "reminders", "story"),
)
WHERE_THERE_IS_ONE = (
    ("ix_deliveries_digest", "deliveries", "digest"),
    ("ix_story_articles_copy_of", "story_articles", "copy_of"),
    ("ix_stories_follows", "stories", "follows"),
    ("ix_tracked_items_resolved_by", "tracked_items", "resolved_by"),
)


def upgrade() -> None:
    op.add_column("communities", sa.Column("left_at", sa.BigInteger(), nullable=True))
    for name, table, column in PLAIN:
        op.create_index(name, table, [column])
    for name, table, column in WHERE_THERE_IS_ONE:
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, table, [column], sqlite_where=there, postgresql_where=there)
