"""Tables of the editor's desk."""

from __future__ import annotations

from pydantic import TypeAdapter
from sqlalchemy import Boolean, Column, ForeignKey, ForeignKeyConstraint, Index, Integer, Table, Text, UniqueConstraint

from adapters.storage.schema.base import Id, metadata
from adapters.storage.types import Instant, OutsideText, Whole
from bot.core.analysis import Analysis

# `material` is `bot.core.review.draft.material_of`: the same words of the same version are approved once.
drafts = Table(
    "drafts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("community", Text, ForeignKey("communities.id", ondelete="CASCADE"), nullable=False),
    Column("story", Id, ForeignKey("stories.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("material", Text, nullable=False),
    Column("original", Whole(TypeAdapter(Analysis)), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("dropped", Boolean, nullable=False),
    Column("assigned", OutsideText),
    Column("assigned_name", OutsideText),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("community", "story", "version", "material"),
    UniqueConstraint("community", "id"),
    Index("ix_drafts_story", "story"),
    sqlite_autoincrement=True,
)

# `text` is NULL for a sentence that was cut.
draft_edits = Table(
    "draft_edits",
    metadata,
    Column("draft", Id, ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("text", OutsideText),
)

draft_approvals = Table(
    "draft_approvals",
    metadata,
    Column("draft", Id, ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("member", OutsideText, primary_key=True),
    Column("name", OutsideText, nullable=False),
    Column("at", Instant, nullable=False),
)

# `card` is the delivery by which its editors were asked.
reviews = Table(
    "reviews",
    metadata,
    Column("digest", Id, primary_key=True, autoincrement=False),
    Column("community", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("card", Id),
    ForeignKeyConstraint(["community", "digest"], ["digests.community", "digests.id"], ondelete="CASCADE"),
    Index("ix_reviews_community", "community"),
)

# `place` is the story's in the digest, from 1.
review_drafts = Table(
    "review_drafts",
    metadata,
    Column("digest", Id, ForeignKey("reviews.digest", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("draft", Id, ForeignKey("drafts.id"), primary_key=True, autoincrement=False),
    Column("place", Integer, nullable=False),
    Index("ix_review_drafts_draft", "draft"),
)

# `member` is NULL, and `name` empty, for what Slugline did itself, and once somebody had their data deleted.
review_entries = Table(
    "review_entries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("community", Text, ForeignKey("communities.id", ondelete="CASCADE"), nullable=False),
    Column("draft", Id),
    Column("digest", Id),
    Column("action", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("member", OutsideText),
    Column("name", OutsideText, nullable=False),
    Column("part", OutsideText, nullable=False),
    Column("before", OutsideText),
    Column("after", OutsideText),
    Index("ix_review_entries_community", "community", "id"),
    sqlite_autoincrement=True,
)
