"""Why: what every decision rests on, as one community sees it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from datetime import timedelta

import pytest

from bot.app.feedback import Hearing
from bot.core.analysis import EXTRACT_BUDGET
from bot.core.article import ArticleId
from bot.core.community import COMMON
from bot.core.desk.affinity import MEASURES
from bot.core.errors import InputError
from bot.core.explanation import ArticleExplanation, StoryExplanation
from bot.core.message.explanation import explanation_document
from bot.core.story import StoryId
from tests.app.newsroom import HARVEST, STRIKE, STRIKE_TOO, SUIT, TODAY, WAGES, Newsroom, entry
from tests.factories import GUILD, STUDIO, new_community

DAY = timedelta(days=1)


@pytest.fixture
async def told(newsroom: Newsroom) -> Newsroom:
    """Two reports of a strike, one of a suit, one about wages without AI, one about neither."""
    for number, one in enumerate((STRIKE, STRIKE_TOO, SUIT, WAGES, HARVEST), 1):
        await newsroom.subscribe(entry(one, number))
    await newsroom.work()
    async with newsroom.database.begin() as tx:
        for community in (GUILD, STUDIO):
            await tx.communities.ensure(new_community(community))
    return newsroom


async def article_of(newsroom: Newsroom, told: tuple[str, str]) -> ArticleId:
    async with newsroom.database.read() as tx:
        articles = await tx.articles.get(COMMON, [ArticleId(number) for number in range(1, 9)])
    return next(article.id for article in articles if article.title == told[0])


async def test_an_article_is_explained_by_its_relevance_and_what_it_was_compared_with(told: Newsroom) -> None:
    why = await told.explaining.article(GUILD, await article_of(told, STRIKE_TOO))
    assert why.article.relevance is not None
    assert why.article.relevance >= why.threshold
    assert (why.article.mentions_ai, why.gate.passed) == (True, True)
    assert why.article.reasons
    assert (why.story_relevant, why.state) == (True, None)
    best = why.neighbours[0]
    assert (best.own, best.story, best.headline) == (True, why.story, STRIKE[0])
    assert best.score >= why.joins_at
    assert set(best.measures) == set(MEASURES)
    assert all(near.score <= best.score for near in why.neighbours)
    assert all(near.score < why.joins_at for near in why.neighbours if not near.own)


async def test_an_article_that_was_turned_away_says_why(told: Newsroom) -> None:
    why = await told.explaining.article(GUILD, await article_of(told, HARVEST))
    assert (why.gate.passed, why.story, why.article.relevance, why.neighbours) == (False, None, None, ())
    assert why.state is not None
    assert "neither of AI nor of work" in why.state


async def test_every_sentence_of_a_told_story_is_shown_for_something_or_left_out_for_something(told: Newsroom) -> None:
    why = await told.explaining.of(GUILD, "screenwriters strike Orbit")
    assert isinstance(why, StoryExplanation)
    assert (why.relevant, why.admitted, why.taste) == (True, True, ())
    assert [article.title for article in why.articles] == [STRIKE[0], STRIKE_TOO[0]]
    assert len(why.decided_by) == 1
    assert any(sentence.chosen_for for sentence in why.sentences)
    for sentence in why.sentences:
        assert bool(sentence.chosen_for) != bool(sentence.why_not)


async def test_an_explanation_quotes_no_article_beyond_the_extract_budget(told: Newsroom) -> None:
    lines = [f"Screenwriters at Orbit Pictures counted reason {n} against artificial intelligence." for n in range(90)]
    await told.subscribe(entry((STRIKE[0], " ".join([STRIKE[1], *lines])), 8))
    await told.work()
    why = await told.explaining.of(GUILD, "screenwriters strike")
    assert isinstance(why, StoryExplanation)
    quoted: Counter[int] = Counter()
    for sentence in why.sentences:
        quoted[sentence.article] += len(sentence.text.removesuffix(" …").split())
    assert max(quoted.values()) <= EXTRACT_BUDGET
    assert any(not sentence.text for sentence in why.sentences)


async def test_a_story_that_is_not_told_is_explained_and_not_analysed(told: Newsroom) -> None:
    why = await told.explaining.of(GUILD, "dockworkers")
    assert isinstance(why, StoryExplanation)
    assert (why.relevant, why.admitted, why.sentences, why.headline) == (False, False, (), WAGES[0])


async def test_what_feedback_changed_is_said_to_its_community_only(told: Newsroom) -> None:
    strike = await told.explaining.of(GUILD, "screenwriters strike")
    assert isinstance(strike, StoryExplanation)
    await Hearing(told.database, told.clock).say(GUILD, strike.story, relevant=False)
    own, others = await told.explaining.story(GUILD, strike.story), await told.explaining.story(STUDIO, strike.story)
    assert (own.admitted, own.taste) == (False, ("this story was called not relevant here",))
    assert (others.admitted, others.taste) == (True, ())
    assert "Not told here" in repr(explanation_document(own))


async def test_what_is_private_is_in_nobody_elses_explanation(told: Newsroom) -> None:
    private = (STRIKE_TOO[0], STRIKE_TOO[1] + " The guild's secret fund pays 400 screenwriters.")
    await told.subscribe(entry(private, 9), owner=GUILD)
    await told.work()
    strike = await told.explaining.of(STUDIO, "screenwriters strike")
    assert "secret" not in repr(strike)
    assert isinstance(strike, StoryExplanation)
    assert len((await told.explaining.story(GUILD, strike.story)).articles) == 3
    with pytest.raises(InputError):
        await told.explaining.article(STUDIO, ArticleId(6))
    why = await told.explaining.article(GUILD, ArticleId(6))
    assert why.neighbours[0].own


async def test_what_is_not_there_is_said_so(told: Newsroom) -> None:
    for said in ("story:99", "article:99", "no such words"):
        with pytest.raises(InputError):
            await told.explaining.of(GUILD, said)


async def test_looking_changes_no_story(told: Newsroom) -> None:
    before = await told.stories(GUILD)
    for said in ("article:1", "article:2", "story:1", "story:2"):
        why = await told.explaining.of(GUILD, said)
        assert isinstance(why, ArticleExplanation) == said.startswith("article")
        assert explanation_document(why).blocks
        json.dumps(asdict(why), default=str)
    assert await told.stories(GUILD) == before


async def test_a_story_explains_what_is_watched(told: Newsroom) -> None:
    await told.subscribe(
        entry((SUIT[0], f"{SUIT[1]} A judge will hear the novelists by {(TODAY + 9 * DAY):%d %B %Y}."), 7)
    )
    await told.work()
    why = await told.explaining.of(GUILD, "novelists quillmark")
    assert isinstance(why, StoryExplanation)
    async with told.database.read() as tx:
        kept = await tx.tracked.of(GUILD, StoryId(why.story))
    assert [one.claim for one in why.watched] == [item.claim for item in kept]
