"""No community reaches another's rows, by any method that takes an owner, a viewer or a community.

Two tables list every such method: what a stranger must not see, and what a stranger must not change. A test holds them
complete, so a new method without its line here fails.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from adapters.storage import SqlDatabase, SqlTransaction
from adapters.storage.schema import metadata
from bot.app import ports
from bot.core.article import ArticleId, BodySource
from bot.core.bygones import Bygones
from bot.core.community import COMMON, MemberId, Role, Viewer
from bot.core.community_settings import CommunitySettings
from bot.core.correction.correction import Quoted
from bot.core.delivery import DeliveryId, DeliveryState, DestinationId, DigestId, DigestState, Schedule, WhenUncertain
from bot.core.desk.tracking import TrackedId, WatchState
from bot.core.feed import FeedId
from bot.core.review.draft import DraftId, Edit, Reviewer
from bot.core.review.entry import Action, ReviewEntry
from bot.core.story import StoryId
from bot.core.watch.watch import WatchId
from tests.factories import (
    GUILD,
    NOON,
    STUDIO,
    add_article,
    add_feed,
    add_schedule,
    new_analysis,
    new_article,
    new_change,
    new_community,
    new_correction,
    new_digest,
    new_document,
    new_feed,
    new_key,
    new_opinion,
    new_outlet,
    new_record,
    new_schedule,
    new_tracked,
    new_vector,
    new_watch,
    post_part,
    settle,
    stored_tracked,
)

MEMBER = MemberId("u1")
LATER = NOON.replace(year=2026)


@dataclass(frozen=True)
class Owned:
    """All that the guild owns: one of each."""

    feed: FeedId
    article: ArticleId
    story: StoryId
    common_article: ArticleId
    common_story: StoryId
    schedule: Schedule
    digest: DigestId
    delivery: DeliveryId
    queued: DeliveryId
    refused: DeliveryId
    paused: DestinationId
    watch: WatchId
    follow: WatchId
    draft: DraftId
    newer: DraftId
    in_review: DigestId


async def furnish(tx: SqlTransaction) -> Owned:
    """Give the guild one of each, and let the studio exist with nothing."""
    schedule = await add_schedule(tx, GUILD, created_by=MEMBER)
    await tx.communities.ensure(new_community(STUDIO))
    await tx.communities.set_role(GUILD, MEMBER, Role.MANAGER)
    await tx.preferences.switch_desk(GUILD, "games", on=False)
    await tx.settings.set(GUILD, zone="Europe/London")
    await tx.changes.note(GUILD, new_change(MEMBER))
    feed = await add_feed(tx, owner=GUILD, url="https://private.example/feed?token=1")
    await tx.feeds.set_bygones(GUILD, {feed: Bygones(b"abcdefgh0123")})
    article = await add_article(
        tx, owner=GUILD, feed=feed, keys=("guid:private",), outlet=new_outlet("The Guild Letter")
    )
    await tx.articles.set_score(GUILD, article, relevance=0.9, mentions_ai=True, reasons=["guild"], vector=new_vector())
    await tx.articles.revise(GUILD, article, title="Now", summary="Edited", content="", at=NOON)
    story = await tx.stories.found(GUILD, article, relevance=0.9, relevant=True, at=NOON)
    common_article = await add_article(tx)
    common_story = await tx.stories.found(COMMON, common_article, relevance=0.9, relevant=True, at=NOON)
    analysis = new_analysis(story, article)
    await tx.analyses.put(GUILD, new_key(story), analysis)
    await tx.tracked.add(GUILD, [new_tracked(story, article, owner=GUILD)])
    for seen in (story, common_story):
        await tx.feedback.say(GUILD, new_opinion(seen))
    issue = new_digest(GUILD, analysis, carried=(common_story,))
    digest = await tx.digests.put(schedule, NOON, issue, DigestState.IN_REVIEW)
    assert digest is not None
    delivery = await tx.deliveries.queue(GUILD, schedule.destination, new_document(), digest=digest)
    await post_part(tx, delivery, 0, "m1")
    refused = await tx.deliveries.queue(GUILD, schedule.destination, new_document(), digest=None)
    await settle(tx, refused, DeliveryState.REJECTED, "no such channel")
    paused = (await tx.schedules.destination(GUILD, "discord", "paused")).id
    await tx.outbox.pause(paused, "no such channel")
    watch = await tx.watches.add(new_watch(schedule.destination, owner=MEMBER))
    await tx.watches.add(new_watch(schedule.destination))
    follow = await tx.watches.add(new_watch(schedule.destination, owner=MEMBER, story=common_story))
    draft, _ = await tx.reviews.draft_of(GUILD, analysis, NOON)
    newer, _ = await tx.reviews.draft_of(GUILD, replace(analysis, version=2), NOON)
    await tx.reviews.begin(GUILD, digest, [draft.id], NOON)
    unreviewed = await tx.digests.put(schedule, LATER, issue, DigestState.IN_REVIEW)
    assert unreviewed is not None
    assert await tx.digests.put(schedule, LATER + timedelta(days=1), issue, DigestState.APPROVED) is not None
    by = Reviewer(member=MEMBER, name="Ann")
    await tx.reviews.note(GUILD, ReviewEntry(action=Action.OPENED, at=NOON, by=by, draft=draft.id))
    await tx.reviews.set_card(GUILD, digest, delivery)
    await tx.corrections.note(GUILD, [new_correction(common_story)], digest=digest, delivery=delivery, member=MEMBER)
    await tx.deliveries.queue(GUILD, schedule.destination, new_document(), digest=None, follows=delivery)
    quoted = Quoted(story=story, article=article, revision=1, sentence="They said so.")
    return Owned(
        feed=feed,
        article=article,
        story=story,
        common_article=common_article,
        common_story=common_story,
        schedule=schedule,
        digest=digest,
        delivery=delivery,
        refused=refused,
        paused=paused,
        queued=await tx.deliveries.queue(GUILD, schedule.destination, new_document(), digest=None, quotes=[quoted]),
        watch=watch,
        follow=follow,
        draft=draft.id,
        newer=newer.id,
        in_review=unreviewed,
    )


async def edit_draft(tx: SqlTransaction, own: Owned, who: Any) -> bool:
    draft = await tx.reviews.draft(GUILD, own.draft)
    assert draft is not None
    return await tx.reviews.save(who, draft, replace(draft, edits=(Edit(1, "Anew."),), revision=2))


Act = Callable[[SqlTransaction, Owned, Any], Awaitable[Any]]

READS: dict[str, Act] = {
    "communities.role": lambda tx, own, who: tx.communities.role(who or STUDIO, MEMBER),
    "settings.of": lambda tx, own, who: tx.settings.of(who or STUDIO),
    "changes.of": lambda tx, own, who: tx.changes.of(who or STUDIO, limit=10),
    "changes.count_by": lambda tx, own, who: tx.changes.count_by(who or STUDIO, MEMBER),
    "preferences.of": lambda tx, own, who: tx.preferences.of(who or STUDIO),
    "feeds.get": lambda tx, own, who: tx.feeds.get(who, own.feed),
    "feeds.several": lambda tx, own, who: tx.feeds.several(who, [own.feed]),
    "feeds.visible": lambda tx, own, who: tx.feeds.visible(who),
    "feeds.bygones": lambda tx, own, who: tx.feeds.bygones(who, [own.feed]),
    "articles.by_keys": lambda tx, own, who: tx.articles.by_keys(who, ["guid:private"]),
    "articles.revisions": lambda tx, own, who: tx.articles.revisions(who, own.article),
    "articles.get": lambda tx, own, who: tx.articles.get(who, [own.article]),
    "articles.reasons": lambda tx, own, who: tx.articles.reasons(who, own.article),
    "articles.vectors": lambda tx, own, who: tx.articles.vectors(who, [own.article]),
    "articles.search": lambda tx, own, who: tx.articles.search(who, "edited", limit=10),
    "articles.mentions": lambda tx, own, who: tx.articles.mentions(who, "edited", NOON - timedelta(days=1), limit=10),
    "articles.outlets": lambda tx, own, who: tx.articles.outlets(who, NOON),
    "articles.count": lambda tx, own, who: tx.articles.count(who),
    "stories.get": lambda tx, own, who: tx.stories.get(who, own.story),
    "stories.of_article": lambda tx, own, who: tx.stories.of_article(who, own.article),
    "stories.of_articles": lambda tx, own, who: tx.stories.of_articles(who, [own.article]),
    "stories.titles": lambda tx, own, who: tx.stories.titles(who, NOON),
    "stories.published": lambda tx, own, who: tx.stories.published(who, NOON, LATER),
    "stories.around": lambda tx, own, who: tx.stories.around(who, NOON, LATER),
    "stories.updated": lambda tx, own, who: tx.stories.updated(who, NOON),
    "analyses.find": lambda tx, own, who: tx.analyses.find(who, new_key(own.story)),
    "tracked.coming": lambda tx, own, who: tx.tracked.coming(who, date(2000, 1, 1), date(2100, 1, 1)),
    "tracked.of": lambda tx, own, who: tx.tracked.of(who, own.story),
    "feedback.of": lambda tx, own, who: tx.feedback.of(who),
    "schedules.get": lambda tx, own, who: tx.schedules.get(who, own.schedule.id),
    "schedules.of": lambda tx, own, who: tx.schedules.of(who),
    "schedules.get_destination": lambda tx, own, who: tx.schedules.get_destination(who, own.schedule.destination),
    "schedules.notices": lambda tx, own, who: tx.schedules.notices(who),
    "digests.get": lambda tx, own, who: tx.digests.get(who, own.digest),
    "digests.last_slot": lambda tx, own, who: tx.digests.last_slot(who, own.schedule.id),
    "digests.telling": lambda tx, own, who: tx.digests.telling(who, own.story),
    "digests.posted": lambda tx, own, who: tx.digests.posted(who, own.schedule.destination),
    "digests.told": lambda tx, own, who: tx.digests.told(who, own.schedule.destination, [own.story]),
    "digests.carried": lambda tx, own, who: tx.digests.carried(who, own.schedule.id),
    "deliveries.get": lambda tx, own, who: tx.deliveries.get(who, own.delivery),
    "watches.get": lambda tx, own, who: tx.watches.get(who, MEMBER, own.watch),
    "watches.of": lambda tx, own, who: tx.watches.of(who, MEMBER),
    "watches.following": lambda tx, own, who: tx.watches.following(who, MEMBER, own.common_story),
    "watches.count": lambda tx, own, who: tx.watches.count(who, MEMBER),
    "watches.pipeline_common": lambda tx, own, who: tx.watches.pipeline_common(who, own.schedule.destination),
    "reviews.of": lambda tx, own, who: tx.reviews.of(who, own.digest),
    "reviews.hold": lambda tx, own, who: tx.reviews.of(who, own.digest),
    "reviews.waiting": lambda tx, own, who: tx.reviews.waiting(who),
    "reviews.draft": lambda tx, own, who: tx.reviews.draft(who, own.draft),
    "reviews.latest": lambda tx, own, who: tx.reviews.latest(who, own.story),
    "reviews.before": lambda tx, own, who: tx.reviews.before(who, own.newer),
    "reviews.history": lambda tx, own, who: tx.reviews.history(who, limit=10),
    "deliveries.hold": lambda tx, own, who: tx.deliveries.get(who, own.delivery),
    "deliveries.of_digest": lambda tx, own, who: tx.deliveries.of_digest(who, own.digest),
    "deliveries.last_digest": lambda tx, own, who: tx.deliveries.last_digest(who),
    "corrections.quotes": lambda tx, own, who: tx.corrections.quotes(who, own.queued),
    "corrections.untold": lambda tx, own, who: tx.corrections.untold(who, own.delivery),
    "corrections.last_told": lambda tx, own, who: tx.corrections.last_told(who, own.delivery),
    "corrections.of": lambda tx, own, who: tx.corrections.of(who, own.delivery),
    "corrections.of_story": lambda tx, own, who: tx.corrections.of_story(who, own.common_story),
    "corrections.log": lambda tx, own, who: tx.corrections.log(who, limit=10),
    "reviews.card": lambda tx, own, who: tx.reviews.card(who, own.digest),
    "reviews.count_by": lambda tx, own, who: tx.reviews.count_by(who, MEMBER),
    "deliveries.refusals": lambda tx, own, who: tx.deliveries.refusals(who),
}

CHANGES: dict[str, Act] = {
    "preferences.switch_feed": lambda tx, own, who: tx.preferences.switch_feed(who, own.feed, on=False),
    "feeds.remove": lambda tx, own, who: tx.feeds.remove(who, own.feed),
    "feeds.record": lambda tx, own, who: tx.feeds.record(who, own.feed, new_record()),
    "feeds.record_many": lambda tx, own, who: tx.feeds.record_many(who, {own.feed: new_record()}),
    "feeds.set_bygones": lambda tx, own, who: tx.feeds.set_bygones(who, {own.feed: Bygones(b"0123456789ab")}),
    "articles.seen_in": lambda tx, own, who: tx.articles.seen_in(who, own.article, own.feed, ["guid:other"]),
    "articles.revise": lambda tx, own, who: tx.articles.revise(
        who, own.article, title="x", summary="", content="", at=NOON
    ),
    "articles.withdraw": lambda tx, own, who: tx.articles.withdraw(who, own.article, "retracted", NOON),
    "articles.set_body": lambda tx, own, who: tx.articles.set_body(who, own.article, "x", BodySource.PAGE),
    "articles.set_score": lambda tx, own, who: tx.articles.set_score(
        who, own.article, relevance=0.1, mentions_ai=False, reasons=[], vector=None
    ),
    "articles.set_reserved": lambda tx, own, who: tx.articles.set_reserved(who, own.article, "noai"),
    "articles.set_aside": lambda tx, own, who: tx.articles.set_aside(who, own.article, "old"),
    "stories.found": lambda tx, own, who: tx.stories.found(who, own.article, relevance=0, relevant=False, at=NOON),
    "stories.attach": lambda tx, own, who: tx.stories.attach(who, own.common_story, own.article, copy_of=None, at=NOON),
    "stories.touch": lambda tx, own, who: tx.stories.touch(who, own.article, NOON),
    "tracked.add": lambda tx, own, who: tx.tracked.add(
        who, [new_tracked(own.story, own.article, owner=who, claim="Another thing.")]
    ),
    "tracked.change": lambda tx, own, who: tx.tracked.change(
        who, stored_tracked(own.story, own.common_article, owner=who, state=WatchState.DUE)
    ),
    "tracked.remove": lambda tx, own, who: tx.tracked.remove(who, [TrackedId(1)]),
    "feedback.say": lambda tx, own, who: tx.feedback.say(who, new_opinion(own.story, relevant=True)),
    "feedback.take_back": lambda tx, own, who: tx.feedback.take_back(who, own.story),
    "schedules.add": lambda tx, own, who: tx.schedules.add(new_schedule(who, own.schedule.destination), due=NOON),
    "schedules.change": lambda tx, own, who: tx.schedules.change(replace(own.schedule, community=who), due=NOON),
    "schedules.remove": lambda tx, own, who: tx.schedules.remove(who, own.schedule.id),
    "digests.set_state": lambda tx, own, who: tx.digests.set_state(who, own.digest, DigestState.APPROVED),
    "digests.revise": lambda tx, own, who: tx.digests.revise(who, own.digest, new_digest(GUILD)),
    "reviews.begin": lambda tx, own, who: tx.reviews.begin(who, own.in_review, [own.draft], NOON),
    "reviews.save": edit_draft,
    "reviews.exchange": lambda tx, own, who: tx.reviews.exchange(who, own.digest, own.draft, None),
    "deliveries.queue": lambda tx, own, who: tx.deliveries.queue(
        who, own.schedule.destination, new_document(), digest=None
    ),
    "corrections.told": lambda tx, own, who: tx.corrections.told(who, own.delivery, None),
    "reviews.set_card": lambda tx, own, who: tx.reviews.set_card(who, own.digest, own.queued),
    "watches.change": lambda tx, own, who: tx.watches.change(who, MEMBER, own.watch, 1, name="Anew"),
    "watches.remove": lambda tx, own, who: tx.watches.remove(who, MEMBER, own.watch),
    "deliveries.revise": lambda tx, own, who: tx.deliveries.revise(who, own.delivery, new_document("x")),
    "deliveries.retry": lambda tx, own, who: tx.deliveries.retry(who, own.refused),
    "deliveries.drop": lambda tx, own, who: tx.deliveries.drop(who, own.queued),
    "deliveries.resume": lambda tx, own, who: tx.deliveries.resume(who, own.paused),
    "deliveries.set_policy": lambda tx, own, who: tx.deliveries.set_policy(
        who, own.schedule.destination, WhenUncertain.REPEAT
    ),
}

# These make rows of the one who calls, or name whole communities; what they must not touch is tested by name below.
MAKE_ONES_OWN = {
    "communities.get",
    "communities.leave",
    "communities.come_back",
    "communities.has_left",
    "communities.greet",
    "communities.greeted",
    "communities.greeted_by",
    "communities.set_role",
    "communities.forget_role",
    "settings.set",
    "changes.note",
    "changes.forget",
    "preferences.switch_desk",
    "preferences.show_outlet",
    "analyses.put",
    "schedules.destination",
    "schedules.forget",
    "watches.forget",
    "reviews.draft_of",
    "reviews.note",
    "reviews.forget",
    "corrections.note",
    "corrections.forget",
    "tasks.put",
}


COLLECTIONS = (
    *("communities", "preferences", "feeds", "articles", "stories", "analyses", "feedback", "schedules", "digests"),
    *("deliveries", "tracked", "settings", "changes"),
    *("watches", "alerts", "reviews", "corrections"),
)


def test_every_method_that_takes_an_owner_is_listed() -> None:
    missing: set[str] = set()
    for collection in COLLECTIONS:
        protocol = getattr(ports, collection.capitalize())
        for name, method in inspect.getmembers(protocol, inspect.isfunction):
            takes = {"owner", "viewer", "community"} & set(inspect.signature(method).parameters)
            if takes and not name.startswith("_"):
                missing.add(f"{collection}.{name}")
    missing -= {"communities.ensure"}  # takes a whole Community, and adds only that
    assert missing - READS.keys() - CHANGES.keys() - MAKE_ONES_OWN == set()


@pytest.mark.parametrize("method", READS)
async def test_a_stranger_does_not_see_it(database: SqlDatabase, method: str) -> None:
    """The same answer as if the guild had nothing, and a different one for the guild itself."""
    async with database.begin() as tx:
        own = await furnish(tx)
    act = READS[method]
    common_only = {"stories.published", "stories.around", "stories.updated"}
    async with database.read() as tx:
        guilds, studios = await act(tx, own, GUILD), await act(tx, own, STUDIO)
        if method in common_only:
            assert [coverage.story.id for coverage in studios] == [own.common_story]
            assert [coverage.story.id for coverage in guilds] == [own.story, own.common_story]
        elif method == "stories.titles":
            assert {story for story, _ in studios} == {own.common_story}
            assert {story for story, _ in guilds} == {own.story, own.common_story}
        elif method == "feeds.visible":
            assert own.feed not in [feed.id for feed in studios]
            assert own.feed in [feed.id for feed in guilds]
        elif method == "articles.outlets":
            assert (studios, guilds) == (["The Daily Slug"], ["The Daily Slug", "The Guild Letter"])
        elif method == "articles.count":
            assert (studios, guilds) == (1, 2)
        elif method == "communities.role":
            assert (studios, guilds) == (Role.MEMBER, Role.MANAGER)
        elif method == "settings.of":
            assert (studios, guilds) == (CommunitySettings(), CommunitySettings(zone="Europe/London"))
        else:
            assert not studios
            assert guilds
        if method.partition(".")[0] in {"feeds", "articles", "stories", "analyses", "tracked"}:
            assert await act(tx, own, COMMON) == studios


@pytest.mark.parametrize("who", [STUDIO, COMMON], ids=["studio", "common"])
@pytest.mark.parametrize("method", CHANGES)
async def test_a_stranger_does_not_change_it(database: SqlDatabase, method: str, who: Viewer) -> None:
    if who is COMMON and method.partition(".")[0] in {
        *("preferences", "feedback", "schedules", "digests", "deliveries", "reviews", "corrections")
    }:
        who = ""  # type: ignore[assignment]  # what a common owner is in the tables
    async with database.begin() as tx:
        own = await furnish(tx)
        before = await everything(tx)
    refused = False
    try:
        async with database.begin() as tx:
            refused = await CHANGES[method](tx, own, who) is False
    except LookupError:
        refused = True
    assert refused
    async with database.read() as tx:
        assert await everything(tx) == before
    async with database.begin() as tx:
        await CHANGES[method](tx, own, GUILD)
        assert await everything(tx) != before


async def test_a_private_article_does_not_hide_or_answer_for_a_common_one(database: SqlDatabase) -> None:
    """One key, an article for each owner."""
    async with database.begin() as tx:
        common_feed, private_feed = await add_feed(tx), await add_feed(tx, owner=GUILD)
        common = await tx.articles.add(new_article(common_feed, keys=("k",)))
        private = await tx.articles.add(new_article(private_feed, keys=("k",), owner=GUILD))
        assert common != private
        assert (await tx.articles.by_keys(COMMON, ["k"]))["k"].id == common
        assert (await tx.articles.by_keys(GUILD, ["k"]))["k"].id == private
        assert await tx.articles.by_keys(STUDIO, ["k"]) == {}


async def test_one_address_is_a_feed_for_each_owner(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        ids = [await tx.feeds.add(new_feed("https://one.example/", owner=who)) for who in (COMMON, GUILD, STUDIO)]
        assert [new for _, new in ids] == [True, True, True]
        assert len({feed for feed, _ in ids}) == 3


async def test_a_feed_of_another_is_not_noted_on_an_article(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        article = await add_article(tx, owner=STUDIO)
        foreign = await add_feed(tx, owner=GUILD)
        before = await everything(tx)
        await tx.articles.seen_in(STUDIO, article, foreign, [])
        assert await everything(tx) == before


async def test_an_article_joins_no_story_of_another(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        own = await furnish(tx)
        studios = await add_article(tx, owner=STUDIO)
        with pytest.raises(ValueError, match="another's"):
            await tx.stories.attach(STUDIO, own.story, studios, copy_of=None, at=NOON)
        with pytest.raises(ValueError, match="another's"):
            await tx.stories.attach(COMMON, own.story, own.common_article, copy_of=None, at=NOON)
        with pytest.raises(ValueError, match="private"):
            await tx.stories.merge(own.story, own.common_story, NOON)


async def test_a_digest_is_kept_under_its_own_communitys_schedule_only(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        own = await furnish(tx)
        stolen = Schedule(id=own.schedule.id, community=STUDIO, destination=own.schedule.destination, cron="", zone="")
        with pytest.raises(LookupError):
            await tx.digests.put(stolen, NOON, new_digest(STUDIO), DigestState.APPROVED)
        with pytest.raises(ValueError, match="community"):
            await tx.digests.put(own.schedule, NOON, new_digest(STUDIO), DigestState.APPROVED)


async def test_a_delivery_tells_no_digest_of_another(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        own = await furnish(tx)
        studios = await add_schedule(tx, STUDIO)
        with pytest.raises(LookupError):
            await tx.deliveries.queue(STUDIO, studios.destination, new_document(), digest=own.digest)


async def test_an_analysis_of_private_sources_answers_its_owner_only(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        own = await furnish(tx)
        key = new_key(own.common_story)
        private = new_analysis(own.common_story, own.article, headline="Seen by the guild")
        await tx.analyses.put(GUILD, key, private)
        assert await tx.analyses.find(STUDIO, key) is None
        common = new_analysis(own.common_story, own.common_article, headline="Seen by all")
        await tx.analyses.put(COMMON, key, common)
        assert await tx.analyses.find(STUDIO, key) == common
        assert await tx.analyses.find(GUILD, key) == private


async def everything(tx: SqlTransaction) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    return {
        table.name: sorted((tuple(row) for row in await tx.sql.rows(select(table))), key=repr)
        for table in metadata.sorted_tables
        if table.name != "article_vectors"  # arrays do not compare; set_score changes the article as well
    }


async def test_what_a_member_is_forgotten_for_is_their_own_communitys(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        own = await furnish(tx)
        await tx.schedules.forget(STUDIO, MEMBER)
        assert await tx.schedules.get(GUILD, own.schedule.id) == own.schedule
        await tx.schedules.forget(GUILD, MEMBER)
        (left,) = await tx.schedules.of(GUILD)
    assert left == replace(own.schedule, created_by=MemberId(""))


async def test_a_private_article_is_looked_for_in_no_message_of_another(database: SqlDatabase) -> None:
    """Whatever a row says: what came by a private feed is its owner's alone."""
    async with database.begin() as tx:
        own = await furnish(tx)
        studios = await add_schedule(tx, STUDIO)
        stolen = new_digest(STUDIO, new_analysis(own.common_story, own.article))
        await tx.digests.put(studios, NOON, stolen, DigestState.APPROVED)
        quoted = Quoted(story=own.common_story, article=own.article, revision=1, sentence="They said so.")
        await tx.deliveries.queue(STUDIO, studios.destination, new_document(), digest=None, quotes=[quoted])
        assert {community for community, _ in await tx.corrections.pipeline_citing(own.article)} == {GUILD}
        assert {community for community, _ in await tx.corrections.pipeline_quoting(own.article)} == {GUILD}


async def test_a_delivery_follows_none_of_another(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        own = await furnish(tx)
        studios = await add_schedule(tx, STUDIO)
        with pytest.raises(LookupError):
            await tx.deliveries.queue(STUDIO, studios.destination, new_document(), digest=None, follows=own.delivery)


async def test_greeting_one_community_greets_no_other(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        own = await furnish(tx)
        assert await tx.communities.greet(GUILD, instead_of=None)
        await tx.communities.greeted_by(GUILD, own.delivery)
        assert not await tx.communities.greet(GUILD, instead_of=None)
        greeted = await tx.communities.greeted(GUILD)
        assert greeted is not None
        assert greeted.by == own.delivery
        assert await tx.communities.greeted(STUDIO) is None
        assert await tx.communities.greet(GUILD, instead_of=greeted)
        assert not await tx.communities.greet(GUILD, instead_of=greeted)
