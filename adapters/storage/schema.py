"""The tables, as they are now. How they came to be is in `migrations`; a test holds the two equal.

Owners (`owners.py`) carry no foreign key: "" is no community. What only a community can have (destinations, schedules,
digests, deliveries) does, and refers to the others by (community, id), so that the database itself refuses to tie one
community's rows to another's.

The search index is not here: SQLAlchemy knows no virtual tables (`search.py`, `described`).

An id is never given out twice, even where the newest row was deleted (`sqlite_autoincrement`): tasks and messages name
rows by their ids.
"""

from __future__ import annotations

from pydantic import TypeAdapter
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from adapters.storage.types import HalfVector, Instant, OutsideText, Span, Whole
from bot.core.analysis import Analysis
from bot.core.delivery import Digest, Manner
from bot.core.message.document import Document

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def described(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    """Whether this module answers for something found in a database (Alembic's `include_object`): all but search."""
    return not (
        (kind == "table" and (name or "").startswith("article_words")) or name in {"words", "ix_articles_words"}
    )


# SQLite gives out row ids only for a column declared INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")


def _outlet() -> tuple[Column[str], Column[str | None], Column[str | None], Column[bool]]:
    return (
        Column("outlet_name", OutsideText, nullable=False),
        Column("outlet_owner", OutsideText),
        Column("outlet_country", Text),
        Column("outlet_paywalled", Boolean),  # NULL: not known
    )


# --- work ---------------------------------------------------------------------------------------------------

# `claimable_at` is the one time a claim looks at: when it is due for a task nobody holds, when the lease runs out for
# one that is held, NULL for one that is parked. So a claim reads exactly the rows it takes, however many wait, are held
# or are parked. `again` is when a task that was put while held is due anew. `unreturned` counts claims in a row that
# were not given back, the present one included: what a task that ends its process leaves behind.
tasks = Table(
    "tasks",
    metadata,
    Column("stage", Text, primary_key=True),
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("owner", Text, nullable=False),
    Column("due", Instant, nullable=False),
    Column("claimable_at", Instant),
    Column("holder", Text),
    Column("attempt", Integer, nullable=False),
    Column("unreturned", Integer, nullable=False),
    Column("again", Instant),
    Column("error", OutsideText),
    Column("platform", Text),  # of a lane's destination, so that only those who serve it claim it
    Index("ix_tasks_stage_claimable_at", "stage", "claimable_at"),
)
_HELD, _PARKED = text("holder IS NOT NULL"), text("claimable_at IS NULL")
Index("ix_tasks_holder", tasks.c.holder, sqlite_where=_HELD, postgresql_where=_HELD)
Index("ix_tasks_parked", tasks.c.stage, sqlite_where=_PARKED, postgresql_where=_PARKED)
_LANE = text("platform IS NOT NULL")
Index(
    "ix_tasks_platform_claimable_at",
    tasks.c.platform,
    tasks.c.claimable_at,
    sqlite_where=_LANE,
    postgresql_where=_LANE,
)
_SUSPECT = text("unreturned > 1")
Index(
    "ix_tasks_unreturned",
    tasks.c.stage,
    tasks.c.unreturned,
    sqlite_where=_SUSPECT,
    postgresql_where=_SUSPECT,
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", Instant, nullable=False),
)

# --- for whoever runs it ------------------------------------------------------------------------------------

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

# --- communities --------------------------------------------------------------------------------------------

communities = Table(
    "communities",
    metadata,
    Column("id", Text, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("name", OutsideText, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("left_at", Instant),
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

# --- feeds and articles -------------------------------------------------------------------------------------

feeds = Table(
    "feeds",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("url", OutsideText),  # NULL once removed: a private address is forgotten, the articles still name their feed
    Column("title", OutsideText, nullable=False),
    *_outlet(),
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
    *_outlet(),
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

# --- stories ------------------------------------------------------------------------------------------------

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

# --- what a community gets ----------------------------------------------------------------------------------

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
    Column("document", Whole(TypeAdapter(Document)), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("manner", Whole(TypeAdapter(Manner)), nullable=False),
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

# --- the editor's desk ---------------------------------------------------------------------------------------

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

# --- watches ------------------------------------------------------------------------------------------------

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

# --- installations of a platform's app ----------------------------------------------------------------------

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

# --- by which rows that refer to one that is removed are found -----------------------------------------------

Index("ix_articles_feed", articles.c.feed)
Index("ix_article_feeds_feed", article_feeds.c.feed)
Index("ix_digest_stories_story", digest_stories.c.story)
Index("ix_deliveries_destination", deliveries.c.destination)
Index("ix_tracked_items_article", tracked_items.c.article)
Index("ix_reminders_story", reminders.c.story)
for _name, _column in (
    ("ix_deliveries_digest", deliveries.c.digest),
    ("ix_story_articles_copy_of", story_articles.c.copy_of),
    ("ix_stories_follows", stories.c.follows),
    ("ix_tracked_items_resolved_by", tracked_items.c.resolved_by),
):
    _there = text(f"{_column.name} IS NOT NULL")
    Index(_name, _column, sqlite_where=_there, postgresql_where=_there)
