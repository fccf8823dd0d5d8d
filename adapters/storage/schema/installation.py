"""Tables of a platform's app: its installations, and what the platform said."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, LargeBinary, Table, Text

from adapters.storage.schema.base import metadata
from adapters.storage.types import Instant, OutsideText

# Where a workspace is reached with its organisation's keys, `through` names that and there is nothing else.
installations = Table(
    "installations",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("through", Text),
    Column("name", OutsideText, nullable=False),
    Column("sealed", LargeBinary),
    Column("scopes", JSON, nullable=False),
    Column("installer", OutsideText),
    Column("installed_at", Instant),
    Column("expires_at", Instant),
    Index("ix_installations_through", "through"),
)

install_states = Table(
    "install_states",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("state", Text, primary_key=True),
    Column("until", Instant, nullable=False),
)

# What a platform said, by its own key for it; kept a day.
heard = Table(
    "heard",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Index("ix_heard_at", "at"),
    sqlite_with_rowid=False,
)
