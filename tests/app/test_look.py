"""Pages of what was posted are looked at again: politely, and what they say then reaches the messages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from adapters.storage import SqlDatabase, open_database
from bot.app.deliver import Deliver
from bot.app.ports import NoPage, NotThere, PageLook, PageText, Reserved, SamePage, Stage
from bot.core.article import Article, ArticleId, BodySource
from bot.core.community import COMMON, Viewer
from bot.core.correction.correction import Cause
from bot.core.feed import Validators
from bot.core.opt_out import OptOut
from tests.app.conversation import plain
from tests.app.newsroom import STRIKE, STRIKE_TOO, SUIT, Newsroom, entry
from tests.app.test_corrections import EDITS, gathered, log, posted, said, shown
from tests.app.test_digests import NINE, fall_due, schedule_of
from tests.factories import GUILD, STUDIO, new_community, new_outlet, new_watch

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MISSING = NotThere(reason="404: not found", for_good=False)
GONE = NotThere(reason="410: gone for good", for_good=True)
LONG = f"{STRIKE[1]}\n\nTalks broke off on Friday after the studio refused to limit artificial intelligence in scripts."

PAST = (
    ("deliveries", "queued_at"),
    ("deliveries", "finished_at"),
    ("page_looks", "since"),
    ("page_looks", "missing_since"),
)


def address(number: int) -> str:
    return f"https://outlet{number}.example/news/{number}"


def page(told: str, title: str = "", etag: str = "v1") -> PageText:
    return PageText(text=told, title=title, language="en", validators=Validators(etag=etag))


async def look(newsroom: Newsroom, article: int = 1, *, after: timedelta = HOUR) -> None:
    """So long passes by the database's clock, and the page is due to be looked at."""
    assert isinstance(newsroom.database, SqlDatabase)
    span = after // timedelta(microseconds=1)
    async with newsroom.database.begin() as tx:
        for column in (
            "deliveries.queued_at",
            "deliveries.finished_at",
            "page_looks.since",
            "page_looks.missing_since",
        ):
            table, _, name = column.partition(".")
            await tx.sql.execute(text(f"UPDATE {table} SET {name} = {name} - {span} WHERE {name} IS NOT NULL"))
        await tx.sql.execute(text(f"UPDATE budgets SET next_slot = next_slot - {span}"))
        await tx.sql.execute(
            text(f"UPDATE tasks SET due = 1, claimable_at = 1 WHERE stage = 'look' AND key = {article}")
        )
    await newsroom.work()


async def state(newsroom: Newsroom, article: int = 1) -> PageLook | None:
    async with newsroom.database.read() as tx:
        return await tx.page_looks.get(ArticleId(article))


async def stored(newsroom: Newsroom, viewer: Viewer = COMMON, article: int = 1) -> Article:
    async with newsroom.database.read() as tx:
        (found,) = await tx.articles.get(viewer, [ArticleId(article)])
    return found


async def due_in(newsroom: Newsroom, article: int = 1) -> timedelta | None:
    """Until the next look."""
    assert isinstance(newsroom.database, SqlDatabase)
    async with newsroom.database.read() as tx:
        due = await tx.sql.connection.scalar(text(f"SELECT due FROM tasks WHERE stage = 'look' AND key = {article}"))
        now = await tx.now()
    return None if due is None else timedelta(microseconds=due) - (now - now.fromtimestamp(0, now.tzinfo))


async def test_a_page_that_is_gone_takes_back_what_was_posted_from_it(newsroom: Newsroom) -> None:
    await posted(newsroom)
    newsroom.pages.later[address(1)] = [GONE]
    await look(newsroom)
    assert newsroom.platform.edits == [], "changes are gathered for a while"
    await gathered(newsroom)
    assert "Outlet 1 withdrew its article (its page is gone for good)" in shown(newsroom)
    assert STRIKE[0] not in shown(newsroom)
    assert said(newsroom)[1:] == ["Correction"]
    assert {one.cause for one in await log(newsroom.database)} == {Cause.WITHDRAWN}
    assert await state(newsroom) is None
    assert await due_in(newsroom) is None, "nobody looks any more"


async def test_a_page_that_lost_a_cited_sentence_is_a_new_version_of_the_article(newsroom: Newsroom) -> None:
    newsroom.pages.answers[address(1)] = [page(LONG)]
    newsroom.pages.later[address(1)] = [page(LONG.replace("400", "40"), etag="v2")]
    await posted(newsroom)
    await look(newsroom)
    await gathered(newsroom)
    article = await stored(newsroom)
    assert (article.revision, article.body_source) == (2, BodySource.PAGE)
    assert "Outlet 1 changed a sentence: “400” is now “40”." in shown(newsroom)


