"""The tables, as they are now. How they came to be is in `migrations`; a test holds the two equal.

Each area has its module; queries join across them, so everybody imports tables from here, and whoever imports one has
them all in `metadata`.

Owners (`owners.py`) carry no foreign key: "" is no community. What only a community can have (destinations, schedules,
digests, deliveries) does, and refers to the others by (community, id), so that the database itself refuses to tie one
community's rows to another's. Where rows refer to one that may be removed, an index finds them.

The search index is not here: SQLAlchemy knows no virtual tables (`search.py`, `described`).

An id is never given out twice, even where the newest row was deleted (`sqlite_autoincrement`): tasks and messages name
rows by their ids.
"""

from __future__ import annotations

from adapters.storage.schema.base import described, metadata
from adapters.storage.schema.community import changes, choices, communities, community_settings, roles
from adapters.storage.schema.delivery import corrections, deliveries, delivery_parts, delivery_quotes, page_looks
from adapters.storage.schema.digest import destinations, digest_articles, digest_stories, digests, feedback, schedules
from adapters.storage.schema.feed import (
    article_feeds,
    article_keys,
    article_vectors,
    articles,
    feed_bygones,
    feeds,
    revisions,
)
from adapters.storage.schema.installation import heard, install_states, installations
from adapters.storage.schema.operation import budgets, marks, posting_stops, processes, tallies
from adapters.storage.schema.review import draft_approvals, draft_edits, drafts, review_drafts, review_entries, reviews
from adapters.storage.schema.story import analyses, stories, story_articles, story_private_changes, tracked_items
from adapters.storage.schema.watch import alerts, reminders, told_moves, watches
from adapters.storage.schema.work import leases, tasks

__all__ = [
    "alerts",
    "analyses",
    "article_feeds",
    "article_keys",
    "article_vectors",
    "articles",
    "budgets",
    "changes",
    "choices",
    "communities",
    "community_settings",
    "corrections",
    "deliveries",
    "delivery_parts",
    "delivery_quotes",
    "described",
    "destinations",
    "digest_articles",
    "digest_stories",
    "digests",
    "draft_approvals",
    "draft_edits",
    "drafts",
    "feed_bygones",
    "feedback",
    "feeds",
    "heard",
    "install_states",
    "installations",
    "leases",
    "marks",
    "metadata",
    "page_looks",
    "posting_stops",
    "processes",
    "reminders",
    "review_drafts",
    "review_entries",
    "reviews",
    "revisions",
    "roles",
    "schedules",
    "stories",
    "story_articles",
    "story_private_changes",
    "tallies",
    "tasks",
    "told_moves",
    "tracked_items",
    "watches",
]
