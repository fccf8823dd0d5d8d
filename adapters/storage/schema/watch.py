"""Tables of watches, and of what each was told."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from adapters.storage.schema.base import Id, metadata
from adapters.storage.types import Instant, OutsideText, Span

# `owner` is the member, NULL for the community's own; `changed_at` is by the database's clock.
watches = Table(
    "watches",
    metadata,
    Column("id", Id, primary_key=True),
    Column("community", Text, ForeignKey("communities.id", ondelete="CASCADE"), nullable=False),
    Column("owner", OutsideText),
    Column("query", OutsideText, nullable=False),
    Column("story", Id, ForeignKey("stories.id")),
    Column("destination", Id, nullable=False),
    Column("name", OutsideText, nullable=False),
    Column("note", OutsideText, nullable=False),
    Column("rhythm", Text, nullable=False),
    Column("daily_at", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("throttle_most", Integer),
    Column("throttle_per", Span),
    Column("everything", Boolean, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("muted_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("community", "id"),
    UniqueConstraint("community", "owner", "story"),
    ForeignKeyConstraint(["community", "destination"], ["destinations.community", "destinations.id"]),
    Index("ix_watches_changed_at", "changed_at"),
    Index("ix_watches_story", "story"),
    sqlite_autoincrement=True,
)

# `bot.core.watch.alerting.Alert`: what a watch was told of a story, or will be.
alerts = Table(
    "alerts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("watch", Id, ForeignKey("watches.id", ondelete="CASCADE"), nullable=False),
    Column("story", Id, ForeignKey("stories.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("outlets", JSON, nullable=False),
    Column("terms", JSON, nullable=False),
    Column("told_at", Instant),
    Column("due", Instant),
    Column("renews", Id, ForeignKey("alerts.id", ondelete="SET NULL")),
    Column("known", Boolean, nullable=False),
    Column("delivery", Id, ForeignKey("deliveries.id", ondelete="SET NULL")),
    Index("ix_alerts_watch_story", "watch", "story"),
    Index("ix_alerts_watch_told_at", "watch", "told_at"),
    Index("ix_alerts_story", "story"),
    Index("ix_alerts_delivery", "delivery"),
    Index("ix_alerts_renews", "renews"),
    sqlite_autoincrement=True,
)

# What was told to have moved where (`Move.key`): once ever, whichever watch and story it came by.
told_moves = Table(
    "told_moves",
    metadata,
    Column("destination", Id, ForeignKey("destinations.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),
    Column("delivery", Id, ForeignKey("deliveries.id", ondelete="SET NULL")),
    Index("ix_told_moves_delivery", "delivery"),
    sqlite_with_rowid=False,
)

# A day that a story waits for is said once as each `lead`, in words that a later analysis may choose differently: so
# these name the day and no tracked item.
reminders = Table(
    "reminders",
    metadata,
    Column("watch", Id, ForeignKey("watches.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("story", Id, ForeignKey("stories.id"), primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("lead", Span, primary_key=True),
    Column("delivery", Id, ForeignKey("deliveries.id", ondelete="SET NULL")),
    Index("ix_reminders_delivery", "delivery"),
)

Index("ix_reminders_story", reminders.c.story)