async def test_a_sentence_of_the_page_alone_is_corrected(newsroom: Newsroom) -> None:
    teaser = "Screenwriters walked out over artificial intelligence in scripts."
    newsroom.pages.answers[address(1)] = [page(LONG)]
    newsroom.pages.later[address(1)] = [page(LONG.replace("400", "40"), etag="v2")]
    await posted(newsroom, (STRIKE[0], teaser))
    assert "400 screenwriters" in plain(newsroom.platform.documents["channel-1"][0])
    await look(newsroom)
    await gathered(newsroom)
    assert "Outlet 1 changed a sentence: “400” is now “40”." in shown(newsroom)
    assert said(newsroom)[1:] == ["Correction"]


async def test_what_changes_around_an_article_changes_nothing(newsroom: Newsroom) -> None:
    newsroom.pages.answers[address(1)] = [page(LONG)]
    newsroom.pages.later[address(1)] = [page(f"Updated just now.\n\n{LONG}\n\nMost read", etag="v2")]
    await posted(newsroom)
    await look(newsroom)
    assert (await stored(newsroom)).revision == 1
    assert await newsroom.waiting(Stage.CORRECT) == 0


async def test_it_is_asked_on_the_condition_that_it_changed(newsroom: Newsroom) -> None:
    newsroom.pages.later[address(1)] = [page(LONG, etag="v1"), SamePage.SAME, page(LONG, etag="v2"), SamePage.SAME]
    await posted(newsroom)
    for _ in range(4):
        await look(newsroom)
    assert newsroom.pages.looked == [
        (address(1), Validators()),
        (address(1), Validators(etag="v1")),
        (address(1), Validators(etag="v1")),
        (address(1), Validators(etag="v2")),
    ]


async def test_it_is_looked_at_for_a_week_after_it_was_posted(newsroom: Newsroom) -> None:
    await posted(newsroom)
    waits = [await due_in(newsroom)]
    for span in (1, 5, 18, 48, 96):
        await look(newsroom, after=span * HOUR)
        waits.append(await due_in(newsroom))
    assert [None if wait is None else round(wait / HOUR) for wait in waits] == [1, 5, 18, 48, 96, None]
    assert len(newsroom.pages.looked) == 5
    assert await state(newsroom) is None


async def test_not_found_once_is_nothing_and_for_days_it_is_taken_back(newsroom: Newsroom) -> None:
    await posted(newsroom)
    newsroom.pages.later[address(1)] = [MISSING, SamePage.SAME, MISSING]
    await look(newsroom)
    await look(newsroom, after=DAY)
    assert (await stored(newsroom)).withdrawn is None
    for _ in range(3):
        await look(newsroom, after=DAY)
        assert (await stored(newsroom)).withdrawn is None
    await look(newsroom, after=DAY)
    assert (await stored(newsroom)).withdrawn == "its page was not found for days"
    await gathered(newsroom)
    assert "Outlet 1 withdrew its article (its page was not found for days)" in shown(newsroom)


async def test_a_site_that_was_built_anew_takes_nothing_back(newsroom: Newsroom) -> None:
    await posted(newsroom, STRIKE, SUIT)
    assert isinstance(newsroom.database, SqlDatabase)
    async with newsroom.database.begin() as tx:
        await tx.sql.execute(text("UPDATE articles SET outlet_name = 'One'"))
    for number in (1, 2):
        newsroom.pages.later[address(number)] = [MISSING]
    for _ in range(12):
        for number in (1, 2):
            await look(newsroom, number, after=DAY / 2)
    assert (await stored(newsroom)).withdrawn is None
    assert await state(newsroom) is None, "it is not looked for any more"


@pytest.mark.parametrize(
    "answer",
    [
        NoPage(reason="503", final=False),
        NoPage(reason="403: the outlet refuses us", final=True),
        NoPage(reason="no article text was found on the page", final=True, scrap="Please subscribe"),
    ],
    ids=["trouble", "refused", "no article"],
)
async def test_a_page_that_cannot_be_had_says_nothing(newsroom: Newsroom, answer: NoPage) -> None:
    await posted(newsroom)
    newsroom.pages.later[address(1)] = [answer]
    for _ in range(5):
        await look(newsroom, after=DAY)
    assert (await stored(newsroom)).withdrawn is None
    assert await newsroom.waiting(Stage.CORRECT) == 0


async def test_a_notice_in_place_of_the_article_takes_it_back(newsroom: Newsroom) -> None:
    await posted(newsroom)
    notice = NoPage(reason="no article", final=True, scrap="This article has been removed.")
    newsroom.pages.later[address(1)] = [notice]
    await look(newsroom)
    await gathered(newsroom)
    assert "Outlet 1 withdrew its article" in shown(newsroom)


