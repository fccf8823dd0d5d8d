"""What was posted, once what it stands on changes: edited in place, told once beneath, kept in the log."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from adapters.storage import SqlDatabase
from bot.app.errata import GATHER, article_changed
from bot.app.ports import Database, Stage
from bot.core.article import ArticleId
from bot.core.community import COMMON, CommunityId, Viewer
from bot.core.correction.correction import Cause, Correction
from bot.core.delivery import DeliveryState, Post, Refused
from bot.core.desk.tracking import NewTrackedItem
from bot.core.feed import FeedId
from bot.core.message.document import Actions
from bot.core.outbox import Abilities, Priority
from bot.core.review.entry import Action
from tests.app.conversation import plain
from tests.app.newsroom import STRIKE, STRIKE_TOO, SUIT, TODAY, Newsroom, entry
from tests.app.test_digests import NINE, delivery, fall_due, schedule_of
from tests.app.test_review import approve_it, drafts, in_review
from tests.app.test_tracking import BILL, BILL_LATER
from tests.factories import GUILD, STUDIO, new_community, new_outlet, new_watch

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CORRECTED = (STRIKE[0], STRIKE[1].replace("400", "40"))
"""The strike, with another number in its second sentence."""
EDITS = Abilities(remembers=timedelta(days=30), edits=True)


async def posted(newsroom: Newsroom, *told: tuple[str, str], owner: Viewer = COMMON, **fields: Any) -> list[FeedId]:
    """A digest of these stories is posted; a feed each."""
    newsroom.platform.can = EDITS
    schedule = await schedule_of(newsroom.database, **fields)
    feeds = []
    for number, one in enumerate(told or (STRIKE,), 1):
        feeds.append(
            await newsroom.subscribe(
                entry(one, number),
                owner=owner,
                outlet=new_outlet(f"Outlet {number}"),
                url=f"https://outlet{number}.example/feed",
            )
        )
    await newsroom.work()
    await fall_due(newsroom, schedule, NINE)
    return feeds


async def says(newsroom: Newsroom, feed: FeedId, told: tuple[str, str], number: int = 1, **more: Any) -> None:
    """The outlet's feed says that of its article now, and is read."""
    await newsroom.publish(feed, entry(told, number), **more)
    await newsroom.work()


async def gathered(newsroom: Newsroom, *articles: int, owner: Viewer = COMMON) -> None:
    """The time is over in which changes of these articles are gathered."""
    async with newsroom.database.begin() as tx:
        assert await tx.tasks.waiting(Stage.CORRECT, until=await tx.now() + GATHER) > 0, "it was to be looked at"
        await tx.tasks.put(Stage.CORRECT, articles or (1,), owner)
    await newsroom.work()


async def a_day_later(database: Database) -> None:
    assert isinstance(database, SqlDatabase)
    async with database.begin() as tx:
        await tx.sql.execute(text("UPDATE deliveries SET queued_at = queued_at - 86400000001"))
        await tx.sql.execute(text("UPDATE tasks SET due = 1, claimable_at = 1 WHERE stage = 'erratum'"))


async def log(database: Database, community: CommunityId = GUILD) -> list[Correction]:
    async with database.read() as tx:
        return [one for one, _ in await tx.corrections.log(community, limit=99)]


def shown(newsroom: Newsroom, message: str = "channel-1/0") -> str:
    """What a message says after its last edit."""
    return plain([document for of, document in newsroom.platform.edits if of == message][-1])


def said(newsroom: Newsroom, place: str = "channel-1") -> list[str]:
    """The titles of the messages there, in the order they were posted."""
    return [plain(document).splitlines()[0] for document in newsroom.platform.documents[place]]


async def test_a_changed_number_is_corrected_in_place_and_told_once_beneath(newsroom: Newsroom) -> None:
    (feed,) = await posted(newsroom)
    assert "400 screenwriters" in plain(newsroom.platform.documents["channel-1"][0])
    await says(newsroom, feed, CORRECTED)
    assert newsroom.platform.edits == [], "changes are gathered for a while"
    await gathered(newsroom)
    now = shown(newsroom)
    assert "The guild said 40 screenwriters joined the strike." in now
    assert "Outlet 1 changed a sentence: “400” is now “40”." in now
    assert "400 screenwriters joined" not in now
    assert said(newsroom) == ["AI and people's work", "Correction"]
    reply = plain(newsroom.platform.documents["channel-1"][1])
    assert STRIKE[0] in reply
    assert "“400” is now “40”" in reply
    (kept,) = await log(newsroom.database)
    assert (kept.cause, kept.outlet) == (Cause.CHANGED, "Outlet 1")
    assert kept.was == "The guild said 400 screenwriters joined the strike."
    assert kept.now == "The guild said 40 screenwriters joined the strike."


