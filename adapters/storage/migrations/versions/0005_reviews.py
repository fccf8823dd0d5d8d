"""The editor's desk: drafts, what was edited, who approved, which digests wait for them, and who did what.

Follows 0004.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("community_settings", sa.Column("review", sa.Text(), nullable=True))
    op.add_column("community_settings", sa.Column("approvers", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("community_settings", sa.Column("review_patience", sa.BigInteger(), nullable=True))
    op.create_table(
        "drafts",
        sa.Column("id", ID, nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("story", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("material", sa.Text(), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.Column("assigned", sa.Text(), nullable=True),
        sa.Column("assigned_name", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.id"], name="fk_drafts_community_communities", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["story"], ["stories.id"], name="fk_drafts_story_stories"),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        sa.UniqueConstraint(
            "community", "story", "version", "material", name="uq_drafts_community_story_version_material"
        ),
        sa.UniqueConstraint("community", "id", name="uq_drafts_community_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_drafts_story", "drafts", ["story"])
    op.create_table(
        "draft_edits",
        sa.Column("draft", ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["draft"], ["drafts.id"], name="fk_draft_edits_draft_drafts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("draft", "number", name="pk_draft_edits"),
    )
    op.create_table(
        "draft_approvals",
        sa.Column("draft", ID, autoincrement=False, nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["draft"], ["drafts.id"], name="fk_draft_approvals_draft_drafts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("draft", "member", name="pk_draft_approvals"),
    )
    op.create_table(
        "reviews",
        sa.Column("digest", ID, autoincrement=False, nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "digest"],
            ["digests.community", "digests.id"],
            name="fk_reviews_community_digest_digests",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name="pk_reviews"),
    )
    op.create_index("ix_reviews_community", "reviews", ["community"])
    op.create_table(
        "review_drafts",
        sa.Column("digest", ID, autoincrement=False, nullable=False),
        sa.Column("draft", ID, autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"], ["reviews.digest"], name="fk_review_drafts_digest_reviews", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["draft"], ["drafts.id"], name="fk_review_drafts_draft_drafts"),
        sa.PrimaryKeyConstraint("digest", "draft", name="pk_review_drafts"),
    )
    op.create_index("ix_review_drafts_draft", "review_drafts", ["draft"])
    op.create_table(
        "review_entries",
        sa.Column("id", ID, nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("draft", ID, nullable=True),
        sa.Column("digest", ID, nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("member", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.id"], name="fk_review_entries_community_communities", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_review_entries"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_review_entries_community", "review_entries", ["community", "id"])