async def test_a_page_that_is_kept_from_machines_now_is_not_quoted_any_more(newsroom: Newsroom) -> None:
    await posted(newsroom)
    newsroom.pages.later[address(1)] = [Reserved(reason="noai")]
    await look(newsroom)
    await gathered(newsroom)
    assert (await stored(newsroom)).reserved == "noai"
    assert {one.cause for one in await log(newsroom.database)} == {Cause.RESERVED}
    await look(newsroom)
    assert len(newsroom.pages.looked) == 1


async def test_an_outlet_that_the_operator_lists_since_is_not_quoted_any_more(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        newsroom = Newsroom(database)
        await posted(newsroom)
    async with open_database(sqlite_url, opt_out=OptOut(frozenset({"outlet1.example"}))) as database:
        listed = Newsroom(database)
        listed.platform = newsroom.platform
        listed.deliver = Deliver(database, {"discord": newsroom.platform}, listed.clock)
        await look(listed)
        await gathered(listed)
        assert "400 screenwriters" not in shown(listed)
        assert await state(listed) is None
    assert newsroom.pages.looked == listed.pages.looked == []


async def test_no_page_is_looked_at_that_nothing_was_posted_from(newsroom: Newsroom) -> None:
    """In the archive only; or waiting in the queue."""
    await newsroom.subscribe(entry(SUIT, 2), outlet=new_outlet("Outlet 2"))
    schedule = await schedule_of(newsroom.database)
    await newsroom.subscribe(entry(STRIKE, 1), outlet=new_outlet("Outlet 1"))
    await newsroom.work()
    assert await newsroom.waiting(Stage.LOOK) == 0
    newsroom.clock.time = NINE
    async with newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.COMPOSE, [schedule.id], GUILD)
    await newsroom.work(Stage.COMPOSE, Stage.REVIEW)
    async with newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.LOOK, [1, 2], COMMON)
    await newsroom.work(Stage.LOOK)
    assert newsroom.pages.looked == []


async def test_a_host_is_asked_for_one_page_a_minute(newsroom: Newsroom) -> None:
    newsroom.platform.can = EDITS
    schedule = await schedule_of(newsroom.database)
    entries = (entry(STRIKE, 1), entry(SUIT, 2, url="https://outlet1.example/news/2"))
    await newsroom.subscribe(*entries, outlet=new_outlet("Outlet 1"))
    await newsroom.work()
    await fall_due(newsroom, schedule, NINE)
    async with newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.LOOK, [1, 2], COMMON)
    await newsroom.work(Stage.LOOK)
    assert len(newsroom.pages.looked) == 1
    wait = max(filter(None, [await due_in(newsroom, 1), await due_in(newsroom, 2)]), key=lambda one: one < HOUR / 2)
    assert timedelta(0) < wait <= timedelta(minutes=1)


async def test_a_host_that_rests_is_asked_later(newsroom: Newsroom) -> None:
    await posted(newsroom)
    newsroom.pages.later[address(1)] = [NoPage(reason="down", final=False, rest=timedelta(minutes=3))]
    await look(newsroom)
    wait = await due_in(newsroom)
    assert wait is not None
    assert timedelta(minutes=2) < wait <= timedelta(minutes=6)


async def test_an_alert_is_corrected_by_the_page_too(newsroom: Newsroom) -> None:
    newsroom.platform.can = EDITS
    async with newsroom.database.begin() as tx:
        await tx.communities.ensure(new_community(GUILD))
        place = await tx.schedules.destination(GUILD, "discord", "alerts")
        await tx.watches.add(new_watch(place.id, query="screenwriters"))
    await newsroom.subscribe(entry(STRIKE, 1), outlet=new_outlet("Outlet 1", paywalled=False))
    await newsroom.work()
    newsroom.pages.later[address(1)] = [GONE]
    await look(newsroom)
    await gathered(newsroom)
    assert "Outlet 1 withdrew its article" in shown(newsroom, "alerts/0")
    assert STRIKE[0] not in shown(newsroom, "alerts/0")


async def test_what_another_community_read_by_its_own_feed_is_looked_at_as_theirs(newsroom: Newsroom) -> None:
    await posted(newsroom, STRIKE, owner=GUILD)
    await newsroom.subscribe(entry(STRIKE_TOO, 7), owner=STUDIO, outlet=new_outlet("Outlet 7"))
    await newsroom.work()
    newsroom.pages.later[address(1)] = [GONE]
    await look(newsroom)
    assert (await stored(newsroom, GUILD)).withdrawn is not None
    assert newsroom.pages.looked == [(address(1), Validators())]


async def test_a_look_in_which_the_process_dies_is_done_again(newsroom: Newsroom) -> None:
    """Whatever the page says is written down together with the end of the task."""
    await posted(newsroom)
    newsroom.pages.later[address(1)] = [GONE]
    await look(newsroom)
    async with newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.LOOK, [1], COMMON)
    await newsroom.work()
    await gathered(newsroom)
    assert len(newsroom.pages.looked) == 1
    assert len(said(newsroom)) == 2
