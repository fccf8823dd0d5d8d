"""From SQLite to PostgreSQL with every row, or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.storage import open_database
from adapters.storage.moving import move
from bot.app.ports import Stage
from bot.core.community import COMMON
from bot.core.errors import InputError
from tests.adapters.test_backup import filled, rows_of
from tests.factories import NOON, add_article


def silent(_table: str, _count: int) -> None:
    return None


async def test_every_row_arrives_and_new_ones_are_numbered_after_them(sqlite_url: str, postgresql_url: str) -> None:
    before = await filled(sqlite_url)
    async with open_database(sqlite_url) as source, open_database(postgresql_url) as target:
        assert await move(source, target, silent) == sum(map(len, before.values()))
        assert await rows_of(postgresql_url) == before
        async with target.begin() as tx:
            added = await add_article(tx)
            assert added > len(before["articles"])
            assert [article.id for article in await tx.articles.search(COMMON, "writers", limit=5)]


async def test_a_story_that_follows_one_with_a_higher_number_arrives(sqlite_url: str, postgresql_url: str) -> None:
    async with open_database(sqlite_url) as source, open_database(postgresql_url) as target:
        async with source.begin() as tx:
            first = await tx.stories.found(COMMON, await add_article(tx), relevance=0.9, relevant=True, at=NOON)
            second = await tx.stories.found(
                COMMON, await add_article(tx), relevance=0.9, relevant=True, at=NOON, follows=first
            )
            await tx.stories.merge(second, first, NOON)  # the lower now leads to the higher
        await move(source, target, silent)
        async with target.read() as tx:
            coverage = await tx.stories.get(COMMON, first)
            assert coverage is not None
            assert coverage.story.id == second


async def test_work_that_somebody_held_is_due_there(sqlite_url: str, postgresql_url: str) -> None:
    async with open_database(sqlite_url) as source, open_database(postgresql_url) as target:
        async with source.begin() as tx:
            await tx.tasks.put(Stage.SCORE, [1], COMMON)
            assert await tx.tasks.claim(Stage.SCORE, "gone", 1, timedelta(days=1))
            await tx.leases.acquire("joining", "gone", timedelta(days=1))
        await move(source, target, silent)
        async with target.begin() as tx:
            assert len(await tx.tasks.claim(Stage.SCORE, "new", 1, timedelta(minutes=1))) == 1
            assert await tx.leases.acquire("joining", "new", timedelta(minutes=1))


async def test_a_database_with_anything_in_it_is_left_as_it_is(sqlite_url: str, postgresql_url: str) -> None:
    await filled(sqlite_url)
    async with open_database(sqlite_url) as source, open_database(postgresql_url) as target:
        async with target.begin() as tx:
            await add_article(tx)
        before = await rows_of(postgresql_url)
        with pytest.raises(InputError, match="not empty"):
            await move(source, target, silent)
    assert await rows_of(postgresql_url) == before
