"""Tables of feeds and their articles."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from adapters.storage.schema.base import Id, metadata, outlet_columns
from adapters.storage.types import HalfVector, Instant, OutsideText, Span

feeds = Table(
    "feeds",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("url", OutsideText),  # NULL once removed: a private address is forgotten, the articles still name their feed
    Column("title", OutsideText, nullable=False),
    *outlet_columns(),
    Column("desk", Text),
    Column("language", OutsideText),
    Column("trusted", Boolean, nullable=False),
    Column("etag", OutsideText),
    Column("last_modified", OutsideText),
    Column("body_hash", Text),
    Column("state", Text, nullable=False),
    Column("since", Instant),
    Column("last_success", Instant),
    Column("failures", Integer, nullable=False),
    Column("error", OutsideText),
    Column("told", Boolean, nullable=False),
    Column("interval", Span),
    UniqueConstraint("owner", "url"),
    sqlite_autoincrement=True,
)

# What of a feed was too old to be kept (`bot.core.bygones`). A row apart: lists of feeds need not read it.
feed_bygones = Table(
    "feed_bygones",
    metadata,
    Column("feed", Id, ForeignKey("feeds.id"), primary_key=True, autoincrement=False),
    Column("packed", LargeBinary, nullable=False),
)

# `content` stands last: SQLite reads a row from its start, and most readers stop before the long text.
# There is no index on `owner`: nearly all articles are common, and SQLite, which takes any index on equal values for a
# short cut, would walk all of them by it to find the five of a story.
articles = Table(
    "articles",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("feed", Id, ForeignKey("feeds.id"), nullable=False),
    Column("published", Instant, nullable=False),
    Column("dated", Boolean, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("updated", Instant),
    Column("revision", Integer, nullable=False),
    Column("withdrawn", OutsideText),
    Column("set_aside", OutsideText),
    Column("reserved", OutsideText),
    Column("relevance", Float),
    Column("mentions_ai", Boolean, nullable=False),
    Column("body_source", Text, nullable=False),
    Column("language", OutsideText),
    *outlet_columns(),
    Column("identities", JSON, nullable=False),
    Column("url", OutsideText, nullable=False),
    Column("title", OutsideText, nullable=False),
    Column("authors", JSON, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("summary", OutsideText, nullable=False),
    Column("content", OutsideText, nullable=False),
    Index("ix_articles_published", "published"),
    Index("ix_articles_outlet_name", "outlet_name"),
    sqlite_autoincrement=True,
)

# The look-up side of `articles.identities`.
article_keys = Table(
    "article_keys",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("key", OutsideText, primary_key=True),
    Column("article", Id, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Index("ix_article_keys_article", "article"),
    sqlite_with_rowid=False,
)

article_feeds = Table(
    "article_feeds",
    metadata,
    Column("article", Id, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("feed", Id, ForeignKey("feeds.id"), primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

article_vectors = Table(
    "article_vectors",
    metadata,
    Column("article", Id, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("vector", HalfVector, nullable=False),
)

revisions = Table(
    "revisions",
    metadata,
    Column("article", Id, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("seen", Instant, nullable=False),
    Column("title", OutsideText, nullable=False),
    Column("summary", OutsideText, nullable=False),
    Column("content", OutsideText, nullable=False),
)

Index("ix_articles_feed", articles.c.feed)
Index("ix_article_feeds_feed", article_feeds.c.feed)