async def test_a_withdrawn_article_takes_what_rested_on_it_with_it(newsroom: Newsroom) -> None:
    (feed,) = await posted(newsroom)
    await newsroom.publish(feed, deleted=["entry-1"])
    await newsroom.work()
    await gathered(newsroom)
    now = shown(newsroom)
    assert "Outlet 1 withdrew its article (deleted from the outlet's feed)" in now
    assert "What was told here is not told any more." in now
    for sentence in (*STRIKE[1].split(". "), STRIKE[0]):
        assert sentence not in now
    assert said(newsroom)[1:] == ["Correction"]
    assert {one.cause for one in await log(newsroom.database)} == {Cause.WITHDRAWN}


async def test_what_another_outlet_says_too_keeps_standing(newsroom: Newsroom) -> None:
    feed, _ = await posted(newsroom, STRIKE, STRIKE_TOO)
    await newsroom.publish(feed, deleted=["entry-1"])
    await newsroom.work()
    await gathered(newsroom)
    now = shown(newsroom)
    assert "Outlet 1 withdrew its article" in now
    assert STRIKE_TOO[0] in now
    assert "their guild said" in now
    assert "Outlet 1:" not in now, "it is no source any more"
    assert "The guild said 400 screenwriters joined" not in now


@pytest.mark.parametrize(
    "told",
    [
        (STRIKE[0], STRIKE[1].replace("negotiating", "negotating")),
        (STRIKE[0], STRIKE[1].replace("The guild said 400 screenwriters joined", "The guild said 400 writers joined")),
        (STRIKE[0], f"{STRIKE[1]} Talks go on."),
        (STRIKE[0], "Talks between the guild and the studio about artificial intelligence went on into the night."),
    ],
    ids=["typing", "other words", "more of it", "a story that moves on"],
)
async def test_what_is_no_correction_changes_nothing(newsroom: Newsroom, told: tuple[str, str]) -> None:
    (feed,) = await posted(newsroom)
    await says(newsroom, feed, told)
    await gathered(newsroom)
    assert newsroom.platform.edits == []
    assert said(newsroom) == ["AI and people's work"]
    assert await log(newsroom.database) == []


async def test_the_same_change_never_edits_or_tells_twice(newsroom: Newsroom) -> None:
    (feed,) = await posted(newsroom)
    await says(newsroom, feed, CORRECTED)
    for _ in range(3):
        async with newsroom.database.begin() as tx:
            await tx.tasks.put(Stage.CORRECT, [1], COMMON)
            await tx.tasks.put(Stage.ERRATUM, [1], GUILD)
        await newsroom.work()
    assert len(newsroom.platform.edits) == 1
    assert len(said(newsroom)) == 2
    assert len(await log(newsroom.database)) == 1


async def test_the_reply_stands_beneath_the_message_in_its_manner_and_mentions_nobody(newsroom: Newsroom) -> None:
    (feed,) = await posted(newsroom, post=Post.FORUM, mention="role-7")
    await says(newsroom, feed, CORRECTED)
    await gathered(newsroom)
    assert newsroom.platform.openings == [None, "channel-1/0"]
    first, reply = newsroom.platform.manners
    assert (first.mention, reply.mention) == ("role-7", None)
    assert reply.post is Post.FORUM
    notice = await delivery(newsroom.database, 2)
    assert (notice.follows, notice.priority) == (1, Priority.DIGEST)


