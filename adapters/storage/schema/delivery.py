"""Tables of deliveries: the messages, their parts, what they quote, and the corrections log."""

from __future__ import annotations

from pydantic import TypeAdapter
from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, ForeignKeyConstraint, Index, Integer, Table, Text, text

from adapters.storage.schema.base import Id, metadata
from adapters.storage.types import Instant, OutsideText, Whole
from bot.core.delivery import Manner
from bot.core.message.document import Document

# `attempts` are those of the part that comes next; `revision` counts the document's replacements from 1. One that
# `follows` another is said beneath that one's first message. One with a `finished_at` needs nothing more; the others of
# a destination are its lane, each kind in the order of their ids.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("community", Text, nullable=False),
    Column("destination", Id, nullable=False),
    Column("digest", Id),
    Column("priority", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", OutsideText),
    Column("queued_at", Instant, nullable=False),
    Column("not_before", Instant),
    Column("attempts", Integer, nullable=False),
    Column("finished_at", Instant),
    Column("document", Whole(TypeAdapter(Document), kept=64), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("manner", Whole(TypeAdapter(Manner), kept=64), nullable=False),
    Column("follows", Id),
    Column("restored", Boolean, nullable=False, server_default=text("false")),
    ForeignKeyConstraint(["community", "destination"], ["destinations.community", "destinations.id"]),
    ForeignKeyConstraint(["community", "digest"], ["digests.community", "digests.id"]),
    sqlite_autoincrement=True,
)
_UNFINISHED = text("finished_at IS NULL")
Index(
    "ix_deliveries_lane",
    deliveries.c.destination,
    deliveries.c.priority,
    deliveries.c.id,
    sqlite_where=_UNFINISHED,
    postgresql_where=_UNFINISHED,
)
_FOLLOWING = text("follows IS NOT NULL")
Index("ix_deliveries_follows", deliveries.c.follows, sqlite_where=_FOLLOWING, postgresql_where=_FOLLOWING)

# Written before the platform is called, first at `since`; `message` is NULL until it has answered. `revision` is of the
# document that the message shows. A message that somebody deleted stays deleted. A part that was `refused` for what it
# says has an empty `message`, and is `deleted` once somebody let it go.
delivery_parts = Table(
    "delivery_parts",
    metadata,
    Column("delivery", Id, ForeignKey("deliveries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("message", Text),
    Column("revision", Integer, nullable=False),
    Column("since", Instant, nullable=False),
    Column("deleted", Boolean, nullable=False, server_default=text("false")),
    Column("refused", OutsideText),
)

# `bot.core.correction.correction.Quoted`: what deliveries that are no digests say in an outlet's words.
delivery_quotes = Table(
    "delivery_quotes",
    metadata,
    Column("delivery", Id, ForeignKey("deliveries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("story", Id, ForeignKey("stories.id"), nullable=False),
    Column("article", BigInteger, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("sentence", OutsideText, nullable=False),
    Index("ix_delivery_quotes_article", "article"),
)

# Pages that are looked at again because something was posted from their articles; one that was not found has the time
# of the first look that missed it, and how many did.
page_looks = Table(
    "page_looks",
    metadata,
    Column("article", Id, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("since", Instant, nullable=False),
    Column("looked_at", Instant),
    Column("etag", OutsideText),
    Column("last_modified", OutsideText),
    Column("body_hash", Text),
    Column("missing_since", Instant),
    Column("missing_looks", Integer, nullable=False),
)

# The corrections log (`bot.core.correction.correction.Correction`). `delivery` is the message that said it, `notice`
# the one that told of it; `told` once that is dealt with. `member` is NULL, and `name` empty, where Slugline did it,
# and once somebody had their data deleted. A row outlives what it is about.
corrections = Table(
    "corrections",
    metadata,
    Column("id", Id, primary_key=True),
    Column("community", Text, ForeignKey("communities.id", ondelete="CASCADE"), nullable=False),
    Column("digest", Id),
    Column("delivery", Id),
    Column("notice", Id),
    Column("told", Boolean, nullable=False),
    Column("story", Id, ForeignKey("stories.id"), nullable=False),
    Column("headline", OutsideText, nullable=False),
    Column("at", Instant, nullable=False),
    Column("cause", Text, nullable=False),
    Column("was", OutsideText, nullable=False),
    Column("now", OutsideText),
    Column("outlet", OutsideText, nullable=False),
    Column("url", OutsideText, nullable=False),
    Column("reason", OutsideText, nullable=False),
    Column("member", OutsideText),
    Column("name", OutsideText, nullable=False),
    Index("ix_corrections_community", "community", "at"),
    Index("ix_corrections_delivery", "delivery"),
    Index("ix_corrections_story", "story"),
    sqlite_autoincrement=True,
)
_POSTED = text("message IS NOT NULL")
Index("ix_delivery_parts_message", delivery_parts.c.message, sqlite_where=_POSTED, postgresql_where=_POSTED)

Index("ix_deliveries_destination", deliveries.c.destination)
_OF_DIGEST = text("digest IS NOT NULL")
Index("ix_deliveries_digest", deliveries.c.digest, sqlite_where=_OF_DIGEST, postgresql_where=_OF_DIGEST)
