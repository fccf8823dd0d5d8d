"""Feeds and articles over both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import numpy as np
import pytest

from adapters.storage import SqlDatabase
from bot.app.ports import Stage
from bot.core.article import Article, BodySource, Revision
from bot.core.community import COMMON
from bot.core.errors import LeaseLost
from bot.core.feed import Feed, FeedState, Health, Outlet, Validators
from tests.factories import (
    GUILD,
    NOON,
    add_article,
    add_feed,
    new_article,
    new_feed,
    new_record,
    new_vector,
)

HOUR = timedelta(hours=1)


async def test_a_new_feed_is_due_at_once(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        feed, new = await tx.feeds.add(new_feed(owner=GUILD))
        (task,) = await tx.tasks.claim(Stage.POLL, "a", 10, HOUR)
        assert new
        assert (task.key, task.owner) == (feed, GUILD)


async def test_a_feed_that_is_a_file_is_never_due(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await tx.feeds.add(new_feed(), visited=False)
        assert await tx.tasks.waiting(Stage.POLL, until=NOON.replace(year=9000)) == 0


@pytest.mark.parametrize("paywalled", [True, False, None])
async def test_a_feed_comes_back_as_it_was_added(database: SqlDatabase, paywalled: bool | None) -> None:
    given = new_feed(
        outlet=Outlet(name="Ledger", owner="Big Co", country="GB", paywalled=paywalled),
        desk="law",
        language="en",
        trusted=True,
    )
    async with database.begin() as tx:
        feed, _ = await tx.feeds.add(given)
        assert await tx.feeds.get(COMMON, feed) == Feed(
            id=feed, url=given.url, outlet=given.outlet, title=given.title, desk="law", language="en", trusted=True
        )


async def test_adding_an_address_twice_finds_the_first(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        feed, _ = await tx.feeds.add(new_feed("https://a.example/"))
        assert await tx.feeds.add(new_feed("https://a.example/", title="Another title")) == (feed, False)


async def test_feeds_are_listed_by_title_whatever_its_case(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        for title in ("beta", "Alpha", "Gamma"):
            await add_feed(tx, title=title)
        assert [feed.title for feed in await tx.feeds.visible(COMMON)] == ["Alpha", "beta", "Gamma"]


async def test_a_visit_is_written_down(database: SqlDatabase) -> None:
    health = Health(state=FeedState.FAILING, since=NOON, last_success=NOON - HOUR, failures=3, error="no", told=True)
    validators = Validators(etag='W/"1"', last_modified="Mon", body_hash="ab")
    async with database.begin() as tx:
        feed = await add_feed(tx)
        record = new_record(
            validators=validators, health=health, interval=HOUR, url="https://moved.example/", title="T"
        )
        await tx.feeds.record(COMMON, feed, record)
        stored = await tx.feeds.get(COMMON, feed)
        assert stored is not None
        assert (stored.validators, stored.health, stored.interval) == (validators, health, HOUR)
        assert (stored.url, stored.title) == ("https://moved.example/", "T")


async def test_a_feed_that_moved_to_anothers_address_keeps_its_own(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await add_feed(tx, url="https://new.example/")
        feed = await add_feed(tx, url="https://old.example/")
        await tx.feeds.record(COMMON, feed, new_record(url="https://new.example/"))
        stored = await tx.feeds.get(COMMON, feed)
        assert stored is not None
        assert stored.url == "https://old.example/"


async def test_a_removed_feed_is_gone_its_articles_stay_and_its_address_is_free(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        feed = await add_feed(tx, url="https://a.example/")
        article = await add_article(tx, feed=feed)
        assert await tx.feeds.remove(COMMON, feed)
        assert not await tx.feeds.remove(COMMON, feed)
        assert await tx.feeds.get(COMMON, feed) is None
        assert await tx.feeds.visible(COMMON) == []
        assert await tx.tasks.waiting(Stage.POLL) == 0
        assert [found.id for found in await tx.articles.get(COMMON, [article])] == [article]
        again, new = await tx.feeds.add(new_feed("https://a.example/"))
        assert new
        assert again != feed


async def test_a_visit_to_a_feed_removed_meanwhile_is_not_recorded(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        feed = await add_feed(tx)
        await tx.feeds.remove(COMMON, feed)
    with pytest.raises(LeaseLost):
        async with database.begin() as tx:
            await tx.feeds.record(COMMON, feed, new_record())


async def test_visits_to_several_feeds_are_written_down_together_or_not_at_all(database: SqlDatabase) -> None:
    records = {}
    async with database.begin() as tx:
        for number in range(3):
            title, etag = "New title" if number else None, Validators(etag=str(number))
            records[await add_feed(tx, title="Old title")] = new_record(title=title, validators=etag)
        await tx.feeds.record_many(COMMON, records)
        stored = await tx.feeds.several(COMMON, records)
        assert [(one.title, one.validators.etag) for one in sorted(stored, key=lambda one: one.id)] == [
            ("Old title", "0"),
            ("New title", "1"),
            ("New title", "2"),
        ]
    async with database.begin() as tx:
        await tx.feeds.remove(COMMON, next(iter(records)))
    with pytest.raises(LeaseLost):
        async with database.begin() as tx:
            await tx.feeds.record_many(COMMON, dict.fromkeys(records, new_record()))
    async with database.read() as tx:
        assert {one.validators.etag for one in await tx.feeds.several(COMMON, records)} == {"1", "2"}


async def test_an_article_comes_back_as_it_was_added(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        feed = await add_feed(tx)
        given = new_article(
            feed,
            content="Long text",
            published=NOON.replace(year=1, microsecond=7),
            first_seen=NOON.replace(year=9999),
            dated=False,
            language="en",
            authors=("A. Writer", "B. Writer"),
            outlet=Outlet(name="Ledger", country="US"),
        )
        article = await tx.articles.add(given)
        expected = Article(
            **{name: getattr(given, name) for name in given.__dataclass_fields__},
            id=article,
            body_source=BodySource.FEED,
        )
        assert await tx.articles.get(COMMON, [article]) == [expected]
        assert await tx.articles.by_keys(COMMON, [*given.keys, "unknown"]) == dict.fromkeys(given.keys, expected)


async def test_a_visits_articles_are_added_in_order(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        feed = await add_feed(tx)
        new = [new_article(feed) for _ in range(2500)]
        ids = await tx.articles.add_many(new)
        found = {article.id: article for article in await tx.articles.get(COMMON, ids)}
        assert [found[article].title for article in ids] == [article.title for article in new]
        assert await tx.articles.count(COMMON) == 2500


async def test_thousands_of_keys_are_looked_up_at_once(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        article = await add_article(tx, keys=tuple(f"k{number}" for number in range(3000)))
        found = await tx.articles.by_keys(COMMON, [f"k{number}" for number in range(40_000)])
        assert len(found) == 3000
        assert {each.id for each in found.values()} == {article}


async def test_an_article_whose_key_is_known_is_the_one_that_is_there(database: SqlDatabase) -> None:
    """Within one batch too: the first of two that share a key stands, and the others lead to it."""
    async with database.begin() as tx:
        feed, other = await add_feed(tx), await add_feed(tx)
        there = await tx.articles.add(new_article(feed, keys=("a", "b")))
        ids = await tx.articles.add_many(
            [
                new_article(other, keys=("b", "c")),
                new_article(feed, keys=("d",)),
                new_article(other, keys=("e", "d")),
            ]
        )
        assert ids == [there, ids[1], ids[1]]
        assert await tx.articles.count(COMMON) == 2


async def test_a_key_lost_by_a_duplicate_is_not_left_behind(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        feed = await add_feed(tx)
        there = await tx.articles.add(new_article(feed, keys=("a",)))
        await tx.articles.add(new_article(feed, keys=("a", "z")))
        found = await tx.articles.by_keys(COMMON, ["a", "z"])
        assert {key: article.id for key, article in found.items()} == {"a": there}


async def test_processes_that_meet_one_article_at_once_store_it_once(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        feeds = [await add_feed(tx) for _ in range(6)]

    async def visit(number: int) -> list[int]:
        async with database.begin() as tx:
            shared = [new_article(feeds[number], keys=(f"shared:{key}",)) for key in range(20)]
            return list(await tx.articles.add_many(shared if number % 2 else shared[::-1]))

    answers = await asyncio.gather(*(visit(number) for number in range(6)))
    async with database.read() as tx:
        assert await tx.articles.count(COMMON) == 20
    assert {frozenset(answer) for answer in answers} == {frozenset(answers[0])}


async def test_an_article_learns_keys_that_no_other_has(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        feed, other = await add_feed(tx), await add_feed(tx)
        article = await tx.articles.add(new_article(feed, keys=("a",)))
        await tx.articles.add(new_article(feed, keys=("taken",)))
        for _ in range(2):
            await tx.articles.seen_in(COMMON, article, other, ["b", "taken", "a", "c"])
        found = await tx.articles.by_keys(COMMON, ["a", "b", "c", "taken"])
        assert found["b"].id == found["c"].id == article != found["taken"].id
        assert found["a"].keys == ("a", "b", "c")


async def test_an_edit_keeps_what_was_there_before(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        article = await add_article(tx, title="One", summary="s1", content="c1")
        await tx.articles.set_aside(COMMON, article, "not about work")
        edit = {"title": "Two", "summary": "s2", "content": ""}
        assert await tx.articles.revise(COMMON, article, **edit, at=NOON + HOUR) == 2
        assert await tx.articles.revise(COMMON, article, **{**edit, "title": "Three"}, at=NOON + 2 * HOUR) == 3
        (stored,) = await tx.articles.get(COMMON, [article])
        assert (stored.title, stored.revision, stored.updated) == ("Three", 3, NOON + 2 * HOUR)
        assert (stored.body_source, stored.set_aside) == (BodySource.TEASER, None)
        assert await tx.articles.revisions(COMMON, article) == [
            Revision(article=article, revision=1, title="One", summary="s1", content="c1", seen=stored.first_seen),
            Revision(article=article, revision=2, title="Two", summary="s2", content="", seen=NOON + HOUR),
        ]


async def test_a_body_a_withdrawal_and_a_reason_are_kept(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        article = await add_article(tx)
        await tx.articles.set_body(COMMON, article, "The page", BodySource.PAGE)
        await tx.articles.withdraw(COMMON, article, "retracted by the outlet", NOON)
        await tx.articles.set_aside(COMMON, article, "too old")
        (stored,) = await tx.articles.get(COMMON, [article])
        assert (stored.content, stored.body_source) == ("The page", BodySource.PAGE)
        assert (stored.withdrawn, stored.updated, stored.set_aside) == ("retracted by the outlet", NOON, "too old")


async def test_a_score_is_kept_with_its_reasons_and_vector(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        article, other = await add_article(tx), await add_article(tx)
        for _ in range(2):
            await tx.articles.set_score(
                COMMON,
                article,
                relevance=0.75,
                mentions_ai=True,
                reasons=["AI: “AI”", "work: strike"],
                vector=new_vector(1),
            )
        (stored,) = await tx.articles.get(COMMON, [article])
        assert (stored.relevance, stored.mentions_ai) == (0.75, True)
        assert await tx.articles.reasons(COMMON, article) == ["AI: “AI”", "work: strike"]
        vectors = await tx.articles.vectors(COMMON, [article, other])
        assert list(vectors) == [article]
        vector = vectors[article]
        assert vector.dtype == np.float32
        assert vector.shape == (384,)
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-6)
        assert float(vector @ new_vector(1)) == pytest.approx(1, abs=1e-5)
        await tx.articles.set_score(COMMON, article, relevance=0.1, mentions_ai=False, reasons=[], vector=None)
        assert await tx.articles.vectors(COMMON, [article]) == {}


async def test_text_that_no_database_takes_is_stored_with_marks_in_its_place(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        hostile = "a\0b\ud800c\udc00\N{GRINNING FACE}'; DROP TABLE articles; --"
        article = await add_article(
            tx, title=hostile, content=hostile, keys=(hostile,), authors=(hostile,), url=hostile
        )
        marked = "a\ufffdb\ufffdc\ufffd\N{GRINNING FACE}'; DROP TABLE articles; --"
        (stored,) = await tx.articles.get(COMMON, [article])
        assert (stored.title, stored.content, stored.url) == (marked, marked, marked)
        assert (stored.keys, stored.authors) == ((marked,), (marked,))
        assert list(await tx.articles.by_keys(COMMON, [hostile])) == [hostile]
