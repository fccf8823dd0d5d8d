"""What a row takes in a real store, with its indexes: an archive of invented articles (`archive`), and on top of that
what communities get, in documents as large as those of the specimens; for an alert, a notice of five lines.

SQLite tells the pages of each table and index (https://www.sqlite.org/dbstat.html). Full-text index, keys, vectors and
feeds of an article are counted with it, the parts of a delivery and the stories of a digest with those.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from adapters.storage import SqlDatabase
from adapters.storage.schema import alerts
from bot.core.community import CommunityId
from bot.core.delivery import DigestState
from bot.core.message.digest import digest_document
from bot.core.message.notice import notice_document
from bot.core.outbox import Shown
from bot.core.story import StoryId
from tests.bench.archive import archive, opened
from tests.factories import NOON, new_community, new_schedule, new_watch
from tests.specimens import week_digest

COMMUNITY = CommunityId("discord:capacity")
EACH = 500
"""Rows of each kind that communities get."""
PARTS = 4
TOGETHER: Mapping[str, tuple[str, ...]] = {
    "articles": ("article_keys", "article_feeds", "article_vectors", "article_words"),
    "stories": ("story_articles", "story_private_changes"),
    "analyses": (),
    "tracked_items": (),
    "digests": ("digest_stories",),
    "deliveries": ("delivery_parts",),
    "alerts": (),
    "watches": (),
    "schedules": ("destinations",),
    "feeds": (),
}


def row_sizes(count: int) -> Mapping[str, float]:
    """Bytes a row, by table, of a store of that many articles."""
    return asyncio.run(_row_sizes(count))


async def _row_sizes(count: int) -> Mapping[str, float]:
    async with opened(archive(count)) as (database, path):
        await _fill(database)
        sizes = dict(await asyncio.to_thread(_measured, path))
        await _alert(database)
        both = await asyncio.to_thread(_measured, path)
        sizes["alert deliveries"] = 2 * both["deliveries"] - sizes["deliveries"]
        return sizes


async def _fill(database: SqlDatabase) -> None:
    body = week_digest()
    document = digest_document(body)
    async with database.begin() as tx:
        await tx.communities.ensure(new_community(COMMUNITY))
        for number in range(EACH):
            place = (await tx.schedules.destination(COMMUNITY, "discord", f"11122233344455{number:04}")).id
            id_ = await tx.schedules.add(new_schedule(COMMUNITY, place), due=NOON)
            schedule = await tx.schedules.get(COMMUNITY, id_)
            assert schedule is not None
            watch = await tx.watches.add(new_watch(place, community=COMMUNITY))
            story = StoryId(number + 1)
            row = {"watch": watch, "story": story, "version": 1, "outlets": ["Fenwick Herald"], "terms": ["strike"]}
            await tx.sql.execute(alerts.insert().values(**row, told_at=NOON, known=False))
            digest = await tx.digests.put(
                schedule, NOON + timedelta(days=number), replace(body, community=COMMUNITY), DigestState.APPROVED
            )
            delivery = await tx.deliveries.queue(COMMUNITY, place, document, digest=digest)
            await tx.outbox.open([(delivery, part, 1) for part in range(PARTS)])
            shown = Shown(message="1112223334445556667", revision=1)
            await tx.outbox.note([(delivery, part, shown) for part in range(PARTS)])


async def _alert(database: SqlDatabase) -> None:
    """As many deliveries again, each an alert."""
    line = "Fenwick Herald: members of the guild vote on the contract that limits synthetic voices, by the end of May."
    document = notice_document("Voice actors vote on a contract that limits synthetic voices", [line] * 5)
    async with database.begin() as tx:
        for number in range(EACH):
            place = (await tx.schedules.destination(COMMUNITY, "discord", f"11122233344455{number:04}")).id
            delivery = await tx.deliveries.queue(COMMUNITY, place, document, digest=None)
            await tx.outbox.open([(delivery, 0, 1)])
            await tx.outbox.note([(delivery, 0, Shown(message="1112223334445556667", revision=1))])


def _measured(path: Path) -> Mapping[str, float]:
    with closing(sqlite3.connect(path)) as connection:
        owners = dict(connection.execute("SELECT name, tbl_name FROM sqlite_master WHERE type IN ('table', 'index')"))
        pages: dict[str, int] = {}
        for name, size in connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"):
            table = "article_words" if name.startswith("article_words") else owners.get(name, name)
            pages[table] = pages.get(table, 0) + size
        sizes: dict[str, float] = {}
        for table, along in TOGETHER.items():
            (rows,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            sizes[table] = sum(pages.get(name, 0) for name in (table, *along)) / max(1, rows)
        return sizes
