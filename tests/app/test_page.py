"""An outlet is asked for an article's page only when its text is wanted, and not again and again."""

from __future__ import annotations

from datetime import timedelta

from bot.app.page import ATTEMPTS
from bot.app.ports import NoPage, PageText, Stage
from bot.core.article import Article, ArticleId, BodySource
from bot.core.community import COMMON
from tests.app.newsroom import HARVEST, STRIKE, STRIKE_TOO, SUIT, WAGES, Newsroom, entry
from tests.factories import new_outlet

LONG = f"{STRIKE[1]}\n\nTalks broke off on Friday after the studio refused to limit artificial intelligence in scripts."
PLAIN = (
    "Screenwriters walk out at Orbit Pictures",
    "About 400 screenwriters at Orbit Pictures walked out on Monday, their guild said. Orbit Pictures said it would"
    " keep negotiating.",
)


def address(number: int) -> str:
    return f"https://outlet{number}.example/news/{number}"


async def first_article(newsroom: Newsroom) -> Article:
    async with newsroom.database.read() as tx:
        (article,) = await tx.articles.get(COMMON, [ArticleId(1)])
    return article


async def test_a_relevant_teaser_gets_its_page_and_is_judged_anew(newsroom: Newsroom) -> None:
    newsroom.pages.answers[address(1)] = [PageText(text=LONG, title="", language="en")]
    await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.work()
    article = await first_article(newsroom)
    assert (article.body_source, article.text, article.summary) == (BodySource.PAGE, LONG, STRIKE[1])
    assert newsroom.pages.asked == [address(1)]
    assert len(newsroom.embedder.embedded) >= 2


async def test_no_page_is_asked_for_that_nobody_will_quote(newsroom: Newsroom) -> None:
    """Off the subject; on work alone; paywalled, or perhaps so; full text in the feed; without an address."""
    await newsroom.subscribe(entry(HARVEST, 1), entry(WAGES, 2))
    await newsroom.subscribe(entry(STRIKE, 3), outlet=new_outlet("Wall", paywalled=True))
    await newsroom.subscribe(entry(STRIKE, 6), outlet=new_outlet("Perhaps", paywalled=None))
    await newsroom.subscribe(entry(SUIT, 4, content=SUIT[1] * 3))
    await newsroom.subscribe(entry(STRIKE_TOO, 5, url=""))
    await newsroom.work()
    assert newsroom.pages.asked == []


async def test_a_report_without_ai_gets_its_page_once_its_story_is_about_ai_and_work(newsroom: Newsroom) -> None:
    await newsroom.subscribe(entry(PLAIN, 1))
    await newsroom.work()
    assert newsroom.pages.asked == []
    await newsroom.subscribe(entry(STRIKE, 2))
    await newsroom.work()
    assert sorted(newsroom.pages.asked) == [address(1), address(2)]


async def test_a_page_that_is_not_to_be_had_is_asked_for_once(newsroom: Newsroom) -> None:
    newsroom.pages.answers[address(1)] = [NoPage(reason="not found", final=True)]
    await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.work()
    await newsroom.subscribe(entry(STRIKE_TOO, 2))
    await newsroom.work()
    assert newsroom.pages.asked == [address(1), address(2)]
    assert (await first_article(newsroom)).body_source is BodySource.TEASER


async def test_a_passing_failure_is_tried_again_later_a_few_times(newsroom: Newsroom) -> None:
    newsroom.pages.answers[address(1)] = [NoPage(reason="time-out", final=False)]
    await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.work()
    assert newsroom.pages.asked == [address(1)], "joining did not make it due before its time"
    for _ in range(ATTEMPTS + 2):
        await newsroom.work(Stage.PAGE)
        async with newsroom.database.begin() as tx:
            if await tx.tasks.waiting(Stage.PAGE, until=await tx.now() + timedelta(hours=2)):
                await tx.tasks.put(Stage.PAGE, [1], COMMON)
    assert newsroom.pages.asked == [address(1)] * ATTEMPTS
    assert await newsroom.parked() == []


async def test_a_page_that_says_less_than_the_teaser_is_not_believed(newsroom: Newsroom) -> None:
    newsroom.pages.answers[address(1)] = [PageText(text="Subscribe to read on.", title="", language="en")]
    await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.work()
    article = await first_article(newsroom)
    assert (article.body_source, article.text) == (BodySource.TEASER, STRIKE[1])
    assert newsroom.pages.asked == [address(1)]


async def test_a_page_whose_host_takes_no_visits_now_waits_however_often_that_is(newsroom: Newsroom) -> None:
    rest = NoPage(reason="others wait for this host already", final=False, rest=timedelta(minutes=2))
    read = PageText(text=LONG, title="", language="en")
    newsroom.pages.answers[address(1)] = [*[rest] * (ATTEMPTS + 2), read]
    await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.work()
    for _ in range(ATTEMPTS + 2):
        assert (await first_article(newsroom)).body_source is BodySource.TEASER
        assert await newsroom.waiting(Stage.PAGE) == 1
        async with newsroom.database.begin() as tx:
            await tx.tasks.put(Stage.PAGE, [1], COMMON)
        await newsroom.work()
    assert (await first_article(newsroom)).body_source is BodySource.PAGE
    assert await newsroom.parked() == []