async def test_at_most_one_reply_a_day_and_it_tells_all_that_came_meanwhile(newsroom: Newsroom) -> None:
    """A correction of a correction too."""
    (feed,) = await posted(newsroom)
    await says(newsroom, feed, CORRECTED)
    await gathered(newsroom)
    for number in ("45", "47"):
        await says(newsroom, feed, (STRIKE[0], STRIKE[1].replace("400", number)))
        await gathered(newsroom)
    assert "47 screenwriters joined" in shown(newsroom)
    assert said(newsroom) == ["AI and people's work", "Correction"]
    await a_day_later(newsroom.database)
    await newsroom.work()
    assert said(newsroom) == ["AI and people's work", "Correction", "Correction"]
    reply = plain(newsroom.platform.documents["channel-1"][-1])
    assert "“40” is now “45”" in reply
    assert "“45” is now “47”" in reply
    assert "“400”" not in reply
    assert [one.now and one.now[15:17] for one in reversed(await log(newsroom.database))] == ["40", "45", "47"]


async def test_while_it_is_queued_the_message_itself_changes_and_nothing_is_told(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database)
    feed = await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.work()
    newsroom.clock.time = NINE
    async with newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.COMPOSE, [schedule.id], GUILD)
    await newsroom.work(Stage.COMPOSE, Stage.REVIEW)
    await newsroom.publish(feed, entry(CORRECTED, 1))
    await newsroom.work(Stage.POLL)
    async with newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.CORRECT, [1], COMMON)
    await newsroom.work(Stage.CORRECT)
    await newsroom.work()
    (only,) = newsroom.platform.documents["channel-1"]
    assert "40 screenwriters joined" in plain(only)
    assert "Corrected" not in plain(only)
    assert newsroom.platform.edits == []
    assert await log(newsroom.database) == []


async def test_a_message_that_somebody_deleted_stays_deleted_and_gets_no_reply(newsroom: Newsroom) -> None:
    (feed,) = await posted(newsroom)
    newsroom.platform.edited = [Refused(reason="unknown message", deleted=True)]
    await says(newsroom, feed, CORRECTED)
    await gathered(newsroom)
    assert said(newsroom) == ["AI and people's work"]
    assert (await delivery(newsroom.database, 2)).state is DeliveryState.DROPPED
    await says(newsroom, feed, (STRIKE[0], STRIKE[1].replace("400", "45")))
    await gathered(newsroom)
    assert newsroom.platform.edits == [], "it is not tried again"
    assert len(await log(newsroom.database)) == 2, "the log keeps it all the same"


async def test_a_platform_that_edits_nothing_gets_the_reply_only(newsroom: Newsroom) -> None:
    (feed,) = await posted(newsroom)
    newsroom.platform.can = Abilities(repeats=True)
    await says(newsroom, feed, CORRECTED)
    await gathered(newsroom)
    assert newsroom.platform.edits == []
    assert said(newsroom) == ["AI and people's work", "Correction"]


async def test_an_outlet_that_marks_its_article_is_heard_even_where_nothing_cited_changed(newsroom: Newsroom) -> None:
    (feed,) = await posted(newsroom)
    notice = "Correction: An earlier version of this article misnamed the studio's president."
    await says(newsroom, feed, (STRIKE[0], f"{STRIKE[1]}\n\n{notice}"))
    await gathered(newsroom)
    assert f"Outlet 1 marked its article as corrected; what is told here still stands in it. It says: “{notice}”" in (
        shown(newsroom)
    )
    assert len(said(newsroom)) == 2


async def test_all_communities_are_corrected_each_in_its_own_place(newsroom: Newsroom) -> None:
    newsroom.platform.can = EDITS
    schedules = [await schedule_of(newsroom.database, community) for community in (GUILD, STUDIO)]
    feed = await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.work()
    for schedule in schedules:
        await fall_due(newsroom, schedule, NINE)
    await says(newsroom, feed, CORRECTED)
    await gathered(newsroom)
    assert len(newsroom.platform.edits) == 2
    for community in (GUILD, STUDIO):
        assert len(await log(newsroom.database, community)) == 1


