"""Tables of communities: their members' roles, their settings, and what they chose to read."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text

from adapters.storage.schema.base import Id, metadata
from adapters.storage.types import Instant, OutsideText, Span

communities = Table(
    "communities",
    metadata,
    Column("id", Text, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("name", OutsideText, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("left_at", Instant),
    Column("greeted_at", Instant),
    Column("greeting", BigInteger),  # a delivery, for as long as it is kept
)

roles = Table(
    "roles",
    metadata,
    Column("community", Text, ForeignKey("communities.id", ondelete="CASCADE"), primary_key=True),
    Column("member", Text, primary_key=True),
    Column("role", Integer, nullable=False),
)

community_settings = Table(
    "community_settings",
    metadata,
    Column("community", Text, ForeignKey("communities.id", ondelete="CASCADE"), primary_key=True),
    Column("zone", Text),
    Column("notices", OutsideText),
    Column("paused", Boolean, nullable=False),
    Column("paused_until", Instant),
    Column("review", OutsideText),
    Column("approvers", Integer, nullable=False, server_default="1"),
    Column("review_patience", Span),
)

# Who changed what; `member` is NULL, and `name` empty, once they had their data deleted.
changes = Table(
    "changes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("community", Text, ForeignKey("communities.id", ondelete="CASCADE"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("member", OutsideText),
    Column("name", OutsideText, nullable=False),
    Column("what", OutsideText, nullable=False),
    Column("before", OutsideText),
    Column("after", OutsideText),
    Index("ix_changes_community", "community", "id"),
    sqlite_autoincrement=True,
)

# What a community chose not to read (`preferences.py`): a desk, an outlet, or a feed by its id in digits, which may
# also be wanted although its desk is not.
choices = Table(
    "choices",
    metadata,
    Column("community", Text, ForeignKey("communities.id", ondelete="CASCADE"), primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("name", OutsideText, primary_key=True),
    Column("wanted", Boolean, nullable=False),
    sqlite_with_rowid=False,
)
