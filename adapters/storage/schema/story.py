"""Tables of stories: their articles, what was told of them, and what they wait for."""

from __future__ import annotations

from pydantic import TypeAdapter
from sqlalchemy import Boolean, Column, Date, Float, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from adapters.storage.schema.base import Id, metadata
from adapters.storage.types import Instant, OutsideText, Whole
from bot.core.analysis import Analysis

# `merged_into` always names a story that was not merged itself: a merge moves those that led to the absorbed one.
stories = Table(
    "stories",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("relevance", Float, nullable=False),
    Column("relevant", Boolean, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("last_updated", Instant, nullable=False),
    Column("follows", Id, ForeignKey("stories.id")),
    Column("merged_into", Id, ForeignKey("stories.id")),
    Index("ix_stories_last_updated", "last_updated"),
    Index("ix_stories_merged_into", "merged_into"),
    sqlite_autoincrement=True,
)

# What private articles changed in a common story, counted for their owner alone: nobody else's version moves.
story_private_changes = Table(
    "story_private_changes",
    metadata,
    Column("story", Id, ForeignKey("stories.id"), primary_key=True, autoincrement=False),
    Column("owner", Text, primary_key=True),
    Column("changes", Integer, nullable=False),
    Column("last_updated", Instant, nullable=False),
)

story_articles = Table(
    "story_articles",
    metadata,
    Column("article", Id, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("story", Id, ForeignKey("stories.id"), nullable=False),
    Column("copy_of", Id, ForeignKey("articles.id", ondelete="SET NULL")),
    Index("ix_story_articles_story", "story"),
)

analyses = Table(
    "analyses",
    metadata,
    Column("story", Id, ForeignKey("stories.id"), primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("engine", Text, primary_key=True),
    Column("sources", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("body", Whole(TypeAdapter(Analysis)), nullable=False),
)

# `identity` is a hash of the claim: an index over long text is refused by PostgreSQL.
tracked_items = Table(
    "tracked_items",
    metadata,
    Column("id", Id, primary_key=True),
    Column("story", Id, ForeignKey("stories.id"), nullable=False),
    Column("owner", Text, nullable=False),
    Column("identity", Text, nullable=False),
    Column("claim", OutsideText, nullable=False),
    Column("article", Id, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("sentence", OutsideText, nullable=False),
    Column("due", Date),
    Column("since", Instant, nullable=False),
    Column("heard", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("resolved_by", Id, ForeignKey("articles.id", ondelete="SET NULL")),
    Column("resolution", OutsideText),
    UniqueConstraint("story", "owner", "identity"),
    sqlite_autoincrement=True,
)

Index("ix_tracked_items_article", tracked_items.c.article)
for _name, _column in (
    ("ix_story_articles_copy_of", story_articles.c.copy_of),
    ("ix_stories_follows", stories.c.follows),
    ("ix_tracked_items_resolved_by", tracked_items.c.resolved_by),
):
    _there = text(f"{_column.name} IS NOT NULL")
    Index(_name, _column, sqlite_where=_there, postgresql_where=_there)
