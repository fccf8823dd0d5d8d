"""Stories over both databases: membership, versions, merges, and what each viewer sees of them."""

from __future__ import annotations

from datetime import timedelta

from adapters.storage import SqlDatabase
from bot.core.article import ArticleId
from bot.core.community import COMMON
from bot.core.story import Coverage, StoryId
from tests.factories import GUILD, NOON, STUDIO, add_article, add_story, new_analysis, new_key

HOUR = timedelta(hours=1)


def members(coverage: Coverage | None) -> list[ArticleId]:
    return [] if coverage is None else [member.article.id for member in coverage.members]


def version(coverage: Coverage | None) -> int:
    assert coverage is not None
    return coverage.story.version


async def test_a_story_tells_its_articles_oldest_first(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        late = await add_article(tx, published=NOON + HOUR)
        early = await add_article(tx, published=NOON - HOUR)
        story = await tx.stories.found(COMMON, late, relevance=0.8, relevant=True, at=NOON)
        await tx.stories.attach(COMMON, story, early, copy_of=late, at=NOON + HOUR)
        coverage = await tx.stories.get(COMMON, story)
        assert coverage is not None
        assert members(coverage) == [early, late]
        assert [member.copy_of for member in coverage.members] == [late, None]
        told = coverage.story
        assert (told.version, told.relevance, told.relevant) == (2, 0.8, True)
        assert (told.first_seen, told.last_updated, told.owner) == (NOON, NOON + HOUR, COMMON)


async def test_attaching_again_changes_nothing(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        article, other = await add_article(tx), await add_article(tx)
        story = await add_story(tx, article, other)
        await tx.stories.attach(COMMON, story, other, copy_of=None, at=NOON + HOUR)
        assert version(await tx.stories.get(COMMON, story)) == 2


async def test_an_article_is_in_one_story_and_moving_it_changes_both(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        moving = await add_article(tx)
        left = await add_story(tx, await add_article(tx), moving)
        joined = await add_story(tx)
        await tx.stories.attach(COMMON, joined, moving, copy_of=None, at=NOON)
        assert await tx.stories.of_article(COMMON, moving) == joined
        assert version(await tx.stories.get(COMMON, left)) == 3
        assert version(await tx.stories.get(COMMON, joined)) == 2
        assert moving not in members(await tx.stories.get(COMMON, left))


async def test_a_changed_article_gives_its_story_a_new_version(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        article, alone = await add_article(tx), await add_article(tx)
        story = await add_story(tx, article)
        assert await tx.stories.touch(COMMON, article, NOON + HOUR) == story
        assert await tx.stories.touch(COMMON, alone, NOON + HOUR) is None
        assert version(await tx.stories.get(COMMON, story)) == 2


async def test_what_was_withdrawn_or_set_aside_is_no_evidence(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        stands, withdrawn, aside = [await add_article(tx) for _ in range(3)]
        story = await add_story(tx, stands, withdrawn, aside)
        await tx.articles.withdraw(COMMON, withdrawn, "retracted", NOON)
        await tx.articles.set_aside(COMMON, aside, "not about work")
        assert members(await tx.stories.get(COMMON, story)) == [stands]
        assert [members(each) for each in await tx.stories.window(NOON)] == [[stands]]
        await tx.articles.withdraw(COMMON, stands, "retracted", NOON)
        assert await tx.stories.get(COMMON, story) is None
        assert await tx.stories.published(COMMON, NOON, NOON + HOUR) == []


async def test_an_absorbed_story_leads_to_the_kept_one_for_ever(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        first, second, third = [await add_story(tx) for _ in range(3)]
        await tx.stories.merge(second, first, NOON)
        await tx.stories.merge(third, second, NOON)
        for old in (first, second, third):
            coverage = await tx.stories.get(COMMON, old)
            assert coverage is not None
            assert coverage.story.id == third
            assert len(coverage.members) == 3
        await tx.stories.decide(first, relevance=0.1, relevant=False)
        kept = await tx.stories.get(COMMON, third)
        assert kept is not None
        assert (kept.story.relevance, kept.story.relevant) == (0.1, False)
        late = await add_article(tx)
        await tx.stories.attach(COMMON, first, late, copy_of=None, at=NOON)
        assert await tx.stories.of_article(COMMON, late) == third
        before = await tx.stories.get(COMMON, third)
        await tx.stories.merge(first, third, NOON)
        assert await tx.stories.get(COMMON, third) == before


async def test_a_merged_story_is_newer_than_both(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        young, old = await add_story(tx), await add_story(tx, *[await add_article(tx) for _ in range(5)])
        await tx.stories.merge(young, old, NOON + HOUR)
        coverage = await tx.stories.get(COMMON, young)
        assert coverage is not None
        assert coverage.story.version == 6
        assert coverage.story.last_updated == NOON + HOUR


async def test_a_decision_says_whether_it_turned(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        story = await add_story(tx, relevant=False)
        turns = [await tx.stories.decide(story, relevance=0.5, relevant=to) for to in (False, True, True, False)]
        assert turns == [False, True, False, True]


async def test_no_story_is_found_where_there_is_none(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        assert await tx.stories.get(COMMON, StoryId(404)) is None
        assert await tx.stories.of_article(COMMON, ArticleId(404)) is None


async def test_a_private_article_in_a_common_story_is_noticed_by_its_owner_only(database: SqlDatabase) -> None:
    """Neither the article, nor a version or a time that moves for no visible reason."""
    async with database.begin() as tx:
        common = await add_article(tx)
        private = await add_article(tx, owner=GUILD)
        story = await add_story(tx, common)
        before = await tx.stories.get(STUDIO, story)
        await tx.stories.attach(GUILD, story, private, copy_of=None, at=NOON + HOUR)
        await tx.stories.touch(GUILD, private, NOON + 2 * HOUR)
        assert await tx.stories.get(STUDIO, story) == before
        assert await tx.stories.get(COMMON, story) == before
        assert await tx.stories.updated(STUDIO, NOON + HOUR) == []
        guilds = await tx.stories.get(GUILD, story)
        assert guilds is not None
        assert members(guilds) == [common, private]
        assert (guilds.story.version, guilds.story.last_updated) == (3, NOON + 2 * HOUR)
        assert await tx.stories.updated(GUILD, NOON + HOUR) == [guilds]
        (all_of_it,) = await tx.stories.window(NOON)
        assert members(all_of_it) == [common, private]


async def test_a_hidden_original_is_not_named(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        private, common = await add_article(tx, owner=GUILD), await add_article(tx)
        story = await add_story(tx, await add_article(tx))
        await tx.stories.attach(GUILD, story, private, copy_of=None, at=NOON)
        await tx.stories.attach(COMMON, story, common, copy_of=private, at=NOON)
        studios, guilds = await tx.stories.get(STUDIO, story), await tx.stories.get(GUILD, story)
        assert studios is not None
        assert guilds is not None
        assert [member.copy_of for member in studios.members] == [None, None]
        assert private in [member.copy_of for member in guilds.members]


async def test_a_private_story_merged_into_a_common_one_stays_newer_for_its_owner(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        privates = [await add_article(tx, owner=GUILD) for _ in range(4)]
        private = await add_story(tx, *privates[:1], owner=GUILD)
        for article in privates[1:]:
            await tx.stories.attach(GUILD, private, article, copy_of=None, at=NOON)
        common = await add_story(tx)
        before = await tx.stories.get(STUDIO, common)
        told = version(await tx.stories.get(GUILD, private))
        await tx.stories.merge(common, private, NOON)
        assert await tx.stories.get(STUDIO, private) == before
        guilds = await tx.stories.get(GUILD, private)
        assert version(guilds) > told
        assert len(members(guilds)) == 5


async def test_private_changes_survive_a_merge_of_common_stories(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        kept, absorbed = await add_story(tx), await add_story(tx)
        for story in (kept, absorbed):
            await tx.stories.attach(GUILD, story, await add_article(tx, owner=GUILD), copy_of=None, at=NOON)
        await tx.stories.merge(kept, absorbed, NOON)
        assert version(await tx.stories.get(STUDIO, kept)) == 2
        assert version(await tx.stories.get(GUILD, kept)) == 4


async def test_the_window_holds_stories_with_a_recent_article_whole(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        old, recent = await add_article(tx, published=NOON - 90 * HOUR), await add_article(tx)
        story = await add_story(tx, old, recent)
        await add_story(tx, await add_article(tx, published=NOON - 90 * HOUR))
        assert [members(each) for each in await tx.stories.window(NOON - HOUR)] == [[old, recent]]
        (coverage,) = await tx.stories.window(NOON - HOUR)
        assert coverage.story.id == story


async def test_a_period_holds_relevant_stories_with_an_article_published_in_it(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        inside = await add_story(tx, await add_article(tx, published=NOON))
        await add_story(tx, await add_article(tx, published=NOON + HOUR))
        await add_story(tx, await add_article(tx, published=NOON - timedelta(microseconds=1)))
        await add_story(tx, await add_article(tx, published=NOON), relevant=False)
        found = await tx.stories.published(COMMON, NOON, NOON + HOUR)
        assert [coverage.story.id for coverage in found] == [inside]


async def test_updated_stories_are_those_changed_since(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        changed, _ = await add_story(tx, at=NOON + HOUR), await add_story(tx, at=NOON)
        await add_story(tx, at=NOON + HOUR, relevant=False)
        assert [each.story.id for each in await tx.stories.updated(COMMON, NOON + HOUR)] == [changed]


async def test_the_first_analysis_of_a_key_stays(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        article = await add_article(tx)
        story = await add_story(tx, article)
        first = new_analysis(story, article)
        await tx.analyses.put(COMMON, new_key(story), first)
        await tx.analyses.put(COMMON, new_key(story), new_analysis(story, article, headline="Another"))
        assert await tx.analyses.find(COMMON, new_key(story)) == first
        assert await tx.analyses.find(GUILD, new_key(story)) == first
        for other in ({"version": 2}, {"engine": "llm"}, {"sources": "def"}):
            assert await tx.analyses.find(COMMON, new_key(story, **other)) is None


async def test_a_period_holds_a_story_that_a_private_article_changed(database: SqlDatabase) -> None:
    """Others see that story as it was, and in the time of its common article."""
    async with database.begin() as tx:
        story = await add_story(tx, await add_article(tx, published=NOON - 90 * HOUR), at=NOON - 90 * HOUR)
        private = await add_article(tx, owner=GUILD, published=NOON)
        await tx.stories.attach(GUILD, story, private, copy_of=None, at=NOON)
        seen = await tx.stories.published(GUILD, NOON, NOON + HOUR)
        assert [coverage.story.id for coverage in seen] == [story]
        assert await tx.stories.published(COMMON, NOON, NOON + HOUR) == []