async def test_a_private_articles_change_is_felt_by_its_owner_only(newsroom: Newsroom) -> None:
    """Both communities tell the story; one of them read it in its private feed, too."""
    newsroom.platform.can = EDITS
    schedules = [await schedule_of(newsroom.database, community) for community in (GUILD, STUDIO)]
    await newsroom.subscribe(entry(STRIKE_TOO, 2), outlet=new_outlet("Open"))
    private = await newsroom.subscribe(
        entry(STRIKE, 1), owner=GUILD, outlet=new_outlet("Hidden"), url="https://hidden.example/feed"
    )
    await newsroom.work()
    for schedule in schedules:
        await fall_due(newsroom, schedule, NINE)
    async with newsroom.database.read() as tx:
        (article,) = [one for one in await tx.articles.search(GUILD, "screenwriters", limit=9) if one.owner == GUILD]
    await newsroom.publish(private, entry((STRIKE[0], STRIKE[1].replace("Monday", "Tuesday")), 1), owner=GUILD)
    await newsroom.work()
    await gathered(newsroom, article.id, owner=GUILD)
    assert await log(newsroom.database, STUDIO) == []
    kept = await log(newsroom.database, GUILD)
    assert {one.outlet for one in kept} == {"Hidden"}
    for document in [*newsroom.platform.documents["channel-1"], *(one for _, one in newsroom.platform.edits)]:
        text_ = plain(document)
        assert ("Corrected" in text_ or "Correction" in text_) <= ("Hidden" in text_)
    replies = [sent for sent in said(newsroom) if sent == "Correction"]
    assert len(replies) == 1


async def test_what_waits_for_an_editor_changes_and_has_to_be_approved_anew(newsroom: Newsroom) -> None:
    newsroom.platform.can = EDITS
    await in_review(newsroom, STRIKE, SUIT)
    strike = next(one for one in await drafts(newsroom) if "strike" in one.original.headline)
    await approve_it(newsroom, strike)
    await newsroom.publish(FeedId(1), entry(CORRECTED, 1))
    await newsroom.work()
    await gathered(newsroom)
    after = next(one for one in await drafts(newsroom) if "strike" in one.original.headline)
    assert after.id != strike.id
    assert not after.approvals
    assert any("40 screenwriters" in claim.text for claim in after.original.claims())
    assert not any("400" in claim.text for claim in after.original.claims())
    async with newsroom.database.read() as tx:
        trail = await tx.reviews.history(GUILD, limit=9)
    assert [one.action for one in trail].count(Action.SOURCE_CHANGED) == 2
    assert "What changed since it was last reviewed" in shown(newsroom)
    assert await log(newsroom.database) == []
    for one in await drafts(newsroom):
        await approve_it(newsroom, one)
    assert "40 screenwriters joined" in plain(newsroom.platform.documents["channel-1"][-1])


async def test_an_alert_is_corrected_too_and_says_so(newsroom: Newsroom) -> None:
    newsroom.platform.can = EDITS
    async with newsroom.database.begin() as tx:
        await tx.communities.ensure(new_community(GUILD))
        place = await tx.schedules.destination(GUILD, "discord", "alerts")
        await tx.watches.add(new_watch(place.id, query="400 OR 40"))
    feed = await newsroom.subscribe(entry(STRIKE, 1), outlet=new_outlet("Outlet 1"))
    await newsroom.work()
    assert "The guild said 400 screenwriters" in plain(newsroom.platform.documents["alerts"][0])
    await says(newsroom, feed, CORRECTED)
    await gathered(newsroom)
    now = shown(newsroom, "alerts/0")
    assert "The guild said 40 screenwriters" in now
    assert "The guild said 400" not in now
    assert "Outlet 1 changed a sentence: “400” is now “40”." in now
    assert said(newsroom, "alerts")[1:] == ["Correction"]
    assert newsroom.platform.openings == [None, "alerts/0"]
    assert [one.outlet for one in await log(newsroom.database)] == ["Outlet 1"]
    await gathered_again(newsroom)
    assert len(newsroom.platform.edits) == 1


async def test_an_alert_of_what_was_withdrawn_tells_nothing_any_more(newsroom: Newsroom) -> None:
    newsroom.platform.can = EDITS
    async with newsroom.database.begin() as tx:
        await tx.communities.ensure(new_community(GUILD))
        place = await tx.schedules.destination(GUILD, "discord", "alerts")
        await tx.watches.add(new_watch(place.id, query="screenwriters"))
    feed = await newsroom.subscribe(entry(STRIKE, 1), outlet=new_outlet("Outlet 1"))
    await newsroom.work()
    await newsroom.publish(feed, deleted=["entry-1"])
    await newsroom.work()
    await gathered(newsroom)
    now = shown(newsroom, "alerts/0")
    assert "Outlet 1 withdrew its article" in now
    assert STRIKE[0] not in now
    assert said(newsroom, "alerts")[1:] == ["Correction"]


