"""Tables for whoever runs it: counts, stops of posting, processes, marks and the budgets that they share."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Table, Text, text

from adapters.storage.schema.base import Id, metadata
from adapters.storage.types import Instant, OutsideText

# `labels` are their values, as a JSON list.
tallies = Table(
    "tallies",
    metadata,
    Column("name", Text, primary_key=True),
    Column("labels", Text, primary_key=True),
    Column("total", Float, nullable=False),
)

# When nothing was posted anywhere, on one platform, or for one community; in force until it is lifted. No foreign key:
# a community may be stopped before it is known here, and the record outlives it.
posting_stops = Table(
    "posting_stops",
    metadata,
    Column("id", Id, primary_key=True),
    Column("platform", Text),
    Column("community", Text),
    Column("since", Instant, nullable=False),
    Column("stopped_by", OutsideText, nullable=False),
    Column("reason", OutsideText, nullable=False),
    Column("lifted_at", Instant),
    Column("lifted_by", OutsideText),
    sqlite_autoincrement=True,
)
_IN_FORCE = text("lifted_at IS NULL")
Index("ix_posting_stops_in_force", posting_stops.c.id, sqlite_where=_IN_FORCE, postgresql_where=_IN_FORCE)

# Processes of `slugline run`, each until it misses a beat; roles and platforms with commas between.
processes = Table(
    "processes",
    metadata,
    Column("holder", Text, primary_key=True),
    Column("roles", Text, nullable=False),
    Column("platforms", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
)

marks = Table("marks", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

# What platforms allow, shared by all processes (`bot.core.budget`).
budgets = Table(
    "budgets",
    metadata,
    Column("key", Text, primary_key=True),
    Column("next_slot", Instant),
)
