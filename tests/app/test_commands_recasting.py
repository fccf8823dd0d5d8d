"""Telling a story under review anew: two as one, one article less, one more."""

from __future__ import annotations

from datetime import date

import pytest

from bot.app.ports import PageText, Reserved
from bot.core.delivery import DigestState
from bot.core.message.document import Actions, Document, Select
from bot.core.review.draft import StoryDraft
from tests.app.conversation import EDITOR, Conversation, converse, plain
from tests.app.newsroom import STRIKE, STRIKE_TOO, SUIT, Newsroom, entry
from tests.app.test_commands_review import EVE, delivered, press
from tests.app.test_digests import DAY, NINE, digest, fall_due, headlines, schedule_of
from tests.app.test_review import CARD, DIGEST, drafts, in_review, posted, set_up
from tests.factories import GUILD

URL = "https://elsewhere.example/news/strike"
PAGE = PageText(
    title="What the strike at Orbit Pictures costs",
    text="The strike at Orbit Pictures over artificial intelligence costs the studio two million dollars a day, an"
    " analyst said on Tuesday. Caterers and drivers lost work too, their union said.",
    language="en",
    published=date(2100, 3, 9),
)


@pytest.fixture
async def talk(newsroom: Newsroom) -> Conversation:
    """With a digest of two stories under review, one of them told by two outlets."""
    talk = await converse(newsroom)
    schedule = await schedule_of(newsroom.database, review=True)
    await set_up(newsroom, review="channel-1")
    for number, told in enumerate((STRIKE, STRIKE_TOO, SUIT), 1):
        await newsroom.subscribe(entry(told, number))
    await newsroom.work()
    await fall_due(newsroom, schedule, NINE)
    return talk


async def by_headline(talk: Conversation) -> tuple[StoryDraft, StoryDraft]:
    """The strike's draft and the suit's."""
    found = await drafts(talk.newsroom)
    suit = next(one for one in found if one.original.headline == SUIT[0])
    return next(one for one in found if one != suit), suit


def chosen(document: Document, number: int = 0) -> tuple[Select, str]:
    (select,) = (item for block in document.blocks if isinstance(block, Actions) for item in block.items)
    assert isinstance(select, Select)
    return select, select.options[number].value


async def test_two_stories_are_told_as_one_and_both_count_as_told(talk: Conversation) -> None:
    strike, suit = await by_headline(talk)
    shown = (await talk.reply(f"review merge {strike.id}", EDITOR)).document
    select, other = chosen(shown)
    said = await talk.say(select.invoke.with_arguments(other=other), EDITOR)
    assert f"Drafts {strike.id} and {suit.id} are one story now" in said
    (told,) = await drafts(talk.newsroom)
    assert len(told.original.sources) == 3
    assert told.original.story == strike.original.story
    assert not told.approvals
    await talk.say(f"review approve {told.id}", EDITOR)
    assert (await delivered(talk)) == [CARD, DIGEST]
    async with talk.newsroom.database.read() as tx:
        (schedule,) = await tx.schedules.of(GUILD)
        stories = {strike.original.story, suit.original.story}
        assert set(await tx.digests.posted(GUILD, schedule.destination)) == stories
        before = await tx.digests.told(GUILD, schedule.destination, stories)
    assert {story: len(one) for story, one in before.items()} == dict.fromkeys(stories, 1)
    await fall_due(talk.newsroom, schedule, NINE + DAY)
    assert (await digest(talk.newsroom.database, 2))[1] is DigestState.EMPTY, "neither is told again"
    history = await talk.say(f"review history {told.id}", EVE)
    assert f"Ed · told together with another: draft {suit.id}, {suit.original.headline}" in history


async def test_a_merged_story_that_is_dropped_was_not_told_and_neither_was_the_other(talk: Conversation) -> None:
    strike, suit = await by_headline(talk)
    await talk.say(f"review merge {strike.id} other:{suit.id}", EDITOR)
    (told,) = await drafts(talk.newsroom)
    await talk.say(f"review drop {told.id}", EDITOR)
    async with talk.newsroom.database.read() as tx:
        (schedule,) = await tx.schedules.of(GUILD)
        assert await tx.digests.posted(GUILD, schedule.destination) == {}


