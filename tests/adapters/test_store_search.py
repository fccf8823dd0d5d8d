"""Searching articles over both databases: the same words find the same articles in the same order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.storage import SqlDatabase, SqlTransaction
from adapters.storage.search import CANDIDATES, TERMS, fold, terms_of
from bot.core.article import ArticleId, BodySource
from bot.core.community import COMMON
from tests.factories import NOON, add_article, add_feed, new_article, new_outlet

HOUR = timedelta(hours=1)


async def search(tx: SqlTransaction, words: str, **options: object) -> Sequence[ArticleId]:
    found = await tx.articles.search(COMMON, words, **{"limit": 10, **options})  # type: ignore[arg-type]
    return [article.id for article in found]


@pytest.mark.parametrize(
    ("words", "finds"),
    [
        ("studios", True),
        ("STUDIOS writers", True),
        ("studios actors", False),
        ("studio", False),
        ("AI-written", True),
        ("ai written", True),
        ('"written scripts"', True),
        ('"scripts written"', False),
        ("fiances", True),
        ("Fiancés", True),
        ("СЦЕНАРИЙ", True),
        ("guild's", True),
        ("outlet.example", True),
        ("3.5", True),
        ("title:studios", False),
        ("NEAR(studios)", False),
        ("studios OR actors", False),
        ("NOT studios", False),
        ("stud*", False),
        ('studios"', True),
        ("' & | ! <-> ( )", False),
        ("", False),
        ("\0 \ud800", False),
    ],
)
async def test_words_find_what_holds_them_all(database: SqlDatabase, words: str, finds: bool) -> None:
    async with database.begin() as tx:
        article = await add_article(
            tx,
            title="Writers refuse AI-written scripts",
            summary="Studios met the Guild’s 3.5 negotiators and their fiancés; see outlet.example/news.",
            content="Новый сценарий",
        )
        assert await search(tx, words) == ([article] if finds else [])


async def test_a_title_that_says_it_comes_first_and_then_the_newer(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        texts = [
            ("Strike", "about residuals", NOON),
            ("Other news", "a strike about residuals", NOON + 2 * HOUR),
            ("Strike for residuals", "", NOON - HOUR),
            ("More news", "the strike, residuals", NOON + HOUR),
        ]
        ids = [await add_article(tx, title=title, summary=words, published=at) for title, words, at in texts]
        assert await search(tx, "strike residuals") == [ids[2], ids[0], ids[1], ids[3]]
        assert await search(tx, "strike residuals", limit=2) == [ids[2], ids[0]]


async def test_only_what_was_published_since_is_found(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        old, late = await add_article(tx, published=NOON - HOUR), await add_article(tx, published=NOON)
        assert await search(tx, "writers", since=NOON) == [late]
        assert await search(tx, "writers", since=NOON - HOUR) == [late, old]
        assert await search(tx, "writers", since=NOON + HOUR) == []


async def test_the_index_follows_an_edit_a_page_and_a_withdrawal(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        article = await add_article(tx, title="First words")
        await tx.articles.set_body(COMMON, article, "The page", BodySource.PAGE)
        assert await search(tx, "first page") == [article]
        await tx.articles.revise(COMMON, article, title="Second words", summary="", content="", at=NOON)
        assert await search(tx, "first") == await search(tx, "page") == []
        assert await search(tx, "second") == [article]
        await tx.articles.withdraw(COMMON, article, "retracted", NOON)
        assert await search(tx, "second") == []


async def test_of_a_text_only_the_beginning_is_searched_through_all_its_edits(database: SqlDatabase) -> None:
    """An index that is told to forget other words than it learnt keeps some of them for ever."""
    async with database.begin() as tx:
        article = await add_article(tx, title="Title", summary="", content="early " + "x " * 1_000 + "late")
        assert await search(tx, "early") == [article]
        assert await search(tx, "late") == []
        await tx.articles.set_body(COMMON, article, "y " * 1_000 + "early", BodySource.PAGE)
        assert await search(tx, "early") == []
        await tx.articles.set_body(COMMON, article, "late", BodySource.PAGE)
        assert await search(tx, "late") == [article]
        assert await search(tx, "x") == await search(tx, "y") == []


async def test_a_duplicate_that_was_not_kept_is_not_found(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        feed = await add_feed(tx)
        first = await tx.articles.add(new_article(feed, keys=("k",), title="Same story"))
        await tx.articles.add(new_article(feed, keys=("k",), title="Same story"))
        assert await search(tx, "same story") == [first]


async def test_a_huge_text_is_stored_and_found(database: SqlDatabase) -> None:
    """PostgreSQL refuses a tsvector of more than 1 MB, and SQLite words of any length."""
    async with database.begin() as tx:
        words = " ".join(f"w{number}ä" for number in range(150_000))
        article = await add_article(tx, title="t" * 1_000_000, summary="needle", content=words)
        assert (await tx.articles.get(COMMON, [article]))[0].content == words
        other = await add_article(tx, title="Huge", summary="needle", content=words)
        assert other in await search(tx, "needle")


async def test_the_newest_candidates_are_ranked(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        feed = await add_feed(tx)
        ids = await tx.articles.add_many([new_article(feed, title="Same") for _ in range(CANDIDATES + 5)])
        found = await search(tx, "same", limit=CANDIDATES + 5)
        assert sorted(found) == sorted(ids[5:])


@given(st.text(st.characters()))
def test_every_text_has_terms_that_are_words(words: str) -> None:
    terms = terms_of(words)
    assert len(terms) <= TERMS
    for term in terms:
        assert term
        assert all(character.isalnum() or character == " " for character in term) or fold(term) == term


async def test_an_outlets_articles_are_looked_for_among_the_newest_that_hold_the_words(
    database: SqlDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.begin() as tx:
        feed = await add_feed(tx)
        said = [
            await tx.articles.add(
                new_article(
                    feed, title="Writers meet", outlet=new_outlet(name), published=NOON + HOUR * number, first_seen=NOON
                )
            )
            for number, name in enumerate(("Folio", "Folio", "Docket", "Folio"))
        ]
    async with database.read() as tx:
        assert await search(tx, "writers", outlet="Folio") == [said[3], said[1], said[0]]
        assert await search(tx, "writers", outlet="Folio", since=NOON + HOUR) == [said[3], said[1]]
        assert await search(tx, "writers", outlet="Docket") == [said[2]]
        assert await search(tx, "writers", outlet="folio") == []
        monkeypatch.setattr("adapters.storage.search.HELD", 3)
        assert await search(tx, "writers", outlet="Folio") == [said[3], said[1]]