async def test_a_card_offers_nothing_that_is_done(newsroom: Newsroom) -> None:
    """Whatever was decided elsewhere: by a command, or at another digest's card."""
    newsroom.platform.can = EDITS
    await in_review(newsroom, STRIKE, SUIT)
    first, second = await drafts(newsroom)
    await approve_it(newsroom, first)
    await newsroom.work()
    assert "approved by Ann" in shown(newsroom)
    await approve_it(newsroom, second)
    await newsroom.work()
    (document,) = [document for of, document in newsroom.platform.edits if of == "channel-1/0"][-1:]
    assert plain(document).splitlines()[0] == "Reviewed and on its way: AI and people's work"
    assert not any(isinstance(block, Actions) for block in document.blocks)


async def test_an_article_that_its_outlet_keeps_from_machines_now_is_linked_by_title_only(newsroom: Newsroom) -> None:
    await posted(newsroom)
    async with newsroom.database.begin() as tx:
        await tx.articles.set_reserved(COMMON, ArticleId(1), "noai")
        await article_changed(tx, COMMON, [ArticleId(1)])
    await gathered(newsroom)
    now = shown(newsroom)
    assert "Outlet 1 does not want to be quoted any more. What was quoted of it was taken out." in now
    assert "400 screenwriters" not in now
    assert STRIKE[0] in now


async def test_corrections_are_kept_in_either_database(database: SqlDatabase) -> None:
    newsroom = Newsroom(database)
    (feed,) = await posted(newsroom)
    await says(newsroom, feed, CORRECTED)
    await gathered(newsroom)
    assert "“400” is now “40”" in shown(newsroom)
    assert said(newsroom) == ["AI and people's work", "Correction"]
    assert len(await log(database)) == 1


async def gathered_again(newsroom: Newsroom) -> None:
    async with newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.CORRECT, [1], COMMON)
    await newsroom.work()


# --- what stands beside a story -----------------------------------------------------------------------------

VOTE = "Screenwriters at Orbit Pictures vote on the contract on 18 March 2100."
TALKS = "Talks with the studio resume on 18 March 2100."


async def reminded(newsroom: Newsroom, *, posted: bool = True) -> FeedId:
    """A channel that was told of a story is reminded of its day, in two sentences of one outlet."""
    newsroom.platform.can = EDITS
    async with newsroom.database.begin() as tx:
        await tx.communities.ensure(new_community(GUILD))
        await tx.settings.set(GUILD, zone="UTC")
        place = await tx.schedules.destination(GUILD, "discord", "alerts")
        await tx.watches.add(new_watch(place.id, query="screenwriters"))
    told = (STRIKE[0], f"{STRIKE[1]} {VOTE} {TALKS}")
    feed = await newsroom.subscribe(entry(told, 1), outlet=new_outlet("Outlet 1"))
    await newsroom.work()
    async with newsroom.database.begin() as tx:
        (coverage,) = await tx.stories.published(COMMON, TODAY - 9 * DAY, TODAY + DAY)
        article = coverage.members[0].article
        await tx.tracked.remove(COMMON, [item.id for item in await tx.tracked.of(COMMON, coverage.story.id)])
        items = [
            NewTrackedItem(
                story=coverage.story.id,
                owner=None,
                claim=sentence,
                article=article.id,
                sentence=sentence,
                due=date(2100, 3, 18),
                since=article.published,
                heard=article.published,
            )
            for sentence in (VOTE, TALKS)
        ]
        await tx.tracked.add(COMMON, items)
    newsroom.clock.time = TODAY.fromisoformat("2100-03-17T10:00:00Z")
    async with newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.REMIND, [coverage.story.id], COMMON)
    await newsroom.work(*([] if posted else [Stage.REMIND]))
    return feed


async def test_a_reminder_loses_the_day_that_its_outlet_does_not_say_any_more(newsroom: Newsroom) -> None:
    feed = await reminded(newsroom)
    reminder = plain(newsroom.platform.documents["alerts"][-1])
    assert VOTE in reminder
    assert TALKS in reminder
    await says(newsroom, feed, (STRIKE[0], f"{STRIKE[1]} {VOTE.replace('18', '25')} {TALKS}"))
    await gathered(newsroom)
    now = shown(newsroom, "alerts/0")
    assert now.startswith("Tomorrow")
    assert VOTE not in now
    assert TALKS in now
    assert "Outlet 1 changed a sentence" in now
    assert said(newsroom, "alerts")[-1] == "Correction"
    edits = len(newsroom.platform.edits)
    async with newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.CORRECT, [1], COMMON)
    await newsroom.work()
    assert len(newsroom.platform.edits) == edits, "doing it again changes nothing"


