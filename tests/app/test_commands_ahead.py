"""What is coming up, how often something was spoken of, and any article summarized."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.app.ports import NoPage, PageText, Reserved, Stage
from bot.core.message.document import Actions, Button, Citation, Prose
from tests.app.conversation import ANN, Conversation, converse
from tests.app.newsroom import STRIKE, SUIT, Newsroom, entry
from tests.app.test_tracking import AWAITED, EXPECTED, VOTED

DAY = timedelta(days=1)


@pytest.fixture
async def talk(newsroom: Newsroom) -> Conversation:
    return await converse(newsroom)


async def test_a_date_that_a_report_gave_is_in_the_calendar_with_the_outlets_words(talk: Conversation) -> None:
    await talk.newsroom.subscribe(entry(EXPECTED, 1))
    await talk.newsroom.work()
    said = await talk.say("calendar", ANN)
    assert f"{AWAITED}: The striking screenwriters will vote on a contract with the studio on {AWAITED}." in said
    assert "story 1" in said
    assert "No report that is kept here gave a date" in await talk.say("calendar 3", ANN)


async def test_what_became_of_it_is_told_afterwards(talk: Conversation) -> None:
    newsroom = talk.newsroom
    feed = await newsroom.subscribe(entry(EXPECTED, 1))
    await newsroom.work()
    newsroom.clock.advance(7 * DAY)
    await newsroom.publish(feed, entry(EXPECTED, 1), entry(VOTED, 2, published=newsroom.clock.now()))
    await newsroom.work()
    said = await talk.say("calendar", ANN)
    assert "What became of it" in said
    assert "Happened: The striking screenwriters at Orbit Pictures voted" in said


async def test_a_hidden_outlets_dates_are_not_told(talk: Conversation) -> None:
    await talk.newsroom.subscribe(entry(EXPECTED, 1))
    await talk.newsroom.work()
    async with talk.newsroom.database.read() as tx:
        (outlet,) = await tx.articles.outlets(talk.community, talk.newsroom.clock.now() - 9 * DAY)
    await talk.say(f"outlets hide {outlet}")
    assert AWAITED not in await talk.say("calendar", ANN)


async def test_a_trend_counts_articles_and_stories_week_by_week(talk: Conversation) -> None:
    newsroom = talk.newsroom
    now = newsroom.clock.now()
    await newsroom.subscribe(
        entry(STRIKE, 1, published=now - 1 * DAY),
        entry((STRIKE[0], STRIKE[1] + " It goes on."), 2, published=now - 2 * DAY),
        entry(SUIT, 3, published=now - 9 * DAY),
    )
    await newsroom.work()
    lines = (await talk.say("trend intelligence weeks:3", ANN)).splitlines()
    assert lines[1] == "3 articles that are kept here"
    assert [line.rpartition("▇")[2].strip() for line in lines[2:] if "▇" in line] == ["1 · 1 story", "2 · 1 story"]
    assert "has no word in it" in await talk.say("trend …", ANN)


PAGE = PageText(
    text=f"{SUIT[1]}\n\nA hearing is set for 4 April 2100. The guild said the suit could decide what writers are paid.",
    title=SUIT[0],
    language="en",
    published=date(2100, 3, 9),
)


async def test_any_article_is_summarized_with_every_sentence_cited(talk: Conversation) -> None:
    talk.newsroom.pages.answers["https://stage.example/suit"] = [PAGE]
    reply = await talk.reply("summarize https://stage.example/suit", ANN)
    assert reply.private
    assert "Novelists sue Quillmark" in reply.document.summary
    bodies = [block for block in reply.document.blocks if isinstance(block, Prose) and block.role == "body"]
    assert bodies
    assert all(any(isinstance(one, Citation) for one in block.content) for block in bodies)
    cited = {one.url for block in bodies for one in block.content if isinstance(one, Citation)}
    assert cited == {"https://stage.example/suit"}
    assert "was not kept" in await talk.say("summarize https://stage.example/suit", ANN)
    async with talk.newsroom.database.read() as tx:
        assert await tx.articles.count(talk.community) == 0


async def test_an_article_that_is_kept_leads_to_its_story(talk: Conversation) -> None:
    talk.newsroom.pages.answers["https://outlet1.example/news/1?utm_source=x"] = [PAGE]
    await talk.newsroom.subscribe(entry(STRIKE, 1))
    await talk.newsroom.work(Stage.POLL, Stage.SCORE, Stage.JOIN)
    reply = await talk.reply("summarize https://outlet1.example/news/1?utm_source=x", ANN)
    (button,) = [b for block in reply.document.blocks if isinstance(block, Actions) for b in block.items]
    assert isinstance(button, Button)
    assert button.invoke.given("story") == "1"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (NoPage(reason="169.254.169.254 is on a private network", final=True), "private network"),
        (Reserved(reason="the page says noai"), "noai"),
        (PageText(text="Le syndicat des scénaristes " * 30, title="La grève", language="fr"), "cannot read"),
    ],
)
async def test_a_page_that_may_not_or_cannot_be_read_is_said_to_be_so(
    talk: Conversation, answer: NoPage | Reserved | PageText, why: str
) -> None:
    talk.newsroom.pages.answers["https://stage.example/x"] = [answer]
    assert why in await talk.say("summarize https://stage.example/x", ANN)


async def test_an_outlet_that_opted_out_is_not_even_asked(talk: Conversation) -> None:
    assert "does not want to be quoted" in await talk.say("summarize https://news.optout.example/a", ANN)
    assert talk.newsroom.pages.asked == []
