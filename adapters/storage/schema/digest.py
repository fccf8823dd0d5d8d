"""Tables of digests: where they go, when, what they said, and what a community said of that."""

from __future__ import annotations

from pydantic import TypeAdapter
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from adapters.storage.schema.base import Id, metadata
from adapters.storage.types import Instant, OutsideText, Whole
from bot.core.delivery import Digest

destinations = Table(
    "destinations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("community", Text, ForeignKey("communities.id"), nullable=False),
    Column("platform", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("uncertain", Text, nullable=False),
    Column("paused", OutsideText),
    UniqueConstraint("community", "platform", "address"),
    UniqueConstraint("community", "id"),
    sqlite_autoincrement=True,
)

# One that was removed stays, since its digests name it; nothing else finds it any more.
schedules = Table(
    "schedules",
    metadata,
    Column("id", Id, primary_key=True),
    Column("community", Text, nullable=False),
    Column("destination", Id, nullable=False),
    Column("cron", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("min_stories", Integer, nullable=False),
    Column("max_stories", Integer, nullable=False),
    Column("engine", Text, nullable=False),
    Column("review", Boolean, nullable=False),
    Column("name", OutsideText, nullable=False),
    Column("topic", OutsideText),
    Column("desks", JSON, nullable=False),
    Column("max_words", Integer),
    Column("empty", Text, nullable=False),
    Column("quiet", Text),
    Column("mention", Text),
    Column("post", Text, nullable=False),
    Column("created_by", Text),
    Column("revision", Integer, nullable=False),
    Column("removed", Boolean, nullable=False),
    UniqueConstraint("community", "id"),
    ForeignKeyConstraint(["community", "destination"], ["destinations.community", "destinations.id"]),
    sqlite_autoincrement=True,
)

# `destination` is where the schedule posted at that time.
digests = Table(
    "digests",
    metadata,
    Column("id", Id, primary_key=True),
    Column("community", Text, nullable=False),
    Column("schedule", Id, nullable=False),
    Column("destination", Id, nullable=False),
    Column("slot", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("body", Whole(TypeAdapter(Digest)), nullable=False),
    UniqueConstraint("schedule", "slot"),
    UniqueConstraint("community", "id"),
    ForeignKeyConstraint(["community", "schedule"], ["schedules.community", "schedules.id"]),
    ForeignKeyConstraint(["community", "destination"], ["destinations.community", "destinations.id"]),
    Index("ix_digests_destination", "destination"),
    sqlite_autoincrement=True,
)

# `carried` stories did not fit and were not told.
digest_stories = Table(
    "digest_stories",
    metadata,
    Column("digest", Id, ForeignKey("digests.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("story", Id, ForeignKey("stories.id"), primary_key=True, autoincrement=False),
    Column("version", Integer),
    Column("carried", Boolean, nullable=False),
)

# Which articles a digest stands on, so that a change of one finds it. Without a foreign key: an article that was
# fetched for an editor's desk is kept nowhere.
digest_articles = Table(
    "digest_articles",
    metadata,
    Column("article", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", Id, ForeignKey("digests.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Index("ix_digest_articles_digest", "digest"),
    sqlite_with_rowid=False,
)

# What a community says of stories; `relevance` and `terms` are the story's when it was said.
feedback = Table(
    "feedback",
    metadata,
    Column("community", Text, ForeignKey("communities.id", ondelete="CASCADE"), primary_key=True),
    Column("story", Id, ForeignKey("stories.id"), primary_key=True, autoincrement=False),
    Column("relevant", Boolean, nullable=False),
    Column("relevance", Float, nullable=False),
    Column("terms", JSON, nullable=False),
    Column("at", Instant, nullable=False),
)

Index("ix_digest_stories_story", digest_stories.c.story)