async def test_a_reminder_of_what_was_withdrawn_says_nothing_any_more(newsroom: Newsroom) -> None:
    feed = await reminded(newsroom)
    await newsroom.publish(feed, deleted=["entry-1"])
    await newsroom.work()
    await gathered(newsroom)
    alert, reminder = (plain(document) for _, document in newsroom.platform.edits)
    for now in (alert, reminder):
        assert "Outlet 1 withdrew its article" in now
        assert "18 March" not in now
    assert all("18 March" not in plain(reply) for reply in newsroom.platform.documents["alerts"][2:])


async def test_a_reminder_that_is_queued_and_has_nothing_left_to_say_is_dropped(newsroom: Newsroom) -> None:
    feed = await reminded(newsroom, posted=False)
    await newsroom.publish(feed, deleted=["entry-1"])
    await newsroom.work(Stage.POLL)
    async with newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.CORRECT, [1], COMMON)
    await newsroom.work(Stage.CORRECT)
    assert (await delivery(newsroom.database, 2)).state is DeliveryState.DROPPED
    await newsroom.work()
    assert "Tomorrow" not in "".join(said(newsroom, "alerts"))


async def test_a_reminder_that_is_queued_says_only_what_still_stands(newsroom: Newsroom) -> None:
    feed = await reminded(newsroom, posted=False)
    await newsroom.publish(feed, entry((STRIKE[0], f"{STRIKE[1]} {VOTE.replace('18', '25')} {TALKS}"), 1))
    await newsroom.work(Stage.POLL)
    async with newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.CORRECT, [1], COMMON)
    await newsroom.work(Stage.CORRECT)
    await newsroom.work()
    (only,) = [plain(each) for each in newsroom.platform.documents["alerts"] if "Tomorrow" in plain(each)]
    assert TALKS in only
    assert VOTE not in only
    assert "orrect" not in only


async def continued(newsroom: Newsroom) -> FeedId:
    """A digest tells a story that names the one before it; the feed of that one."""
    newsroom.platform.can = EDITS
    schedule = await schedule_of(newsroom.database)
    ago = TODAY - 20 * DAY
    newsroom.clock.time = ago
    feed = await newsroom.subscribe(entry(BILL, 1, published=ago), outlet=new_outlet("Outlet 1"))
    await newsroom.work()
    newsroom.clock.time = TODAY
    await newsroom.subscribe(entry(BILL_LATER, 2), outlet=new_outlet("Outlet 2"))
    await newsroom.work()
    await fall_due(newsroom, schedule, NINE)
    posted = plain(newsroom.platform.documents["channel-1"][0])
    assert f"Earlier in this story: Outlet 1: {BILL[0]}" in posted
    return feed


async def test_the_line_of_an_earlier_story_goes_with_its_article(newsroom: Newsroom) -> None:
    feed = await continued(newsroom)
    await newsroom.publish(feed, deleted=["entry-1"])
    await newsroom.work()
    await gathered(newsroom)
    now = shown(newsroom)
    assert "Earlier in this story" not in now
    assert BILL[0] not in now
    assert BILL_LATER[0] in now
    assert "Outlet 1 withdrew its article" in now
    assert said(newsroom)[1:] == ["Correction"]
    (kept,) = await log(newsroom.database)
    assert (kept.cause, kept.headline) == (Cause.WITHDRAWN, BILL_LATER[0])


async def test_the_line_of_an_earlier_story_bears_the_title_that_its_article_has(newsroom: Newsroom) -> None:
    feed = await continued(newsroom)
    retitled = (BILL[0].replace("AB 412", "AB 421"), BILL[1])
    await newsroom.publish(feed, entry(retitled, 1, published=TODAY - 20 * DAY))
    await newsroom.work()
    await gathered(newsroom)
    now = shown(newsroom)
    assert f"Earlier in this story: Outlet 1: {BILL[0].replace('412', '421')}" in now
    assert "“AB 412” is now “AB 421”" in now or "“412” is now “421”" in now
