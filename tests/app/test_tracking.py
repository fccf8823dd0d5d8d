"""Expectations through the pipeline: kept with the analysis, due by date, settled by a later article; and sagas."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.storage import SqlDatabase
from bot.app.ports import Stage
from bot.core.article import ArticleId
from bot.core.community import COMMON, Viewer
from bot.core.desk.tracking import TrackedItem, WatchState, as_of
from bot.core.message.digest import analysis_document
from bot.core.story import StoryId
from tests.app.newsroom import STRIKE, STRIKE_TOO, TODAY, Newsroom, entry
from tests.factories import GUILD, NOON, STUDIO, add_article, add_story, new_tracked, stored_tracked

DAY = timedelta(days=1)
AWAITED = (TODAY + 6 * DAY).strftime("%d %B %Y").lstrip("0")
VOTE = f" The striking screenwriters will vote on a contract with the studio on {AWAITED}."
EXPECTED = (STRIKE[0], STRIKE[1] + VOTE)
VOTED = (
    "Orbit Pictures screenwriters ratify contract, ending strike over AI scripts",
    "The striking screenwriters at Orbit Pictures voted on Monday to ratify a contract with the studio over artificial"
    " intelligence that drafts scripts. The guild said 400 screenwriters had joined the strike at Orbit Pictures.",
)


async def items(newsroom: Newsroom, viewer: Viewer = COMMON, story: int = 1) -> list[TrackedItem]:
    async with newsroom.database.read() as tx:
        return list(await tx.tracked.of(viewer, StoryId(story)))


async def test_what_to_watch_is_kept_once_over_the_versions_of_a_story(newsroom: Newsroom) -> None:
    await newsroom.subscribe(entry(EXPECTED, 1))
    await newsroom.work()
    (one,) = await items(newsroom)
    assert (one.due, one.state, one.article) == ((TODAY + 6 * DAY).date(), WatchState.OPEN, 1)
    assert one.sentence in EXPECTED[1]
    await newsroom.subscribe(entry(EXPECTED, 2))
    await newsroom.work()
    assert len(await items(newsroom)) == 1


async def test_the_day_makes_it_due_without_any_new_article(newsroom: Newsroom) -> None:
    await newsroom.subscribe(entry(EXPECTED, 1))
    await newsroom.work()
    async with newsroom.database.read() as tx:
        morning = (TODAY + 6 * DAY).replace(hour=0, minute=0, second=0, microsecond=0)
        for until, waiting in ((morning - timedelta(seconds=1), 0), (morning, 1)):
            assert await tx.tasks.waiting(Stage.ANALYSE, until=until) == waiting, "the story's task waits for the day"
    newsroom.clock.advance(7 * DAY)
    async with newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.ANALYSE, [1], COMMON)
    await newsroom.work()
    (one,) = await items(newsroom)
    assert one.state is WatchState.DUE
    newsroom.clock.advance(30 * DAY)
    assert as_of(one, newsroom.clock.now()) is WatchState.QUIET


async def test_a_later_article_of_the_story_settles_it_and_its_withdrawal_unsettles_it(newsroom: Newsroom) -> None:
    await newsroom.subscribe(entry(EXPECTED, 1))
    await newsroom.work()
    newsroom.clock.advance(7 * DAY)
    await newsroom.subscribe(entry(VOTED, 2, published=TODAY + 6 * DAY))
    await newsroom.work()
    (one,) = await items(newsroom)
    assert (one.state, one.resolved_by) == (WatchState.HAPPENED, 2)
    assert one.resolution is not None
    assert one.resolution in VOTED[1]
    async with newsroom.database.begin() as tx:
        await tx.articles.withdraw(COMMON, ArticleId(2), "retracted", newsroom.clock.now())
    (one,) = await items(newsroom)
    assert (one.settled, one.resolved_by, one.resolution) == (False, None, None)


async def test_a_withdrawn_expectation_is_watched_no_longer(newsroom: Newsroom) -> None:
    await newsroom.subscribe(entry(EXPECTED, 1))
    await newsroom.work()
    async with newsroom.database.begin() as tx:
        await tx.articles.withdraw(COMMON, ArticleId(1), "retracted", newsroom.clock.now())
    assert await items(newsroom) == []


async def test_what_a_private_article_makes_one_watch_is_its_communitys(newsroom: Newsroom) -> None:
    await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.subscribe(entry((STRIKE_TOO[0], STRIKE_TOO[1] + VOTE), 2), owner=GUILD)
    await newsroom.work()
    await newsroom.telling.digest(GUILD, TODAY - DAY, TODAY + DAY, most=9)
    (one,) = await items(newsroom, GUILD)
    assert one.owner == GUILD
    assert (await items(newsroom, STUDIO), await items(newsroom)) == ([], [])


async def test_items_follow_a_merge_and_are_added_once(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        article = await add_article(tx)
        kept, absorbed = await add_story(tx, article), await add_story(tx)
        for _ in range(2):
            await tx.tracked.add(COMMON, [new_tracked(absorbed, article)])
        await tx.stories.merge(kept, absorbed, NOON)
        (one,) = await tx.tracked.of(COMMON, kept)
        assert one == stored_tracked(kept, article, one.id)
        assert list(await tx.tracked.of(COMMON, absorbed)) == [one]
        settled = stored_tracked(
            kept, article, one.id, state=WatchState.SLIPPED, resolved_by=article, resolution="It slipped."
        )
        await tx.tracked.change(COMMON, settled)
        assert list(await tx.tracked.of(COMMON, kept)) == [settled]
        await tx.tracked.remove(COMMON, [one.id])
        assert list(await tx.tracked.of(COMMON, kept)) == []


async def test_a_common_item_may_not_cite_a_private_article(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        private = await add_article(tx, owner=GUILD)
        story = await add_story(tx)
        with pytest.raises(LookupError):
            await tx.tracked.add(COMMON, [new_tracked(story, private)])


BILL = (
    "Assembly passes AB 412 on AI training and writers",
    "The Assembly passed AB 412, which makes artificial intelligence companies tell writers what they trained on.",
)
BILL_LATER = (
    "Governor signs A.B. 412, the AI training law writers asked for",
    "The governor signed A.B. 412 on Friday. Artificial intelligence companies must tell writers what they trained on.",
)


async def test_a_bills_next_story_months_later_follows_the_last_one_and_says_so(newsroom: Newsroom) -> None:
    await newsroom.subscribe(entry(BILL, 1))
    await newsroom.work()
    newsroom.clock.advance(90 * DAY)
    await newsroom.subscribe(entry(BILL_LATER, 2, published=TODAY + 89 * DAY))
    await newsroom.work()
    async with newsroom.database.read() as tx:
        later = await tx.stories.get(COMMON, StoryId(2))
    assert later is not None
    assert later.story.follows == 1
    analysis = await newsroom.analyses.of(COMMON, later)
    assert [(one.story, one.headline) for one in analysis.earlier] == [(1, BILL[0])]
    assert "Earlier in this story" in repr(analysis_document(analysis))


async def test_another_bill_is_another_saga(newsroom: Newsroom) -> None:
    await newsroom.subscribe(entry(BILL, 1))
    await newsroom.work()
    newsroom.clock.advance(90 * DAY)
    other = (BILL_LATER[0].replace("A.B. 412", "A.B. 77"), BILL_LATER[1].replace("A.B. 412", "A.B. 77"))
    await newsroom.subscribe(entry(other, 2, published=TODAY + 89 * DAY))
    await newsroom.work()
    async with newsroom.database.read() as tx:
        later = await tx.stories.get(COMMON, StoryId(2))
    assert later is not None
    assert later.story.follows is None


async def test_a_story_does_not_follow_anothers(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        private = await add_story(tx, owner=GUILD)
        article = await add_article(tx)
        with pytest.raises(ValueError, match="another's"):
            await tx.stories.found(COMMON, article, relevance=0.9, relevant=True, at=NOON, follows=private)
