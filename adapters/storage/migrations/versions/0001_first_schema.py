"""The first schema.

Follows nothing.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "communities",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_communities"),
    )
    op.create_table(
        "feeds",
        sa.Column("id", ID, nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("outlet_name", sa.Text(), nullable=False),
        sa.Column("outlet_owner", sa.Text(), nullable=True),
        sa.Column("outlet_country", sa.Text(), nullable=True),
        sa.Column("outlet_paywalled", sa.Boolean(), nullable=True),
        sa.Column("desk", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("trusted", sa.Boolean(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("last_success", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("interval", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_feeds"),
        sa.UniqueConstraint("owner", "url", name="uq_feeds_owner_url"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    op.create_table(
        "stories",
        sa.Column("id", ID, nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("relevance", sa.Float(), nullable=False),
        sa.Column("relevant", sa.Boolean(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("last_updated", sa.BigInteger(), nullable=False),
        sa.Column("follows", ID, nullable=True),
        sa.Column("merged_into", ID, nullable=True),
        sa.ForeignKeyConstraint(["follows"], ["stories.id"], name="fk_stories_follows"),
        sa.ForeignKeyConstraint(["merged_into"], ["stories.id"], name="fk_stories_merged_into"),
        sa.PrimaryKeyConstraint("id", name="pk_stories"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_stories_last_updated", "stories", ["last_updated"], unique=False)
    op.create_index("ix_stories_merged_into", "stories", ["merged_into"], unique=False)
    op.create_table(
        "tasks",
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("claimable_at", sa.BigInteger(), nullable=True),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("unreturned", sa.Integer(), nullable=False),
        sa.Column("again", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("platform", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("stage", "key", name="pk_tasks"),
    )
    op.create_index(
        "ix_tasks_platform_claimable_at",
        "tasks",
        ["platform", "claimable_at"],
        unique=False,
        sqlite_where=sa.text("platform IS NOT NULL"),
        postgresql_where=sa.text("platform IS NOT NULL"),
    )
    op.create_index(
        "ix_tasks_holder",
        "tasks",
        ["holder"],
        unique=False,
        sqlite_where=sa.text("holder IS NOT NULL"),
        postgresql_where=sa.text("holder IS NOT NULL"),
    )
    op.create_index(
        "ix_tasks_parked",
        "tasks",
        ["stage"],
        unique=False,
        sqlite_where=sa.text("claimable_at IS NULL"),
        postgresql_where=sa.text("claimable_at IS NULL"),
    )
    op.create_index(
        "ix_tasks_unreturned",
        "tasks",
        ["stage", "unreturned"],
        unique=False,
        sqlite_where=sa.text("unreturned > 1"),
        postgresql_where=sa.text("unreturned > 1"),
    )
    op.create_index("ix_tasks_stage_claimable_at", "tasks", ["stage", "claimable_at"], unique=False)
    op.create_table(
        "analyses",
        sa.Column("story", ID, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["story"], ["stories.id"], name="fk_analyses_story"),
        sa.PrimaryKeyConstraint("story", "version", "engine", "sources", "owner", name="pk_analyses"),
    )
    op.create_table(
        "feed_bygones",
        sa.Column("feed", ID, autoincrement=False, nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["feed"], ["feeds.id"], name="fk_feed_bygones_feed"),
        sa.PrimaryKeyConstraint("feed", name="pk_feed_bygones"),
    )
    op.create_table(
        "articles",
        sa.Column("id", ID, nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("feed", ID, nullable=False),
        sa.Column("published", sa.BigInteger(), nullable=False),
        sa.Column("dated", sa.Boolean(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Text(), nullable=True),
        sa.Column("set_aside", sa.Text(), nullable=True),
        sa.Column("reserved", sa.Text(), nullable=True),
        sa.Column("relevance", sa.Float(), nullable=True),
        sa.Column("mentions_ai", sa.Boolean(), nullable=False),
        sa.Column("body_source", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("outlet_name", sa.Text(), nullable=False),
        sa.Column("outlet_owner", sa.Text(), nullable=True),
        sa.Column("outlet_country", sa.Text(), nullable=True),
        sa.Column("outlet_paywalled", sa.Boolean(), nullable=True),
        sa.Column("identities", sa.JSON(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["feed"], ["feeds.id"], name="fk_articles_feed"),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_articles_outlet_name", "articles", ["outlet_name"], unique=False)
    op.create_index("ix_articles_published", "articles", ["published"], unique=False)
    op.create_table(
        "destinations",
        sa.Column("id", ID, nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("uncertain", sa.Text(), nullable=False),
        sa.Column("paused", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["community"], ["communities.id"], name="fk_destinations_community"),
        sa.PrimaryKeyConstraint("id", name="pk_destinations"),
        sa.UniqueConstraint("community", "id", name="uq_destinations_community_id"),
        sa.UniqueConstraint("community", "platform", "address", name="uq_destinations_community_platform_address"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "roles",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("role", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["community"], ["communities.id"], name="fk_roles_community", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("community", "member", name="pk_roles"),
    )
    op.create_table(
        "choices",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["community"], ["communities.id"], name="fk_choices_community", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("community", "subject", "name", name="pk_choices"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "story_private_changes",
        sa.Column("story", ID, autoincrement=False, nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("last_updated", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["story"], ["stories.id"], name="fk_story_private_changes_story"),
        sa.PrimaryKeyConstraint("story", "owner", name="pk_story_private_changes"),
    )
    op.create_table(
        "article_feeds",
        sa.Column("article", ID, autoincrement=False, nullable=False),
        sa.Column("feed", ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_article_feeds_article", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["feed"], ["feeds.id"], name="fk_article_feeds_feed"),
        sa.PrimaryKeyConstraint("article", "feed", name="pk_article_feeds"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "article_keys",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("article", ID, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_article_keys_article", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("owner", "key", name="pk_article_keys"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_article_keys_article", "article_keys", ["article"], unique=False)
    op.create_table(
        "article_vectors",
        sa.Column("article", ID, autoincrement=False, nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_article_vectors_article", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article", name="pk_article_vectors"),
    )
    op.create_table(
        "revisions",
        sa.Column("article", ID, autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_revisions_article", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article", "revision", name="pk_revisions"),
    )
    op.create_table(
        "tracked_items",
        sa.Column("id", ID, nullable=False),
        sa.Column("story", ID, nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("article", ID, nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("heard", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("resolved_by", ID, nullable=True),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_tracked_items_article", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["resolved_by"], ["articles.id"], name="fk_tracked_items_resolved_by", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["story"], ["stories.id"], name="fk_tracked_items_story"),
        sa.PrimaryKeyConstraint("id", name="pk_tracked_items"),
        sa.UniqueConstraint("story", "owner", "identity", name="uq_tracked_items_story_owner_identity"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "feedback",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("story", ID, autoincrement=False, nullable=False),
        sa.Column("relevant", sa.Boolean(), nullable=False),
        sa.Column("relevance", sa.Float(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["community"], ["communities.id"], name="fk_feedback_community", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["story"], ["stories.id"], name="fk_feedback_story"),
        sa.PrimaryKeyConstraint("community", "story", name="pk_feedback"),
    )
    op.create_table(
        "schedules",
        sa.Column("id", ID, nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("destination", ID, nullable=False),
        sa.Column("cron", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("min_stories", sa.Integer(), nullable=False),
        sa.Column("max_stories", sa.Integer(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("review", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("desks", sa.JSON(), nullable=False),
        sa.Column("max_words", sa.Integer(), nullable=True),
        sa.Column("empty", sa.Text(), nullable=False),
        sa.Column("quiet", sa.Text(), nullable=True),
        sa.Column("mention", sa.Text(), nullable=True),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "destination"],
            ["destinations.community", "destinations.id"],
            name="fk_schedules_community_destination",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_schedules"),
        sa.UniqueConstraint("community", "id", name="uq_schedules_community_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "story_articles",
        sa.Column("article", ID, autoincrement=False, nullable=False),
        sa.Column("story", ID, nullable=False),
        sa.Column("copy_of", ID, nullable=True),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_story_articles_article", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["copy_of"], ["articles.id"], name="fk_story_articles_copy_of", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["story"], ["stories.id"], name="fk_story_articles_story"),
        sa.PrimaryKeyConstraint("article", name="pk_story_articles"),
    )
    op.create_index("ix_story_articles_story", "story_articles", ["story"], unique=False)
    op.create_table(
        "digests",
        sa.Column("id", ID, nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("schedule", ID, nullable=False),
        sa.Column("destination", ID, nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "destination"],
            ["destinations.community", "destinations.id"],
            name="fk_digests_community_destination",
        ),
        sa.ForeignKeyConstraint(
            ["community", "schedule"], ["schedules.community", "schedules.id"], name="fk_digests_community_schedule"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_digests"),
        sa.UniqueConstraint("community", "id", name="uq_digests_community_id"),
        sa.UniqueConstraint("schedule", "slot", name="uq_digests_schedule_slot"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_digests_destination", "digests", ["destination"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("id", ID, nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("destination", ID, nullable=False),
        sa.Column("digest", ID, nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("queued_at", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("manner", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "destination"],
            ["destinations.community", "destinations.id"],
            name="fk_deliveries_community_destination",
        ),
        sa.ForeignKeyConstraint(
            ["community", "digest"], ["digests.community", "digests.id"], name="fk_deliveries_community_digest"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_deliveries_lane",
        "deliveries",
        ["destination", "priority", "id"],
        unique=False,
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_table(
        "digest_stories",
        sa.Column("digest", ID, autoincrement=False, nullable=False),
        sa.Column("story", ID, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("carried", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["digests.id"], name="fk_digest_stories_digest", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["story"], ["stories.id"], name="fk_digest_stories_story"),
        sa.PrimaryKeyConstraint("digest", "story", name="pk_digest_stories"),
    )
    op.create_table(
        "delivery_parts",
        sa.Column("delivery", ID, autoincrement=False, nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["delivery"], ["deliveries.id"], name="fk_delivery_parts_delivery", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("delivery", "part", name="pk_delivery_parts"),
    )
