"""An outlet that does not want to be quoted is linked by title only, however it says so."""

from __future__ import annotations

from adapters.storage import SqlDatabase, open_database
from bot.app.ports import PageText, Reserved, Stage
from bot.core import strings
from bot.core.analysis import Analysis
from bot.core.community import COMMON
from bot.core.opt_out import NOBODY, OptOut
from tests.app.newsroom import STRIKE, STRIKE_TOO, Newsroom, entry
from tests.factories import NOON, add_article, new_tracked

RESERVED = "the outlet does not want its page read by AI"
SHY = OptOut(frozenset({"shy.example"}))


async def analysis(newsroom: Newsroom) -> Analysis:
    (coverage,) = await newsroom.stories()
    return await newsroom.analyses.of(COMMON, coverage)


def quoted(analysis: Analysis) -> set[str]:
    """The addresses that any claim rests on."""
    urls = {source.article: source.url for source in analysis.sources}
    return {urls[evidence.article] for evidence in analysis.evidence}


async def test_a_reserved_page_makes_its_article_a_title_and_a_link(sqlite: SqlDatabase) -> None:
    newsroom = Newsroom(sqlite)
    open_, shy = entry(STRIKE, 1), entry(STRIKE_TOO, 2)
    newsroom.pages.answers[shy.url] = [Reserved(reason=RESERVED)]
    await newsroom.subscribe(open_, shy)
    await newsroom.work()
    told = await analysis(newsroom)
    assert quoted(told) == {open_.url}
    assert [(source.url, source.quoted, source.note) for source in told.sources if source.note] == [
        (shy.url, False, RESERVED)
    ]


async def test_what_was_told_before_the_reservation_was_seen_is_told_anew(sqlite: SqlDatabase) -> None:
    newsroom = Newsroom(sqlite)
    shy = entry(STRIKE, 1)
    newsroom.pages.answers[shy.url] = [Reserved(reason=RESERVED)]
    await newsroom.subscribe(shy, entry(STRIKE_TOO, 2))
    await newsroom.work(Stage.POLL, Stage.SCORE, Stage.JOIN, Stage.ANALYSE)
    before = await analysis(newsroom)
    await newsroom.work()
    after = await analysis(newsroom)
    assert shy.url in quoted(before)
    assert shy.url not in quoted(after)
    assert after.version > before.version


async def test_a_page_that_was_read_and_reserves_itself_later_is_quoted_no_more(sqlite: SqlDatabase) -> None:
    """It is asked for again when the feed reports an edit."""
    newsroom = Newsroom(sqlite)
    shy = entry(STRIKE, 1)
    told_on_the_page = "The guild said that 400 screenwriters would picket Orbit Pictures until artificial intelligence"
    page = PageText(text=f"{shy.summary} {told_on_the_page} is out of their contracts.", title="", language="en")
    newsroom.pages.answers[shy.url] = [page, Reserved(reason=RESERVED)]
    feed = await newsroom.subscribe(shy, title="")
    await newsroom.subscribe(entry(STRIKE_TOO, 2))
    await newsroom.work()
    before = await analysis(newsroom)
    await newsroom.publish(feed, entry(STRIKE, 1, summary=f"{shy.summary} The strike goes on."))
    await newsroom.work()
    after = await analysis(newsroom)
    assert newsroom.pages.asked.count(shy.url) == 2
    assert shy.url in quoted(before)
    assert shy.url not in quoted(after)
    assert told_on_the_page not in repr(after)


async def test_an_outlet_on_the_operators_list_is_never_quoted_nor_its_page_read(sqlite_url: str) -> None:
    shy = entry(STRIKE, 1, url="https://www.shy.example/strike")
    async with open_database(sqlite_url, opt_out=SHY) as database:
        newsroom = Newsroom(database)
        await newsroom.subscribe(shy, entry(STRIKE_TOO, 2))
        await newsroom.work()
        told = await analysis(newsroom)
    assert shy.url not in quoted(told)
    assert [source.note for source in told.sources if not source.quoted] == [strings.judging.OPTED_OUT]
    assert shy.url not in newsroom.pages.asked


async def test_an_outlet_that_opts_out_later_is_at_once_linked_by_title_only(sqlite_url: str) -> None:
    """And is quoted again when it takes that back: nothing was written into what is stored."""
    shy, open_ = entry(STRIKE, 1, url="https://www.shy.example/strike"), entry(STRIKE_TOO, 2)
    told: list[Analysis] = []
    for opt_out in (NOBODY, SHY, NOBODY):
        async with open_database(sqlite_url, opt_out=opt_out) as database:
            newsroom = Newsroom(database)
            if not told:
                await newsroom.subscribe(shy, open_)
                await newsroom.work()
            told.append(await analysis(newsroom))
            async with database.read() as tx:
                found = await tx.articles.search(COMMON, "screenwriters", limit=5)
                assert {one.url: one.reserved for one in found} == {shy.url: opt_out.reason(shy.url), open_.url: None}
    first, without, again = told
    assert shy.url in quoted(first)
    assert quoted(without) == {open_.url}
    assert [(source.url, source.note) for source in without.sources if not source.quoted] == [
        (shy.url, strings.judging.OPTED_OUT)
    ]
    assert again == first


async def test_what_an_outlet_said_to_watch_is_not_shown_while_it_is_opted_out(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database, database.begin() as tx:
        article = await add_article(tx, url="https://news.shy.example/strike")
        story = await tx.stories.found(COMMON, article, relevance=0.9, relevant=True, at=NOON)
        await tx.tracked.add(COMMON, [new_tracked(story, article)])
    shown: list[int] = []
    for opt_out in (NOBODY, SHY, NOBODY):
        async with open_database(sqlite_url, opt_out=opt_out) as database, database.read() as tx:
            shown.append(len(await tx.tracked.of(COMMON, story)))
    assert shown == [1, 0, 1]