async def test_a_story_is_told_without_one_of_its_articles(talk: Conversation) -> None:
    strike, suit = await by_headline(talk)
    gone = strike.original.sources[0]
    shown = (await talk.reply(f"review split {strike.id}", EDITOR)).document
    select, article = chosen(shown)
    said = await talk.say(select.invoke.with_arguments(article=article), EDITOR)
    assert f"is told without {gone.outlet} now" in said
    told, other = await by_headline(talk)
    assert [source.article for source in told.original.sources] == [strike.original.sources[1].article]
    assert all(one.article != gone.article for one in told.original.evidence)
    assert other == suit
    assert "no other article" in await talk.say(f"review split {told.id} article:1", EDITOR)
    assert "has no article 9" in await talk.say(f"review split {told.id} article:9", EDITOR)
    async with talk.newsroom.database.read() as tx:
        coverage = await tx.stories.get(GUILD, strike.original.story)
    assert coverage is not None
    assert len(coverage.members) == 2, "the story that everybody reads is as it was"


async def test_an_article_is_added_by_its_address_and_stays_through_another_telling(talk: Conversation) -> None:
    talk.newsroom.pages.answers[URL] = [PAGE]
    strike, _ = await by_headline(talk)
    said = await talk.say(f"review add {strike.id} {URL}", EDITOR)
    assert f"Draft {strike.id} is told with" in said
    told, _ = await by_headline(talk)
    assert [source.url for source in told.original.sources].count(URL) == 1
    assert "What changed since it was last reviewed" in await talk.say(f"review show {told.id}", EDITOR)
    assert "has that article already" in await talk.say(f"review add {told.id} {URL}", EDITOR)
    own = next(place for place, one in enumerate(told.original.sources, 1) if one.url != URL)
    await talk.say(f"review split {told.id} article:{own}", EDITOR)
    left, _ = await by_headline(talk)
    assert URL in [source.url for source in left.original.sources]
    await talk.say("review approve digest:1", EDITOR)
    assert (await delivered(talk)) == [CARD, DIGEST]
    assert PAGE.title in plain(posted(talk.newsroom)[1])
    async with talk.newsroom.database.read() as tx:
        assert await tx.articles.count(GUILD) == 3, "it is kept nowhere"


async def test_an_article_that_may_not_be_read_is_not_added(talk: Conversation) -> None:
    strike, _ = await by_headline(talk)
    talk.newsroom.pages.answers[URL] = [Reserved(reason="its outlet keeps it from machines (noai)")]
    assert "keeps it from machines" in await talk.say(f"review add {strike.id} {URL}", EDITOR)
    assert "optout.example" not in await talk.say(f"review show {strike.id}", EDITOR)
    assert "This did not work" in await talk.say(f"review add {strike.id} https://optout.example/x", EDITOR)
    assert (await by_headline(talk))[0] == strike


async def test_edits_of_sentences_that_are_still_there_stay(talk: Conversation) -> None:
    strike, _ = await by_headline(talk)
    await talk.say(f'review edit {strike.id} section:headline text:"They walk out"', EDITOR)
    kept = next(
        one
        for one in strike.sentences
        if {e.article for e in strike.original.evidence if e.id in one.original.evidence}
        == {strike.original.sources[1].article}
    )
    await talk.say(f'review edit {strike.id} sentence:{kept.number} text:"In other words."', EDITOR)
    await talk.say(f"review split {strike.id} article:1", EDITOR)
    told, _ = await by_headline(talk)
    assert told.analysis.headline == "They walk out"
    if any(one.original.text == kept.original.text for one in told.sentences):
        assert "In other words." in [claim.text for claim in told.analysis.claims()]


async def test_who_saw_another_text_does_not_tell_it_anew(talk: Conversation) -> None:
    strike, suit = await by_headline(talk)
    select, article = chosen((await talk.reply(f"review split {strike.id}", EDITOR)).document)
    await talk.say(f"review cut {strike.id} sentence:1", EVE)
    assert "Somebody changed draft" in await talk.say(select.invoke.with_arguments(article=article), EDITOR)
    assert len(await drafts(talk.newsroom)) == 2
    assert suit in await drafts(talk.newsroom)


async def test_stories_of_different_digests_are_not_one(newsroom: Newsroom) -> None:
    talk = await converse(newsroom)
    schedule = await in_review(newsroom)
    newsroom.clock.advance(DAY / 24)
    await newsroom.subscribe(entry(SUIT, 7))
    await fall_due(newsroom, schedule, NINE + DAY)
    assert await headlines(newsroom.database, 2) == [SUIT[0]]
    assert "is in no digest with draft 1" in await talk.say("review merge 1 other:2", EDITOR)
    assert "does not go into itself" in await talk.say("review merge 1 other:1", EDITOR)


async def test_the_buttons_of_a_draft_lead_to_it(talk: Conversation) -> None:
    strike, _ = await by_headline(talk)
    shown = (await talk.reply(f"review show {strike.id}", EDITOR)).document
    for label in ("Tell with …", "Without …"):
        assert chosen((await talk.reply(press(shown, label), EDITOR)).document)
